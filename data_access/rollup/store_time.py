"""The rollup of waiting and of time in the shop: store_time, sums and histograms by way of arrival."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Select, case, func, literal_column, select

from data_access.dialects import quotient, seconds_between
from data_access.rollup.additive import Part, Sql, leg, rollup_of, whole
from data_access.rollup.store import wait_minutes
from data_access.schema import APPOINTMENT, STORE_TIME, WORK_ORDER
from kpi.histogram import CYCLE, WAIT, Histogram

KEYS = ("store_id", "day", "arrival")
_HOUR = whole(3600)


def store_time(part: Part) -> Select[Any]:
    """Waits by arrival and cycles by handover, with and without an appointment."""
    return rollup_of(STORE_TIME, KEYS, [_waits(part), _cycles(part)])


def _arrival(order: FromClause) -> Sql:
    return case(
        (order.c.appointment_id.is_not(None), literal_column("'appointment'")),
        else_=literal_column("'walk_in'"),
    )


def _waits(part: Part) -> Select[Any]:
    order, appointment = part.of(WORK_ORDER), part.of(APPOINTMENT)
    rows = order.outerjoin(appointment, order.c.appointment_id == appointment.c.appointment_id)
    waited = (order.c.first_of_visit, order.c.work_started_at.is_not(None))
    size = wait_minutes(order, appointment)
    return _spread(WAIT, select(*_keys(order, "arrived_on"), size.label("size")).select_from(rows).where(*waited),
                   "wait_minutes")  # fmt: skip


def _cycles(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    same_day = (
        order.c.arrived_on == order.c.delivered_on,
        order.c.drop_off.is_(False),
        order.c.service_kind != "body",
    )
    size = quotient(seconds_between(order.c.arrived_at, order.c.delivered_at), _HOUR)
    rows = select(*_keys(order, "delivered_on"), size.label("size")).where(*same_day)
    return _spread(CYCLE, rows, "cycle_hours")


def _keys(order: FromClause, day: str) -> tuple[Sql, ...]:
    return order.c.store_id, order.c[day].label("day"), _arrival(order).label("arrival")


def _spread(of: Histogram, sizes: Select[Any], summed: str) -> Select[Any]:
    """Count, sum, sum of squares and bins of sizes. The bin is worked out once a row, not once a bin and row."""
    found = sizes.subquery(f"{of.key}_sizes")
    size = found.c.size
    last = whole(len(of.edges) - 1)
    place = case(*((size <= edge, whole(i)) for i, edge in enumerate(of.edges[:-1])), else_=last)
    rows = select(*found.c, place.label("place")).subquery(f"{of.key}_places")
    size = rows.c.size
    sums: dict[str, Sql] = {
        of.counted: func.count(),
        summed: func.sum(size),
        f"{summed}_squared": func.sum(size * size),
    }
    bins: dict[str, Sql] = {
        column: func.count(case((rows.c.place == whole(i), whole(1)))) for i, column in enumerate(of.columns)
    }
    return leg(rows, {key: rows.c[key] for key in KEYS}, (), **sums, **bins)
