"""DuckDB: a version is one to three files that are never edited after they were written.

A directory holds `base_<version>.duckdb`, `recent_…`, `foresight_…` and the pointer file `CURRENT` (JSON), which names
the kept versions and the current one. A publisher writes new files beside the old ones, syncs them to disk and then
replaces `CURRENT` by renaming a finished one over it: a reader sees the old state or the new one, never a mixture. A
file that a reader still holds open stays readable after it has been removed from the directory (POSIX).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from duckdb_sqlalchemy import Dialect as DuckDBDialect
from sqlalchemy import Dialect, Select, Table

from data_access.dialects import create_table
from data_access.errors import PublishBusy, WarehouseUnavailable
from data_access.schema import FACTS
from data_access.storage.layout import FORESIGHT, sort_key, table_in, tables_of
from data_access.storage.version import Shelf, Version

DIALECT = DuckDBDialect(paramstyle="numeric_dollar")
_POINTER, _LOCK, _SPILL = "CURRENT", "LOCK", "spill"
_EPOCH = date(1970, 1, 1).toordinal()
_FORMAT = "storage_version 'v1.5.0'"  # the pinned DuckDB's own: it writes text faster and smaller than the oldest one
_ROW_GROUP = 122_880  # rows of one DuckDB row group, the unit that is skipped or read


class DuckDBFiles:
    """Where the versions of an embedded warehouse lie."""

    def __init__(self, directory: Path, *, threads: int = 2, memory_mb: int = 1500) -> None:
        self.directory = directory
        self.dialect: Dialect = DIALECT
        self._config: dict[str, str | int] = {"threads": threads, "memory_limit": f"{memory_mb}MB"}

    def file(self, part: str) -> Path:
        return self.directory / f"{part}.duckdb"

    def schema_of(self, name: str) -> str:
        return name

    def stamp(self) -> object:
        """Changes whenever the pointer moves; costs one stat."""
        try:
            seen = os.stat(self.directory / _POINTER)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WarehouseUnavailable(str(error)) from error
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def shelf(self) -> Shelf:
        """The kept versions; an empty shelf when nothing was ever published."""
        try:
            return Shelf.from_json((self.directory / _POINTER).read_text("utf-8"))
        except FileNotFoundError:
            return Shelf()
        except (OSError, ValueError) as error:
            raise WarehouseUnavailable(f"{self.directory / _POINTER}: {error}") from error

    @contextmanager
    def publishing(self, wait: float) -> Iterator[DuckDBWorkshop]:
        """Exclusive right to publish here. Raises PublishBusy when another publisher keeps it for `wait` seconds."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / _LOCK).open("a") as lock:
            _take(lock.fileno(), wait)
            spill = self.directory / _SPILL
            connection = duckdb.connect(":memory:", config={**self._config, "temp_directory": str(spill)})
            try:
                yield DuckDBWorkshop(self, connection)
            except duckdb.Error as error:
                raise WarehouseUnavailable(str(error)) from error
            finally:
                connection.close()
                shutil.rmtree(spill, ignore_errors=True)


