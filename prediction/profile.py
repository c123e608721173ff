"""The shape of the calendar, learnt from all stores together, and what each store and region makes of it.

A quasi-Poisson regression of the total (log link, effects drawn towards none as far as their prior says), beside a slow
level that soaks up growth and roll-outs; then each region's own season; then each store's own weekdays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prediction.calendar import Calendar
from prediction.history import Floats, Whole

KNOT_STEP = 0.06
"""How far the slow level may well move from one knot to the next, in logarithms."""
SEASON_PRIOR = 0.05
SEASONS = 4
ITERATIONS = 30
FEWEST_KNOWN = 28


@dataclass(frozen=True)
class Shape:
    """What a day is worth against an average day of an ordinary week: 1.2 is a fifth more."""

    effects: Floats
    kinds: int
    region_season: Floats
    """(regions, seasons) beside the common ones"""
    region: Whole
    """(series,)"""
    weekday: Floats
    """(7, series) what a store makes of a weekday beside the others"""

    def of(self, days: Calendar) -> Floats:
        """(days, series)"""
        table, _ = days.features(self.kinds)
        common = table @ self.effects
        own = table[:, -SEASONS:] @ self.region_season.T
        level = np.log(np.exp(self.effects[:7]).mean())
        usual = np.where(
            (days.holiday > 0)[:, None] | days.near_festival[:, None], 1.0, self.weekday[days.weekday]
        )
        found: Floats = np.exp(common[:, None] - level + own[:, self.region]) * usual
        return found


def fit(counts: Floats, days: Calendar, region: Whole, kinds: int, base: Floats | None = None) -> Shape:
    """The shape of (days, series); NaN is a day that tells nothing, such as one on which the store was shut.

    `base` (days, series) is a shape that is known already: what is learnt then comes on top of it.
    """
    known = ~np.isnan(counts)
    filled = np.where(known, counts, 0.0)
    given = known.astype(np.float64) if base is None else np.where(known, base, 0.0)
    table, prior = days.features(kinds)
    knots = days.knots()
    level = _level(filled, given)
    effects = np.zeros(table.shape[1])
    for _ in range(2):
        solved = _poisson(filled.sum(axis=1), given @ level, table, prior, knots)
        effects = solved[: table.shape[1]]
        level = _level(filled, given * np.exp(table @ effects)[:, None])
    curve = given * np.exp(table @ effects)[:, None]
    season = _region_seasons(filled, curve * level, table[:, -SEASONS:], knots, region)
    curve = curve * np.exp(table[:, -SEASONS:] @ season.T)[:, region]
    ordinary = (days.holiday == 0) & ~days.near_festival
    weekday = _weekdays(filled[ordinary], (curve * _level(filled, curve))[ordinary], days.weekday[ordinary])
    return Shape(effects, kinds, season, region, weekday)


def _level(made: Floats, due: Floats) -> Floats:
    below = due.sum(axis=0)
    found: Floats = np.divide(made.sum(axis=0), below, out=np.zeros(len(below)), where=below > 0)
    return found


def _poisson(made: Floats, due: Floats, table: Floats, prior: Floats, knots: Floats) -> Floats:
    """Effects of the columns and heights of the knots, by penalised quasi-likelihood."""
    seen = due > 0
    if not seen.any():
        return np.zeros(len(prior) + knots.shape[1])
    x = np.hstack([table, knots])[seen]
    y, e = made[seen], due[seen]
    steps = np.diff(np.eye(knots.shape[1]), axis=0) / KNOT_STEP
    penalty = np.zeros((x.shape[1], x.shape[1]))
    penalty[: len(prior), : len(prior)] = np.diag(prior**-2)
    penalty[len(prior) :, len(prior) :] = steps.T @ steps + 1e-6 * np.eye(knots.shape[1])
    effects = np.zeros(x.shape[1])
    effects[len(prior) :] = np.log(max(y.sum(), 0.5) / max(e.sum(), 1e-9))
    spread = 1.0
    for _ in range(ITERATIONS):
        mean = e * np.exp(np.clip(x @ effects, -20, 20))
        spread = max(float((np.square(y - mean) / np.maximum(mean, 1e-9)).mean()), 1.0)
        weighted = x * (mean / spread)[:, None]
        slope = x.T @ ((y - mean) / spread) - penalty @ effects
        step = np.clip(np.linalg.solve(x.T @ weighted + penalty, slope), -1, 1)
        effects = effects + step
        if np.abs(step).max() < 1e-6:
            break
    return effects


def _region_seasons(made: Floats, due: Floats, seasons: Floats, knots: Floats, region: Whole) -> Floats:
    found = np.zeros((int(region.max(initial=0)) + 1, seasons.shape[1]))
    if len(found) == 1:
        return found
    prior = np.full(seasons.shape[1], SEASON_PRIOR)
    for place in range(len(found)):
        mine = region == place
        if mine.any():
            solved = _poisson(made[:, mine].sum(axis=1), due[:, mine].sum(axis=1), seasons, prior, knots)
            found[place] = solved[: len(prior)]
    return found


def _weekdays(made: Floats, due: Floats, weekday: Whole) -> Floats:
    """(7, series) made over due, drawn towards 1 by as much as chance explains."""
    series = made.shape[1]
    factor = np.ones((7, series))
    spread = max(
        float((np.square(made - due)[due > 0] / due[due > 0]).mean()) if (due > 0).any() else 1.0, 1.0
    )
    for day in range(7):
        inside = weekday == day
        top, bottom = made[inside].sum(axis=0), due[inside].sum(axis=0)
        seen = bottom > 0
        if seen.sum() < 3:
            continue
        ratio, noise = top[seen] / bottom[seen], spread / bottom[seen]
        between = max(float(np.average(np.square(ratio - 1) - noise, weights=bottom[seen])), 1e-6)
        factor[day, seen] = 1 + (ratio - 1) * between / (between + noise)
    return factor
