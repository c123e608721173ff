"""为什么: why is this number off, since when, and whose is it? One step deeper from every tile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from components import html, wording
from components.funnel import FunnelDot, drawable, funnel
from components.history import history
from components.html import Element
from kpi import catalog
from kpi.answer import Row
from kpi.question import Question
from kpi.text import Text, same
from kpi.verdict import Verdict
from pages import _frame, _request
from pages._board import TREND_WEEKS, Board
from pages._judging import judging
from pages._request import View
from pages._why import reasons

_frame.register_page(__name__, "/metric", path_template="/metric/<key>")


def layout(key: str = "revenue", **query: Any) -> Element:
    view = _request.view(f"/metric/{key}", query)
    reader = _request.reader()
    board = Board.asked(view, (key,))
    answer, verdict = board.answers[key], board.judged[key]
    links = [html.Link(reader.told(wording.DEFINITION), href=f"/glossary#{key}", className="button")]
    if _request.desk().made_of_orders(key):
        links.insert(
            0,
            html.Link(
                reader.told(wording.ORDERS_BEHIND), href=view.href("/orders", metric=key), className="button"
            ),
        )
    parts: list[Element | None] = [
        board.tiles(),
        html.P(links, className="actions"),
        html.Div(reasons(board, answer, verdict), className="reasons"),
        _history(board, key),
        _stores(view, key),
        board.members(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _stores(view: View, key: str) -> Element | None:
    """All stores of the view by size and value, for what has both."""
    metric = catalog.metric(key)
    if view.unit.kind == "store" or not drawable(metric):
        return None
    desk, scope = _request.desk(), _request.scope()
    question = Question(metrics=(key,), period=view.period, split="store", only=view.only)
    answer, names = desk.ask(question, scope)[key], desk.names("store", scope)
    judge = judging(view, (key,), "store")
    dots = [
        _dot(member, row, judge(answer, row.now, member), names) for member, row in answer.by_member.items()
    ]
    return funnel(metric, dots, _request.reader(), lambda store: view.href(unit=f"store:{store}"))


def _dot(member: str, row: Row, verdict: Verdict, names: Mapping[str, Text]) -> FunnelDot:
    place = verdict.stored.place if verdict.stored else None
    name = names.get(member, same(member))
    return FunnelDot(member, name, row.now.numerator or 0.0, row.now.denominator or 0.0, place)


def _history(board: Board, key: str) -> Element:
    trend, limits = board.trends[key], board.judged[key].limits
    changes = trend.metric.changes_in(trend.window, limits)
    title = wording.LAST_WEEKS.filled(n=TREND_WEEKS)
    return history(
        trend,
        _request.reader(),
        title,
        lambda day: board.view.href(period=f"{day}..{day + timedelta(6)}"),
        limits=limits,
        changes=changes,
    )
