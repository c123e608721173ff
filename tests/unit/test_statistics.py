"""Golden values: published worked examples and closed forms."""

from __future__ import annotations

from math import erf, inf, sqrt

import pytest

from kpi import statistics


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, method 3
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998
        (0, 20, 0.0000, 0.1611),  # Newcombe 1998
        (45, 50, 0.786, 0.957),  # domain.md 3.2
        (270, 300, 0.861, 0.929),  # domain.md 3.2
    ],
)
def test_wilson_interval_equals_the_published_examples(successes, trials, low, high):
    assert statistics.wilson(successes, trials) == pytest.approx((low, high), abs=0.0006)


def test_an_interval_without_trials_is_refused():
    with pytest.raises(ValueError, match="at least one trial"):
        statistics.wilson(0, 0)


def test_as_many_successes_as_failures_are_as_likely_above_a_half_as_below():
    assert statistics.proportion_below(0.5, 5, 10) == pytest.approx(0.5)
    assert statistics.proportion_below(0.0, 5, 10) == 0.0
    assert statistics.proportion_below(1.0, 5, 10) == 1.0


def test_no_events_have_the_closed_form_of_the_half_gamma():
    # Gamma(1/2): P(rate < limit) = erf(sqrt(limit x exposure))
    assert statistics.rate_below(0.02, 0, 100) == pytest.approx(erf(sqrt(2)))


def test_a_rate_interval_holds_its_rate_and_begins_at_zero_without_events():
    low, high = statistics.poisson(10, 200)
    assert low < 10 / 200 < high
    assert statistics.poisson(0, 50).low == 0.0


@pytest.mark.parametrize(("answers", "points"), [(100, 15), (200, 11), (400, 7.7)])
def test_nps_half_width_equals_the_table_of_the_domain(answers, points):
    _, error = statistics.nps(0.5 * answers, 0.2 * answers, answers)
    assert 1.96 * error == pytest.approx(points, rel=0.03)


def test_a_small_nps_sample_is_adjusted():
    # 10 promoters, 4 detractors of 20: p = 10.75/23, d = 4.75/23
    centre, error = statistics.nps(10, 4, 20)
    assert centre == pytest.approx(100 * 6 / 23)
    assert error == pytest.approx(100 * sqrt((15.5 / 23 - (6 / 23) ** 2) / 23))


def test_the_error_of_a_mean_is_the_textbook_one():
    # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sample variance 32/7
    assert statistics.mean_error(40, 8, 232) == pytest.approx(sqrt(32 / 7 / 8))
    assert statistics.mean_error(5, 1, 25) == inf
