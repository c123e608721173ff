"""The call list: who is past due, worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal_column, select

from data_access.lists.store import STORE_COLUMNS
from data_access.schema import CALL_CANDIDATE, CUSTOMER, STORE
from kpi.listing import ListQuestion

MOST_CONTACTS = 2
"""In seven days; a customer who was contacted as often rests."""
_FEW_WITHDRAW = 10
"""One in so many candidates, at most, is expected to have withdrawn consent since the list was drawn up."""


def call_list(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Candidates of the last complete day, the most value at stake first; more than asked for, as `callable_now` drops some.

    All of them where the reader wants them otherwise."""
    row = CALL_CANDIDATE.c
    most = None if question.arranged else question.limit + question.limit // _FEW_WITHDRAW + 1
    columns = [column for column in row if column.name not in ("store_id", "day")]
    return (
        select(*columns, *STORE_COLUMNS)
        .select_from(CALL_CANDIDATE.join(STORE, STORE.c.store_id == row.store_id))
        .order_by(row.at_stake.desc(), row.vehicle_id)
        .limit(most)
    )


def callable_now(drawn: Select[Any]) -> Select[Any]:
    """The drawn candidates who may be called at this moment, with name and phone."""
    listed, customer = drawn.subquery("drawn"), CUSTOMER.c
    allowed = and_(customer.marketing_consent.is_(True), customer.hold_out.is_(False))
    rested = func.coalesce(customer.contacts_7d, literal_column("0")) < MOST_CONTACTS
    return (
        select(*listed.c, customer.name.label("customer"), customer.phone)
        .select_from(listed.join(CUSTOMER, customer.customer_id == listed.c.customer_id))
        .where(allowed, rested)
        .order_by(listed.c.at_stake.desc(), listed.c.vehicle_id)
    )
