"""The rollup of waiting and of time in the shop: store_time, sums and histograms by way of arrival."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Select, and_, case, func, literal_column, select

from data_access.dialects import quotient, seconds_between
from data_access.rollup.additive import Part, Sql, count_if, leg, rollup_of, whole
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
    rows = (
        select(
            order.c.store_id,
            order.c.arrived_on.label("day"),
            _arrival(order).label("arrival"),
            wait_minutes(order, appointment).label("size"),
        )
        .select_from(order.outerjoin(appointment, order.c.appointment_id == appointment.c.appointment_id))
        .where(order.c.first_of_visit, order.c.work_started_at.is_not(None))
        .subquery("waits_of")
    )
    size = rows.c.size
    sums: dict[str, Sql] = {
        "waits": func.count(),
        "wait_minutes": func.sum(size),
        "wait_minutes_squared": func.sum(size * size),
    }
    return leg(rows, {key: rows.c[key] for key in KEYS}, (), **sums, **_bins(WAIT, size))


def _cycles(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    rows = (
        select(
            order.c.store_id,
            order.c.delivered_on.label("day"),
            _arrival(order).label("arrival"),
            quotient(seconds_between(order.c.arrived_at, order.c.delivered_at), _HOUR).label("size"),
        )
        .where(
            order.c.arrived_on == order.c.delivered_on,
            order.c.drop_off.is_(False),
            order.c.service_kind != "body",
        )
        .subquery("cycles_of")
    )
    size = rows.c.size
    sums: dict[str, Sql] = {
        "cycles": func.count(),
        "cycle_hours": func.sum(size),
        "cycle_hours_squared": func.sum(size * size),
    }
    return leg(rows, {key: rows.c[key] for key in KEYS}, (), **sums, **_bins(CYCLE, size))


def _bins(of: Histogram, size: Sql) -> dict[str, Sql]:
    """How many fall into each bin; the first has no lower end, the last no upper one."""
    last = len(of.edges) - 1
    found = {}
    for place, column in enumerate(of.columns):
        low, high = of.bounds(place)
        ends = [*([size > low] if place else []), *([size <= high] if place < last else [])]
        found[column] = count_if(and_(*ends))
    return found
