"""What would move a level up or down: dead-band, persistence and evidence over the last evaluations together.

domain.md 3.1. A level rises when `hold` of the last `within` evaluations are worse than the target, and so many of them
taken together lie beyond the limit: for amber by more than the dead-band, for red with P(truly worse than the target)
>= `confidence`. It falls when the last `release` together are better than the limit by more than the dead-band, when the
last `hold` are clearly back on target, or when each of the last `settle` was on the right side of the limit. Together
means summed, so each counts by its n: three weeks of 80 repairs say more than the worst of them, which is what makes an
alarm both quick and rarely false. The dead-band is never narrower than the sampling error, so that a small unit does not
flicker more than a large one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DEADBAND_SHARE = 0.3
"""The usual dead-band: 2 points where green and red limit are 7 apart."""
CERTAIN = 40.0
"""Deviate of a census value: no sampling error to allow for."""
ROUNDING = 1e-9
"""A value on a limit is not beyond it, though sums of it may differ from it by this share."""


@dataclass(frozen=True)
class Rules:
    """The machine's settings for one metric and period kind. For safety alerts: hold = within = release = 1."""

    hold: int = 2
    within: int = 3
    release: int = 4
    settle: int = 8
    """So many evaluations in a row on the right side of a limit lead back as well, however narrowly: a unit that is on
    target week after week must not be amber for ever."""
    deadband: float | None = None
    """In units of the metric; None: `DEADBAND_SHARE` of the distance from the green to the red limit."""
    errors_to_enter: float = 1.5
    errors_to_leave: float = 2.0
    """The dead-band's least width, in standard errors of the values together."""
    confidence: float = 0.99
    """0.95 for each of two windows a week would make every fourth false red of a calm network (tests/load)."""
    n_min: float = 1
    """Fewer cases in the last `within` periods together make no status."""
    forget: int = 8
    """After this many periods without an evaluation a unit begins anew."""

    def needing(self, cases: float) -> Rules:
        """The same rules with another smallest sample."""
        return replace(self, n_min=max(cases, 1.0))


USUAL = Rules()


class Side(NamedTuple):
    """Values seen from one side of the target, (units, periods) each."""

    worse: Floats
    """By how much the value is worse than the good limit; negative when better."""
    gap: Floats
    """From the good to the critical limit; infinite without one."""
    n: Floats
    error: Floats
    probability: Floats
    """P(truly worse than the good limit); NaN for a census."""
    counted: Bools
    """Evaluated, and this side has a target."""


@dataclass(frozen=True)
class Gates:
    """(units, periods) each."""

    begins_worse: Bools
    """How a unit without a level begins: off target by more than the dead-band."""
    enter_warning: Bools
    enter_critical: Bools
    leave_warning: Bools
    leave_critical: Bools
    worse: Floats
    """Of the last `within` evaluations together."""
    deviate: Floats
    """Evidence that they are truly worse than the target, as a normal deviate."""


class _Window(NamedTuple):
    """The last so many periods together; NaN where none of them was evaluated."""

    evaluated: Floats
    worse: Floats
    error: Floats
    deviate: Floats


def gates(side: Side, rules: Rules) -> Gates:
    """What each period's last evaluations would allow."""
    if not side.counted.any():
        closed, nothing = np.zeros(side.worse.shape, dtype=np.bool_), np.full(side.worse.shape, np.nan)
        return Gates(closed, closed, closed, closed, closed, nothing, nothing)
    worse, gap = side.worse, side.gap
    band = np.where(np.isfinite(gap), DEADBAND_SHARE * gap, 0.0) if rules.deadband is None else rules.deadband
    sums = _running_sums(side)
    off = worse > 0
    often = over_last(side.counted & off, rules.within) >= rules.hold
    enter_warning, enter_critical = (
        np.zeros(worse.shape, dtype=np.bool_),
        np.zeros(worse.shape, dtype=np.bool_),
    )
    for periods in range(rules.hold, rules.within + 1):
        seen = _window(sums, periods)
        enough = often & off & (seen.evaluated >= rules.hold)
        enter_warning |= enough & (seen.worse > np.maximum(band, rules.errors_to_enter * seen.error))
        enter_critical |= (
            enough & (seen.worse > gap * (1 + ROUNDING)) & (seen.deviate >= ndtri(rules.confidence))
        )
    soon, late, pooled = (_window(sums, periods) for periods in (rules.hold, rules.release, rules.within))
    margin = np.maximum(band, rules.errors_to_leave * late.error)
    late_enough, soon_enough = late.evaluated >= rules.hold, soon.evaluated >= rules.hold
    settled, eased = (_all_of_last(side, better, rules.settle) for better in (worse < 0, worse < gap))
    back = soon_enough & (soon.worse < -np.maximum(band, rules.errors_to_enter * soon.error))
    return Gates(
        begins_worse=worse > band,
        enter_warning=enter_warning,
        enter_critical=enter_critical,
        leave_warning=(late_enough & (late.worse < -margin) & (worse < 0)) | settled,
        leave_critical=(late_enough & (late.worse < gap - margin) & (worse < gap)) | back | eased,
        worse=pooled.worse,
        deviate=pooled.deviate,
    )


def _all_of_last(side: Side, better: Bools, evaluations: int) -> Bools:
    """Whether the last so many periods were all evaluated and better."""
    found: Bools = over_last(side.counted & better, evaluations) >= evaluations
    return found


def _running_sums(side: Side) -> list[Floats]:
    """(units, periods + 1) sums of count, n, n x worse, (n x error)^2 and root n x deviate, from which windows follow."""
    n = np.where(side.counted, side.n, 0.0)
    worse, error = (np.where(side.counted, array, 0.0) for array in (side.worse, side.error))
    sampled = ndtri(np.clip(side.probability, 1e-15, 1 - 1e-15))
    deviate = np.where(np.isnan(side.probability), CERTAIN * np.sign(worse), sampled)
    terms = (side.counted, n, n * worse, (n * error) ** 2, np.sqrt(n) * deviate)
    return [_running(term) for term in terms]


def over_last(terms: NDArray[np.generic], periods: int) -> Floats:
    """Sum of the last so many periods at each period, (units, periods)."""
    return _last(_running(terms), periods)


def _running(terms: NDArray[np.generic]) -> Floats:
    found: Floats = np.pad(np.cumsum(terms, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    return found


def _last(sums: Floats, periods: int) -> Floats:
    found = sums[:, 1:].copy()
    found[:, periods:] -= sums[:, 1:-periods]
    return found


def _window(sums: list[Floats], periods: int) -> _Window:
    count, n, worse, variance, deviate = (_last(array, periods) for array in sums)
    n = np.where(count > 0.5, n, np.nan)
    return _Window(count, worse / n, np.sqrt(np.maximum(variance, 0.0)) / n, deviate / np.sqrt(n))
