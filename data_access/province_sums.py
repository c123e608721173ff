"""Sums of a province's days, kept beside the rows of stores and technicians that they are made of.

What boards ask of the network, of regions and of provinces then reads some thirty rows a day instead of hundreds or
thousands. The columns are what the declared metrics sum, worked out row by row before it is added up: an answer is the
same from either table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Column, ColumnElement, FromClause, Select, Table, func, literal_column, select

from data_access.columns import _day, _id, _number, _table
from kpi import catalog


@dataclass(frozen=True)
class Sums:
    """The table of one source, and which of its columns holds the sum of which SQL."""

    source: str
    table: Table
    of: Mapping[str, Column[float]]

    def rows(self, source: FromClause, store: FromClause) -> Select[tuple[float, ...]]:
        """One row a place and day, from the rows of the source and the stores."""
        place = select(store.c.store_id, store.c.region, store.c.province).subquery("place_of_store")
        keys = (place.c.region, place.c.province, source.c.day)
        sums: list[ColumnElement[float]] = [
            func.sum(literal_column(f"({sql})")).label(column.name) for sql, column in self.of.items()
        ]
        return (
            select(*keys, *sums)
            .select_from(source.join(place, source.c.store_id == place.c.store_id))
            .group_by(*keys)
            .order_by(source.c.day)
        )


def _name(sql: str) -> str:
    return f"s_{sha256(sql.encode()).hexdigest()[:12]}"


def _sums_of(source: str) -> Sums:
    metrics = [metric for metric in catalog.METRICS.values() if metric.source == source]
    parts = sorted({sql for metric in metrics for sql in metric.parts().values()})
    table = _table(
        f"{source}_by_province",
        f"Sums over {source} by province and day, of what metrics are made of. One row a province and day.",
        _id("region"),
        _id("province"),
        _day("day"),
        *(_number(_name(sql), sql, null=True) for sql in parts),
    )
    return Sums(source, table, {sql: table.c[_name(sql)] for sql in parts})


SUMS: Mapping[str, Sums] = {
    key: _sums_of(key) for key, source in catalog.SOURCES.items() if source.by_province
}
PROVINCE_SUMS = tuple(sums.table for sums in SUMS.values())
MADE_OF = _name(" ".join(column.name for table in PROVINCE_SUMS for column in table.c))
"""Changes with what is summed: sums that another program made are not read."""
