"""The demand for parts to come, as a distribution.

Demand is given as (periods, series), oldest first, one period being a week at a store; NaN is not known, which is not
0. Sales are not demand: count what was asked for, lost and emergency requests included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from prediction.history import Flags, Floats, as_table, require
from prediction.intermittent import METHODS, Pattern, classify
from prediction.method_choice import FEWEST_PERIODS, RATE_PERIODS, Choice, level, spread

CHUNK = 4096
"""Series at a time: one period of a chunk stays in the processor's cache, and memory stays small."""
PULL, RECENT = 2.0, 26
"""Pieces that a store was asked for in so many periods, until its own rate weighs as much as that of all stores."""
SEASON_FROM = 2
"""Cycles of history below which no season is read from it."""
SEASON_PULL = 0.5
"""How many cycles the belief in no season weighs."""
SEASON_BOUNDS = (0.4, 2.5)


@dataclass(frozen=True)
class Forecast:
    """Expected demand of one period (series,), and its variance over mean. NaN where the history is too little."""

    rate: Floats
    spread: Floats
    pattern: Pattern
    enough: Flags

    def over(self, periods: Any, deviation: Any = 0.0) -> tuple[Floats, Floats]:
        """Mean and variance of the demand over `periods` (lead time and review), as counts.quantile wants them.

        How unsure the rate is, and the standard deviation of the lead time in periods, are part of the variance.
        """
        wait = np.asarray(periods, np.float64)
        within = self.spread * self.rate * wait * (1 + wait / RATE_PERIODS)
        return self.rate * wait, within + np.square(self.rate * np.asarray(deviation, np.float64))


def drawn(said: Forecast, demand: Any, elsewhere: Any) -> Forecast:
    """The same, each rate drawn towards what the demand of all stores says of it: `elsewhere` (series,), NaN for nothing.

    A part that a store was asked for twice in half a year is foretold half by what other stores are asked for: top-down by
    share, shrunk (domain.md 4.2).
    """
    own = np.nansum(np.asarray(demand[-RECENT:], np.float64), axis=0)
    other = np.asarray(elsewhere, np.float64)
    rate = (own * said.rate + PULL * other) / (own + PULL)
    return replace(said, rate=np.where(np.isnan(other), said.rate, rate))


def season(total: Any, cycle: int, ahead: int = 1) -> Floats:
    """Seasonal factors (periods + ahead,), mean 1 over a cycle, from the demand of all series together (periods,).

    `cycle` is 52 for weeks, 12 for months. Factors are drawn towards 1 where few cycles were seen, and are 1 below
    two cycles: a single one cannot tell a season from a change.
    """
    sums = np.asarray(total, np.float64)
    place = np.arange(len(sums) + ahead) % cycle
    known = np.flatnonzero(sums > 0)
    if len(known) < SEASON_FROM * cycle:
        return np.ones(len(place))
    dummies = place[:, None] == np.arange(cycle)
    trend = (np.arange(len(place)) / cycle)[:, None]
    design = np.hstack([np.ones((len(place), 1)), trend, dummies])
    pull = np.diag(np.r_[0.0, 1e-6, np.full(cycle, SEASON_PULL)])
    seen = design[known]
    effects = np.linalg.solve(seen.T @ seen + pull, seen.T @ np.log(sums[known]))[2:]
    factors = np.exp(effects - effects.mean())
    bounded: Floats = np.clip(factors / factors.mean(), *SEASON_BOUNDS)
    return bounded[place]


def forecast(demand: Any, choice: Choice, factors: Any = None) -> Forecast:
    """The demand of a coming period for every series of (periods, series), in chunks.

    `factors`, (periods + ahead,) or (periods + ahead, series), say what a period is worth beside an ordinary one: its
    season, or the visits it brings. With them the rate is the mean over the periods ahead. A series with fewer than 13
    known periods, or without any demand, is not `enough`: its rate is NaN. Raises TooLittleHistory where there are
    fewer than 13 periods at all.
    """
    periods, count = np.shape(demand)
    require("periods", FEWEST_PERIODS, periods)
    worth = (
        None
        if factors is None
        else np.broadcast_to(np.asarray(factors, np.float64).T, (count, len(factors))).T
    )
    chunks = [slice(at, at + CHUNK) for at in range(0, max(count, 1), CHUNK)]
    parts = [
        _forecast(as_table(demand[:, chunk]), choice, None if worth is None else worth[:, chunk])
        for chunk in chunks
    ]
    pattern = Pattern(*(np.concatenate([part.pattern[i] for part in parts]) for i in range(3)))
    rate, spreads, enough = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("rate", "spread", "enough")
    )
    return Forecast(rate, spreads, pattern, enough)


def _forecast(table: Floats, choice: Choice, factors: Floats | None) -> Forecast:
    pattern = classify(table)
    rate, spreads = np.full(table.shape[1], np.nan), np.full(table.shape[1], np.nan)
    lived = (~np.isnan(table)).sum(axis=0) >= FEWEST_PERIODS
    ordinary = level(table, factors)
    coming = np.ones(table.shape[1]) if factors is None else factors[len(table) :].mean(axis=0)
    for kind, treatment in choice.items():
        which = np.flatnonzero(lived & (pattern.kind == kind))
        if len(which):
            mixed = np.mean([METHODS[name](ordinary[:, which]) for name in treatment.methods], axis=0)
            rate[which] = mixed * treatment.correction * coming[which]
            own = spread(ordinary[:, which], treatment.spread)
            spreads[which] = np.maximum(own * treatment.widening, 1.0)
    return Forecast(rate, spreads, pattern, ~np.isnan(rate))
