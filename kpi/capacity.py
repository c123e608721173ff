"""How full a day will be: what is booked, what walk-ins usually bring on such a day, and how to call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi.answer import Answer, Measured
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
    """The share of bay time that walk-ins take on each weekday (1 … 7), over the days before `before`."""
    return _shares(
        history.folded(lambda day, _: day.isoweekday() if day is not None and day < before else None)
    )


def usual_by_weekday_of_each(history: Answer, before: date) -> Mapping[str, Mapping[int, float]]:
    """The same of every member of a split."""
    found: dict[str, dict[int, Measured]] = {}
    folded = history.folded(
        lambda day, member: (
            (member, day.isoweekday()) if member and day is not None and day < before else None
        )
    )
    for (member, weekday), measured in folded.items():
        found.setdefault(member, {})[weekday] = measured
    return {member: _shares(days) for member, days in found.items()}


def _shares(days: Mapping[int, Measured]) -> dict[int, float]:
    return {day: (one.numerator or 0.0) / one.denominator for day, one in days.items() if one.denominator}


def usual_by_hour(history: Answer, day: date) -> Mapping[int, float]:
    """Minutes of walk-ins in each hour, the mean over earlier days of the same weekday; split by hour, grain day."""
    days = {each for each in history.periods if each and each < day and each.isoweekday() == day.isoweekday()}
    hours = history.folded(lambda each, hour: int(hour) if each in days and hour is not None else None)
    return {hour: (one.numerator or 0.0) / len(days) for hour, one in hours.items()}


def ahead(booked: Answer, usual: Mapping[int, float]) -> list[Load]:
    """The days of an answer with grain day, oldest first; a unit split by member is added up."""
    return _loads(booked.folded(lambda day, _: day), usual)


def ahead_of_each(booked: Answer, usual: Mapping[str, Mapping[int, float]]) -> Mapping[str, list[Load]]:
    """The same of every member of a split."""
    found: dict[str, dict[date, Measured]] = {}
    for (member, day), measured in booked.folded(
        lambda day, member: (member, day) if member and day is not None else None
    ).items():
        found.setdefault(member, {})[day] = measured
    return {member: _loads(days, usual.get(member, {})) for member, days in found.items()}


def _loads(days: Mapping[date, Measured], usual: Mapping[int, float]) -> list[Load]:
    return [
        Load(day, one.numerator or 0.0, usual.get(day.isoweekday(), 0.0) * available, available)
        for day, one in sorted(days.items())
        for available in [one.denominator or 0.0]
    ]
