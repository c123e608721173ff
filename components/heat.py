"""Hours against weekdays: when is it full, when is it idle?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from components import floor_wording as words
from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.table_tools import ExportHref, sort_key, sortable, sorting, tools
from kpi.answer import Answer, Measured, Row
from kpi.metric import Band, Metric
from kpi.question import HourOfWeek
from kpi.text import Text, same

Grid = Mapping[HourOfWeek, Measured]


def by_weekday_and_hour(answer: Answer) -> dict[HourOfWeek, Measured]:
    """An answer with grain day, split by hour, added up over the weeks: ratios stay sums over sums."""
    return answer.folded(
        lambda day, hour: (
            HourOfWeek(day.isoweekday(), int(hour)) if day is not None and hour is not None else None
        )
    )


def _open_hours(known: Grid) -> list[int]:
    """Hours with at least half the capacity of the widest: the few stores still open at night, and those that finish
    yesterday's cars then, say nothing of a usual hour."""
    capacity: dict[int, float] = {}
    for place, one in known.items():
        capacity[place.hour] = capacity.get(place.hour, 0.0) + (one.denominator or 0.0)
    widest = max(capacity.values(), default=0.0)
    return sorted(hour for hour, size in capacity.items() if 2 * size >= widest)


def heat(
    grid: Grid,
    metric: Metric,
    band: Band | None,
    reader: Reader,
    title: Text,
    *,
    href_of: Callable[[HourOfWeek], str] | None = None,
    chosen: HourOfWeek | None = None,
) -> Element:
    """One cell a weekday and hour that has a value: its shade is its level, its mark says overload.

    A cell leads to what `href_of` knows of its hour; the `chosen` one is framed.
    """
    known = {place: one for place, one in grid.items() if one.value is not None}
    hours = _open_hours(known)
    if not hours:
        return html.Section(
            [html.H2(reader.told(title)), html.P(reader.told(wording.EMPTY))], className="panel"
        )
    highest = max(one.value or 0.0 for one in known.values()) or 1.0
    top = band.critical[1] if band else highest

    def cell(place: HourOfWeek) -> Element:
        one = known.get(place)
        if one is None or one.value is None:
            return html.Td("", className="none")
        over = band is not None and one.value > band.good[1]
        classes = [f"level-{round(10 * min(one.value / top, 1.0)) if top else 0}"]
        classes += ["over"] * over + ["chosen"] * (place == chosen)
        told = format.phrase(one.value, metric.unit, reader)
        number = (
            f"{100 * one.value:.0f}"
            if metric.unit == "share"
            else format.shown(one.value, metric.unit, reader).number
        )
        said = f"{reader.told(hour_told(place))}{reader.told(wording.COLON)}{told}"
        shown: Content = [number, "!" if over else ""]
        if href_of:
            shown = html.Link(shown, href=href_of(place), title=said)
        return html.Td(shown, className=" ".join(classes), title=said)

    head = html.Tr([html.Th(""), *(html.Th(f"{hour}", scope="col") for hour in hours)])
    body = [
        html.Tr(
            [
                html.Th(reader.told(wording.WEEKDAYS[day - 1]), scope="row"),
                *(cell(HourOfWeek(day, hour)) for hour in hours),
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


def hour_told(place: HourOfWeek) -> Text:
    """Sat 10:00–11:00."""
    hours = f"{place.hour}:00–{place.hour + 1}:00"
    day = wording.WEEKDAYS[place.weekday - 1]
    return Text(f"{day.en} {hours}", f"{day.zh_cn} {hours}")


def one_hour(
    answers: Sequence[Answer],
    hour: HourOfWeek,
    band: Band | None,
    reader: Reader,
    *,
    names: Mapping[str, Text],
    away: str,
    href_of: Callable[[str], str],
    export_href: ExportHref | None,
) -> Element:
    """One hour of the week at the units of a view, those with most of the first metric first; at a store, by day.

    `answers` are split by unit, or have the grain of a day; `away` leads back to the whole week.
    """
    first = answers[0]
    by_day = first.question.split is None
    rows = sorted(
        first.rows, key=lambda row: (row.period or date.min, -(row.now.value or 0.0), row.member or "")
    )
    found = {
        answer.metric.key: {(row.period, row.member): row.now for row in answer.rows} for answer in answers
    }

    def heading(row: Row) -> Element:
        if row.member is None:
            day = format.day(row.period or first.window.last, reader)
            return html.Th(day, scope="row", **sort_key(row.period))
        name = reader.told(names.get(row.member, same(row.member)))
        return html.Th(html.Link(name, href=href_of(row.member)), scope="row", **sort_key(name))

    def cell(answer: Answer, row: Row) -> Element:
        one = found[answer.metric.key].get((row.period, row.member))
        value = one.value if one else None
        over = answer is first and band is not None and value is not None and value > band.good[1]
        shown = [format.phrase(value, answer.metric.unit, reader), " !" if over else ""]
        return html.Td(shown, className="measure over" if over else "measure", **sort_key(value))

    heads = [html.Th(sorting(reader.told(words.DAY if by_day else wording.MEMBER)), scope="col")]
    heads += [
        html.Th(sorting(reader.told(answer.metric.name)), scope="col", className="measure")
        for answer in answers
    ]
    body = [html.Tr([heading(row), *(cell(answer, row) for answer in answers)]) for row in rows]
    title = reader.told(hour_told(hour))
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="rows", **sortable("hour"))
    frame = html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label=title))
    days = f"{format.day(first.window.first, reader)} – {format.day(first.window.last, reader)}"
    back = html.Link(reader.told(wording.WHOLE_WEEK), href=away, className="more-rows")
    head = html.Div(
        [html.H2([title, html.Small(days)]), tools("hour", len(rows), reader, export_href, back)],
        className="listing-head",
    )
    return html.Section([head, frame], className="panel listing", **data(role="hour"))
