"""Ranks, tiers and movements against planted truths; what the issue promises is measured by tests/load/fairness_bench."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from kpi.ranking import Tier, _ranks, movement, standing, tiers
from kpi.shrinkage import Normal, flat_proportions, shrink_proportions
from tests.load.fairness_bench import movements_right, ranking_contest


def certain(values: list[float], sd: float = 1e-6) -> Normal:
    return Normal(np.array(values), np.full(len(values), sd))


def test_certain_values_have_certain_ranks():
    found = standing(certain([3.0, 1.0, 2.0]), seed=1)
    assert found.rank.tolist() == found.low.tolist() == found.high.tolist() == [1, 3, 2]
    assert standing(certain([3.0, 1.0, 2.0]), seed=1, higher_is_better=False).rank.tolist() == [3, 1, 2]


def test_equal_units_may_have_any_rank():
    found = standing(certain([5.0] * 100, sd=1.0), seed=2)
    assert (found.low <= 8).all()
    assert (found.high >= 93).all()
    assert set(found.tier.tolist()) <= {Tier.B, Tier.C}
    assert found.expected == pytest.approx(np.full(100, 50.5), abs=3)


def test_the_same_seed_gives_the_same_ranks():
    posterior = certain([1.0, 1.2, 1.4, 1.1], sd=0.3)
    first, again, other = (standing(posterior, seed=seed) for seed in (7, 7, 8))
    assert first.expected.tolist() == again.expected.tolist()
    assert first.expected.tolist() != other.expected.tolist()


def test_quarters_of_certain_units_are_the_tiers():
    found = standing(certain(list(range(12, 0, -1))), seed=3)
    assert found.tier.tolist() == [Tier.A] * 3 + [Tier.B] * 3 + [Tier.C] * 3 + [Tier.D] * 3
    assert found.chances.sum(axis=1) == pytest.approx(np.ones(12))


def test_top_and_bottom_need_more_than_half_of_the_chances():
    chances = np.array(
        [[0.51, 0.2, 0.2, 0.09], [0.5, 0.3, 0.1, 0.1], [0.1, 0.3, 0.1, 0.5], [0.1, 0.1, 0.2, 0.6]]
    )
    assert tiers(chances).tolist() == [Tier.A, Tier.B, Tier.C, Tier.D]


def test_a_unit_without_a_sample_has_no_rank():
    found = standing(certain([3.0, np.nan, 2.0]), seed=1)
    assert found.rank.tolist()[0::2] == [1, 2]
    assert np.isnan([found.rank[1], found.low[1], found.chances[1, 0]]).all()
    assert found.tier[1] == Tier.NONE


def test_peers_are_ranked_among_themselves():
    found = standing(certain([4.0, 3.0, 2.0, 1.0]), seed=1, peers=[0, 1, 0, 1])
    assert found.rank.tolist() == [1, 1, 2, 2]
    assert found.high.tolist() == [1, 1, 2, 2]


def test_a_handful_of_units_has_ranks_but_no_tiers():
    assert set(standing(certain([1.0, 2.0, 3.0]), seed=1).tier.tolist()) == {Tier.NONE}


@pytest.mark.parametrize("seed", [1, 2])
def test_shrunken_ranks_beat_raw_ranks_and_their_intervals_hold(seed):
    contest = ranking_contest(seed, draws=1000)
    assert contest.shrunken > contest.raw
    assert contest.shrunken_found > contest.raw_found
    assert 0.88 <= contest.covered <= 0.92


def test_a_clear_movement_among_steady_units_is_real_and_a_small_one_is_not():
    cases = np.full(200, 400)
    before, after = np.full(200, 360), np.full(200, 360)
    after[0], after[1] = 312, 356  # -12 points, -1 point
    found = movement(flat_proportions(before, cases), flat_proportions(after, cases))
    assert found.real()[:3].tolist() == [-1, 0, 0]
    assert found.rank_real()[:3].tolist() == [-1, 0, 0]
    assert found.risen[0] < 0.01
    assert found.shrunken[0] == pytest.approx(-0.12, abs=0.03)


def test_when_all_rise_nobody_gains():
    rng = np.random.default_rng(6)
    cases = np.full(300, 800)
    earlier = flat_proportions(rng.binomial(cases, 0.80), cases)
    later = flat_proportions(rng.binomial(cases, 0.88), cases)
    found = movement(earlier, later)
    assert (found.real() == 1).mean() > 0.95
    assert (found.rank_real() != 0).mean() < 0.02


def test_a_network_in_which_nothing_moved_shows_hardly_any_movement():
    shown = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        cases = rng.integers(60, 800, 600)
        truth = rng.beta(180, 20, 600)
        periods = (flat_proportions(rng.binomial(cases, truth), cases) for _ in range(2))
        shown.append((movement(*periods).real() != 0).sum())
    assert np.mean(shown) < 2


def test_nine_of_ten_movements_shown_are_right():
    shown, right = np.sum([movements_right(seed) for seed in range(6)], axis=0)
    assert shown > 30
    assert right / shown > 0.9


def test_a_unit_without_both_periods_has_no_movement():
    found = movement(flat_proportions([np.nan, 5.0], [0.0, 10.0]), flat_proportions([5.0, 6.0], [10.0, 10.0]))
    assert np.isnan(found.risen[0])
    assert found.real()[0] == 0
    empty = flat_proportions([np.nan], [0.0])
    assert np.isnan(movement(empty, empty).risen).all()


def test_a_shrunken_posterior_ranks_600_stores_with_wide_intervals():
    rng = np.random.default_rng(0)
    cases = rng.integers(30, 600, 600)
    found = standing(
        shrink_proportions(rng.binomial(cases, rng.beta(180, 20, 600)), cases), seed=1, draws=1000
    )
    assert sorted(found.rank) == list(range(1, 601))
    assert 250 < np.median(found.high - found.low) < 450


def test_ranks_are_the_order_of_the_scores_in_each_draw():
    """Of either sign, very small and very large, with equals among them: places counted one by one."""
    rng = np.random.default_rng(4)
    scores = np.concatenate([rng.normal(0, 10.0**k, (6, 40)) for k in (-30, 0, 30)], axis=1).astype(
        np.float32
    )
    scores[:, 7], scores[:, 80] = scores[:, 100], 0.0
    ranks = _ranks(scores)
    for draw, row in enumerate(scores.tolist()):
        order = sorted(range(len(row)), key=lambda unit: (row[unit], unit))
        assert [int(ranks[unit, draw]) for unit in order] == list(range(1, len(row) + 1))


def test_draws_leave_no_part_of_a_distribution_empty() -> None:
    """Of 200 alike each stands at 100.5 on the whole. Drawn at random 200 times, the furthest would be some 11 ranks off."""
    alike = Normal(np.zeros(200), np.ones(200))
    found = standing(alike, seed=1, draws=200)
    assert np.abs(found.expected - 100.5).max() < 4
    assert np.abs(found.low - 10.5).max() < 12 and np.abs(found.high - 190.5).max() < 12
    drawn = alike.scores(np.random.default_rng(1), 50)
    part = np.floor(50 * ndtr(drawn.astype(np.float64))).astype(int)
    assert (np.sort(part, axis=0) == np.arange(50)[:, None]).all()
    assert len(np.unique(part, axis=1).T) == 200, "each unit in an order of its own"
