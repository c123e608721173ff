"""Which methods serve which class of parts, and how they are put right: learnt by looking back.

Every method foretells from several points in the past; the best of a class are averaged, their bias is taken out, and
the spread of demand around them is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prediction import accuracy, counts
from prediction.history import Floats, as_table, require
from prediction.intermittent import LUMPY, METHODS, NEVER, SMOOTH, classify

FEWEST_PERIODS = 13
OWN_DEMANDS = 6
"""How many demands a series needs until its own spread weighs as much as that of its class."""
RATE_PERIODS = 19.0
"""Periods whose mean is as sure as an average smoothed with 0.1: 2 / 0.1 - 1."""
WIDENINGS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8)
UPPER = (0.9, 0.95, 0.98)
MOST_FOR_WIDENING = 1500
MOST_CORRECTION = 2.0


class Score(NamedTuple):
    """Rolling-origin errors of one method on one class after the bias of the whole class is taken out; that bias."""

    rmsse: float
    mase: float
    bias: float


class Treatment(NamedTuple):
    """How one class is forecast, learnt by looking back."""

    methods: tuple[str, ...]
    """averaged with equal weights: safer than the best one"""
    correction: float
    """factor on that average, which takes the bias out"""
    spread: float
    """variance over mean of one period's demand, in units of the mean size of a demand, typical of the class"""
    widening: float
    """factor on the spread with which the upper quantiles were best"""
    scores: Mapping[str, Score]


Choice = Mapping[int, Treatment]
"""By class, SMOOTH … LUMPY. A class that was not seen is treated like the most frequent one."""


