"""Small drawings made on the server, and what carries them into a page.

Markup uses CSS classes, currentColor and design tokens only, so a change of theme needs no new drawing. Whatever goes
into a drawing from outside is escaped here, by `attributes` and `text`; `Svg` shows its markup as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

from components.html import Element
from kpi.metric import Band, Direction, Limits
from kpi.verdict import Status

SPARK_WIDTH, SPARK_HEIGHT = 120, 34


class Svg(Element):
    """Markup in a page. With a `title` it is an image of that name, without one decoration, unless it holds links."""

    __slots__ = ("markup",)

    def __init__(
        self, markup: str, *, id: str | None = None, className: str | None = None, title: str | None = None
    ) -> None:
        given = {"id": id, "className": className, "title": title}
        super().__init__("span", None, **{name: value for name, value in given.items() if value is not None})
        self.markup = markup


def attributes(**values: str | float | None) -> str:
    """Escaped attributes; `_` in a name stands for `-`, and a trailing one is dropped (class_)."""
    return "".join(
        [
            f' {_spelt(name)}="{escape(_written(value))}"'
            for name, value in values.items()
            if value is not None
        ]
    )


@cache
def _spelt(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def element(tag: str, content: str = "", **values: str | float | None) -> str:
    return f"<{tag}{attributes(**values)}>{content}</{tag}>" if content else f"<{tag}{attributes(**values)}/>"


def text(words: str) -> str:
    return escape(words, quote=False)


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


_SHAPES = {
    Status.CRITICAL: '<rect x=".5" y=".5" width="9" height="9" rx="1.4" fill="currentColor"/>',
    Status.WARNING: '<path d="M5 .5 9.8 9.3H.2Z" fill="currentColor"/>',
    Status.GOOD: '<circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    Status.UNKNOWN: '<path d="M1.2 5H8.8" stroke="currentColor" stroke-width="2"/>',
}


_HALF = '<path d="M5 1.1A3.9 3.9 0 0 0 5 8.9Z" fill="currentColor"/>'
"""Added to the ring of a green that counts half."""


def mark(status: Status, *, half: bool = False) -> Svg:
    """The shape of a status; the word beside it is what a screen reader hears. `half`: a green whose guard is red."""
    drawn = _SHAPES[status] + (_HALF if half else "")
    return Svg(f'<svg viewBox="0 0 10 10">{drawn}</svg>', className=f"shape {status.value}")


def movement(up: int) -> str:
    """A line that rises (1), falls (-1) or only wavers (0); the word beside it says whether that is good."""
    if not up:
        return '<svg viewBox="0 0 20 10"><path class="line" d="M1 5.5L5 3.5L9 6.5L13 3.5L17 5.5"/></svg>'
    first, last = (8.5, 2) if up > 0 else (1.5, 8)
    points = f"M1 {first}L6 {first}L17 {last}"
    return f'<svg viewBox="0 0 20 10"><path class="line" d="{points}"/><circle cx="17" cy="{last}" r="2.2"/></svg>'


def sparkline(values: Sequence[float]) -> str:
    """The shape of a series, oldest first, its last point marked. Below two values there is no shape."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    # A series that hardly moves is drawn as one that hardly moves, not blown up to full height.
    reach = max(high - low, 0.02 * max(abs(low), abs(high)), 1e-12)
    base = (low + high) / 2 - reach / 2
    width, height, pad = SPARK_WIDTH, SPARK_HEIGHT, 4
    points = [
        (
            pad + i * (width - 2 * pad) / (len(values) - 1),
            height - pad - (v - base) / reach * (height - 2 * pad),
        )
        for i, v in enumerate(values)
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    line = element("path", d=path, class_="line")
    dot = element("circle", cx=points[-1][0], cy=points[-1][1], r=2.6, class_="last")
    return element("svg", line + dot, class_="spark", viewBox=f"0 0 {width} {height}")


def bullet(value: float | None, limits: Limits | Band, direction: Direction) -> str:
    """Where a value stands: the green zone, the red limits, the value, and the stretch it misses the target by."""
    low, high = _domain(value, limits)

    def at(x: float) -> float:
        return 1.5 + 97 * min(max((x - low) / (high - low), 0.0), 1.0)

    green = limits.good if isinstance(limits, Band) else _open_zone(limits.good, direction)
    left, right = (at(max(green[0], low)), at(min(green[1], high)))
    drawn = [
        _bar(0, 100, "track"),
        _bar(0 if green[0] <= low else left, 100 if green[1] >= high else right, "zone"),
    ]
    if value is not None:
        nearest = min(max(value, green[0]), green[1])
        if nearest != value:
            first, last = sorted((at(nearest), at(value)))
            drawn.append(_bar(first, last, "gap"))
    if value is not None:
        drawn.append(element("circle", cx=f"{at(value):.2f}%", cy="50%", class_="here"))
    # Over the value: one that lies on its limit must not hide it.
    drawn += [_tick(at(edge)) for edge in green if low < edge < high]
    return element("svg", "".join(drawn), class_="bullet")


def _domain(value: float | None, limits: Limits | Band) -> tuple[float, float]:
    """Low and high end of the scale: a target's width around the limits, stretched for a value beyond."""
    if isinstance(limits, Band):
        low, high = limits.critical
        spread = 0.3 * (high - low)
    else:
        low, high = sorted((limits.good, limits.critical))
        spread = (high - low) or 0.1 * abs(high) or 1.0
    first, last = low - spread, high + spread
    if value is None:
        return first, last
    # Beyond three widths the value stands at the end of the scale.
    return min(first, max(value, low - 3 * spread)), max(last, min(value, high + 3 * spread))


def _open_zone(good: float, direction: Direction) -> tuple[float, float]:
    return (good, float("inf")) if direction is Direction.HIGHER else (float("-inf"), good)


def _bar(left: float, right: float, name: str) -> str:
    return element("rect", x=f"{left:.2f}%", width=f"{max(right - left, 0):.2f}%", class_=name)


def _tick(x: float) -> str:
    return element("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1="0", y2="100%", class_="aim")
