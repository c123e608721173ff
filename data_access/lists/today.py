"""What a store manager sees of the running day: bays, cars in the shop, bookings to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, literal_column, select

from data_access.dialects import moment, quotient, seconds_between
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import APPOINTMENT, BAY, BAY_SESSION, STORE, WORK_ORDER
from kpi.listing import ListQuestion

AT_RISK = timedelta(minutes=30)


def bays_now(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Every active bay; one that no session holds is free. Blocked ones first, then working, then free."""
    running = BAY_SESSION.alias("running")
    state = func.coalesce(running.c.state, literal("free"))
    order = case(
        (state == "free", literal_column("2")),
        (state == "work", literal_column("1")),
        else_=literal_column("0"),
    )
    holds = and_(
        running.c.bay_id == BAY.c.bay_id,
        running.c.ended_at.is_(None),
        running.c.day >= as_of.date() - timedelta(30),
    )
    return (
        select(
            BAY.c.bay_id, *STORE_COLUMNS, state.label("state"), running.c.work_order_id, running.c.started_at
        )
        .select_from(BAY.join(STORE, STORE.c.store_id == BAY.c.store_id).outerjoin(running, holds))
        .where(BAY.c.active.is_(True))
        .order_by(order, BAY.c.bay_id)
    )


def open_orders(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Orders not handed over, the longest in the shop first."""
    order = WORK_ORDER.c
    at_risk = case((order.promised_at < moment(as_of + AT_RISK), literal(True)), else_=literal(False))
    return (
        select(
            order.work_order_id,
            *STORE_COLUMNS,
            order.status,
            order.service_kind,
            order.arrived_at,
            order.promised_at,
            quotient(seconds_between(order.arrived_at, moment(as_of)), literal_column("3600.0")).label(
                "hours_in"
            ),
            at_risk.label("at_risk"),
        )
        .select_from(WORK_ORDER.join(STORE, STORE.c.store_id == order.store_id))
        .where(order.delivered_at.is_(None), order.arrived_on >= as_of.date() - timedelta(60))
        .order_by(order.arrived_at, order.work_order_id)
    )


def bookings_today(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """The day's bookings that have not come yet, by slot."""
    booking, earlier = APPOINTMENT.c, APPOINTMENT.alias("earlier")
    stayed_away = (
        select(earlier.c.customer_id, func.count().label("times"))
        .where(earlier.c.status == "no_show")
        .group_by(earlier.c.customer_id)
        .subquery("stayed_away")
    )
    return (
        select(
            booking.appointment_id,
            *STORE_COLUMNS,
            booking.slot_starts_at,
            booking.service_kind,
            booking.planned_hours,
            booking.status,
            func.coalesce(stayed_away.c.times, 0).label("no_shows"),
        )
        .select_from(
            APPOINTMENT.join(STORE, STORE.c.store_id == booking.store_id).outerjoin(
                stayed_away, stayed_away.c.customer_id == booking.customer_id
            )
        )
        .where(booking.day == as_of.date(), booking.status == "booked")
        .order_by(booking.slot_starts_at, booking.appointment_id)
    )
