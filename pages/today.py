"""今日门店: how full now and for the rest of the day, who waits, who comes, which cars are stuck? For store managers."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording
from components.bays import bays
from components.today import today
from kpi.errors import BadRequest
from kpi.pace import by_now
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import table
from pages._request import View

TODAY = ("bay_util_now", "vehicles_now", "revenue_now")
WEEKS = 8

_frame.register_page(__name__, "/today")


def layout(**query: Any) -> html.Div:
    view = _request.view("/today", query)
    if view.unit.kind != "store":
        raise BadRequest(public=wording.CHOOSE_A_STORE)
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    now = desk.list(view.listing("bays_now"), scope)
    lists: list[Component | None] = [
        table(view, key) for key in ("open_orders", "bookings_today", "low_scores", "open_complaints")
    ]
    return _frame.board(view, [_pace(view), bays(now, reader), *lists])


def _pace(view: View) -> Component:
    desk = _request.desk()
    period = Period.ending(desk.as_of.date(), 7 * WEEKS + 1)
    question = Question(metrics=TODAY, period=period, grain=Grain.DAY, split="hour", only=view.only)
    paces = [by_now(answer, desk.as_of) for answer in desk.ask(question, _request.scope()).values()]
    return today(paces, desk.as_of, _request.reader())
