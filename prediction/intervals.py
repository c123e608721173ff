"""How far from its forecast a day may fall, learnt from how far it fell when the past was foretold.

The variance of an error is a x forecast + b x forecast^2 (chance, and a level that is off), wider for later weeks and
around Spring Festival, and wider for series that were always harder. What remains, errors over their spread, gives the
quantiles themselves: no distribution is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from prediction.history import Flags, Floats

LEVELS = (0.025, 0.1, 0.9, 0.975)
WEEK = 7
OWN_DAYS = 10.0
"""Days of errors at which a series' own spread weighs as much as that of all."""
FESTIVAL_PRIOR, FESTIVAL_DAYS = 3.0, 20.0
"""Variance around the festival over that of other days, until some days of it were seen."""
LEAST = 1e-9


@dataclass(frozen=True)
class Errors:
    """Forecasts and what happened, (origins, ahead, series); NaN where nothing did."""

    forecast: Floats
    actual: Floats
    festival: Flags
    """(origins, ahead)"""

    def of(self, origins: Flags) -> Errors:
        return Errors(self.forecast[origins], self.actual[origins], self.festival[origins])


@dataclass(frozen=True)
class Spread:
    """How errors of one level and series spread."""

    chance: float
    level: float
    weeks: Floats
    festival: float
    own: Floats
    """(series,)"""
    quantiles: Floats
    """of errors over their spread, at LEVELS"""

    def limits(self, forecast: Floats, festival: Flags) -> Floats:
        """(4, ahead, series): lower 95 %, lower 80 %, upper 80 %, upper 95 %; never below 0, never past the forecast."""
        deviation = np.sqrt(self.variance(forecast, festival))
        found = forecast + self.quantiles[:, None, None] * deviation
        found[:2] = np.clip(found[:2], 0.0, forecast)
        found[2:] = np.maximum(found[2:], forecast)
        return found

    def variance(self, forecast: Floats, festival: Flags) -> Floats:
        """(ahead, series)"""
        days = self.weeks[np.minimum(np.arange(len(forecast)) // WEEK, len(self.weeks) - 1)]
        days = days * np.where(festival, self.festival, 1.0)
        plain = self.chance * forecast + self.level * np.square(forecast)
        return np.asarray(plain * days[:, None] * self.own, np.float64)


def learn(errors: Errors) -> Spread:
    """The spread of errors. With few origins the quantiles are those of Student's t beyond a normal's: they know less."""
    known = ~np.isnan(errors.actual) & (errors.forecast > 0)
    forecast = np.where(known, errors.forecast, 0.0)
    square = np.where(known, np.square(np.nan_to_num(errors.actual) - forecast), 0.0)
    usual = known & ~errors.festival[:, :, None]
    chance, level = _two_parts(forecast[usual], square[usual])
    plain = np.maximum(chance * forecast + level * np.square(forecast), LEAST)
    z2 = np.where(known, square / plain, 0.0)
    weeks = _by_week(z2, usual)
    days = weeks[np.minimum(np.arange(forecast.shape[1]) // WEEK, len(weeks) - 1)]
    z2 = z2 / days[None, :, None]
    around = known & errors.festival[:, :, None]
    seen = around.sum() / max(forecast.shape[2], 1)
    festival = (z2[around].sum() / max(forecast.shape[2], 1) + FESTIVAL_DAYS * FESTIVAL_PRIOR) / (
        seen + FESTIVAL_DAYS
    )
    festival = max(float(festival), 1.0)
    z2 = np.where(around, z2 / festival, z2)
    own = (z2.sum(axis=(0, 1)) + OWN_DAYS) / (known.sum(axis=(0, 1)) + OWN_DAYS)
    sign = np.sign(np.nan_to_num(errors.actual) - forecast)
    z = (sign * np.sqrt(z2 / own))[known]
    quantiles = np.quantile(z, LEVELS) if z.size else stats.norm.ppf(LEVELS)
    freedom = max(len(errors.forecast) - 1, 1)
    widened = (
        quantiles * stats.t.ppf(LEVELS, freedom) / stats.norm.ppf(LEVELS) if _few(forecast) else quantiles
    )
    return Spread(chance, level, weeks, festival, own, widened)


def _few(forecast: Floats) -> bool:
    """Whether so few series go together that the origins, not the series, count as evidence."""
    return bool(forecast.shape[2] < 30)


def _two_parts(forecast: Floats, square: Floats) -> tuple[float, float]:
    """a and b of a x f + b x f^2, both at least 0, each day weighing alike relative to its size."""
    seen = forecast > 0
    if not seen.any():
        return 1.0, 0.0
    f, y = forecast[seen], square[seen]
    usual = np.maximum(f, f.mean() * 0.05)
    x = np.column_stack([f / usual, np.square(f) / usual])
    table, right = x.T @ x, x.T @ (y / usual)
    a, b = np.linalg.lstsq(table, right, rcond=None)[0]
    if a < 0:
        a, b = 0.0, float(right[1] / max(table[1, 1], LEAST))
    if b < 0:
        a, b = float(right[0] / max(table[0, 0], LEAST)), 0.0
    return max(float(a), LEAST), max(float(b), 0.0)


def _by_week(z2: Floats, usual: Flags) -> Floats:
    """How the spread grows with the weeks ahead, mean about 1, never falling."""
    ahead = z2.shape[1]
    weeks = np.ones(-(-ahead // WEEK))
    for week in range(len(weeks)):
        days = slice(week * WEEK, (week + 1) * WEEK)
        count = usual[:, days].sum()
        if count:
            weeks[week] = z2[:, days][usual[:, days]].sum() / count
    return np.maximum.accumulate(np.maximum(weeks, 0.1))


def held(errors: Errors) -> tuple[Floats, Floats]:
    """Whether each day lay inside its 80 % and its 95 % interval, learnt from the other origins; NaN where unknown."""
    inside = np.full((2, *errors.actual.shape), np.nan)
    for origin in range(len(errors.actual)):
        others = np.arange(len(errors.actual)) != origin
        spread = learn(errors.of(others))
        limits = spread.limits(errors.forecast[origin], errors.festival[origin])
        actual = errors.actual[origin]
        known = ~np.isnan(actual) & (errors.forecast[origin] > 0)
        for place, (low, high) in enumerate(((1, 2), (0, 3))):
            within = (actual >= limits[low]) & (actual <= limits[high])
            inside[place, origin] = np.where(known, within, np.nan)
    return inside[0], inside[1]
