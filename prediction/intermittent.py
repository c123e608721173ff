"""Slow demand, all series at once: its classes, and the forecasts of Croston, SBA, TSB, SES, means, ADIDA, IMAPA.

Every method takes demand (periods, series), oldest first, and gives the expected demand of one period (series,).
NaN is not known: such periods are taken out of their series, so the rest moves up to the newest end. A series
without a known period gives NaN, one that never had a demand gives 0.

Croston 1972; Syntetos & Boylan 2005 (SBA); Teunter, Syntetos & Babai 2011 (TSB); Nikolopoulos et al. 2011 (ADIDA);
Petropoulos & Kourentzes 2015 (IMAPA).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prediction.history import Floats, Whole, as_table

NEVER, SMOOTH, ERRATIC, INTERMITTENT, LUMPY = range(5)
ADI_CUT, CV2_CUT = 1.32, 0.49
ALPHAS = (0.10, 0.15, 0.20, 0.25, 0.30)
"""Smoothing constants that an optimised SES may choose from: slower or faster than these is noise with slow demand."""
FEWEST_BUCKETS = 4


class Pattern(NamedTuple):
    """Per series: mean interval between demands in periods, squared variation of their sizes, and the class."""

    interval: Floats
    variation: Floats
    kind: NDArray[np.int8]


def classify(demand: Any) -> Pattern:
    """Classes of Syntetos and Boylan. NaN interval and variation, class NEVER, for a series without demand."""
    table = as_table(demand)
    hits = table > 0
    count = hits.sum(axis=0)
    sizes = np.where(hits, table, 0.0)
    known = (~np.isnan(table)).sum(axis=0)
    unset = np.full(len(count), np.nan)
    interval = np.divide(known, count, out=unset.copy(), where=count > 0)
    size = sizes.sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(hits, sizes / np.where(size > 0, size, 1.0) - 1.0, 0.0) ** 2).sum(axis=0)
    variation = np.divide(squares, count, out=unset, where=count > 0)
    kind = SMOOTH + 2 * (interval >= ADI_CUT) + (variation >= CV2_CUT)
    return Pattern(interval, variation, np.where(count > 0, kind, NEVER).astype(np.int8))


class Aligned(NamedTuple):
    """Known periods at the newest end. `values` is 0 before `start`, the first known period of each series."""

    values: Floats
    start: Whole

    @property
    def known(self) -> Whole:
        return len(self.values) - self.start


def align(demand: Floats) -> Aligned:
    """Takes unknown periods out of every series."""
    table = as_table(demand)
    unknown = np.isnan(table)
    if not unknown.any():
        return Aligned(table, np.zeros(table.shape[1], np.int64))
    order = np.argsort(~unknown, axis=0, kind="stable")
    values = np.nan_to_num(np.take_along_axis(table, order, axis=0))
    return Aligned(values, unknown.sum(axis=0))


def _unknown(rate: Floats, series: Aligned) -> Floats:
    return np.where(series.known > 0, rate, np.nan)


def _size_and_interval(series: Aligned, alpha: float) -> tuple[Floats, Floats]:
    """Smoothed demand sizes and intervals; 0 and 1 for a series without demand."""
    count = series.values.shape[1]
    size, interval, seen = np.zeros(count), np.ones(count), np.zeros(count, bool)
    waited = -series.start.astype(np.float64)
    for row in series.values:
        waited += 1
        hit = np.flatnonzero(row)
        weight = np.where(seen[hit], alpha, 1.0)
        size[hit] += weight * (row[hit] - size[hit])
        interval[hit] += weight * (waited[hit] - interval[hit])
        waited[hit] = 0
        seen[hit] = True
    return size, interval


def croston(demand: Floats, alpha: float = 0.1) -> Floats:
    """Smoothed size over smoothed interval. Biased upwards: SBA is the better one."""
    series = align(demand)
    size, interval = _size_and_interval(series, alpha)
    return _unknown(size / interval, series)


def sba(demand: Floats, alpha: float = 0.1) -> Floats:
    """Croston with the correction of Syntetos and Boylan. Keeps its level for ever when demand stops."""
    return (1 - alpha / 2) * croston(demand, alpha)


def tsb(demand: Floats, alpha: float = 0.1, beta: float = 0.05) -> Floats:
    """Smoothed size times smoothed probability: decays when demand stops, so it fits ageing parts."""
    series = align(demand)
    count = series.values.shape[1]
    size, chance, seen = np.zeros(count), np.zeros(count), np.zeros(count, bool)
    for period, row in enumerate(series.values):
        hit = np.flatnonzero(row)
        chance *= 1 - beta
        chance[hit] += np.where(series.start[hit] == period, 1.0, beta)
        size[hit] += np.where(seen[hit], alpha, 1.0) * (row[hit] - size[hit])
        seen[hit] = True
    return _unknown(size * chance, series)


def ses(demand: Floats, alpha: float = 0.1) -> Floats:
    """Simple exponential smoothing, started at the first known period."""
    return _smoothed(align(demand), alpha)[0]


def _smoothed(series: Aligned, alpha: float) -> tuple[Floats, Floats]:
    """The level after the last period and the sum of squared one-step errors."""
    level = np.zeros(series.values.shape[1])
    squares = np.zeros_like(level)
    last_start = int(series.start.max(initial=0))
    for period, row in enumerate(series.values):
        error = row - level
        if period <= last_start:
            error[series.start > period] = 0.0
            first = series.start == period
            level[first] = row[first]
            error[first] = 0.0
        level += alpha * error
        squares += error * error
    return _unknown(level, series), squares


def _best_smoothed(series: Aligned) -> Floats:
    """SES with the smoothing constant that served each series best so far."""
    best, least = _smoothed(series, ALPHAS[0])
    for alpha in ALPHAS[1:]:
        level, squares = _smoothed(series, alpha)
        better = squares < least
        best, least = np.where(better, level, best), np.where(better, squares, least)
    return best


def ses_optimised(demand: Floats) -> Floats:
    """SES, the smoothing constant of each series chosen in 0.1 … 0.3 by its own squared errors."""
    return _best_smoothed(align(demand))


def mean(demand: Floats) -> Floats:
    """Mean of all known periods."""
    return moving_average(demand, len(demand))


def moving_average(demand: Floats, window: int = 26) -> Floats:
    """Mean of the newest `window` known periods."""
    series = align(demand)
    periods = np.minimum(series.known, window)
    total = series.values[-window:].sum(axis=0) if window else np.zeros(series.values.shape[1])
    return _unknown(total / np.maximum(periods, 1), series)


def _mean_interval(series: Aligned) -> Whole:
    """Periods from one demand to the next, rounded; bounded so that some buckets are left to smooth."""
    hits = series.values > 0
    count = hits.sum(axis=0)
    last = np.where(hits, np.arange(1, len(hits) + 1)[:, None], 0).max(axis=0, initial=0)
    interval = np.round((last - series.start) / np.maximum(count, 1)).astype(np.int64)
    return np.where(count > 0, np.clip(interval, 1, np.maximum(series.known // FEWEST_BUCKETS, 1)), 1)


def _in_buckets(series: Aligned, size: int) -> Aligned:
    """Sums over buckets of `size` periods, counted back from the newest; a bucket known in part is left out."""
    periods, count = series.values.shape
    buckets = periods // size
    cut = periods - buckets * size
    sums = series.values[cut:].reshape(buckets, size, count).sum(axis=1)
    start = np.maximum(-(-(series.start - cut) // size), 0)
    sums[np.arange(buckets)[:, None] < start] = 0.0
    return Aligned(sums, start)


def _picked(series: Aligned, which: Whole) -> Aligned:
    return Aligned(series.values[:, which], series.start[which])


def adida(demand: Floats) -> Floats:
    """SES on buckets as long as the mean interval between demands, spread evenly over their periods."""
    series = align(demand)
    interval = _mean_interval(series)
    rate = np.zeros(len(interval))
    for size in np.unique(interval):
        which = np.flatnonzero(interval == size)
        rate[which] = _best_smoothed(_in_buckets(_picked(series, which), int(size))) / size
    return _unknown(rate, series)


def imapa(demand: Floats) -> Floats:
    """Mean of the forecasts by SES at every bucket size from 1 to the mean interval between demands."""
    series = align(demand)
    interval = _mean_interval(series)
    total = np.zeros(len(interval))
    for size in range(1, int(interval.max(initial=0)) + 1):
        which = np.flatnonzero(interval >= size)
        total[which] += _best_smoothed(_in_buckets(_picked(series, which), size)) / size
    return _unknown(total / interval, series)


METHODS: dict[str, Callable[[Floats], Floats]] = {
    "mean": mean,
    "moving_average": moving_average,
    "ses": ses,
    "sba": sba,
    "tsb": tsb,
    "adida": adida,
    "imapa": imapa,
}
"""What a class of parts may be forecast with; the shortest explanation first."""
