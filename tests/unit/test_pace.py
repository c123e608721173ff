"""Expected by now: typed days, typed expectations."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kpi.answer import Answer, Measured, Row
from kpi.catalog import metric
from kpi.pace import by_now
from kpi.question import Grain, Period, Question
from kpi.usual import UsualDays

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


def test_the_day_ends_with_what_was_done_and_what_like_days_still_brought():
    """15 came. Eight Fridays brought w + 10 an hour, w = 1 … 8, of which an hour and a half were still ahead: a mean of
    21.75, whose deviation is 1.5 times that of 1 … 8 (2.449). For seven degrees of freedom 80 % lie within 1.415."""
    today = [(TODAY, 8, 5, 100), (TODAY, 9, 7, 100), (TODAY, 10, 3, 100)]
    close = by_now(answer("vehicles_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30)).close
    assert close.expected == pytest.approx(15 + 21.75)
    assert close.high - close.expected == pytest.approx(1.4149 * 1.5 * 2.4495 * (9 / 8) ** 0.5, rel=1e-3)
    assert close.expected - close.low == pytest.approx(close.high - close.expected)


def test_the_hours_to_come_bring_what_they_brought_on_like_days_and_the_running_one_its_rest():
    """Eight Fridays brought w + 10 an hour, w = 1 … 8: 14.5 in the mean, with a deviation of 2.449. It is half past ten."""
    today = [(TODAY, 8, 5, 100), (TODAY, 9, 7, 100), (TODAY, 10, 3, 100)]
    pace = by_now(answer("vehicles_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30))
    eight, nine, ten, eleven = pace.hours
    assert [(each.hour, each.value, each.expected) for each in (eight, nine)] == [(8, 5, None), (9, 7, None)]
    assert (ten.hour, ten.value, ten.expected) == (10, 3, pytest.approx(3 + 14.5 / 2))
    assert (eleven.hour, eleven.value, eleven.expected) == (11, None, pytest.approx(14.5))
    assert eleven.high - eleven.expected == pytest.approx(1.4149 * 2.4495 * (9 / 8) ** 0.5, rel=1e-3)
    assert 5 + 7 + ten.expected + eleven.expected == pytest.approx(pace.close.expected)


def test_an_hour_that_like_days_do_not_know_is_not_foretold():
    """Only three Fridays were open at twelve; at seven nobody ever was."""
    late = [(TODAY - timedelta(7 * week), 12, 9, 100) for week in range(1, 4)]
    pace = by_now(answer("bay_util_now", [*fridays(10), *late]), datetime(2026, 11, 20, 7, 30))
    assert [(each.hour, each.value) for each in pace.hours] == [(hour, None) for hour in (8, 9, 10, 11)]
    assert pace.hours[0].expected == pytest.approx(0.145)


def test_how_far_off_the_end_was_on_like_days_is_told_beside_saying_that_they_all_end_alike():
    """Each Friday w from the other seven: their rest is off by 1.5 |w - mean of the others|, the whole day by 4 of it."""
    today = [(TODAY, 8, 5, 100)]
    close = by_now(answer("vehicles_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30)).close
    off = sum(abs(w - (36 - w) / 7) for w in range(1, 9))
    whole = sum(4 * (10 + w) for w in range(1, 9))
    assert close.error == pytest.approx(1.5 * off / whole)
    assert close.naive_error == pytest.approx(4 * off / whole)


def test_the_end_of_a_ratio_adds_above_and_below_the_line():
    today = [(TODAY, 8, 60, 100), (TODAY, 9, 60, 100), (TODAY, 10, 25, 100)]
    close = by_now(answer("bay_util_now", fridays(10) + today), datetime(2026, 11, 20, 10, 30)).close
    assert close.expected == pytest.approx((145 + 21.75) / (250 + 150))


def test_a_day_of_other_hours_than_all_the_others_tells_nothing_of_how_far_off_they_were():
    """Five Fridays were open until ten, 60 of 100 an hour, the sixth only at eleven: 30 of 100. By the others each of the
    five, which ended at 0.6, would have ended there four times and at 150 of 300 once; of the sixth nothing is said."""
    mornings = [(TODAY - timedelta(7 * week), hour, 60, 100) for week in range(1, 6) for hour in (8, 9)]
    rows = [*mornings, (TODAY - timedelta(42), 11, 30, 100), (TODAY, 8, 50, 100)]
    close = by_now(answer("bay_util_now", rows), datetime(2026, 11, 20, 10, 30)).close
    assert close.expected == pytest.approx((5 * 0.5 + 80 / 200) / 6)
    assert close.error == pytest.approx(0.02 / 0.6)


def test_nothing_is_said_of_the_end_of_a_day_that_has_not_begun_or_is_like_no_other():
    at = datetime(2026, 11, 20, 10, 30)
    assert by_now(answer("vehicles_now", fridays(10)), at).close is None
    few = [row for row in fridays(10) if row[0] >= TODAY - timedelta(21)]
    assert by_now(answer("vehicles_now", [*few, (TODAY, 8, 5, 100)]), at).close is None


# --- with a calendar -------------------------------------------------------------------------------------------------


def usual(today_shape=1.0, is_open=True, names=(), kinds=(), shapes=None, rest=()):
    """Nine weeks up to today on which every workday is as the next; `shapes` are those of single days."""
    days = [TODAY - timedelta(n) for n in range(63, -1, -1)]
    shape = {TODAY: today_shape, **(shapes or {})}
    return UsualDays(
        first=days[0],
        shapes={"vehicles": tuple(shape.get(day, 1.0) for day in days)},
        open_stores=tuple(0.0 if day == TODAY and not is_open else 1.0 for day in days),
        kinds=tuple(dict(kinds).get(day, day.weekday()) for day in days),
        rest=tuple(dict(rest).get(day, day.weekday() > 4) for day in days),
        names=tuple(dict(names).get(day) for day in days),
        assumed=(False,) * len(days),
    )


AT = datetime(2026, 11, 20, 10, 30)


def test_an_ordinary_friday_is_held_against_ordinary_fridays() -> None:
    """The Friday eight weeks ago was a holiday with a quarter of the work: it is no Friday like the others."""
    holiday = TODAY - timedelta(56)
    rows = [row if row[0] != holiday else (holiday, row[1], 4, 100) for row in fridays(10)]
    calm = usual(kinds=[(holiday, 8)], shapes={holiday: 0.25})
    assert by_now(answer("vehicles_now", rows), AT).expected == pytest.approx((14 * 7 + 4) / 8 * 2.5)
    assert by_now(answer("vehicles_now", rows), AT, calm).expected == pytest.approx(14 * 2.5)


def weeks_of(per_hour):
    """Eight weeks in which workdays bring `per_hour`, Saturdays and Sundays twice as much."""
    return [
        (day, hour, per_hour * (2 if day.weekday() > 4 else 1) + back % 2, 100)
        for back in range(1, 57)
        for day in [TODAY - timedelta(back)]
        for hour in (8, 9, 10, 11)
    ]


def test_a_holiday_is_held_against_days_of_rest_and_brings_what_holidays_bring() -> None:
    """16 weekend days of 20 or 21 an hour; a day of rest with a shape of 1.3 and a holiday of 0.65 brings the half."""
    weekends = {TODAY - timedelta(n): 1.3 for n in range(1, 64) if (TODAY - timedelta(n)).weekday() > 4}
    found = by_now(
        answer("vehicles_now", weeks_of(10)),
        AT,
        usual(
            0.65, kinds=[(TODAY, 8)], rest=[(TODAY, True)], names=[(TODAY, "National Day")], shapes=weekends
        ),
    )
    assert found.expected == pytest.approx(20.5 * 0.5 * 2.5)


def test_the_rest_of_a_holiday_is_what_such_a_day_brings() -> None:
    """As above: after 10:30 half of what days of rest still bring, an hour and a half of 20.5."""
    weekends = {TODAY - timedelta(n): 1.3 for n in range(1, 64) if (TODAY - timedelta(n)).weekday() > 4}
    holiday = usual(0.65, kinds=[(TODAY, 8)], rest=[(TODAY, True)], shapes=weekends)
    found = by_now(answer("vehicles_now", [*weeks_of(10), (TODAY, 9, 20, 100)]), AT, holiday)
    assert found.close.expected == pytest.approx(20 + 20.5 * 0.5 * 1.5)


def test_a_make_up_workday_is_held_against_workdays() -> None:
    found = by_now(answer("vehicles_now", weeks_of(10)), AT, usual(0.8, kinds=[(TODAY, 7)]))
    assert found.expected == pytest.approx(10.5 * 0.8 * 2.5)


def test_nothing_is_expected_of_a_closed_day() -> None:
    found = by_now(answer("vehicles_now", weeks_of(10)), AT, usual(is_open=False))
    assert (found.expected, found.place) == (None, "none")


def test_after_a_festival_that_filled_the_weeks_its_days_are_taken_up_to_todays() -> None:
    """All eight weeks lie around the festival, at half an ordinary day: today is expected to bring twice as much."""
    around = [TODAY - timedelta(n) for n in range(1, 64)]
    found = by_now(
        answer("vehicles_now", weeks_of(10)),
        AT,
        usual(kinds=[(day, 9) for day in around], shapes=dict.fromkeys(around, 0.5)),
    )
    assert found.expected == pytest.approx(10.5 * 2 * 2.5)


def test_what_part_of_a_month_is_over_is_counted_in_what_its_days_bring() -> None:
    """Of four days the second is closed and the last one brings half: two of 2.5 are over after three days."""
    days = UsualDays(
        TODAY, {"revenue": (1, 1, 1, 0.5)}, (2, 0, 2, 2), (0,) * 4, (False,) * 4, (None,) * 4, (True,) * 4
    )
    month, past = Period(TODAY, TODAY + timedelta(3)), Period(TODAY, TODAY + timedelta(2))
    assert days.share_over("revenue", past, month) == pytest.approx(2 / 2.5)
    assert days.share_over("vehicles", past, month) is None
    with pytest.raises(ValueError, match="nothing is known"):
        days.weight("revenue", TODAY + timedelta(4))
