"""售后业务健康度: is the business healthy, are we on plan, which region is the problem? For CEO and CFO, daily."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.html import Element
from components.today import paced
from kpi.month import month_pace, whole_month
from kpi.question import Period, Question
from kpi.text import Text
from kpi.usual import UsualDays
from pages import _frame, _request
from pages._board import Board
from pages._hours import so_far_today, usual_days
from pages._outlook import month_end_panel
from pages._request import View

METRICS = ("revenue", "cost", "gross_margin", "nps", "ftfr_30d", "ftfr_48h", "bay_util")
VOLUME = "vehicles"
"""Takes the place of bay utilisation where nobody counts bays."""
PLANNED = "revenue"
TODAY = ("revenue_now", "vehicles_now", "bay_util_now")

_frame.register_page(__name__, "/")


def layout(**query: Any) -> Element:
    view = _request.view("/", query)
    board = Board.asked(view, (*METRICS, VOLUME))
    board = board.without(VOLUME if board.answers["bay_util"].total.value is not None else "bay_util")
    usual = usual_days(view)
    return _frame.board(
        view,
        [
            board.tiles(_month(view, board, usual)),
            so_far_today(view, TODAY, usual),
            month_end_panel(view),
            board.today_link(),
            board.members(),
        ],
        headline=board.headline(),
    )


def _month(view: View, board: Board, usual: UsualDays) -> Mapping[str, Text]:
    """How revenue stands against the plan of the running month, where the view shows that month so far."""
    desk, so_far = _request.desk(), board.answers[PLANNED]
    if view.period != Period(desk.last_complete_day.replace(day=1), desk.last_complete_day):
        return {}
    month = whole_month(desk.last_complete_day)
    question = Question(metrics=(PLANNED,), period=month, only=view.only)
    whole = desk.ask(question, _request.scope())[PLANNED].total
    found = month_pace(so_far.total, whole, usual.share_over(PLANNED, view.period, month))
    return {PLANNED: paced(found, so_far.metric)} if found else {}
