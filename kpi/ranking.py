"""Ranks that are fair to small units: rank intervals, tiers, and movement that is real.

A rank is an estimate with an interval, drawn from what is known of every unit at once (Laird & Louis 1989; Goldstein &
Spiegelhalter 1996). A unit is called top or bottom only when that is more likely than not, so that small units, whose
raw values lie at both ends of every list by luck, stay in the middle until their sample says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from kpi.shrinkage import Floats, Posterior

Codes = NDArray[np.int8]
Ranks = NDArray[np.int16]

DRAWS = 1000
CONFIDENCE = 0.90
REAL = 0.90
"""A movement is shown from this probability on."""
MIN_RANKED = 8
"""Fewer units are ranked, but not sorted into tiers."""


class Tier(IntEnum):
    """Quarters of the units. A and D need P > 1/2; the rest is B or C, whichever half is likelier."""

    NONE = -1
    A = 0
    B = 1
    C = 2
    D = 3


@dataclass(frozen=True)
class Standing:
    """Where each unit stands among all, or among its peers; 1 is the best. NaN and Tier.NONE without a sample."""

    rank: Floats
    """Order of the shrunken estimates: of all orders tried the best at finding the true bottom (tests/load)."""
    expected: Floats
    """Mean rank of the draws."""
    low: Floats
    high: Floats
    """The true rank lies between low and high with the confidence asked for."""
    chances: Floats
    """(units, 4) probability of belonging to the best, second, third and last quarter."""
    tier: Codes


def standing(
    posterior: Posterior,
    *,
    seed: int,
    higher_is_better: bool = True,
    peers: ArrayLike | None = None,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
) -> Standing:
    """Ranks from `draws` draws of all units together; with `peers` (integer codes) each unit among its own."""
    rng = np.random.default_rng(seed)
    sign = -1 if higher_is_better else 1
    scores, badness = sign * posterior.scores(rng, draws), sign * posterior.mean
    known = ~np.isnan(badness)
    group = np.zeros(len(known), dtype=np.int64) if peers is None else np.asarray(peers)
    rank, expected, low, high = np.full((4, len(known)), np.nan)
    chances = np.full((len(known), 4), np.nan)
    found = Standing(rank, expected, low, high, chances, np.full(len(known), Tier.NONE, dtype=np.int8))
    for code in np.unique(group[known]):
        units = np.flatnonzero(known & (group == code))
        found.rank[units[np.argsort(badness[units], kind="stable")]] = np.arange(1, len(units) + 1)
        _rank(found, units, scores, confidence)
    return found


def _rank(found: Standing, units: NDArray[np.intp], scores: NDArray[np.float32], confidence: float) -> None:
    """Writes where these units stand among each other in the draws."""
    count = len(units)
    ranks = _ranks(scores if count == scores.shape[1] else scores[:, units])
    found.expected[units] = ranks.mean(axis=1)
    draws = ranks.shape[1]
    low = int((1 - confidence) / 2 * draws)
    ordered = np.partition(ranks, (low, draws - 1 - low), axis=1)
    found.low[units], found.high[units] = ordered[:, low], ordered[:, draws - 1 - low]
    reached = [(ranks <= count * quarter / 4).mean(axis=1) for quarter in (1, 2, 3)]
    chances = np.diff(np.array([np.zeros(count), *reached, np.ones(count)]), axis=0).T
    found.chances[units] = chances
    if count >= MIN_RANKED:
        found.tier[units] = tiers(chances)


def _ranks(scores: NDArray[np.float32]) -> Ranks:
    """(draws, units) -> (units, draws) ranks within each draw, lowest score first, equals as they stand.

    Whole numbers are sorted, each a score's place on the line of floats before its unit's number: numpy sorts those
    several times faster than it finds the order of floats.
    """
    draws, count = scores.shape
    bits = np.ascontiguousarray(scores).view(np.int32)
    keys = (bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))).astype(np.int64) << 32
    keys |= np.arange(count, dtype=np.int64)
    keys.sort(axis=1)
    keys &= 0xFFFFFFFF
    keys += np.arange(draws, dtype=np.int64)[:, None] * count
    ranks = np.empty((draws, count), dtype=np.int16)
    ranks.reshape(-1)[keys] = np.arange(1, count + 1, dtype=np.int16)
    return np.ascontiguousarray(ranks.T)


def tiers(chances: Floats) -> Codes:
    """Tier of each unit from its (units, 4) chances of each quarter."""
    upper = chances[:, 0] + chances[:, 1] >= 0.5
    middle = np.where(upper, Tier.B, Tier.C)
    return np.select([chances[:, 0] > 0.5, chances[:, 3] > 0.5], [Tier.A, Tier.D], middle).astype(np.int8)


@dataclass(frozen=True)
class Movement:
    """How each unit changed between two periods, chance taken out."""

    change: Floats
    """Raw difference, later minus earlier."""
    shrunken: Floats
    risen: Floats
    """P(the true value rose)."""
    gained: Floats
    """P(the true value rose by more than that of the units on the whole): what moves a rank."""

    def real(self, level: float = REAL) -> Codes:
        """1 risen, -1 fallen, 0 not to be told from chance."""
        return _sign(self.risen, level)

    def rank_real(self, level: float = REAL) -> Codes:
        """1 gained, -1 lost on the others, 0 not to be told from chance."""
        return _sign(self.gained, level)


def _sign(chance: Floats, level: float) -> Codes:
    with np.errstate(invalid="ignore"):
        return ((chance > level).astype(np.int8) - (chance < 1 - level)).astype(np.int8)


def movement(earlier: Posterior, later: Posterior) -> Movement:
    """From what each period's own sample says (`flat_*` posteriors): shrunken ones would count the prior twice.

    True changes follow a mixture of normals around the common change, from almost none to very large, whose weights are
    estimated from all units (Stephens 2017, adaptive shrinkage): many small and a few large changes fit alike.
    """
    change = later.mean - earlier.mean
    error = np.hypot(earlier.sd, later.sd)
    known = np.isfinite(change) & np.isfinite(error) & (error > 0)
    if not known.any():
        nothing = np.full(len(change), np.nan)
        return Movement(change, nothing, nothing, nothing)
    d, s = change[known], error[known]
    mean, scales, weights = _mixture(d, s)
    trust = scales**2 / (scales**2 + s[:, None] ** 2)
    centre = mean + trust * (d[:, None] - mean)
    sd = np.sqrt(trust) * s[:, None]
    found = np.full((3, len(change)), np.nan)
    found[0, known] = (weights * centre).sum(axis=1)
    found[1, known] = (weights * ndtr(centre / sd)).sum(axis=1)
    found[2, known] = (weights * ndtr((centre - mean) / sd)).sum(axis=1)
    return Movement(change, found[0], found[1], found[2])


def _mixture(d: Floats, s: Floats) -> tuple[float, Floats, Floats]:
    """Common change, standard deviations of the components (K,), and each unit's weights of them (units, K); by EM."""
    largest = 2 * max(float(np.sqrt(np.max(np.maximum((d - np.median(d)) ** 2 - s**2, 0.0)))), float(s.min()))
    smallest = float(s.min()) / 10
    scales = smallest * 2.0 ** np.arange(0, np.log2(largest / smallest) + 1)
    spread = s[:, None] ** 2 + scales**2
    share = np.full(len(scales), 1 / len(scales))
    mean = float((d / s**2).sum() / (1 / s**2).sum())
    for _ in range(200):
        weights = share * np.exp(-((d[:, None] - mean) ** 2) / spread / 2) / np.sqrt(spread)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
        new = weights.mean(axis=0)
        mean = float((weights * d[:, None] / spread).sum() / (weights / spread).sum())
        if float(np.abs(new - share).max()) < 1e-4:
            break
        share = new
    return mean, scales, weights
