"""Waiting and time in the shop as mean, median and P90, with and without an appointment: a small table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from components import floor_wording as words
from components import format, html
from components.attributes import data
from components.html import Element
from components.reader import Reader
from kpi.answer import Answer
from kpi.catalog import ARRIVALS
from kpi.metric import Metric, Unit
from kpi.text import Text

Trio = tuple[str, str, str]
"""The keys of a mean, a median and a P90."""


def spreads(
    answers: Mapping[str, Answer],
    rows: Sequence[Trio],
    effect: Metric,
    reader: Reader,
    href_of: Callable[[str], str],
) -> Element:
    """Answers split by way of arrival; `effect` is the metric of what an appointment saves of the first row's median."""
    groups: list[tuple[str | None, Text]] = [(None, words.ALL_VISITS), *ARRIVALS.items()]
    statistics = [reader.told(name) for name in (words.MEAN, words.MEDIAN, words.P90)]
    over = [html.Th(reader.told(name), scope="colgroup", colSpan=len(statistics)) for _, name in groups]
    under = [html.Th(name, scope="col") for _ in groups for name in statistics]
    head = html.Thead([html.Tr([html.Td(""), *over], className="over"), html.Tr([html.Td(""), *under])])
    body = [
        html.Tr(
            [
                html.Th(
                    html.Link(reader.told(answers[trio[0]].metric.name), href=href_of(trio[0])), scope="row"
                ),
                *(
                    _cell(answers[key], group, f"{reader.told(name)} {statistic}", reader)
                    for group, name in groups
                    for key, statistic in zip(trio, statistics, strict=True)
                ),
            ]
        )
        for trio in rows
    ]
    table = html.Table([head, html.Tbody(body)], className="spreads cards")
    told = _told(_saved(answers[rows[0][1]]), reader)
    said: list[Element] = [html.P(html.Link(told, href=href_of(effect.key)))] if told else []
    return html.Section(
        [html.H2(reader.told(words.WAITING)), html.Div(table, className="scroll", tabIndex=0), *said],
        className="panel spreads-panel",
        **data(role="spreads"),
    )


def _cell(answer: Answer, group: str | None, label: str, reader: Reader) -> Element:
    """`label` names the value where a narrow screen writes the row as lines."""
    row = answer.by_member.get(group) if group else None
    measured = answer.total if group is None else row.now if row else answer.total.nothing
    return html.Td(format.phrase(measured.value, answer.metric.unit, reader), **data(label=label))


def _saved(median: Answer) -> float | None:
    walk_in, booked = (median.by_member.get(key) for key in ("walk_in", "appointment"))
    if walk_in is None or booked is None or walk_in.now.value is None or booked.now.value is None:
        return None
    return walk_in.now.value - booked.now.value


def _told(saved: float | None, reader: Reader) -> str:
    if saved is None:
        return ""
    minutes = format.phrase(abs(saved), Unit.MINUTES, reader)
    form = words.SAVED_BY_BOOKING if saved > 0 else words.COST_BY_BOOKING
    return reader.told(form.filled(minutes=minutes))
