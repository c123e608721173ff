"""Technicians side by side: points with published weights, a quality gate, tiers and rank ranges. Pure arithmetic.

Quality is the rework that came back over what the technician's skill and store lead to expect (indirect
standardisation), drawn towards 1 by as much as the sample leaves open (gamma-Poisson). So an apprentice is not measured
against a master, nor a person by a store's fault. Arrays have the shape (technicians,). (domain.md 2.2 F)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.ranking import Standing, standing
from kpi.shrinkage import Floats, Normal, shrink_rates

WEIGHTS = {"quality": 0.50, "efficiency": 0.30, "rating": 0.20}
REPAIRS_MIN = 30
"""Fewer eligible repairs are not judged."""
GATE, GATE_CERTAINTY = 1.2, 0.90
"""Rework that is more than this multiple of what was to be expected, with this certainty, closes the gate."""
MENTOR = 0.85
"""A mentor's rework is below this multiple, with the same certainty as the gate's."""
RATING_PULL = 20
"""Answers that a store's mean rating weighs in each of its technicians' (domain.md 2.2 F)."""
QUALITY_SCALE, EFFICIENCY_SCALE, RATING_SCALE = (2.0, 0.0), (0.7, 1.3), (3.0, 5.0)
"""Values worth 0 and 100 points; beyond them points stay at 0 and 100."""
DRAWS, SEED = 100, 20
CROWD = 4
"""The least number of a store's other technicians with repairs from which its fault is read."""


@dataclass(frozen=True)
class Work:
    """What each technician did. `skill` and `store` are codes; sums of nothing are 0."""

    skill: NDArray[np.int64]
    store: NDArray[np.int64]
    repairs: Floats
    returned: Floats
    billed_hours: Floats
    clock_hours: Floats
    rating_sum: Floats
    rating_answers: Floats
    rating_squares: Floats


@dataclass(frozen=True)
class Scores:
    """NaN and Tier.NONE where there is too little to judge."""

    expected: Floats
    """Share of repairs to be expected back."""
    index: Floats
    """Rework over what was to be expected, chance taken out; 1 is as expected."""
    index_low: Floats
    index_high: Floats
    gated: NDArray[np.bool_]
    """Quality so far below what was to be expected that efficiency points do not count."""
    proven: NDArray[np.bool_]
    """Quality certainly better than was to be expected."""
    quality: Floats
    efficiency: Floats
    rating: Floats
    total: Floats
    standing: Standing
    """Among technicians of the same skill."""
    peers: NDArray[np.int64]
    """How many of the same skill are ranked."""


def score(work: Work) -> Scores:
    judged = work.repairs >= REPAIRS_MIN
    repairs, returned = (np.where(judged, each, np.nan) for each in (work.repairs, work.returned))
    expected = _expected(work, repairs, returned)
    index = shrink_rates(returned, repairs * expected)
    with np.errstate(invalid="ignore"):
        gated = 1 - index.below(GATE) >= GATE_CERTAINTY
        proven = index.below(MENTOR) >= GATE_CERTAINTY
    rating, rating_sd = _rating(work)
    speed = _divided(work.billed_hours, work.clock_hours)
    quality = _points(index.mean, QUALITY_SCALE)
    efficiency = np.where(gated, 0.0, _points(speed, EFFICIENCY_SCALE))
    made = {"quality": quality, "efficiency": efficiency, "rating": _points(rating, RATING_SCALE)}
    total = sum((WEIGHTS[name] * points for name, points in made.items()), np.zeros(len(judged)))
    doubt = np.hypot(
        WEIGHTS["quality"] * 100 / abs(QUALITY_SCALE[0] - QUALITY_SCALE[1]) * index.sd,
        WEIGHTS["rating"] * 100 / (RATING_SCALE[1] - RATING_SCALE[0]) * rating_sd,
    )
    known = np.isfinite(total)
    ranked = standing(Normal(total, np.where(known, doubt, np.nan)), seed=SEED, peers=work.skill, draws=DRAWS)
    peers = np.bincount(work.skill[known], minlength=int(work.skill.max(initial=0)) + 1)[work.skill]
    low, high = index.quantile(0.05), index.quantile(0.95)
    return Scores(
        expected, index.mean, low, high, gated, proven, quality, efficiency, made["rating"], total, ranked, peers
    )  # fmt: skip


def _expected(work: Work, repairs: Floats, returned: Floats) -> Floats:
    """The share of repairs that comes back from technicians of this skill, times the store's own factor.

    The factor is read from the store's other technicians: nobody is measured against himself.
    """
    skills = int(work.skill.max(initial=0)) + 1
    of_skill = _divided(_summed(returned, work.skill, skills), _summed(repairs, work.skill, skills))[
        work.skill
    ]
    stores = int(work.store.max(initial=0)) + 1
    came, due = np.nan_to_num(returned), np.nan_to_num(repairs * of_skill)
    others_came = np.bincount(work.store, came, minlength=stores)[work.store] - came
    others_due = np.bincount(work.store, due, minlength=stores)[work.store] - due
    crowd = np.bincount(work.store, due > 0, minlength=stores)[work.store] - (due > 0)
    factor = shrink_rates(others_came, np.where(crowd >= CROWD, np.maximum(others_due, 0), 0.0)).mean
    return of_skill * np.where(np.isfinite(factor), factor, 1.0)


def _rating(work: Work) -> tuple[Floats, Floats]:
    """Mean rating drawn towards the store's, with its standard error; the network's where the store has none."""
    stores = int(work.store.max(initial=0)) + 1
    network = float(work.rating_sum.sum() / max(work.rating_answers.sum(), 1.0)) or np.nan
    local = _divided(
        _summed(work.rating_sum, work.store, stores), _summed(work.rating_answers, work.store, stores)
    )
    centre = np.where(np.isfinite(local), local, network)[work.store]
    answers = max(float(work.rating_answers.sum()), 1.0)
    variance = max(
        float(work.rating_squares.sum()) / answers - (network if network == network else 0.0) ** 2, 0.0
    )
    weight = work.rating_answers + RATING_PULL
    return (work.rating_sum + RATING_PULL * centre) / weight, np.sqrt(variance / weight)


def _summed(values: Floats, codes: NDArray[np.int64], count: int) -> Floats:
    return np.bincount(codes, np.nan_to_num(values), minlength=count).astype(np.float64)


def _divided(top: Floats, bottom: Floats) -> Floats:
    found: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return found


def _points(value: Floats, scale: tuple[float, float]) -> Floats:
    worst, best = scale
    found: Floats = np.clip(100 * (value - worst) / (best - worst), 0, 100)
    return found
