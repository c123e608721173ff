"""Loads a file of work orders: read, check, set aside what does not fit, derive the rest, publish.

What was loaded is kept beside the warehouse, one Parquet file a published version, so that a later file can be
appended: its orders are added, or replace those with the same id, and everything is derived and published again.
So repeating a load changes nothing, and a load that fails leaves the published version as it was.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data_access.load import errors as say
from data_access.load.binding import Binding
from data_access.load.check import Fault, check_rows
from data_access.load.derive import Derivation
from data_access.load.errors import InputRefused, shown
from data_access.load.fields import FIELDS
from data_access.load.mapping import OrderMapping
from data_access.load.quarantine import write_quarantine
from data_access.load.report import LoadReport
from data_access.load.source import Source, read_source
from data_access.load.typed import literal
from data_access.publish import Draft, Publisher
from kpi.text import Text

_NOTE = "load"
_ID_LENGTH = 16
_EVENTS = "arrived_at, work_started_at, work_ended_at, delivered_at, settled_at, delivered_on::timestamp, settled_on::timestamp"


@dataclass(frozen=True)
class Shelf:
    """The directory beside a warehouse: `orders-<id>.parquet` of each kept version, and `quarantine/`."""

    directory: Path

    @property
    def quarantine(self) -> Path:
        return self.directory / "quarantine"

    def orders(self, note: str) -> Path:
        """The orders of the version that has this note. Raises InputRefused when they are not here."""
        kind, _, rest = note.partition(" ")
        path = self.directory / f"orders-{rest[:_ID_LENGTH]}.parquet"
        if kind != _NOTE or not rest[:_ID_LENGTH].isalnum() or not path.is_file():
            raise InputRefused(public=say.CANNOT_APPEND)
        return path

    def keep(self, connection: duckdb.DuckDBPyConnection, file: str) -> str:
        """Write table `orders`; returns the note of the version that will be made of it. Raises InputRefused."""
        fresh = self.directory / "orders.next"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            connection.view("orders").write_parquet(str(fresh))
            with fresh.open("rb") as written:
                name = hashlib.file_digest(written, "sha256").hexdigest()[:_ID_LENGTH]
            fresh.rename(self.directory / f"orders-{name}.parquet")
        except (OSError, duckdb.IOException) as error:
            fresh.unlink(missing_ok=True)
            told = say.CANNOT_KEEP.filled(path=shown(self.directory, 200), why=shown(error, 160))
            raise InputRefused(public=told) from None
        return f"{_NOTE} {name} {shown(file)}"

    def sweep(self, notes: set[str]) -> None:
        """Remove the orders of versions that are no longer kept."""
        needed = {f"orders-{note.split()[1]}.parquet" for note in notes if note.startswith(f"{_NOTE} ")}
        for path in self.directory.glob("orders-*.parquet"):
            if path.name not in needed:
                path.unlink(missing_ok=True)


def load_file(
    file: Path,
    mapping: OrderMapping,
    publisher: Publisher,
    directory: Path,
    now: datetime,
    *,
    as_of: datetime | None = None,
    append: bool = False,
    publish: bool = True,
) -> LoadReport:
    """Load `file` and publish; `append` adds to what the current version was loaded from, else it is replaced.

    `now` is network time; nothing in the file may be later than `as_of`, or `now` when that is not given. The data
    then reach to `as_of`, or to the file's newest event. With `publish` off the file is only checked.
    Raises InputRefused, MappingRefused, and what Publisher.publish raises; the current version then stands.
    """
    shelf = Shelf(directory)
    with _workbench() as connection:
        source = read_source(connection, file, mapping.file)
        if source.is_quarantine and not append and publish:
            raise InputRefused(public=say.NEEDS_APPEND.filled(file=shown(source.name)))
        earlier = shelf.orders(_current_note(publisher)) if append else None
        faults = check_rows(connection, Binding(source, mapping), as_of or now)
        quarantine = write_quarantine(connection, source, faults, shelf.quarantine)
        reasons = _reasons(connection, faults)
        _refuse_hopeless(source, reasons, faults, mapping, quarantine, append)
        loaded, replaced = _collect(connection, earlier)
        if loaded + sum(count for *_, count in reasons) != source.rows:
            raise AssertionError(f"{source.rows} rows were read, but {loaded} loaded and {reasons} refused")
        reach = as_of or _newest(connection)
        derivation = Derivation(mapping, reach, now)
        derivation.build(connection)
        version = _publish(connection, publisher, shelf, source, derivation) if publish else None
        return LoadReport(
            file=source.name, read=source.rows, loaded=loaded, replaced=replaced, reasons=reasons,
            quarantine=quarantine, as_of=reach, version=version,
            arrival_by_day="arrived_on" in mapping.columns,
            handover_by_arrival=mapping.rules.handover_day == "arrival",
            **_figures(connection),
        )  # fmt: skip


@contextmanager
def _workbench() -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute(
            f"set temp_directory = {literal(spill)}; set memory_limit = '2GB'; set threads = 2"
        )
        yield connection


def _current_note(publisher: Publisher) -> str:
    current = publisher.current()
    return current.note if current else ""


def _reasons(connection: duckdb.DuckDBPyConnection, faults: list[Fault]) -> tuple[tuple[str, str, int], ...]:
    rows = connection.execute(
        "select faults[1], count(*) from rejected group by 1 order by 2 desc, 1"
    ).fetchall()
    return tuple((faults[number].code, faults[number].column, count) for number, count in rows)


def _refuse_hopeless(
    source: Source,
    reasons: tuple[tuple[str, str, int], ...],
    faults: list[Fault],
    mapping: OrderMapping,
    quarantine: Path | None,
    append: bool,
) -> None:
    """A file that hardly fits is a wrong mapping more often than a bad file: what is published stays."""
    rejected, limit = sum(count for _, _, count in reasons), mapping.rules.most_rejected
    if not rejected or (rejected < source.rows and (append or rejected <= limit * source.rows)):
        return
    code, column, _ = reasons[0]
    says = next(fault.says for fault in faults if (fault.code, fault.column) == (code, column))
    example = Text(*(words.replace("{value}", "…") for words in says))
    told = (say.ALL_REJECTED if rejected == source.rows else say.MANY_REJECTED).filled(
        file=shown(source.name), read=f"{source.rows:,}", rejected=f"{rejected:,}", limit=limit,
        reason=example, path=quarantine,
    )  # fmt: skip
    raise InputRefused(public=told)


def _collect(connection: duckdb.DuckDBPyConnection, earlier: Path | None) -> tuple[int, int]:
    """Make `orders` of the accepted rows and the earlier orders they do not replace; counts accepted and replaced."""
    loaded = _one(connection, "select count(*) from accepted")
    if earlier is None:
        connection.execute("create view orders as from accepted")
        return loaded, 0
    fields = ", ".join(FIELDS)
    connection.execute(f"create table earlier as select {fields} from read_parquet(?)", [str(earlier)])
    connection.execute(
        f"create view orders as select {fields} from accepted "
        f"union all select {fields} from earlier anti join accepted using (work_order_id)"
    )
    return loaded, _one(connection, "select count(*) from earlier semi join accepted using (work_order_id)")


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _newest(connection: duckdb.DuckDBPyConnection) -> datetime:
    newest: datetime = connection.execute(f"select max(greatest({_EVENTS})) from orders").fetchall()[0][0]
    return newest


def _publish(
    connection: duckdb.DuckDBPyConnection,
    publisher: Publisher,
    shelf: Shelf,
    source: Source,
    derivation: Derivation,
) -> str:
    connection.execute(
        "create table refused as select store_id, count(*) as refused from rejected join typed using (row) "
        "where store_id is not null group by store_id"
    )

    def fill(draft: Draft) -> None:
        for table, rows in derivation.tables(connection):
            draft.write(table, rows)

    def fill_nothing(draft: Draft) -> None:
        """Replaces the recent part of whatever was published before."""

    note = shelf.keep(connection, source.name)
    current = publisher.current()
    recent = fill_nothing if current is not None and current.recent is not None else None
    version = publisher.publish(derivation.as_of, fill, recent, note=note)
    shelf.sweep({version.note for version in publisher.versions()})
    return version.name


def _figures(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the report tells of the orders that are there now."""
    row = connection.execute(
        "select count(*), min(arrived_on), max(arrived_on), count_if(fix_eligible and delivered_on is not null), "
        f"{', '.join(f'count({name}) > 0' for name in FIELDS)} from work_order"
    ).fetchall()[0]
    names = connection.execute(
        "select coalesce(store_name, store_id) from work_order group by store_id, 1 order by count(*) desc, store_id"
    ).fetchall()
    return {
        "orders": row[0], "first_day": row[1], "last_day": row[2], "fix_eligible": row[3],
        "known": frozenset(name for name, known in zip(FIELDS, row[4:], strict=True) if known),
        "comebacks": _one(connection, "select count(*) from comeback"),
        "stores": tuple(dict.fromkeys(name for (name,) in names)),
    }  # fmt: skip
