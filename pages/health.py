"""售后业务健康度: is the business healthy, are we on plan, which region is the problem? For CEO and CFO, daily."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from components.today import paced, today
from kpi.month import month_pace, whole_month
from kpi.pace import by_now
from kpi.question import Grain, Period, Question
from kpi.text import Text
from pages import _frame, _request
from pages._board import Board
from pages._outlook import month_end_panel
from pages._request import View

METRICS = ("revenue", "cost", "gross_margin", "nps", "ftfr_30d", "ftfr_48h", "bay_util")
VOLUME = "vehicles"
"""Takes the place of bay utilisation where nobody counts bays."""
PLANNED = "revenue"
TODAY = ("revenue_now", "vehicles_now", "bay_util_now")
TODAY_WEEKS = 8

_frame.register_page(__name__, "/")


def layout(**query: Any) -> html.Div:
    view = _request.view("/", query)
    board = Board.asked(view, (*METRICS, VOLUME))
    board = board.without(VOLUME if board.answers["bay_util"].total.value is not None else "bay_util")
    return _frame.board(
        view,
        [
            board.tiles(_month(view, board)),
            _today(view),
            month_end_panel(view),
            board.today_link(),
            board.members(),
        ],
        headline=board.headline(),
    )


def _month(view: View, board: Board) -> Mapping[str, Text]:
    """How revenue stands against the plan of the running month, where the view shows that month so far."""
    desk, so_far = _request.desk(), board.answers[PLANNED]
    if view.period != Period(desk.last_complete_day.replace(day=1), desk.last_complete_day):
        return {}
    question = Question(metrics=(PLANNED,), period=whole_month(desk.last_complete_day), only=view.only)
    found = month_pace(so_far.total, desk.ask(question, _request.scope())[PLANNED].total)
    return {PLANNED: paced(found, so_far.metric)} if found else {}


def _today(view: View) -> Component:
    """Today so far against what is expected by this minute."""
    desk = _request.desk()
    period = Period.ending(desk.as_of.date(), 7 * TODAY_WEEKS + 1)
    question = Question(metrics=TODAY, period=period, grain=Grain.DAY, split="hour", only=view.only)
    paces = [by_now(answer, desk.as_of) for answer in desk.ask(question, _request.scope()).values()]
    return today(paces, desk.as_of, _request.reader())
