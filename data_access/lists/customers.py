"""The call list: who is past due, worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, literal_column, select

from data_access.lists.store import STORE_COLUMNS
from data_access.schema import CUSTOMER, CUSTOMER_STATE, STORE, VEHICLE
from kpi.listing import ListQuestion

OVERDUE_DAYS, MOST_CONTACTS, LONG_WAIT_MINUTES, LOW_SCORE, FEW_VISITS = 30, 2, 45, 60, 2
HIGH_VALUE = 4_000.0
"""CNY in 24 months."""


def call_list(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Overdue customers with consent, by days overdue x value; a second reason stands beside the first."""
    state, customer, vehicle = CUSTOMER_STATE.c, CUSTOMER.c, VEHICLE.c
    score = state.days_overdue * func.ln(
        1 + case((state.revenue_24m > 0, state.revenue_24m), else_=literal_column("0"))
    )
    second = case(
        (state.complaints_12m > 0, literal("complaint")),
        (state.comebacks_12m > 0, literal("comeback")),
        (state.last_csi < LOW_SCORE, literal("low_score")),
        (state.last_wait_minutes > LONG_WAIT_MINUTES, literal("waited")),
        (vehicle.warranty_ends_on < state.day, literal("warranty")),
        (state.revenue_24m > HIGH_VALUE, literal("valuable")),
        else_=literal("rare"),
    )
    return (
        select(
            state.vehicle_id,
            customer.name.label("customer"),
            customer.phone,
            *STORE_COLUMNS,
            vehicle.model,
            state.days_overdue,
            state.last_visit_on,
            state.revenue_24m,
            score.label("score"),
            literal("overdue").label("reason_1"),
            second.label("reason_2"),
        )
        .select_from(
            CUSTOMER_STATE.join(STORE, STORE.c.store_id == state.store_id)
            .join(CUSTOMER, customer.customer_id == state.customer_id)
            .join(VEHICLE, vehicle.vehicle_id == state.vehicle_id)
        )
        .where(
            and_(
                state.days_overdue >= OVERDUE_DAYS,
                state.has_booking.is_(False),
                state.visits_24m > 0,
                customer.marketing_consent.is_(True),
                customer.hold_out.is_(False),
                customer.contacts_7d < MOST_CONTACTS,
            )
        )
        .order_by(score.desc(), state.vehicle_id)
    )
