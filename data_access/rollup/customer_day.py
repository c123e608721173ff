"""The levels of a store's customer base, customer_day, from the whole history of visits (domain.md 2.2 D).

Levels of many days are not counted day by day. Each level is a set of stretches of days: a visit makes its customer
active from its day until 24 months later, and so on. A customer enters a set when a stretch begins while no earlier one
runs, and leaves it on the day after the last one ends; a running sum over a store's days is the level of every day.
Whether a stretch still runs, the vehicle's visit before and after tell (`_alone`). Only of customers with several
vehicles, or with a booking while they are overdue, stretches have to be merged by their ends (`_merged`).

The sets are known (ever visited), active (24 months), seen_12m, seen_30d, cohort (13th to 24th month after a visit),
booked (a booking lies ahead) and late (overdue or booked). The levels follow, since each of the sets on the right lies
within, or together makes up, the one on the left of it:
    no_visit_30d = active - seen_30d               dormant_12m = known - seen_12m
    retained_12m = cohort + seen_12m - active      overdue_30d = late - booked      overdue_90d = later - later_booked
Of booked and late only customers are counted who are overdue at some time; of the others the two are the same.

The vehicles that campaigns might win back (reachable), those of the control share, and those of each that came soon are
levels as well, counted without regard to bookings (`_recalled`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, BigInteger, FromClause, Select, and_, case, cast, func, or_, select, union_all

from data_access.dialects import add_days, day_of, days_between, moment, period_start
from data_access.rollup.additive import Part, Sql, count_if, whole
from data_access.rollup.visits import CARE_VISIT, LONG_AGO, NEVER, Window, months_over
from data_access.schema import APPOINTMENT, CUSTOMER, STORE, STORE_OPENING

_NEAR = 360  # days; less than any year, two years less a year included
OVERDUE, LONG_OVERDUE = 30, 90
"""Days past the expected visit from which a customer is late, and at high risk."""
BACK_WITHIN = 60
_RECALLED = ("reachable", "reachable_back", "control", "control_back")
_SETS = (
    "known", "active", "seen_12m", "seen_30d", "cohort", "booked", "late", "later_booked", "later", *_RECALLED
)  # fmt: skip


def customer_day(part: Part) -> Select[Any]:
    """Levels of a store's customer base on Mondays and on the last complete day.

    A customer counts at the home store, once, however many vehicles; overdue ones are among the active ones.
    """
    visit = part.of(CARE_VISIT)
    late = [
        *_late(part, visit, OVERDUE, ("late", "booked")),
        *_late(part, visit, LONG_OVERDUE, ("later", "later_booked")),
    ]
    moves = [*_alone(part, visit), *_several(part, visit), *late, *_recalled(part, visit), _marked_days(part)]
    rows = union_all(*moves).subquery()
    sums = [func.sum(rows.c[name]).label(f"{name}_") for name in (*_SETS, "marked")]
    days = select(rows.c.store_id, rows.c.day, *sums).group_by(rows.c.store_id, rows.c.day).subquery()
    until = Window(days.c.store_id, days.c.day, (None, 0))
    levels = [until.over(func.sum(days.c[f"{name}_"])).label(name) for name in _SETS]
    at = select(days.c.store_id, days.c.day, days.c.marked_, *levels).subquery().c
    return (
        select(
            at.store_id,
            at.day,
            at.active.label("active"),
            (at.active - at.seen_30d).label("no_visit_30d"),
            (at.late - at.booked).label("overdue_30d"),
            (at.later - at.later_booked).label("overdue_90d"),
            (at.known - at.seen_12m).label("dormant_12m"),
            at.cohort.label("cohort_12m"),
            (at.cohort + at.seen_12m - at.active).label("retained_12m"),
            *(at[name].label(name) for name in _RECALLED),
        )
        .where(at.marked_ > 0)
        .order_by(at.store_id, at.day)
    )


def _moves(part: Part, rows: FromClause, day: Sql, **changes: Sql) -> Select[Any]:
    """How many customers enter (or, below 0, leave) sets on `day`, by store and kept day."""
    sums = {name: func.sum(change) for name, change in changes.items()}
    kept = _kept_day(part, day)
    seen = day <= moment(part.complete_day)
    return (
        select(rows.c.store_id, kept.label("day"), *_columns(sums))
        .where(seen)
        .group_by(rows.c.store_id, kept)
    )


def _columns(changes: Mapping[str, Sql]) -> list[Sql]:
    """The changes of all sets, 0 where nothing is named, and all of one type, since ClickHouse mixes none."""
    return [cast(changes.get(name, whole(0)), BigInteger).label(name) for name in (*_SETS, "marked")]


def _kept_day(part: Part, day: Sql) -> Sql:
    """The first day on which a change is seen: a Monday, or after the last Monday the last complete day."""
    last_monday = part.complete_day - timedelta(days=part.complete_day.weekday())
    monday = period_start("week", add_days(day, whole(6)))
    return case((day > moment(last_monday), moment(part.complete_day)), else_=monday)


def _stretches(day: Sql) -> dict[str, tuple[Sql, Sql]]:
    """The stretches that a visit begins, if the vehicle is not sold before they end."""
    year, two_years = months_over(day, 12), months_over(day, 24)
    return {
        "active": (day, two_years),
        "seen_12m": (day, year),
        "seen_30d": (day, add_days(day, whole(31))),
        "cohort": (year, two_years),
    }


def _alone(part: Part, visit: FromClause) -> list[Select[Any]]:
    """Moves of customers with one vehicle, from each visit and its neighbours."""
    day, sold = visit.c.day, visit.c.sold_on
    here, before, after = (_stretches(each) for each in (day, visit.c.previous_day, visit.c.next_day))
    first, last = visit.c.previous_day == moment(LONG_AGO), visit.c.next_day == moment(NEVER)
    entering, leaving, cut = {"known": count_if(first)}, {}, {"known": count_if(last)}
    for name, (begin, end) in here.items():
        fresh = before[name][1] < begin
        entering[name] = count_if(fresh if begin is day else and_(fresh, begin < sold))
        leaving[name] = count_if(and_(end < sold, end < after[name][0]))
        cut[name] = count_if(and_(begin < sold, end >= sold, after[name][0] >= sold))
    apart = (days_between(visit.c.previous_day, day), days_between(day, visit.c.next_day))
    far = or_(*(days > _NEAR for days in apart))
    # Nothing but seen_30d changes by a visit that has one before and one after it within the year; most have.

    def counts(name: str, key: Sql, where: Sequence[Sql], **measures: Sql) -> CTE:
        named = [count.label(name) for name, count in measures.items()]
        rows = select(visit.c.store_id, key.label("day"), *named).where(~visit.c.several, *where)
        return rows.group_by(visit.c.store_id, key).cte(name)

    def both(names: Iterable[str]) -> dict[str, Sql]:
        moves = {f"{name}_in": entering[name] for name in names}
        return moves | {f"{name}_out": leaving[name] for name in names if name in leaving}

    long = [name for name in entering if name != "seen_30d"]
    went = counts("customer_went", sold, (sold < moment(NEVER),), **cut)
    came = counts("customer_came", day, (far,), **both(long))
    seen = counts("customer_seen", day, (), **both(["seen_30d"]))
    moves = [
        _moves(part, went, went.c.day, **{name: -went.c[name] for name in cut}),
        _moves(part, came, came.c.day, known=came.c.known_in),
    ]
    for name in here:
        rows = seen if name == "seen_30d" else came
        begin, end = _stretches(rows.c.day)[name]
        moves.append(_moves(part, rows, begin, **{name: rows.c[f"{name}_in"]}))
        moves.append(_moves(part, rows, end, **{name: -rows.c[f"{name}_out"]}))
    return moves


def _several(part: Part, visit: FromClause) -> list[Select[Any]]:
    """Moves of customers with several vehicles."""
    sold = visit.c.sold_on
    ends = {name: (begin, func.least(end, sold)) for name, (begin, end) in _stretches(visit.c.day).items()}
    rows = _spans(visit, {"known": (visit.c.day, sold), **ends}).where(visit.c.several).subquery()
    return _merged(part, rows, ("known", *ends), rows.c.known_from, "customer_visits")


def _late(part: Part, visit: FromClause, days: int, sets: tuple[str, str]) -> list[Select[Any]]:
    """Moves of the customers who are overdue by `days` or have a booking ahead, and of those who have one."""
    late, booked_ = sets
    begin = add_days(visit.c.due_on, whole(days + 1))
    end = func.least(visit.c.next_day, visit.c.sold_on, months_over(visit.c.day, 24))
    empty = (begin, begin)
    overdue = (
        _spans(visit, {late: (begin, end), booked_: empty}, visit.c.several)
        .where(begin < visit.c.next_day, *_seen(part, begin, end))
        .cte(f"{late}_overdue")
    )
    booked = _bookings(part, sets)
    meet = and_(
        overdue.c.customer_id == booked.c.customer_id,
        overdue.c[f"{late}_from"] < booked.c[f"{late}_to"],
        booked.c[f"{late}_from"] < overdue.c[f"{late}_to"],
    )
    both = (
        select(overdue.c.customer_id)
        .select_from(overdue.join(booked, meet))
        .distinct()
        .cte(f"{late}_overdue_booked")
    )
    mixed = select(both.c.customer_id)
    alone = select(overdue).where(~overdue.c.several, overdue.c.customer_id.not_in(mixed)).subquery()
    columns = ("store_id", "customer_id", *(f"{name}_{way}" for name in sets for way in ("from", "to")))
    rows = union_all(
        select(*(overdue.c[name] for name in columns)).where(
            or_(overdue.c.several, overdue.c.customer_id.in_(mixed))
        ),
        select(*(booked.c[name] for name in columns)).where(booked.c.customer_id.in_(mixed)),
    ).subquery()
    return [
        _moves(part, alone, alone.c[f"{late}_from"], **{late: whole(1)}),
        _moves(part, alone, alone.c[f"{late}_to"], **{late: whole(-1)}),
        *_merged(part, rows, sets, rows.c[f"{late}_from"], f"{late}_stretches"),
    ]


def _recalled(part: Part, visit: FromClause) -> list[Select[Any]]:
    """Moves of overdue vehicles of consenting customers, by whether campaigns may call them, and of those that came soon.

    Nobody knows who was called at the time: the two groups differ by campaigns as a whole, and are alike otherwise.
    """
    customer = part.of(CUSTOMER)
    begin = add_days(visit.c.due_on, whole(OVERDUE + 1))
    end = func.least(visit.c.next_day, visit.c.sold_on, months_over(visit.c.day, 24))
    late = (
        select(
            visit.c.store_id,
            customer.c.hold_out,
            begin.label("begin_on"),
            end.label("end_on"),
            func.greatest(begin, add_days(visit.c.next_day, whole(-BACK_WITHIN))).label("soon_on"),
            (visit.c.next_day == end).label("came"),
        )
        .select_from(visit.join(customer, visit.c.customer_id == customer.c.customer_id))
        .where(begin < visit.c.next_day, customer.c.marketing_consent.is_(True), *_seen(part, begin, end))
        .cte("late_vehicles")
    )

    def flags(sign: int, sets: Mapping[str, Sql]) -> dict[str, Sql]:
        return {name: case((chosen, whole(sign)), else_=whole(0)) for name, chosen in sets.items()}

    groups = {"reachable": ~late.c.hold_out, "control": late.c.hold_out}
    back = {f"{group}_back": and_(chosen, late.c.came) for group, chosen in groups.items()}
    return [
        _moves(part, late, late.c.begin_on, **flags(1, groups)),
        _moves(part, late, late.c.soon_on, **flags(1, back)),
        _moves(part, late, late.c.end_on, **flags(-1, groups | back)),
    ]


def _seen(part: Part, begin: Sql, end: Sql) -> tuple[Sql, ...]:
    """Whether a stretch holds a day of which levels are kept."""
    opening = part.of(STORE_OPENING)
    first = select(func.min(opening.c.day)).scalar_subquery()
    return (begin < end, _kept_day(part, begin) < end, end > first, begin <= moment(part.complete_day))


def _bookings(part: Part, sets: tuple[str, str]) -> CTE:
    """Stretches from a booking to its slot, or to its cancellation."""
    booking, customer = part.of(APPOINTMENT), part.of(CUSTOMER)
    begin = day_of(booking.c.booked_at)
    cancelled_on = func.coalesce(day_of(booking.c.cancelled_at), moment(NEVER))
    end = func.least(booking.c.day, cancelled_on)
    return (
        select(
            customer.c.store_id,
            booking.c.customer_id,
            *(side.label(f"{name}_{way}") for name in sets for way, side in (("from", begin), ("to", end))),
        )
        .select_from(booking.join(customer, booking.c.customer_id == customer.c.customer_id))
        .where(*_seen(part, begin, end))
        .cte(sets[1])
    )


def _spans(visit: FromClause, stretches: Mapping[str, tuple[Sql, Sql]], *more: Sql) -> Select[Any]:
    sides = [
        side.label(f"{name}_{way}")
        for name, (begin, end) in stretches.items()
        for way, side in (("from", begin), ("to", end))
    ]
    return select(visit.c.store_id, visit.c.customer_id, *sides, *more)


def _merged(part: Part, rows: FromClause, sets: Iterable[str], order: Sql, name: str) -> list[Select[Any]]:
    """Moves into and out of each set. A stretch adds what lies beyond the end of all earlier ones.

    `order` sorts by the begin of every set alike.
    """
    before = Window(rows.c.customer_id, order, (None, -1))

    def beyond(each: str) -> Sql:
        ended = func.coalesce(before.over(func.max(rows.c[f"{each}_to"])), moment(LONG_AGO))
        return func.greatest(rows.c[f"{each}_from"], ended)

    merged = select(
        rows.c.store_id,
        *(rows.c[f"{each}_to"] for each in sets),
        *(beyond(each).label(f"{each}_from") for each in sets),
    ).cte(name)
    moves = []
    for each in sets:
        begin, end = merged.c[f"{each}_from"], merged.c[f"{each}_to"]
        kept = select(merged).where(begin < end).subquery()
        moves.append(_moves(part, kept, kept.c[f"{each}_from"], **{each: whole(1)}))
        moves.append(_moves(part, kept, kept.c[f"{each}_to"], **{each: whole(-1)}))
    return moves


def _marked_days(part: Part) -> Select[Any]:
    """The days of which levels are kept, for every store."""
    opening, store = part.of(STORE_OPENING), part.of(STORE)
    last = moment(part.complete_day)
    kept = or_(opening.c.day == period_start("week", opening.c.day), opening.c.day == last)
    days = select(opening.c.day).where(kept, opening.c.day <= last).distinct().subquery()
    every = store.join(days, whole(1) == whole(1))
    return select(store.c.store_id, days.c.day, *_columns({"marked": whole(1)})).select_from(every)
