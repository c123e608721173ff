"""The last look at a version before readers get it: what would make its numbers wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isclose
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)

from data_access.dialects import moment
from data_access.foretold import FORECAST_DAY, PART_ADVICE, PREDICTIONS
from data_access.rollup import CUSTOMER_TYPES, known_amount
from data_access.schema import FACTS, STORE, STORE_DAY, WORK_ORDER
from data_access.storage import Workshop
from data_access.storage.layout import table_in
from data_access.storage.version import Version

LEVELS = ("network", "region", "store")
CENT = 0.005


def findings(work: Workshop, version: Version, new_base: bool, new_recent: bool) -> list[str]:
    """Everything that forbids publishing `version`, one sentence each; nothing when it is fit."""
    found = list(_empty(work, version.base)) if new_base else []
    for part, is_new in ((version.base, new_base), (version.recent, new_recent)):
        if part is not None and is_new:
            found += [
                *_unknown_stores(work, version, part),
                *_future(work, version, part),
                *_sums(work, part),
            ]
    return found + list(_in_both(work, version))


def foresight_findings(work: Workshop, version: Version, part: str) -> list[str]:
    """Everything that forbids showing new predictions: strangers, limits out of order, sums that do not agree."""
    predicted = [table for table in PREDICTIONS if "store_id" in table.c]
    found = list(_unknown_stores(work, version, part, predicted))
    day = table_in(FORECAST_DAY, work.schema_of(part)).c
    ordered = (
        day.low_95 <= day.low_80,
        day.low_80 <= day.mean,
        day.mean <= day.high_80,
        day.high_80 <= day.high_95,
    )
    count = work.rows(select(func.count(day.day)).where(not_(and_(*ordered))))[0][0]
    if count:
        found.append(f"{count} forecasts lie outside their own limits")
    sums = select(day.series, day.day, *(_of_kind(day, kind) for kind in LEVELS)).group_by(
        day.series, day.day
    )
    apart = [row for row in work.rows(sums) if None in row or max(row[2:]) - min(row[2:]) > CENT]
    if apart:
        found.append(
            f"{len(apart)} days on which stores, regions and network do not add up, such as {apart[0]}"
        )
    return found + list(_strange_advice(work, part))


def _strange_advice(work: Workshop, part: str) -> Iterator[str]:
    """A chance is a share, and nobody moves or buys less than nothing, or moves from nowhere."""
    row = table_in(PART_ADVICE, work.schema_of(part)).c
    sound = (
        row.chance.between(0, 1), row.moved >= 0, row.bought >= 0, or_(row.moved == 0, row.giver_id.is_not(None)),
    )  # fmt: skip
    count = work.rows(select(func.count(row.day)).where(not_(and_(*sound))))[0][0]
    if count:
        yield f"{count} pieces of advice on parts make no sense"


def _of_kind(day: Any, kind: str) -> ColumnElement[Any]:
    return func.sum(case((day.kind == kind, day.mean)))


def _empty(work: Workshop, part: str) -> Iterator[str]:
    for table in (STORE, WORK_ORDER, STORE_DAY):
        if not work.rows(select(table_in(table, work.schema_of(part)).c.store_id).limit(1)):
            yield f"the base has no rows in {table.name}"


def _unknown_stores(
    work: Workshop, version: Version, part: str, tables: Sequence[Table] = FACTS
) -> Iterator[str]:
    known = union_all(
        *(select(table_in(STORE, work.schema_of(each)).c.store_id) for each in version.recorded)
    )

    def counted(fact: Table) -> Select[str, int]:
        rows = table_in(fact, work.schema_of(part))
        stranger = or_(rows.c.store_id.is_(None), rows.c.store_id.not_in(known))
        name: ColumnElement[str] = literal_column(f"'{fact.name}'")
        return select(name.label("name"), func.count().label("n")).where(stranger)

    counts = union_all(*(counted(fact) for fact in tables)).subquery()
    for name, count in work.rows(select(counts.c.name, counts.c.n).where(counts.c.n > 0)):
        yield f"{count} rows of {name} have no store, or one that is not in the table of stores"


def _future(work: Workshop, version: Version, part: str) -> Iterator[str]:
    order = table_in(WORK_ORDER, work.schema_of(part))
    until = moment(version.as_of)
    for name in ("arrived_at", "delivered_at", "settled_at"):
        count = work.rows(select(func.count()).select_from(order).where(order.c[name] > until))[0][0]
        if count:
            yield f"{count} work orders have {name} after {version.as_of}, up to which the data is said to reach"


def _sums(work: Workshop, part: str) -> Iterator[str]:
    """Rollup and facts have to agree on the two figures everything else is compared with."""
    order, day = (table_in(table, work.schema_of(part)) for table in (WORK_ORDER, STORE_DAY))
    counted = and_(order.c.settled_on.is_not(None), order.c.order_type.in_(CUSTOMER_TYPES))
    facts = _sum(work, select(func.count(), func.sum(known_amount(order))).where(counted))
    sums = _sum(work, select(func.sum(day.c.orders_settled), func.sum(day.c.revenue)))
    for name, fact, rolled in zip(("settled orders", "revenue"), facts, sums, strict=True):
        if not isclose(fact, rolled, rel_tol=1e-6, abs_tol=0.01):
            yield f"{name}: {fact} in the work orders, but {rolled} in store_day"


def _sum(work: Workshop, query: Select[Any]) -> tuple[float, ...]:
    return tuple(float(value or 0) for value in work.rows(query)[0])


def _in_both(work: Workshop, version: Version) -> Iterator[str]:
    if version.recent is None:
        return
    base, recent = (table_in(WORK_ORDER, work.schema_of(part)) for part in version.recorded)
    twice: FromClause = base.join(recent, base.c.work_order_id == recent.c.work_order_id)
    count = work.rows(select(func.count()).select_from(twice))[0][0]
    if count:
        yield f"{count} work orders are in the base and in the recent part; each has to be in one of them"
