"""技师绩效排行: who needs coaching, who can mentor? For HR and service managers, monthly. Tiers, not a pillory."""

from __future__ import annotations

from typing import Any

from components.html import Element
from pages import _frame, _request
from pages._board import Board, table

METRICS = ("rework_rate_tech", "efficiency_tech", "utilisation_tech", "tech_rating", "output_per_tech_day")
ROWS, ALL = 12, 50

_frame.register_page(__name__, "/technicians")


def layout(**query: Any) -> Element:
    view = _request.view("/technicians", query)
    _request.desk().ahead([view.listing("technicians")], _request.scope())
    board = Board.asked(view, METRICS)
    tiles, members = board.tiles(), board.members()  # drawn while everybody is being judged
    parts = [
        tiles,
        table(view, "coaching", top=ROWS, note=True),
        table(view, "mentors", top=ROWS, note=True),
        table(view, "technicians", top=ALL, note=True),
        members,
    ]
    return _frame.board(view, parts, headline=board.headline())
