"""大区门店排行: which stores of a region need me, by any indicator? For regional managers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from components import floor_wording as words
from components import html, wording
from components.headline import counted
from components.html import Element
from components.ranking import ranking
from components.shell import Menu
from components.tile import tile, tile_grid
from kpi import catalog
from kpi.answer import Answer
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import TREND_WEEKS
from pages._judging import Judge, judging
from pages._request import View

SHOWN_FIRST = "bay_util"
OF_STORES = ("store_day", "store_time", "customer_day", "bay_loss")
BY_STORE = {key: metric.name for key, metric in catalog.METRICS.items() if metric.source in OF_STORES}
BOARDS = (
    (words.STATIONS_BUTTON, "/stations"),
    (words.BOOKINGS_BUTTON, "/bookings"),
)

_frame.register_page(__name__, "/region", path_template="/region/<region>")


def layout(region: str = "", metric: str = SHOWN_FIRST, **query: Any) -> Element:
    narrower = str(query.get("unit") or "")
    unit = narrower or (f"region:{region}" if region else "network")
    path = f"/region/{region}" if region else "/region"
    view = _request.view(path, query, is_place=True, unit=unit, metric=metric)
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    catalog.metric(metric)
    question = Question(
        metrics=(metric,), period=view.period, compare=view.compare, split="store", only=view.only
    )
    answer = desk.ask(question, scope)[metric]
    live = {site.store_id: site.name for site in desk.sites(view.only, scope)}
    judge = judging(view, (metric,), view.unit.kind, "store")
    verdicts = Counter(
        judge(
            answer, answer.by_member[key].now if key in answer.by_member else answer.total.nothing, key
        ).status
        for key in live
    )
    table = ranking(
        answer,
        judge,
        live,
        reader,
        lambda store: view.page_of("store", store),
        export_href=view.export_members((metric,), "store"),
    )
    return _frame.board(
        view,
        [_whole(view, answer, judge), _ways(view), table],
        headline=counted(answer.metric.name, verdicts, reader),
        menus=[Menu("metric", wording.INDICATOR, BY_STORE, metric)],
    )


def _whole(view: View, answer: Answer, judge: Judge) -> Element:
    """The unit's own value, with its trend."""
    desk, scope, key = _request.desk(), _request.scope(), answer.metric.key
    question = Question(metrics=(key,), period=view.period, compare=view.compare, only=view.only)
    whole = desk.ask(question, scope)[key]
    weeks = Period.whole_weeks(desk.last_complete_day, TREND_WEEKS)
    trend = desk.ask(Question(metrics=(key,), period=weeks, grain=Grain.WEEK, only=view.only), scope)[key]
    verdict = judge(whole, whole.total)
    href = view.href(f"/metric/{key}", metric="")
    shown = tile(whole, verdict, _request.reader(), unit=str(view.unit), series=trend, href=href)
    return tile_grid([shown])


def _ways(view: View) -> Element:
    """To the boards of the same unit."""
    reader = _request.reader()
    links = [
        html.Link(reader.told(name), href=view.href(path, metric=""), className="button")
        for name, path in BOARDS
    ]
    return html.P(links, className="actions")
