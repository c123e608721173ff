"""How full a day will be: what is booked, what walk-ins usually bring on such a day, and how to call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi.answer import Answer
from kpi.metric import Band

JUDGED_AHEAD = 3
"""Days ahead within which a day is called idle: later ones are still being booked."""


@dataclass(frozen=True)
class Load:
    """A day of a unit, in bay minutes."""

    day: date
    booked: float
    walk_ins: float
    available: float

    @property
    def expected(self) -> float | None:
        """Share of the bay time that is spoken for; None on a day without any."""
        return (self.booked + self.walk_ins) / self.available if self.available else None

    def called(self, today: date, band: Band) -> str:
        """closed, overflow, full, fits, idle, or open: not full, and still far enough away to be booked."""
        if self.expected is None:
            return "closed"
        if self.expected > band.critical[1]:
            return "overflow"
        if self.expected > band.good[1]:
            return "full"
        if self.expected >= band.critical[0]:
            return "fits"
        return "idle" if (self.day - today).days <= JUDGED_AHEAD else "open"


def usual_by_weekday(history: Answer, before: date) -> Mapping[int, float]:
    """The share of bay time that walk-ins take on each weekday (1 … 7), over days before `before` with any bay time."""
    sums: dict[int, tuple[float, float]] = {}
    for row in history.rows:
        if row.period is None or row.period >= before or not row.now.denominator:
            continue
        top, bottom = sums.get(row.period.isoweekday(), (0.0, 0.0))
        sums[row.period.isoweekday()] = (top + (row.now.numerator or 0.0), bottom + row.now.denominator)
    return {weekday: top / bottom for weekday, (top, bottom) in sums.items()}


def usual_by_hour(history: Answer, day: date) -> Mapping[int, float]:
    """Minutes of walk-ins in each hour, the mean over earlier days of the same weekday; split by hour, grain day."""
    days = {
        row.period
        for row in history.rows
        if row.period is not None and row.period < day and row.period.isoweekday() == day.isoweekday()
    }
    sums: dict[int, float] = {}
    for row in history.rows:
        if row.period in days and row.member is not None:
            sums[int(row.member)] = sums.get(int(row.member), 0.0) + (row.now.numerator or 0.0)
    return {hour: minutes / len(days) for hour, minutes in sums.items()}


def ahead(booked: Answer, usual: Mapping[int, float]) -> list[Load]:
    """The days of an answer with grain day, oldest first; a unit split by member is added up."""
    days: dict[date, tuple[float, float]] = {}
    for row in booked.rows:
        if row.period is not None:
            top, bottom = days.get(row.period, (0.0, 0.0))
            days[row.period] = (top + (row.now.numerator or 0.0), bottom + (row.now.denominator or 0.0))
    return [
        Load(day, minutes, usual.get(day.isoweekday(), 0.0) * available, available)
        for day, (minutes, available) in sorted(days.items())
    ]
