"""Quantiles read from bins: against values worked out on paper, and never further off than the bin is wide."""

from __future__ import annotations

import random
from statistics import quantiles

import pytest

from kpi.histogram import WAIT, Histogram
from kpi.metric import Spread, SpreadGap

TENS = Histogram("x", (10, 20, 40))


def test_observations_lie_evenly_in_their_bin():
    # Four in 0-10 lie at 1.25, 3.75, 6.25, 8.75; the median is half way between the second and the third.
    assert TENS.quantile([4, 0, 0], 0.5) == pytest.approx(5.0)
    assert TENS.quantile([4, 0, 0], 0.0) == pytest.approx(1.25)
    # One in each bin lies in its middle; the median of three is the middle one.
    assert TENS.quantile([1, 1, 1], 0.5) == pytest.approx(15.0)
    assert TENS.quantile([1, 0, 1], 0.5) == pytest.approx(17.5)
    assert TENS.quantile([0, 0, 0], 0.5) is None


def test_bins_know_their_ends_and_their_columns():
    assert TENS.columns == ("x_00", "x_01", "x_02")
    assert TENS.bounds(0) == (0, 10)
    assert [TENS.width_at(value) for value in (0, 10, 10.1, 39, 400)] == [10, 10, 10, 20, 20]
    with pytest.raises(ValueError, match="rise"):
        Histogram("x", (10, 10))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_read_is_within_the_bin_of_the_exact_quantile(seed):
    rng = random.Random(seed)
    sizes = sorted(rng.expovariate(1 / 25) for _ in range(rng.randint(40, 400)))
    counts = [0] * len(WAIT.edges)
    for size in sizes:
        counts[next((i for i, edge in enumerate(WAIT.edges) if size <= edge), len(counts) - 1)] += 1
    exact = quantiles(sizes, n=10, method="inclusive")
    for q, truth in ((0.5, exact[4]), (0.9, exact[8])):
        read = WAIT.quantile(counts, q)
        assert abs(read - truth) <= max(WAIT.width_at(truth), WAIT.width_at(read))


def test_a_spread_adds_over_groups_and_a_gap_needs_both_of_its_groups():
    median = Spread(TENS, 0.5)
    assert median.value({"x_00": 1, "x_01": 1, "x_02": 1, "denominator": 3}) == pytest.approx(15.0)
    assert median.value({}) is None
    gap = SpreadGap(TENS, 0.5, "kind = 'a'", "kind = 'b'")
    assert gap.value({"these_x_02": 1, "those_x_00": 1}) == pytest.approx(25.0)
    assert gap.value({"these_x_02": 1}) is None
    assert set(gap.parts()) == {*(f"{g}_x_0{i}" for g in ("these", "those") for i in range(3)), "denominator"}
