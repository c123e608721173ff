"""Distributions of counts from their mean and variance: how many pieces may be asked for.

Negative binomial where the variance exceeds the mean, Poisson otherwise, normal where both hardly differ from it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from prediction.history import Flags, Floats

POISSON_BELOW = 1.0001
"""Variance over mean up to which demand counts as Poisson: a negative binomial is the same there, and unstable."""
NORMAL_ABOVE = 10_000.0
"""Mean from which the normal is used: exact quantiles take long there and say the same."""
COUNTED_UP_TO = 40.0
MOST_STEPS = 5000


def _shapes(*values: Any) -> list[Floats]:
    return [np.array(x, np.float64) for x in np.broadcast_arrays(*values)]


def _kinds(mean: Floats, variance: Floats) -> tuple[Flags, Flags, Flags]:
    """Which elements are normal, negative binomial, Poisson. What is unknown or has no mean is none of them."""
    usual = (mean > 0) & np.isfinite(variance)
    normal = usual & (mean > NORMAL_ABOVE)
    wide = usual & ~normal & (variance > mean * POISSON_BELOW)
    return normal, wide, usual & ~normal & ~wide


def at_most(count: Any, mean: Any, variance: Any) -> Floats:
    """P(demand <= count), element by element; NaN where mean or variance is."""
    k, mu, var = _shapes(count, mean, variance)
    k = np.floor(k)
    normal, wide, plain = _kinds(mu, var)
    chance = np.where(np.isnan(mu) | np.isnan(var), np.nan, 1.0)
    chance[normal] = special.ndtr((k[normal] + 0.5 - mu[normal]) / np.sqrt(np.maximum(var, mu)[normal]))
    share = mu[wide] / var[wide]
    chance[wide] = special.betainc(mu[wide] * share / (1 - share), np.maximum(k[wide], 0) + 1, share)
    chance[plain] = special.pdtr(np.maximum(k[plain], 0), mu[plain])
    return np.where((k < 0) & ~np.isnan(chance), 0.0, chance)


def quantile(probability: Any, mean: Any, variance: Any) -> Floats:
    """Smallest count with P(demand <= count) >= probability, element by element; NaN where anything is unknown."""
    q, mu, var = _shapes(probability, mean, variance)
    normal, wide, plain = _kinds(mu, var)
    found = np.where(np.isnan(q) | np.isnan(mu) | np.isnan(var), np.nan, 0.0)
    spread = np.sqrt(np.maximum(var, mu)[normal])
    found[normal] = np.ceil(mu[normal] + special.ndtri(q[normal]) * spread - 0.5)
    share = np.where(wide, mu / np.where(wide, var, 1.0), 1.0)
    shape = np.where(wide, mu * share / np.where(wide, 1 - share, 1.0), 1.0)
    short = mu <= COUNTED_UP_TO
    for which, size in ((wide & short, shape), (plain & short, np.full(shape.shape, np.inf))):
        found[which] = _counted_up(q[which], mu[which], size[which])
    found[wide & ~short] = stats.nbinom.ppf(q[wide & ~short], shape[wide & ~short], share[wide & ~short])
    found[plain & ~short] = stats.poisson.ppf(q[plain & ~short], mu[plain & ~short])
    return found


def _counted_up(probability: Floats, mean: Floats, shape: Floats) -> Floats:
    """Quantiles by adding up the chances of 0, 1, 2 …: for small means this is quicker than any inverse.

    An infinite `shape` is a Poisson's.
    """
    fail = mean / (mean + shape)
    poisson = np.isinf(shape)
    usual = np.where(poisson, 1.0, shape)
    chance = np.where(poisson, np.exp(-mean), (1 - fail) ** usual)
    step = np.where(poisson, mean, usual * fail)
    found, left, total = np.zeros(len(mean)), np.flatnonzero(mean > 0), chance.copy()
    for k in range(1, MOST_STEPS):
        left = left[total[left] < probability[left]]
        if not len(left):
            break
        chance[left] *= (step[left] + fail[left] * (k - 1)) / k
        total[left] += chance[left]
        found[left] = k
    return found
