"""工单与预约明细: which single orders or bookings make this number? The last step of every drill path."""

from __future__ import annotations

from typing import Any

from components.html import Element
from components.listing import LONGEST_TABLE, listing
from components.sums import sums
from components.tile import tile, tile_grid
from kpi.question import Question
from pages import _frame, _request
from pages._judging import judging

_frame.register_page(__name__, "/orders")


def layout(metric: str = "revenue", **query: Any) -> Element:
    view = _request.view("/orders", query, metric=metric)
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    answer = desk.ask(Question(metrics=(metric,), period=view.period, only=view.only), scope)[metric]
    key = desk.listing_behind(metric)
    listed = desk.list(view.listing(key, metric=metric), scope)
    verdict = judging(view, (metric,), view.unit.kind)(answer, answer.total)
    href = view.href(f"/metric/{metric}", metric="")
    shown = tile(answer, verdict, reader, unit=str(view.unit), href=href)
    shown_rows = desk.list(view.arranged_listing(key, metric=metric), scope, most=LONGEST_TABLE)
    if view.unit.kind == "store":
        shown_rows = shown_rows.of_one_store()
    table = listing(
        shown_rows,
        reader,
        href_of=view.thing,
        export_href=view.export(key, metric=metric),
        arrange=view.arrange(key),
    )
    return _frame.board(view, [tile_grid([shown]), sums(listed, answer, reader), table])
