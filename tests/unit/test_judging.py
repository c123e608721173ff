"""Stored statuses as wired: planted truths, hand-worked arithmetic, and what must not move a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kpi import weekly
from kpi.answer import Measured
from kpi.catalog import METRICS, metric
from kpi.histogram import WAIT
from kpi.judging import Judged, judge_all, places
from kpi.metric import Band, Change, Limits
from kpi.question import Period
from kpi.ranking import Tier
from kpi.status import CRITICAL, GOOD, STATES, WARNING
from kpi.targets import limits_over
from kpi.text import same
from kpi.variation import Assurance
from kpi.weekly import Periods

FTFR = metric("ftfr_30d")  # green from 92 %, red below 85 %
SUNDAY = date(2024, 1, 7).toordinal()


def weeks(count: int) -> Periods:
    last = SUNDAY + 7 * np.arange(count, dtype=np.int64)
    return Periods(last, last + FTFR.maturity_days)


def judged(hits: np.ndarray, cases: np.ndarray) -> Judged:
    periods = weeks(hits.shape[1])
    days = [date.fromordinal(int(day)) for day in periods.last]
    limits = limits_over(FTFR, days, [[]] * len(hits))
    return judge_all(FTFR, {"numerator": hits, "denominator": cases}, periods, limits=limits)


def drawn(seed: int, truth: np.ndarray, cases: int) -> Judged:
    rng = np.random.default_rng(seed)
    return judged(rng.binomial(cases, truth).astype(float), np.full(truth.shape, float(cases)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_fall_is_red_within_three_weeks_with_the_catalogues_own_rules(seed):
    """From 90 % to 82 %, 8 points in one week, n = 80: the fall of the issue, on the limits of the catalogue."""
    fall = np.r_[np.full(30, 0.90), np.full(3, 0.82)]
    found = drawn(seed, np.broadcast_to(fall, (400, 33)), 80)
    assert (found.state == CRITICAL).mean() >= 0.90


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stores_on_target_are_not_red(seed):
    found = drawn(seed, np.full((600, 60), 0.94), 60)
    assert (found.state == CRITICAL).sum() == 0


def test_what_a_week_said_does_not_change_when_the_next_arrives():
    """A census's noise is that of its past: cutting the series off must not change what was said before."""
    value = np.random.default_rng(4).normal(0.7, 0.05, (20, 40))
    value[:, 17] = 3.0  # a holiday week
    whole = weekly.noise(value)
    for cut in (5, 18, 30):
        assert weekly.noise(value[:, :cut]) == pytest.approx(whole[:, :cut])
    assert whole[:, 39].max() < 0.12  # the holiday is left out: 0.05 x root 2 / 1.128 is about 0.05


def test_noise_of_a_short_series_by_hand():
    """Ranges 1, 3: their mean 2 over 1.128."""
    assert weekly.noise(np.array([[5.0, 6.0, np.nan, 9.0]]))[0].tolist() == [
        0,
        0,
        0,
        pytest.approx(2 / 1.128),
    ]


@pytest.mark.parametrize("key", sorted(key for key, made in METRICS.items() if made.limits))
def test_arrays_say_what_the_formula_says(key):
    made, rng = METRICS[key], np.random.default_rng(7)
    sums = {name: rng.integers(1, 9, (3, 4)).astype(float) for name in made.parts()}
    if "squares" in sums:
        sums["squares"] = sums["numerator"] ** 2
    for name, found in (("value", weekly.values(made, sums)), ("judged", weekly.judged(made, sums))):
        for place in np.ndindex(3, 4):
            one = Measured(made, {part: float(table[place]) for part, table in sums.items()})
            assert found[place] == pytest.approx(getattr(one, name)), name
    nothing = {name: np.zeros((1, 1)) for name in sums}
    assert np.isnan(weekly.values(made, nothing)).all()


def test_quantiles_of_many_histograms_are_those_of_each():
    counts = np.random.default_rng(3).poisson(0.6, (50, len(WAIT.edges))).astype(float)
    found = weekly.quantiles(WAIT, list(counts.T), 0.9)
    assert found.tolist() == pytest.approx([WAIT.quantile(row.tolist(), 0.9) for row in counts])


