"""How large a demo network is, and the clockwork of one generation run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data_access.chinese_calendar import day_number

BOOKING_DAYS = 30
HISTORY_DAYS = 730
RAMP_DAYS = 42
DAY = 86_400


@dataclass(frozen=True)
class Scale:
    """Sizes of a network. `chunk` is the number of stores generated at a time: it bounds memory."""

    name: str
    stores: int
    days: int
    tape_days: int
    never_live: int
    chunk: int


SCALES = {
    "tiny": Scale("tiny", stores=12, days=60, tape_days=7, never_live=1, chunk=12),
    "demo": Scale("demo", stores=600, days=400, tape_days=21, never_live=6, chunk=15),
    "full": Scale("full", stores=600, days=1095, tape_days=21, never_live=6, chunk=8),
}


@dataclass(frozen=True)
class Run:
    """One generation: everything follows from these three. Days count from 1970-01-01, seconds likewise."""

    scale: Scale
    as_of: datetime
    seed: int

    @property
    def today(self) -> int:
        return day_number(self.as_of.date())

    @property
    def midnight(self) -> int:
        """Second at which the day of `as_of` began; what is final before it goes to the base."""
        return self.today * DAY

    @property
    def as_of_second(self) -> int:
        return self.midnight + int(
            (self.as_of - datetime.combine(self.as_of.date(), datetime.min.time())).seconds
        )

    @property
    def first(self) -> int:
        """First day of the work-order history."""
        return self.today - self.scale.days

    @property
    def history_first(self) -> int:
        """First day of the visits taken over from predecessor systems."""
        return self.first - HISTORY_DAYS

    @property
    def tape_end(self) -> int:
        """First day that the tape does not hold."""
        return self.today + self.scale.tape_days

    @property
    def horizon(self) -> int:
        """First day beyond every booking."""
        return self.tape_end + BOOKING_DAYS + 1

    @property
    def ramp(self) -> float:
        """Days that a store takes from the level before to the level after."""
        return min(RAMP_DAYS, self.scale.days * 0.2)

    def wave_start(self, wave: int) -> int:
        """First day on the platform of roll-out wave 0, 1 or 2."""
        return self.first + round(self.scale.days * (0.30, 0.50, 0.70)[wave])

    def tape_end_time(self) -> datetime:
        return datetime.combine(self.as_of.date(), datetime.min.time()) + timedelta(days=self.scale.tape_days)
