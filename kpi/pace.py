"""Today so far against what is expected by this minute: like days of the last weeks, same hours. (domain.md 3.2)

Like days of an ordinary day are the same weekdays; of a holiday, a make-up workday or a day around the Spring Festival
all days of rest, or all workdays. What was done by this minute on a like day is taken up or down by what the calendar
makes of today and made of that day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from statistics import mean, stdev

import numpy as np

from kpi.answer import Answer, Measured
from kpi.metric import Direction, Metric, Sums
from kpi.usual import UsualDays
from kpi.verdict import Status

DAYS_NEEDED = 4
"""Fewer comparable days than this make no expectation."""

LEAST = 0.05
"""Of an ordinary day: a day with less tells nothing of others."""
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


def by_now(answer: Answer, at: datetime, usual: UsualDays | None = None) -> Pace:
    """`answer` is split by hour with grain day and reaches from some weeks ago to today; without `usual` days only the
    weekdays are told apart."""
    metric, day = answer.metric, at.date()
    days = _so_far(answer, at)
    today = Measured(metric, days.pop(day, {})).value
    if usual is not None and not usual.is_open(day):
        return Pace(metric, today, None, None, None)
    for like in _likenesses(day, usual):
        found = (
            Measured(metric, _as_on(metric, sums, then, day, usual)).value
            for then, sums in days.items()
            if then < day and like(then)
        )
        values = [value for value in found if value is not None]
        if len(values) >= DAYS_NEEDED:
            centre, half = mean(values), Z80 * stdev(values) * sqrt(1 + 1 / len(values))
            return Pace(metric, today, centre, max(centre - half, 0.0), centre + half)
    return Pace(metric, today, None, None, None)


def _likenesses(day: date, usual: UsualDays | None) -> list[Callable[[date], bool]]:
    """Which days may be compared with, the likest first."""

    def weekday(then: date) -> bool:
        return then.weekday() == day.weekday() and (usual is None or usual.is_ordinary(then))

    if usual is None:
        return [weekday]

    def kind(then: date) -> bool:
        return usual.is_rest(then) == usual.is_rest(day) and usual.is_ordinary(then)

    def any_kind(then: date) -> bool:
        return usual.is_rest(then) == usual.is_rest(day) and usual.is_open(then)

    return [weekday, kind, any_kind] if usual.is_ordinary(day) else [kind, any_kind]


def _as_on(metric: Metric, sums: Sums, then: date, day: date, usual: UsualDays | None) -> Sums:
    """The sums of one day as they would be on another; nothing of a day that has next to none."""
    if usual is None:
        return sums
    found: dict[str, float | None] = {}
    for part, sql in metric.parts().items():
        weight = usual.weight(sql, then)
        if weight < LEAST:
            return {}
        amount = sums.get(part)
        found[part] = None if amount is None else amount * usual.weight(sql, day) / weight
    return found


def _so_far(answer: Answer, at: datetime) -> dict[date, Sums]:
    """The sums of each day's hours up to `at`. Of the running hour a share counts; today's own events are already partial."""
    days = sorted({period for period in answer.periods if period is not None})
    place = {day: index for index, day in enumerate(days)}
    day = np.array([place[period] for period in answer.periods if period is not None], dtype=np.int64)
    hour = np.array([int(member or 0) for member in answer.members], dtype=np.int64)
    share = np.where(hour < at.hour, 1.0, np.where(hour == at.hour, at.minute / 60, 0.0))
    today = day == place.get(at.date(), -1)
    found = {}
    for part, amounts in answer.sums.items():
        whole = today & (hour == at.hour) if part == "numerator" else np.zeros(len(day), dtype=np.bool_)
        counted = np.where(whole, 1.0, share) * np.nan_to_num(amounts)
        found[part] = np.bincount(day, weights=counted, minlength=len(days)).tolist()
    return {each: {part: amounts[index] for part, amounts in found.items()} for each, index in place.items()}