def test_new_limits_judge_from_their_day_on_and_break_the_chart():
    later = Limits(good=0.80, critical=0.70, since=date(2024, 2, 26))
    changed = replace(FTFR, limits=(*FTFR.limits, later), changes=(Change(date(2024, 3, 10), same("x")),))
    periods = weeks(12)  # Sundays from 7 January to 24 March 2024
    days = [date.fromordinal(int(day)) for day in periods.last]
    limits = limits_over(changed, days, [[]])
    assert (
        limits.good[0][0].tolist() == [0.92] * 8 + [0.80] * 4
    )  # 3 March is the first Sunday after 26 February
    assert limits.last == [later]
    assert weekly.breaks(changed, periods) == [8, 9]
    found = changed.changes_in(Period(days[0], days[-1]))
    assert [change.on for change in found] == [later.since, date(2024, 3, 10)]
    assert FTFR.changes_in(Period(days[0], days[-1])) == ()
    assert metric("bay_util").changes_in(Period(days[0], days[-1]), Band((0, 1), (0, 1), date(2024, 2, 1)))


def test_what_just_reached_its_target_is_not_told_that_it_cannot_and_the_other_way_round():
    """Weeks of 200: 40 of 80 % (limits far below 92 %) and 3 of 94 %; 40 of 99 % and 3 of 90 %; 43 of either. And 42 of
    80 % before a last one of 95 %, which with the two before it makes 85 %; 42 of 99 % before one of 88 %, which makes 95 %.
    """
    weeks_of = {
        "risen": (160, 188, 188), "fallen": (198, 180, 180), "low": (160, 160, 160), "high": (198, 198, 198),
        "once up": (160, 160, 190), "once down": (198, 198, 176),
    }  # fmt: skip
    hits = np.array(
        [[early] * 40 + [late] * 2 + [last] for early, late, last in weeks_of.values()], dtype=float
    )
    hits += np.tile([0.0, 1.0, -1.0], 15)[:43]
    found = judged(hits, np.full(hits.shape, 200.0))
    told = dict(zip(weeks_of, map(Assurance, found.assurance), strict=True))
    assert told["low"] is Assurance.FAIL
    assert told["high"] is Assurance.PASS
    assert [told[key] for key in ("risen", "fallen", "once up", "once down")] == [Assurance.HIT_AND_MISS] * 4


def ranked(hits: np.ndarray, cases: np.ndarray, held: int | None = None, peers: np.ndarray | None = None):
    sums = {"numerator": hits[:, None].astype(float), "denominator": cases[:, None].astype(float)}
    back = np.zeros(len(hits), dtype=bool)
    if held is not None:
        back[held] = True
    return places(FTFR, sums, np.zeros(len(hits)) if peers is None else peers, held_back=back, window=1)


def test_a_unit_whose_guard_is_red_cannot_win():
    cases = np.full(40, 2000)
    hits = np.linspace(1600, 1990, 40).round()  # the last is the best by far
    free, held = ranked(hits, cases), ranked(hits, cases, held=39)
    assert (free.rank[39], free.tier[39]) == (1, Tier.A)
    assert (held.rank[39], held.tier[39]) == (10, Tier.B)  # behind the nine others of the best quarter
    assert held.rank[38] == 1


def test_identical_stores_have_wide_ranks_and_no_best_whoever_their_peers_are():
    rng = np.random.default_rng(5)
    cases = np.where(rng.random(600) < 0.5, 40, 600)
    found = ranked(rng.binomial(cases, 0.92), cases, peers=rng.integers(0, 12, 600))
    assert np.isin(found.tier, (Tier.A, Tier.D)).mean() < 0.05
    assert (found.high - found.low).mean() > 400
    assert (found.apart != 0).sum() <= 2


def test_a_band_has_no_ranking():
    sums = {name: np.ones((9, 4)) for name in metric("bay_util").parts()}
    assert places(metric("bay_util"), sums, np.zeros(9), held_back=np.zeros(9, dtype=bool), window=4) is None


def test_states_by_hand():
    """1: on target. 2: 88 % for good: amber, never red. 3: no case ever: nothing to store."""
    hits = np.array([[95.0] * 20, [88.0] * 20, [0.0] * 20])
    cases = np.array([[100.0] * 20, [100.0] * 20, [0.0] * 20])
    found = judged(hits, cases)
    assert found.state[:2].tolist() == [GOOD, WARNING]
    assert found.evaluated.tolist() == [True, True, False]
    assert found.value[:2].tolist() == [0.95, 0.88] and found.n[:2].tolist() == [300, 300]
    assert STATES[found.previous[1]] == "unknown"
