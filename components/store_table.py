"""What the national map shows, as a table: every store once, worst first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components import html
from components import map_wording as words
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.store_map import StoreDot, worst_first
from components.svg import Svg, attributes, element, text
from components.table_tools import ExportHref, exports
from kpi.text import Text


def _always(_: StoreDot) -> bool:
    return True


def store_table(
    stores: Sequence[StoreDot],
    reader: Reader,
    *,
    href_of: Callable[[str], str],
    title: Text,
    map_id: str = "store-map",
    opened: bool = False,
    export_href: ExportHref | None = None,
) -> Element:
    """The stores of a `store_map`, the worst first; folded up unless `opened`.

    assets/tables.js sorts it, and assets/map.js hides what the search of the map with `map_id` does not find.
    `export_href` is where all of them leave as a file.
    """
    several = len(_targets(stores)) > 1
    columns = [column for column in _columns(reader, href_of, several) if column.needed(stores)]
    label = reader.told(words.LIST_OF.filled(n=len(stores), title=title))
    head = "".join(column.heading(first=at == 0) for at, column in enumerate(columns))
    rows = [
        f'<tr class="{store.status.value}">' + "".join(column.cell(store) for column in columns) + "</tr>"
        for store in worst_first(stores)
    ]
    caption = element("caption", text(label), class_="visually-hidden")
    table = f'<table data-sortable="{text(map_id)}">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    scroll = element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)
    summary = html.Summary([reader.told(words.LIST), html.Small(str(len(stores))), *_same_target(stores)])
    return html.Details(
        [summary, exports(export_href, reader) if export_href else None, Svg(scroll, className="island")],
        className="panel store-list",
        open=opened,
        **data(map=map_id),
    )


@dataclass(frozen=True)
class _Column:
    name: str
    cell: Callable[[StoreDot], str]
    """The markup of a store's cell."""
    filled: Callable[[StoreDot], object] = _always
    """A column that no store fills is left out."""
    numeric: bool = False

    def needed(self, stores: Sequence[StoreDot]) -> bool:
        return any(map(self.filled, stores))

    def heading(self, *, first: bool) -> str:
        sort = element("button", text(self.name), type="button", class_="sort")
        order = "ascending" if first else None
        return element("th", sort, scope="col", aria_sort=order, class_="amount" if self.numeric else None)


def _targets(stores: Sequence[StoreDot]) -> set[str]:
    return {store.target_text for store in stores if store.target_text}


def _same_target(stores: Sequence[StoreDot]) -> list[Element]:
    """The target if it is the same for all: it needs no column then."""
    targets = _targets(stores)
    if len(targets) != 1:
        return []
    return [html.Small(targets.pop(), className="target")]


def _columns(reader: Reader, href_of: Callable[[str], str], several_targets: bool) -> list[_Column]:
    told = reader.told

    def name(store: StoreDot) -> str:
        link = element("a", text(told(store.name)), href=href_of(store.store_id), data_link="")
        return element("th", link, scope="row")

    def place(store: StoreDot) -> str:
        return _cell(told(store.place) if store.place else "", kind="place")

    return [
        _Column(
            told(words.STATE), lambda store: _cell(told(store.word), kind="state", by=store.status.severity)
        ),
        _Column(told(words.STORE), name),
        _Column(told(words.PLACE), place, lambda store: store.place),
        _Column(told(words.VALUE), lambda store: _number(store.value_text, store.value), numeric=True),
        _Column(
            told(words.TARGET),
            lambda store: _number(store.target_text),
            lambda store: store.target_text and several_targets,
            numeric=True,
        ),
        _Column(
            told(words.DAYS),
            lambda store: _number(str(store.bad_days or ""), store.bad_days),
            lambda store: store.bad_days,
            numeric=True,
        ),
    ]


def _cell(words_: str, kind: str | None = None, by: float | None = None) -> str:
    return f"<td{attributes(class_=kind, data_sort=by)}>{text(words_)}</td>"


def _number(words_: str, sorted_by: float | None = None) -> str:
    by = "" if sorted_by is None else f"{sorted_by:.6g}"
    return f"<td{attributes(class_='amount', data_sort=by)}>{text(words_)}</td>"
