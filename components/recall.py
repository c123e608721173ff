"""Did the calls work? Customers whom campaigns may call beside the control group that they leave alone."""

from __future__ import annotations

from datetime import timedelta

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.table_tools import sort_key
from kpi.answer import Answer
from kpi.experiment import Effect, effect
from kpi.metric import Unit


def recall(reachable: Answer, control: Answer, reader: Reader) -> Element:
    """Both answers are rates of return within 60 days, of the same Monday's overdue vehicles."""
    found = effect(*_counts(reachable), *_counts(control))
    rows = [
        html.Tr(
            [
                html.Th(reader.told(name), scope="row"),
                _measure(format.phrase(answer.total.value, Unit.SHARE, reader), answer.total.value),
                _measure(format.count(round(_counts(answer)[1])), _counts(answer)[1]),
            ]
        )
        for name, answer in ((wording.REACHABLE, reachable), (wording.CONTROL, control))
    ]
    measures = (wording.BACK_60D, wording.OVERDUE_VEHICLES)
    head = html.Tr(
        [
            html.Th(reader.told(wording.GROUP), scope="col"),
            *(html.Th(reader.told(each), scope="col", className="measure") for each in measures),
        ]
    )
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="rows compact")
    last = reachable.window.last
    day = format.full_day(last - timedelta(last.weekday()), reader)
    return html.Section(
        [
            html.H2(
                [reader.told(wording.CALLS_WORK), html.Small(reader.told(wording.COHORT.filled(day=day)))]
            ),
            html.P(_verdict(found, reader), className="finding"),
            html.Div(table, className="scroll") if found else None,
            html.P(reader.told(wording.CALLS_MISSING), className="how"),
        ],
        className="panel listing",
        **data(role="recall", effect="" if found is None else f"{found.difference:.6g}"),
    )


def _counts(answer: Answer) -> tuple[float, float]:
    return answer.total.numerator or 0.0, answer.total.denominator or 0.0


def _verdict(found: Effect | None, reader: Reader) -> str:
    if found is None:
        return reader.told(wording.NO_COHORT)
    low, high = (format.signed(each, Unit.SHARE, reader) for each in found.interval)
    text = wording.EFFECT_REAL if found.real else wording.EFFECT_CHANCE
    return reader.told(
        text.filled(gap=format.signed(found.difference, Unit.SHARE, reader), low=low, high=high)
    )


def _measure(told: str, value: float | None) -> Element:
    return html.Td(told, className="measure", **sort_key(value))
