"""From a measured value to a status: level against the target, the evidence for it, and its freshness.

domain.md 3.1. Three facts are kept apart (level, evidence, freshness); the status is made from them here and nowhere
else, so a tile, a map dot, a rank and an export cannot disagree. Where the status machine has spoken of the days in
question (kpi/stored.py), `judge` repeats its word; else it tells the level of the period by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite, sqrt

from kpi import statistics
from kpi.answer import Answer, Measured
from kpi.metric import Band, Direction, Limits, Mean, Metric, NetScore, Proportion, Rate
from kpi.state import Reason as Reason
from kpi.state import Side as Side
from kpi.state import Status as Status
from kpi.statistics import Interval
from kpi.stored import StoredStatus

CONFIDENCE_FOR_RED = 0.95
"""A red of a sampled metric needs this much probability of truly missing the target."""

NOISE = 0.01
"""A census value that moved less than this share of itself has not moved."""


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: Reason
    limits: Limits | Band | None = None
    side: Side | None = None
    """On which side of the target the value lies, when it misses it."""
    gap: float | None = None
    """Judged value minus the nearest green limit, in the metric's unit (or share of plan); 0 when on target."""
    probability: float | None = None
    """P(the true value misses the green limit); None for census metrics."""
    stored: StoredStatus | None = None
    """What the status machine said; None: the level of the period by itself, without memory."""

    @property
    def half(self) -> bool:
        """A green whose guard is red: it counts half."""
        return self.status is Status.GOOD and self.stored is not None and self.stored.guard_red

    @property
    def shortfall(self) -> float:
        """The gap relative to the target: comparable between metrics, 0 when on target."""
        if not self.gap or self.limits is None:
            return 0.0
        target = green_limit(self.limits, self.side)
        return abs(self.gap / target) if target else abs(self.gap)


def judge(
    measured: Measured,
    *,
    day: date,
    as_of: datetime,
    now: datetime,
    stored: StoredStatus | None = None,
    limits: Limits | Band | None = None,
) -> Verdict:
    """The verdict on a value measured up to `day`, known since `as_of`, read at `now`.

    `stored` is the status machine's word on the same metric and unit, given where it speaks of the same days. `limits`
    are those in force for the unit on that day, if people have set others than those declared.
    """
    metric = measured.metric
    limits = limits or metric.limits_on(day)
    if measured.value is None:
        return Verdict(Status.UNKNOWN, Reason.NO_DATA, limits)
    if now - as_of > metric.tier.max_age:
        return Verdict(Status.UNKNOWN, Reason.STALE, limits)
    if stored is not None:
        return _held(measured, stored)
    if measured.n < metric.n_min:
        return Verdict(Status.UNKNOWN, Reason.TOO_FEW, limits)
    judged = measured.judged
    if limits is None or judged is None:
        return Verdict(Status.UNKNOWN, Reason.NO_TARGET, limits)
    return level(measured, judged, limits)


def _held(measured: Measured, stored: StoredStatus) -> Verdict:
    """The machine's word; side and gap are those of the value shown, which may cover other days."""
    side, gap = stored.side, None
    if measured.judged is not None:
        shown, gap, _ = _position(measured.judged, stored.limits, measured.metric.direction)
        side = shown or side
    return Verdict(stored.status, stored.reason, stored.limits, side, gap, stored.probability, stored)


def level(measured: Measured, judged: float, limits: Limits | Band) -> Verdict:
    """Where a value lies, and how surely, whatever was said of it before."""
    side, gap, critical = _position(judged, limits, measured.metric.direction)
    if side is None:
        return Verdict(Status.GOOD, Reason.ON_TARGET, limits, None, 0.0, _miss(measured, limits, Side.LOW))
    probability = _miss(measured, limits, side)
    if not critical:
        return Verdict(Status.WARNING, Reason.OFF_TARGET, limits, side, gap, probability)
    if probability is not None and probability < CONFIDENCE_FOR_RED:
        return Verdict(Status.WARNING, Reason.PERHAPS, limits, side, gap, probability)
    return Verdict(Status.CRITICAL, Reason.BEYOND_LIMIT, limits, side, gap, probability)


