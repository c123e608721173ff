"""Answers made by hand, for the tests of what shows them. Sums are typed, so every value can be worked out on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from components.html import Element
from kpi.answer import Answer, Measured, Row
from kpi.catalog import METRICS
from kpi.metric import Metric
from kpi.question import COMPARISONS, Period, Question
from kpi.verdict import Verdict, judge

AS_OF = datetime(2026, 11, 20, 10, 40)
LAST = date(2026, 11, 19)
PERIOD = Period(date(2026, 11, 1), LAST)
PRIOR = COMPARISONS["prior"][1](PERIOD)

Sums = dict[str, float]


def reported(sums: Sums) -> Sums:
    """With the sign that somebody reported them, which some formulas ask for (Ratio.known)."""
    return {"known": 1, **sums} if sums else sums


def measured(key: str, **sums: float) -> Measured:
    return Measured(METRICS[key], reported(sums))


def answer(key: str, now: Sums, then: Sums | None = None, *, metric: Metric | None = None) -> Answer:
    """An answer of one row, month to date as of AS_OF, compared with the weeks before when `then` is given."""
    metric = metric or METRICS[key]
    question = Question(metrics=(key,), period=PERIOD, compare=PRIOR if then is not None else None)
    before = Measured(metric, reported(then)) if then is not None else None
    row = Row(None, None, Measured(metric, reported(now)), before)
    compared = metric.window(PRIOR, PRIOR.last) if then is not None else None
    return Answer(metric, question, metric.window(PERIOD, LAST), compared, AS_OF, (row,))


def split(key: str, members: dict[str, Sums]) -> Answer:
    """An answer split by member."""
    metric = METRICS[key]
    rows = tuple(
        Row(None, member, Measured(metric, reported(sums)), None) for member, sums in members.items()
    )
    return Answer(
        metric, Question(metrics=(key,), period=PERIOD), metric.window(PERIOD, LAST), None, AS_OF, rows
    )


def series(key: str, points: list[Sums]) -> Answer:
    """An answer of one row a week, oldest first."""
    metric = METRICS[key]
    days = [LAST - timedelta(7 * back) for back in range(len(points) - 1, -1, -1)]
    rows = tuple(
        Row(day, None, Measured(metric, reported(sums)), None) for day, sums in zip(days, points, strict=True)
    )
    return Answer(
        metric, Question(metrics=(key,), period=PERIOD), metric.window(PERIOD, LAST), None, AS_OF, rows
    )


def verdict(of: Answer, value: Measured | None = None, now: datetime = AS_OF) -> Verdict:
    return judge(value or of.total, day=of.window.last, as_of=of.as_of, now=now)


def spaced(text: str) -> str:
    """Text with plain spaces for the ones that do not break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def walk(tree: Any) -> Iterator[Element]:
    """The components of a tree, from the outside in."""
    if isinstance(tree, Element):
        yield tree
        yield from walk(getattr(tree, "children", None))
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from walk(part)


def classed(tree: Any, name: str) -> list[Element]:
    return [part for part in walk(tree) if name in str(getattr(part, "className", "")).split()]


def words(tree: Any) -> str:
    """All text of a tree in one line, with plain spaces."""
    if isinstance(tree, Element):
        return words(getattr(tree, "children", None))
    if isinstance(tree, list | tuple):
        return " ".join(filter(None, map(words, tree)))
    return "" if tree is None or isinstance(tree, bool) else spaced(str(tree))
