"""All units of one metric at once: their status, variation and assurance, and how they stand to each other.

What the publisher stores (data_access/statuses.py) comes from here; `kpi.stored.StoredStatus` is one row of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from kpi import weekly
from kpi.funnel import ALARM_TAIL, FALSE_DISCOVERIES, Funnel, benjamini_hochberg, means, proportions, ratios
from kpi.metric import Direction, Level, Metric, Proportion, Rate
from kpi.ranking import Tier, movement, standing
from kpi.shrinkage import Normal, Posterior, shrink_means, shrink_proportions, shrink_rates
from kpi.status import CODE, CRITICAL, NEVER, WARNING, Course, Reason, fold, occurrences
from kpi.targets import LimitsOver
from kpi.variation import Assurance, assurance, variation, xmr
from kpi.weekly import Floats, Ints, Periods, Sums

Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]

CHART_PERIODS = 26
"""A control chart looks back so far."""
DRAWS = 200
"""Of the ranks: their 90 % intervals then end within about 1 % of their width of where many more draws would end them."""


@dataclass(frozen=True)
class Judged:
    """(units,) each, at the last period. Codes are those of `kpi.status`, `kpi.variation`; days are ordinals, -1 none."""

    evaluated: Bools
    """Ever: a unit that never was has no status to store, unless its data are in doubt, which has to be told."""
    state: Codes
    reason: Codes
    side: Codes
    since: Ints
    previous: Codes
    times: Ints
    value: Floats
    n: Floats
    low: Floats
    high: Floats
    probability: Floats
    variation: Codes
    assurance: Codes

    def rows(self, which: slice) -> Judged:
        """Those of some units."""
        return Judged(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def judge_all(
    metric: Metric,
    sums: Sums,
    periods: Periods,
    *,
    limits: LimitsOver,
    fresh: ArrayLike = True,
    trusted: ArrayLike = True,
    charted: Sums | None = None,
) -> Judged:
    """The course of every unit over all periods, and what it has come to in the last one.

    `charted` are the sums without what the calendar did to them: the control chart is drawn of these (kpi/ordinary.py).
    """
    rules = weekly.rules(metric)
    readings = weekly.readings(metric, sums, periods, limits=limits, fresh=fresh, trusted=trusted)
    course = fold(readings, rules)
    chart = xmr(
        weekly.judged(metric, charted or sums)[:, -CHART_PERIODS:],
        breaks=_recent(weekly.breaks(metric, periods), len(periods)),
    )
    good = [
        np.broadcast_to(np.asarray(side, dtype=np.float64), readings.value.shape)[:, -1]
        for side in readings.good
    ]
    latest = (
        weekly.last_level(sums) if isinstance(metric.formula, Level) else weekly.together(sums, rules.within)
    )
    reached = [readings.value[:, -1], weekly.judged(metric, latest)]
    low, high = _interval(weekly.posterior(metric, latest) if metric.plan is None else None, len(good[0]))
    return Judged(
        evaluated=(course.level != NEVER).any(axis=1) | (course.reason[:, -1] == CODE[Reason.POOR_QUALITY]),
        state=course.state[:, -1],
        reason=course.reason[:, -1],
        side=course.side[:, -1],
        since=course.since[:, -1],
        previous=course.previous[:, -1],
        times=_times(course, periods),
        value=weekly.values(metric, latest),
        n=weekly.counts(metric, latest),
        low=low,
        high=high,
        probability=course.probability[:, -1],
        variation=variation(chart.latest, metric.direction),
        assurance=_assurance(metric, chart.lower[:, -1], chart.upper[:, -1], good, reached),
    )


def _recent(places: list[int], periods: int) -> list[int]:
    """Breaks as places in the chart's own periods."""
    start = max(periods - CHART_PERIODS, 0)
    return [place - start for place in places if place > start]


def _times(course: Course, periods: Periods) -> Ints:
    """How often this quarter each unit has come to be what it is; 0 for good ones."""
    state = course.level[:, -1]
    found = np.zeros(len(state), dtype=np.int64)
    for level in (WARNING, CRITICAL):
        found = np.where(state == level, occurrences(course.level, periods.quarters, level)[:, -1], found)
    return found


def _interval(known: Posterior | None, units: int) -> tuple[Floats, Floats]:
    if known is None:
        return np.full(units, np.nan), np.full(units, np.nan)
    return known.quantile(0.025), known.quantile(0.975)


def _assurance(
    metric: Metric, lower: Floats, upper: Floats, good: list[Floats], reached: list[Floats]
) -> Codes:
    """What the limits promise, unless the last week or the last ones together (`reached`) are what they rule out: a
    process that has just changed still has the limits of what it was."""
    goal = {Direction.BAND: np.stack(good, axis=-1), Direction.HIGHER: good[0]}.get(metric.direction, good[1])
    promised = assurance(lower, upper, goal, metric.direction)
    low, high = good
    kept = np.any([(value >= low) & (value <= high) for value in reached], axis=0)
    broken = np.any([(value < low) | (value > high) for value in reached], axis=0)
    refuted = (promised == Assurance.FAIL) & kept | (promised == Assurance.PASS) & broken
    return np.where(refuted, Assurance.HIT_AND_MISS, promised)