def _position(value: float, limits: Limits | Band, direction: Direction) -> tuple[Side | None, float, bool]:
    """Side on which the target is missed, gap to it, and whether the red limit is passed too."""
    if isinstance(limits, Band):
        if value < limits.good[0]:
            return Side.LOW, value - limits.good[0], value < limits.critical[0]
        if value > limits.good[1]:
            return Side.HIGH, value - limits.good[1], value > limits.critical[1]
    elif direction is Direction.HIGHER and value < limits.good:
        return Side.LOW, value - limits.good, value < limits.critical
    elif direction is Direction.LOWER and value > limits.good:
        return Side.HIGH, value - limits.good, value > limits.critical
    return None, 0.0, False


def weeks_on_target(series: Answer, stored: StoredStatus) -> int:
    """How many of the last weeks that the status speaks of were on target, one after the other."""
    found = 0
    for week, measured in series.series:
        if week + timedelta(6) <= stored.day and measured.judged is not None:
            side, _, _ = _position(measured.judged, stored.limits, measured.metric.direction)
            found = found + 1 if side is None else 0
    return found


def green_limit(limits: Limits | Band, side: Side | None) -> float:
    """The edge of green that matters on a side."""
    if isinstance(limits, Limits):
        return limits.good
    return limits.good[1] if side is Side.HIGH else limits.good[0]


def _miss(measured: Measured, limits: Limits | Band, side: Side) -> float | None:
    """P(the true value lies beyond the green limit on this side); None without sampling error."""
    metric = measured.metric
    if not metric.sampled:
        return None
    if isinstance(limits, Limits):
        side = Side.LOW if metric.direction is Direction.HIGHER else Side.HIGH
    below = probability_below(measured, green_limit(limits, side))
    if below is None:
        return None
    return below if side is Side.LOW else 1 - below


def probability_below(measured: Measured, limit: float) -> float | None:
    """P(true value < limit); None for a census or an empty sample."""
    top, bottom = measured.numerator or 0.0, measured.denominator or 0.0
    if not bottom:
        return None
    match measured.metric.formula:
        case Proportion():
            return statistics.proportion_below(limit, top, bottom)
        case Rate():
            return statistics.rate_below(limit, top, bottom)
        case Mean() | NetScore():
            return statistics.normal_below(limit, *_centre_and_error(measured))
        case _:
            return None


def interval(measured: Measured, confidence: float = 0.95) -> Interval | None:
    """Where the true value lies; None for a census or an empty sample."""
    top, bottom = measured.numerator or 0.0, measured.denominator or 0.0
    if not bottom:
        return None
    match measured.metric.formula:
        case Proportion():
            return statistics.wilson(top, bottom, confidence)
        case Rate():
            return statistics.poisson(top, bottom, confidence)
        case Mean() | NetScore():
            found = statistics.normal(*_centre_and_error(measured), confidence)
            return found if isfinite(found.low) else None
        case _:
            return None


def _centre_and_error(measured: Measured) -> tuple[float, float]:
    top, bottom = measured.numerator or 0.0, measured.denominator or 0.0
    squares = measured.sums.get("squares") or 0.0
    if isinstance(measured.metric.formula, NetScore):
        return statistics.nps((squares + top) / 2, (squares - top) / 2, bottom)
    return top / bottom, statistics.mean_error(top, bottom, squares)


@dataclass(frozen=True)
class Change:
    """How a value moved against its comparison. `real` is False when chance explains it."""

    absolute: float
    relative: float | None
    real: bool


def change(now: Measured, then: Measured | None) -> Change | None:
    """The move from `then` to `now`; None when either has no value."""
    if then is None or now.value is None or then.value is None:
        return None
    absolute = now.value - then.value
    relative = absolute / abs(then.value) if then.value else None
    if not now.metric.sampled:
        return Change(absolute, relative, relative is None or abs(relative) >= NOISE)
    errors = [_error(measured) for measured in (now, then)]
    spread = sqrt(sum(error * error for error in errors))
    return Change(absolute, relative, bool(isfinite(spread) and abs(absolute) > 1.96 * spread))


def _error(measured: Measured) -> float:
    found = interval(measured)
    return (found.high - found.low) / 3.92 if found else float("inf")


def worst_first(metric: Metric, verdict: Verdict) -> tuple[int, float, str]:
    """Sort key: most severe first, then the largest relative shortfall; what has no target to miss comes last."""
    rank = len(Status) if verdict.reason is Reason.NO_TARGET else verdict.status.severity
    return rank, -verdict.shortfall, metric.key
