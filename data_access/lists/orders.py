"""The single work orders behind a metric: each with what it adds to the numerator and the denominator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, literal_column, select

from data_access.dialects import quotient, seconds_between
from data_access.errors import NotMadeOfOrders
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.additive import CUSTOMER_TYPES
from data_access.rollup.store import wait_minutes
from data_access.schema import APPOINTMENT, COMEBACK, STORE, SURVEY, WORK_ORDER
from kpi import catalog
from kpi.listing import ListQuestion

Sql = ColumnElement[Any]
ONE: Sql = literal_column("1")
ZERO: Sql = literal_column("0")


@dataclass(frozen=True)
class Behind:
    """Which orders make a metric, dated how, and what each adds. `joined` widens the orders when needed."""

    day: Sql
    top: Sql
    bottom: Sql
    where: Sql
    joined: FromClause = WORK_ORDER


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
    booked = WORK_ORDER.outerjoin(booking, booking.c.appointment_id == order.appointment_id)
    asked = WORK_ORDER.join(survey, survey.c.work_order_id == order.work_order_id)
    returned = WORK_ORDER.outerjoin(comeback, comeback.c.parent_work_order_id == order.work_order_id)
    came_back = comeback.c.parent_work_order_id.is_not(None)
    voted = and_(survey.c.kind == "24h", survey.c.answered_at.is_not(None))
    told = and_(survey.c.kind == "2h", survey.c.answered_at.is_not(None))
    vote = case((survey.c.nps_score >= 9, ONE), (survey.c.nps_score <= 6, literal_column("-1")), else_=ZERO)
    arrived, delivered, settled = order.arrived_on, order.delivered_on, order.settled_on
    return {
        "revenue": Behind(settled, amount, priced, paid),
        "avg_ro_value": Behind(settled, amount, priced, paid),
        "vehicles": Behind(arrived, ONE, ONE, order.first_of_visit.is_(True)),
        "wo_completeness": Behind(delivered, _flag(order.complete.is_(True)), ONE, literal(True)),
        "ftfr_30d": Behind(delivered, _flag(~came_back), ONE, order.fix_eligible.is_(True), returned),
        "ftfr_48h": Behind(
            delivered,
            _flag(func.coalesce(comeback.c.hours_after, 999) > 48),
            ONE,
            order.fix_eligible.is_(True),
            returned,
        ),
        "nps": Behind(survey.c.day, vote, ONE, voted, asked),
        "csi": Behind(survey.c.day, survey.c.csi_score, ONE, voted, asked),
        "sat_rate": Behind(survey.c.day, _flag(survey.c.satisfaction >= 4), ONE, told, asked),
        "cycle_time_h": Behind(delivered, hours, ONE, same_day),
        "queue_wait_min": Behind(
            arrived,
            wait_minutes(WORK_ORDER, booking),
            ONE,
            and_(order.first_of_visit.is_(True), order.work_started_at.is_not(None)),
            booked,
        ),
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


BEHIND = _behind()


def orders(question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Orders behind `question.metric`, largest contribution first; those that fail a share come first of all."""
    metric = catalog.metric(question.metric or "")
    if metric.key not in BEHIND:
        raise NotMadeOfOrders(metric.name)
    behind = BEHIND[metric.key]
    window = metric.window(question.period, as_of.date() - timedelta(1))
    order = WORK_ORDER.c
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
            behind.top.label("top"),
            behind.bottom.label("bottom"),
        )
        .select_from(behind.joined.join(STORE, STORE.c.store_id == order.store_id))
        .where(behind.day.between(window.first, window.last), behind.where)
        .order_by(order.arrived_at.desc(), order.work_order_id)
    )
