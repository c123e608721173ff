"""The rollups of stock: stock_day (value by age) and part_state (each part at each store: demand, class, cover).

Limits of age are 4, 6 and 12 months (121, 182, 365 days), of demand classes those of Syntetos and Boylan (ADI 1.32,
CV2 0.49), of ABC 80 and 95 % of the year's demand at cost. (domain.md 2.2 E, 4.2)
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, case, func, literal, or_, select

from data_access.dialects import add_days, days_between, moment, period_start, quotient
from data_access.rollup.additive import Part, Sql, leg, rollup_of, whole
from data_access.schema import PART, PART_REQUEST, PART_WEEK, STOCK_DAY, STOCK_LEVEL

POTENTIAL_DAYS, SLOW_DAYS, DEAD_DAYS = 121, 182, 365
ADI_CUT, CV2_CUT, A_SHARE, B_SHARE = 1.32, 0.49, 0.80, 0.95
QUARTER_DAYS, YEAR_WEEKS, SPARE_DAYS = 91, 52, 90
LONG_AGO = date(1970, 1, 1)


def stock_day(part: Part) -> Select[Any]:
    """Stock value of a store's levels by age, and what a day's demand is worth at the time."""
    level, item = part.of(STOCK_LEVEL), part.of(PART)
    is_age = {name: _age(level, item) == name for name in ("potential", "slow", "dead")}
    aged = {f"{name}_value": _sum_where(condition, level.c.value) for name, condition in is_age.items()}
    stock = leg(
        level.join(item, level.c.part_no == item.c.part_no),
        {"store_id": level.c.store_id, "day": level.c.day},
        (),
        value=func.sum(level.c.value),
        supply_value=func.sum((level.c.quantity + level.c.on_order) * item.c.unit_cost),
        **aged,
    )
    return rollup_of(STOCK_DAY, ("store_id", "day"), [stock, _demand_value(part)])


def _sum_where(condition: ColumnElement[bool], value: Sql) -> Sql:
    return func.sum(case((condition, value), else_=whole(0)))


def _demand_value(part: Part) -> Select[Any]:
    """Mean daily cost of what was asked for in the 91 days to each day with levels, or since there are requests."""
    level, request, item = part.of(STOCK_LEVEL), part.of(PART_REQUEST), part.of(PART)
    asked = (
        select(
            request.c.store_id.label("asked_at"),
            request.c.day.label("asked_on"),
            func.sum(request.c.quantity * item.c.unit_cost).label("worth"),
        )
        .select_from(request.join(item, request.c.part_no == item.c.part_no))
        .group_by(request.c.store_id, request.c.day)
        .cte("asked")
    )
    days = select(level.c.store_id, level.c.day).distinct().cte("level_days")
    since = select(func.min(asked.c.asked_on).label("since")).subquery("asked_since")
    known = days_between(since.c.since, days.c.day) + 1
    span = case((known < QUARTER_DAYS, known), else_=whole(QUARTER_DAYS))
    within = and_(
        asked.c.asked_at == days.c.store_id,
        asked.c.asked_on <= days.c.day,
        asked.c.asked_on > add_days(days.c.day, whole(-QUARTER_DAYS)),
    )
    rows = days.join(asked, within).join(since, whole(1) == whole(1))
    keys = {"store_id": days.c.store_id, "day": days.c.day}
    return leg(rows, keys, demand_value=quotient(func.sum(asked.c.worth), func.max(span)))


def _age(level: FromClause, item: FromClause) -> Sql:
    """How long a stock level has lain, by last issue and own receipt."""
    moved = func.greatest(
        func.coalesce(level.c.last_issued_on, moment(LONG_AGO)),
        func.coalesce(level.c.last_received_on, moment(LONG_AGO)),
    )
    idle = days_between(moved, level.c.day)
    is_new = days_between(item.c.introduced_on, level.c.day) < SLOW_DAYS
    return case(
        (level.c.quantity <= 0, literal("none")),
        (idle > DEAD_DAYS, literal("dead")),
        (or_(item.c.seasonal, is_new, idle <= POTENTIAL_DAYS), literal("moving")),
        (idle > SLOW_DAYS, literal("slow")),
        else_=literal("potential"),
    )


def part_state(part: Part) -> Select[Any]:
    """Every store and part of the newest levels, with its demand, classes and cover."""
    level, item, demand = part.of(STOCK_LEVEL), part.of(PART), _demand(part)
    newest = select(func.max(level.c.day)).where(level.c.day <= moment(part.complete_day)).scalar_subquery()
    weeks, zero = demand.c.weeks, whole(0)
    year = func.coalesce(demand.c.year, zero)
    rate = quotient(func.coalesce(demand.c.pieces, zero), demand_days(demand))
    rows = (
        select(
            level,
            item.c.lead_time_days.label("lead_time"),
            item.c.superseded_by.label("heir"),
            case((item.c.criticality == "stops_car", whole(1)), else_=whole(0)).label("stops_car_"),
            _age(level, item).label("age_"),
            year.label("year_"),
            func.coalesce(demand.c.quarter, zero).label("quarter_"),
            func.coalesce(rate, zero).label("rate_"),
            quotient(demand.c.periods, weeks).label("interval_"),
            (quotient(demand.c.squares * weeks, demand.c.year * demand.c.year) - 1).label("variation_"),
            (year * item.c.unit_cost).label("worth_"),
        )
        .select_from(
            level.join(item, level.c.part_no == item.c.part_no).outerjoin(
                demand, and_(level.c.store_id == demand.c.at_store, level.c.part_no == demand.c.of_part)
            )
        )
        .where(level.c.day == newest)
        .subquery("levels")
        .c
    )
    spent = func.coalesce(
        func.sum(rows.worth_).over(
            partition_by=rows.store_id, order_by=(rows.worth_.desc(), rows.part_no), rows=(None, -1)
        ),
        zero,
    )
    total = func.sum(rows.worth_).over(partition_by=rows.store_id)
    supply = rows.quantity + rows.on_order
    lacking = rows.rate_ * rows.lead_time - supply
    beyond = func.floor(rows.quantity - rows.rate_ * SPARE_DAYS)
    named = (
        "store_id",
        "part_no",
        "day",
        "quantity",
        "value",
        "on_order",
        "last_issued_on",
        "last_received_on",
    )
    return select(
        *(rows[name] for name in named),
        rows.age_.label("age"),
        rows.rate_.label("daily"),
        rows.year_.label("demand_52w"),
        rows.quarter_.label("demand_13w"),
        rows.interval_.label("interval_weeks"),
        rows.variation_.label("variation"),
        _demand_class(rows.interval_, rows.variation_).label("demand_class"),
        case(
            (rows.worth_ <= 0, literal("N")),
            (spent < total * A_SHARE, literal("A")),
            (spent < total * B_SHARE, literal("B")),
            else_=literal("C"),
        ).label("abc"),
        quotient(supply, rows.rate_).label("cover_days"),
        case((and_(rows.heir.is_(None), lacking > 0), lacking), else_=zero).label("short"),
        case((beyond > 0, beyond), else_=zero).label("spare"),
        rows.stops_car_.label("stops_car"),
    ).order_by(rows.store_id)


def _demand_class(interval: Sql, variation: Sql) -> Sql:
    often, steady = interval < ADI_CUT, variation < CV2_CUT
    return case(
        (interval.is_(None), literal("none")),
        (and_(often, steady), literal("smooth")),
        (often, literal("erratic")),
        (steady, literal("intermittent")),
        else_=literal("lumpy"),
    )


def demand_days(demand: FromClause) -> Sql:
    """Days over which `pieces` were asked for: 13 weeks, or as long as the part has been known."""
    days = demand.c.periods * 7
    return case((days < QUARTER_DAYS, days), else_=whole(QUARTER_DAYS))


def _demand(part: Part) -> CTE:
    """Demand of a part at a store in the last 52 whole weeks, a superseded part's under its successor's number.

    `pieces` is what the daily demand is read from: the last quarter, for a seasonal part the quarter ahead as it was a
    year ago where that was more.
    """
    last = part.complete_day - timedelta(
        days=(part.complete_day.weekday() + 1) % 7 + 6
    )  # Monday of the last whole week
    first, ahead, quarter = (last - timedelta(weeks=weeks) for weeks in (YEAR_WEEKS - 1, YEAR_WEEKS - 13, 12))
    week, item, heir, kept = (
        part.of(PART_WEEK),
        part.of(PART),
        part.of(PART).alias("heir"),
        part.of(PART).alias("kept"),
    )
    number = func.coalesce(heir.c.superseded_by, item.c.superseded_by, item.c.part_no)
    rows = week.join(item, week.c.part_no == item.c.part_no).outerjoin(
        heir, item.c.superseded_by == heir.c.part_no
    )
    weekly = (
        select(
            week.c.store_id.label("at_store"),
            number.label("of_part"),
            week.c.day.label("monday"),
            func.sum(week.c.quantity).label("asked"),
        )
        .select_from(rows)
        .where(week.c.day.between(moment(first), moment(last)))
        .group_by(week.c.store_id, number, week.c.day)
        .cte("weekly_demand")
    )
    since = select(func.min(weekly.c.monday).label("since")).subquery("demand_since")
    born = period_start("week", kept.c.introduced_on)
    begin = case((born > since.c.since, born), else_=since.c.since)
    recent = _sum_where(weekly.c.monday >= moment(quarter), weekly.c.asked)
    coming = _sum_where(weekly.c.monday <= moment(ahead), weekly.c.asked)
    seasonal = func.max(case((kept.c.seasonal, whole(1)), else_=whole(0))) > 0
    return (
        select(
            weekly.c.at_store,
            weekly.c.of_part,
            func.sum(weekly.c.asked).label("year"),
            recent.label("quarter"),
            case((and_(seasonal, coming > recent), coming), else_=recent).label("pieces"),
            func.sum(weekly.c.asked * weekly.c.asked).label("squares"),
            func.count().label("weeks"),
            func.max(_weeks(begin, last)).label("periods"),
        )
        .select_from(weekly.join(kept, weekly.c.of_part == kept.c.part_no).join(since, whole(1) == whole(1)))
        .where(weekly.c.asked > 0)
        .group_by(weekly.c.at_store, weekly.c.of_part)
        .cte("part_demand")
    )


def _weeks(begin: Sql, last: date) -> Sql:
    """Whole weeks from a Monday to that of the last one; at least 1."""
    weeks = func.floor(quotient(days_between(begin, moment(last)), whole(7))) + 1
    return case((weeks < 1, whole(1)), else_=weeks)
