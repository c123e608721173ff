"""Shrunken estimates: what is known of each unit's true value, given how much units really differ.

Empirical Bayes (Morris 1983; Skellam 1948 for proportions): the spread between units is estimated by maximum likelihood
from all of them, or from each peer group, and every unit is drawn towards the mean by as much as its own sample leaves
open. Arrays have the shape (units,) unless said otherwise; a unit without a sample is NaN everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv, betaln, digamma, gammainc, gammaincinv, gammaln, ndtr, ndtri

Floats = NDArray[np.float64]
Scores = NDArray[np.float32]

MIN_PEERS = 12
"""A smaller peer group borrows the spread of all units."""
LARGEST_SAMPLE = 1e6
"""Prior sample at which units are the same for every purpose."""
NUDGE = 1e-5
EXACT_SHAPE = 8.0
"""From this shape on, draws of a Beta or Gamma are transformed normal draws: within 1.5 % of a standard deviation."""


class Posterior(Protocol):
    """What is known of each unit's true value."""

    @property
    def mean(self) -> Floats: ...
    @property
    def sd(self) -> Floats: ...
    def below(self, limit: ArrayLike) -> Floats:
        """P(true value < limit)."""

    def quantile(self, q: float) -> Floats: ...
    def scores(self, rng: np.random.Generator, draws: int) -> Scores:
        """(draws, units) on a scale that rises with the true value: fit for ranking."""


@dataclass(frozen=True)
class Beta:
    """Of a proportion."""

    a: Floats
    b: Floats

    @property
    def mean(self) -> Floats:
        return self.a / (self.a + self.b)

    @property
    def sd(self) -> Floats:
        found: Floats = np.sqrt(self.mean * (1 - self.mean) / (self.a + self.b + 1))
        return found

    def below(self, limit: ArrayLike) -> Floats:
        found: Floats = betainc(self.a, self.b, np.clip(limit, 0, 1))
        return found

    def quantile(self, q: float) -> Floats:
        found: Floats = betaincinv(self.a, self.b, q)
        return found

    def scores(self, rng: np.random.Generator, draws: int) -> Scores:
        """The logit, by Carter's approximation of the beta quantile (Abramowitz & Stegun 26.5.22)."""
        a, b = self.a.astype(np.float32), self.b.astype(np.float32)
        p, q = 1 / (2 * a - 1), 1 / (2 * b - 1)
        h = 2 / (p + q)
        z = _deviates(rng, draws, len(a))
        third = (z * z - 3) / 6
        with np.errstate(invalid="ignore"):  # small shapes are replaced below
            found: Scores = np.log(a / b) + 2 * (
                z * np.sqrt(h + third) / h + (q - p) * (third + 5 / 6 - 2 / (3 * h))
            )
        for unit in np.flatnonzero(np.minimum(self.a, self.b) < EXACT_SHAPE):
            shares = betaincinv(self.a[unit], self.b[unit], rng.permutation(_places(draws)))
            shares = np.clip(shares, 1e-300, 1 - 1e-16)
            found[:, unit] = np.log(shares / (1 - shares))
        return found


@dataclass(frozen=True)
class Gamma:
    """Of a rate: events per unit of exposure."""

    shape: Floats
    rate: Floats

    @property
    def mean(self) -> Floats:
        return self.shape / self.rate

    @property
    def sd(self) -> Floats:
        found: Floats = np.sqrt(self.shape) / self.rate
        return found

    def below(self, limit: ArrayLike) -> Floats:
        found: Floats = gammainc(self.shape, np.maximum(limit, 0) * self.rate)
        return found

    def quantile(self, q: float) -> Floats:
        found: Floats = gammaincinv(self.shape, q) / self.rate
        return found

    def scores(self, rng: np.random.Generator, draws: int) -> Scores:
        """The cube root, by Wilson & Hilferty's approximation."""
        shape = self.shape.astype(np.float32)
        z = _deviates(rng, draws, len(shape))
        found: Scores = np.cbrt(self.mean).astype(np.float32) * (
            1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape))
        )
        for unit in np.flatnonzero(self.shape < EXACT_SHAPE):
            drawn = gammaincinv(self.shape[unit], rng.permutation(_places(draws)))
            found[:, unit] = np.cbrt(drawn / self.rate[unit])
        return found


