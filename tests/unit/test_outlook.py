"""Month end and the coming days: worked out on paper, and shown with how far they can be trusted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from components.markup import to_html
from components.outlook import coming_days, month_ends, next_day, trust_line
from components.reader import Reader
from kpi.metric import Band
from kpi.outlook import SERIES, Foretold, Outlook, Trust, last_of_month, month_end
from kpi.text import Locale
from tests.unit.components_sample import spaced

TRUST = Trust("profile_ets", 14, 0.07, 0.082, 0.781)
ENGLISH, CHINESE = Reader(Locale.EN), Reader(Locale.ZH_CN)


def days(first: date, *means: float, half: float = 10.0, series: str = "revenue") -> Outlook:
    listed = [
        Foretold(first + timedelta(place), mean, mean - half, mean + half) for place, mean in enumerate(means)
    ]
    return Outlook(SERIES[series], tuple(listed), TRUST)


def test_the_month_ends_with_what_is_made_and_what_is_foretold():
    found = month_end(days(date(2026, 11, 28), 100, 90, 110, 500), 2_700, date(2026, 11, 28), 3_010)
    assert found is not None  # 1 December is not of the month
    assert (found.last, found.expected, found.low, found.high) == (date(2026, 11, 30), 3_000, 2_970, 3_030)
    # One range is 30 / 1.2816 = 23.4 wide; 10 short of the plan is 0.427 of it: P = 0.6654.
    assert found.miss == pytest.approx(0.6654, abs=1e-4)


@pytest.mark.parametrize(("plan", "miss"), [(2_000, 0.0), (4_000, 1.0), (3_000, 0.5), (None, None)])
def test_the_chance_to_miss(plan, miss):
    found = month_end(days(date(2026, 11, 28), 100, 90, 110), 2_700, date(2026, 11, 28), plan)
    assert found.miss == (miss if miss is None else pytest.approx(miss, abs=1e-6))


def test_a_month_whose_end_is_not_foretold_has_none():
    assert month_end(days(date(2026, 11, 20), 1, 2, 3), 0, date(2026, 11, 20), 10) is None
    assert month_end(days(date(2026, 11, 29), 1, 2), 0, date(2026, 11, 28), 10) is None


@pytest.mark.parametrize(("day", "last"), [("2026-12-31", "2026-12-31"), ("2028-02-01", "2028-02-29")])
def test_last_of_month(day, last):
    assert last_of_month(date.fromisoformat(day)) == date.fromisoformat(last)


def test_the_panel_names_chance_range_plan_model_and_error():
    outlook = days(date(2026, 11, 28), 100e4, 90e4, 110e4, half=10e4)
    end = month_end(outlook, 2_700e4, date(2026, 11, 28), 3_010e4)
    text = spaced(to_html(month_ends([(outlook, end)], ENGLISH)))
    assert "67 % chance to miss the plan" in text and 'class="warning"' in text
    assert "calendar profile, ETS level" in text and "7.0 %" in text and "8.2 %" in text and "78 %" in text
    assert "67 % 可能完不成计划" in spaced(to_html(month_ends([(outlook, end)], CHINESE)))
    assert month_ends([], ENGLISH) is None


def test_days_beyond_capacity_are_named_the_fullest_first_to_be_kept():
    outlook = days(date(2026, 11, 28), 80, 90, 40, series="bay_hours")
    capacity = {day.day: 100.0 for day in outlook.days}
    text = spaced(to_html(coming_days(outlook, capacity, ENGLISH)))
    assert "Fuller than 85 %: 29 Nov (90 %)." in text
    assert text.count('class="column"') == 3 and text.count('class="aim"') == 3
    assert "No day is expected" in to_html(coming_days(outlook, dict.fromkeys(capacity, 200.0), ENGLISH))


def test_a_range_that_was_never_tried_is_a_dash():
    assert "held on – % of days" in spaced(trust_line(Trust("theta", 4, 0.1, 0.2, None), ENGLISH))


@pytest.mark.parametrize(
    ("mean", "called", "share"),
    [(90, "overflow", "90"), (82, "full", "82"), (60, "fits", "60"), (40, "idle", "40")],
)
def test_tomorrow_is_called_by_the_band_of_utilisation(mean, called, share):
    outlook = days(date(2026, 11, 25), mean, half=5.0, series="bay_hours")
    band = Band(good=(0.6, 0.8), critical=(0.5, 0.85))
    text = spaced(to_html(next_day(outlook, outlook.days[0], 100.0, band, ENGLISH)))
    assert f'class="load {called}"' in text and f">{share}" in text
    assert f"{mean}.0 h of 100 h" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "7.0 %" in text and "8.2 %" in text, "what the forecast is worth stands beside it"
