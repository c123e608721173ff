"""Models of a daily series, all series of a table at once: what each says of the days to come.

Counts are (days, series), oldest first, NaN on days that tell nothing; `shape` (days + ahead, series) is what the
calendar makes of each day, 0 where the store is shut. Every model answers with (ahead, series).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from prediction.history import Floats

WEEK = 7
MEAN_DAYS = 56
ALPHAS = (0.01, 0.02, 0.04, 0.07, 0.1, 0.15)
WARM_UP = 28
DAMPING = 0.98
STATE_SPACE_DAYS = 364

Model = Callable[[Floats, Floats], Floats]


def seasonal_naive(counts: Floats, shape: Floats) -> Floats:
    """The same weekday of the last week; of an earlier one where the store was shut."""
    weeks = _last_weeks(counts, 4)
    found = weeks[-1]
    for earlier in weeks[-2::-1]:
        found = np.where(np.isnan(found), earlier, found)
    return _repeated(np.nan_to_num(found), shape, len(counts))


def weekday_mean(counts: Floats, shape: Floats) -> Floats:
    """The mean of the same weekday in the last eight weeks."""
    weeks = _last_weeks(counts, 8)
    known = ~np.isnan(weeks)
    sums = np.where(known, weeks, 0.0).sum(axis=0)
    return _repeated(sums / np.maximum(known.sum(axis=0), 1), shape, len(counts))


def _last_weeks(counts: Floats, weeks: int) -> Floats:
    """(weeks, 7, series)"""
    lacking = max(weeks * WEEK - len(counts), 0)
    padded = np.vstack([np.full((lacking, counts.shape[1]), np.nan), counts])
    return padded[len(padded) - weeks * WEEK :].reshape(weeks, WEEK, -1)


def _repeated(week: Floats, shape: Floats, days: int) -> Floats:
    ahead = len(shape) - days
    found: Floats = np.tile(week, (-(-ahead // WEEK), 1))[:ahead]
    return np.where(shape[days:] > 0, found, 0.0)


def profile_mean(counts: Floats, shape: Floats) -> Floats:
    """The calendar's shape at the level of the last eight weeks."""
    recent, due = counts[-MEAN_DAYS:], shape[: len(counts)][-MEAN_DAYS:]
    known = ~np.isnan(recent) & (due > 0)
    below = np.where(known, due, 0.0).sum(axis=0)
    level = np.divide(
        np.where(known, recent, 0.0).sum(axis=0), below, out=np.zeros(len(below)), where=below > 0
    )
    found: Floats = level * shape[len(counts) :]
    return found


def profile_ets(counts: Floats, shape: Floats) -> Floats:
    """The calendar's shape at a level by ETS(A,N,N), with one smoothing constant for all series of the table."""
    best: tuple[float, Floats] | None = None
    ahead, counts, shape = shape[len(counts) :], *_recent(counts, shape)
    for alpha in ALPHAS:
        level, loss = _smoothed(counts, shape, alpha)
        if best is None or loss < best[0]:
            best = loss, level
    assert best is not None
    return best[1] * ahead


def profile_trend(counts: Floats, shape: Floats) -> Floats:
    """The calendar's shape at a smoothed level that goes on rising or falling, ever more slowly, as Theta's would."""
    recent = _recent(counts, shape)
    fast, _ = _smoothed(*recent, 0.05)
    slow, _ = _smoothed(*recent, 0.025)
    # With a steady slope b, smoothing lags behind by b (1 - alpha) / alpha: two of them tell the slope.
    slope = (fast - slow) / ((1 - 0.025) / 0.025 - (1 - 0.05) / 0.05)
    ahead = np.arange(1, len(shape) - len(counts) + 1)
    grown = np.cumsum(DAMPING**ahead)[:, None] * slope * 0.5
    found: Floats = np.maximum(fast + grown, 0.0) * shape[len(counts) :]
    return found


def _recent(counts: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """The days that a level can still remember."""
    return counts[-STATE_SPACE_DAYS:], shape[: len(counts)][-STATE_SPACE_DAYS:]


def _smoothed(counts: Floats, shape: Floats, alpha: float) -> tuple[Floats, float]:
    """The level of each series after its last day, and the loss of its one-day forecasts.

    A day weighs as much as it is worth: what happens on a quiet day says little of the level.
    """
    known = ~np.isnan(counts) & (shape[: len(counts)] > 0)
    value = np.where(known, counts, 0.0)
    worth = np.where(known, shape[: len(counts)], 0.0)
    warm = min(WARM_UP, len(counts))
    level = _first(value, worth, warm)
    loss = total = 0.0
    for day in range(len(counts)):
        error = value[day] - level * worth[day]
        if day >= warm:
            loss += float(np.square(error).sum())
            total += 1
        level = level + alpha * error / np.maximum(worth[day], 1.0) * known[day]
    return np.maximum(level, 0.0), loss / max(total, 1.0)


def _first(value: Floats, worth: Floats, warm: int) -> Floats:
    below = worth[:warm].sum(axis=0)
    found: Floats = np.divide(value[:warm].sum(axis=0), below, out=np.zeros(len(below)), where=below > 0)
    return found


def ets_weekly(counts: Floats, shape: Floats) -> Floats:
    """ETS(A,N,A) of a week, which knows no holidays."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    def one(series: Floats, ahead: int) -> Floats:
        fitted = ETSModel(series, error="add", seasonal="add", seasonal_periods=WEEK).fit(
            disp=False, maxiter=50
        )
        return np.asarray(fitted.forecast(ahead), np.float64)

    return _each(one, counts, shape)


def theta(counts: Floats, shape: Floats) -> Floats:
    """Theta with a week's season (Assimakopoulos & Nikolopoulos 2000), which knows no holidays."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    def one(series: Floats, ahead: int) -> Floats:
        fitted = ThetaModel(series, period=WEEK, deseasonalize=True, method="additive").fit()
        return np.asarray(fitted.forecast(ahead), np.float64)

    return _each(one, counts, shape)


def _each(one: Callable[[Floats, int], Floats], counts: Floats, shape: Floats) -> Floats:
    """A model of single series; NaN where it cannot be fitted, so that it is not chosen."""
    ahead = len(shape) - len(counts)
    found = np.full((ahead, counts.shape[1]), np.nan)
    recent = counts[-STATE_SPACE_DAYS:]
    for series in range(counts.shape[1]):
        values = recent[:, series]
        known = np.flatnonzero(~np.isnan(values))
        if len(known) < 4 * WEEK or np.ptp(values[known]) == 0:
            continue
        whole = np.interp(np.arange(len(values)), known, values[known])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found[:, series] = one(whole, ahead)
            except (ValueError, np.linalg.LinAlgError, FloatingPointError):
                continue
    return np.where(shape[len(counts) :] > 0, np.maximum(found, 0.0), 0.0)


MODELS: dict[str, Model] = {
    "seasonal_naive": seasonal_naive,
    "weekday_mean": weekday_mean,
    "profile_mean": profile_mean,
    "profile_ets": profile_ets,
    "profile_trend": profile_trend,
}
"""What every level may be foretold with."""
SINGLE: dict[str, Model] = {"ets_weekly": ets_weekly, "theta": theta}
"""Too slow for hundreds of series: for regions and the network."""
