"""服务中心运营效率: where do bays and technicians stand idle, where do customers wait? For regional managers, daily."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording
from components.heat import by_weekday_and_hour, heat
from kpi.catalog import metric
from kpi.metric import Band
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import Board
from pages._request import View

METRICS = (
    "bay_util",
    "queue_wait_min",
    "cycle_time_h",
    "tech_utilisation",
    "tech_efficiency",
    "output_per_store_day",
    "show_rate",
)
HEAT_DAYS = 28

_frame.register_page(__name__, "/stations")


def layout(**query: Any) -> html.Div:
    view = _request.view("/stations", query)
    board = Board.asked(view, METRICS)
    parts = [board.tiles(), board.members(), board.attention(), _hours(view)]
    return _frame.board(view, parts, headline=board.headline())


def _hours(view: View) -> Component:
    """When the bays are full: the last four weeks, by weekday and hour."""
    desk = _request.desk()
    period = Period.ending(desk.last_complete_day, HEAT_DAYS)
    question = Question(
        metrics=("bay_util_now",), period=period, grain=Grain.DAY, split="hour", only=view.only
    )
    answer = desk.ask(question, _request.scope())["bay_util_now"]
    limits = metric("bay_util").limits_on(desk.last_complete_day)
    band = limits if isinstance(limits, Band) else None
    return heat(
        by_weekday_and_hour(answer), answer.metric, band, _request.reader(), wording.UTILISATION_BY_HOUR
    )
