"""The call list: who is past due, worth most, and may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from data_access.dialects import holds_text
from data_access.lists.arranged import Holds, arranged, sorted_by
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.call_candidate import may_be_called
from data_access.schema import APPOINTMENT, CALL_CANDIDATE, CUSTOMER, STORE, WORK_ORDER
from data_access.scope import Scope
from kpi.listing import ListQuestion

MOST_CONTACTS = 2
"""In seven days; a customer who was contacted as often rests."""
_FEW_CHANGE = 10
"""One in so many candidates, at most, is expected to have booked, come, been contacted or withdrawn consent since the
list was drawn up."""


def call_list(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Candidates of the last complete day, the most value at stake first."""
    row = CALL_CANDIDATE.c
    columns = [column for column in row if column.name not in ("store_id", "day")]
    return (
        select(*columns, *STORE_COLUMNS)
        .select_from(CALL_CANDIDATE.join(STORE, STORE.c.store_id == row.store_id))
        .order_by(row.at_stake.desc(), row.vehicle_id)
    )


def drawn(candidates: Select[Any], question: ListQuestion, scope: Scope) -> Select[Any]:
    """As many of the first candidates as a list of those who may be called can need: all of them joined to the customers,
    with all that is told of them, take more memory than a web worker has."""
    how, customer, shown = question.arranged, CUSTOMER.c, candidates.selected_columns
    most = question.limit + question.limit // _FEW_CHANGE + 1
    if how is None:
        return candidates.limit(most)
    personal = {"customer": customer.name, "phone": customer.phone}

    def of_who_has(column: ColumnElement[Any]) -> Holds:
        having = select(customer.customer_id)
        return lambda word: shown.customer_id.in_(having.where(holds_text(column, word) > 0))

    first = arranged(candidates, how, scope, {key: of_who_has(column) for key, column in personal.items()})
    by = sorted_by(how, scope)
    if by is None or by.key not in personal:
        return first.limit(most)
    all_of_them = first.order_by(None).subquery("all_of_them")
    value = personal[by.key]
    foremost = (
        select(all_of_them.c.vehicle_id)
        .join(CUSTOMER, customer.customer_id == all_of_them.c.customer_id)
        .order_by((value.desc() if how.down else value.asc()).nulls_last())
        .limit(most)
    )
    return candidates.where(shown.vehicle_id.in_(foremost))


def callable_now(candidates: Select[Any], as_of: datetime, *order: str) -> Select[Any]:
    """The candidates who may be called at this moment, with name and phone, the largest in the columns of `order`
    first: with consent, rested, and neither here today nor booked."""
    listed, customer, today = candidates.subquery("drawn"), CUSTOMER.c, as_of.date()
    rested = func.coalesce(customer.contacts_7d, literal_column("0")) < MOST_CONTACTS
    booking, visit = APPOINTMENT.c, WORK_ORDER.c
    booked = select(booking.customer_id).where(booking.day >= today, booking.status == "booked")
    here = select(visit.customer_id).where(visit.arrived_on >= today, visit.customer_id.is_not(None))
    return (
        select(*listed.c, customer.name.label("customer"), customer.phone)
        .select_from(listed.join(CUSTOMER, customer.customer_id == listed.c.customer_id))
        .where(
            may_be_called(CUSTOMER),
            rested,
            listed.c.customer_id.not_in(booked),
            listed.c.customer_id.not_in(here),
        )
        .order_by(*(listed.c[name].desc() for name in order), listed.c.vehicle_id)
    )
