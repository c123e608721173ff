"""Golden tests: expectations of the R package NHSRplotthedots 0.2 (its tests, snapshots and vignette), typed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kpi.metric import Direction
from kpi.variation import (
    ASSURANCE_WORDS,
    Assurance,
    Cause,
    Variation,
    assurance,
    part_of_run,
    shift_ends,
    trend_ends,
    two_in_three,
    variation,
    xmr,
)

# set.seed(123); rnorm(20), the data of tests/testthat/test-ptd_spc_standard.R
RNORM = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123),
    *(-0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314),
    *(0.49785048, -1.96661716, 0.70135590, -0.47279141),
]
# vignettes/deviations.Rmd
VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
# The worked example of NHS England's SPC tool, as in nhspy-plotthedots' test_pandas_spc_x_calc.py
NHS_ENGLAND = [89, 86, 75, 77, 81, 74, 72, 78, 76, 82, 77, 54, 66, 77, 86]


def with_outlier() -> list[float]:
    values = list(RNORM)
    values[14] = 10
    return values


@pytest.mark.parametrize(
    ("values", "screen", "lower", "mean", "upper", "places"),
    [
        (RNORM, True, -3.01138, 0.1416238, 3.294627, 5),  # _snaps/ptd_spc_standard.md, r1
        (with_outlier(), True, -2.383666, 0.6694159, 3.722497, 6),  # r2
        (with_outlier(), False, -4.596625, 0.6694159, 5.935457, 6),  # r3
        (VIGNETTE, True, -0.72, 1.94, 4.6, 2),
        (VIGNETTE, False, -3.06, 1.94, 6.95, 2),
        (NHS_ENGLAND, False, 57, 76.67, 96, 0),
    ],
)
def test_limits_equal_the_package(values, screen, lower, mean, upper, places):
    chart = xmr(values, screen=screen)
    found = [chart.lower[0], chart.centre[0], chart.upper[0]]
    assert found == pytest.approx([lower, mean, upper], abs=0.51 * 10.0**-places)


def test_limits_of_two_facets_equal_the_package():
    # _snaps/ptd_spc.md: ten points each
    chart = xmr([RNORM[:10], RNORM[10:]], min_points=10)
    assert chart.centre[:, 0] == pytest.approx([0.0746, 0.209], abs=5e-4)
    assert chart.lower[:, 0] == pytest.approx([-2.60, -3.28], abs=5e-3)
    assert chart.upper[:, 0] == pytest.approx([2.75, 3.70], abs=5e-3)


def test_points_beyond_a_limit_stand_out_alone():
    assert list(np.flatnonzero(xmr(VIGNETTE).cause)) == [4]
    assert xmr(VIGNETTE).cause[4] == Cause.ABOVE_LIMIT
    chart = xmr(NHS_ENGLAND, screen=False)
    assert list(np.flatnonzero(chart.cause)) == [11]
    assert chart.cause[11] == Cause.BELOW_LIMIT
    assert not xmr(RNORM).cause.any()


def marks(flags: np.ndarray) -> list[int]:
    return flags[0].astype(int).tolist()


@pytest.mark.parametrize(
    ("side", "ends"),
    [
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
        ([-1] * 8 + [1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
    ],
)
def test_seven_points_on_one_side_as_in_the_package(side, ends):
    assert marks(shift_ends(np.array([side], dtype=float))) == ends


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 0, 0, 1]),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, 0, 0, 0, 0, 0, 0, 1, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [0, 0, 0, 0, 0, 0, 1]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, 0, 0, 0, 0, 0, 0, 1, 0]),
    ],
)
def test_seven_point_trend_as_in_the_package(values, ends):
    assert marks(trend_ends(np.array([values], dtype=float))) == ends


@pytest.mark.parametrize(
    ("ends", "run"),
    [
        ([0] * 6, [0] * 6),
        ([0] * 6 + [1, 0], [1] * 7 + [0]),
        ([0] * 7 + [1, 0], [0] + [1] * 7 + [0]),
    ],
)
def test_the_whole_run_is_marked_back_as_in_the_package(ends, run):
    assert marks(part_of_run(np.array([ends], dtype=bool))) == run


@pytest.mark.parametrize(
    ("near", "side", "found"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 1, 1]),
        ([0, 1, 1], [1, 1, 1], [1, 1, 1]),
        ([1, 1, 0], [1, 1, 1], [1, 1, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 1, 1, 1, 1, 0, 0]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1, -1, 1, -1, 1, -1, 1], [0] * 7),
        ([0, 0, 1, 1, 0, 0, 0], [-1, 1, -1, 1, -1, 1, -1], [0] * 7),
        ([0, 0], [1, 1], [0, 0]),
    ],
)
def test_two_in_three_as_in_the_package(near, side, found):
    assert marks(two_in_three(np.array([near], dtype=bool), np.array([side], dtype=float))) == found


def test_two_near_points_on_opposite_sides_are_no_signal():
    # test-ptd_spc_standard.R, symmetrical data
    values = [1.0, -1.0] * 8
    values[14:] = [5.5, -5.5]
    assert xmr(values).cause[-2:].tolist() == [Cause.COMMON, Cause.COMMON]


def test_a_trend_goes_before_a_shift_and_a_limit_before_both():
    calm = [5.0, 4.0] * 8
    rising = [5.0, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6]
    causes = xmr(calm + rising).cause
    assert causes[-7:].tolist() == [Cause.RISING] * 7
    falling = xmr([-value for value in calm + rising]).cause
    assert falling[-7:].tolist() == [Cause.FALLING] * 7
    assert xmr([*calm, *rising, 30.0]).cause[-1] == Cause.ABOVE_LIMIT


def test_a_shift_is_marked_back_to_its_first_point():
    causes = xmr([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2.6, 2.5, 2.6, 2.5, 2.6, 2.5, 2.6]).cause
    assert causes[-7:].tolist() == [Cause.SHIFT_HIGH] * 7
    assert not causes[:12].any()


def test_gaps_change_nothing_but_their_own_points():
    gapped = [value for point in with_outlier() for value in (point, np.nan)]
    chart, whole = xmr([gapped]), xmr(with_outlier())
    assert chart.cause[0, ::2].tolist() == whole.cause.tolist()
    assert set(chart.cause[0, 1::2].tolist()) == {Cause.NONE}
    assert chart.upper[0, 0] == pytest.approx(whole.upper[0])
    assert chart.latest.tolist() == [whole.cause[-1]]


def test_many_series_are_each_charted_as_if_alone():
    rng = np.random.default_rng(3)
    table = rng.normal(size=(40, 60)).cumsum(axis=1) * 0.1 + rng.normal(size=(40, 60))
    table[rng.random(table.shape) < 0.1] = np.nan
    together = xmr(table)
    for row, values in enumerate(table):
        assert together.cause[row].tolist() == xmr(values).cause.tolist()


def test_few_points_make_no_limits():
    chart = xmr(RNORM[:14])
    assert np.isnan(chart.upper).all()
    assert set(chart.cause.tolist()) == {Cause.NONE}


def test_a_constant_series_has_its_value_as_limits_and_no_signal():
    chart = xmr([3.0] * 20)
    assert (chart.lower[0], chart.upper[0]) == (3.0, 3.0)
    assert not chart.cause.any()


def test_limits_begin_anew_at_a_break_mark():
    chart = xmr(RNORM + [value + 9 for value in RNORM], breaks=[20])
    assert chart.centre[[0, 20]] == pytest.approx([0.1416238, 9.1416238], abs=1e-6)
    assert not chart.cause.any()
    assert xmr(RNORM + [value + 9 for value in RNORM]).cause.any()


def test_a_baseline_fixes_the_limits():
    chart = xmr(RNORM[:15] + [9.0] * 5, baseline=15)
    assert chart.centre[0] == pytest.approx(np.mean(RNORM[:15]))
    assert chart.cause[-1] == Cause.ABOVE_LIMIT


def test_sigma_is_the_moving_range_over_1_128():
    assert xmr([1.0, 2.0] * 10).sigma == pytest.approx(1 / 1.128, rel=1e-3)


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        (Direction.HIGHER, Variation.IMPROVEMENT, Variation.CONCERN),
        (Direction.LOWER, Variation.CONCERN, Variation.IMPROVEMENT),
        (Direction.NEUTRAL, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
        (Direction.BAND, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
    ],
)
def test_what_a_cause_means_depends_on_the_direction(direction, high, low):
    causes = np.array([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8], dtype=np.int8)
    expected = [Variation.NONE, Variation.COMMON, *[high, low] * 4]
    assert variation(causes, direction).tolist() == expected


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.HIGHER, [Assurance.FAIL, Assurance.PASS, Assurance.HIT_AND_MISS]),
        (Direction.LOWER, [Assurance.PASS, Assurance.FAIL, Assurance.HIT_AND_MISS]),
        (Direction.NEUTRAL, [Assurance.NONE] * 3),
    ],
)
def test_assurance_as_in_the_package(direction, expected):
    # test-ptd_calculate_assurance_type.R: target 4, limits 1-3, 5-7, 1-5
    assert assurance([1, 5, 1], [3, 7, 5], 4, direction).tolist() == expected


def test_assurance_of_a_band_and_of_an_unknown_target():
    found = assurance([0.70, 0.60, 0.86], [0.80, 0.80, 0.95], (0.68, 0.85), Direction.BAND)
    assert found.tolist() == [Assurance.PASS, Assurance.HIT_AND_MISS, Assurance.FAIL]
    assert assurance(1, 3, np.nan, Direction.HIGHER) == Assurance.NONE
    assert ASSURANCE_WORDS[Assurance.HIT_AND_MISS].zh_cn == "时好时坏"
