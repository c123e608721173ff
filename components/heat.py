"""Hours against weekdays: when is it full, when is it idle?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dash import html

from components import format, wording
from components.attributes import data
from components.reader import Reader
from kpi.answer import Answer, Measured, Row
from kpi.metric import Band, Metric
from kpi.text import Text

Grid = Mapping[tuple[int, int], Measured]
"""By (weekday 1 … 7, hour 0 … 23)."""


def by_weekday_and_hour(answer: Answer) -> dict[tuple[int, int], Measured]:
    """An answer with grain day, split by hour, added up over the weeks: ratios stay sums over sums."""
    sums: dict[tuple[int, int], dict[str, float | None]] = {}
    for row in _placed(answer.rows):
        into = sums.setdefault((row.period.isoweekday(), int(row.member or 0)), {})  # type: ignore[union-attr]
        for part, amount in row.now.sums.items():
            into[part] = (into.get(part) or 0.0) + (amount or 0.0)
    return {place: Measured(answer.metric, made) for place, made in sums.items()}


def _placed(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if row.period is not None and row.member is not None)


def _open_hours(known: Grid) -> list[int]:
    """Hours with at least half the capacity of the widest: the few stores still open at night, and those that finish
    yesterday's cars then, say nothing of a usual hour."""
    capacity: dict[int, float] = {}
    for (_, hour), one in known.items():
        capacity[hour] = capacity.get(hour, 0.0) + (one.denominator or 0.0)
    widest = max(capacity.values(), default=0.0)
    return sorted(hour for hour, size in capacity.items() if 2 * size >= widest)


def heat(grid: Grid, metric: Metric, band: Band | None, reader: Reader, title: Text) -> html.Section:
    """One cell a weekday and hour that has a value: its shade is its level, its mark says overload."""
    known = {place: one for place, one in grid.items() if one.value is not None}
    hours = _open_hours(known)
    if not hours:
        return html.Section(
            [html.H2(reader.told(title)), html.P(reader.told(wording.EMPTY))], className="panel"
        )
    highest = max(one.value or 0.0 for one in known.values()) or 1.0
    top = band.critical[1] if band else highest
    head = html.Tr([html.Th(""), *(html.Th(f"{hour}", scope="col") for hour in hours)])
    body = [
        html.Tr(
            [
                html.Th(reader.told(wording.WEEKDAYS[day - 1]), scope="row"),
                *(_cell(known.get((day, hour)), metric, band, top, reader) for hour in hours),
            ]
        )
        for day in range(1, 8)
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="heat")
    return html.Section(
        [html.H2(reader.told(title)), html.Div(table, className="scroll", tabIndex=0)],
        className="panel",
        **data(role="heat"),
    )


def _cell(one: Measured | None, metric: Metric, band: Band | None, top: float, reader: Reader) -> html.Td:
    if one is None or one.value is None:
        return html.Td("", className="none")
    level = round(10 * min(one.value / top, 1.0)) if top else 0
    over = band is not None and one.value > band.good[1]
    told = format.phrase(one.value, metric.unit, reader)
    number = (
        f"{100 * one.value:.0f}"
        if metric.unit == "share"
        else format.shown(one.value, metric.unit, reader).number
    )
    return html.Td(
        [number, "!" if over else ""], className=f"level-{level}" + (" over" if over else ""), title=told
    )
