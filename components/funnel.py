"""Every unit by its size and value, with the limits that chance alone would keep: who is really different?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components import format, html
from components import status_wording as words
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.state import standing
from components.svg import Svg, element, text
from kpi.funnel import ALARM_TAIL, WARNING_TAIL, proportion_limits, ratio_limits, widened_tail
from kpi.judging import funnel_of
from kpi.metric import Metric, Proportion, Rate
from kpi.stored import Place
from kpi.text import Text

Floats = NDArray[np.float64]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000, 360, 70, 16, 16, 36
POINTS = 60
FEWEST = 12


@dataclass(frozen=True)
class FunnelDot:
    """One unit. `place` says whether it is clearly apart from the others (found among all, kpi/judging.py)."""

    key: str
    name: Text
    top: float
    bottom: float
    place: Place | None


def drawable(metric: Metric) -> bool:
    """Events over cases: what has a size, and limits of chance."""
    return isinstance(metric.formula, Proportion | Rate) and metric.plan is None


def funnel(
    metric: Metric, dots: Sequence[FunnelDot], reader: Reader, href_of: Callable[[str], str]
) -> Element | None:
    """The dots against the value of all together; None for too few of them, or a metric without sampling error.

    The limits are widened by how much the units really differ, so that large ones are not alarming by their size alone.
    """
    dots = [dot for dot in dots if dot.bottom > 0]
    if not drawable(metric) or len(dots) < FEWEST:
        return None
    drawn = Svg(_drawing(metric, dots, reader, href_of), className="funnel", title=reader.told(words.FUNNEL))
    apart = sum(dot.place is not None and dot.place.apart != 0 for dot in dots)
    said = words.FUNNEL_NOTE.filled(n=format.count(len(dots)), apart=apart)
    return html.Section(
        [html.H2([reader.told(words.FUNNEL), html.Small(reader.told(said))]), drawn],
        className="panel",
        **data(role="funnel"),
    )


def _drawing(metric: Metric, dots: Sequence[FunnelDot], reader: Reader, href_of: Callable[[str], str]) -> str:
    top, bottom = np.array([dot.top for dot in dots]), np.array([dot.bottom for dot in dots])
    found = funnel_of(metric, {"numerator": top, "denominator": bottom})
    centre, most = float(found.target[0]), float(bottom.max()) * 1.04
    sizes = np.geomspace(max(float(bottom.min()) * 0.9, 1.0), most, POINTS)
    spread = (
        np.sqrt(centre * (1 - centre) / sizes)
        if isinstance(metric.formula, Proportion)
        else np.sqrt(centre / sizes)
    )
    widening = np.sqrt(1 + found.tau2 / spread**2)
    curves = [_limits(metric, centre, sizes, tail, widening) for tail in (ALARM_TAIL, WARNING_TAIL)]
    low = min(float(np.min(top / bottom)), float(curves[0][0][POINTS // 6 :].min()))
    high = max(float(np.max(top / bottom)), float(curves[0][1][POINTS // 6 :].max()))
    pad = 0.06 * (high - low) or 0.01
    low, high = max(low - pad, 0.0), high + pad

    first = float(np.sqrt(sizes[0] / most))

    def x(size: float) -> float:
        return LEFT + (float(np.sqrt(size / most)) - first) / (1 - first) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (high - min(max(value, low), high)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    drawn = [element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(centre), y2=y(centre), class_="centre")]
    for pair, name in zip(curves, ("alarm", "warning"), strict=True):
        for limit in pair:
            points = "L".join(
                f"{x(size):.1f} {y(value):.1f}" for size, value in zip(sizes, limit, strict=True)
            )
            drawn.append(element("path", d=f"M{points}", class_=f"limit {name}"))
    for value in (low + pad, centre, high - pad):
        label = text(format.phrase(value, metric.unit, reader))
        drawn.append(element("text", label, x=LEFT - 8, y=y(value) + 4, text_anchor="end"))
    for size in (most / 1.04 * share for share in (0.25, 0.55, 1.0)):
        label = text(format.count(round(size)))
        drawn.append(element("text", label, x=x(size), y=HEIGHT - 12, text_anchor="middle"))
    axis = text(reader.told(metric.counted))
    drawn.append(element("text", axis, x=LEFT, y=HEIGHT - 12))
    order = sorted(
        zip(dots, top / bottom, strict=True),
        key=lambda pair: pair[0].place is not None and pair[0].place.apart != 0,
    )
    drawn += [
        _dot(dot, x(dot.bottom), y(float(value)), float(value), metric, reader, href_of)
        for dot, value in order
    ]
    return element("svg", "".join(drawn), viewBox=f"0 0 {WIDTH} {HEIGHT}", class_="funnel")


def _limits(
    metric: Metric, centre: float, sizes: Floats, tail: float, widening: Floats
) -> tuple[Floats, Floats]:
    wider = widened_tail(tail, widening)
    if isinstance(metric.formula, Proportion):
        low, high = proportion_limits(centre, np.round(sizes), wider)
        return low, high
    low, high = ratio_limits(sizes * centre, wider)
    return low * centre, high * centre


def _dot(
    dot: FunnelDot,
    x: float,
    y: float,
    value: float,
    metric: Metric,
    reader: Reader,
    href_of: Callable[[str], str],
) -> str:
    """A ring; a filled triangle upward for the clearly better, a square for the clearly worse."""
    apart = dot.place.apart if dot.place else 0
    pieces = [
        reader.told(dot.name),
        format.phrase(value, metric.unit, reader),
        f"n = {format.count(round(dot.bottom))}",
    ]
    if dot.place:
        pieces += [reader.told(words.APART_WORD[apart]), reader.told(standing(dot.place))]
    told = element("title", text(" · ".join(pieces)))
    if apart < 0:
        shape = element("path", told, d=f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z")
    elif apart > 0:
        shape = element("path", told, d=f"M{x:.1f} {y - 6:.1f}l6 10h-12z")
    else:
        shape = element("circle", told, cx=x, cy=y, r=3.2)
    name = {-1: "worse", 0: "ordinary", 1: "better"}[apart]
    return element("a", shape, href=href_of(dot.key), class_=name, tabindex="-1" if not apart else "0")
