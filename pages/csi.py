"""客户体验与投诉: what drives complaints, which low scores are unanswered? For the CSI manager, daily."""

from __future__ import annotations

from typing import Any

from dash import html

from pages import _frame, _request
from pages._board import Board, table

METRICS = ("csi", "nps", "sat_rate", "complaint_rate", "response_rate", "on_time_delivery", "low_scores")
ROWS = 15

_frame.register_page(__name__, "/csi")


def layout(**query: Any) -> html.Div:
    view = _request.view("/csi", query)
    board = Board.asked(view, METRICS)
    lists = [table(view, key, top=ROWS) for key in ("open_complaints", "low_scores")]
    return _frame.board(
        view, [board.tiles(), board.members(), *lists, board.attention()], headline=board.headline()
    )
