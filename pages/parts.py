"""配件库存周转: what is tied up, what will stop a car, move or buy? For the supply chain, weekly."""

from __future__ import annotations

from typing import Any

from components import wording
from components.html import Element
from components.stock_matrix import stock_matrix
from kpi import catalog
from pages import _frame, _request
from pages._board import Board, table
from pages._outlook import advice_panel
from pages._request import View

METRICS = (
    "inventory_days",
    "days_of_supply",
    "stockout_rate",
    "fill_rate",
    "ro_fill",
    "dead_stock_share",
    "slow_stock_share",
)
ROWS, PARTS = 12, 24

_frame.register_page(__name__, "/parts")


def layout(stock: str = "", **query: Any) -> Element:
    view = _request.view("/parts", query, stock=stock)
    Board.ahead(view, METRICS)
    board = Board.asked(view, METRICS)
    trust = advice_panel(view)
    by_forecast = ("stop_risk", "order_proposal") if trust else ("parts_at_risk", "transfers")
    parts = [
        _one_class(view),
        board.tiles(),
        table(view, "aged_parts", top=PARTS, note=True),
        *(table(view, key, top=ROWS, note=True) for key in by_forecast),
        trust,
        _matrix(view),
        board.members(),
        table(view, "dead_parts", top=ROWS),
        board.attention(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _matrix(view: View) -> Element:
    listed = _request.desk().list(view.listing("part_classes"), _request.scope())
    return stock_matrix(
        listed,
        _request.reader(),
        view.export("part_classes"),
        href_of=lambda of: view.href(stock=str(of)),
        chosen=view.stock_class,
    )


def _one_class(view: View) -> Element | None:
    """What the chosen cell of the matrix is made of."""
    if view.stock_class is None:
        return None
    title = wording.ASPECT.filled(
        name=catalog.listing(_request.OF_A_CLASS).name, aspect=view.stock_class.told
    )
    return table(view, _request.OF_A_CLASS, top=PARTS, note=True, title=title)
