"""What stands where an address names no store: all of them to choose from."""

from __future__ import annotations

from dash import html

from components import floor_wording as words
from components.choose import choose
from components.floor_now import longest_waits
from components.headline import said
from kpi.listing import ListQuestion
from kpi.question import Period
from pages import _frame, _request

FIRST = 5


def stores_to_choose(path: str, tail: str) -> html.Div:
    """Stores within the scope; `tail` follows the store in the address of its page."""
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()

    def href(store: str) -> str:
        return _request.address("store", store, tail)

    day = desk.as_of.date()
    waiting = desk.list(ListQuestion(listing="stores_waiting", period=Period(day, day)), scope)
    shown = choose(
        desk.sites((), scope),
        desk.names("region", scope),
        reader,
        href,
        longest_waits(waiting, FIRST, reader, lambda store: _request.address("store", store, "/today")),
    )
    return _frame.plain(path, [shown], headline=said(words.CHOOSE, reader))
