"""Bookings against capacity: the coming days, units against days, and the hours of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from components import floor_wording as words
from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element
from kpi.capacity import JUDGED_AHEAD, Load
from kpi.metric import Band, Unit
from kpi.text import Text, same

MINUTES_OF_HOUR = 60.0
FULL = 1.2
"""Bay time at which a bar ends: what is beyond is cut, and said in words."""


def days_ahead(
    loads: Sequence[Load], today: date, band: Band, reader: Reader, bookings_of: Callable[[date], str]
) -> Element:
    """A bar a day: booked, then usual walk-ins, against the day's bay time. What is booked leads to its bookings."""
    title = reader.told(words.BOOKED_AHEAD)
    if not any(load.available for load in loads):
        empty = html.P(reader.told(words.NO_BAYS), className="empty")
        return html.Section([html.H2(title), empty], className="panel ahead-panel")
    counts = Counter(load.called(today, band) for load in loads)
    said = reader.told(words.DAYS_AHEAD.filled(overflow=counts["overflow"], idle=counts["idle"]))
    names: Sequence[Text] = (
        words.DAY,
        words.BOOKED,
        words.USUAL_WALK_INS,
        words.CAPACITY,
        words.EXPECTED_LOAD,
        same(""),
        same(""),
    )
    head = html.Tr([html.Th(reader.told(name), scope="col") for name in names])
    rows = [_day(load, load.called(today, band), band, reader, bookings_of(load.day)) for load in loads]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="ahead")
    return html.Section(
        [
            html.H2([title, html.Small(said)]),
            html.Div(table, className="scroll", tabIndex=0),
            html.P(_rule(band, reader), className="note"),
        ],
        className="panel ahead-panel",
        **data(role="ahead"),
    )


def _rule(band: Band, reader: Reader) -> str:
    low, high = (format.phrase(edge, Unit.SHARE, reader) for edge in band.critical)
    return reader.told(words.LOAD_RULE.filled(low=low, high=high, days=JUDGED_AHEAD))


def _day(load: Load, called: str, band: Band, reader: Reader, bookings: str) -> Element:
    weekday = reader.told(wording.WEEKDAYS[load.day.isoweekday() - 1])
    booked, *others = (
        format.phrase(minutes / MINUTES_OF_HOUR, Unit.HOURS, reader)
        for minutes in (load.booked, load.walk_ins, load.available)
    )
    linked = html.Link(booked, href=bookings) if load.booked else booked
    cells = [html.Td(linked), *(html.Td(each) for each in others)]
    drawing = Svg(_stack(load.booked, load.walk_ins, load.available, band), className="stack")
    return html.Tr(
        [
            html.Th([format.day(load.day, reader), html.Small(weekday)], scope="row"),
            *cells,
            html.Td(format.phrase(load.expected, Unit.SHARE, reader)),
            html.Td(html.Span(reader.told(words.LOADS[called]), className=f"load {called}")),
            html.Td(drawing, className="bars"),
        ],
        className=called,
        **data(load=called, day=load.day.isoformat()),
    )


def _stack(first: float, second: float, whole: float, band: Band) -> str:
    """Two stretches after one another on a scale that ends above the whole, with the band's ends and the whole."""
    if not whole:
        return element("svg", element("rect", width="100%", class_="track"), class_="stacked")

    def at(minutes: float) -> float:
        return 100 * min(max(minutes / whole / FULL, 0.0), 1.0)

    a, b = at(first), at(first + second)
    drawn = [
        element("rect", width=f"{at(whole):.2f}%", class_="track"),
        element("rect", width=f"{a:.2f}%", class_="booked"),
        element("rect", x=f"{a:.2f}%", width=f"{b - a:.2f}%", class_="walk-in"),
    ]
    drawn += [
        element(
            "line",
            x1=f"{at(edge * whole):.2f}%",
            x2=f"{at(edge * whole):.2f}%",
            y1="0",
            y2="100%",
            class_="aim",
        )
        for edge in band.critical
    ]
    return element("svg", "".join(drawn), class_="stacked")


def units_ahead(
    loads: Mapping[str, Sequence[Load]],
    names: Mapping[str, Text],
    today: date,
    band: Band,
    reader: Reader,
    href_of: Callable[[str], str],
    bookings_of: Callable[[str, date], str],
) -> Element:
    """Units against the coming days: where is spare bay time tomorrow, where overflow? Fullest first. A cell leads to the
    bookings of its unit and day."""
    title = reader.told(words.BOOKED_WEEK)
    days = sorted({load.day for found in loads.values() for load in found})
    order = sorted(loads, key=lambda key: (-max((load.expected or 0.0) for load in loads[key]), key))
    weekdays = [reader.told(wording.WEEKDAYS[day.isoweekday() - 1]) for day in days]
    head = html.Tr(
        [html.Th(reader.told(wording.MEMBER), scope="col")]
        + [
            html.Th([format.day(day, reader), html.Small(name)], scope="col")
            for day, name in zip(days, weekdays, strict=True)
        ]
    )
    body = []
    for key in order:
        by_day = {load.day: load for load in loads[key]}
        cells = [_cell(by_day.get(day), today, band, reader, bookings_of(key, day)) for day in days]
        link = html.Link(reader.told(names.get(key, same(key))), href=href_of(key))
        body.append(html.Tr([html.Th(link, scope="row"), *cells]))
    table = html.Table([html.Thead(head), html.Tbody(body)], className="heat loads")
    frame = html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label=title))
    return html.Section([html.H2(title), frame], className="panel ahead-panel", **data(role="units-ahead"))