@dataclass(frozen=True)
class Normal:
    """Of a mean with a standard error."""

    mean: Floats
    sd: Floats

    def below(self, limit: ArrayLike) -> Floats:
        found: Floats = ndtr((np.asarray(limit, dtype=np.float64) - self.mean) / np.maximum(self.sd, 1e-300))
        return found

    def quantile(self, q: float) -> Floats:
        found: Floats = self.mean + ndtri(q) * self.sd
        return found

    def scores(self, rng: np.random.Generator, draws: int) -> Scores:
        z = _deviates(rng, draws, len(self.mean))
        return self.mean.astype(np.float32) + z * self.sd.astype(np.float32)


def _places(draws: int) -> Floats:
    return (np.arange(draws) + 0.5) / draws


def _deviates(rng: np.random.Generator, draws: int, units: int) -> Scores:
    """(draws, units) normal deviates: each unit's lie one in each of as many equal parts of the distribution, in an order
    of its own (Latin hypercube; McKay, Beckman & Conover 1979). Of hundreds of units 200 of them tell where a rank's interval
    ends more surely than 1,000 drawn at random, of which chance leaves some parts empty; of a dozen about as surely.

    The order is that of random numbers which carry a part's place in their last bits: numpy sorts whole numbers several
    times faster than it shuffles row by row.
    """
    deviates = ndtri(_places(draws)).astype(np.float32)
    bits = (draws - 1).bit_length()
    order = rng.integers(0, 1 << (32 - bits), (units, draws), dtype=np.uint32) << np.uint32(bits)
    order |= np.arange(draws, dtype=np.uint32)
    order.sort(axis=1)
    found: Scores = deviates[order & np.uint32((1 << bits) - 1)].T
    return found


def flat_proportions(successes: ArrayLike, trials: ArrayLike) -> Beta:
    """Each unit for itself, Jeffreys prior; any shape."""
    hits, n = _sample(successes, trials)
    return Beta(hits + 0.5, np.maximum(n - hits, 0) + 0.5)


def flat_rates(events: ArrayLike, exposure: ArrayLike) -> Gamma:
    """Each unit for itself, Jeffreys prior; any shape."""
    count, time = _sample(events, exposure)
    return Gamma(count + 0.5, time)


def shrink_proportions(successes: ArrayLike, trials: ArrayLike, peers: ArrayLike | None = None) -> Beta:
    """Beta-binomial: proportions drawn towards those of all units or of the peer group (integer codes)."""
    hits, n = _sample(successes, trials)
    a, b = _by_peers(fit_beta, peers, hits, n)
    return Beta(hits + a, n - hits + b)


def shrink_rates(events: ArrayLike, exposure: ArrayLike, peers: ArrayLike | None = None) -> Gamma:
    """Gamma-Poisson: events per exposure, or observed over expected."""
    count, time = _sample(events, exposure)
    shape, rate = _by_peers(fit_gamma, peers, count, time)
    return Gamma(count + shape, time + rate)


def shrink_means(values: ArrayLike, errors: ArrayLike, peers: ArrayLike | None = None) -> Normal:
    """Normal-normal: values with standard errors."""
    value, error = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    value = np.where(np.isfinite(error), value, np.nan)
    mean, tau2 = _by_peers(fit_normal, peers, value, error)
    trust = tau2 / np.maximum(tau2 + error**2, 1e-300)
    return Normal(mean + trust * (value - mean), np.sqrt(np.where(tau2 > 0, trust * error**2, 0.0)))


def _sample(tops: ArrayLike, bottoms: ArrayLike) -> tuple[Floats, Floats]:
    top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    empty = ~(bottom > 0) | np.isnan(top)
    return np.where(empty, np.nan, top), np.where(empty, np.nan, bottom)


def _by_peers(
    fit: Callable[[Floats, Floats], tuple[float, float]],
    peers: ArrayLike | None,
    first: Floats,
    second: Floats,
) -> Floats:
    """(2, units) the prior of each unit: of its peer group where that is large enough."""
    known = ~np.isnan(first + second)
    if not known.any():
        return np.full((2, len(first)), np.nan)
    prior = np.repeat(np.array(fit(first[known], second[known]))[:, None], len(first), axis=1)
    group = np.zeros(len(first), dtype=np.int64) if peers is None else np.asarray(peers)
    codes = np.unique(group)
    for code in codes if len(codes) > 1 else ():
        inside = known & (group == code)
        if inside.sum() >= MIN_PEERS:
            prior[:, group == code] = np.array(fit(first[inside], second[inside]))[:, None]
    return prior


