"""The call list: who is past due, worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal_column, select

from data_access.lists.store import STORE_COLUMNS
from data_access.schema import APPOINTMENT, CALL_CANDIDATE, CUSTOMER, STORE, WORK_ORDER
from kpi.listing import ListQuestion

MOST_CONTACTS = 2
"""In seven days; a customer who was contacted as often rests."""
_FEW_CHANGE = 10
"""One in so many candidates, at most, is expected to have booked, come, been contacted or withdrawn consent since the
list was drawn up."""


def drawn_for(question: ListQuestion) -> int | None:
    """How many are drawn for a list, of which `callable_now` drops some; all where the reader wants them otherwise."""
    return None if question.arranged else question.limit + question.limit // _FEW_CHANGE + 1


def call_list(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Candidates of the last complete day, the most value at stake first."""
    row = CALL_CANDIDATE.c
    columns = [column for column in row if column.name not in ("store_id", "day")]
    return (
        select(*columns, *STORE_COLUMNS)
        .select_from(CALL_CANDIDATE.join(STORE, STORE.c.store_id == row.store_id))
        .order_by(row.at_stake.desc(), row.vehicle_id)
        .limit(drawn_for(question))
    )


def callable_now(drawn: Select[Any], as_of: datetime, *order: str) -> Select[Any]:
    """The drawn candidates who may be called at this moment, with name and phone, the largest in the columns of `order`
    first: with consent, rested, and neither here today nor booked."""
    listed, customer, today = drawn.subquery("drawn"), CUSTOMER.c, as_of.date()
    allowed = and_(customer.marketing_consent.is_(True), customer.hold_out.is_(False))
    rested = func.coalesce(customer.contacts_7d, literal_column("0")) < MOST_CONTACTS
    booking, visit = APPOINTMENT.c, WORK_ORDER.c
    booked = select(booking.customer_id).where(booking.day >= today, booking.status == "booked")
    here = select(visit.customer_id).where(visit.arrived_on >= today, visit.customer_id.is_not(None))
    return (
        select(*listed.c, customer.name.label("customer"), customer.phone)
        .select_from(listed.join(CUSTOMER, customer.customer_id == listed.c.customer_id))
        .where(allowed, rested, listed.c.customer_id.not_in(booked), listed.c.customer_id.not_in(here))
        .order_by(*(listed.c[name].desc() for name in order), listed.c.vehicle_id)
    )
