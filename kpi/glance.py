"""What `judge` says of every member of a split, as columns and without the rest of a verdict: for picking a few from many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from kpi import weekly
from kpi.answer import Answer
from kpi.metric import Band, Limits
from kpi.state import Status
from kpi.targets import sides_of
from kpi.verdict import level

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sides = tuple[Floats, Floats]
"""The lower and the upper limit; infinite where that side has none, NaN where nothing is declared."""

CRITICAL, WARNING, UNKNOWN, GOOD = (
    status.severity for status in (Status.CRITICAL, Status.WARNING, Status.UNKNOWN, Status.GOOD)
)
NOTHING = -1


@dataclass(frozen=True)
class Glance:
    """(members,) each: Status.severity, and Verdict.shortfall."""

    members: Sequence[str | None]
    severity: Ints
    shortfall: Floats


@dataclass(frozen=True)
class Stored:
    """What the status machine said of the same members, NOTHING where it did not; and the limits of good it went by."""

    severity: Ints
    good: Sides


def glance(
    answer: Answer,
    *,
    day: date,
    as_of: datetime,
    now: datetime,
    stored: Stored | None = None,
    limits: Sequence[Limits | Band | None] | None = None,
) -> Glance:
    """As `judge`, of every member. `limits` are those in force for each, if people have set any."""
    metric, members, sums = answer.metric, answer.members, answer.sums
    if not members or now - as_of > metric.tier.max_age:
        return Glance(members, np.full(len(members), UNKNOWN), np.zeros(len(members)))
    value, judged = weekly.values(metric, sums), weekly.judged(metric, sums)
    declared = metric.limits_on(day)
    each = [declared] if limits is None else [own or declared for own in limits]
    known = {limits: sides_of(metric, limits) for limits in set(each)}
    low, high, lowest, highest = np.array([known[limits] for limits in each]).T
    few = np.round(weekly.counts(metric, sums)) < metric.n_min
    unknown = np.isnan(judged) | few | np.isnan(low)
    beyond = ((judged < lowest) | (judged > highest)) & ~unknown
    if metric.sampled:
        # Beyond the limit by chance, perhaps: only the rows of these are looked at one by one.
        for place in np.flatnonzero(beyond).tolist():
            one = each[place % len(each)]
            assert one is not None
            said = level(answer.rows[place].now, float(judged[place]), one)
            beyond[place] = said.status is Status.CRITICAL
    shortfall = _shortfall(judged, (low, high))
    severity = np.select([unknown, beyond, shortfall > 0], [UNKNOWN, CRITICAL, WARNING], GOOD)
    shortfall[unknown] = 0.0
    if stored is not None:
        said_so = stored.severity != NOTHING
        severity = np.where(said_so, stored.severity, severity)
        shortfall = np.where(said_so, _shortfall(judged, stored.good), shortfall)
    nothing = np.isnan(value)
    return Glance(members, np.where(nothing, UNKNOWN, severity), np.where(nothing, 0.0, shortfall))


def _shortfall(judged: Floats, good: Sides) -> Floats:
    """By how much good is missed, relative to its limit; 0 when it is not."""
    low, high = good
    gap = np.where(judged < low, low - judged, np.where(judged > high, judged - high, 0.0))
    target = np.abs(np.where(judged < low, low, high))
    return np.divide(gap, target, out=gap, where=(gap > 0) & (target > 0))
