"""What stands where an answer cannot: an error, an empty selection, a page still on its way."""

from __future__ import annotations

from components import html, wording
from components.attributes import aria
from components.html import Element
from components.reader import Reader
from components.svg import mark
from kpi.text import Text
from kpi.verdict import Status


def problem(
    public: Text, reader: Reader, reference: str | None = None, retry: str | None = None, titled: bool = True
) -> Element:
    """A failure in words for the reader. `reference` is the number the log knows it by, `retry` an address; `titled` not
    where the page's own heading says it."""
    known_as = wording.REFERENCE.filled(reference=reference)
    parts = [
        html.H2([mark(Status.UNKNOWN), reader.told(wording.PROBLEM)]) if titled else None,
        html.P(reader.told(public)),
        html.P(reader.told(known_as), className="reference") if reference else None,
        html.P(html.A(reader.told(wording.TRY_AGAIN), href=retry, className="button")) if retry else None,
    ]
    return html.Section([part for part in parts if part is not None], className="panel problem", role="alert")


def empty(reader: Reader, text: Text = wording.EMPTY) -> Element:
    """A selection that holds nothing."""
    return html.P([mark(Status.UNKNOWN), reader.told(text)], className="panel empty")


def skeleton(reader: Reader, tiles: int = 7) -> Element:
    """The shape of a board that is still on its way."""
    blocks = html.Section([html.Div(className="tile") for _ in range(tiles)], className="tiles")
    return html.Div(
        [
            html.P(reader.told(wording.LOADING), className="visually-hidden"),
            html.Div(className="headline"),
            blocks,
        ],
        className="skeleton",
        role="status",
        **aria(busy="true"),
    )