def _cell(load: Load | None, today: date, band: Band, reader: Reader, bookings: str) -> Element:
    if load is None or load.expected is None:
        return html.Td(reader.told(words.LOADS["closed"]), className="none")
    called = load.called(today, band)
    word = reader.told(words.LOADS[called])
    shown: Content = [
        f"{100 * load.expected:.0f}",
        *([html.Small(word)] if called in ("overflow", "idle") else []),
    ]
    level = min(round(10 * load.expected), 10)
    return html.Td(
        html.Link(shown, href=bookings) if load.booked else shown,
        className=f"level-{level} {'over' if called == 'overflow' else called}",
        title=f"{format.phrase(load.expected, Unit.SHARE, reader)} {word}",
    )


@dataclass(frozen=True)
class HourLoad:
    """An hour of today in bay minutes. What was worked belongs to the hours that have begun, the rest to what is ahead."""

    hour: int
    worked: float
    booked: float
    walk_ins: float
    available: float

    @property
    def share(self) -> float | None:
        return (self.worked + self.booked + self.walk_ins) / self.available if self.available else None


def hours_of_day(hours: Sequence[HourLoad], now: int, band: Band, reader: Reader) -> Element:
    """A column an hour, from opening to closing: worked, then booked and usual walk-ins, under the line of capacity."""
    title = reader.told(words.REST_OF_DAY)
    if not any(one.available for one in hours):
        empty = html.P(reader.told(words.NO_HOURS), className="empty")
        return html.Section([html.H2(title), empty], className="panel hours-panel")
    columns = [html.Li(_column(one, band, reader), className=_when(one, now, band)) for one in hours]
    rows = [
        html.Tr(
            [html.Th(f"{one.hour}:00", scope="row")]
            + [
                html.Td(format.phrase(minutes / MINUTES_OF_HOUR, Unit.HOURS, reader))
                for minutes in (one.worked, one.booked, one.walk_ins, one.available)
            ]
        )
        for one in hours
    ]
    names = (words.HOUR, words.SO_FAR, words.TO_COME, words.USUAL_WALK_INS, words.CAPACITY)
    head = html.Tr([html.Th(reader.told(name), scope="col") for name in names])
    table = html.Details(
        [html.Summary(reader.told(wording.AS_TABLE)), html.Table([html.Thead(head), html.Tbody(rows)])],
        className="as-table",
        id="hours-as-table",
    )
    legend = html.P(
        [
            html.Span(reader.told(name), className=f"key {key}")
            for key, name in (
                ("worked", words.SO_FAR),
                ("booked", words.TO_COME),
                ("walk-in", words.USUAL_WALK_INS),
            )
        ],
        className="legend",
    )
    return html.Section(
        [html.H2(title), html.Ol(columns, className="hours"), legend, table],
        className="panel hours-panel",
        **data(role="hours"),
    )


def _when(one: HourLoad, now: int, band: Band) -> str:
    name = "past" if one.hour < now else "now" if one.hour == now else "next"
    return f"{name} over" if (one.share or 0.0) > band.critical[1] else name


def _column(one: HourLoad, band: Band, reader: Reader) -> Content:
    drawn = [element("rect", y="0", width="100%", height="100%", class_="track")]
    top = 0.0
    for name, minutes in (("worked", one.worked), ("booked", one.booked), ("walk-in", one.walk_ins)):
        height = 100 * min(minutes / one.available / FULL, 1.0) if one.available else 0.0
        height = min(height, 100.0 - top)
        top += height
        drawn.append(
            element("rect", y=f"{100 - top:.2f}%", width="100%", height=f"{height:.2f}%", class_=name)
        )
    line = f"{100 - 100 / FULL:.2f}%"
    drawn.append(element("line", x1="0", x2="100%", y1=line, y2=line, class_="aim"))
    share = format.phrase(one.share, Unit.SHARE, reader)
    told = reader.told(words.LOAD_OF_HOUR.filled(hour=f"{one.hour}:00", share=share))
    number = "" if one.share is None else f"{100 * one.share:.0f}"
    return [
        html.B([number, "!" if (one.share or 0.0) > band.critical[1] else ""]),
        Svg(element("svg", "".join(drawn), class_="column"), title=told),
        html.Small(str(one.hour)),
    ]
