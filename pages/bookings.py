"""预约与产能: bookings against capacity, today and ahead. For regions and stores, live."""

from __future__ import annotations

from typing import Any

from dash import html

from pages import _frame, _request
from pages._board import Board, table

METRICS = (
    "show_rate",
    "appointment_share",
    "cross_store_share",
    "vehicles_per_day",
    "bay_util",
    "queue_wait_min",
)
ROWS = 20

_frame.register_page(__name__, "/bookings")


def layout(**query: Any) -> html.Div:
    view = _request.view("/bookings", query)
    board = Board.asked(view, METRICS)
    parts = [board.tiles(), board.members(), table(view, "bookings_today", top=ROWS), board.attention()]
    return _frame.board(view, parts, headline=board.headline())
