"""Volume forecasts on a calendar planted here: how good they are, how often intervals hold, and what may never crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from prediction import intervals, reconcile, volume
from prediction.calendar import FAR, Calendar
from prediction.history import TooLittleHistory
from prediction.intervals import Errors
from prediction.levels import MODELS
from prediction.volume import (
    AHEAD,
    LEVELS,
    NAIVE,
    NETWORK,
    REGION,
    STORE,
    Network,
    following,
    foresee,
    shapes,
)

STORES, DAYS = 30, 900
FESTIVALS = (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6))
WEEK = np.array([1.0, 0.85, 0.85, 0.9, 1.0, 1.25, 1.15])
END = date(2026, 6, 30)


def calendar_of(days: int, end: date = END) -> Calendar:
    listed = [end - timedelta(days - 1 - i) for i in range(days + AHEAD)]
    weekday = np.array([day.weekday() for day in listed])
    apart = np.array([min(((day - at).days for at in FESTIVALS), key=abs) for day in listed])
    golden = np.array([day.month == 10 and day.day <= 7 for day in listed])
    number = np.array([(day - date(1970, 1, 1)).days for day in listed])
    return Calendar(
        number,
        weekday,
        (weekday < 5) & ~golden,
        golden.astype(np.int64),
        np.where(np.abs(apart) < 45, apart, FAR),
    )


def world(seed: int, days: int = DAYS, stores: int = STORES) -> tuple[np.ndarray, np.ndarray, Network]:
    """Visits of some stores, what follows them a day later at 900 yuan, and the network. Truths of this test alone."""
    rng = np.random.default_rng(seed)
    calendar = calendar_of(days)
    offset = calendar.festival
    pull = WEEK[calendar.weekday] * np.where(calendar.holiday > 0, 0.7, 1.0)
    pull = np.select(
        [(offset >= -21) & (offset <= -3), (offset >= -2) & (offset <= 4), (offset >= 5) & (offset <= 9)],
        [pull * 1.25, np.full(len(pull), 0.25), pull * 0.7],
        pull,
    )
    level = rng.uniform(8, 40, stores) * np.exp(
        np.cumsum(rng.normal(0, 0.004, (days + AHEAD, stores)), axis=0)
    )
    is_open = ~((offset[:, None] >= -1) & (offset[:, None] <= 2) & (np.arange(stores) % 2 == 0))
    counts = rng.poisson(rng.gamma(50, 1 / 50, level.shape) * level * pull[:, None]).astype(float)
    counts = np.where(is_open, counts, np.nan)[:days]
    money = np.vstack([np.zeros((1, stores)), np.nan_to_num(counts)[:-1]]) * rng.gamma(30, 30, (days, stores))
    region = np.arange(stores) % 3
    return counts, np.round(money, 2), Network(calendar, 1, is_open, region)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As the nightly run has it."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module", params=[1, 2])
def foretold(request: pytest.FixtureRequest) -> tuple[volume.Outlook, volume.Outlook]:
    """Visits from 900 days, and money of which only the last 400 are known."""
    counts, money, network = world(request.param)
    first = DAYS - 400
    money[:first] = np.nan
    shape = shapes(counts, network)
    return foresee(counts, network, shape), foresee(
        money, network, following(money, counts, shape, network, first), first
    )


def wape(level: volume.Level, forecast: np.ndarray, where: np.ndarray) -> float:
    known = ~np.isnan(level.errors.actual) & where
    return np.abs(forecast - level.errors.actual)[known].sum() / level.errors.actual[known].sum()


def test_store_visits_are_much_better_foretold_than_by_last_week(foretold):
    level = foretold[0].levels[STORE]
    every, festival = (
        np.ones(level.naive.shape, bool),
        np.broadcast_to(level.errors.festival[:, :, None], level.naive.shape),
    )
    assert wape(level, level.errors.forecast, every) < 0.85 * wape(level, level.naive, every)
    assert wape(level, level.errors.forecast, festival) < 0.70 * wape(level, level.naive, festival)


def test_what_is_settled_the_day_after_a_visit_takes_over_the_calendar(foretold):
    level = foretold[1].levels[NETWORK]
    every = np.ones(level.naive.shape, bool)
    assert wape(level, level.errors.forecast, every) < 0.7 * wape(level, level.naive, every)


@pytest.mark.parametrize("kind", LEVELS)
def test_intervals_hold_as_often_as_they_say(foretold, kind):
    for outlook in foretold:
        level = outlook.levels[kind]
        assert 0.74 <= np.nanmean(level.inside_80) <= 0.86
        assert 0.90 <= np.nanmean(level.inside_95) <= 0.99


def test_stores_sum_to_regions_sum_to_the_network_to_the_cent(foretold):
    for outlook in foretold:
        store, region, network = (np.round(outlook.levels[kind].mean * 100).astype(int) for kind in LEVELS)
        assert (store.sum(axis=1) == network[:, 0]).all() and (region.sum(axis=1) == network[:, 0]).all()
        for place in range(3):
            assert (store[:, np.arange(STORES) % 3 == place].sum(axis=1) == region[:, place]).all()


def test_origins_include_a_spring_festival_and_never_look_ahead(foretold):
    assert len(foretold[0].origins) >= 4
    assert foretold[0].levels[STORE].errors.festival.any()
    counts, _, network = world(1)
    origin = foretold[0].origins[3]
    spoiled = counts.copy()
    spoiled[origin:] = 1e6
    assert shapes(spoiled, network)(origin) == pytest.approx(shapes(counts, network)(origin))


def test_the_baseline_is_always_among_the_candidates(foretold):
    for kind in LEVELS:
        assert NAIVE in foretold[0].levels[kind].scores
    assert {"ets_weekly", "theta"} <= foretold[0].levels[REGION].scores.keys()


def test_the_naive_repeats_last_week_and_skips_a_day_on_which_the_store_was_shut():
    counts = np.arange(28.0)[:, None]
    counts[25] = np.nan  # its weekday a week before: 18
    said = MODELS[NAIVE](counts, np.ones((28 + 9, 1)))
    assert said[:, 0].tolist() == [21, 22, 23, 24, 18, 26, 27, 21, 22]


def test_a_store_that_is_shut_is_foretold_nothing():
    counts, _, network = world(3, days=300)
    network.is_open[300:, 0] = False
    outlook = foresee(counts, network, shapes(counts, network))
    assert (outlook.levels[STORE].mean[:, 0] == 0).all() and (
        outlook.levels[STORE].limits[:, :, 0] == 0
    ).all()


# --- too little, too odd ----------------------------------------------------------------------------------------------


def test_one_week_is_too_little_and_says_so():
    counts, _, network = world(4, days=7, stores=2)
    with pytest.raises(TooLittleHistory, match="226 needed"):
        foresee(counts, network, shapes(counts, network))


def test_a_new_store_is_left_out_and_the_others_are_foretold():
    counts, _, network = world(5, days=260, stores=6)
    counts[:-10, 2] = np.nan
    outlook = foresee(counts, network, shapes(counts, network))
    assert outlook.enough.tolist() == [True, True, False, True, True, True]
    assert (outlook.levels[STORE].mean[:, 2] == 0).all()
    assert np.isfinite(outlook.levels[NETWORK].mean).all()


ODD = {
    "all zero": lambda x: np.zeros_like(x),
    "constant": lambda x: np.full_like(x, 7.0),
    "negative": lambda x: -x,
    "huge": lambda x: x * 1e9,
    "beyond reason": lambda x: x * 1e300,
    "mostly gaps": lambda x: np.where(np.arange(len(x))[:, None] % 5 == 0, x, np.nan),
    "one store of many is empty": lambda x: np.where(np.arange(x.shape[1]) == 1, np.nan, x),
    "infinite now and then": lambda x: np.where(np.arange(len(x))[:, None] % 40 == 0, np.inf, x),
    "stopped half a year ago": lambda x: np.where(np.arange(len(x))[:, None] < len(x) - 60, x, 0.0),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_series_are_foretold_or_refused_and_never_crash(kind):
    counts, _, network = world(6, days=260, stores=4)
    odd = ODD[kind](counts)
    try:
        outlook = foresee(odd, network, shapes(odd, network))
    except TooLittleHistory:
        assert kind in ("negative", "beyond reason")
        return
    for level in outlook.levels.values():
        assert np.isfinite(level.mean).all() and np.isfinite(level.limits).all()
        assert (level.mean >= 0).all()
        low, high = level.limits[0], level.limits[3]
        assert (low <= level.mean + 1e-9).all() and (level.mean <= high + 1e-9).all()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(sorted(ODD)), max_size=4), st.integers(0, 300))
@example(["all zero"], 300)
@example([], 300)
@example(["constant"], 0)
def test_any_mix_of_odd_stores_is_foretold_or_refused(kinds, days):
    counts, _, network = world(7, days=days, stores=len(kinds))
    odd = np.column_stack([counts, *(ODD[kind](counts)[:, place] for place, kind in enumerate(kinds))])[
        :, len(kinds) :
    ]
    try:
        outlook = foresee(odd, network, shapes(odd, network))
    except TooLittleHistory:
        return
    for level in outlook.levels.values():
        assert np.isfinite(level.mean).all() and (level.mean >= 0).all() and np.isfinite(level.limits).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 10_000))
@example(1, 1, 0)
def test_any_amounts_are_apportioned_to_the_cent(days, stores, seed):
    rng = np.random.default_rng(seed)
    amounts = rng.gamma(0.3, 50, (days, stores)) * (rng.random((days, stores)) < 0.7)
    region = rng.integers(0, 3, stores)
    store, regions, network = reconcile.to_the_cent(amounts, region, 3)
    cents = np.round(store * 100)
    assert (cents.sum(axis=1) == np.round(network[:, 0] * 100)).all()
    assert (np.round(regions * 100).sum(axis=1) == np.round(network[:, 0] * 100)).all()
    assert np.abs(store - amounts).max() <= 0.0201 and (store >= 0).all()


def test_intervals_widen_where_the_errors_were_wide():
    rng = np.random.default_rng(0)
    forecast = np.full((10, 14, 40), 100.0)
    actual = forecast + rng.normal(0, 10, forecast.shape) * np.where(np.arange(40) < 20, 1, 3)
    spread = intervals.learn(Errors(forecast, actual, np.zeros((10, 14), bool)))
    low, high = spread.limits(forecast[0], np.zeros(14, bool))[[1, 2]].mean(axis=1)
    assert (high - low)[:20].mean() == pytest.approx(2 * 1.2816 * 10, rel=0.15)
    assert (high - low)[20:].mean() == pytest.approx(2 * 1.2816 * 30, rel=0.15)
