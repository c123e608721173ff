"""What a page asks for: which metrics, when, compared with when, split how."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kpi.errors import BadRequest, UnknownName
from kpi.text import Text


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadRequest(public=_BACKWARDS.filled(first=self.first, last=self.last))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def shifted(self, days: int) -> Period:
        return Period(self.first + timedelta(days), self.last + timedelta(days))

    @classmethod
    def ending(cls, last: date, days: int) -> Period:
        return cls(last - timedelta(days - 1), last)

    @classmethod
    def whole_weeks(cls, last: date, weeks: int) -> Period:
        """Up to the last Sunday: a running week would draw a fall at the end of every line."""
        return cls.ending(last - timedelta(last.isoweekday() % 7), 7 * weeks)


@dataclass(frozen=True)
class HourOfWeek:
    """An hour that comes back every week, written 6-10 for Saturday, ten to eleven."""

    weekday: int
    hour: int

    @classmethod
    def parse(cls, text: str) -> HourOfWeek:
        """Raises BadRequest with a sentence for the reader."""
        found = re.fullmatch(r"([1-7])-(1?\d|2[0-3])", text, re.ASCII)
        if not found:
            raise BadRequest(public=_BAD_HOUR.filled(text=text[:60]))
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.weekday}-{self.hour}"

    @property
    def only(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The filter of a Question that narrows to this hour."""
        return (("weekday", (str(self.weekday),)), ("hour", (str(self.hour),)))


@dataclass(frozen=True, kw_only=True)
class Question:
    """`only` narrows: pairs of a dimension key and the members that are wanted."""

    metrics: tuple[str, ...]
    period: Period
    compare: Period | None = None
    grain: Grain | None = None
    split: str | None = None
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()


_PERIOD = Text("period", "期间")
_COMPARISON = Text("comparison", "对比方式")
_BACKWARDS = Text(
    en="The period ends ({last}) before it begins ({first}).",
    zh_cn="期间的结束日（{last}）早于开始日（{first}）。",
)
_BAD_DATE = Text(
    en="“{text}” is not a period: use YYYY-MM or YYYY-MM-DD..YYYY-MM-DD.",
    zh_cn="“{text}”不是有效期间：请使用 YYYY-MM 或 YYYY-MM-DD..YYYY-MM-DD。",
)
_BAD_HOUR = Text(
    en="“{text}” is not an hour of the week: use weekday-hour, such as 6-10 for Saturday, ten to eleven.",
    zh_cn="“{text}”不是有效的星期时段：请使用“星期-小时”，例如 6-10 表示周六 10 点至 11 点。",
)


def _month_to_date(last: date) -> Period:
    return Period(last.replace(day=1), last)


def _last_month(last: date) -> Period:
    end = last.replace(day=1) - timedelta(1)
    return Period(end.replace(day=1), end)


PERIODS: dict[str, tuple[Text, Callable[[date], Period]]] = {
    "mtd": (Text("Month to date", "本月至今"), _month_to_date),
    "1d": (Text("Yesterday", "昨日"), lambda last: Period(last, last)),
    "7d": (Text("Last 7 days", "近 7 天"), lambda last: Period.ending(last, 7)),
    "28d": (Text("Last 28 days", "近 28 天"), lambda last: Period.ending(last, 28)),
    "90d": (Text("Last 90 days", "近 90 天"), lambda last: Period.ending(last, 90)),
    "month": (Text("Last month", "上月"), _last_month),
    "ytd": (Text("Year to date", "本年至今"), lambda last: Period(last.replace(month=1, day=1), last)),
}
"""Named periods. Each ends with the last complete day, so a month begins to count on its second day."""

COMPARISONS: dict[str, tuple[Text, Callable[[Period], Period]]] = {
    "prior": (Text("vs earlier weeks", "较前期同周天"), lambda p: p.shifted(-28 * -(-p.days // 28))),
    "year": (Text("vs last year", "较去年同期"), lambda p: p.shifted(-364)),
}
"""Shifts are whole weeks, so a weekday is always compared with itself."""


def period_named(text: str, last_complete_day: date) -> Period:
    """A period from a name of PERIODS, a month (2026-10) or two dates (2026-10-01..2026-10-31).

    Raises UnknownName or BadRequest, both with a sentence for the reader.
    """
    if text in PERIODS:
        return PERIODS[text][1](last_complete_day)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = _date(text + "-01", text)
        return Period(first, (first + timedelta(31)).replace(day=1) - timedelta(1))
    first_text, dots, last_text = text.partition("..")
    if dots:
        return Period(_date(first_text, text), _date(last_text, text))
    raise UnknownName(_PERIOD, text, PERIODS)


def compared(text: str, period: Period) -> Period:
    if text not in COMPARISONS:
        raise UnknownName(_COMPARISON, text, COMPARISONS)
    return COMPARISONS[text][1](period)


def _date(text: str, whole: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(public=_BAD_DATE.filled(text=whole[:60])) from None
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise BadRequest(public=_BAD_DATE.filled(text=whole[:60]))
    return day
