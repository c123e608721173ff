"""A metric over time: the line, its target, and what each point was. Drawn on the server, readable as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element, text
from kpi.answer import Answer
from kpi.metric import Band, Change, Limits
from kpi.text import Text

MIDDLE_FROM = 4
"""More points than this have a day written below the middle one."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000, 260, 70, 16, 16, 30


def history(
    answer: Answer,
    reader: Reader,
    title: Text,
    href_of: Callable[[date], str] | None = None,
    *,
    limits: Limits | Band | None = None,
    changes: Sequence[Change] = (),
) -> Element:
    """`answer` has a grain; limits, by default the declared ones, are drawn where the metric is judged by its own value.

    `href_of` is where a point leads, by its first day. `changes` of the limits or the formula are marked where they took
    effect: before and after is not one series.
    """
    points = list(answer.points)
    metric = answer.metric
    if len(points) < 2:
        drawn: Element = html.P(reader.told(wording.TOO_SHORT), className="empty")
    else:
        shown = limits or answer.metric.limits_on(answer.window.last)
        drawing = _drawing(answer, points, reader, href_of, None if metric.plan else shown, changes)
        drawn = Svg(drawing, className="history", title=reader.told(metric.name))
    rows = [
        html.Tr(
            [
                html.Th(format.full_day(day, reader), scope="row"),
                html.Td(format.phrase(value, metric.unit, reader)),
            ]
        )
        for day, value in points
    ]
    table = html.Details(
        [html.Summary(reader.told(wording.AS_TABLE)), html.Table(html.Tbody(rows))], className="as-table"
    )
    return html.Section(
        [html.H2(reader.told(title)), drawn, table], className="panel", **data(role="history")
    )


def _drawing(
    answer: Answer,
    points: list[tuple[date, float]],
    reader: Reader,
    href_of: Callable[[date], str] | None,
    limits: Limits | Band | None,
    changes: Sequence[Change],
) -> str:
    metric = answer.metric
    marks = _marks(limits)
    values = [value for _, value in points]
    low, high = min(values + marks), max(values + marks)
    pad = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad

    def x(place: float) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / (len(points) - 1)

    def y(value: float) -> float:
        return TOP + (high - value) * (HEIGHT - TOP - BOTTOM) / (high - low)

    def label(value: float) -> str:
        words = text(format.phrase(value, metric.unit, reader))
        return element("text", words, x=LEFT - 8, y=y(value) + 4, text_anchor="end")

    drawn, colon = [], reader.told(wording.COLON)
    for mark in marks:
        drawn += [
            element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(mark), y2=y(mark), class_="target"),
            label(mark),
        ]
    for change in changes:
        at = _between([day for day, _ in points], change.on)
        if at is not None:
            said = element(
                "title", text(f"{format.full_day(change.on, reader)}{colon}{reader.told(change.what)}")
            )
            drawn.append(
                element("line", said, x1=x(at), x2=x(at), y1=TOP, y2=HEIGHT - BOTTOM, class_="break")
            )
            words = text(reader.told(change.what))
            drawn.append(element("text", words, x=x(at) + 5, y=TOP + 10, class_="break"))
    ends = {0: "start", len(points) - 1: "end"}
    if len(points) > MIDDLE_FROM:
        ends[len(points) // 2] = "middle"
    for place, anchor in ends.items():
        written = text(format.day(points[place][0], reader))
        drawn.append(element("text", written, x=x(place), y=HEIGHT - 8, text_anchor=anchor))
    path = "M" + "L".join(f"{x(i):.1f} {y(value):.1f}" for i, (_, value) in enumerate(points))
    drawn.append(element("path", d=path, class_="line"))
    for i, (day, value) in enumerate(points):
        said = f"{format.full_day(day, reader)}{colon}{format.phrase(value, metric.unit, reader)}"
        dot = element("circle", element("title", text(said)), cx=x(i), cy=y(value), r=3.4, class_="dot")
        # A point is small: what is clicked is a ring around it.
        ring = element("circle", cx=x(i), cy=y(value), r=16, class_="ring") if href_of else ""
        drawn.append(element("a", ring + dot, href=href_of(day), aria_label=said) if href_of else dot)
    last = text(format.phrase(values[-1], metric.unit, reader))
    # On the side of the point where its line does not come from.
    at = y(values[-1]) + (22 if values[-2] > values[-1] else -10)
    drawn.append(element("text", last, x=WIDTH - RIGHT, y=at, text_anchor="end", class_="last"))
    return element("svg", "".join(drawn), viewBox=f"0 0 {WIDTH} {HEIGHT}", class_="history")


def _between(days: list[date], change: date) -> float | None:
    """The place between the last point before a change and the first one after it."""
    after = sum(day < change for day in days)
    return after - 0.5 if 0 < after < len(days) else None


def _marks(limits: Limits | Band | None) -> list[float]:
    if limits is None:
        return []
    return list(limits.good) if isinstance(limits, Band) else [limits.good]
