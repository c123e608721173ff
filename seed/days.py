"""How strongly each kind of day of the Chinese calendar draws customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_access.chinese_calendar import Calendar

WEEKDAY_PULL = np.array([0.98, 0.88, 0.86, 0.88, 0.97, 1.25, 1.18])
MAKE_UP_PULL = 0.95
HOLIDAY_PULL = {"National Day": 0.72, "Labour Day": 0.80}
OTHER_HOLIDAY_PULL = 0.90
RUSH_BEFORE = {"National Day": 1.12, "Labour Day": 1.10}
RUSH_DAYS = 5
SEASON = {  # region: (yearly amplitude, peak day of year, half-yearly amplitude, its peak)
    "north": (0.06, 335, 0.03, 195),
    "northeast": (0.09, 325, 0.02, 190),
    "east": (0.03, 200, 0.04, 190),
    "central": (0.03, 200, 0.04, 190),
    "south": (0.06, 200, 0.01, 190),
    "southwest": (0.03, 190, 0.02, 180),
    "northwest": (0.08, 325, 0.02, 190),
}
CLOSED_FROM, CLOSED_TO = -1, 3  # offsets from the New Year's Day on which ordinary stores stay shut


def _spring_festival_pull(offset: NDArray[np.int64]) -> NDArray[np.float64]:
    """Factor by offset: rush, closing, return, rebound; NaN where the festival has no say."""
    pull = np.full(len(offset), np.nan)
    rush = (offset >= -21) & (offset <= -3)
    pull[rush] = 1.10 + 0.25 * (offset[rush] + 21) / 18
    pull[offset == -2] = 0.55
    pull[(offset >= CLOSED_FROM) & (offset <= CLOSED_TO)] = 0.22
    pull[offset == 4] = 0.35
    pull[(offset >= 5) & (offset <= 9)] = 0.70
    pull[(offset >= 10) & (offset <= 18)] = 1.17
    return pull


def calendar_pull(calendar: Calendar) -> NDArray[np.float64]:
    """How strongly a day draws customers, about 1 in the mean, before season and weather."""
    pull = WEEKDAY_PULL[calendar.weekday].copy()
    pull[(calendar.weekday >= 5) & calendar.is_workday] = MAKE_UP_PULL
    for index, name in enumerate(calendar.holiday):
        if name and name != "Spring Festival":
            pull[index] = HOLIDAY_PULL.get(name, OTHER_HOLIDAY_PULL)
        ahead = calendar.holiday[index + 1 : index + 1 + RUSH_DAYS]
        if name is None:
            pull[index] *= max((RUSH_BEFORE.get(near, 1.0) for near in ahead if near), default=1.0)
    festival = _spring_festival_pull(calendar.offset)
    quiet = (calendar.offset >= -2) & (calendar.offset <= 4)
    return np.where(quiet, festival, np.where(np.isnan(festival), pull, pull * festival))


def season_pull(calendar: Calendar, region: str) -> NDArray[np.float64]:
    """Yearly and half-yearly wave of a region's climate, mean 1."""
    yearly, peak, half, half_peak = SEASON[region]
    angle = 2 * np.pi * (calendar.first + np.arange(calendar.days)) / 365.2425
    turn = 2 * np.pi / 365.2425
    return 1 + yearly * np.cos(angle - turn * peak) + half * np.cos(2 * (angle - turn * half_peak))


def closes_for_festival(calendar: Calendar) -> NDArray[np.bool_]:
    """Days on which all but the large stores are shut."""
    return (calendar.offset >= CLOSED_FROM) & (calendar.offset <= CLOSED_TO)
