"""Low scores without a follow-up and complaints without an end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal_column, select

from data_access.dialects import moment, quotient, seconds_between
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import COMPLAINT, LOW_ANSWER, STORE
from kpi.listing import ListQuestion

HOUR: ColumnElement[Any] = literal_column("3600.0")


def low_scores(question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Answers of the period up to now, the oldest first."""
    answer = LOW_ANSWER.c
    return (
        select(
            answer.survey_id,
            *STORE_COLUMNS,
            answer.work_order_id,
            answer.answered_at,
            answer.satisfaction,
            quotient(seconds_between(answer.answered_at, moment(as_of)), HOUR).label("hours_open"),
        )
        .select_from(LOW_ANSWER.join(STORE, STORE.c.store_id == answer.store_id))
        .where(answer.followed_up_at.is_(None), answer.day >= question.period.first)
        .order_by(answer.answered_at, answer.survey_id)
    )


def open_complaints(_question: ListQuestion, as_of: datetime) -> Select[Any]:
    """All that are open, whenever they came in: severe ones first, then the oldest."""
    ticket = COMPLAINT.c
    severe = case((ticket.severity == "severe", literal_column("0")), else_=literal_column("1"))
    return (
        select(
            ticket.complaint_id,
            *STORE_COLUMNS,
            ticket.work_order_id,
            ticket.received_at,
            ticket.cause,
            ticket.severity,
            quotient(seconds_between(ticket.received_at, moment(as_of)), HOUR).label("hours_open"),
        )
        .select_from(COMPLAINT.join(STORE, STORE.c.store_id == ticket.store_id))
        .where(ticket.closed_at.is_(None))
        .order_by(severe, ticket.received_at, ticket.complaint_id)
    )
