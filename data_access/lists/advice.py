"""What the nightly run advises on parts: what will run out by the forecast, and what to move and to buy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, or_, select

from data_access.foretold import PART_ADVICE
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import PART, STORE
from kpi.listing import ListQuestion

Sql = ColumnElement[Any]
LIKELY = 0.2
"""Chance to run out from which a part is named (domain.md 5, P2)."""


def _columns() -> tuple[Sql, ...]:
    advice = PART_ADVICE.c
    return (
        func.concat(advice.store_id, "-", advice.part_no).label("row_id"),
        *STORE_COLUMNS,
        PART.c.part_no,
        PART.c.name_zh.label("part_zh"),
        PART.c.name_en.label("part_en"),
        PART.c.category,
        advice.abc,
        advice.demand_class,
        advice.quantity,
        advice.on_order,
        advice.weekly,
        advice.chance,
        advice.moved,
        advice.bought,
    )


def stop_risk(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """What is likely to run out before an order of today arrives: what stops a car first, then the likeliest."""
    advice = PART_ADVICE.c
    stops = case((PART.c.criticality == "stops_car", literal_column("1")), else_=literal_column("0"))
    return (
        select(*_columns(), PART.c.criticality, PART.c.lead_time_days)
        .select_from(
            PART_ADVICE.join(STORE, STORE.c.store_id == advice.store_id).join(
                PART, PART.c.part_no == advice.part_no
            )
        )
        .where(advice.chance >= LIKELY)
        .order_by(stops.desc(), advice.chance.desc(), advice.weekly.desc(), advice.store_id, advice.part_no)
    )


def order_proposal(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """What to move now, then what to buy, the dearest first: moves are few, and wait for nobody's delivery."""
    advice, giver = PART_ADVICE.c, STORE.alias("giver")
    cost = advice.bought * PART.c.unit_cost
    moves = case((advice.moved > 0, literal_column("1")), else_=literal_column("0"))
    return (
        select(
            *_columns(),
            advice.level,
            advice.target,
            giver.c.name_zh.label("giver_zh"),
            giver.c.name_en.label("giver_en"),
            advice.giver_id,
            advice.km,
            cost.label("cost"),
        )
        .select_from(
            PART_ADVICE.join(STORE, STORE.c.store_id == advice.store_id)
            .join(PART, PART.c.part_no == advice.part_no)
            .outerjoin(giver, giver.c.store_id == advice.giver_id)
        )
        .where(or_(advice.bought > 0, advice.moved > 0))
        .order_by(moves.desc(), cost.desc(), advice.moved.desc(), advice.store_id, advice.part_no)
    )
