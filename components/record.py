"""One row of a listing, standing: every fact with its name; and what is wrong with it, worst first."""

from __future__ import annotations

from collections.abc import Sequence

from components import format, html
from components import order_wording as words
from components.attributes import data
from components.html import Element
from components.listing import Href, cell_text, of_one_order, shown_columns
from components.reader import Reader
from components.svg import mark
from kpi.listing import Column, Listed
from kpi.order_review import Finding
from kpi.text import Text


def record(listed: Listed, reader: Reader, href_of: Href) -> Element:
    """The facts of the first row that are known."""
    row = listed.rows[0]
    columns = [
        column
        for column in shown_columns(listed.listing.columns, reader.locale)
        if row[column.key] is not None
    ]

    def told(column: Column) -> Element:
        text = cell_text(
            row[column.key], column, reader, to_the_cent=of_one_order(listed), as_of=listed.as_of
        )
        key = row[column.link_key or column.key] if column.links else None
        target = href_of(str(column.links), str(key)) if key is not None else None
        return html.Dd(html.Link(text, href=target) if target else text)

    pairs = [html.Div([html.Dt(_name(column, listed, reader)), told(column)]) for column in columns]
    title = html.H2(reader.told(listed.listing.name))
    return html.Section([title, html.Dl(pairs, className="record")], className="panel listing")


def _name(column: Column, listed: Listed, reader: Reader) -> str:
    """On screen a name stands in one language only: its heading need not say in which."""
    if column.key.endswith("_en"):
        column = listed.listing.column(column.key[:-3] + "_zh")
    return reader.told(column.name)


def phrased(finding: Finding, reader: Reader) -> str:
    if finding.amount is None:
        return reader.told(finding.text)
    return reader.told(finding.text.filled(amount=format.phrase(finding.amount, finding.unit, reader)))


def wrongs(found: Sequence[Finding], reader: Reader) -> Element | None:
    """None where the headline has said it all."""
    if len(found) < 2:
        return None
    items = [html.Li([mark(finding.status), phrased(finding, reader)]) for finding in found]
    return html.Section(
        [html.H2(reader.told(words.WRONG)), html.Ul(items)],
        className="panel listing wrongs",
        **data(role="wrongs"),
    )


def verdict_on(order: str, found: Sequence[Finding], is_open: bool, reader: Reader) -> Text:
    """The headline: the worst of what is wrong, or that nothing is."""
    if not found:
        return (words.CALM_OPEN if is_open else words.CALM).filled(order=order)
    many = len(found) > 1
    return words.FOUND[many].filled(order=order, worst=phrased(found[0], reader), n=len(found) - 1)


def adds_up(labour: Sequence[float], parts: Sequence[float], amount: float | None, reader: Reader) -> Element:
    """That the lines make the order's revenue, or by how much they do not."""

    def money(value: float | None) -> str:
        return format.cents(value, reader)

    gap = sum(labour) + sum(parts) - (amount or 0.0)
    text = words.UNKNOWN_AMOUNT if amount is None else words.DIFFERS if abs(gap) >= CENT else words.ADDS_UP
    told = text.filled(
        labour=money(sum(labour)), parts=money(sum(parts)), amount=money(amount), gap=money(abs(gap))
    )
    return html.P(
        reader.told(told),
        className="note",
        **data(
            role="adds-up",
            amount="" if amount is None else f"{amount:.2f}",
            lines=f"{sum(labour) + sum(parts):.2f}",
        ),
    )


CENT = 0.005
