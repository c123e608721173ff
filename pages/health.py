"""售后业务健康度: is the business healthy, are we on plan, which region is the problem? For CEO and CFO, daily."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from components.today import today
from kpi.pace import by_now
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import Board
from pages._request import View

METRICS = ("revenue", "cost", "gross_margin", "nps", "ftfr_30d", "ftfr_48h", "bay_util")
VOLUME = "vehicles"
"""Takes the place of bay utilisation where nobody counts bays."""
TODAY = ("revenue_now", "vehicles_now", "bay_util_now")
TODAY_WEEKS = 8

_frame.register_page(__name__, "/")


def layout(**query: Any) -> html.Div:
    view = _request.view("/", query)
    board = Board.asked(view, (*METRICS, VOLUME))
    board = board.without(VOLUME if board.answers["bay_util"].total.value is not None else "bay_util")
    return _frame.board(
        view, [board.tiles(), _today(view), board.today_link(), board.members()], headline=board.headline()
    )


def _today(view: View) -> Component:
    """Today so far against what is expected by this minute."""
    desk = _request.desk()
    period = Period.ending(desk.as_of.date(), 7 * TODAY_WEEKS + 1)
    question = Question(metrics=TODAY, period=period, grain=Grain.DAY, split="hour", only=view.only)
    paces = [by_now(answer, desk.as_of) for answer in desk.ask(question, _request.scope()).values()]
    return today(paces, desk.as_of, _request.reader())
