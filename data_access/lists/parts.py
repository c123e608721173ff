"""Parts that need a decision, from what publishing worked out of each part at each store (part_state, transfer)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, literal_column, select

from data_access.dialects import quotient
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import PART, PART_STATE, STORE, TRANSFER
from kpi.listing import ListQuestion

Sql = ColumnElement[Any]
AGED = ("dead", "slow", "potential")
_WEEK: Sql = literal_column("7.0")
_ZERO: Sql = literal_column("0")


def _row_id(store: Sql, part: Sql) -> Sql:
    return func.concat(store, "-", part)


def _part_columns() -> tuple[Sql, ...]:
    return PART.c.part_no, PART.c.name_zh.label("part_zh"), PART.c.name_en.label("part_en"), PART.c.category


def _stock() -> FromClause:
    state = PART_STATE
    return state.join(STORE, STORE.c.store_id == state.c.store_id).join(
        PART, PART.c.part_no == state.c.part_no
    )


def parts_at_risk(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Cover below lead time: what stops a car first, then where most pieces lack."""
    state = PART_STATE.c
    return (
        select(
            _row_id(state.store_id, state.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            PART.c.criticality,
            state.abc,
            state.demand_class,
            state.quantity,
            state.on_order,
            (state.daily * _WEEK).label("weekly"),
            state.cover_days,
            PART.c.lead_time_days,
            func.ceil(state.short).label("short"),
        )
        .select_from(_stock())
        .where(state.short > 0)
        .order_by(
            state.stops_car.desc(),
            func.ceil(state.short).desc(),
            state.cover_days,
            state.store_id,
            state.part_no,
        )
    )


def dead_parts(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Stock that lies, store by store, the largest value first."""
    state = PART_STATE.c
    return (
        select(
            _row_id(state.store_id, state.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            state.age,
            state.quantity,
            state.value,
            state.last_issued_on,
            state.last_received_on,
            PART.c.superseded_by,
        )
        .select_from(_stock())
        .where(state.age.in_(AGED))
        .order_by(state.value.desc(), state.store_id, state.part_no)
    )


def aged_parts(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Stock that lies, part by part: a part that dies does so everywhere. What is dying stands before what is dead long
    since: of the one nobody need buy any more, of the other nobody does."""
    state = PART_STATE.c

    def where_aged(value: Sql, *ages: str) -> Sql:
        return func.sum(case((state.age.in_(ages), value), else_=_ZERO))

    total = where_aged(state.value, *AGED)
    keys = (PART.c.part_no, PART.c.name_zh, PART.c.name_en, PART.c.category, PART.c.superseded_by)
    return (
        select(
            *_part_columns(),
            PART.c.superseded_by,
            where_aged(literal_column("1"), *AGED).label("stores"),
            where_aged(state.quantity, *AGED).label("pieces"),
            total.label("aged_value"),
            *(where_aged(state.value, age).label(f"{age}_value") for age in AGED),
            quotient(func.sum(state.demand_13w), literal_column("13.0")).label("weekly"),
            func.max(state.last_issued_on).label("issued_on"),
        )
        .select_from(_stock())
        .group_by(*keys)
        .having(total > _ZERO)
        .order_by(where_aged(state.value, "slow", "potential").desc(), total.desc(), PART.c.part_no)
    )


def part_classes(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Stock by ABC class and pattern of demand."""
    state = PART_STATE.c
    return (
        select(
            func.concat(state.abc, "-", state.demand_class).label("row_id"),
            state.abc,
            state.demand_class,
            func.count().label("positions"),
            func.sum(state.value).label("stock_value"),
            func.sum(case((state.short > 0, literal_column("1")), else_=_ZERO)).label("lacking"),
        )
        .select_from(PART_STATE.join(STORE, STORE.c.store_id == state.store_id))
        .group_by(state.abc, state.demand_class)
        .order_by(state.abc, state.demand_class)
    )


def class_parts(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """What the cells of `part_classes` are made of, the largest value first; of one class where it is narrowed to one."""
    state = PART_STATE.c
    query = (
        select(
            _row_id(state.store_id, state.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            state.abc,
            state.demand_class,
            state.quantity,
            state.value,
            state.on_order,
            (state.daily * _WEEK).label("weekly"),
            state.cover_days,
            state.age,
            state.last_issued_on,
        )
        .select_from(_stock())
        .order_by(state.value.desc(), state.store_id, state.part_no)
    )
    for key, members in question.only:
        if key in ("abc", "demand_class"):
            query = query.where(state[key].in_(members))
    return query


def transfers(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """What a store in reach can give to one that is short, the largest saving first."""
    move, giver = TRANSFER.c, STORE.alias("giver")
    saved = move.moved * PART.c.unit_cost
    return (
        select(
            _row_id(move.store_id, move.part_no).label("row_id"),
            *STORE_COLUMNS,
            *_part_columns(),
            move.short,
            giver.c.name_zh.label("giver_zh"),
            giver.c.name_en.label("giver_en"),
            move.giver_id,
            move.km,
            move.spare,
            move.moved,
            saved.label("saved"),
            move.idle_since,
        )
        .select_from(
            TRANSFER.join(STORE, STORE.c.store_id == move.store_id)
            .join(PART, PART.c.part_no == move.part_no)
            .join(giver, giver.c.store_id == move.giver_id)
        )
        .order_by(saved.desc(), move.store_id, move.part_no)
    )
