"""工单: what happened with this order, and what went wrong? The end of the drill path, for whoever may see its store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from components import order_wording as words
from components.headline import said
from components.html import Element
from components.listing import listing
from components.record import adds_up, record, verdict_on, wrongs
from kpi.errors import BadRequest, UnknownName
from kpi.listing import Listed, ListQuestion
from kpi.order_review import review
from kpi.text import same
from pages import _frame, _request
from pages._request import View

TABLES = ("order_labour", "order_parts", "order_bays", "order_surveys", "order_complaints")

_frame.register_page(__name__, "/order", path_template="/order/<order>")


def layout(order: str = "", **query: Any) -> Element:
    view, header = _found(order, query)
    reader, row = _request.reader(), header.rows[0]
    found = {key: _list(view, key, order) for key in TABLES}
    labour, parts, bays, surveys, complaints = (found[key].rows for key in TABLES)
    wrong = review(row, bays, surveys, complaints, _request.desk().as_of)
    amounts = ([float(line["amount"] or 0.0) for line in lines] for lines in (labour, parts))  # type: ignore[arg-type]
    total = row["amount"]
    shown: list[Element | None] = [
        wrongs(wrong, reader),
        record(header, reader, _reachable(view)),
        adds_up(*amounts, None if total is None else float(total), reader),  # type: ignore[arg-type]
        *(_table(view, found[key], order) for key in TABLES if found[key].rows),
    ]
    headline = said(verdict_on(order, wrong, row["delivered_at"] is None, reader), reader)
    return _frame.board(view, shown, headline=headline, filters=False, up=_above(view), here=same(order))


def _found(order: str, query: Mapping[str, Any]) -> tuple[View, Listed]:
    """The page's view, which is that of the order's store, and its facts. Of what is out of reach nothing is said."""
    if not order:
        raise BadRequest(public=words.CHOOSE_AN_ORDER)
    path = f"/order/{quote(order, safe='')}"
    header = _list(_request.view(path, query), "order", order)
    if not header.rows:
        raise UnknownName(words.ORDER, order, ())
    return _request.view(path, {**query, "unit": f"store:{header.rows[0]['store_id']}"}), header


def _list(view: View, key: str, order: str) -> Listed:
    return _request.desk().list(ListQuestion(listing=key, period=view.period, order=order), _request.scope())


def _table(view: View, listed: Listed, order: str) -> Element:
    key = listed.listing.key
    files = (
        (lambda kind: view.href(f"/export/{key}.{kind}", order=order))
        if _request.role().exports(key)
        else None
    )
    return listing(listed, _request.reader(), href_of=view.thing, export_href=files)


def _reachable(view: View) -> Callable[[str, str], str | None]:
    """A return may have gone to a store that the reader does not see: then it is named, and leads nowhere."""

    def href(kind: str, key: str) -> str | None:
        if kind == "order" and not _list(view, "order", key).rows:
            return None
        return view.thing(kind, key)

    return href


def _above(view: View) -> View | str:
    """The drill path leads over the pages of places, or, for a role that has none, to its own board."""
    role = _request.role()
    if not role.opens("/store"):
        return role.home
    return replace(view, path=_request.address("store", view.unit.member), is_place=True)
