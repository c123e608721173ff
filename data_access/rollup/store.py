"""The rollups of stores: store_day and store_hour. Column by column as their comments in schema.py say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import FromClause, Select, and_, case, func, select, union_all

from data_access.dialects import add_days, hour_of, moment, quotient, seconds_between
from data_access.rollup.additive import CUSTOMER_TYPES, Part, Sql, count_if, leg, rollup_of, sum_if, whole
from data_access.schema import (
    APPOINTMENT,
    ATTENDANCE,
    BAY_SESSION,
    COMEBACK,
    COMPLAINT,
    LABOUR_LINE,
    PART_LINE,
    PART_REQUEST,
    PLAN_DAY,
    STOCK_BALANCE,
    STORE,
    STORE_DAY,
    STORE_HOUR,
    STORE_OPENING,
    SURVEY,
    WORK_ORDER,
)  # fmt: skip

_MINUTE, _HOUR = whole(60), whole(3600)  # seconds
_WORKING_DAY = whole(8)  # hours
_OPENINGS_AHEAD = timedelta(
    days=35
)  # a base lives for weeks, and today's capacity is known from its opening hours
_KEYS = ("store_id", "day")
_HOUR_KEYS = ("store_id", "day", "hour")


def store_day(part: Part) -> Select[Any]:
    """Additive parts of a store's day."""
    legs = [
        _plan(part), _opening(part), _settlement(part), _arrival(part), _referral(part), _handover(part),
        _first_fill(part), _comeback(part),
        *_voice(part), _bays(part), _attendance(part), _labour(part), _bookings(part), *_parts(part),
    ]  # fmt: skip
    return rollup_of(STORE_DAY, _KEYS, legs)


def store_hour(part: Part) -> Select[Any]:
    """Additive parts of a store's hour, for the last days of the part."""
    legs = [
        _hour_arrivals(part),
        _hour_revenue(part),
        _hour_bays(part),
        _hour_capacity(part),
        _hour_bookings(part),
    ]
    return rollup_of(STORE_HOUR, _HOUR_KEYS, legs)


def wait_minutes(order: FromClause, appointment: FromClause) -> Sql:
    """Minutes from arrival, or from the slot when the customer came early, to the start of work; never below 0."""
    early = appointment.c.slot_starts_at > order.c.arrived_at
    since = case((early, appointment.c.slot_starts_at), else_=order.c.arrived_at)
    seconds = seconds_between(since, order.c.work_started_at)
    return quotient(case((seconds > 0, seconds), else_=whole(0)), _MINUTE)


def _by_day(rows: FromClause, day: str = "day") -> dict[str, Sql]:
    return {"store_id": rows.c.store_id, "day": rows.c[day]}


def known_amount(order: FromClause) -> Sql:
    """What is known of an order's amount; an unknown part adds nothing."""
    zero = whole(0)
    return func.coalesce(order.c.labour_amount, zero) + func.coalesce(order.c.parts_amount, zero)


def _plan(part: Part) -> Select[Any]:
    rows = part.of(PLAN_DAY)
    sums: dict[str, Sql] = {
        name: func.sum(rows.c[name]) for name in ("revenue_plan", "cost_plan", "vehicles_plan")
    }
    return leg(rows, _by_day(rows), (), **sums)


def _opening(part: Part) -> Select[Any]:
    rows = part.of(STORE_OPENING)
    return leg(
        rows,
        _by_day(rows),
        open_days=count_if(rows.c.is_open),
        bay_minutes_available=sum_if(rows.c.is_open, rows.c.bay_minutes),
    )


