"""Building blocks of a rollup: aggregates of single facts ("legs"), joined by the rollup's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, Select, Table, and_, case, func, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from data_access.dialects import moment

Sql = ColumnElement[Any]
CUSTOMER_TYPES = ("customer_pay", "warranty", "insurance")
"""Order types that count for customers and revenue; internal and pre-delivery orders are left out unless stated."""

HOUR_DAYS = 56
"""Days that store_hour covers."""


@dataclass(frozen=True)
class Part:
    """What a rollup is built from: the tables of one part, and until when they are to be believed."""

    of: Callable[[Table], FromClause]  # facts of this part; dimensions of the whole version
    as_of: datetime
    complete_day: date  # last complete day of the base part
    is_base: bool

    def until(self) -> Sql:
        return moment(self.as_of)

    def slot_is_past(self, appointment: FromClause) -> Sql:
        """Bookings of complete days belong to the base part, later ones to the recent part."""
        if self.is_base:
            return appointment.c.day <= moment(self.complete_day)
        return appointment.c.slot_starts_at <= self.until()

    def hours_from(self) -> date:
        last = self.complete_day if self.is_base else self.as_of.date()
        return last - timedelta(days=HOUR_DAYS - 1)


def whole(number: int) -> Sql:
    """A whole number as SQL text: the same in SELECT and GROUP BY, and of no particular width."""
    text: Sql = literal_column(str(number))
    return text


def count_if(condition: Sql) -> Sql:
    return func.sum(case((condition, 1), else_=0))


def sum_if(condition: Sql, value: Sql) -> Sql:
    """The sum of the known values of rows that fulfil the condition."""
    return func.sum(case((condition, value)))


def leg(rows: FromClause, keys: Mapping[str, Sql], where: Sequence[Sql] = (), **measures: Sql) -> Select[Any]:
    """One fact's contribution to a rollup: keys and some of the measures, grouped by the keys."""
    named = [column.label(f"{name}_") for name, column in {**keys, **measures}.items()]
    return select(*named).select_from(rows).where(*where).group_by(*keys.values())


def joined(
    name: str, keys: Sequence[str], legs: Sequence[Select[Any]], blank: Mapping[str, Sql | None]
) -> Select[Any]:
    """The legs side by side: a row for every key that any leg has.

    `blank` names the measures, each of which comes from one leg, and what stands where that leg has no value. Adding up
    stacked legs would be shorter, but takes ten times as long: every leg would carry every measure.
    """
    parts = [each.cte(f"{name}_{i}") for i, each in enumerate(legs)]
    every_key = union_all(*(select(*(part.c[f"{key}_"] for key in keys)) for part in parts)).subquery()
    spine = select(*every_key.c).distinct().subquery()
    rows: FromClause = spine
    for part in parts:
        rows = rows.outerjoin(part, and_(*(spine.c[f"{key}_"] == part.c[f"{key}_"] for key in keys)))

    def measure(name: str, otherwise: Sql | None) -> Sql:
        (found,) = (part.c[f"{name}_"] for part in parts if f"{name}_" in part.c)
        return found if otherwise is None else func.coalesce(found, otherwise)

    named = [spine.c[f"{key}_"].label(key) for key in keys]
    measures = [measure(each, otherwise).label(each) for each, otherwise in blank.items()]
    # A board asks for some days of every store, so the days come first.
    order = sorted(keys, key=lambda key: key != "day")
    return select(*named, *measures).select_from(rows).order_by(*(spine.c[f"{key}_"] for key in order))


def rollup_of(target: Table, keys: Sequence[str], legs: Sequence[Select[Any]]) -> Select[Any]:
    """The rows of a rollup: 0 where a leg has no row, NULL where the column says that this is not known."""
    measures = [column for column in target.columns if column.name not in keys]
    return joined(
        target.name, keys, legs, {each.name: None if each.nullable else whole(0) for each in measures}
    )