@dataclass(frozen=True)
class Places:
    """Where units of one kind stand to each other, (units,) each; NaN, NONE and 0 without a sample."""

    shrunken: Floats
    rank: Floats
    low: Floats
    high: Floats
    of: int
    tier: Codes
    """Among its peers: like with like."""
    apart: Codes
    """1 clearly better than all together, -1 clearly worse."""
    moved: Codes


def places(
    metric: Metric, sums: Sums, peers: ArrayLike, *, held_back: Bools, window: int, seed: int = 1
) -> Places | None:
    """Shrunken estimates, ranks and tiers of units of one kind over the last `window` periods, against the `window`
    before. A unit that is `held_back` (its guard is red) cannot win. None for a band, which has no best.

    All are drawn towards the mean of all: that of a few peers is no better known than their own values, and would rank
    whole groups by it. Peers (integer codes) are who a unit's tier is among.
    """
    if metric.direction in (Direction.BAND, Direction.NEUTRAL):
        return None
    now, before = _windows(metric, sums, window)
    error = _census_error(metric, sums, window)
    shrunken = _shrunken(metric, now, error)
    if np.isnan(shrunken.mean).all():
        return None
    better = weekly.higher_is_better(metric)
    found = standing(shrunken, seed=seed, higher_is_better=better, draws=DRAWS)
    tier = found.tier
    if len(np.unique(peers)) > 1:
        tier = standing(shrunken, seed=seed, higher_is_better=better, draws=DRAWS, peers=peers).tier
    own, earlier = _own(metric, now, error), _own(metric, before, error)
    moved = (
        movement(earlier, own).rank_real() if len(held_back) > 1 else np.zeros(len(held_back), dtype=np.int8)
    )
    return Places(
        shrunken=shrunken.mean,
        rank=_behind(found.rank, held_back),
        low=found.low,
        high=found.high,
        of=int((~np.isnan(found.rank)).sum()),
        tier=np.where(held_back & (tier == Tier.A), Tier.B, tier).astype(np.int8),
        apart=_apart(_funnel(metric, now, error), better),
        moved=(moved if better else -moved).astype(np.int8),
    )


def _windows(metric: Metric, sums: Sums, window: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    if isinstance(metric.formula, Level):
        return weekly.last_level(sums), weekly.last_level(
            {name: part[:, :-window] for name, part in sums.items()}
        )
    earlier = {name: part[:, :-window] for name, part in sums.items()}
    return weekly.together(sums, window), weekly.together(earlier, window)


def _census_error(metric: Metric, sums: Sums, window: int) -> Floats:
    """What a census value over the window would differ by if the same weeks came again."""
    spread = weekly.noise(weekly.judged(metric, sums))[:, -1]
    return spread if isinstance(metric.formula, Level) else spread / np.sqrt(window)


def _own(metric: Metric, sums: Sums, error: Floats) -> Posterior:
    """What a window's own sample says, on the scale that is ranked."""
    known = weekly.posterior(metric, sums) if metric.plan is None else None
    if known is not None:
        return known
    value = weekly.judged(metric, sums)
    return Normal(value, np.where(np.isnan(value), np.nan, error))


def _shrunken(metric: Metric, sums: Sums, error: Floats) -> Posterior:
    match metric.formula:
        case Proportion():
            return shrink_proportions(sums["numerator"], sums["denominator"])
        case Rate():
            return shrink_rates(sums["numerator"], sums["denominator"])
        case _:
            own = _own(metric, sums, error)
            return shrink_means(own.mean, own.sd)


def funnel_of(metric: Metric, sums: Sums) -> Funnel:
    """Units of one kind around the value of all together, by their own samples."""
    return _funnel(metric, sums, np.full(len(sums["denominator"]), np.nan))


def _funnel(metric: Metric, sums: Sums, error: Floats) -> Funnel:
    match metric.formula:
        case Proportion():
            return proportions(sums["numerator"], sums["denominator"])
        case Rate():
            return ratios(sums["numerator"], sums["denominator"])
        case _:
            own = _own(metric, sums, error)
            return means(own.mean, own.sd)


def _apart(funnel: Funnel, higher_is_better: bool) -> Codes:
    """Beyond the 99.8 % limits of the over-dispersed funnel, and found among all units at 5 % false discoveries."""
    with np.errstate(invalid="ignore"):
        clear = (benjamini_hochberg(funnel.p) <= FALSE_DISCOVERIES) & (
            np.abs(funnel.adjusted) > -ndtri(ALARM_TAIL)
        )
    sign = np.sign(np.nan_to_num(funnel.deviate)) * (1 if higher_is_better else -1)
    return np.where(clear, sign, 0).astype(np.int8)


def _behind(rank: Floats, held_back: Bools) -> Floats:
    """Ranks with those held back behind the best quarter."""
    count = int((~np.isnan(rank)).sum())
    key = np.where(held_back & (rank <= count / 4), count / 4 + rank / (count + 1), rank)
    key = np.where(~held_back & (rank > count / 4), rank + 1, key)
    found = np.full(len(rank), np.nan)
    known = np.flatnonzero(~np.isnan(rank))
    found[known[np.argsort(key[known], kind="stable")]] = np.arange(1, count + 1)
    return found
