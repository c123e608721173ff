"""Sources that are worked out when they are asked: what cannot be added up in advance because its rows meet only here.

A rollup of one part does not know the rows of the other, so what compares several columns of a store's day (the loss
tree) or counts bookings that either part may hold is a SELECT over the joined tables. Each behaves like a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.types import Date, Double, Integer

from data_access.dialects import add_days, quotient, seconds_between
from data_access.schema import APPOINTMENT, COMPLAINT, LOW_ANSWER, STORE_DAY, STORE_OPENING

Sql = ColumnElement[Any]
ZERO: Sql = literal_column("0.0", Double)
MINUTES: Sql = literal_column("60.0", Double)
FIRST_DAY = bindparam("first_day", None, Date())
"""The first day that a question asks for: bounds what a source joins to its rows."""
TICKET_DAYS = 365
"""A ticket about an order is not older than so many days when the customer answers a survey about it."""
DAY_BEFORE = 24 * 3600
"""Seconds; a booking cancelled earlier than that has cost no bay time."""


def _least(a: Sql, b: Sql) -> Sql:
    return case((a < b, a), else_=b)


def _positive(a: Sql) -> Sql:
    return case((a > ZERO, a), else_=ZERO)


def _bay_loss() -> FromClause:
    """Where a store's available bay minutes of a day went; the parts less the overtime are the available minutes.

    What was neither worked nor blocked stood idle. Of that, first come the minutes that no-shows had planned; then the
    minutes in which a technician was free as well, so there was no work; the rest is bays for which no technician was
    free. Where no attendance is known, idle is idle for want of work.
    """
    table = STORE_DAY.c
    names = (
        "bay_minutes_available", "bay_minutes_worked", "bay_minutes_parts", "bay_minutes_approval", "no_show_minutes",
        "attended_hours", "clock_hours", "technicians_scheduled",
    )  # fmt: skip
    day = (
        select(table.store_id, table.day, *(func.sum(table[name]).label(f"{name}_") for name in names))
        .group_by(table.store_id, table.day)
        .subquery("day_sums")
    )
    sums = {name: day.c[f"{name}_"] for name in names}
    held = sums["bay_minutes_worked"] + sums["bay_minutes_parts"] + sums["bay_minutes_approval"]
    spare = sums["bay_minutes_available"] - held
    unused = MINUTES * (sums["attended_hours"] - sums["clock_hours"])
    first = select(
        day.c.store_id,
        day.c.day,
        sums["bay_minutes_available"].label("available"),
        sums["bay_minutes_worked"].label("worked"),
        sums["bay_minutes_parts"].label("parts"),
        sums["bay_minutes_approval"].label("approval"),
        _positive(spare).label("idle"),
        _positive(-spare).label("overtime"),
        _least(_positive(spare), sums["no_show_minutes"]).label("no_show"),
        case(
            (sums["technicians_scheduled"] > 0, _positive(unused)), else_=sums["bay_minutes_available"]
        ).label("free_hands"),
    ).subquery("day_held")
    idle = first.c.idle - first.c.no_show
    no_work = _least(idle, first.c.free_hands)
    kept = ("store_id", "day", "available", "worked", "parts", "approval", "overtime", "no_show")
    return select(
        *(first.c[name] for name in kept), no_work.label("no_work"), (idle - no_work).label("no_technician")
    ).subquery("bay_loss")


def _booking() -> FromClause:
    """Every booking with what it is: due (not cancelled a day before), kept, missed, and the bay minutes it holds."""
    row = APPOINTMENT.c
    early = and_(
        row.status == "cancelled",
        row.cancelled_at.is_not(None),
        seconds_between(row.cancelled_at, row.slot_starts_at) >= DAY_BEFORE,
    )
    stands = row.status.in_(("booked", "arrived"))

    def flag(condition: Sql) -> Sql:
        return case((condition, literal_column("1")), else_=literal_column("0"))

    return select(
        row.appointment_id,
        row.store_id,
        row.day,
        row.channel,
        row.service_kind,
        case((early, literal_column("0")), else_=literal_column("1")).label("due"),
        flag(row.status == "arrived").label("arrived"),
        flag(row.status == "no_show").label("missed"),
        case((row.status == "no_show", row.planned_hours * MINUTES), else_=ZERO).label("missed_minutes"),
        flag(row.status == "cancelled").label("cancelled"),
        flag(stands).label("stands"),
        case((stands, row.planned_hours * MINUTES), else_=ZERO).label("held_minutes"),
    ).subquery("booking")


def _booked_day(bookings: FromClause) -> FromClause:
    """Bay minutes booked beside bay minutes available, of past and coming days."""
    opening, booking = STORE_OPENING.c, bookings.c
    return union_all(
        select(booking.store_id, booking.day, booking.held_minutes.label("booked"), ZERO.label("available"),
               booking.stands.label("bookings")),
        select(opening.store_id, opening.day, ZERO,
               case((opening.is_open, opening.bay_minutes), else_=ZERO), literal_column("0")),
    ).subquery("booked_day")  # fmt: skip


def _booked_hour() -> FromClause:
    """Bay minutes of bookings that have not come yet, by the clock hours they would fill from their slot on."""
    row = APPOINTMENT.c
    hours = union_all(
        *(select(literal_column(str(hour), Integer).label("hour")) for hour in range(24))
    ).subquery("clock")
    begin = seconds_between(row.day, row.slot_starts_at)
    end = begin + row.planned_hours * literal_column("3600.0", Double)
    opens, closes = hours.c.hour * 3600, (hours.c.hour + 1) * 3600
    covered = case((end < closes, end), else_=closes) - case((begin > opens, begin), else_=opens)
    return (
        select(row.store_id, row.day, hours.c.hour, quotient(covered, MINUTES).label("to_come"))
        .select_from(APPOINTMENT.join(hours, and_(begin < closes, end > opens)))
        .where(row.status == "booked")
        .subquery("booked_hour")
    )


def _low_score() -> FromClause:
    """Every low score of the two-hour survey, whether its customer was called within a day, and whether it has a ticket."""
    row, ticket = LOW_ANSWER.c, COMPLAINT.c
    in_time = seconds_between(row.answered_at, row.followed_up_at) <= DAY_BEFORE
    one: Sql = literal_column("1")
    none: Sql = literal_column("0")
    followed = case((and_(row.followed_up_at.is_not(None), in_time), one), else_=none)
    # Grouped instead of joined to the distinct orders of all tickets: the few low scores of some days find theirs.
    of_order = and_(
        row.work_order_id == ticket.work_order_id,
        ticket.day >= add_days(FIRST_DAY, literal_column(str(-TICKET_DAYS), Integer)),
    )
    return (
        select(
            row.survey_id,
            row.store_id,
            row.day,
            func.max(one).label("one"),
            func.max(followed).label("followed_24h"),
            func.max(case((ticket.complaint_id.is_not(None), one), else_=none)).label("ticketed"),
        )
        .select_from(LOW_ANSWER.outerjoin(COMPLAINT, of_order))
        .group_by(row.survey_id, row.store_id, row.day)
        .subquery("low_score")
    )


BOOKING = _booking()
DERIVED: Mapping[str, FromClause] = {
    "bay_loss": _bay_loss(),
    "booking": BOOKING,
    "booked_day": _booked_day(BOOKING),
    "booked_hour": _booked_hour(),
    "low_score": _low_score(),
}
"""By the name that a Source gives them."""
BOUND = ("low_score",)
"""Those that FIRST_DAY is in."""
