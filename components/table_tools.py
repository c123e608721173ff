"""What every table offers beside its rows: headings that sort, a box that narrows, and files. assets/tables.js acts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from components import format, html, wording
from components.attributes import Attributes, Content, aria, data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element
from kpi.listing import LONGEST_FIND, Arrangement

FIND_FROM = 8
"""A table of fewer rows is read at a glance: it gets no box to narrow it."""

FOLDED = 5
"""So many rows of a long table a phone shows at first."""

KINDS = ("csv", "xlsx")
ExportHref = Callable[[str], str]
"""The address of the rows as a file, by its kind."""
ArrangeHref = Callable[[str, str], str]
"""The address of the rows by a column ("-" before it: the largest first) and with these words in them."""


def sorting(name: Content) -> Element:
    """What stands in a heading that sorts its column (or, in a table across, its row)."""
    return html.Button(name, type="button", className="sort")


def ordering(name: Content, column: str, how: Arrangement, href: ArrangeHref) -> Element:
    """The same where only the first rows are here: an address under which all of them are in that order."""
    turns = {column: f"-{column}", f"-{column}": ""}
    return html.Link(name, href=href(turns.get(how.by, column), how.find), className="sort", **data(here=""))


def ordered(column: str, how: Arrangement) -> Attributes:
    """The attribute of a heading whose column the rows are ordered by."""
    return aria(sort="descending" if how.down else "ascending") if column == how.column else {}


def sortable(name: str, *, across: bool = False) -> Attributes:
    """The attributes of a table that sorts; `name` tells the tables of a page apart."""
    return data(sortable=name, **({"across": ""} if across else {}))


def sort_key(value: object) -> Attributes:
    """The attribute of a cell by which it is put in order: blanks last."""
    return data(sort="" if value is None else str(value))


def tools(
    name: str,
    rows: int,
    reader: Reader,
    export_href: ExportHref | None,
    more: Content = None,
    search: Element | None = None,
) -> Element:
    """To the right of a table's title: how to narrow it, see `more` of it, and take it along.

    `search` stands for the box where only the first rows are here.
    """
    box = search or (find_box(name, reader) if rows >= FIND_FROM else None)
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


def search(how: Arrangement, href: ArrangeHref, reader: Reader) -> Element:
    """A box that looks through all rows there are: the server does."""
    action, _, query = href(how.by, "-").partition("?")
    label = reader.told(wording.FIND_IN_ALL)
    state = [
        html.Input(type="hidden", name=name, value=value)
        for name, value in parse_qsl(query)
        if name != "find"
    ]
    box = html.Input(
        id=f"find-{how.listing}",
        type="search",
        name="find",
        value=how.find,
        placeholder=label,
        maxLength=LONGEST_FIND,
        autoComplete="off",
        **aria(label=label),
    )
    return html.Form(
        [*state, box], action=action, method="get", className="find", role="search", **data(here="")
    )


def exports(href: ExportHref, reader: Reader) -> Element:
    links = [html.A(kind.upper(), href=href(kind), download="") for kind in KINDS]
    return html.Nav(links, className="exports", **aria(label=reader.told(wording.EXPORT)))
