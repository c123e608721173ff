"""Golden values: Spiegelhalter 2005 A.1.1 worked by hand, tests of FunnelPlotR and metafor, Benjamini & Hochberg 1995."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kpi.funnel import (
    Spread,
    benjamini_hochberg,
    between_variance,
    dispersion,
    means,
    proportion_limits,
    proportions,
    ratio_limits,
    ratios,
    widened_tail,
)
from tests.load.fairness_bench import SAMPLED, outside_of_identical


def test_binomial_limits_are_interpolated_as_published():
    # 10 trials at 1/2: P(R<=1) = 11/1024, P(R<=2) = 56/1024, so r = 2 and alpha = (56 - 25.6) / 45
    low = (2 - (56 - 25.6) / 45) / 10
    # P(R<=7) = 968/1024, P(R<=8) = 1013/1024, so r = 8 and alpha = (1013 - 998.4) / 45
    high = (8 - (1013 - 998.4) / 45) / 10
    found = proportion_limits(0.5, 10, 0.025, published=True)
    assert (found.low, found.high) == pytest.approx((low, high))
    # 20 trials: P(R<=5) = 21700/2^20, P(R<=6) = 60460/2^20
    found = proportion_limits(0.5, 20, 0.025, published=True)
    assert found.low == pytest.approx((6 - (60460 - 0.025 * 2**20) / 38760) / 20)


def test_poisson_limits_are_interpolated_as_published():
    # 15 expected, from a table of the Poisson distribution: P(X<=7) = 0.01800, P(X<=8) = 0.03745
    # and P(X<=22) = 0.96726, P(X<=23) = 0.98054
    found = ratio_limits(15, 0.025, published=True)
    assert found.low * 15 == pytest.approx(8 - (0.03745 - 0.025) / (0.03745 - 0.01800), abs=0.001)
    assert found.high * 15 == pytest.approx(23 - (0.98054 - 0.975) / (0.98054 - 0.96726), abs=0.002)


def test_drawn_limits_are_symmetric_and_one_count_above_the_published_ones():
    drawn, published = proportion_limits(0.5, 10, 0.025), proportion_limits(0.5, 10, 0.025, published=True)
    assert drawn.high == pytest.approx(1 - drawn.low)
    assert drawn.high - published.high == pytest.approx(0.1)


@pytest.mark.parametrize("tail", [0.025, 0.001])
def test_a_unit_is_beyond_a_drawn_limit_exactly_if_its_tail_is_smaller(tail):
    hits = np.arange(0, 61, dtype=float)
    n = np.full(61, 60.0)
    limits = proportion_limits(0.9, n, tail)
    smaller = np.minimum(stats.binom.cdf(hits, 60, 0.9), stats.binom.sf(hits - 1, 60, 0.9)) < tail
    assert ((hits / n < limits.low) | (hits / n > limits.high)).tolist() == smaller.tolist()
    assert proportions(hits, n, 0.9, Spread.NONE).outside(tail).tolist() == smaller.tolist()
    events = np.arange(0, 60, dtype=float)
    limits = ratio_limits(np.full(60, 20.0), tail)
    smaller = np.minimum(stats.poisson.cdf(events, 20), stats.poisson.sf(events - 1, 20)) < tail
    assert ((events / 20 < limits.low) | (events / 20 > limits.high)).tolist() == smaller.tolist()
    assert ratios(events, np.full(60, 20.0), 1.0, Spread.NONE).outside(tail).tolist() == smaller.tolist()


def test_thirty_out_of_thirty_is_no_outlier():
    assert not proportions([30.0], [30.0], 0.9).outside().any()
    assert (
        proportion_limits(0.9, 30, 0.001, published=True).high < 1 <= proportion_limits(0.9, 30, 0.001).high
    )


def test_phi_equals_the_package_funnelplotr():
    # tests/testthat/test-classes_methods.R: phi 2.948033, z = root of expected x log(observed / expected)
    observed = np.array([100, 150, 180, 80, 120, 225])
    expected = np.array([108, 112, 165, 95, 100, 220])
    z = np.sqrt(expected) * np.log(observed / expected)
    assert dispersion(z, winsorise=0, consistent=False) == pytest.approx(2.948033, abs=5e-7)


def test_winsorising_pulls_the_outer_tenth_in():
    # quantiles 0.1 and 0.9 of 0 … 10 are 1 and 9: 1, 1, 2 … 8, 9, 9
    squares = 1 + 1 + sum(k * k for k in range(2, 9)) + 81 + 81
    assert dispersion(np.arange(11.0), consistent=False) == pytest.approx(squares / 11)


def test_chance_alone_has_phi_one_once_winsorising_is_allowed_for():
    z = np.random.default_rng(5).normal(size=100_000)
    assert dispersion(z) == pytest.approx(1, abs=0.02)
    assert dispersion(z, consistent=False) == pytest.approx(0.68, abs=0.01)


def test_variance_between_units_worked_by_hand():
    # w = 100, 100, 25: (3 x 3 - 2) / (225 - 20625 / 225)
    assert between_variance(3.0, [0.1, 0.1, 0.2]) == pytest.approx(7 / (225 - 20625 / 225))
    assert between_variance(0.5, [0.1, 0.1, 0.2]) == 0.0


# Thirteen trials of BCG against tuberculosis: cases and others of those vaccinated and not
# (Colditz et al. 1994, the data set dat.bcg of the R package metafor).
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
]  # fmt: skip


def test_variance_between_units_equals_that_of_the_package_metafor():
    """rma(measure = "RR", method = "DL"): Q 152.2330, fixed mean -0.4303, tau^2 0.3088 (Viechtbauer 2010, J. Stat. Softw. 36)."""
    a, b, c, d = np.array(BCG, dtype=float).T
    ratio = np.log(a / (a + b)) - np.log(c / (c + d))
    error = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    funnel = means(ratio, error)
    assert funnel.target[0] == pytest.approx(-0.4303, abs=5e-5)
    phi = dispersion(funnel.deviate, winsorise=0, consistent=False)
    assert 13 * phi == pytest.approx(152.2330, abs=5e-5)
    assert between_variance(phi, error) == pytest.approx(0.3088, abs=5e-5)


def test_real_differences_widen_the_funnel_instead_of_turning_half_of_it_red():
    rng = np.random.default_rng(8)
    n = rng.integers(100, 2000, 600)
    hits = rng.binomial(n, rng.beta(180, 20, 600))
    chance, additive = proportions(hits, n, spread=Spread.NONE), proportions(hits, n)
    assert chance.outside().sum() > 100
    assert additive.outside().sum() <= 5
    assert np.sqrt(additive.tau2) == pytest.approx(np.sqrt(0.9 * 0.1 / 201), rel=0.1)
    multiplied = proportions(hits, n, spread=Spread.MULTIPLICATIVE)
    assert multiplied.adjusted == pytest.approx(chance.deviate / np.sqrt(chance.phi))


def test_a_widened_limit_is_drawn_where_the_flag_changes():
    rng = np.random.default_rng(9)
    n = rng.integers(30, 500, 200)
    funnel = proportions(rng.binomial(n, rng.beta(90, 10, 200)), n)
    limits = proportion_limits(funnel.target, n, widened_tail(0.025, funnel.widening))
    beyond = (funnel.value < limits.low) | (funnel.value > limits.high)
    assert beyond.tolist() == funnel.outside(0.025).tolist()


def test_means_are_judged_by_their_errors_and_peers_by_their_own_target():
    funnel = means([10.0, 12.0, 20.0], [1.0, 1.0, 1.0], target=[10.0, 10.0, 20.0], spread=Spread.NONE)
    assert funnel.deviate.tolist() == [0.0, 2.0, 0.0]
    assert means([1.0, 4.0], [1.0, 2.0]).target.tolist() == pytest.approx([1.6, 1.6])


def test_a_unit_without_cases_is_nothing_and_spoils_nothing():
    funnel = proportions([np.nan, 9.0, 10.0], [0.0, 10.0, 10.0], 0.9)
    assert np.isnan(funnel.value[0])
    assert not funnel.outside()[0]
    assert np.isnan(funnel.p[0])
    assert not funnel.discoveries().any()


def test_benjamini_and_hochberg_reject_the_four_hypotheses_of_their_example():
    # Benjamini & Hochberg 1995, section 4.1: 15 endpoints of thrombolysis after a heart attack
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    adjusted = benjamini_hochberg(p[::-1])[::-1]
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert adjusted[4] == pytest.approx(0.0201 * 15 / 5)


def test_missing_tests_do_not_count_and_a_board_is_one_family():
    assert benjamini_hochberg([0.01, np.nan, 0.5]) == pytest.approx([0.02, np.nan, 0.5], nan_ok=True)
    board = benjamini_hochberg([[0.01, 0.9], [0.9, 0.9]], axis=None)
    assert board[0, 0] == pytest.approx(0.04)


def test_identical_stores_stay_inside():
    outside = [outside_of_identical(seed, green) for seed in range(10) for green, _ in SAMPLED[:5]]
    assert np.mean(outside) <= 1.5
