"""How demand for parts was foretold from points in the past, and what following the advice would have led to.

At every point the methods are learnt anew from what was known by then. Tables are (weeks, series).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from prediction import counts
from prediction.advice import REVIEW
from prediction.demand import Forecast, drawn, forecast
from prediction.history import Flags, Floats, as_table
from prediction.method_choice import FEWEST_PERIODS, Choice, choose
from prediction.stock import Replay, assortment, order_up_to, replay

HORIZON, ORIGINS = 4, 4
LEARNING = ORIGINS * HORIZON
"""Weeks that a choice looks back over."""
LOW, HIGH = 0.1, 0.9

Choices = Mapping[int, Choice]
"""By the number of weeks known at each point in the past."""


WorthAt = Callable[[int], Floats | None]
"""What each week was worth to each series as it was known at a point, (point + HORIZON, series): `demand.forecast`."""


ElsewhereAt = Callable[[int], Floats]
"""What the demand of all stores said of each series' weekly rate at a point, (series,): `demand.drawn`."""


def ordinary(_point: int) -> None:
    """Every week is worth the same."""


def choices(sample: Any, worth_at: WorthAt = ordinary) -> Choices:
    """What would have been chosen at each of up to four points, HORIZON weeks apart; none where too little was known."""
    weeks = len(sample)
    points = [weeks - HORIZON * back for back in range(ORIGINS, 0, -1)]
    enough = [point for point in points if point >= FEWEST_PERIODS + LEARNING]
    return {point: choose(sample[:point], worth_at(point)) for point in enough}


@dataclass(frozen=True)
class Trial:
    """Demand of the HORIZON weeks after each point (points, series), what was said of it, and the 80 % range.

    Unknown where a series had too little history. `promised` is the share that the range should hold: counts are whole,
    so it is more than 80 % for slow parts.
    """

    points: tuple[int, ...]
    actual: Floats
    mean: Floats
    naive: Floats
    """the HORIZON weeks before, again"""
    low: Floats
    high: Floats
    promised: Floats
    forecasts: tuple[Forecast, ...]

    @property
    def known(self) -> Flags:
        return ~(np.isnan(self.mean) | np.isnan(self.actual))

    @property
    def inside(self) -> Flags:
        held: Flags = self.known & (self.actual >= self.low) & (self.actual <= self.high)
        return held


def try_on(
    demand: Any, learnt: Choices, worth_at: WorthAt = ordinary, elsewhere_at: ElsewhereAt | None = None
) -> Trial:
    """Foretells every series of (weeks, series) from each point that something was learnt at."""
    table = as_table(demand)
    said = {point: forecast(table[:point], choice, worth_at(point)) for point, choice in learnt.items()}
    if elsewhere_at:
        said = {point: drawn(each, table[:point], elsewhere_at(point)) for point, each in said.items()}
    rows = [_row(table, point, each) for point, each in said.items()]
    nothing = np.zeros((0, table.shape[1]))
    actual, mean, naive, low, high, promised = [np.stack(column) for column in zip(*rows, strict=True)] or [
        nothing
    ] * 6
    return Trial(tuple(said), actual, mean, naive, low, high, promised, tuple(said.values()))


def _row(table: Floats, point: int, said: Forecast) -> tuple[Floats, ...]:
    mean, variance = said.over(HORIZON)
    low, high = counts.quantile(LOW, mean, variance), counts.quantile(HIGH, mean, variance)
    promised = counts.at_most(high, mean, variance) - counts.at_most(low - 1, mean, variance)
    actual, naive = table[point : point + HORIZON].sum(axis=0), table[point - HORIZON : point].sum(axis=0)
    return actual, mean, naive, low, high, promised


def followed(
    demand: Any, trial: Trial, stocked: Flags, on_hand: Floats, lead: Floats, target: Floats, pack: Floats
) -> Replay:
    """Follows the advice through the weeks of the trial, from what lay on the shelf at its first point.

    `lead` in weeks; (series,) all. Levels are set anew at each point from what was known then. A part whose demand is
    not foretold yet keeps its shelf as it is and is not bought.
    """
    table = as_table(demand)
    levels = []
    for point, said in zip(trial.points, trial.forecasts, strict=True):
        keep = assortment(table[:point], stocked)
        levels.append(np.tile(order_up_to(said, lead, REVIEW, target, keep=keep), (HORIZON, 1)))
    # Ordered at the end of a week, a piece comes within a later one and is counted on for the week after that.
    wait = np.ceil(lead).astype(np.int64) + 1
    return replay(table[trial.points[0] :], np.concatenate(levels), wait, pack, on_hand)
