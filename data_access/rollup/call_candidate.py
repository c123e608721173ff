"""Whom a campaign might call: the rollup call_candidate, from customer_state (domain.md 2.2 D)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, select

from data_access.dialects import quotient
from data_access.rollup.additive import Part, whole
from data_access.rollup.customer_day import OVERDUE
from data_access.schema import CALL_CANDIDATE, CUSTOMER, CUSTOMER_STATE, VEHICLE

RISK_DAYS = 180
"""Days past due at which the rule's risk is 100."""
LONG_WAIT_MINUTES, LOW_SCORE, HIGH_VALUE = 45, 60, 4_000
"""HIGH_VALUE is CNY in 24 months."""


def may_be_called(customer: FromClause) -> ColumnElement[bool]:
    """Has consented, and is not of the control share that campaigns leave alone."""
    return and_(customer.c.marketing_consent.is_(True), customer.c.hold_out.is_(False))


def call_candidate(part: Part) -> Select[Any]:
    """Consenting customers past due without a booking, by value at risk; a second reason stands beside the first."""
    state, customer, vehicle = part.of(CUSTOMER_STATE), part.of(CUSTOMER), part.of(VEHICLE)
    overdue = state.c.days_overdue
    risk = quotient(case((overdue < RISK_DAYS, overdue), else_=whole(RISK_DAYS)) * 100, whole(RISK_DAYS))
    value = case((state.c.revenue_24m > 0, state.c.revenue_24m), else_=whole(0))
    second = case(
        (state.c.complaints_12m > 0, literal("complaint")),
        (state.c.comebacks_12m > 0, literal("comeback")),
        (state.c.last_csi < LOW_SCORE, literal("low_score")),
        (state.c.last_wait_minutes > LONG_WAIT_MINUTES, literal("waited")),
        (vehicle.c.warranty_ends_on < state.c.day, literal("warranty")),
        (value > HIGH_VALUE, literal("valuable")),
        else_=literal("rare"),
    )
    rows = (
        select(
            state.c.customer_id,
            state.c.vehicle_id,
            state.c.store_id,
            state.c.day,
            vehicle.c.model,
            overdue.label("days_overdue"),
            state.c.last_visit_on,
            state.c.revenue_24m,
            risk.label("risk"),
            quotient(risk * value, whole(100)).label("at_stake"),
            literal("overdue").label("reason_1"),
            second.label("reason_2"),
        )
        .select_from(
            state.join(customer, customer.c.customer_id == state.c.customer_id).join(
                vehicle, vehicle.c.vehicle_id == state.c.vehicle_id
            )
        )
        .where(
            and_(overdue >= OVERDUE, state.c.has_booking.is_(False), state.c.visits_24m > 0),
            may_be_called(customer),
        )
        .subquery("candidates")
    )
    first = func.row_number().over(
        partition_by=rows.c.customer_id, order_by=(rows.c.at_stake.desc(), rows.c.vehicle_id)
    )
    placed = select(*rows.c, first.label("place")).subquery("placed").c
    columns = [placed[column.name].label(column.name) for column in CALL_CANDIDATE.columns]
    return select(*columns).where(placed.place == 1).order_by(placed.store_id)
