"""What every table offers beside its rows: headings that sort, a box that narrows, and files. assets/tables.js acts."""

from __future__ import annotations

from collections.abc import Callable

from components import format, html, wording
from components.attributes import Attributes, Content, aria, data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element

FIND_FROM = 8
"""A table of fewer rows is read at a glance: it gets no box to narrow it."""

FOLDED = 5
"""So many rows of a long table a phone shows at first."""

KINDS = ("csv", "xlsx")
ExportHref = Callable[[str], str]
"""The address of the rows as a file, by its kind."""


def sorting(name: Content) -> Element:
    """What stands in a heading that sorts its column (or, in a table across, its row)."""
    return html.Button(name, type="button", className="sort")


def sortable(name: str, *, across: bool = False) -> Attributes:
    """The attributes of a table that sorts; `name` tells the tables of a page apart."""
    return data(sortable=name, **({"across": ""} if across else {}))


def sort_key(value: object) -> Attributes:
    """The attribute of a cell by which it is put in order: blanks last."""
    return data(sort="" if value is None else str(value))


def tools(
    name: str, rows: int, reader: Reader, export_href: ExportHref | None, more: Content = None
) -> Element:
    """To the right of a table's title: how to narrow it, see `more` of it, and take it along."""
    box = find_box(name, reader) if rows >= FIND_FROM else None
    links = exports(export_href, reader) if export_href and rows else None
    return html.Div([part for part in (box, more, links) if part is not None], className="tools-of-table")


def unfold(rows: int, reader: Reader) -> list[Element]:
    """Below a long table: a phone shows its first rows until somebody wants them all (assets/50-lists.css)."""
    if rows <= FOLDED:
        return []
    said = reader.told(wording.ALL_ROWS.filled(rows=format.count(rows)))
    return [html.Label([Svg(element("input", type="checkbox")), said], className="unfold")]


def find_box(name: str, reader: Reader) -> Svg:
    label = reader.told(wording.FIND_IN_TABLE)
    box = element(
        "input", type="search", placeholder=label, aria_label=label, autocomplete="off", data_finds=name
    )
    none = reader.told(wording.NO_ROWS)
    return Svg(f'{box}<output data-none="{none}"></output>', className="find")


def exports(href: ExportHref, reader: Reader) -> Element:
    links = [html.A(kind.upper(), href=href(kind), download="") for kind in KINDS]
    return html.Nav(links, className="exports", **aria(label=reader.told(wording.EXPORT)))