def _settlement(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    labour, parts = order.c.labour_amount, order.c.parts_amount
    return leg(
        order,
        _by_day(order, "settled_on"),
        (order.c.settled_on.is_not(None), order.c.order_type.in_(CUSTOMER_TYPES)),
        orders_settled=func.count(),
        orders_priced=count_if(and_(labour.is_not(None), parts.is_not(None))),
        orders_costed=count_if(order.c.parts_cost.is_not(None)),
        revenue=func.sum(known_amount(order)),
        labour_revenue=func.sum(labour),
        parts_revenue=func.sum(parts),
        parts_cost=func.sum(order.c.parts_cost),
    )


def _arrival(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    visit = order.c.first_of_visit
    return leg(
        order,
        _by_day(order, "arrived_on"),
        orders_arrived=func.count(),
        vehicles=count_if(visit),
        vehicles_booked=count_if(and_(visit, order.c.appointment_id.is_not(None))),
        vehicles_referred=count_if(and_(visit, order.c.origin_store_id != order.c.store_id)),
    )


def _referral(part: Part) -> Select[Any]:
    """Visits that a store sent elsewhere, by its own day."""
    order = part.of(WORK_ORDER)
    sent = and_(order.c.first_of_visit, order.c.origin_store_id != order.c.store_id)
    keys = {"store_id": order.c.origin_store_id, "day": order.c.arrived_on}
    return leg(order, keys, (sent,), vehicles_sent=func.count())


def _handover(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    return leg(
        order,
        _by_day(order, "delivered_on"),
        (order.c.delivered_on.is_not(None),),
        orders_delivered=func.count(),
        promised=count_if(order.c.promised_at.is_not(None)),
        on_time=count_if(order.c.delivered_at <= order.c.promised_at),
        orders_complete=count_if(order.c.complete),
        fix_eligible=count_if(order.c.fix_eligible),
    )


def _first_fill(part: Part) -> Select[Any]:
    """Orders with parts, and those among them that never held a bay waiting for one."""
    order, session = part.of(WORK_ORDER), part.of(BAY_SESSION)
    waits = session.c.state == "wait_parts"
    waited = select(session.c.work_order_id.label("waiting_id")).where(waits).distinct().subquery()
    return leg(
        order.outerjoin(waited, order.c.work_order_id == waited.c.waiting_id),
        _by_day(order, "delivered_on"),
        (order.c.delivered_on.is_not(None), order.c.parts_amount > 0),
        orders_with_parts=func.count(),
        orders_filled=count_if(waited.c.waiting_id.is_(None)),
    )


def _comeback(part: Part) -> Select[Any]:
    rows = part.of(COMEBACK)
    return leg(
        rows,
        _by_day(rows),
        returned_48h=count_if(rows.c.hours_after <= 48),
        returned_30d=count_if(rows.c.hours_after <= 30 * 24),
    )


def _voice(part: Part) -> list[Select[Any]]:
    survey, complaint = part.of(SURVEY), part.of(COMPLAINT)
    later, soon = survey.c.kind == "24h", survey.c.kind == "2h"
    nps, csi, rating = survey.c.nps_score, survey.c.csi_score, survey.c.satisfaction
    surveys = leg(
        survey,
        _by_day(survey),
        nps_sent=count_if(later),
        nps_answers=count_if(and_(later, nps.is_not(None))),
        promoters=count_if(and_(later, nps >= 9)),
        detractors=count_if(and_(later, nps <= 6)),
        csi_answers=count_if(and_(later, csi.is_not(None))),
        csi_sum=sum_if(later, csi),
        csi_sum_squared=sum_if(later, csi * csi),
        satisfaction_answers=count_if(and_(soon, rating.is_not(None))),
        satisfied=count_if(and_(soon, rating >= 4)),
        low_scores=count_if(and_(soon, rating <= 2)),
    )
    complaints = leg(
        complaint,
        _by_day(complaint),
        complaints=func.count(),
        complaints_severe=count_if(complaint.c.severity == "severe"),
    )
    return [surveys, complaints]


def _bays(part: Part) -> Select[Any]:
    session = part.of(BAY_SESSION)
    minutes = quotient(seconds_between(session.c.started_at, session.c.ended_at), _MINUTE)
    return leg(
        session,
        _by_day(session),
        (session.c.ended_at.is_not(None),),
        bay_minutes_worked=sum_if(session.c.state == "work", minutes),
        bay_minutes_blocked=sum_if(session.c.state != "work", minutes),
        bay_minutes_parts=sum_if(session.c.state == "wait_parts", minutes),
        bay_minutes_approval=sum_if(session.c.state == "wait_approval", minutes),
    )


def _attendance(part: Part) -> Select[Any]:
    rows = part.of(ATTENDANCE)
    return leg(
        rows,
        _by_day(rows),
        labour_cost=func.sum(rows.c.labour_cost),
        attended_hours=func.sum(rows.c.attended_hours),
        attended_days=quotient(func.sum(rows.c.attended_hours), _WORKING_DAY),
        technicians_scheduled=count_if(rows.c.scheduled_hours > 0),
        technicians_present=count_if(rows.c.attended_hours > 0),
    )


def _labour(part: Part) -> Select[Any]:
    rows = part.of(LABOUR_LINE)
    return leg(
        rows,
        _by_day(rows),
        clock_hours=func.sum(rows.c.clock_hours),
        billed_hours=func.sum(rows.c.billed_hours),
    )


def _bookings(part: Part) -> Select[Any]:
    rows = part.of(APPOINTMENT)
    day_before = seconds_between(rows.c.cancelled_at, rows.c.slot_starts_at) >= 24 * 3600
    in_time = and_(rows.c.status == "cancelled", rows.c.cancelled_at.is_not(None), day_before)
    return leg(
        rows,
        _by_day(rows),
        (part.slot_is_past(rows), case((in_time, 1), else_=0) == 0),
        bookings=func.count(),
        bookings_arrived=count_if(rows.c.status == "arrived"),
        bookings_no_show=count_if(rows.c.status == "no_show"),
        no_show_minutes=sum_if(rows.c.status == "no_show", rows.c.planned_hours * _MINUTE),
    )


def _parts(part: Part) -> list[Select[Any]]:
    request, line, balance = part.of(PART_REQUEST), part.of(PART_LINE), part.of(STOCK_BALANCE)
    return [
        leg(
            request,
            _by_day(request),
            part_lines=func.sum(request.c.lines),
            part_lines_filled=func.sum(request.c.lines_filled),
        ),
        leg(line, _by_day(line), parts_issued_cost=func.sum(line.c.cost)),
        leg(balance, _by_day(balance), stock_value=func.sum(balance.c.stock_value)),
    ]


# --- hours ----------------------------------------------------------------------------------------------------------


def _by_hour(rows: FromClause, day: str, at: str) -> dict[str, Sql]:
    return {**_by_day(rows, day), "hour": hour_of(rows.c[at])}


def _hour_arrivals(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    where = (order.c.arrived_on >= moment(part.hours_from()), order.c.first_of_visit)
    return leg(order, _by_hour(order, "arrived_on", "arrived_at"), where, vehicles=func.count())


def _hour_revenue(part: Part) -> Select[Any]:
    order = part.of(WORK_ORDER)
    where = (order.c.settled_on >= moment(part.hours_from()), order.c.order_type.in_(CUSTOMER_TYPES))
    return leg(
        order, _by_hour(order, "settled_on", "settled_at"), where, revenue=func.sum(known_amount(order))
    )


def _hours(count: int) -> FromClause:
    return union_all(*(select(whole(hour).label("hour")) for hour in range(count))).subquery()


def _hour_bays(part: Part) -> Select[Any]:
    """Minutes of work by the clock hour in which they fell, running sessions until now.

    A session may last into the next day, not longer.
    """
    session, order, clock = part.of(BAY_SESSION), part.of(WORK_ORDER), _hours(48)
    walk_in = case((order.c.appointment_id.is_(None), 1), else_=0) == 1
    begin = seconds_between(session.c.day, session.c.started_at)
    end = seconds_between(session.c.day, func.coalesce(session.c.ended_at, part.until()))
    opens, closes = clock.c.hour * 3600, (clock.c.hour + 1) * 3600
    covered = case((end < closes, end), else_=closes) - case((begin > opens, begin), else_=opens)
    tomorrow = clock.c.hour >= 24
    return leg(
        session.join(clock, and_(begin < closes, end > opens)).outerjoin(
            order, order.c.work_order_id == session.c.work_order_id
        ),
        {
            "store_id": session.c.store_id,
            "day": case((tomorrow, add_days(session.c.day, whole(1))), else_=session.c.day),
            "hour": case((tomorrow, clock.c.hour - 24), else_=clock.c.hour),
        },
        (session.c.day >= moment(part.hours_from()), session.c.state == "work"),
        bay_minutes_worked=func.sum(quotient(covered, _MINUTE)),
        bay_minutes_walk_in=sum_if(walk_in, quotient(covered, _MINUTE)),
    )


def _hour_capacity(part: Part) -> Select[Any]:
    """A day's available bay minutes, spread evenly over the store's opening hours."""
    opening, store, clock = part.of(STORE_OPENING), part.of(STORE), _hours(24)
    hours = store.c.closes_at - store.c.opens_at
    within = and_(clock.c.hour >= store.c.opens_at, clock.c.hour < store.c.closes_at)
    last = part.complete_day + _OPENINGS_AHEAD if part.is_base else part.as_of.date()
    where = (
        opening.c.is_open,
        opening.c.day.between(moment(part.hours_from()), moment(last)),
    )
    return leg(
        opening.join(store, opening.c.store_id == store.c.store_id).join(clock, within),
        {**_by_day(opening), "hour": clock.c.hour},
        where,
        bay_minutes_available=func.sum(quotient(opening.c.bay_minutes, hours)),
    )


def _hour_bookings(part: Part) -> Select[Any]:
    rows = part.of(APPOINTMENT)
    last = part.complete_day if part.is_base else part.as_of.date()
    where = (rows.c.day.between(moment(part.hours_from()), moment(last)), rows.c.status != "cancelled")
    return leg(rows, _by_hour(rows, "day", "slot_starts_at"), where, bookings=func.count())
