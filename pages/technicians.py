"""技师绩效排行: who needs coaching, who can mentor? For HR and service managers, monthly. Tiers, not a pillory."""

from __future__ import annotations

from typing import Any

from dash import html

from pages import _frame, _request
from pages._board import Board, table

METRICS = ("rework_rate_tech", "efficiency_tech", "tech_rating", "tech_utilisation", "output_per_tech_day")

_frame.register_page(__name__, "/technicians")


def layout(**query: Any) -> html.Div:
    view = _request.view("/technicians", query)
    board = Board.asked(view, METRICS)
    return _frame.board(
        view, [board.tiles(), board.members(), table(view, "technicians")], headline=board.headline()
    )