def _take(lock: int, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise PublishBusy from None
            time.sleep(0.05)
        else:
            return


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class DuckDBWorkshop:
    """One publisher at work: an in-memory DuckDB with the new files attached."""

    def __init__(self, place: DuckDBFiles, connection: duckdb.DuckDBPyConnection) -> None:
        self.dialect: Dialect = place.dialect
        self.schema_of = place.schema_of
        self._place = place
        self._connection = connection
        self._open: set[str] = set()
        self._unsealed: set[str] = set()

    def native(self, part: str) -> duckdb.DuckDBPyConnection:
        """The raw connection, with the part's tables as plain names."""
        self._connection.execute(f"use {part}")
        return self._connection

    def create(self, part: str) -> None:
        self._connection.execute(f"attach '{_quoted(self._place.file(part))}' as {part} ({_FORMAT})")
        self._open.add(part)
        self._unsealed.add(part)
        self._connection.execute(
            "; ".join(create_table(table, part, self.dialect) for table in tables_of(part))
        )

    def open(self, part: str) -> None:
        """Make a finished part readable; nothing to do when it is."""
        if part not in self._open:
            self._connection.execute(f"attach '{_quoted(self._place.file(part))}' as {part} (read_only)")
            self._open.add(part)

    def append(self, part: str, table: Table, rows: pa.Table) -> None:
        cursor = self._connection.cursor()
        cursor.register("incoming", rows)
        names = ", ".join(rows.column_names)
        cursor.execute(f"insert into {part}.{table.name} ({names}) select {names} from incoming")
        cursor.close()

    def insert(self, target: Table, rows: Select[Any]) -> None:
        names = ", ".join(column.name for column in rows.selected_columns)
        self._connection.execute(f"insert into {target.schema}.{target.name} ({names}) {text_of(rows)}")

    def stage(self, part: str, table: Table, rows: Select[Any]) -> Table:  # noqa: ARG002
        """Kept outside the file: what is dropped from one leaves a hole in it."""
        self._connection.execute(create_table(table, "memory", self.dialect))
        staged = table_in(table, "memory")
        self.insert(staged, rows)
        return staged

    def unstage(self, staged: Table) -> None:
        self._connection.execute(f"drop table {staged.schema}.{staged.name}")

    def rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(text_of(query)).fetchall()

    def columns(self, query: Select[Any]) -> list[Any]:
        found = self._connection.execute(text_of(query)).to_arrow_table()
        return [_column(column) for column in found.columns]

    def seal(self, part: str) -> None:
        """Sort what was not written in order, write everything to disk, and keep the file for reading only."""
        for table in FACTS:
            if table in tables_of(part):
                self._sort(part, table)
        self._connection.execute("use memory")
        self._connection.execute(f"checkpoint {part}")
        self._connection.execute(f"detach {part}")
        self._open.discard(part)
        self._unsealed.discard(part)
        _sync(self._place.file(part))

    def show(self, version: Version) -> None:
        """Each reader makes the views it needs in its own memory."""

    def swap(self, shelf: Shelf) -> None:
        """Make `shelf` what readers see."""
        fresh = self._place.directory / f"{_POINTER}.next"
        fresh.write_text(shelf.to_json(), "utf-8")
        _sync(fresh)
        _sync(self._place.directory)
        fresh.rename(self._place.directory / _POINTER)
        _sync(self._place.directory)

    def sweep(self, shelf: Shelf) -> None:
        """Remove every file that no kept version needs: old versions, and what a crash left behind."""
        needed = {self._place.file(part).name for part in shelf.parts}
        for path in self._place.directory.iterdir():
            leftover = path.name.startswith(("base_", "recent_", FORESIGHT)) and path.name not in needed
            if leftover or path.name == f"{_POINTER}.next":
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Forget unfinished parts, so that `sweep` can remove their files."""
        self._connection.execute("use memory")
        for part in self._unsealed:
            self._connection.execute(f"detach {part}")
        self._unsealed.clear()

    def _sort(self, part: str, table: Table) -> None:
        key = sort_key(table)
        if "store_id" not in key:
            return
        name = f"{part}.{table.name}"
        rows, stretches = self._connection.execute(
            f"select coalesce(sum(n), 0), count(*) from (select count(*) n from {name} "
            f"group by rowid // {_ROW_GROUP}, {key[0]})"
        ).fetchall()[0]
        values = self._connection.execute(f"select count(distinct {key[0]}) from {name}").fetchall()[0][0]
        if 2 * stretches <= 3 * (values + rows // _ROW_GROUP + 1):
            return
        self._connection.execute(f"create table {part}.sorted as from {name} order by {', '.join(key)}")
        self._connection.execute(f"drop table {name}")
        self._connection.execute(f"alter table {part}.sorted rename to {table.name}")


def text_of(query: Any) -> str:
    """The query as SQL text with its values in place."""
    return str(query.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


def _column(values: pa.ChunkedArray) -> Any:
    if pa.types.is_date32(values.type):
        return values.cast(pa.int32()).to_numpy().astype(np.int64) + _EPOCH
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return values.to_pylist()
    return values.cast(pa.float64()).to_numpy()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
