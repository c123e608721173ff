"""How rows lie on every engine: the order they are sorted in, and the views that join a version's parts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    MetaData,
    Select,
    Table,
    func,
    literal_column,
    select,
    union_all,
)

from data_access.dialects import moment, nothing
from data_access.foretold import PREDICTIONS
from data_access.province_sums import MADE_OF, SUMS, Sums
from data_access.schema import APPOINTMENT, COMPLAINT, DIMENSIONS, METADATA, ROLLUPS, STORE, TABLES
from data_access.storage.version import Version

_LOG = logging.getLogger(__name__)
View = Select[Any] | CompoundSelect[Any]
_DAYS = ("day", "arrived_on")
FORESIGHT = "foresight_"
"""How the names of parts begin that hold predictions."""


def store_key(table: Table) -> tuple[str, ...]:
    """The columns by which the rows of one store and some days lie together."""
    day = next((name for name in _DAYS if name in table.c and not table.c[name].nullable), None)
    return tuple(name for name in ("store_id", day) if name is not None and name in table.c)


def sort_key(table: Table) -> tuple[str, ...]:
    """The columns a table is sorted by, so that a question about some stores and days reads few blocks.

    Boards ask for some days of every store, of rollups, of bookings (by channel, and the coming ones) and of complaints.
    """
    key = store_key(table)
    return key[::-1] if table in (APPOINTMENT, COMPLAINT, *ROLLUPS) else key


@lru_cache(maxsize=512)
def table_in(table: Table, schema: str) -> Table:
    """The same table in one part, named with its schema."""
    return table.to_metadata(MetaData(), schema=schema)


def tables_of(part: str) -> tuple[Table, ...]:
    """The tables that a part holds."""
    return PREDICTIONS if part.startswith(FORESIGHT) else TABLES


def joined(table: Table, base: Table, recent: Table, complete_day: date) -> View:
    """All rows of `table` in a version.

    Facts and rollups add: a row is in one part only. Two kinds of rows may be in both, and then the recent part wins:
    dimension rows, and bookings after the base's last complete day (which no rollup of the base counts).
    """
    fresh = select(recent)
    if table in DIMENSIONS:
        key = next(iter(table.c)).name
        return union_all(select(base).where(base.c[key].not_in(select(recent.c[key]))), fresh)
    if table is APPOINTMENT:
        past = base.c.day <= moment(complete_day)
        replaced = base.c.appointment_id.in_(select(recent.c.appointment_id))
        return union_all(select(base).where(past), select(base).where(~past, ~replaced), fresh)
    return union_all(select(base), fresh)


def filled_tables(schema: str, present: Collection[str]) -> Select[Any]:
    """Names the tables of a part that have rows, of those that the part has."""

    def counted(table: Table) -> Select[str, int]:
        name: ColumnElement[str] = literal_column(f"'{table.name}'")
        return select(name.label("name"), func.count().label("rows")).select_from(table_in(table, schema))

    counts = union_all(*(counted(table) for table in TABLES if table.name in present)).subquery()
    return select(counts.c.name).where(counts.c.rows > 0)


def understood(part: str, columns: Mapping[str, Collection[str]]) -> set[str]:
    """The tables of a foresight part that are as this program knows them; `columns` names what each one there has.

    The others are told to the log and read as empty: boards then say what they said before there was a prediction.
    """
    wanted = {table.name: {column.name for column in table.columns} for table in PREDICTIONS}
    other = sorted(name for name, names in wanted.items() if set(columns.get(name, ())) != names)
    if other:
        _LOG.warning(
            "%s was made by another release: %s left out until the next `flask predict`",
            part,
            ", ".join(other),
        )
    return set(wanted) - set(other)


def views_of(
    version: Version,
    schema_of: Callable[[str], str],
    present: Collection[str],
    filled: Collection[str],
    foreseen: Collection[str],
) -> dict[str, View]:
    """What a reader of `version` gets for each table. `present` names the tables that the base has (one that was built
    before a table joined the contract lacks it), `filled` those of the recent part that have rows, `foreseen` those of
    the foresight that are understood."""

    def view(table: Table) -> View:
        base = table_in(table, schema_of(version.base))
        older = select(base) if table.name in present else nothing(table)
        if version.recent is None or table.name not in filled:
            return older
        recent = table_in(table, schema_of(version.recent))
        if table.name not in present:
            return select(recent)
        return joined(table, base, recent, version.complete_day)

    def foretold(table: Table) -> View:
        if version.foresight is None or table.name not in foreseen:
            return nothing(table)
        return select(table_in(table, schema_of(version.foresight)))

    def worked_out(sums: Sums) -> View:
        """Sums that are not to be read, from the rows: nobody asks for them, but who did would be told right."""
        rows = view(METADATA.tables[sums.source]).subquery(sums.source)
        return sums.rows(rows, view(STORE).subquery("store"))

    stale = () if version.sums == MADE_OF else SUMS.values()
    return {
        **{table.name: view(table) for table in TABLES},
        **{sums.table.name: worked_out(sums) for sums in stale},
        **{table.name: foretold(table) for table in PREDICTIONS},
    }
