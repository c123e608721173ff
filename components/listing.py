"""A listing as a table: its first rows on screen, sortable in the browser, leading on; all rows leave as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.svg import mark
from components.table_tools import (
    ArrangeHref,
    ExportHref,
    ordered,
    ordering,
    search,
    sort_key,
    sortable,
    sorting,
    tools,
    unfold,
)
from kpi.listing import Arrangement, Column, Kind, Listed, Value
from kpi.metric import Unit
from kpi.text import Locale, Text
from kpi.verdict import Status

LONGEST_TABLE = 200
"""More rows than this leave as a file: nobody reads them on a screen."""
_DAYS_FROM = 72
"""Hours gone by from which on days are easier to read."""

Href = Callable[[str, str], str | None]
"""The address of a thing: its kind (store, technician, order, part) and key."""


def listing(
    listed: Listed,
    reader: Reader,
    *,
    href_of: Href,
    export_href: ExportHref | None = None,
    arrange: ArrangeHref | None = None,
    title: Text | None = None,
    top: int | None = None,
    note: bool = False,
) -> Element:
    """The rows in their own order, worst first. `top` shows only the first few; the file has them all.

    What is here in whole, the browser sorts and narrows; of what is not, the server arranges all rows where `arrange`
    tells their address. `note` writes under the title how the rows were chosen.
    """
    rows = listed.rows[: top or LONGEST_TABLE]
    columns = shown_columns(listed.listing.columns, reader.locale)
    key = listed.listing.key
    how = listed.question.arranged or Arrangement(key)
    if len(rows) == _found(listed) and not listed.question.arranged:
        arrange = None
    if not rows:
        body: Element = html.P(reader.told(wording.NO_ROWS), className="empty")
    else:
        body = html.Div(
            [_table(rows, columns, reader, href_of, listed, how, arrange), *unfold(len(rows), reader)]
        )
    head = html.Div(
        [
            html.H2(
                [reader.told(title or listed.listing.name), html.Small(_counted(listed, len(rows), reader))]
            ),
            tools(key, len(rows), reader, export_href, search=arrange and search(how, arrange, reader)),
        ],
        className="listing-head",
    )
    told = html.P(reader.told(listed.listing.description), className="how") if note else None
    return html.Section([head, told, body], className="panel listing", **data(listing=listed.listing.key))


def shown_columns(columns: Sequence[Column], locale: Locale) -> list[Column]:
    """Columns on screen: a name in another language than the reader's stays for the file."""
    other = "_en" if locale is Locale.ZH_CN else "_zh"
    return [column for column in columns if column.on_screen and not column.key.endswith(other)]


def cell_text(
    value: Value, column: Column, reader: Reader, *, to_the_cent: bool = False, as_of: datetime | None = None
) -> str:
    """A value as its column reads; a time of another year than `as_of` names its own."""
    if value is None:
        return format.NO_VALUE
    if to_the_cent and column.reads is Unit.MONEY:
        return format.cents(float(value), reader)  # type: ignore[arg-type]
    if column.elapsed and float(value) >= _DAYS_FROM:  # type: ignore[arg-type]
        return format.phrase(_readable(float(value) / 24), Unit.DAYS, reader)  # type: ignore[arg-type]
    if column.reads is Unit.DAYS:
        return format.phrase(_readable(float(value)), Unit.DAYS, reader)  # type: ignore[arg-type]
    if isinstance(column.reads, Unit):
        return format.phrase(float(value), column.reads, reader)  # type: ignore[arg-type]
    if column.reads is Kind.TIME:
        return format.moment(value, reader, as_of)  # type: ignore[arg-type]
    if column.reads is Kind.DAY:
        return format.full_day(value, reader)  # type: ignore[arg-type]
    if column.reads is Kind.FLAG:
        return reader.told(wording.YES if value else wording.NO)
    if column.reads is Kind.STATUS:
        return reader.told(wording.STATUS[Status(str(value))])
    if column.words and str(value) in column.words:
        return reader.told(column.words[str(value)])
    return str(value)


def _readable(days: float) -> float:
    """Whole ones from ten on: of a row nobody asks for tenths of a day then."""
    return float(round(days)) if abs(days) >= 9.95 else days


def _found(listed: Listed) -> int:
    return len(listed.rows) if listed.found is None else listed.found


def _counted(listed: Listed, shown: int, reader: Reader) -> str:
    total = format.count(_found(listed)) + ("" if listed.complete else "+")
    return reader.told(wording.ROWS_SHOWN.filled(shown=format.count(shown), total=total))


def _target(row: Mapping[str, Value], column: Column, href_of: Href) -> str | None:
    key = row[column.link_key or column.key] if column.links else None
    return href_of(str(column.links), str(key)) if key is not None else None


def _table(
    rows: Sequence[Mapping[str, Value]],
    columns: Sequence[Column],
    reader: Reader,
    href_of: Href,
    listed: Listed,
    how: Arrangement,
    arrange: ArrangeHref | None,
) -> Element:
    labels = [_heading(column, listed, reader) for column in columns]
    head = html.Tr(
        [
            html.Th(
                _in_order(label, column, how, arrange),
                scope="col",
                className=_align(column),
                **ordered(column.key, how),
            )
            for column, label in zip(columns, labels, strict=True)
        ]
    )
    body = [
        html.Tr(
            [
                _cell(row, column, label, reader, href_of, listed)
                for column, label in zip(columns, labels, strict=True)
            ]
        )
        for row in rows
    ]
    acts = sortable(listed.listing.key) if arrange is None else {}
    table = html.Table([html.Thead(head), html.Tbody(body)], className="rows listed", **acts)
    return html.Div(
        table,
        className="scroll",
        tabIndex=0,
        role="region",
        **aria(label=reader.told(listed.listing.name)),
    )


def _in_order(label: str, column: Column, how: Arrangement, arrange: ArrangeHref | None) -> Content:
    if arrange is None:
        return sorting(label)
    # An order by what a reader sees masked would tell it.
    return label if column.personal else ordering(label, column.key, how, arrange)


def _heading(column: Column, listed: Listed, reader: Reader) -> str:
    """On screen a name stands in one language only: its heading need not say in which."""
    if column.key.endswith("_en"):
        pair = [each for each in listed.listing.columns if each.key == column.key[:-3] + "_zh"]
        column = pair[0] if pair else column
    return reader.told(column.name)


def of_one_order(listed: Listed) -> bool:
    """Whether the amounts are those of one order, which a reader adds up."""
    return listed.question.order is not None


def _cell(
    row: Mapping[str, Value], column: Column, label: str, reader: Reader, href_of: Href, listed: Listed
) -> Element:
    """`label` names the value where a narrow screen writes the row as lines."""
    value = row[column.key]
    told: Any = cell_text(value, column, reader, to_the_cent=of_one_order(listed), as_of=listed.as_of)
    if column.reads is Kind.STATUS and value is not None:
        told = [mark(Status(str(value))), told]
    target = _target(row, column, href_of)
    return html.Td(
        html.Link(told, href=target) if target else told,
        className=_align(column),
        **sort_key(_ordered(value, column, reader)),
        **data(label=label),
    )


def _ordered(value: Value, column: Column, reader: Reader) -> object:
    """What a column is put in order by: states by how bad they are, words as they read, the rest as it is."""
    if column.reads is Kind.STATUS and value is not None:
        return Status(str(value)).severity
    if column.words and value is not None:
        return cell_text(value, column, reader)
    return value


def _align(column: Column) -> str:
    return "measure" if isinstance(column.reads, Unit) else "words"
