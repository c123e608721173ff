"""为什么: why is this number off, since when, and whose is it? One step deeper from every tile."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import wording
from components.history import history
from components.why import why
from kpi.answer import Answer
from kpi.decompose import against_target, since, splits
from kpi.metric import Direction
from kpi.verdict import Status, Verdict, green_limit
from pages import _frame, _request
from pages._board import TREND_WEEKS, Board

_frame.register_page(__name__, "/metric", path_template="/metric/<key>")


def layout(key: str = "revenue", **query: Any) -> html.Div:
    view = _request.view(f"/metric/{key}", query)
    reader = _request.reader()
    board = Board.asked(view, (key,))
    answer, verdict = board.answers[key], board.judged[key]
    links = [dcc.Link(reader.told(wording.DEFINITION), href=f"/glossary#{key}", className="button")]
    if _request.desk().made_of_orders(key):
        links.insert(
            0,
            dcc.Link(
                reader.told(wording.ORDERS_BEHIND), href=view.href("/orders", metric=key), className="button"
            ),
        )
    parts: list[Component | None] = [
        board.tiles(),
        html.P(links, className="actions"),
        history(board.trends[key], reader, wording.LAST_WEEKS.filled(n=TREND_WEEKS)),
        *_why(board, answer, verdict),
        board.members(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _why(board: Board, answer: Answer, verdict: Verdict) -> list[Component]:
    """The gap to target and the change, each split over the units below; nothing at a store or for a median."""
    metric, reader = answer.metric, _request.reader()
    if board.view.unit.below is None or not splits(metric) or answer.total.value is None:
        return []
    now = {member: row.now for member, row in answer.by_member.items()}
    then = {member: row.then for member, row in answer.by_member.items() if row.then is not None}
    found = []
    if verdict.limits and verdict.status is not Status.GOOD and metric.direction is not Direction.NEUTRAL:
        target = green_limit(verdict.limits, verdict.side)
        shares = against_target(now, target)
        title = wording.GAP_TO_PLAN if metric.plan else wording.GAP_TO_TARGET
        if shares:
            found.append((title, shares))
    if answer.compared and answer.compared.value is not None:
        found.append((wording.CHANGE_BY_UNIT, since(now, then)))
    return [
        why(title, sum(s.whole for s in shares), shares, metric, board.names, reader, board.href_of)
        for title, shares in found
        if shares
    ]
