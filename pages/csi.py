"""客户体验与投诉: what drives complaints, which low scores are unanswered? For the CSI manager, daily."""

from __future__ import annotations

from typing import Any

from components.causes import causes
from components.html import Element
from kpi.catalog.listings.voice import CAUSES
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import TREND_WEEKS, Board, table
from pages._request import View

METRICS = (
    "csi",
    "nps",
    "sat_rate",
    "complaint_rate",
    "response_rate",
    "low_score_followed_24h",
    "low_score_no_ticket",
)
ROWS, LEAST_DAYS = 15, 28

_frame.register_page(__name__, "/csi")


def layout(**query: Any) -> Element:
    view = _request.view("/csi", query)
    complaints = _complaints(view)
    Board.ahead(view, METRICS, *complaints, view.listing("low_scores"))
    board = Board.asked(view, METRICS)
    parts = [
        board.tiles(),
        _causes(board, *complaints),
        table(view, "low_scores", top=ROWS, note=True),
        table(view, "open_complaints", top=ROWS, note=True),
        board.members(),
        board.attention(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _complaints(view: View) -> tuple[Question, Question]:
    """Complaints by cause: of the view's days, at least four weeks of them, as their rate is over; and week by week."""
    days = max(view.period.days, LEAST_DAYS)
    period = Period.ending(view.period.last, days)
    weeks = Period.whole_weeks(_request.desk().last_complete_day, TREND_WEEKS)
    asked = {"metrics": ("complaint_tickets",), "split": "cause", "only": view.only}
    return (
        Question(period=period, compare=period.shifted(-days), **asked),
        Question(period=weeks, grain=Grain.WEEK, **asked),
    )


def _causes(board: Board, tickets: Question, weekly: Question) -> Element:
    desk, scope = _request.desk(), _request.scope()
    rate = board.answers["complaint_rate"]
    if tickets.period != rate.question.period:
        longer = Question(metrics=("complaint_rate",), period=tickets.period, only=tickets.only)
        rate = desk.ask(longer, scope)["complaint_rate"]
    return causes(
        desk.ask(tickets, scope)["complaint_tickets"],
        desk.ask(weekly, scope)["complaint_tickets"],
        rate.total.denominator or 0.0,
        CAUSES,
        _request.reader(),
    )
