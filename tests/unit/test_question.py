"""Periods and comparisons: what an address means, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.errors import BadRequest, UnknownName
from kpi.organisation import OrgUnit
from kpi.question import HourOfWeek, Period, compared, period_named

LAST = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("mtd", date(2026, 11, 1), LAST),
        ("1d", LAST, LAST),
        ("7d", date(2026, 11, 13), LAST),
        ("28d", date(2026, 10, 23), LAST),
        ("month", date(2026, 10, 1), date(2026, 10, 31)),
        ("ytd", date(2026, 1, 1), LAST),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-10..2026-02-12", date(2026, 2, 10), date(2026, 2, 12)),
    ],
)
def test_a_period_has_the_days_its_name_says(name, first, last):
    assert period_named(name, LAST) == Period(first, last)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-02-30..2026-03-01", "2026-03-01..2026-02-01", "9999-01..x", "0001-01"]
)
def test_a_date_that_does_not_exist_is_a_bad_request(text):
    with pytest.raises(BadRequest):
        period_named(text, LAST)


def test_an_unknown_period_suggests_the_nearest():
    with pytest.raises(UnknownName) as caught:
        period_named("28", LAST)
    assert "28d" in caught.value.public.en
    assert "28d" in caught.value.public.zh_cn


@pytest.mark.parametrize(
    ("period", "first"),
    [(Period(date(2026, 11, 1), LAST), date(2026, 10, 4)), (Period.ending(LAST, 29), date(2026, 8, 27))],
)
def test_a_comparison_keeps_the_weekdays_and_does_not_overlap(period, first):
    earlier = compared("prior", period)
    assert earlier.first == first
    assert earlier.days == period.days
    assert earlier.first.weekday() == period.first.weekday()
    assert earlier.last < period.first
    assert compared("year", period).first.weekday() == period.first.weekday()


@pytest.mark.parametrize("text", ["region", "region:", "planet:earth", "network:x", "", "store"])
def test_a_malformed_unit_is_refused_in_both_languages(text):
    with pytest.raises(BadRequest) as caught:
        OrgUnit.parse(text)
    assert "region:" in caught.value.public.en
    assert "region:" in caught.value.public.zh_cn


def test_a_unit_reads_back_as_written():
    assert str(OrgUnit.parse("store:S001")) == "store:S001"
    assert OrgUnit.parse("network").only == ()
    assert OrgUnit.parse("region:north").only == (("region", ("north",)),)


def test_an_hour_of_the_week_is_written_as_it_is_read():
    saturday = HourOfWeek.parse("6-10")
    assert (saturday.weekday, saturday.hour, str(saturday)) == (6, 10, "6-10")


@pytest.mark.parametrize("text", ["8-10", "0-1", "6-24", "6-010", "6", "sat-10", "٦-10", "6-10\n"])
def test_an_hour_that_no_week_has_is_a_bad_request(text):
    with pytest.raises(BadRequest):
        HourOfWeek.parse(text)
