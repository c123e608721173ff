"""The call list by the model: who is expected to stay away, is worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, literal_column, select

from data_access.foretold import CUSTOMER_RISK
from data_access.lists.customers import MOST_CONTACTS
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.call_candidate import HIGH_VALUE
from data_access.rollup.customer_day import OVERDUE
from data_access.schema import CUSTOMER, CUSTOMER_STATE, STORE, VEHICLE
from kpi.listing import ListQuestion


def risk_list(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Whom the model expects to stay away and who may be called: the red band first, by chance x value of a year."""
    risk, state, customer, vehicle = CUSTOMER_RISK.c, CUSTOMER_STATE.c, CUSTOMER.c, VEHICLE.c
    # Who calls has two reasons at hand (domain.md 2.2 D): where fewer speak for staying away, what else is true.
    unbooked, valuable = literal("unbooked"), case((state.revenue_24m > HIGH_VALUE, literal("valuable")))
    other = case(
        (risk.reason_1.is_not(None), unbooked),
        (risk.days_overdue < OVERDUE, literal("due")),
        else_=literal("overdue"),
    )
    at_risk = risk.chance * case((state.revenue_24m > 0, state.revenue_24m), else_=literal_column("0")) / 2.0
    return (
        select(
            risk.vehicle_id,
            customer.name.label("customer"),
            customer.phone,
            *STORE_COLUMNS,
            vehicle.model,
            risk.band,
            (risk.chance * 100.0).label("score"),
            at_risk.label("at_risk"),
            risk.days_overdue,
            state.last_visit_on,
            func.coalesce(risk.reason_1, unbooked).label("reason_1"),
            func.coalesce(risk.reason_2, valuable, other).label("reason_2"),
            risk.reason_3,
        )
        .select_from(
            CUSTOMER_RISK.join(STORE, STORE.c.store_id == risk.store_id)
            .join(CUSTOMER_STATE, state.vehicle_id == risk.vehicle_id)
            .join(CUSTOMER, customer.customer_id == risk.customer_id)
            .join(VEHICLE, vehicle.vehicle_id == risk.vehicle_id)
        )
        .where(
            risk.band.in_(("amber", "red")),
            state.has_booking.is_(False),
            customer.marketing_consent.is_(True),
            customer.hold_out.is_(False),
            customer.contacts_7d < MOST_CONTACTS,
        )
        .order_by(risk.band.desc(), at_risk.desc(), risk.vehicle_id)
    )
