"""为什么: why is this number off, since when, and whose is it? One step deeper from every tile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import wording
from components.history import history
from pages import _frame, _request
from pages._board import TREND_WEEKS, Board
from pages._why import reasons

_frame.register_page(__name__, "/metric", path_template="/metric/<key>")


def layout(key: str = "revenue", **query: Any) -> html.Div:
    view = _request.view(f"/metric/{key}", query)
    reader = _request.reader()
    board = Board.asked(view, (key,))
    answer, verdict = board.answers[key], board.judged[key]
    links = [dcc.Link(reader.told(wording.DEFINITION), href=f"/glossary#{key}", className="button")]
    if _request.desk().made_of_orders(key):
        links.insert(
            0,
            dcc.Link(
                reader.told(wording.ORDERS_BEHIND), href=view.href("/orders", metric=key), className="button"
            ),
        )
    parts: list[Component | None] = [
        board.tiles(),
        html.P(links, className="actions"),
        html.Div(reasons(board, answer, verdict), className="reasons"),
        history(
            board.trends[key],
            reader,
            wording.LAST_WEEKS.filled(n=TREND_WEEKS),
            lambda day: view.href(period=f"{day}..{day + timedelta(6)}"),
        ),
        board.members(),
    ]
    return _frame.board(view, parts, headline=board.headline())
