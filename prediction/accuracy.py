"""How good forecasts were. All measures take what happened and what was foretold in the same shape.

RMSSE, MASE: Hyndman & Koehler 2006, scaled by the one-step naive errors of the history. The mean over series weighs
every series alike. WAPE and bias are sums over sums; bias is positive where too much was foretold.
"""

from __future__ import annotations

import numpy as np

from prediction.history import Flags, Floats


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")


def wape(actual: Floats, forecast: Floats) -> float:
    """Sum of absolute errors over the sum of what happened; NaN if nothing happened. Unknown pairs are left out."""
    known = ~(np.isnan(actual) | np.isnan(forecast))
    return _ratio(float(np.abs(actual - forecast)[known].sum()), float(np.abs(actual[known]).sum()))


def bias(actual: Floats, forecast: Floats) -> float:
    """Sum of forecast minus actual over the sum of actual."""
    known = ~(np.isnan(actual) | np.isnan(forecast))
    return _ratio(float((forecast - actual)[known].sum()), float(actual[known].sum()))


def naive_scale(history: Floats, power: int) -> Floats:
    """Mean one-step change of each series of (periods, series), absolute (power 1) or squared (2); NaN if constant."""
    change = np.abs(np.diff(history, axis=0)) ** power
    known = ~np.isnan(change)
    total = np.where(known, change, 0.0).sum(axis=0)
    scale: Floats = np.divide(total, known.sum(axis=0), out=np.full(len(total), np.nan), where=total > 0)
    return scale


def rmsse(history: Floats, actual: Floats, forecast: Floats) -> Floats:
    """Root mean squared scaled error of each series; NaN where the history never changes."""
    squares: Floats = np.square(actual - forecast).mean(axis=0)
    return np.sqrt(squares / naive_scale(history, 2))


def mase(history: Floats, actual: Floats, forecast: Floats) -> Floats:
    """Mean absolute scaled error of each series; NaN where the history never changes."""
    errors: Floats = np.abs(actual - forecast).mean(axis=0)
    return errors / naive_scale(history, 1)


def mean_known(values: Floats) -> float:
    """Mean without the unknown; NaN if all are."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of what happened that lies in its interval, bounds included."""
    known = ~(np.isnan(actual) | np.isnan(low) | np.isnan(high))
    inside: Flags = (actual >= low) & (actual <= high)
    return _ratio(float(inside[known].sum()), float(known.sum()))


def pinball(actual: Floats, quantile: Floats, probability: float) -> Floats:
    """Loss of a quantile forecast, element by element."""
    over = actual - quantile
    return np.maximum(probability * over, (probability - 1) * over)
