"""Today so far against what is expected by this minute: same weekdays of the last weeks, same hours. (domain.md 3.2)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from statistics import mean, stdev

from kpi.answer import Answer, Measured, Row
from kpi.metric import Direction, Metric
from kpi.verdict import Status

DAYS_NEEDED = 4
"""Fewer comparable days than this make no expectation."""

Z80 = 1.2816


@dataclass(frozen=True)
class Pace:
    """Value so far, and the 80 % range in which it is expected by now; None where there is too little history."""

    metric: Metric
    value: float | None
    expected: float | None
    low: float | None
    high: float | None

    @property
    def place(self) -> str:
        """within, below or above the expected range; none when either is not known."""
        if self.value is None or self.low is None or self.high is None:
            return "none"
        return "below" if self.value < self.low else "above" if self.value > self.high else "within"

    @property
    def status(self) -> Status | None:
        """None where no side of the range is a bad one."""
        if self.place == "none":
            return Status.UNKNOWN
        if self.metric.direction is Direction.NEUTRAL:
            return None
        fine = {Direction.HIGHER: "above", Direction.LOWER: "below"}.get(self.metric.direction)
        return Status.GOOD if self.place in ("within", fine) else Status.WARNING


def by_now(answer: Answer, at: datetime) -> Pace:
    """`answer` is split by hour with grain day and reaches from some weeks ago to today."""
    days: dict[date, list[Row]] = {}
    for row in answer.rows:
        if row.period is not None and row.period.weekday() == at.weekday():
            days.setdefault(row.period, []).append(row)
    today = _so_far(answer.metric, days.pop(at.date(), []), at, partial=True)
    history = [_so_far(answer.metric, rows, at, partial=False) for rows in days.values()]
    values = [value for value in history if value is not None]
    if len(values) < DAYS_NEEDED:
        return Pace(answer.metric, today, None, None, None)
    centre, half = mean(values), Z80 * stdev(values) * sqrt(1 + 1 / len(values))
    return Pace(answer.metric, today, centre, max(centre - half, 0.0), centre + half)


def _so_far(metric: Metric, rows: Iterable[Row], at: datetime, *, partial: bool) -> float | None:
    """The value of the hours up to `at`. Of the running hour a share counts; today's own events are already partial."""
    sums: dict[str, float | None] = {}
    for row in rows:
        hour = int(row.member or 0)
        if hour > at.hour:
            continue
        share = at.minute / 60 if hour == at.hour else 1.0
        for part, amount in row.now.sums.items():
            counted = 1.0 if partial and part == "numerator" else share
            sums[part] = (sums.get(part) or 0.0) + counted * (amount or 0.0)
    return Measured(metric, sums).value
