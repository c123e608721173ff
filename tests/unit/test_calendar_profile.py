"""The calendar profile finds planted shapes again, keeps the future out of the past, and paces plans over opening days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from kpi.calendar_profile import (
    BEFORE,
    CLOSED,
    FAR,
    HOLIDAY,
    MAKE_UP,
    REBOUND,
    RETURN,
    WINDOWS,
    Days,
    by_now,
    expected,
    fit,
    hour_shares,
    pace,
    residual,
)

SPRING_FESTIVALS = [date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)]
MAKE_UP_DAYS = {
    date(2024, 4, 28),
    date(2024, 9, 29),
    date(2024, 10, 12),
    date(2025, 4, 27),
    date(2025, 9, 28),
}
WEEK = np.array([0.90, 0.90, 0.95, 1.00, 1.10, 1.25, 0.90])
WEEK = WEEK / WEEK.mean()


def days(first: date, last: date) -> Days:
    all_days = [first + timedelta(n) for n in range((last - first).days)]
    offsets = [min(((day - festival).days for festival in SPRING_FESTIVALS), key=abs) for day in all_days]
    labour = [day.month == 5 and day.day <= 3 for day in all_days]
    national = [day.month == 10 and day.day <= 7 for day in all_days]
    return Days(
        number=np.array([day.toordinal() for day in all_days]),
        weekday=np.array([day.weekday() for day in all_days]),
        holiday=np.array([1 if a else 2 if b else 0 for a, b in zip(labour, national, strict=True)]),
        make_up=np.array([day in MAKE_UP_DAYS for day in all_days]),
        spring=np.array([offset if abs(offset) < 60 else FAR for offset in offsets]),
    )


TWO_YEARS = days(date(2024, 1, 1), date(2026, 1, 1))


def planted(history: Days) -> np.ndarray:
    """Shape of every day: half a day's work on Labour Day, the Spring Festival's rush, standstill and return."""
    shape = WEEK[history.weekday]
    shape = np.where(history.holiday == 1, 0.5, np.where(history.holiday == 2, 0.7, shape))
    shape = np.where(history.make_up, 1.05, shape)
    for (start, end), factor in ((BEFORE, 1.2), (RETURN, 0.6), (REBOUND, 1.1)):
        shape = np.where((history.spring >= start) & (history.spring <= end), shape * factor, shape)
    return np.where((history.spring >= CLOSED[0]) & (history.spring <= CLOSED[1]), 0.15, shape)


@pytest.fixture(scope="module")
def world() -> tuple[np.ndarray, np.ndarray]:
    """Counts and their true means of 120 stores; the first 30 are half as busy again on Sundays. Growth 10 % a year."""
    rng = np.random.default_rng(11)
    level = rng.lognormal(3.2, 0.4, (120, 1))
    growth = np.exp(0.1 * (np.arange(len(TWO_YEARS)) - 365) / 365)
    own = np.ones((120, 7))
    own[:30, 6] = 1.5
    mean = level * planted(TWO_YEARS) * growth * own[:, TWO_YEARS.weekday]
    counts = rng.poisson(mean * rng.gamma(60, 1 / 60, mean.shape)).astype(np.float64)
    counts[rng.random(counts.shape) < 0.03] = np.nan
    return counts, mean


def test_every_day_has_one_kind():
    around = days(date(2025, 1, 1), date(2025, 3, 1))
    kinds = dict(zip(around.spring.tolist(), around.group.tolist(), strict=True))
    assert (kinds[-3], kinds[-2], kinds[4], kinds[5], kinds[9], kinds[10], kinds[18]) == (
        WINDOWS,
        WINDOWS + 1,
        WINDOWS + 1,
        WINDOWS + 2,
        WINDOWS + 2,
        WINDOWS + 3,
        WINDOWS + 3,
    )
    assert TWO_YEARS.group[TWO_YEARS.make_up].tolist() == [MAKE_UP] * 5
    assert set(TWO_YEARS.group[TWO_YEARS.holiday > 0].tolist()) == {HOLIDAY}


def test_the_shape_of_weekdays_holidays_and_the_spring_festival_is_found_again(world):
    counts, _ = world
    profile = fit(counts, TWO_YEARS)
    shape = np.median(profile.shape(TWO_YEARS)[30:], axis=0)
    truth = planted(TWO_YEARS)
    for kind in range(13):
        chosen = TWO_YEARS.group == kind
        assert shape[chosen].mean() == pytest.approx(truth[chosen].mean(), rel=0.08), kind


def test_expected_is_nearer_to_the_truth_than_yesterday_or_last_week(world):
    counts, mean = world
    profile = fit(counts[:, :600], part(TWO_YEARS, 0, 600))
    due = expected(profile, TWO_YEARS, counts)[:, 600:]
    truth = mean[:, 600:]

    def error(forecast: np.ndarray) -> float:
        return float(np.nanmean(np.abs(forecast - truth) / truth))

    assert error(due) < 0.08
    assert error(due) < 0.3 * min(error(counts[:, 599:-1]), error(counts[:, 593:-7]))
    assert np.nanmean(residual(counts[:, 600:], due)) == pytest.approx(1, abs=0.03)


def test_the_level_follows_the_last_weeks_and_the_history_does_not(world):
    counts, _ = world
    profile = fit(counts, TWO_YEARS)
    halved = counts.copy()
    halved[:, 600:] *= 0.5
    assert np.nanmean(residual(halved, expected(profile, TWO_YEARS, halved))[:, 680:]) > 0.9
    assert np.nanmean(residual(halved, expected(profile, TWO_YEARS))[:, 680:]) < 0.65


def test_a_holiday_never_seen_is_a_sunday_and_a_store_never_seen_expects_nothing():
    quarter = days(date(2025, 6, 1), date(2025, 9, 1))
    counts = np.random.default_rng(1).poisson(40 * WEEK[quarter.weekday], (20, len(quarter))).astype(float)
    counts[3] = np.nan
    profile = fit(counts, quarter)
    october = days(date(2025, 10, 1), date(2025, 10, 15))
    shape = profile.shape(october)
    assert shape[0, :7] == pytest.approx(np.full(7, WEEK[6]), rel=0.05)
    assert (expected(profile, october)[3] == 0).all()
    assert np.isnan(residual(np.ones((20, 14)), expected(profile, october))[3]).all()


def test_pace_is_measured_over_opening_days():
    # Six days, the last two half as strong, the second store closed on the first three.
    shape = np.array([[1.0, 1.0, 1.0, 1.0, 0.5, 0.5]] * 3)
    open_days = np.array([[True] * 6, [False] * 3 + [True] * 3, [False] * 6])
    found = pace(np.array([100.0, 100.0, 100.0]), np.array([90.0, 60.0, 0.0]), shape, open_days, done=4)
    assert found.share == pytest.approx([0.8, 0.5, np.nan], nan_ok=True)
    assert found.due == pytest.approx([80.0, 50.0, np.nan], nan_ok=True)
    assert found.projected == pytest.approx([112.5, 120.0, np.nan], nan_ok=True)
    assert np.isnan(
        pace(np.ones(1), np.zeros(1), np.ones((1, 5)), np.ones((1, 5), bool), done=0).projected[0]
    )


def test_hours_are_shared_within_opening_hours_and_read_to_the_minute():
    counts = np.zeros((2, 24))
    counts[0, 8:12] = [4000, 3000, 2000, 1000]
    open_hours = np.zeros((2, 24), dtype=bool)
    open_hours[0, 8:12], open_hours[1, 9:11] = True, True
    shares = hour_shares(counts, open_hours)
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert by_now(shares, 9.5)[0] == pytest.approx(0.4 + 0.15)
    assert by_now(shares, 10.0)[1] == pytest.approx(
        0.6
    )  # a new store has the network's hours, within its own
    assert by_now(shares, 24.0) == pytest.approx([1, 1])
    assert by_now(shares, 8.0) == pytest.approx([0, 0])


def part(whole: Days, start: int, stop: int) -> Days:
    cuts = (
        getattr(whole, name)[start:stop] for name in ("number", "weekday", "holiday", "make_up", "spring")
    )
    return Days(*cuts)
