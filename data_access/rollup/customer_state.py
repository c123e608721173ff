"""What is known of every vehicle's customer before the next visit: customer_state (domain.md 2.2 D)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, Select, and_, case, func, literal_column, select, union_all

from data_access.dialects import add_months, day_of, days_between, moment, value_at_max
from data_access.rollup.additive import Part, Sql, count_if, whole
from data_access.rollup.store import wait_minutes
from data_access.rollup.visits import CARE_VISIT, NEVER
from data_access.schema import APPOINTMENT, COMEBACK, COMPLAINT, SURVEY, VISIT, WORK_ORDER


def customer_state(part: Part) -> Select[Any]:
    """What is known of every vehicle that was ever seen and is not sold, on the last complete day."""
    today = moment(part.complete_day)
    last = part.of(CARE_VISIT)
    of_vehicle = _gathered("vehicle_id", _CAR, _history(part), _last_wait(part), _comebacks(part))
    of_customer = _gathered(
        "customer_id", _OWNER, _open_bookings(part), _last_scores(part), _complaints(part)
    )
    unsold = and_(last.c.next_day == moment(NEVER), last.c.sold_on > today)
    rows = last.join(of_vehicle, last.c.vehicle_id == of_vehicle.c.vehicle_id).outerjoin(
        of_customer, last.c.customer_id == of_customer.c.customer_id
    )
    return (
        select(
            last.c.customer_id,
            last.c.vehicle_id,
            last.c.store_id,
            today.label("day"),
            last.c.day.label("last_visit_on"),
            last.c.due_on,
            days_between(last.c.due_on, today).label("days_overdue"),
            of_vehicle.c.visits.label("visits_24m"),
            func.coalesce(of_vehicle.c.amount, whole(0)).label("revenue_24m"),
            (func.coalesce(of_customer.c.bookings, whole(0)) > whole(0)).label("has_booking"),
            of_customer.c.score.label("last_csi"),
            func.coalesce(of_customer.c.complaints, whole(0)).label("complaints_12m"),
            func.coalesce(of_vehicle.c.comebacks, whole(0)).label("comebacks_12m"),
            of_vehicle.c.minutes.label("last_wait_minutes"),
        )
        .select_from(rows)
        .where(unsold)
        .order_by(last.c.store_id)
    )


_CAR = ("visits", "amount", "minutes", "comebacks")
_OWNER = ("bookings", "score", "complaints")
_ONE: Sql = literal_column("1.0")
"""Counts and amounts meet in one column, which is of one kind on every engine."""
_NOTHING: Sql = func.nullif(literal_column("0.0"), literal_column("0.0"))


def _gathered(key: str, names: Sequence[str], *known: FromClause) -> FromClause:
    """One row a key of what several queries know, each some of the names.

    Gathered one after the other in one aggregate, which an engine can put aside on disk; joined to each other they all
    have to be in memory at once, and are too large for that.
    """
    each = union_all(
        *(
            select(
                one.c[key],
                *((one.c[name] * _ONE if name in one.c else _NOTHING).label(name) for name in names),
            )
            for one in known
        )
    ).subquery()
    return (
        select(each.c[key], *(func.sum(each.c[name]).label(name) for name in names))
        .group_by(each.c[key])
        .subquery()
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
    """Bookings of a customer after the last complete day."""
    booking = part.of(APPOINTMENT)
    ahead = and_(booking.c.status == "booked", booking.c.day > moment(part.complete_day))
    return (
        select(booking.c.customer_id, func.count().label("bookings"))
        .where(ahead)
        .group_by(booking.c.customer_id)
        .subquery()
    )


def _last_scores(part: Part) -> FromClause:
    """The last score a customer gave, 0 … 100."""
    survey, today = part.of(SURVEY), moment(part.complete_day)
    given = case((survey.c.kind == "24h", survey.c.csi_score), else_=(survey.c.satisfaction - 1) * 25.0)
    answered = and_(survey.c.answered_at.is_not(None), given.is_not(None), survey.c.day <= today)
    scores = (
        select(survey.c.customer_id, survey.c.answered_at, given.label("given")).where(answered).subquery()
    )
    score = func.floor(value_at_max(scores.c.given, scores.c.answered_at) + 0.5)
    return select(scores.c.customer_id, score.label("score")).group_by(scores.c.customer_id).subquery()


def _complaints(part: Part) -> FromClause:
    """Complaints of a customer in the last 12 months."""
    complaint, today = part.of(COMPLAINT), moment(part.complete_day)
    within = and_(complaint.c.day <= today, add_months(complaint.c.day, whole(12)) >= today)
    return (
        select(complaint.c.customer_id, func.count().label("complaints"))
        .where(within, complaint.c.customer_id.is_not(None))
        .group_by(complaint.c.customer_id)
        .subquery()
    )


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
