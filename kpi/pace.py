"""Today so far against what is expected by this minute, and where the day will end: like days of the last weeks, same
hours. (domain.md 3.2)

Like days of an ordinary day are the same weekdays; of a holiday, a make-up workday or a day around the Spring Festival
all days of rest, or all workdays. What was done by this minute on a like day is taken up or down by what the calendar
makes of today and made of that day. Where today ends is what was done so far and what like days still brought after
this hour: the additive pickup of revenue management. On like days it errs least; growing what was done so far in the
proportion of other days errs up to three times as much at a store in the morning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from statistics import mean, stdev

import numpy as np
from scipy.special import stdtrit

from kpi.answer import Answer, Measured
from kpi.metric import Direction, Metric, Sums
from kpi.usual import UsualDays
from kpi.verdict import Status

DAYS_NEEDED = 4
"""Fewer comparable days than this make no expectation."""

LEAST = 0.05
"""Of an ordinary day: a day with less tells nothing of others."""
HIGH = 0.9
"""The upper end of a range of 80 %."""


@dataclass(frozen=True)
class Close:
    """Where the day will end, and the 80 % range of it."""

    expected: float
    low: float
    high: float
    error: float | None
    """How far off the same was on the like days, each foretold from the others: mean error over mean value."""
    naive_error: float | None
    """The same of saying that the day ends like the others, whatever was done so far."""


@dataclass(frozen=True)
class Pace:
    """Value so far, and the 80 % range in which it is expected by now; None where there is too little history."""

    metric: Metric
    value: float | None
    expected: float | None
    low: float | None
    high: float | None
    close: Close | None = None

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
    days = _parted(answer, at)
    done, _ = days.pop(day, ({}, {}))
    today = Measured(metric, done).value
    if usual is not None and not usual.is_open(day):
        return Pace(metric, today, None, None, None)
    for like in _likenesses(day, usual):
        found = [
            (_as_on(metric, so_far, then, day, usual), _as_on(metric, rest, then, day, usual))
            for then, (so_far, rest) in days.items()
            if then < day and like(then)
        ]
        values = [value for so_far, _ in found if (value := Measured(metric, so_far).value) is not None]
        if len(values) >= DAYS_NEEDED:
            close = None if today is None else _close(metric, done, found)
            return Pace(metric, today, *_range(values), close)
    return Pace(metric, today, None, None, None)


def _range(values: Sequence[float]) -> tuple[float, float, float]:
    """What one more is expected to be, and the 80 % range of it."""
    centre, days = mean(values), len(values)
    half = float(stdtrit(days - 1, HIGH)) * stdev(values) * sqrt(1 + 1 / days)
    return centre, max(centre - half, 0.0), centre + half


def _close(metric: Metric, done: Sums, like: Sequence[tuple[Sums, Sums]]) -> Close | None:
    """What was done, and what each like day still brought; None where too few of them tell."""
    ends = _ends(metric, done, [rest for _, rest in like])
    if len(ends) < DAYS_NEEDED:
        return None
    days = [(so_far, rest, Measured(metric, _sum(so_far, rest)).value) for so_far, rest in like]
    known = [(so_far, rest, value) for so_far, rest, value in days if value is not None]
    off, naive, whole = 0.0, 0.0, 0.0
    for at, (so_far, _, value) in enumerate(known):
        others = known[:at] + known[at + 1 :]
        said = _ends(metric, so_far, [rest for _, rest, _ in others])
        # A ratio has no end where the day opened when all others had shut.
        if said:
            off += abs(mean(said) - value)
            naive += abs(mean(other for *_, other in others) - value)
            whole += value
    return Close(*_range(ends), *((off / whole, naive / whole) if whole > 0 else (None, None)))


def _ends(metric: Metric, done: Sums, rests: Sequence[Sums]) -> list[float]:
    found = (Measured(metric, _sum(done, rest)).value for rest in rests if rest)
    return [value for value in found if value is not None]


def _sum(one: Sums, other: Sums) -> Sums:
    return {part: (one.get(part) or 0.0) + (other.get(part) or 0.0) for part in {**one, **other}}


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


def _parted(answer: Answer, at: datetime) -> dict[date, tuple[Sums, Sums]]:
    """The sums of each day's hours up to `at`, and of those after it. The running hour is parted; today's own events in
    it are those until now already."""
    days = sorted({period for period in answer.periods if period is not None})
    place = {each: index for index, each in enumerate(days)}
    day = np.array([place[period] for period in answer.periods if period is not None], dtype=np.int64)
    hour = np.array([int(member or 0) for member in answer.members], dtype=np.int64)
    share = np.where(hour < at.hour, 1.0, np.where(hour == at.hour, at.minute / 60, 0.0))
    today = day == place.get(at.date(), -1)
    so_far, rest = {}, {}
    for part, amounts in answer.sums.items():
        whole = today & (hour == at.hour) if part == "numerator" else np.zeros(len(day), dtype=np.bool_)
        counted, known = np.where(whole, 1.0, share), np.nan_to_num(amounts)
        so_far[part], rest[part] = (
            np.bincount(day, weights=weight * known, minlength=len(days)).tolist()
            for weight in (counted, 1 - counted)
        )
    return {each: (_at(so_far, index), _at(rest, index)) for each, index in place.items()}


def _at(parts: Mapping[str, Sequence[float]], index: int) -> Sums:
    return {part: sums[index] for part, sums in parts.items()}