def choose(
    demand: Any, factors: Any = None, origins: int = 4, horizon: int = 4, keep: int = 3, most: int = 40_000
) -> Choice:
    """Tries every method from `origins` points in the past, each foretelling the mean of the next `horizon` periods.

    `factors` are what periods are worth, as `demand.forecast` takes them; more than there are periods do no harm. At
    most `most` series are looked at, evenly spaced. Raises TooLittleHistory when fewer than 13 periods remain to learn
    from, or no series had a demand in them.
    """
    table = as_table(demand)
    require("periods", FEWEST_PERIODS + origins * horizon, len(table))
    few = slice(None, None, -(-table.shape[1] // most) or 1)
    table = level(table[:, few], factors if np.ndim(factors) < 2 else factors[:, few])
    trial = _try_all(table, [len(table) - horizon * back for back in range(origins, 0, -1)], horizon)
    members = np.bincount(trial.kinds[0], minlength=LUMPY + 1)
    members[NEVER] = 0
    require("series with demand", 1, int(members.sum()))
    ranked = {kind: _ranked(trial, kind, keep) for kind in range(SMOOTH, LUMPY + 1) if members[kind]}
    found = _treatments(trial, ranked, horizon)
    return {kind: found.get(kind, found[int(members.argmax())]) for kind in range(SMOOTH, LUMPY + 1)}


def level(table: Floats, factors: Any) -> Floats:
    """Demand as if all periods were ordinary ones; `factors` as `choose` takes them."""
    if factors is None:
        return table
    worth = np.asarray(factors, np.float64)[: len(table)]
    found: Floats = table / (worth if worth.ndim == 2 else worth[:, None])
    return found


class _Trial(NamedTuple):
    """What every method said at each origin, (origins, series), what happened, and the class at that time."""

    history: Floats
    actual: Floats
    said: Mapping[str, Floats]
    kinds: NDArray[np.int8]


def _try_all(table: Floats, starts: list[int], horizon: int) -> _Trial:
    actual = np.stack([table[start : start + horizon].mean(axis=0) for start in starts])
    said = {name: np.stack([method(table[:start]) for start in starts]) for name, method in METHODS.items()}
    kinds = np.stack([_kinds_with_history(table[:start]) for start in starts])
    return _Trial(table[: starts[0]], actual, said, kinds)


def _kinds_with_history(table: Floats) -> NDArray[np.int8]:
    lived = (~np.isnan(table)).sum(axis=0) >= FEWEST_PERIODS
    return np.where(lived, classify(table).kind, NEVER).astype(np.int8)


class _Ranked(NamedTuple):
    best: tuple[str, ...]
    scores: Mapping[str, Score]
    mixed: Floats
    """the average of the best, (origins, series)"""


def _ranked(trial: _Trial, kind: int, keep: int) -> _Ranked:
    members = trial.kinds[0] == kind
    history, actual = trial.history[:, members], trial.actual[:, members]
    scores = {name: _score(history, actual, said[:, members]) for name, said in trial.said.items()}
    best = tuple(sorted(scores, key=lambda name: np.nan_to_num(scores[name].rmsse, nan=np.inf))[:keep])
    return _Ranked(best, scores, np.mean([trial.said[name] for name in best], axis=0))


def _treatments(trial: _Trial, ranked: Mapping[int, _Ranked], horizon: int) -> Choice:
    """Each class corrected halfway between its own bias and that of all.

    A class is left by the series that change, so only its members at each origin tell its bias, and part of that is
    chance that will not come again.
    """
    everywhere = np.select(
        [trial.kinds == kind for kind in ranked], [part.mixed for part in ranked.values()], np.nan
    )
    overall = _correction(trial.actual, everywhere)
    found = {}
    for kind, (best, scores, mixed) in ranked.items():
        then, first = trial.kinds == kind, np.flatnonzero(trial.kinds[0] == kind)
        correction = float(np.sqrt(overall * _correction(trial.actual[then], mixed[then])))
        ratio = _spread_in_sizes(trial.history[:, first])
        few = first[:: -(-len(first) // MOST_FOR_WIDENING)]
        spreads, rate = spread(trial.history[:, few], ratio), mixed[:, few] * correction
        loss = [_upper_loss(trial.actual[:, few], rate, spreads * wider, horizon) for wider in WIDENINGS]
        found[kind] = Treatment(best, correction, ratio, WIDENINGS[int(np.argmin(loss))], scores)
    return found


def _score(history: Floats, actual: Floats, forecast: Floats) -> Score:
    level = forecast * _correction(actual, forecast)
    rmsse, mase = (accuracy.mean_known(of(history, actual, level)) for of in (accuracy.rmsse, accuracy.mase))
    return Score(rmsse, mase, accuracy.bias(actual, forecast))


def _correction(actual: Floats, forecast: Floats) -> float:
    off = 1 + accuracy.bias(actual, forecast)
    return float(np.clip(1 / off, 1 / MOST_CORRECTION, MOST_CORRECTION)) if off > 0 else 1.0


def _own_spread(history: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each series: variance over mean of a period's demand, mean size of a demand, how many demands."""
    known = ~np.isnan(history)
    periods = np.maximum(known.sum(axis=0), 1)
    asked = (history > 0).sum(axis=0)
    total = np.where(known, history, 0.0).sum(axis=0)
    mean = total / periods
    variance = np.where(known, np.square(history - mean), 0.0).sum(axis=0) / periods
    own = np.divide(variance, mean, out=np.ones(len(mean)), where=mean > 0)
    return own, total / np.maximum(asked, 1), asked.astype(np.float64)


def _spread_in_sizes(history: Floats) -> float:
    """Typical variance over mean, in units of the mean size: it grows with the size of what is asked for at a time."""
    own, size, asked = _own_spread(history)
    return float((own / np.maximum(size, 1e-9) * asked).sum() / asked.sum()) if asked.any() else 1.0


def spread(history: Floats, ratio: float) -> Floats:
    """Variance over mean of each series, drawn towards its class as far as its own demands are few."""
    own, size, asked = _own_spread(history)
    return np.maximum((own * asked + ratio * size * OWN_DEMANDS) / (asked + OWN_DEMANDS), 1.0)


def _upper_loss(actual: Floats, rate: Floats, spread: Floats, periods: int) -> float:
    mean = rate * periods
    variance = spread * mean * (1 + periods / RATE_PERIODS)
    scale = np.maximum(np.nanmean(mean, axis=0), 1e-9)
    losses = [
        accuracy.pinball(actual * periods, counts.quantile(level, mean, variance), level) / scale
        for level in UPPER
    ]
    return float(np.nanmean(losses))
