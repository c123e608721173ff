"""The Chinese calendar as arrays: it ships with the product and never ends.

Days are integers counted from 1970-01-01. Public holidays and make-up workdays come from the package `holidays`; years
whose make-up workdays are not published yet are marked as assumed. What an operator has put into the table
`calendar_day` goes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from holidays.countries.china import CN
from numpy.typing import NDArray
from sqlalchemy import FromClause, Select, select

from data_access.dialects import moment
from kpi.calendar_profile import FAR, Days

EPOCH = date(1970, 1, 1)
NEW_YEARS_DAYS = (
    "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29",
    "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31",
    "2034-02-19", "2035-02-08",
)  # fmt: skip
NO_OFFSET = 999
FESTIVAL = "Spring Festival"


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
    source: Any = CN(years=years, language="en_US")  # type: ignore[no-untyped-call]
    off = {day: source[day] for day in source if not source[day].startswith("Not")}
    make_up = set(source.weekend_workdays)
    known_years = {day.year for day in make_up}
    start, count = day_number(first), (last - first).days + 1
    numbers = np.arange(start, start + count)
    weekday = (numbers + 3) % 7
    listed = [as_date(int(number)) for number in numbers]
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


@dataclass(frozen=True)
class Known:
    """What is known of consecutive days, and how surely."""

    first: date
    days: Days
    names: tuple[str | None, ...]
    """Of public holidays."""
    workday: NDArray[np.bool_]
    """Make-up workdays count."""
    assumed: NDArray[np.bool_]
    """Days of a year whose make-up workdays are not published yet."""

    def place(self, day: date) -> int:
        return (day - self.first).days


def calendar_rows(table: FromClause, first: date, last: date) -> Select[Any]:
    """What the table of days says of some days: `known` wants its columns in this order."""
    day = table.c
    return select(day.day, day.is_workday, day.holiday, day.spring_festival_offset, day.source).where(
        day.day.between(moment(first), moment(last))
    )


def known(first: date, last: date, rows: Sequence[Sequence[Any]] = ()) -> Known:
    """The days first … last: from `rows` (day as ordinal, workday, holiday, offset, source; columns), where these have
    them, and else from the product's own calendar."""
    own = _own(first, last)
    workday, names, offset = own.is_workday.copy(), list(own.holiday), own.offset.copy()
    official = own.official.copy()
    for ordinal, is_workday, name, away, source in zip(*rows, strict=True):
        place = int(ordinal) - first.toordinal()
        workday[place], names[place] = bool(is_workday), name or None
        offset[place] = NO_OFFSET if away is None or away != away else int(away)
        official[place] = source == "official"
    kinds = sorted({name for name in names if name and name != FESTIVAL})
    days = Days(
        number=first.toordinal() + np.arange(own.days),
        weekday=own.weekday,
        holiday=np.array([kinds.index(name) + 1 if name in kinds else 0 for name in names], dtype=np.int64),
        make_up=(own.weekday >= 5) & workday,
        spring=np.where(offset == NO_OFFSET, FAR, offset),
    )
    return Known(first, days, tuple(names), workday, ~official)


def known_from(frame: pd.DataFrame, first: date, last: date) -> Known:
    """The same from a frame of `calendar_rows`."""
    days = [day.toordinal() for day in frame["day"].dt.date] if len(frame) else []
    rest = [frame[name].to_list() for name in ("is_workday", "holiday", "spring_festival_offset", "source")]
    return known(first, last, (days, *([None if pd.isna(x) else x for x in column] for column in rest)))


@lru_cache(maxsize=16)
def _own(first: date, last: date) -> Calendar:
    return chinese_calendar(first, last)
