"""Expected by now: typed days, typed expectations."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kpi.answer import Answer, Measured, Row
from kpi.catalog import metric
from kpi.pace import by_now
from kpi.question import Grain, Period, Question

TODAY = date(2026, 11, 20)  # a Friday


def answer(key, rows):
    one = metric(key)
    period = Period(TODAY - timedelta(56), TODAY)
    question = Question(metrics=(key,), period=period, grain=Grain.DAY, split="hour")
    found = tuple(
        Row(day, str(hour), Measured(one, {"numerator": top, "denominator": bottom}), None)
        for day, hour, top, bottom in rows
    )
    return Answer(one, question, period, None, datetime.combine(TODAY, datetime.min.time()), found)


def fridays(per_hour):
    return [
        (TODAY - timedelta(7 * week), hour, per_hour + week, 100)
        for week in range(1, 9)
        for hour in (8, 9, 10, 11)
    ]


def test_the_expectation_is_the_mean_of_the_same_weekdays_up_to_the_same_minute():
    today = [(TODAY, 8, 5, 100), (TODAY, 9, 7, 100), (TODAY, 10, 3, 100)]
    pace = by_now(answer("vehicles_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30))
    assert pace.value == 15  # what came, whole
    assert pace.expected == pytest.approx(14.5 * 2.5)  # mean of 11 … 18 an hour, two and a half hours
    assert pace.low < pace.expected < pace.high


def test_other_weekdays_and_later_hours_do_not_count():
    monday = [(TODAY - timedelta(4), 8, 1000, 100)]
    later = [(TODAY, 11, 1000, 100)]
    pace = by_now(answer("vehicles_now", fridays(10) + monday + later), datetime(2026, 11, 20, 10, 30))
    assert pace.value is None
    assert pace.expected == pytest.approx(36.25)


def test_the_running_hour_of_a_ratio_offers_only_its_share():
    today = [(TODAY, 9, 60, 100), (TODAY, 10, 25, 100)]
    pace = by_now(answer("bay_util_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30))
    assert pace.value == pytest.approx(85 / 150)


def test_three_fridays_make_no_expectation():
    rows = [row for row in fridays(10) if row[0] >= TODAY - timedelta(21)]
    pace = by_now(answer("vehicles_now", rows), datetime(2026, 11, 20, 10, 30))
    assert (pace.expected, pace.low, pace.high) == (None, None, None)
