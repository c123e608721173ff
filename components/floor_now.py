"""What the floor is like at this minute: who waits longest, which cars are in the shop for how long and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from components import floor_wording as words
from components import format, html
from components.attributes import data
from components.html import Element
from components.listing import cell_text
from components.reader import Reader
from components.svg import mark
from kpi.listing import Listed
from kpi.metric import Unit
from kpi.text import Locale
from kpi.verdict import Status

AGES = (2.0, 4.0, 24.0)
"""Hours in the shop at which a car is older."""


def longest_waits(listed: Listed, most: int, reader: Reader, href_of: Callable[[str], str]) -> Element:
    """`listed` is the listing stores_waiting: its first stores in one line, each leading to its day."""
    late = [row for row in listed.rows if row["over"]][:most]
    name = "store_zh" if reader.locale is Locale.ZH_CN else "store_en"
    items = []
    for row in late:
        longest = format.phrase(float(row["longest"] or 0), Unit.MINUTES, reader)  # type: ignore[arg-type]
        told = words.WAITS_OF_STORE.filled(n=round(float(row["over"] or 0)), longest=longest)  # type: ignore[arg-type]
        link = html.Link(str(row[name]), href=href_of(str(row["store_id"])))
        items.append(
            html.Li(
                [mark(Status.CRITICAL), link, html.Span(reader.told(told))],
                **data(store=str(row["store_id"])),
            )
        )
    body = html.Ul(items) if items else html.P(reader.told(words.NOBODY_WAITS))
    title = html.H2(reader.told(words.WAITING_NOW))
    return html.Section([title, body], className="panel now-line", **data(role="longest-waits"))


def cars_by_age(listed: Listed, reader: Reader) -> Element:
    """`listed` is the listing open_orders: how many cars stand for which cause since when."""
    title = html.H2(reader.told(words.IN_REPAIR))
    if not listed.rows:
        return html.Section(
            [title, html.P(reader.told(words.NO_CARS), className="empty")], className="panel cars"
        )
    column = listed.listing.column("status")
    counts: Counter[tuple[str, int]] = Counter()
    for row in listed.rows:
        age = float(row["hours_in"] or 0.0)  # type: ignore[arg-type]
        counts[str(row["status"]), sum(age >= edge for edge in AGES)] += 1
    known = [key for key in column.words or {} if any(status == key for status, _ in counts)]
    heads = [html.Th(reader.told(words.CAUSE), scope="col")]
    heads += [html.Th(reader.told(name), scope="col") for name in words.AGES]
    body = [
        html.Tr(
            [
                html.Th(cell_text(status, column, reader), scope="row"),
                *(_count(counts[status, place], place) for place in range(len(words.AGES))),
            ]
        )
        for status in known
    ]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="spreads")
    return html.Section(
        [title, html.Div(table, className="scroll", tabIndex=0)], className="panel cars", **data(role="cars")
    )


def _count(n: int, place: int) -> Element:
    """A car that has stood for more than a day is one too many."""
    stuck = n and place == len(AGES)
    return html.Td(
        [mark(Status.CRITICAL) if stuck else None, str(n) if n else "·"],
        className="critical" if stuck else "",
    )
