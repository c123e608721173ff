"""Level, evidence and freshness become one status. Truths from domain.md 2.1 and 3.1."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kpi.answer import Measured
from kpi.catalog import METRICS, metric
from kpi.metric import Band, Direction, Limits
from kpi.verdict import Reason, Side, Status, change, interval, judge, worst_first

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 20, 10, 40)


def measured(key, numerator, denominator, **more):
    return Measured(metric(key), {"numerator": numerator, "denominator": denominator, "known": 1, **more})


def verdict(value, as_of=NOW, day=DAY, limits=None):
    return judge(value, day=day, as_of=as_of, now=NOW, limits=limits)


@pytest.mark.parametrize(
    ("revenue", "status"),
    [(100, Status.GOOD), (99, Status.WARNING), (95, Status.WARNING), (94.9, Status.CRITICAL)],
)
def test_revenue_is_judged_against_its_plan(revenue, status):
    assert verdict(measured("revenue", revenue, 10, plan=100, n=10)).status is status


def test_cost_is_judged_against_the_budget_flexed_to_revenue():
    flexed = {
        "plan": 60,
        "plan_actual": 120,
        "plan_volume": 100,
        "n": 5,
    }  # budget 60 at 100 of revenue, 72 at 120
    assert verdict(measured("cost", 72, 5, **flexed)).status is Status.GOOD
    assert verdict(measured("cost", 76, 5, **flexed)).status is Status.CRITICAL  # 105.6 %
    assert verdict(measured("cost", 74, 5, **flexed)).status is Status.WARNING  # 102.8 %


@pytest.mark.parametrize(
    ("share", "status", "side"),
    [
        (0.70, Status.GOOD, None),
        (0.60, Status.WARNING, Side.LOW),
        (0.50, Status.CRITICAL, Side.LOW),
        (0.87, Status.WARNING, Side.HIGH),
        (0.95, Status.CRITICAL, Side.HIGH),
    ],
)
def test_a_band_is_missed_on_either_side(share, status, side):
    found = verdict(measured("bay_util", share * 1000, 1000, n=7))
    assert (found.status, found.side) == (status, side)


def test_a_red_of_a_sampled_metric_needs_evidence():
    few = verdict(measured("ftfr_30d", 26, 31))  # 83.9 %, beyond the red limit, but 31 repairs prove nothing
    many = verdict(measured("ftfr_30d", 2516, 3000))  # the same share of 3,000 does
    assert (few.status, few.reason) == (Status.WARNING, Reason.PERHAPS)
    assert few.probability < 0.95
    assert (many.status, many.reason) == (Status.CRITICAL, Reason.BEYOND_LIMIT)
    assert many.probability > 0.999
    assert many.gap == pytest.approx(2516 / 3000 - 0.92)


def test_unknown_has_its_reason():
    assert verdict(measured("ftfr_30d", 0, 0)).reason is Reason.NO_DATA
    assert verdict(measured("ftfr_30d", 29, 29)).reason is Reason.TOO_FEW
    assert verdict(measured("ftfr_48h", 99, 100)).reason is Reason.NO_TARGET
    assert verdict(measured("revenue", 100, 10, n=10)).reason is Reason.NO_TARGET  # no plan to judge by
    stale = verdict(measured("gross_margin", 45, 100, n=10), as_of=NOW - timedelta(hours=37))
    assert (stale.status, stale.reason) == (Status.UNKNOWN, Reason.STALE)


def test_zero_is_a_value_and_no_value_is_not_zero():
    assert measured("revenue", 0.0, 3).value == 0.0
    assert measured("revenue", 0.0, 0).value is None
    assert measured("gross_margin", 5.0, 0).value is None
    assert measured("nps", -30, 100, squares=70).value == -30


def test_the_limits_of_the_day_judge_the_day():
    dated = (
        Limits(good=0.8, critical=0.7, since=date(2026, 1, 1)),
        Limits(good=0.9, critical=0.8, since=date(2026, 6, 1)),
    )
    show_rate = replace(metric("show_rate"), limits=dated)
    value = Measured(show_rate, {"numerator": 8500, "denominator": 10_000})
    assert verdict(value, day=date(2026, 5, 31)).status is Status.GOOD
    assert verdict(value, day=date(2026, 6, 1)).status is Status.WARNING
    assert verdict(value, day=date(2025, 12, 31)).reason is Reason.NO_TARGET


def test_limits_that_do_not_fit_their_direction_cannot_be_declared():
    with pytest.raises(ValueError, match="band"):
        replace(metric("show_rate"), limits=(Band(good=(0.1, 0.2), critical=(0.0, 0.3)),))
    with pytest.raises(ValueError, match="direction"):
        replace(metric("show_rate"), limits=(Limits(good=0.7, critical=0.8),))
    with pytest.raises(ValueError, match="direction"):
        replace(metric("complaint_rate"), direction=Direction.HIGHER)


def test_chance_is_not_a_change():
    noise = change(measured("nps", 41, 100, squares=79), measured("nps", 36, 100, squares=79))
    moved = change(measured("nps", 4100, 10_000, squares=7900), measured("nps", 3600, 10_000, squares=7900))
    assert noise is not None
    assert moved is not None
    assert (noise.real, moved.real) == (False, True)
    assert moved.absolute == pytest.approx(5)
    assert change(measured("nps", 1, 2, squares=1), None) is None


def test_a_census_value_moves_by_more_than_a_percent():
    def moved(now, then):
        found = change(measured("revenue", now, 1), measured("revenue", then, 1))
        return found is not None and found.real

    assert moved(102, 100)
    assert not moved(100.5, 100)


def test_an_interval_holds_its_value():
    low, high = interval(measured("csi", 88 * 50, 50, squares=50 * (88 * 88 + 100)))
    assert low < 88 < high
    assert interval(measured("revenue", 1, 1)) is None


def test_the_worst_comes_first():
    values = {
        "ftfr_30d": measured("ftfr_30d", 8000, 10_000),
        "nps": measured("nps", 3900, 10_000, squares=7900),
        "gross_margin": measured("gross_margin", 46, 100, n=10),
        "csi": measured("csi", 0, 0),
        "ftfr_48h": measured("ftfr_48h", 9900, 10_000),  # has no target to miss
        "bay_util": measured("bay_util", 30, 100, n=10),
    }
    order = sorted(values, key=lambda key: worst_first(metric(key), verdict(values[key])))
    assert order == ["bay_util", "ftfr_30d", "nps", "csi", "gross_margin", "ftfr_48h"]


def test_every_metric_survives_an_empty_sum():
    for one in METRICS.values():
        assert verdict(Measured(one, dict.fromkeys(one.parts()))).reason is Reason.NO_DATA
