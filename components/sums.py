"""What the listed rows add up to, beside the number they were listed for."""

from __future__ import annotations

from components import floor_wording as words
from components import format, html
from components.attributes import data
from components.html import Element
from components.reader import Reader
from kpi.answer import Answer
from kpi.listing import Listed
from kpi.metric import Spread, SpreadGap, Total


def sums(listed: Listed, answer: Answer, reader: Reader) -> Element:
    """The two columns added up; where the list was cut, that it has to be narrowed before it adds up."""
    n = format.count(len(listed.rows))
    if not listed.complete:
        return html.P(reader.told(words.CUT.filled(n=n)), className="note", **data(role="sums"))
    top, bottom = (_added(listed, column) for column in ("top", "bottom"))
    value = format.phrase(answer.total.value, answer.metric.unit, reader)
    made_of_rows = bottom is not None or not listed.rows
    match answer.metric.formula:
        case Spread() | SpreadGap():
            told = words.COUNTED_ROWS.filled(n=n, value=value)
        case Total():
            told = words.ADDED_UP_SUM.filled(n=n, value=value)
        case _:
            form = words.ADDED_UP if made_of_rows else words.ADDED_UP_TOP
            whole = bottom if made_of_rows else answer.total.denominator
            told = form.filled(n=n, top=_number(top), bottom=_number(whole), value=value)
    marks = {"top": f"{top or 0.0:.10g}", "bottom": "" if bottom is None else f"{bottom:.10g}"}
    return html.P(reader.told(told), className="note", **data(role="sums", metric=answer.metric.key, **marks))


def _added(listed: Listed, column: str) -> float | None:
    known = [float(row[column]) for row in listed.rows if row[column] is not None]  # type: ignore[arg-type]
    return sum(known) if known else None


def _number(amount: float | None) -> str:
    return format.NO_VALUE if amount is None else f"{amount:,.2f}".rstrip("0").rstrip(".")
