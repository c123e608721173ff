"""The levels of a store's customer base, customer_day, from the whole history of visits (domain.md 2.2 D).

Levels of many days are not counted day by day. Each level is a set of stretches of days: a visit makes its customer
active from its day until 24 months later, and so on. The stretches of a customer are merged; each adds 1 on the day it
begins and takes 1 away on the day after it ends, and a running sum over a store's days is the level of every day.

Merged are: known (ever visited), active (24 months), seen_12m, seen_30d, cohort (13th to 24th month after a visit),
booked (a booking lies ahead) and late (overdue or booked). The levels follow, since each of the sets on the right
lies within, or together makes up, the one on the left of it:
    no_visit_30d = active - seen_30d               dormant_12m = known - seen_12m
    retained_12m = cohort + seen_12m - active      overdue_30d = late - booked
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, FromClause, Select, case, func, or_, select, union_all

from data_access.dialects import add_days, day_of, moment, period_start
from data_access.rollup.additive import Part, Sql, joined, leg, whole
from data_access.rollup.visits import NEVER, Window, visits
from data_access.schema import APPOINTMENT, CUSTOMER, STORE, STORE_OPENING

_KEYS = ("store_id", "day")
_SETS = ("known", "active", "seen_12m", "seen_30d", "cohort", "booked", "late")


def customer_day(part: Part) -> Select[Any]:
    """Levels of a store's customer base on Mondays and on the last complete day.

    A customer counts at the home store, once, however many vehicles; overdue ones are among the active ones.
    """
    visit = visits(part)
    legs = [*_since_visit(part, visit), *_late(part, visit), _marked_days(part)]
    changes = {name: whole(0) for each in _SETS for name in (f"{each}_in", f"{each}_out")}
    days = joined("customer_day", _KEYS, legs, {**changes, "marked": whole(0)}).subquery()
    until = Window(days.c.store_id, days.c.day, (None, 0))

    def level(each: str) -> Sql:
        came, went = (until.over(func.sum(days.c[f"{each}_{way}"])) for way in ("in", "out"))
        return (came - went).label(each)

    at = select(days.c.store_id, days.c.day, days.c.marked, *(level(each) for each in _SETS)).subquery().c
    return (
        select(
            at.store_id,
            at.day,
            at.active.label("active"),
            (at.active - at.seen_30d).label("no_visit_30d"),
            (at.late - at.booked).label("overdue_30d"),
            (at.known - at.seen_12m).label("dormant_12m"),
            at.cohort.label("cohort_12m"),
            (at.cohort + at.seen_12m - at.active).label("retained_12m"),
        )
        .where(at.marked > 0)
        .order_by(at.store_id, at.day)
    )


def _since_visit(part: Part, visit: CTE) -> list[Select[Any]]:
    """Steps of the sets that follow from visits alone."""
    day, sold = visit.c.day, visit.c.sold_on
    year, two_years = visit.c.year_over, visit.c.two_years_over
    stretches = {
        "known": (day, sold),
        "active": (day, func.least(two_years, sold)),
        "seen_12m": (day, func.least(year, sold)),
        "seen_30d": (day, func.least(add_days(day, whole(31)), sold)),
        "cohort": (year, func.least(two_years, sold)),
    }
    begins = {name: begin for name, (begin, _) in stretches.items()}
    ends = {name: end for name, (_, end) in stretches.items()}
    rows = select(
        visit.c.store_id,
        visit.c.customer_id,
        *(begin.label(f"{name}_from") for name, begin in begins.items()),
        *(end.label(f"{name}_to") for name, end in ends.items()),
    ).subquery()
    return _steps(part, rows, list(stretches), rows.c.active_from, "customer_visits")


def _late(part: Part, visit: CTE) -> list[Select[Any]]:
    """Steps of the customers who are overdue or have a booking ahead, and of those who have one."""
    booking, customer = part.of(APPOINTMENT), part.of(CUSTOMER)
    overdue_from = add_days(visit.c.due_on, whole(31))
    overdue_to = func.least(visit.c.next_day, visit.c.sold_on, visit.c.two_years_over)
    overdue = select(
        visit.c.store_id,
        visit.c.customer_id,
        overdue_from.label("late_from"),
        overdue_to.label("late_to"),
        overdue_from.label("booked_from"),
        overdue_from.label("booked_to"),  # an empty stretch
    ).where(overdue_from < overdue_to)
    booked_from = day_of(booking.c.booked_at)
    cancelled_on = func.coalesce(day_of(booking.c.cancelled_at), moment(NEVER))
    booked_to = func.least(booking.c.day, cancelled_on)
    booked = (
        select(
            customer.c.store_id,
            booking.c.customer_id,
            booked_from.label("late_from"),
            booked_to.label("late_to"),
            booked_from.label("booked_from"),
            booked_to.label("booked_to"),
        )
        .select_from(booking.join(customer, booking.c.customer_id == customer.c.customer_id))
        .where(booked_from < booked_to)
    )
    rows = union_all(overdue, booked).subquery()
    return _steps(part, rows, ["late", "booked"], rows.c.late_from, "late_stretches")


def _steps(part: Part, rows: FromClause, sets: Iterable[str], order: Sql, name: str) -> list[Select[Any]]:
    """How many customers enter and leave each set, by store and kept day.

    `order` sorts by the begin of every set alike. A stretch adds what lies beyond the end of all earlier ones.
    """
    before = Window(rows.c.customer_id, order, (None, -1))

    def beyond(each: str) -> Sql:
        ended = func.coalesce(before.over(func.max(rows.c[f"{each}_to"])), moment(date(1970, 1, 1)))
        return func.greatest(rows.c[f"{each}_from"], ended)

    merged = select(
        rows.c.store_id,
        *(rows.c[f"{each}_to"] for each in sets),
        *(beyond(each).label(f"{each}_from") for each in sets),
    ).cte(name)
    last = moment(part.complete_day)
    steps = []
    for each in sets:
        begin, end = merged.c[f"{each}_from"], merged.c[f"{each}_to"]
        for day, way in ((begin, "in"), (end, "out")):
            keys = {"store_id": merged.c.store_id, "day": _kept_day(part, day)}
            steps.append(leg(merged, keys, (begin < end, day <= last), **{f"{each}_{way}": func.count()}))
    return steps


def _kept_day(part: Part, day: Sql) -> Sql:
    """The first day on which a change is seen: a Monday, or after the last Monday the last complete day."""
    last_monday = part.complete_day - timedelta(days=part.complete_day.weekday())
    monday = period_start("week", add_days(day, whole(6)))
    return case((day > moment(last_monday), moment(part.complete_day)), else_=monday)


def _marked_days(part: Part) -> Select[Any]:
    """The days of which levels are kept, for every store."""
    opening, store = part.of(STORE_OPENING), part.of(STORE)
    last = moment(part.complete_day)
    kept = or_(opening.c.day == period_start("week", opening.c.day), opening.c.day == last)
    days = select(opening.c.day).where(kept, opening.c.day <= last).distinct().subquery()
    rows = store.join(days, whole(1) == whole(1))
    return leg(rows, {"store_id": store.c.store_id, "day": days.c.day}, marked=func.count())
