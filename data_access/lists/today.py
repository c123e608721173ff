"""What a store manager sees of the running day: bays, cars in the shop, bookings to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, literal_column, select

from data_access.dialects import moment, quotient, seconds_between
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import (
    APPOINTMENT,
    ATTENDANCE,
    BAY,
    BAY_SESSION,
    LABOUR_LINE,
    STORE,
    TECHNICIAN,
    WORK_ORDER,
)
from kpi.listing import ListQuestion

Sql = ColumnElement[Any]

AT_RISK = timedelta(minutes=30)
LONG_WAIT: Sql = literal_column("30")
"""Minutes after which a wait is too long (domain.md 2.2 C)."""
_MINUTE: Sql = literal_column("60.0")


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


def bookings_today(question: ListQuestion, as_of: datetime) -> Select[Any]:
    """The day's bookings that have not come yet, by slot, with how often the customer stayed away at the same store."""
    booking, earlier = APPOINTMENT.c, APPOINTMENT.alias("earlier")
    expected = APPOINTMENT.alias("expected")
    to_come = select(expected.c.customer_id).where(
        expected.c.day == as_of.date(), expected.c.status == "booked"
    )
    missed = select(earlier.c.store_id, earlier.c.customer_id, func.count().label("times")).where(
        earlier.c.status == "no_show"
    )
    # Both look at the bookings of all time: the stores that are asked for spare them most of it.
    for key, members in question.only:
        if key == "store":
            to_come = to_come.where(expected.c.store_id.in_(sorted(members)))
            missed = missed.where(earlier.c.store_id.in_(sorted(members)))
    stayed_away = (
        missed.where(earlier.c.customer_id.in_(to_come))
        .group_by(earlier.c.store_id, earlier.c.customer_id)
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
                stayed_away,
                and_(
                    stayed_away.c.customer_id == booking.customer_id,
                    stayed_away.c.store_id == booking.store_id,
                ),
            )
        )
        .where(booking.day == as_of.date(), booking.status == "booked")
        .order_by(booking.slot_starts_at, booking.appointment_id)
    )


def _waiting(as_of: datetime) -> tuple[FromClause, tuple[Sql, ...], Sql, Sql]:
    """Cars of today that wait for work to start: rows, conditions, minutes waited, and whether the promise is at risk."""
    order, booking = WORK_ORDER.c, APPOINTMENT.c
    early = booking.slot_starts_at > order.arrived_at
    seconds = seconds_between(case((early, booking.slot_starts_at), else_=order.arrived_at), moment(as_of))
    waited = quotient(case((seconds > 0, seconds), else_=literal_column("0")), _MINUTE)
    rows = WORK_ORDER.join(STORE, STORE.c.store_id == order.store_id).outerjoin(
        APPOINTMENT,
        and_(booking.appointment_id == order.appointment_id, booking.day == as_of.date()),
    )
    where = (order.arrived_on == as_of.date(), order.work_started_at.is_(None), order.delivered_at.is_(None))
    return rows, where, waited, order.promised_at < moment(as_of + AT_RISK)


def open_waits(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Cars of today whose work has not started, the longest wait first."""
    order = WORK_ORDER.c
    rows, where, waited, at_risk = _waiting(as_of)
    return (
        select(
            order.work_order_id,
            *STORE_COLUMNS,
            waited.label("waited"),
            order.arrived_at,
            case((order.appointment_id.is_not(None), literal(True)), else_=literal(False)).label("booked"),
            order.service_kind,
            order.promised_at,
            case((at_risk, literal(True)), else_=literal(False)).label("at_risk"),
        )
        .select_from(rows)
        .where(*where)
        .order_by(waited.desc(), order.work_order_id)
    )


def stores_waiting(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Stores by how many of today's cars wait too long, then by the longest wait."""
    rows, where, waited, at_risk = _waiting(as_of)
    one: Sql = literal_column("1")
    none: Sql = literal_column("0")
    over = func.sum(case((waited > LONG_WAIT, one), else_=none))
    return (
        select(
            *STORE_COLUMNS,
            over.label("over"),
            func.max(waited).label("longest"),
            func.count().label("waiting"),
            func.sum(case((at_risk, one), else_=none)).label("at_risk"),
        )
        .select_from(rows)
        .where(*where)
        .group_by(STORE.c.store_id, STORE.c.name_zh, STORE.c.name_en)
        .order_by(over.desc(), func.max(waited).desc(), STORE.c.store_id)
    )


def technicians_today(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Who was to work today: those present first, the least loaded before the others."""
    who, day = TECHNICIAN.c, ATTENDANCE.c
    line = LABOUR_LINE.c
    done = (
        select(
            line.technician_id,
            func.sum(line.clock_hours).label("clocked"),
            func.count(line.work_order_id.distinct()).label("jobs"),
        )
        .where(line.day == as_of.date(), line.technician_id.is_not(None))
        .group_by(line.technician_id)
        .subquery("done")
    )
    clocked = func.coalesce(done.c.clocked, literal_column("0"))
    load = quotient(clocked, day.attended_hours)
    absent = case((day.absence.is_(None), literal_column("0")), else_=literal_column("1"))
    return (
        select(
            who.technician_id,
            who.name,
            *STORE_COLUMNS,
            who.skill,
            day.absence,
            day.attended_hours.label("attended"),
            clocked.label("clocked"),
            load.label("load"),
            func.coalesce(done.c.jobs, literal_column("0")).label("jobs"),
        )
        .select_from(
            ATTENDANCE.join(STORE, STORE.c.store_id == day.store_id)
            .join(TECHNICIAN, who.technician_id == day.technician_id)
            .outerjoin(done, done.c.technician_id == day.technician_id)
        )
        .where(day.day == as_of.date(), day.scheduled_hours > 0)
        .order_by(absent, clocked, who.technician_id)
    )
