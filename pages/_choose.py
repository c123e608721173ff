"""What stands where an address names no store: all of them to choose from."""

from __future__ import annotations

from components import floor_wording as words
from components.choose import choose
from components.floor_now import longest_waits
from components.headline import said
from components.html import Element
from pages import _frame, _request
from pages._request import View

FIRST = 5


def stores_to_choose(view: View, tail: str) -> Element:
    """The stores of a unit; `tail` follows the store in the address of its page."""
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()

    def href(store: str) -> str:
        return _request.address("store", store, tail)

    waiting = desk.list(view.listing("stores_waiting"), scope)
    shown = choose(
        desk.sites(view.only, scope),
        desk.names("region", scope),
        reader,
        href,
        longest_waits(waiting, FIRST, reader, lambda store: _request.address("store", store, "/today")),
    )
    return _frame.board(view, [shown], headline=said(words.CHOOSE, reader), filters=False)
