"""Technicians with their quality, efficiency and rating, and what each is counted in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select

from data_access.dialects import quotient
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import STORE, TECHNICIAN, TECHNICIAN_DAY
from kpi.catalog import metric
from kpi.listing import ListQuestion


def technicians(question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Those with enough repairs to judge first, the highest rework rate first among them."""
    last = as_of.date() - timedelta(1)
    quality = metric("rework_rate_tech").window(question.period, last)
    hours = metric("efficiency_tech").window(question.period, last)
    day = TECHNICIAN_DAY.c

    def summed(name: str, window: Any) -> Any:
        return func.sum(
            case((day.day.between(window.first, window.last), day[name]), else_=literal_column("0"))
        )

    repairs = summed("fix_eligible", quality)
    judged = case(
        (repairs >= metric("rework_rate_tech").n_min, literal_column("0")), else_=literal_column("1")
    )
    rework = quotient(summed("returned_30d", quality), repairs)
    made = (
        select(
            day.technician_id,
            rework.label("rework"),
            repairs.label("repairs"),
            quotient(summed("billed_hours", hours), summed("clock_hours", hours)).label("efficiency"),
            quotient(summed("rating_sum", hours), summed("rating_answers", hours)).label("rating"),
            summed("rating_answers", hours).label("answers"),
            judged.label("unjudged"),
        )
        .where(day.day.between(min(quality.first, hours.first), hours.last))
        .group_by(day.technician_id)
        .subquery("made")
    )
    columns = [made.c[name] for name in ("rework", "repairs", "efficiency", "rating", "answers")]
    return (
        select(
            TECHNICIAN.c.technician_id,
            TECHNICIAN.c.name.label("technician"),
            *STORE_COLUMNS,
            TECHNICIAN.c.skill,
            *columns,
        )
        .select_from(
            made.join(TECHNICIAN, TECHNICIAN.c.technician_id == made.c.technician_id).join(
                STORE, STORE.c.store_id == TECHNICIAN.c.store_id
            )
        )
        .order_by(made.c.unjudged, made.c.rework.desc(), TECHNICIAN.c.technician_id)
    )
