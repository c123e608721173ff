"""客户流失预警: how many are slipping, whom do we call first and why, did the calls work? For marketing, weekly."""

from __future__ import annotations

from typing import Any

from components import wording
from components.history import history
from components.html import Element
from components.recall import recall
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import Board, table
from pages._outlook import score_panel
from pages._request import View

METRICS = (
    "overdue_30d",
    "high_risk_share",
    "churn_rate_12m",
    "retention_12m",
    "dormant_12m",
    "no_visit_30d",
    "active_customers",
)
CALLS_SHOWN, WEEKS = 25, 52

_frame.register_page(__name__, "/churn")


def layout(**query: Any) -> Element:
    view = _request.view("/churn", query)
    Board.ahead(view, METRICS)
    board = Board.asked(view, METRICS)
    foretold = score_panel(view)
    parts = [
        board.tiles(),
        foretold,
        table(view, "risk_list" if foretold else "call_list", top=CALLS_SHOWN, note=True),
        _recall(view),
        board.members(),
        _year(view),
        board.attention(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _recall(view: View) -> Element:
    """The newest Monday whose 60 days are over, whatever days the view is about."""
    desk = _request.desk()
    last = Period.ending(desk.last_complete_day, 1)
    question = Question(metrics=("return_60d_reachable", "return_60d_control"), period=last, only=view.only)
    answers = desk.ask(question, _request.scope())
    return recall(answers["return_60d_reachable"], answers["return_60d_control"], _request.reader())


def _year(view: View) -> Element:
    desk = _request.desk()
    period = Period.whole_weeks(desk.last_complete_day, WEEKS)
    question = Question(metrics=("overdue_30d",), period=period, grain=Grain.WEEK, only=view.only)
    answer = desk.ask(question, _request.scope())["overdue_30d"]
    title = wording.HISTORY_WEEKLY.filled(name=answer.metric.name)
    return history(answer, _request.reader(), title)
