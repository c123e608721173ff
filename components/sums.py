"""What the listed rows add up to, beside the number they were listed for."""

from __future__ import annotations

from dash import html

from components import floor_wording as words
from components import format
from components.attributes import data
from components.reader import Reader
from kpi.answer import Answer
from kpi.listing import Listed


def sums(listed: Listed, answer: Answer, reader: Reader) -> html.P:
    """The two columns added up; where the list was cut, that it has to be narrowed before it adds up."""
    if not listed.complete:
        return html.P(
            reader.told(words.CUT.filled(n=format.count(len(listed.rows)))),
            className="note",
            **data(role="sums"),
        )
    top, bottom = (_added(listed, column) for column in ("top", "bottom"))
    told = words.ADDED_UP if bottom is not None else words.ADDED_UP_TOP
    said = told.filled(top=_number(top), bottom=_number(bottom), n=format.count(len(listed.rows)))
    marks = {"top": f"{top or 0.0:.10g}", "bottom": "" if bottom is None else f"{bottom:.10g}"}
    return html.P(reader.told(said), className="note", **data(role="sums", metric=answer.metric.key, **marks))


def _added(listed: Listed, column: str) -> float | None:
    known = [float(row[column]) for row in listed.rows if row[column] is not None]  # type: ignore[arg-type]
    return sum(known) if known else None


def _number(amount: float | None) -> str:
    return format.NO_VALUE if amount is None else f"{amount:,.2f}".rstrip("0").rstrip(".")
