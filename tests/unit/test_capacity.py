"""How full a day will be, and where a store stands among its peers: worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi.answer import Answer, Measured, Row
from kpi.capacity import Load, ahead, usual_by_hour, usual_by_weekday
from kpi.catalog import METRICS
from kpi.metric import Band
from kpi.peers import standing
from tests.unit.components_sample import split

BAND = Band(good=(0.68, 0.85), critical=(0.52, 0.90))
MONDAY = date(2026, 11, 23)


def daily(key: str, days: dict[date, tuple[float, float]], member: str | None = None) -> Answer:
    """An answer with grain day: numerator and denominator of each."""
    metric = METRICS[key]
    rows = tuple(
        Row(day, member, Measured(metric, {"numerator": top, "denominator": bottom}), None)
        for day, (top, bottom) in days.items()
    )
    return replace(split(key, {}), rows=rows)


def test_walk_ins_of_a_weekday_are_sums_over_sums_of_open_days_before():
    history = daily(
        "walk_in_load",
        {
            MONDAY - timedelta(14): (300, 1000),
            MONDAY - timedelta(7): (100, 600),
            MONDAY - timedelta(6): (50, 0),  # a closed Tuesday
            MONDAY: (999, 1000),  # today is not yet usual
        },
    )
    assert usual_by_weekday(history, MONDAY) == {1: pytest.approx(400 / 1600)}


def test_the_usual_hour_is_the_mean_of_the_same_weekdays():
    week, fortnight = MONDAY - timedelta(7), MONDAY - timedelta(14)
    nine = daily("walk_in_load", {fortnight: (60, 0), week: (120, 0), week + timedelta(1): (900, 0)}, "9")
    ten = daily("walk_in_load", {week: (30, 0)}, "10")
    history = replace(nine, rows=nine.rows + ten.rows)
    assert usual_by_hour(history, MONDAY) == {
        9: 90,
        10: 15,
    }  # the Monday without a ten o'clock counts as none


def test_a_day_ahead_is_what_is_booked_and_what_walk_ins_usually_take():
    booked = daily("booked_share", {MONDAY: (300, 1000), MONDAY + timedelta(1): (0, 0)})
    monday, tuesday = ahead(booked, {1: 0.25})
    assert (monday.booked, monday.walk_ins, monday.expected) == (300, 250, 0.55)
    assert tuesday.expected is None


@pytest.mark.parametrize(
    ("expected", "days", "word"),
    [
        (0.91, 20, "overflow"),
        (0.90, 20, "full"),
        (0.86, 1, "full"),
        (0.85, 1, "fits"),
        (0.52, 1, "fits"),
        (0.51, 3, "idle"),
        (0.51, 4, "open"),
    ],
)
def test_a_day_is_called_by_the_band_of_utilisation(expected, days, word):
    assert Load(MONDAY + timedelta(days), 1000 * expected, 0, 1000).called(MONDAY, BAND) == word


def test_a_day_without_bay_time_is_closed_whatever_is_booked():
    assert Load(MONDAY, 60, 0, 0).called(MONDAY, BAND) == "closed"


def shares(values: dict[str, float], key: str = "bay_util") -> Answer:
    return split(key, {name: {"numerator": v, "denominator": 1, "n": 9} for name, v in values.items()})


def test_a_store_is_better_than_the_share_it_beats_and_equals_are_half_beaten():
    peers = {f"P{i}": float(i) for i in range(1, 9)}
    found = standing(shares({**peers, "own": 3.0}), "own")
    assert (found.share, found.of) == ((2 + 0.5) / 8, 8)
    less = shares({**peers, "own": 3.0}, "bay_blocked")
    assert standing(less, "own").share == (5 + 0.5) / 8  # lower is better


def test_few_peers_and_no_value_make_no_standing():
    assert standing(shares({"A": 1, "B": 2, "C": 3, "D": 4, "own": 5}), "own") is None
    assert standing(shares({f"P{i}": 1 for i in range(9)}), "own") is None
