"""What customers complain of: each cause with its share, its rate and its trend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, sparkline
from components.table_tools import sort_key, sortable, sorting
from kpi.answer import Answer
from kpi.metric import Unit
from kpi.text import Text, same


def causes(
    tickets: Answer, weekly: Answer, vehicles: float, names: Mapping[str, Text], reader: Reader
) -> Element:
    """`tickets` is split by cause; `weekly` has a grain besides; `vehicles` were delivered in the same days."""
    rows = sorted(tickets.by_member.items(), key=lambda item: -(item[1].now.value or 0.0))
    total = sum(row.now.value or 0.0 for _, row in rows)
    lines = _lines(weekly)
    body = [
        html.Tr(
            [
                html.Th(reader.told(names.get(cause, same(cause))), scope="row"),
                _measure(row.now.value, Unit.COUNT, reader),
                _measure((row.now.value or 0.0) / total if total else None, Unit.SHARE, reader),
                _measure(_rate(row.now.value, vehicles), Unit.SHARE, reader),
                _measure(row.then.value if row.then else None, Unit.COUNT, reader),
                html.Td(_drawn(lines.get(cause, []), reader.told(names.get(cause, same(cause))))),
            ]
        )
        for cause, row in rows
        if row.now.value or (row.then and row.then.value)
    ]
    weeks = wording.LAST_WEEKS.filled(n=max((len(line) for line in lines.values()), default=0))
    measures = (tickets.metric.name, wording.SHARE_OF_ALL, wording.PER_VEHICLE, wording.BEFORE)
    head = html.Tr(
        [
            html.Th(sorting(reader.told(wording.CAUSE)), scope="col"),
            *(html.Th(sorting(reader.told(each)), scope="col", className="measure") for each in measures),
            html.Th(reader.told(weeks), scope="col"),
        ]
    )
    shown: Element = html.P(reader.told(wording.NO_ROWS), className="empty")
    if body:
        table = html.Table([html.Thead(head), html.Tbody(body)], className="rows", **sortable("causes"))
        shown = html.Div(table, className="scroll", tabIndex=0)
    span = format.span(tickets.window, reader)
    title = html.H2([reader.told(wording.WHY_COMPLAIN), html.Small(span)])
    return html.Section([title, shown], className="panel listing", **data(role="causes"))


def _lines(weekly: Answer) -> dict[str, list[float]]:
    """Tickets a week of each cause, 0 in weeks without."""
    weeks = sorted({row.period for row in weekly.rows if row.period is not None})
    counts: dict[str, dict[date, float]] = {}
    for row in weekly.rows:
        if row.period is not None and row.member is not None:
            counts.setdefault(row.member, {})[row.period] = row.now.value or 0.0
    return {cause: [found.get(week, 0.0) for week in weeks] for cause, found in counts.items()}


def _drawn(line: list[float], title: str) -> Svg | str:
    return Svg(sparkline(line), className="cause-trend", title=title) if len(line) > 1 else format.NO_VALUE


def _rate(value: float | None, vehicles: float) -> float | None:
    return None if value is None or not vehicles else value / vehicles


def _measure(value: float | None, unit: Unit, reader: Reader) -> Element:
    return html.Td(format.phrase(value, unit, reader), className="measure", **sort_key(value))
