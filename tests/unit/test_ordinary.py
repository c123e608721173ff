"""What the calendar makes of a week, by hand: a festival shut for seven days, and amounts of money."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data_access.chinese_calendar import known
from kpi.ordinary import day_shape, week_factors

FIRST, WEEKS = date(2024, 12, 30), 60
LAST = FIRST + timedelta(7 * WEEKS - 1)
CALENDAR = known(FIRST, LAST)
QUIET = (CALENDAR.days.spring >= -2) & (CALENDAR.days.spring <= 4)


def test_a_week_of_which_two_sevenths_are_left_counts_as_two_sevenths() -> None:
    """1,000 yuan on any day and nothing on five days of the week of 16 February 2026 (Monday and Tuesday to Saturday are
    -1 to 4 from the New Year's Day of the 17th): the Sunday, the 22nd, is the first day of the return."""
    sold = np.where(QUIET, 0.0, 1000.0) * np.random.default_rng(3).normal(1, 0.02, len(QUIET))
    factor = week_factors(sold[None, :], CALENDAR.days)[0]
    week = CALENDAR.place(date(2026, 2, 16)) // 7
    assert QUIET.reshape(-1, 7).sum(axis=1)[week] == 6
    assert factor[week] == pytest.approx(1 / 7, abs=0.02)
    ordinary = ~QUIET.reshape(-1, 7).any(axis=1)
    assert factor[ordinary] == pytest.approx(np.ones(ordinary.sum()), abs=0.06)


def test_next_to_nothing_of_a_week_says_nothing() -> None:
    shut = np.where(CALENDAR.place(date(2026, 2, 16)) // 7 == np.arange(len(QUIET)) // 7, 0.0, 1000.0)
    shut = np.where(QUIET, 0.0, shut)
    assert np.isnan(week_factors(shut[None, :], CALENDAR.days)[0]).sum() <= 2


def test_a_short_or_empty_history_changes_nothing() -> None:
    days = known(FIRST, FIRST + timedelta(48)).days
    assert week_factors(np.full((1, 49), 5.0), days).tolist() == [[1.0] * 7]
    assert week_factors(np.full((2, len(QUIET)), np.nan), CALENDAR.days).tolist() == [[1.0] * WEEKS] * 2
    assert day_shape(np.zeros(len(QUIET)), CALENDAR.days) is None


def test_days_to_come_have_a_shape_too() -> None:
    weekday = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0])[CALENDAR.days.weekday] * 100
    shape = day_shape(weekday, CALENDAR.days, known(date(2026, 5, 11), date(2026, 5, 17)).days)
    assert shape == pytest.approx(np.array([1, 1, 1, 1, 1, 2, 2]) * 7 / 9, rel=0.03)


def test_a_calendar_that_an_operator_has_corrected_goes_before_the_products_own() -> None:
    """A Saturday of 2027 is said to be worked; the table reaches no further, and the other days are assumed."""
    saturday = date(2027, 10, 9)
    rows = ([saturday.toordinal()], [1.0], [None], [float("nan")], ["official"])
    found = known(saturday, saturday + timedelta(1), rows)
    assert found.days.make_up.tolist() == [True, False] and found.workday.tolist() == [True, False]
    assert found.assumed.tolist() == [False, True]
    assert known(date(2040, 1, 1), date(2040, 12, 31)).assumed.all()  # and nothing breaks
