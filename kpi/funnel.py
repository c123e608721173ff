"""Units of different size against one target: funnel plots, over-dispersion and the false-discovery rate.

Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24, and Spiegelhalter
et al. 2012, "Statistical methods for healthcare regulation", JRSS A 175. Arrays have the shape (units,) unless said
otherwise; a unit without cases is NaN everywhere and outside nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrik, betainc, gammainc, gammaincc, ndtr, ndtri, pdtrik

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WARNING_TAIL = 0.025
"""On each side of the 95 % limits."""
ALARM_TAIL = 0.001
"""On each side of the 99.8 % limits; only units beyond these are called different."""
WINSORISE = 0.1
FALSE_DISCOVERIES = 0.05


class Spread(StrEnum):
    """How real differences between units widen the funnel."""

    NONE = "none"
    MULTIPLICATIVE = "multiplicative"  # every deviate divided by the root of phi
    ADDITIVE = "additive"  # a variance tau2 between units is added to each unit's own


class Limits(NamedTuple):
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Funnel:
    """`deviate`: by how many standard deviations of pure chance a unit lies beside its target, exact in the tails.

    `widening` (>= 1) is the factor by which the spread between units widens each unit's limits; `phi` is the dispersion
    ratio (1: pure chance), `tau2` the variance between units in squared units of the value.
    """

    value: Floats
    target: Floats
    deviate: Floats
    widening: Floats
    phi: float
    tau2: float

    @property
    def adjusted(self) -> Floats:
        return self.deviate / self.widening

    @property
    def p(self) -> Floats:
        """Two-sided probability of lying this far out by chance and ordinary spread."""
        found: Floats = 2 * ndtr(-np.abs(self.adjusted))
        return found

    def outside(self, tail: float = ALARM_TAIL) -> Bools:
        """Beyond the limits of this tail."""
        found: Bools = np.abs(self.adjusted) > -ndtri(tail)
        return found

    def discoveries(self, rate: float = FALSE_DISCOVERIES) -> Bools:
        """Units that differ, at most this share of them by chance."""
        return benjamini_hochberg(self.p) <= rate


def proportions(
    successes: ArrayLike, trials: ArrayLike, target: ArrayLike | None = None, spread: Spread = Spread.ADDITIVE
) -> Funnel:
    """Shares of successes around `target`, by default all successes over all trials; () or (units,)."""
    hits, n = _known(successes, trials)
    centre = _target(hits, n, target)
    deviate = _deviate(_at_most(hits, n, centre), _at_most(n - hits, n, 1 - centre))
    return _funnel(hits / n, centre, np.sqrt(centre * (1 - centre) / n), deviate, spread)


def ratios(
    observed: ArrayLike,
    expected: ArrayLike,
    target: ArrayLike | None = None,
    spread: Spread = Spread.ADDITIVE,
) -> Funnel:
    """Observed over expected events (indirect standardisation), or events over exposure, around `target`.

    `target` is by default all observed over all expected.
    """
    events, exposure = _known(observed, expected)
    centre = _target(events, exposure, target)
    mean = centre * exposure
    deviate = _deviate(gammaincc(events + 1, mean), _at_least(events, mean))
    return _funnel(events / exposure, centre, np.sqrt(centre / exposure), deviate, spread)


def means(
    values: ArrayLike, errors: ArrayLike, target: ArrayLike | None = None, spread: Spread = Spread.ADDITIVE
) -> Funnel:
    """Means with standard errors around `target`, by default their mean weighted by precision."""
    value, error = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    error = np.where(error > 0, error, np.nan)
    centre = _target(value / error**2, np.where(np.isnan(value), np.nan, 1 / error**2), target)
    return _funnel(value, centre, error, (value - centre) / error, spread)


def _known(tops: ArrayLike, bottoms: ArrayLike) -> tuple[Floats, Floats]:
    top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    return top, np.where(bottom > 0, bottom, np.nan)


def _target(top: Floats, bottom: Floats, target: ArrayLike | None) -> Floats:
    if target is not None:
        return np.broadcast_to(np.asarray(target, dtype=np.float64), top.shape)
    known = ~np.isnan(top + bottom)
    whole = bottom[known].sum()
    return np.full(top.shape, top[known].sum() / whole if whole else np.nan)


def _deviate(below: Floats, above: Floats) -> Floats:
    """From the two exact tail probabilities, each including the count itself; 0 in the middle of the distribution."""
    tail = np.minimum(below, above)
    size = np.maximum(-ndtri(np.clip(tail, 1e-300, 1)), 0.0)
    found: Floats = np.where(below < above, -size, size)
    return found


def _funnel(value: Floats, target: Floats, error: Floats, deviate: Floats, spread: Spread) -> Funnel:
    known = np.where(error > 0, error, np.nan)  # without cases there is no chance to measure by
    phi = dispersion((value - target) / known)
    tau2 = between_variance(phi, error[~np.isnan(value)])
    one = np.ones_like(value)
    widening = {
        Spread.NONE: one,
        Spread.MULTIPLICATIVE: one * np.sqrt(max(phi, 1.0)),
        Spread.ADDITIVE: np.sqrt(1 + tau2 / known**2),
    }[spread]
    return Funnel(value, target, np.where(np.isnan(value), np.nan, deviate), widening, phi, tau2)


def dispersion(deviates: ArrayLike, winsorise: float = WINSORISE, *, consistent: bool = True) -> float:
    """Phi: the mean square of the deviates, the outer ones pulled in so that outliers do not hide themselves; 1 if none.

    Winsorising alone makes pure chance look calm (0.68 at 10 %); `consistent` divides by that. Published: not divided.
    """
    z = np.asarray(deviates, dtype=np.float64)
    z = z[np.isfinite(z)]
    if not len(z):
        return 1.0
    if winsorise:
        z = np.clip(z, *np.quantile(z, [winsorise, 1 - winsorise]))
    return float(np.mean(z**2) / (_winsorised_normal(winsorise) if consistent else 1.0))


def _winsorised_normal(share: float) -> float:
    """Mean square of a standard normal whose tails of this share are pulled in."""
    if not share:
        return 1.0
    q = float(-ndtri(share))
    return float(1 - 2 * share - 2 * q * np.exp(-q * q / 2) / np.sqrt(2 * np.pi) + 2 * share * q * q)


def between_variance(phi: float, errors: ArrayLike) -> float:
    """Tau2, the variance between units, from phi and the units' standard errors (DerSimonian-Laird, winsorised)."""
    sizes = np.asarray(errors, dtype=np.float64)
    w = sizes[np.isfinite(sizes) & (sizes > 0)] ** -2.0
    if len(w) < 2:
        return 0.0
    free = w.sum() - (w**2).sum() / w.sum()
    return float(max(0.0, (len(w) * phi - (len(w) - 1)) / free))


