"""The single work orders behind a metric: each with what it adds to the numerator and the denominator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
)

from data_access.dialects import quotient, seconds_between
from data_access.errors import NotMadeOfOrders
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.additive import CUSTOMER_TYPES
from data_access.rollup.store import wait_minutes
from data_access.schema import (
    APPOINTMENT,
    BAY_SESSION,
    COMEBACK,
    LABOUR_LINE,
    STORE,
    SURVEY,
    WORK_ORDER,
)
from kpi import catalog
from kpi.listing import ListQuestion
from kpi.question import Period

Sql = ColumnElement[Any]
ONE: Sql = literal_column("1")
ZERO: Sql = literal_column("0")
NOTHING: Sql = case((literal_column("1") == 0, ONE))
"""What an order adds to a part that is not made of orders: available bay minutes, attended hours, open days."""


@dataclass(frozen=True)
class Behind:
    """Which orders make a metric, dated how, and what each adds. `joined` widens the orders of a period when needed."""

    day: Sql
    top: Sql
    bottom: Sql
    where: Sql
    joined: Callable[[Period], FromClause] = lambda _: WORK_ORDER
    rows: Table | None = None
    """What an order may have several of (bay sessions, labour lines): what they add is added up."""


def _flag(condition: Sql) -> Sql:
    return case((condition, ONE), else_=ZERO)


def _behind() -> Mapping[str, Behind]:
    order, booking, survey, comeback = WORK_ORDER.c, APPOINTMENT, SURVEY, COMEBACK
    amount = func.coalesce(order.labour_amount, 0) + func.coalesce(order.parts_amount, 0)
    paid = order.order_type.in_(CUSTOMER_TYPES)
    priced = _flag(order.labour_amount.is_not(None))
    same_day = and_(
        order.delivered_on == order.arrived_on, order.drop_off.is_(False), order.service_kind != "body"
    )
    hours = quotient(seconds_between(order.arrived_at, order.delivered_at), literal_column("3600.0"))
    asked = WORK_ORDER.join(survey, survey.c.work_order_id == order.work_order_id)
    returned = WORK_ORDER.outerjoin(comeback, comeback.c.parent_work_order_id == order.work_order_id)

    def booked(arrived: Period) -> FromClause:
        # Only a slot after the arrival says anything of a wait: bookings of days before are not even read.
        own = booking.c.appointment_id == order.appointment_id
        return WORK_ORDER.outerjoin(booking, and_(own, booking.c.day >= arrived.first))

    came_back = comeback.c.parent_work_order_id.is_not(None)
    voted = and_(survey.c.kind == "24h", survey.c.answered_at.is_not(None))
    told = and_(survey.c.kind == "2h", survey.c.answered_at.is_not(None))
    vote = case((survey.c.nps_score >= 9, ONE), (survey.c.nps_score <= 6, literal_column("-1")), else_=ZERO)
    arrived, delivered, settled = order.arrived_on, order.delivered_on, order.settled_on
    waited = Behind(
        arrived,
        wait_minutes(WORK_ORDER, booking),
        ONE,
        and_(order.first_of_visit.is_(True), order.work_started_at.is_not(None)),
        booked,
    )
    stayed = Behind(delivered, hours, ONE, same_day)
    visits = order.first_of_visit.is_(True)
    line = LABOUR_LINE.c
    named = line.technician_id.is_not(None)
    return {
        "bay_util": _held(BAY_SESSION.c.state == "work"),
        "bay_blocked": _held(BAY_SESSION.c.state != "work"),
        "bay_loss_parts": _held(BAY_SESSION.c.state == "wait_parts"),
        "bay_loss_approval": _held(BAY_SESSION.c.state == "wait_approval"),
        "tech_utilisation": Behind(line.day, line.clock_hours, NOTHING, literal(True), rows=LABOUR_LINE),
        "tech_efficiency": Behind(
            line.day, line.billed_hours, line.clock_hours, literal(True), rows=LABOUR_LINE
        ),
        "tech_proficiency": Behind(line.day, line.billed_hours, NOTHING, literal(True), rows=LABOUR_LINE),
        "efficiency_tech": Behind(line.day, line.billed_hours, line.clock_hours, named, rows=LABOUR_LINE),
        "output_per_store_day": Behind(settled, amount, NOTHING, paid),
        "output_per_tech_day": Behind(settled, amount, NOTHING, paid),
        "vehicles_per_day": Behind(arrived, ONE, NOTHING, visits),
        "wait_median": waited,
        "wait_p90": waited,
        "appointment_effect": waited,
        "cycle_median": stayed,
        "cycle_p90": stayed,
        "revenue": Behind(settled, amount, priced, paid),
        "avg_ro_value": Behind(settled, amount, priced, paid),
        "vehicles": Behind(arrived, ONE, ONE, order.first_of_visit.is_(True)),
        "wo_completeness": Behind(delivered, _flag(order.complete.is_(True)), ONE, literal(True)),
        "ftfr_30d": Behind(
            delivered, _flag(~came_back), ONE, order.fix_eligible.is_(True), lambda _: returned
        ),
        "ftfr_48h": Behind(
            delivered,
            _flag(func.coalesce(comeback.c.hours_after, 999) > 48),
            ONE,
            order.fix_eligible.is_(True),
            lambda _: returned,
        ),
        "nps": Behind(survey.c.day, vote, ONE, voted, lambda _: asked),
        "csi": Behind(survey.c.day, survey.c.csi_score, ONE, voted, lambda _: asked),
        "sat_rate": Behind(survey.c.day, _flag(survey.c.satisfaction >= 4), ONE, told, lambda _: asked),
        "cycle_time_h": stayed,
        "queue_wait_min": waited,
        "on_time_delivery": Behind(
            delivered, _flag(order.delivered_at <= order.promised_at), ONE, order.promised_at.is_not(None)
        ),
        "appointment_share": Behind(
            arrived, _flag(order.appointment_id.is_not(None)), ONE, order.first_of_visit.is_(True)
        ),
        "cross_store_share": Behind(
            arrived, _flag(order.origin_store_id != order.store_id), ONE, order.first_of_visit.is_(True)
        ),
    }


def _held(state: Sql) -> Behind:
    """Bay minutes of sessions that have ended, in some state."""
    held = BAY_SESSION.c
    minutes = quotient(seconds_between(held.started_at, held.ended_at), literal_column("60.0"))
    return Behind(held.day, minutes, NOTHING, and_(held.ended_at.is_not(None), state), rows=BAY_SESSION)


BEHIND = _behind()


NEWEST = timedelta(14)
"""So many days of a region's orders, or of the network's bookings, are more than a list shows."""


def orders(question: ListQuestion, as_of: datetime, newest: bool = False) -> Select[Any]:
    """Orders behind `question.metric`, the newest first; of the period's last days alone where only the newest matter."""
    metric = catalog.metric(question.metric or "")
    if metric.key not in BEHIND:
        raise NotMadeOfOrders(metric.name)
    behind = BEHIND[metric.key]
    window = metric.window(question.period, as_of.date() - timedelta(1))
    order = WORK_ORDER.c
    inside = and_(behind.day.between(window.first, window.last), behind.where)
    rows, top, bottom = behind.joined(window), behind.top, behind.bottom
    arrived = [order.arrived_on > window.last - NEWEST] if newest else []
    if behind.rows is not None:
        several = behind.rows.c
        of_those = [several.work_order_id.in_(select(order.work_order_id).where(each)) for each in arrived]
        added = (
            select(several.work_order_id, func.sum(top).label("top"), func.sum(bottom).label("bottom"))
            .where(inside, *of_those, *_of_stores(question, several.store_id))
            .group_by(several.work_order_id)
            .subquery("added")
        )
        rows = WORK_ORDER.join(added, added.c.work_order_id == order.work_order_id)
        top, bottom, inside = added.c.top, added.c.bottom, literal(True)
    return (
        select(
            order.work_order_id,
            *STORE_COLUMNS,
            order.arrived_at,
            order.delivered_at,
            order.service_kind,
            order.order_type,
            order.status,
            (order.labour_amount + order.parts_amount).label("amount"),
            top.label("top"),
            bottom.label("bottom"),
        )
        .select_from(rows.join(STORE, STORE.c.store_id == order.store_id))
        .where(inside, *arrived)
        .order_by(order.arrived_at.desc(), order.work_order_id)
    )


def _of_stores(question: ListQuestion, store_id: Sql) -> list[Sql]:
    """The stores that are asked for, where narrowing early spares most of the rows."""
    return [store_id.in_(sorted(members)) for key, members in question.only if key == "store"]
