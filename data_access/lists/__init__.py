"""Listings as SELECTs: every builder joins the store table, and the scope is applied to all of them in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, case, select

from data_access import schema
from data_access.lists.advice import order_proposal, stop_risk
from data_access.lists.arranged import arranged
from data_access.lists.bookings import bookings_behind
from data_access.lists.customers import call_list, callable_now, drawn
from data_access.lists.one_order import (
    order,
    order_bays,
    order_complaints,
    order_labour,
    order_parts,
    order_surveys,
)
from data_access.lists.orders import orders
from data_access.lists.parts import (
    aged_parts,
    class_parts,
    dead_parts,
    part_classes,
    parts_at_risk,
    transfers,
)
from data_access.lists.risk import ORDER, risk_list
from data_access.lists.technicians import (
    coaching,
    everybody,
    judged,
    mentors,
    ranked,
    rework_orders,
    technicians,
)
from data_access.lists.today import (
    bays_now,
    bookings_today,
    open_orders,
    open_waits,
    stores_waiting,
    technicians_today,
)
from data_access.lists.voice import low_scores, open_complaints
from data_access.scope import Scope, limit_to
from kpi import catalog
from kpi.errors import UnknownName
from kpi.listing import LIST, ListQuestion

Builder = Callable[[ListQuestion, datetime], Select[Any]]
"""From a question and the data's as-of to a SELECT whose columns are the listing's, ordered, with STORE joined."""

BUILDERS: dict[str, Builder] = {
    "orders": orders,
    "order": order,
    "order_labour": order_labour,
    "order_parts": order_parts,
    "order_bays": order_bays,
    "order_surveys": order_surveys,
    "order_complaints": order_complaints,
    "bookings": bookings_behind,
    "parts_at_risk": parts_at_risk,
    "stop_risk": stop_risk,
    "order_proposal": order_proposal,
    "aged_parts": aged_parts,
    "dead_parts": dead_parts,
    "part_classes": part_classes,
    "class_parts": class_parts,
    "transfers": transfers,
    "call_list": call_list,
    "risk_list": risk_list,
    "technicians": technicians,
    "coaching": technicians,
    "mentors": technicians,
    "rework_orders": rework_orders,
    "low_scores": low_scores,
    "open_complaints": open_complaints,
    "bays_now": bays_now,
    "open_orders": open_orders,
    "bookings_today": bookings_today,
    "open_waits": open_waits,
    "stores_waiting": stores_waiting,
    "technicians_today": technicians_today,
}

CALL_LISTS: dict[str, tuple[str, ...]] = {"call_list": ("at_stake",), "risk_list": ORDER}
"""Listings of whom to call, by their order: after they were narrowed to a scope, what may have changed is looked up."""


NEWEST_FIRST = {"orders": orders, "bookings": bookings_behind}
"""Listings that can be drawn from the newest days of a period."""
MONTH = 31
"""Days of which a list of orders is found about as fast as of half as many."""

STANDS_ALONE = frozenset({"order_proposal"})
"""Listings whose rows say something without the second store that they may name."""


@dataclass(frozen=True)
class Judged:
    """A listing whose rows are judged against all of their kind, whoever asks."""

    everybody: Callable[[ListQuestion, datetime], tuple[Select[Any], Mapping[str, date]]]
    judged: Callable[[pd.DataFrame], pd.DataFrame]
    key: str
    picked: Callable[[pd.DataFrame], pd.DataFrame]
    """The rows of this listing, in its order."""


JUDGED: dict[str, Judged] = {
    "technicians": Judged(everybody, judged, "technician_id", ranked),
    "coaching": Judged(everybody, judged, "technician_id", coaching),
    "mentors": Judged(everybody, judged, "technician_id", mentors),
}


def compile_list(question: ListQuestion, as_of: datetime, scope: Scope) -> Select[Any]:
    """One SELECT of at most limit + 1 rows, so that a cut is noticed; of all rows where these are still to be picked."""
    if question.listing not in BUILDERS:
        raise UnknownName(LIST, question.listing, BUILDERS)
    query = _narrowed(BUILDERS[question.listing](question, as_of), question, scope)
    if question.listing in CALL_LISTS:
        query = callable_now(drawn(query, question, scope), as_of, *CALL_LISTS[question.listing])
    if question.listing in JUDGED:
        return query  # picked afterwards
    if question.arranged:
        query = arranged(query, question.arranged, scope)
    return query.limit(question.limit + 1)


def compile_newest(question: ListQuestion, as_of: datetime, scope: Scope) -> Select[Any] | None:
    """The same of the period's last days alone: where the newest come first, they are all that is listed when they are
    more than the limit. None where they need not be the first, would be few, or where all are soon found."""
    builder = NEWEST_FIRST.get(question.listing)
    if (
        builder is None
        or question.arranged
        or question.period.days <= MONTH
        or "store" in dict(question.only)
    ):
        return None
    query = _narrowed(builder(question, as_of, newest=True), question, scope)
    return query.limit(question.limit + 1)


def _narrowed(query: Select[Any], question: ListQuestion, scope: Scope) -> Select[Any]:
    for key, members in question.only:
        dimension = catalog.dimension(key)
        if dimension.table == "store":
            query = query.where(schema.STORE.c[dimension.column].in_(sorted(members)))
    return limit_to(scope, schema.STORE, _within(scope, question.listing, query))


def _within(scope: Scope, listing: str, query: Select[Any]) -> Select[Any]:
    """A row may name a second store (the giver of a transfer): that one has to lie in the scope, too, or is not named."""
    if not scope.bounded:
        return query
    store = schema.STORE.alias("reachable")
    reachable = limit_to(scope, store, select(store.c.store_id))
    columns = catalog.listing(listing).columns
    for key in {str(column.link_key) for column in columns if column.links == "store"} - {"None", "store_id"}:
        seen = query.selected_columns[key].in_(reachable)
        if listing not in STANDS_ALONE:
            query = query.where(seen)
            continue
        naming = {key} | {column.key for column in columns if column.link_key == key}
        query = query.with_only_columns(
            *(
                case((seen, each)).label(name) if name in naming else each
                for name, each in query.selected_columns.items()
            )
        )
    return query
