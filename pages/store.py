"""门店: how does this store stand in everything, and among stores of its size? For regional and store managers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components import floor_wording as words
from components import html
from components.html import Element
from components.kpi_table import KpiRow, kpi_table
from kpi import catalog
from kpi.verdict import Reason, worst_first
from pages import _frame, _request
from pages._board import Board
from pages._choose import stores_to_choose
from pages._request import View

OF_A_STORE = (
    "store_day",
    "store_time",
    "bay_loss",
    "customer_day",
    "stock_day",
    "part_state",
    "part_week",
    "technician_day",
)
AREAS = tuple(
    (name, tuple(metric.key for metric in metrics if metric.source in OF_A_STORE))
    for name, metrics in catalog.AREAS
)
METRICS = tuple(key for _, keys in AREAS for key in keys)
COMPARED = tuple(
    key
    for key in METRICS
    if (metric := catalog.metric(key)).limits and metric.source in ("store_day", "store_time", "customer_day")
)
"""What is compared with peers: what is judged, of the sources that hold a few rows a store."""

WAYS = (
    (words.STATIONS_BUTTON, "/stations"),
    (words.BOOKINGS_BUTTON, "/bookings"),
    (words.TECHNICIANS_BUTTON, "/technicians"),
)

_frame.register_page(__name__, "/store", path_template="/store/<store>")


def layout(store: str = "", **query: Any) -> Element:
    unit = f"store:{store}" if store else str(query.get("unit") or _request.who().home)
    view = _request.view("/store", query, is_place=True, unit=unit)
    if view.unit.kind != "store":
        return stores_to_choose(view, "")
    view = replace(view, path=_request.address("store", view.unit.member))
    peers = (COMPARED, view.period, view.unit.member, _request.scope())
    _request.desk().standings_ahead(*peers)
    board = Board.asked(view, METRICS)
    standings = _request.desk().standings(*peers)
    areas = [
        (
            name,
            [
                KpiRow(board.answers[key], board.judged[key], board.trends[key], standings.get(key))
                for key in _order(board, keys)
            ],
        )
        for name, keys in AREAS
    ]
    table = kpi_table(
        [(name, rows) for name, rows in areas if rows],
        _request.reader(),
        lambda key: view.href(f"/metric/{key}"),
        str(view.unit),
    )
    return _frame.board(view, [_ways(view), table], headline=board.headline())


def _order(board: Board, keys: tuple[str, ...]) -> list[str]:
    """Worst first; what nobody has reported stays away, for it would fill the page with dashes."""
    known = [key for key in keys if board.judged[key].reason is not Reason.NO_DATA]
    return sorted(known, key=lambda key: worst_first(board.answers[key].metric, board.judged[key]))


def _ways(view: View) -> Element:
    reader = _request.reader()
    today = html.Link(
        reader.told(words.TODAY_BUTTON),
        href=view.page_of("store", view.unit.member, "/today"),
        className="button",
    )
    links = [html.Link(reader.told(name), href=view.href(path), className="button") for name, path in WAYS]
    return html.P([today, *links], className="actions")