def benjamini_hochberg(p: ArrayLike, axis: int | None = -1) -> Floats:
    """Adjusted p-values: calling all at or below q different makes at most a share q of the calls false.

    NaN stays NaN and counts as no test. `axis` None pools everything, as for a board of several metrics.
    """
    given = np.asarray(p, dtype=np.float64)
    known = ~np.isnan(given)
    table = np.where(known, given, np.inf)
    if axis is None:
        return benjamini_hochberg(given.ravel()).reshape(given.shape)
    tests = known.sum(axis=axis, keepdims=True)
    order = np.argsort(table, axis=axis)
    ranked = np.take_along_axis(table, order, axis)
    shape = [1] * given.ndim
    shape[axis] = -1
    place = np.arange(1, given.shape[axis] + 1, dtype=np.float64).reshape(shape)
    steps = np.flip(np.minimum.accumulate(np.flip(ranked * tests / place, axis), axis), axis)
    adjusted = np.empty_like(table)
    np.put_along_axis(adjusted, order, np.minimum(steps, 1.0), axis)
    return np.where(known, adjusted, np.nan)


def proportion_limits(
    target: ArrayLike, trials: ArrayLike, tail: ArrayLike, *, published: bool = False
) -> Limits:
    """Interpolated binomial limits for drawing; a unit is beyond one exactly if its exact tail is below `tail`.

    Spiegelhalter 2005, A.1.1, interpolates within the jump below each quantile; at the upper limit that flags up to
    (1 in 24 instead of 1 in 1000 at 30 trials and 90 %) far more than `tail`. There the mirror image of the lower limit
    is used instead (method 1 of Manktelow & Seaton 2012, PLoS ONE 7), one count higher. `published`: his own formula.
    """
    p0, n, q = (np.asarray(array, dtype=np.float64) for array in (target, trials, tail))
    low = _binomial_count(q, n, p0)
    high = n - _binomial_count(q, n, 1 - p0) - published
    return Limits(np.clip(low / n, 0, 1), np.clip(high / n, 0, 1))


def ratio_limits(expected: ArrayLike, tail: ArrayLike, *, published: bool = False) -> Limits:
    """Interpolated Poisson limits of observed over expected, as `proportion_limits`."""
    mean, q = np.asarray(expected, dtype=np.float64), np.asarray(tail, dtype=np.float64)
    low = _interpolated(np.ceil(pdtrik(q, mean)), lambda count: gammaincc(count + 1, mean), q)
    top = np.ceil(pdtrik(1 - q, mean))  # the largest count that is reached with at least this probability
    top = np.where(_at_least(top, mean) < q, top - 1, top)
    reached = _at_least(top, mean)
    share = (reached - q) / (reached - _at_least(top + 1, mean))
    return Limits(np.maximum(low / mean, 0), (top + share - published) / mean)


def _binomial_count(tail: Floats, n: Floats, share: Floats) -> Floats:
    guess = np.where((share > 0) & (share < 1), bdtrik(tail, n, np.clip(share, 1e-12, 1 - 1e-12)), n * share)
    return _interpolated(np.ceil(guess), lambda count: _at_most(count, n, share), tail)


def _interpolated(count: Floats, upto: Callable[[Floats], Floats], tail: Floats) -> Floats:
    """The quantile, between the counts that enclose it; `count` may be one too high."""
    count = np.where((count > 0) & (upto(count - 1) >= tail), count - 1, count)
    below = np.where(count > 0, upto(count - 1), 0.0)
    found: Floats = count - (upto(count) - tail) / (upto(count) - below)
    return found


# Of scipy.special, as scipy.stats takes a second to arrive and every start would wait for it.


def _at_most(count: Floats, n: Floats, share: Floats) -> Floats:
    """Binomial P(X <= count)."""
    found: Floats = np.where(count < n, betainc(np.maximum(n - count, 1e-9), count + 1, 1 - share), 1.0)
    return found


def _at_least(count: Floats, mean: Floats) -> Floats:
    """Poisson P(X >= count)."""
    found: Floats = np.where(count > 0, gammainc(np.maximum(count, 1e-9), mean), 1.0)
    return found


def widened_tail(tail: float, widening: ArrayLike) -> Floats:
    """The tail of pure chance at which a limit must be drawn so that `Funnel.outside(tail)` agrees with it."""
    found: Floats = ndtr(ndtri(tail) * np.asarray(widening, dtype=np.float64))
    return found
