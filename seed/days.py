"""The Chinese calendar as arrays, and how strongly each kind of day draws customers.

Days are integers counted from 1970-01-01. Public holidays and make-up workdays come from the package `holidays`; years
whose make-up workdays are not published yet are marked as assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from holidays.countries.china import CN
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
NEW_YEARS_DAYS = (
    "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29",
    "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03",
)  # fmt: skip
NO_OFFSET = 999
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


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def as_date(number: int) -> date:
    """The inverse of `day_number`."""
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Calendar:
    """Days `first` … `first + len(weekday) - 1`; all arrays have one element a day."""

    first: int
    weekday: NDArray[np.int64]
    """0 Monday … 6 Sunday"""
    is_workday: NDArray[np.bool_]
    holiday: list[str | None]
    offset: NDArray[np.int64]
    """days from the nearest Chinese New Year's Day; NO_OFFSET beyond 45"""
    official: NDArray[np.bool_]

    @property
    def days(self) -> int:
        return len(self.weekday)


def _holiday_name(raw: str) -> str | None:
    if raw.startswith("Day off"):
        return None
    name = raw.split(" (")[0].replace("Labor", "Labour")
    return "Spring Festival" if name.startswith("Chinese New Year") else name


def _named_holidays(first: int, days: int, off: dict[date, str]) -> list[str | None]:
    """Names by day; substituted days and enclosed weekends take the name of the holiday beside them."""
    names: list[str | None] = []
    for index in range(days):
        day = as_date(first + index)
        name = _holiday_name(off[day]) if day in off else None
        if day in off and name is None:
            name = next((near for near in names[:-5:-1] if near), None) or _next_name(day, off)
        names.append(name)
    for index in range(1, days - 2):
        weekend = (first + index + 3) % 7 >= 5
        if names[index] is None and weekend and names[index - 1]:
            following = names[index + 1] or (names[index + 2] if (first + index + 3) % 7 == 5 else None)
            if following == names[index - 1]:
                names[index] = following
    return names


def _next_name(day: date, off: dict[date, str]) -> str | None:
    for step in range(1, 8):
        raw = off.get(day + timedelta(days=step))
        if raw and _holiday_name(raw):
            return _holiday_name(raw)
    return None


def chinese_calendar(first: date, last: date) -> Calendar:
    """The calendar of first … last, both included."""
    years = range(first.year, last.year + 1)
    source = CN(years=years, language="en_US")
    off = {day: source[day] for day in source if not source[day].startswith("Not")}
    make_up = set(source.weekend_workdays)
    known_years = {day.year for day in make_up}
    start, count = day_number(first), (last - first).days + 1
    numbers = np.arange(start, start + count)
    weekday = (numbers + 3) % 7
    listed = [as_date(number) for number in numbers]
    rest = np.array([day in off for day in listed])
    made_up = np.array([day in make_up for day in listed])
    new_years = np.array([day_number(date.fromisoformat(text)) for text in NEW_YEARS_DAYS])
    distance = numbers[:, None] - new_years[None, :]
    offset = distance[np.arange(count), np.abs(distance).argmin(axis=1)]
    return Calendar(
        first=start,
        weekday=weekday,
        is_workday=((weekday < 5) & ~rest) | made_up,
        holiday=_named_holidays(start, count, off),
        offset=np.where(np.abs(offset) <= 45, offset, NO_OFFSET),
        official=np.array([day.year in known_years for day in listed]),
    )


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
