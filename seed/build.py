"""Builds the demo network: chunks in worker processes, rows into the warehouse, the future onto the tape."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
from tqdm import tqdm

from data_access.publish import Draft, Publisher
from data_access.schema import TABLES
from data_access.storage.version import Version
from seed import truths
from seed.chunk import chunk_starts, save
from seed.feed import fill, warehouse_url
from seed.network import build_network
from seed.parts import catalogue
from seed.rows import plain
from seed.scale import Run
from seed.tape import TapeWriter

WORKERS = 2
GROUP = 4
LOADING = "set threads = 1; set memory_limit = '600MB'; set checkpoint_threshold = '1TB'"
LOADED = "set threads = 2; set memory_limit = '1300MB'"
"""How DuckDB is set while rows come in and afterwards. One thread writes a row group once; two write pieces of row groups
and then write them again. Beside it, the generating processes want memory; and one checkpoint at the end is enough."""
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "1000000000", "MALLOC_TRIM_THRESHOLD_": "2000000000"}
"""For the generating processes: large arrays come and go, and the kernel need not clear their pages every time."""
BY_NAME = {table.name: table for table in TABLES}


def build(run: Run, folder: Path, url: str | None = None, quiet: bool = False) -> Version:
    """Generates the network of `run` and publishes it to `url` (default: DuckDB files in `folder`).

    Leaves tape/ and truths/ in `folder`. What was there before is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "work"
    for name in ("work", "tape", "truths"):
        shutil.rmtree(folder / name, ignore_errors=True)
    network, target = build_network(run), url or warehouse_url(folder)
    try:
        tape = TapeWriter(folder / "tape")

        def base(draft: Draft) -> None:
            embedded = target.startswith("duckdb")
            if embedded:
                draft.duckdb.execute(LOADING)
            with _chunks(run, scratch) as places:
                shown = tqdm(places, total=len(chunk_starts(run)), unit="chunk", disable=quiet)
                for group in _groups(shown):
                    _load(group, draft, tape)
                    for place in group:
                        _collect(place / "truths", folder / "truths")
                        shutil.rmtree(place)
            if embedded:
                draft.duckdb.execute(LOADED)
            tape.close(network)
            _join_truths(folder / "truths")

        def recent(draft: Draft) -> None:
            fill(draft, folder / "tape", run.as_of)

        version = Publisher(target).publish(run.as_of, base, recent, note=f"demo {run.scale.name}")
        truths.write(folder / "truths", network, catalogue(run))
        return version
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _chunks(run: Run, scratch: Path) -> Iterator[Iterator[Path]]:
    """Finished chunks in their order; at most a few lie finished and unread at a time."""
    starts = chunk_starts(run)
    if len(starts) == 1:
        yield (save(run, begin, scratch) for begin in starts)
        return
    os.environ.update(KEEP_MEMORY)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[Path]] = []

        def ordered() -> Iterator[Path]:
            ahead = iter(starts)
            for begin in ahead:
                waiting.append(pool.submit(save, run, begin, scratch))
                if len(waiting) > GROUP:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()

        yield ordered()


def _groups(places: Iterable[Path]) -> Iterator[list[Path]]:
    """Chunks by the handful: few large inserts cost the warehouse much less than many small ones."""
    group: list[Path] = []
    for place in places:
        group.append(place)
        if len(group) == GROUP:
            yield group
            group = []
    if group:
        yield group


def _load(group: list[Path], draft: Draft, tape: TapeWriter) -> None:
    for table in TABLES:
        rows = _read(group, "base", table.name)
        if rows is not None:
            draft.write(table, rows)
    for table in TABLES:
        rows = _read(group, "tape", table.name)
        if rows is not None:
            tape.add(table.name, rows)


def _read(group: list[Path], part: str, name: str) -> pa.Table | None:
    files = [path for place in group for path in sorted((place / part / name).glob("*.arrow"))]
    if not files:
        return None
    return pa.concat_tables([pa.feather.read_table(str(path), memory_map=True) for path in files])


def _collect(place: Path, folder: Path) -> None:
    """Keeps a chunk's truths until all are there."""
    for path in sorted(place.glob("*/*.arrow")):
        kept = folder / "parts" / path.parent.name
        kept.mkdir(parents=True, exist_ok=True)
        pq.write_table(plain(pa.feather.read_table(str(path))), kept / f"{place.parent.name}.parquet")


def _join_truths(folder: Path) -> None:
    for kept in sorted((folder / "parts").iterdir()):
        pieces = [pq.read_table(path) for path in sorted(kept.glob("*.parquet"))]
        pq.write_table(pa.concat_tables(pieces), folder / f"{kept.name}.parquet", compression="zstd")
    shutil.rmtree(folder / "parts")
