"""配件库存周转: what is tied up, what will stop a car, move or buy? For the supply chain, weekly."""

from __future__ import annotations

from typing import Any

from dash import html

from pages import _frame, _request
from pages._board import Board, table

METRICS = ("inventory_days", "stockout_rate", "fill_rate", "dead_stock_share", "stock_value")
ROWS = 12

_frame.register_page(__name__, "/parts")


def layout(**query: Any) -> html.Div:
    view = _request.view("/parts", query)
    board = Board.asked(view, METRICS)
    lists = [table(view, key, top=ROWS) for key in ("parts_at_risk", "transfers", "dead_parts")]
    return _frame.board(
        view, [board.tiles(), board.members(), *lists, board.attention()], headline=board.headline()
    )
