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
from functools import cache
from math import sqrt
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from kpi.answer import Answer, Measured
from kpi.metric import Direction, Metric, Ratio, Sums
from kpi.usual import UsualDays
from kpi.verdict import Status

DAYS_NEEDED = 4
"""Fewer comparable days than this make no expectation."""

LEAST = 0.05
"""Of an ordinary day: a day with less tells nothing of others."""
OPEN = 0.25
"""Of the day's busiest hour: where less is offered, the work is the overtime of what has closed, and no ratio."""
HIGH = 0.9
"""The upper end of a range of 80 %."""

Hours = NDArray[np.float64]
"""An amount in each of the 24 hours of a day."""


@dataclass(frozen=True)
class _Day:
    """The parts of a day's sums by hour, until this minute and after it."""

    so_far: Mapping[str, Hours]
    rest: Mapping[str, Hours]


_NOTHING = _Day({}, {})


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
class Hour:
    """An hour of today: what was done in it, and what it is expected to come to with what is still ahead of it."""

    hour: int
    value: float | None
    expected: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Pace:
    """Value so far, and the 80 % range in which it is expected by now; None where there is too little history."""

    metric: Metric
    value: float | None
    expected: float | None
    low: float | None
    high: float | None
    close: Close | None = None
    hours: Sequence[Hour] = ()
    """The hours of the day, those to come with what is expected of each; none where nothing is."""

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
    today = days.pop(day, _NOTHING)
    value = Measured(metric, _sums(today.so_far)).value
    if usual is not None and not usual.is_open(day):
        return Pace(metric, value, None, None, None)
    for like in _likenesses(day, usual):
        found = [
            _Day(_as_on(metric, past.so_far, then, day, usual), _as_on(metric, past.rest, then, day, usual))
            for then, past in days.items()
            if then < day and like(then)
        ]
        values = [
            so_far for each in found if (so_far := Measured(metric, _sums(each.so_far)).value) is not None
        ]
        hours = _by_hour(metric, today, found, at.hour)
        if len(values) >= DAYS_NEEDED:
            close = None if value is None else _close(metric, today, found)
            return Pace(metric, value, *_range(values), close, hours)
        if any(hour.expected is not None for hour in hours):  # of a ratio, before the day has begun
            return Pace(metric, value, None, None, None, None, hours)
    return Pace(metric, value, None, None, None)


def _range(values: Sequence[float]) -> tuple[float, float, float]:
    """What one more is expected to be, and the 80 % range of it."""
    centre, days = fmean(values), len(values)
    deviation = sqrt(sum((value - centre) ** 2 for value in values) / (days - 1))
    half = _student(days - 1) * deviation * sqrt(1 + 1 / days)
    return centre, max(centre - half, 0.0), centre + half


@cache
def _student(freedom: int) -> float:
    return float(stdtrit(freedom, HIGH))


def _close(metric: Metric, today: _Day, like: Sequence[_Day]) -> Close | None:
    """What was done, and what each like day still brought; None where too few of them tell."""
    days = [(_sums(day.so_far), _sums(day.rest)) for day in like]
    ends = _ends(metric, _sums(today.so_far), [rest for _, rest in days])
    if len(ends) < DAYS_NEEDED:
        return None
    wholes = [(so_far, rest, Measured(metric, _added(so_far, rest)).value) for so_far, rest in days]
    known = [(so_far, rest, value) for so_far, rest, value in wholes if value is not None]
    off, naive, whole = 0.0, 0.0, 0.0
    for at, (so_far, _, value) in enumerate(known):
        others = known[:at] + known[at + 1 :]
        said = _ends(metric, so_far, [rest for _, rest, _ in others])
        # A ratio has no end where the day opened when all others had shut.
        if said:
            off += abs(fmean(said) - value)
            naive += abs(fmean(other for *_, other in others) - value)
            whole += value
    return Close(*_range(ends), *((off / whole, naive / whole) if whole > 0 else (None, None)))


def _by_hour(metric: Metric, today: _Day, like: Sequence[_Day], now: int) -> Sequence[Hour]:
    """The hours from the first to the last in which anything is done or expected."""
    found = []
    offered = _offered(metric, [today, *like])
    for hour in np.flatnonzero(offered).tolist():
        done = _sums(today.so_far, hour)
        value = Measured(metric, done).value if hour <= now else None
        ends = _ends(metric, done, [_sums(day.rest, hour) for day in like]) if hour >= now else []
        expects = len(ends) >= DAYS_NEEDED and any(ends)
        found.append(Hour(hour, value, *(_range(ends) if expects else (None, None, None))))
    busy = [at for at, each in enumerate(found) if each.value or each.expected is not None]
    return found[busy[0] : busy[-1] + 1] if busy else []


def _offered(metric: Metric, days: Sequence[_Day]) -> NDArray[np.bool_]:
    """(24,) the hours in which there is something to measure against."""
    below = [part["denominator"] for day in days for part in (day.so_far, day.rest) if part]
    if not isinstance(metric.formula, Ratio) or not below:
        return np.ones(24, dtype=np.bool_)
    offered = np.sum(below, axis=0)
    open_: NDArray[np.bool_] = offered >= OPEN * max(offered.max(), 1e-9)
    return open_


def _ends(metric: Metric, done: Sums, rests: Sequence[Sums]) -> list[float]:
    found = (Measured(metric, _added(done, rest)).value for rest in rests if rest)
    return [value for value in found if value is not None]


def _sums(parts: Mapping[str, Hours], hour: int | None = None) -> Sums:
    """Of the whole day, or of one hour."""
    return {part: float(each.sum() if hour is None else each[hour]) for part, each in parts.items()}


def _added(one: Sums, other: Sums) -> Sums:
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


def _as_on(
    metric: Metric, parts: Mapping[str, Hours], then: date, day: date, usual: UsualDays | None
) -> Mapping[str, Hours]:
    """The sums of one day as they would be on another; nothing of a day that has next to none."""
    if usual is None:
        return parts
    found: dict[str, Hours] = {}
    for part, sql in metric.parts().items():
        weight = usual.weight(sql, then)
        if weight < LEAST:
            return {}
        if part in parts:
            found[part] = parts[part] * (usual.weight(sql, day) / weight)
    return found


def _parted(answer: Answer, at: datetime) -> dict[date, _Day]:
    """Each day's hours up to `at`, and those after it. The running hour is parted; today's own events in it are those
    until now already."""
    days = sorted({period for period in answer.periods if period is not None})
    place = {each: index for index, each in enumerate(days)}
    day = np.array([place[period] for period in answer.periods if period is not None], dtype=np.int64)
    hour = np.array([int(member or 0) for member in answer.members], dtype=np.int64)
    share = np.clip(at.hour + at.minute / 60 - np.arange(24), 0.0, 1.0)
    so_far: dict[str, Hours] = {}
    rest: dict[str, Hours] = {}
    for part, amounts in answer.sums.items():
        grid = np.zeros((len(days), 24))
        grid[day, hour] = np.nan_to_num(amounts)
        counted = np.tile(share, (len(days), 1))
        if part == "numerator" and at.date() in place:
            counted[place[at.date()], at.hour] = 1.0
        so_far[part], rest[part] = counted * grid, (1 - counted) * grid
    return {
        each: _Day(*({part: grid[index] for part, grid in parts.items()} for parts in (so_far, rest)))
        for each, index in place.items()
    }