def fit_beta(successes: Floats, trials: Floats) -> tuple[float, float]:
    """a and b of the beta-binomial likelihood's maximum."""
    misses = trials - successes
    share = float(np.clip(successes.sum() / trials.sum(), 1e-6, 1 - 1e-6))

    def cost(at: Floats) -> float:
        mean, size = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
        a, b = mean * size, (1 - mean) * size
        return -float((betaln(successes + a, misses + b) - betaln(a, b)).sum())

    def slope(at: Floats) -> Floats:
        mean, size = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
        a, b = mean * size, (1 - mean) * size
        gain = digamma(size) - digamma(trials + size)
        by_a = (digamma(successes + a) - digamma(a) + gain).sum()
        by_b = (digamma(misses + b) - digamma(b) + gain).sum()
        return -np.array([mean * (1 - mean) * size * (by_a - by_b), a * by_a + b * by_b])

    logit, log_size = _maximum(cost, slope, np.log(share / (1 - share)))
    mean, size = 1 / (1 + np.exp(-logit)), np.exp(log_size)
    return float(mean * size), float((1 - mean) * size)


def fit_gamma(events: Floats, exposure: Floats) -> tuple[float, float]:
    """Shape and rate of the gamma-Poisson (negative binomial) likelihood's maximum."""
    unit = (
        exposure.mean()
    )  # exposure in units of its mean, so that the shape's bounds mean the same for every metric
    time = exposure / unit
    level = float(max(events.sum(), 0.5) / time.sum())

    def cost(at: Floats) -> float:
        mean, a = np.exp(at)
        b = a / mean
        value = (gammaln(events + a) - gammaln(a) + a * np.log(b) - (events + a) * np.log(b + time)).sum()
        return -float(value)

    def slope(at: Floats) -> Floats:
        mean, a = np.exp(at)
        b = a / mean
        by_shape = (digamma(events + a) - digamma(a) + np.log(b) - np.log(b + time)).sum()
        by_rate = (mean - (events + a) / (b + time)).sum()
        return -np.array([-b * by_rate, a * by_shape + b * by_rate])

    log_mean, log_shape = _maximum(cost, slope, np.log(level))
    shape = float(np.exp(log_shape))
    return shape, float(shape * unit / np.exp(log_mean))


def fit_normal(values: Floats, errors: Floats) -> tuple[float, float]:
    """Mean and variance between units at the maximum of the likelihood (Fisher scoring; 0 if chance explains all)."""
    within = np.maximum(errors, 1e-12 * (1 + np.abs(values))) ** 2
    tau2 = max(float(values.var() - within.mean()), 0.0)
    for _ in range(200):
        w = 1 / (within + tau2)
        mean = float((w * values).sum() / w.sum())
        new = max(float((w**2 * ((values - mean) ** 2 - within)).sum() / (w**2).sum()), 0.0)
        if abs(new - tau2) <= 1e-9 * (tau2 + float(within.mean())):
            break
        tau2 = new
    return mean, new


def _maximum(cost: Callable[[Floats], float], slope_of: Callable[[Floats], Floats], centre: float) -> Floats:
    """Mean and log of the prior's size: the best of a row of sizes, then Newton with the slopes' differences."""
    sizes = np.linspace(np.log(1e-2), np.log(LARGEST_SAMPLE), 15)
    low, high = np.array([centre - 5, sizes[0]]), np.array([centre + 5, sizes[-1]])
    at = min((np.array([centre, size]) for size in sizes), key=cost)
    value, slope = cost(at), slope_of(at)
    for _ in range(50):
        ahead = [(slope_of(at + nudge) - slope) / NUDGE for nudge in NUDGE * np.eye(2)]
        step = _newton(slope, ahead[0][0], (ahead[0][1] + ahead[1][0]) / 2, ahead[1][1])
        for half in range(12):
            there = np.clip(at - step / 2**half, low, high)
            new = cost(there)
            if new < value:
                break
        else:
            break
        gain, at, value, slope = value - new, there, new, slope_of(there)
        if gain < 1e-9 * (1 + abs(value)) and float(np.abs(slope).max()) < 1e-3:
            break
    return at


def _newton(slope: Floats, xx: float, xy: float, yy: float) -> Floats:
    """The step to the lowest point of the parabola, at most 2 long in each direction; downhill where there is none."""
    determinant = xx * yy - xy * xy
    if xx > 0 and determinant > 1e-12:
        step = np.array([yy * slope[0] - xy * slope[1], xx * slope[1] - xy * slope[0]]) / determinant
    else:
        step = slope / (1 + np.abs(slope).max())
    found: Floats = np.clip(step, -2, 2)
    return found
