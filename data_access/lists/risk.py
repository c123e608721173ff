"""The call list by the model: who is expected to stay away, is worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select

from data_access.foretold import CUSTOMER_RISK
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.call_candidate import HIGH_VALUE
from data_access.rollup.customer_day import OVERDUE
from data_access.schema import STORE
from kpi.listing import ListQuestion

ORDER = ("band", "at_risk")
"""From the top: the red band is the last word of the alphabet."""


def risk_list(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Whom the model expects to stay away: the red band first, by chance x value of a year. Of them `callable_now` leaves
    those who may be called."""
    risk = CUSTOMER_RISK.c
    # Who calls has two reasons at hand (domain.md 2.2 D): where fewer speak for staying away, what else is true.
    unbooked, valuable = literal("unbooked"), case((risk.value * 2 > HIGH_VALUE, literal("valuable")))
    other = case(
        (risk.reason_1.is_not(None), unbooked),
        (risk.days_overdue < OVERDUE, literal("due")),
        else_=literal("overdue"),
    )
    at_risk = (risk.chance * risk.value).label("at_risk")
    return (
        select(
            risk.vehicle_id,
            risk.customer_id,
            *STORE_COLUMNS,
            risk.vehicle_model.label("model"),
            risk.band,
            (risk.chance * 100.0).label("score"),
            at_risk,
            risk.days_overdue,
            risk.last_visit_on,
            func.coalesce(risk.reason_1, unbooked).label("reason_1"),
            func.coalesce(risk.reason_2, valuable, other).label("reason_2"),
            risk.reason_3,
        )
        .select_from(CUSTOMER_RISK.join(STORE, STORE.c.store_id == risk.store_id))
        .where(risk.band.in_(("amber", "red")), risk.to_call.is_(True))
        .order_by(risk.band.desc(), (risk.chance * risk.value).desc(), risk.vehicle_id)
    )
