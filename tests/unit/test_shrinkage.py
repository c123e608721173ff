"""Golden values: published maximum-likelihood fits and the institutional ranking of OpenBUGS, typed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln, gammaln
from scipy.stats import beta, betabinom, gamma, norm

from kpi.shrinkage import (
    Beta,
    Gamma,
    Normal,
    fit_beta,
    fit_gamma,
    fit_normal,
    flat_proportions,
    flat_rates,
    shrink_means,
    shrink_proportions,
    shrink_rates,
)


def test_beta_binomial_fit_of_the_families_of_saxony():
    # Geissler 1889, boys among 12 children; the fit as in Wikipedia, Beta-binomial distribution: log L = -12492.9
    families = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]
    boys = np.repeat(np.arange(13.0), families)
    a, b = fit_beta(boys, np.full(len(boys), 12.0))
    assert (a, b) == pytest.approx((34.09558, 31.5715), rel=5e-4)
    assert betabinom.logpmf(boys, 12, a, b).sum() == pytest.approx(-12492.9, abs=0.05)


def test_gamma_poisson_fit_of_the_mites_on_apple_leaves():
    # Bliss & Fisher 1953: 150 leaves, mean 1.1467, k = 1.0245
    mites = np.repeat(np.arange(8.0), [70, 38, 17, 10, 9, 3, 2, 1])
    shape, rate = fit_gamma(mites, np.ones(150))
    assert shape == pytest.approx(1.0245, abs=2e-4)
    assert shape / rate == pytest.approx(172 / 150, rel=1e-5)


def test_normal_fit_of_the_thirteen_vaccine_trials():
    # van Houwelingen et al. 2002, p. 597: odds ratio 0.476, variance between trials 0.302 (metafor: 0.4762, 0.3025)
    trials = np.array([
        [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
        [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
        [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
    ], dtype=float)  # fmt: skip
    a, b, c, d = trials.T
    mean, tau2 = fit_normal(np.log(a * d / b / c), np.sqrt((1 / trials).sum(axis=1)))
    assert np.exp(mean) == pytest.approx(0.4762, abs=5e-5)
    assert tau2 == pytest.approx(0.3025, abs=5e-5)


def test_hospitals_are_drawn_together_as_in_the_bugs_example():
    # OpenBUGS Examples I, Surgical: institutional ranking; posterior means of its (logit-normal) random effects
    deaths = [0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24]
    babies = [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360]
    bugs = [0.0530, 0.1033, 0.0708, 0.0593, 0.0519, 0.0692, 0.0669, 0.1234, 0.0697, 0.0787, 0.1023, 0.0685]
    assert shrink_proportions(deaths, babies).mean == pytest.approx(bugs, abs=0.002)


@pytest.mark.parametrize("seed", range(6))
def test_no_better_parameters_lie_around_the_fit(seed):
    rng = np.random.default_rng(seed)
    n = rng.lognormal(4, 1, 300).round() + 1
    hits = rng.binomial(n.astype(int), rng.beta(20, 4, 300)).astype(float)
    events = rng.poisson(n * rng.gamma(3, 0.01, 300)).astype(float)
    fits = [
        (fit_beta(hits, n), lambda a, b: (betaln(hits + a, n - hits + b) - betaln(a, b)).sum()),
        (
            fit_gamma(events, n),
            lambda a, b: (
                gammaln(events + a) - gammaln(a) + a * np.log(b) - (events + a) * np.log(b + n)
            ).sum(),
        ),
    ]
    for (first, second), gain in fits:
        best = gain(first, second)
        steps = [(1.02, 1.0), (0.98, 1.0), (1.0, 1.02), (1.0, 0.98), (1.02, 1.02), (0.98, 0.98)]
        assert all(gain(first * up, second * right) < best for up, right in steps)


def test_units_that_do_not_differ_are_all_drawn_to_the_mean():
    values = [1.0, -1.0, 0.5, -0.5]
    found = shrink_means(values, [1.0] * 4)
    assert found.mean.tolist() == [0.0] * 4
    assert found.sd.tolist() == [0.0] * 4
    few = shrink_proportions([0.0, 0.0, 0.0], [50.0, 80.0, 20.0])
    assert (few.mean < 0.01).all()
    assert (shrink_rates([0.0, 0.0], [50.0, 80.0]).mean < 0.01).all()


def test_a_small_sample_is_drawn_further_than_a_large_one():
    rng = np.random.default_rng(1)
    n = np.r_[20.0, 2000.0, rng.integers(50, 500, 200)]
    hits = np.r_[14.0, 1400.0, rng.binomial(n[2:].astype(int), rng.beta(90, 10, 200))]
    small, large = shrink_proportions(hits, n).mean[:2]
    assert 0.70 < large < 0.72 < 0.78 < small < 0.90


def test_a_peer_group_has_its_own_mean_and_a_tiny_one_that_of_all():
    rng = np.random.default_rng(2)
    peers = np.r_[np.zeros(100, int), np.ones(100, int), 2, 2]
    truth = np.r_[rng.beta(90, 10, 100), rng.beta(60, 40, 100), 0.9, 0.9]
    n = np.full(202, 60.0)
    hits = rng.binomial(60, truth).astype(float)
    hits[[0, 100, 200]] = 45
    found = shrink_proportions(hits, n, peers).mean
    assert found[0] > 0.80 > 0.72 > found[100]
    assert found[200] == pytest.approx(shrink_proportions(hits, n).mean[200])


def test_a_unit_without_a_sample_is_nan_and_changes_no_other():
    with_gap = shrink_proportions([9.0, np.nan, 8.0, 5.0], [10.0, 0.0, 12.0, 10.0])
    assert np.isnan(with_gap.mean[1])
    assert np.isnan(with_gap.below(0.5)[1])
    without = shrink_proportions([9.0, 8.0, 5.0], [10.0, 12.0, 10.0])
    assert with_gap.mean[[0, 2, 3]] == pytest.approx(without.mean)
    assert np.isnan(shrink_rates([1.0, 2.0], [0.0, 5.0]).mean).tolist() == [True, False]
    assert np.isnan(shrink_means([np.nan, 2.0], [1.0, 1.0]).mean).tolist() == [True, False]
    assert np.isnan(shrink_proportions([np.nan], [0.0]).mean).all()


def test_posteriors_tell_probabilities_and_quantiles():
    proportion, rate = flat_proportions([[8.0]], [[10.0]]), flat_rates([3.0], [100.0])
    assert proportion.below(0.7) == pytest.approx(beta.cdf(0.7, 8.5, 2.5))
    assert proportion.quantile(0.1) == pytest.approx(beta.ppf(0.1, 8.5, 2.5))
    assert rate.below(0.02) == pytest.approx(gamma.cdf(2.0, 3.5))
    assert rate.mean == pytest.approx(0.035)
    normal = Normal(np.array([1.0]), np.array([2.0]))
    assert normal.below(1.0) == pytest.approx(0.5)
    assert normal.quantile(0.975) == pytest.approx(1 + 1.96 * 2, abs=1e-3)


@pytest.mark.parametrize(
    ("posterior", "value"),
    [
        (
            Beta(np.array([8.0, 40.0, 3.0, 500.0]), np.array([8.0, 9.0, 60.0, 20.0])),
            lambda x: 1 / (1 + np.exp(-x)),
        ),
        (Gamma(np.array([8.0, 0.6, 300.0]), np.array([100.0, 10.0, 1.0])), lambda x: x**3),
        (Normal(np.array([3.0, -2.0]), np.array([1.0, 0.1])), lambda x: x),
    ],
)
def test_scores_rise_with_the_true_value_and_have_its_distribution(posterior, value):
    scores = posterior.scores(np.random.default_rng(4), 40_000).astype(np.float64)
    for q in (0.02, 0.2, 0.5, 0.8, 0.98):
        found = value(np.quantile(scores, q, axis=0))
        assert np.abs(found - posterior.quantile(q)).max() <= 0.05 * posterior.sd.max()
        assert (np.abs(found - posterior.quantile(q)) <= 0.05 * posterior.sd).all()


@pytest.mark.parametrize("draws", [1, 2, 100, 1000])
def test_draws_of_a_unit_lie_one_in_each_part_of_its_distribution_in_an_order_of_its_own(draws: int) -> None:
    units = 500
    scores = Normal(np.zeros(units), np.ones(units)).scores(np.random.default_rng(4), draws)
    places = norm.ppf((np.arange(draws) + 0.5) / draws)
    assert np.sort(scores, axis=0) == pytest.approx(np.repeat(places[:, None], units, axis=1), abs=1e-5)
    if draws >= 100:
        # The places come in any order: no draw is high for all, and no unit goes with another.
        assert np.abs(scores.mean(axis=1)).max() < 5 / np.sqrt(units)
        together = np.corrcoef(scores.T)[np.triu_indices(units, 1)]
        assert abs(together.mean()) < 0.002 and together.std() == pytest.approx(
            1 / np.sqrt(draws - 1), rel=0.05
        )
