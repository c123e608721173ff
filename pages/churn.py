"""客户流失预警: how many are slipping, whom do we call first and why? For marketing, weekly."""

from __future__ import annotations

from typing import Any

from dash import html

from pages import _frame, _request
from pages._board import Board, table

METRICS = (
    "overdue_30d",
    "churn_rate_12m",
    "retention_12m",
    "dormant_12m",
    "no_visit_30d",
    "active_customers",
)
CALLS_SHOWN = 25

_frame.register_page(__name__, "/churn")


def layout(**query: Any) -> html.Div:
    view = _request.view("/churn", query)
    board = Board.asked(view, METRICS)
    parts = [board.tiles(), board.members(), table(view, "call_list", top=CALLS_SHOWN), board.attention()]
    return _frame.board(view, parts, headline=board.headline())
