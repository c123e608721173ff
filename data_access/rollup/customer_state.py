"""What is known of every vehicle's customer before the next visit: customer_state (domain.md 2.2 D)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Select, and_, case, func, select, union_all

from data_access.dialects import add_months, day_of, days_between, moment, value_at_max
from data_access.rollup.additive import Part, count_if, whole
from data_access.rollup.store import wait_minutes
from data_access.rollup.visits import CARE_VISIT, NEVER
from data_access.schema import APPOINTMENT, COMEBACK, COMPLAINT, SURVEY, VISIT, WORK_ORDER


def customer_state(part: Part) -> Select[Any]:
    """What is known of every vehicle that was ever seen and is not sold, on the last complete day."""
    today = moment(part.complete_day)
    last = part.of(CARE_VISIT)
    seen, heard = _history(part), _heard(part)
    booked, wait, back = _open_bookings(part), _last_wait(part), _comebacks(part)
    unsold = and_(last.c.next_day == moment(NEVER), last.c.sold_on > today)
    rows: FromClause = last.join(seen, last.c.vehicle_id == seen.c.vehicle_id)
    for extra, key in (
        (booked, "customer_id"),
        (heard, "customer_id"),
        (wait, "vehicle_id"),
        (back, "vehicle_id"),
    ):
        rows = rows.outerjoin(extra, last.c[key] == extra.c[key])
    return (
        select(
            last.c.customer_id,
            last.c.vehicle_id,
            last.c.store_id,
            today.label("day"),
            last.c.day.label("last_visit_on"),
            last.c.due_on,
            days_between(last.c.due_on, today).label("days_overdue"),
            seen.c.visits.label("visits_24m"),
            func.coalesce(seen.c.amount, whole(0)).label("revenue_24m"),
            booked.c.customer_id.is_not(None).label("has_booking"),
            heard.c.score.label("last_csi"),
            func.coalesce(heard.c.complaints, whole(0)).label("complaints_12m"),
            func.coalesce(back.c.comebacks, whole(0)).label("comebacks_12m"),
            wait.c.minutes.label("last_wait_minutes"),
        )
        .select_from(rows)
        .where(unsold)
        .order_by(last.c.store_id)
    )


def _history(part: Part) -> FromClause:
    """Visits and spending of a vehicle in the last 24 months."""
    visit, today = part.of(VISIT), moment(part.complete_day)
    within = and_(visit.c.day <= today, add_months(visit.c.day, whole(24)) >= today)
    return (
        select(
            visit.c.vehicle_id,
            count_if(within).label("visits"),
            func.sum(case((within, visit.c.amount))).label("amount"),
        )
        .group_by(visit.c.vehicle_id)
        .subquery()
    )


def _open_bookings(part: Part) -> FromClause:
    """Customers with a booking after the last complete day."""
    booking = part.of(APPOINTMENT)
    ahead = and_(booking.c.status == "booked", booking.c.day > moment(part.complete_day))
    return select(booking.c.customer_id).where(ahead).distinct().subquery()


def _heard(part: Part) -> FromClause:
    """The last score a customer gave (0 … 100) and the complaints of the last 12 months."""
    survey, complaint, today = part.of(SURVEY), part.of(COMPLAINT), moment(part.complete_day)
    given = case((survey.c.kind == "24h", survey.c.csi_score), else_=(survey.c.satisfaction - 1) * 25.0)
    answered = and_(survey.c.answered_at.is_not(None), given.is_not(None), survey.c.day <= today)
    scores = (
        select(survey.c.customer_id, survey.c.answered_at, given.label("given")).where(answered).subquery()
    )
    last = (
        select(
            scores.c.customer_id,
            func.floor(value_at_max(scores.c.given, scores.c.answered_at) + 0.5).label("score"),
        )
        .group_by(scores.c.customer_id)
        .subquery()
    )
    within = and_(complaint.c.day <= today, add_months(complaint.c.day, whole(12)) >= today)
    tickets = (
        select(complaint.c.customer_id, func.count().label("complaints"))
        .where(within, complaint.c.customer_id.is_not(None))
        .group_by(complaint.c.customer_id)
        .subquery()
    )
    who = union_all(select(last.c.customer_id), select(tickets.c.customer_id)).subquery()
    each = select(who.c.customer_id).distinct().subquery()
    rows = each.outerjoin(last, each.c.customer_id == last.c.customer_id)
    rows = rows.outerjoin(tickets, each.c.customer_id == tickets.c.customer_id)
    return select(each.c.customer_id, last.c.score, tickets.c.complaints).select_from(rows).subquery()


def _last_wait(part: Part) -> FromClause:
    """Minutes a vehicle's customer waited at the last visit whose wait is known."""
    order, booking = part.of(WORK_ORDER), part.of(APPOINTMENT)
    known = (order.c.work_started_at.is_not(None), order.c.vehicle_id.is_not(None), order.c.first_of_visit)
    return (
        select(
            order.c.vehicle_id,
            value_at_max(wait_minutes(order, booking), order.c.arrived_at).label("minutes"),
        )
        .select_from(order.outerjoin(booking, order.c.appointment_id == booking.c.appointment_id))
        .where(*known)
        .group_by(order.c.vehicle_id)
        .subquery()
    )


def _comebacks(part: Part) -> FromClause:
    """Comebacks of a vehicle in the last 12 months."""
    comeback, order, today = part.of(COMEBACK), part.of(WORK_ORDER), moment(part.complete_day)
    within = add_months(day_of(comeback.c.returned_at), whole(12)) >= today
    return (
        select(order.c.vehicle_id, func.count().label("comebacks"))
        .select_from(comeback.join(order, comeback.c.parent_work_order_id == order.c.work_order_id))
        .where(within, order.c.vehicle_id.is_not(None))
        .group_by(order.c.vehicle_id)
        .subquery()
    )
