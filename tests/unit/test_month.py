"""Pace to the month's plan by hand, and a calendar that never ends."""

from __future__ import annotations

from datetime import date

import pytest

from data_access.chinese_calendar import chinese_calendar, day_number
from kpi.answer import Measured
from kpi.catalog import metric
from kpi.month import month_pace, whole_month
from kpi.question import Period

REVENUE = metric("revenue")


def of(value: float, plan: float) -> Measured:
    return Measured(REVENUE, {"numerator": value, "denominator": 5.0, "n": 5.0, "plan": plan})


def test_pace_over_the_plan_of_opening_days() -> None:
    """A month of 1,000 with 400 due by now, of which 380 are reached, ends at 950."""
    found = month_pace(of(380, 400), of(380, 1000))
    assert found is not None
    assert (found.plan, found.due, found.reached) == (1000, 0.4, 0.38)
    assert found.projected == pytest.approx(0.95)


def test_where_the_month_ends_follows_from_what_its_days_usually_bring() -> None:
    """40 % are due by the plan, but half of what the month usually brings is over: 380 of 1,000 end at 760."""
    found = month_pace(of(380, 400), of(380, 1000), 0.5)
    assert found is not None
    assert (found.due, found.projected) == (0.4, pytest.approx(0.76))


def test_no_plan_no_pace() -> None:
    assert month_pace(of(380, 0), of(380, 1000)) is None
    assert month_pace(of(380, 400), of(380, 0)) is None


def test_a_whole_month() -> None:
    assert whole_month(date(2028, 2, 10)) == Period(date(2028, 2, 1), date(2028, 2, 29))


def test_the_calendar_reaches_through_2027_and_never_fails_beyond() -> None:
    days = chinese_calendar(date(2025, 1, 1), date(2035, 12, 31))

    def at(text: str) -> int:
        return day_number(date.fromisoformat(text)) - days.first

    assert days.days == 4017
    # A Saturday worked for the festival: the holiday's name is not what decides.
    assert days.is_workday[at("2026-02-14")] and days.weekday[at("2026-02-14")] == 5
    assert not days.is_workday[at("2026-02-17")] and days.holiday[at("2026-02-17")] == "Spring Festival"
    assert days.offset[at("2027-02-06")] == 0 and not days.is_workday[at("2027-02-06")]
    assert days.offset[at("2027-02-03")] == -3
    assert not days.is_workday[at("2027-10-01")] and days.holiday[at("2027-10-01")] == "National Day"
    # Make-up workdays of 2026 are published, those of later years are not: their days are marked as assumed.
    assert days.official[at("2026-12-31")] and not days.official[at("2035-01-01")]
