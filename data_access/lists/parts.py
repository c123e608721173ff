"""Parts at risk, dead parts, transfers: from the newest stock level of each store and part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, cast, func, literal_column, select
from sqlalchemy.types import Double

from data_access.dialects import add_days, moment, quotient
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import PART, STOCK_LEVEL, STORE
from kpi.listing import ListQuestion

Sql = ColumnElement[Any]
WEEKS: Sql = literal_column("13.0")
DAYS: Sql = literal_column("91.0")
SPARE_DAYS: ColumnElement[Any] = literal_column("90.0")
"""A store with more days of supply than this can give (domain.md 4.2)."""
SLOW_DAYS = 182


def _newest(question: ListQuestion) -> Sql:
    """The condition that a stock level is the newest of the period; levels are taken network-wide on the same days."""
    every = STOCK_LEVEL.alias("every_level")
    newest = select(func.max(every.c.day)).where(every.c.day <= question.period.last).scalar_subquery()
    return STOCK_LEVEL.c.day == newest


def _row_id(store: Sql, part: Sql) -> Sql:
    return func.concat(store, "-", part)


def _part_columns() -> tuple[Sql, ...]:
    return PART.c.part_no, PART.c.name_zh.label("part_zh"), PART.c.name_en.label("part_en"), PART.c.category


def _stock() -> FromClause:
    level = STOCK_LEVEL
    return level.join(STORE, STORE.c.store_id == level.c.store_id).join(
        PART, PART.c.part_no == level.c.part_no
    )


def parts_at_risk(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Cover below lead time, the shortest first."""
    level = STOCK_LEVEL.c
    weekly = quotient(level.issued_13w, WEEKS)
    cover = quotient(level.quantity + level.on_order, quotient(level.issued_13w, DAYS))
    return (
        select(
            _row_id(level.store_id, level.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            level.quantity,
            level.on_order,
            weekly.label("weekly"),
            cover.label("cover_days"),
            PART.c.lead_time_days,
        )
        .select_from(_stock())
        .where(
            _newest(question),
            PART.c.criticality == "stops_car",
            level.issued_13w > 0,
            cover < PART.c.lead_time_days,
        )
        .order_by(cover - PART.c.lead_time_days, level.issued_13w.desc(), level.store_id, level.part_no)
    )


def dead_parts(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Idle for six months by issue and by own receipt, the largest value first."""
    level = STOCK_LEVEL.c
    edge = add_days(moment(question.period.last), literal_column(str(-SLOW_DAYS)))
    idle = [
        case(
            (column.is_(None), literal_column("1")),
            (column < edge, literal_column("1")),
            else_=literal_column("0"),
        )
        == 1
        for column in (level.last_issued_on, level.last_received_on)
    ]
    return (
        select(
            _row_id(level.store_id, level.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            level.quantity,
            level.value,
            level.last_issued_on,
            level.last_received_on,
        )
        .select_from(_stock())
        .where(_newest(question), level.quantity > 0, PART.c.seasonal.is_(False), *idle)
        .order_by(level.value.desc(), level.store_id, level.part_no)
    )


def transfers(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """For each short store and part the fullest store of the same city that can spare some."""
    giver_level, giver = STOCK_LEVEL.alias("giver_level"), STORE.alias("giver")
    level = STOCK_LEVEL.c
    daily = quotient(level.issued_13w, DAYS)
    given_daily = quotient(giver_level.c.issued_13w, DAYS)
    short = func.ceil(daily * PART.c.lead_time_days - level.quantity - level.on_order)
    spare = func.floor(giver_level.c.quantity - given_daily * SPARE_DAYS)
    move = case((short < spare, short), else_=spare)
    fullest = func.row_number().over(
        partition_by=(level.store_id, level.part_no), order_by=(spare.desc(), giver_level.c.store_id)
    )
    same_day = giver_level.c.day == level.day
    pairs = (
        select(
            _row_id(level.store_id, level.part_no).label("row_id"),
            level.store_id.label("taker_id"),
            *_part_columns(),
            cast(short, Double).label("short"),
            giver.c.name_zh.label("giver_zh"),
            giver.c.name_en.label("giver_en"),
            giver.c.store_id.label("giver_id"),
            cast(spare, Double).label("spare"),
            cast(move, Double).label("move"),
            (move * PART.c.unit_cost).label("saved"),
            fullest.label("place"),
        )
        .select_from(
            _stock()
            .join(giver_level, and_(giver_level.c.part_no == level.part_no, same_day))
            .join(giver, and_(giver.c.store_id == giver_level.c.store_id, giver.c.city == STORE.c.city))
        )
        .where(
            _newest(question),
            giver.c.store_id != level.store_id,
            level.issued_13w > 0,
            short >= 1,
            spare >= 1,
        )
        .subquery("pairs")
    )
    columns = [column for column in pairs.c if column.name not in ("taker_id", "place")]
    return (
        select(*STORE_COLUMNS, *columns)
        .select_from(pairs.join(STORE, STORE.c.store_id == pairs.c.taker_id))
        .where(pairs.c.place == 1)
        .order_by(pairs.c.saved.desc(), pairs.c.row_id)
    )
