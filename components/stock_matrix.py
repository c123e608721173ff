"""Stock by ABC class against the pattern of its demand: where the money lies, and under which rule it can be ordered."""

from __future__ import annotations

from collections.abc import Callable

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.table_tools import ExportHref, exports
from kpi.catalog.listings.parts import ABC, DEMAND_CLASSES
from kpi.listing import Listed, Value
from kpi.metric import Unit
from kpi.stock_class import StockClass


def stock_matrix(
    listed: Listed,
    reader: Reader,
    export_href: ExportHref | None = None,
    *,
    href_of: Callable[[StockClass], str],
    chosen: StockClass | None = None,
) -> Element:
    """`listed` is the listing part_classes. A cell leads to what `href_of` knows of its class; the `chosen` one is framed."""
    cells = {(str(row["abc"]), str(row["demand_class"])): row for row in listed.rows}
    total = sum(_number(row["stock_value"]) for row in listed.rows) or 1.0

    def cell(of: StockClass) -> Element:
        row = cells.get((of.abc, of.pattern))
        if row is None:
            return html.Td("", className="none")
        value, count = _number(row["stock_value"]), format.count(round(_number(row["positions"])))
        told = format.phrase(value, Unit.MONEY, reader)
        level = f"level-{round(10 * min(2 * value / total, 1.0))}"
        said = f"{reader.told(of.told)}{reader.told(wording.COLON)}{told}"
        shown = html.Link([html.B(told), html.Small(count)], href=href_of(of), title=said)
        return html.Td(shown, className=f"{level} chosen" if of == chosen else level)

    head = html.Tr(
        [
            html.Th(reader.told(listed.listing.column("abc").name), scope="col"),
            *(html.Th(reader.told(name), scope="col") for name in DEMAND_CLASSES.values()),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(reader.told(name), scope="row"),
                *(cell(StockClass(kind, each)) for each in DEMAND_CLASSES),
            ]
        )
        for kind, name in ABC.items()
        if any((kind, each) in cells for each in DEMAND_CLASSES)
    ]
    if not body:
        shown: Element = html.P(reader.told(wording.NO_ROWS), className="empty")
    else:
        table = html.Table([html.Thead(head), html.Tbody(body)], className="heat matrix")
        shown = html.Div(table, className="scroll", tabIndex=0)
    title = html.Div(
        [
            html.H2([reader.told(listed.listing.name), html.Small(reader.told(wording.VALUE_AND_COUNT))]),
            exports(export_href, reader) if export_href and body else None,
        ],
        className="listing-head",
    )
    note = html.P(reader.told(listed.listing.description), className="how")
    return html.Section([title, shown, note], className="panel listing", **data(role="stock-matrix"))


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
