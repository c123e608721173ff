"""Intervals and probabilities behind a verdict. Pure functions of counts and sums; golden tests hold them.

Formulas and sources: domain.md 3.2 and 3.3 (Wilson 1927; adjusted Wald for NPS, Rocks 2016; Gelman, BDA, conjugate
posteriors with Jeffreys priors).
"""

from __future__ import annotations

from math import inf, sqrt
from typing import NamedTuple

from scipy.special import betainc, gammainc, gammaincinv, ndtr, ndtri


class Interval(NamedTuple):
    low: float
    high: float


def wilson(successes: float, trials: float, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a proportion, 0 … 1. Raises ValueError without trials."""
    if trials <= 0:
        raise ValueError("an interval needs at least one trial")
    z = float(ndtri(0.5 + confidence / 2))
    p, q = successes / trials, z * z / trials
    centre = (p + q / 2) / (1 + q)
    half = z * sqrt(max(p * (1 - p), 0.0) / trials + q / (4 * trials)) / (1 + q)
    return Interval(centre - half, centre + half)


def proportion_below(limit: float, successes: float, trials: float) -> float:
    """P(true proportion < limit), Beta posterior with the Jeffreys prior."""
    if limit <= 0 or limit >= 1:
        return float(limit >= 1)
    return float(betainc(successes + 0.5, max(trials - successes, 0.0) + 0.5, limit))


def poisson(events: float, exposure: float, confidence: float = 0.95) -> Interval:
    """Rate interval from the Gamma posterior with the Jeffreys prior, events per unit of exposure."""
    if exposure <= 0:
        raise ValueError("an interval needs exposure")
    tail = (1 - confidence) / 2
    shape = events + 0.5
    low = 0.0 if events == 0 else float(gammaincinv(shape, tail))
    return Interval(low / exposure, float(gammaincinv(shape, 1 - tail)) / exposure)


def rate_below(limit: float, events: float, exposure: float) -> float:
    """P(true rate < limit), Gamma posterior with the Jeffreys prior."""
    return float(gammainc(events + 0.5, limit * exposure)) if limit > 0 else 0.0


def mean_error(total: float, count: float, squares: float) -> float:
    """Standard error of a mean from its sums; infinite below two measurements."""
    if count < 2:
        return inf
    variance = max(squares - total * total / count, 0.0) / (count - 1)
    return sqrt(variance / count)


def nps(promoters: float, detractors: float, answers: float) -> tuple[float, float]:
    """Centre and standard error of a Net Promoter Score in points: adjusted Wald, 3 answers added (¾ + ¾)."""
    n = answers + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    return 100 * (p - d), 100 * sqrt(max(p + d - (p - d) ** 2, 0.0) / n)


def normal(centre: float, error: float, confidence: float = 0.95) -> Interval:
    half = float(ndtri(0.5 + confidence / 2)) * error
    return Interval(centre - half, centre + half)


def normal_below(limit: float, centre: float, error: float) -> float:
    """P(true value < limit) of a normal posterior; a value without error is certain."""
    if error == 0:
        return float(centre < limit)
    return float(ndtr((limit - centre) / error)) if error != inf else 0.5
