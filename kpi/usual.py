"""What the calendar makes of single days at one unit: what today, and the rest of the month, are held against.

Each measure has a shape of the year (weekday, public holidays, make-up workdays, Spring Festival: kpi/calendar_profile.py)
a store that is open; how many of the unit's stores are open on a day says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kpi.question import Period

ORDINARY = 7
"""Kinds of days below this one are weekdays (kpi.calendar_profile.Days.group)."""


@dataclass(frozen=True)
class UsualDays:
    """Consecutive days from `first` on; every tuple has one element a day."""

    first: date
    shapes: Mapping[str, tuple[float, ...]]
    """By measure, relative to an ordinary day; a measure of which too little is known has none."""
    open_stores: tuple[float, ...]
    """Of the unit; on a day of which no store has told, as on most others."""
    kinds: tuple[int, ...]
    rest: tuple[bool, ...]
    """Weekends and holidays, but no make-up workdays."""
    names: tuple[str | None, ...]
    """Of public holidays."""
    assumed: tuple[bool, ...]
    """Of a year whose make-up workdays are not published yet."""

    def weight(self, measure: str, day: date) -> float:
        """What a day brings, in ordinary days of one store; 1 for what the calendar does not move."""
        shape = self.shapes.get(measure)
        return shape[self._place(day)] * self.open_stores[self._place(day)] if shape else 1.0

    def is_open(self, day: date) -> bool:
        return self.open_stores[self._place(day)] > 0

    def is_ordinary(self, day: date) -> bool:
        return self.kinds[self._place(day)] < ORDINARY

    def is_rest(self, day: date) -> bool:
        return self.rest[self._place(day)]

    def name(self, day: date) -> str | None:
        return self.names[self._place(day)]

    def is_assumed(self, day: date) -> bool:
        return self.assumed[self._place(day)]

    def share_over(self, measure: str, so_far: Period, whole: Period) -> float | None:
        """What part of a period its first days usually bring; None where nothing is known."""
        if measure not in self.shapes:
            return None
        past, all_of_it = (
            sum(self.weight(measure, period.first + timedelta(n)) for n in range(period.days))
            for period in (so_far, whole)
        )
        return past / all_of_it if past and all_of_it else None

    def _place(self, day: date) -> int:
        place = (day - self.first).days
        if not 0 <= place < len(self.kinds):
            raise ValueError(f"nothing is known of {day}")
        return place
