"""What a day of the calendar may do to demand, as columns of a regression.

Facts of the calendar come in as arrays; nothing here knows a country but for its moving Spring Festival, around which
people do things early, stay at home, and make up for it (Bell & Hillmer 1983; Lin & Liu 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prediction.history import Flags, Floats, Whole

FAR = 10_000
"""Offset of a day of which no Spring Festival is near."""
BEFORE, EVE, CLOSED, RETURN, REBOUND = (-21, -3), (-2, -2), (-1, 3), (4, 9), (10, 18)
FIRST, LAST = BEFORE[0], REBOUND[1]
AROUND = 21
"""Days before and after, which make the six weeks that are judged by themselves."""
LONG_HOLIDAY, EVE_DAYS, AFTER_DAYS = 4, 5, 3
YEAR = 365.2425
KNOT_DAYS = 56


@dataclass(frozen=True)
class Calendar:
    """Consecutive days, (days,) each."""

    number: Whole
    """day numbers, ascending by one"""
    weekday: Whole
    """0 Monday … 6 Sunday"""
    workday: Flags
    holiday: Whole
    """0 none, 1 … the kind of public holiday, the same kinds whatever the stretch of days; Spring Festival is none"""
    festival: Whole
    """days from the nearest Spring Festival, FAR if none is near"""

    def __len__(self) -> int:
        return len(self.number)

    def __getitem__(self, days: slice) -> Calendar:
        return Calendar(
            self.number[days], self.weekday[days], self.workday[days], self.holiday[days], self.festival[days]
        )

    @property
    def near_festival(self) -> Flags:
        """Days of the weeks around a Spring Festival."""
        near: Flags = np.abs(self.festival) <= AROUND
        return near

    def within(self, window: tuple[int, int]) -> Flags:
        inside: Flags = (self.festival >= window[0]) & (self.festival <= window[1])
        return inside

    def features(self, kinds: int) -> tuple[Floats, Floats]:
        """(days, columns) of what a day is like, and (columns,) how far each effect may well be from none.

        The effects are of a logarithm: 0.3 is a factor of 1.35. `kinds` of holidays are told apart.
        """
        quiet = self.within((EVE[0], RETURN[0]))
        rest = (self.holiday > 0) | quiet
        plain = np.eye(7)[self.weekday] * ~(rest | self._make_up)[:, None]
        holidays = (self.holiday[:, None] == np.arange(1, kinds + 1)) & ~quiet[:, None]
        windows = [self.within(window) for window in (BEFORE, EVE, CLOSED, RETURN, REBOUND)]
        ramp = np.where(windows[0], (self.festival - BEFORE[0]) / (BEFORE[1] - BEFORE[0]), 0.0)
        single = self.festival[:, None] == np.arange(FIRST, LAST + 1)
        blocks = [
            (plain, 0.3), (self._make_up[:, None], 0.3), (holidays, 0.3),
            (self._eves(kinds), 0.1), (self._afters(), 0.1),
            (np.column_stack(windows), 1.0), (ramp[:, None], 0.3), (single, 0.15),
            (self._seasons(), 0.05),
        ]  # fmt: skip
        table = np.hstack([block.astype(np.float64) for block, _ in blocks])
        return table, np.concatenate([np.full(block.shape[1], sd) for block, sd in blocks])

    @property
    def _make_up(self) -> Flags:
        made_up: Flags = (self.weekday >= 5) & self.workday & ~self.within((EVE[0], RETURN[0]))
        return made_up

    def _runs(self) -> Flags:
        """The first day of a long holiday."""
        starts = (self.holiday > 0) & (np.r_[0, self.holiday[:-1]] != self.holiday)
        last = np.flatnonzero(np.r_[self.holiday[:-1] != self.holiday[1:], True])
        ends = last[np.searchsorted(last, np.arange(len(self)))]
        long: Flags = starts & (ends - np.arange(len(self)) + 1 >= LONG_HOLIDAY)
        return long

    def _eves(self, kinds: int) -> Floats:
        """The days just before a long holiday, by its kind."""
        found = np.zeros((len(self), kinds))
        for at in np.flatnonzero(self._runs()):
            found[max(at - EVE_DAYS, 0) : at, self.holiday[at] - 1] = 1.0
        found[self.holiday > 0] = 0.0
        return found

    def _afters(self) -> Floats:
        """The first days after any holiday, one column each."""
        ended = (self.holiday == 0) & (np.r_[0, self.holiday[:-1]] > 0)
        table = np.zeros((len(self), AFTER_DAYS))
        for day in range(AFTER_DAYS):
            table[day:, day] = ended[: len(self) - day]
        table[self.holiday > 0] = 0.0
        return table

    def _seasons(self) -> Floats:
        turn = 2 * np.pi * self.number / YEAR
        return np.column_stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)])

    def knots(self) -> Floats:
        """(days, knots) of a slow change of level: hats some weeks apart."""
        place = (self.number - self.number[0]) / KNOT_DAYS
        centres = np.arange(int(np.ceil(place[-1])) + 1)
        hats: Floats = np.maximum(1 - np.abs(place[:, None] - centres), 0.0)
        return hats
