"""The status machine: from readings, period by period, to a status that does not flicker. Pure and set-wise.

Each side of the target has a level that moves by the gates of `kpi.hysteresis`; the status is the worse of the two, or
unknown with the reason why. A missing period holds the level: red before and after a week without data is one red.
Arrays have the shape (units, periods) unless said otherwise; the loop runs over periods only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from kpi.hysteresis import Gates, Rules, Side, gates, over_last
from kpi.metric import Band, Direction, Limits
from kpi.state import Reason as Reason
from kpi.state import Status

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]
Ints = NDArray[np.int64]

STATES = (Status.GOOD, Status.WARNING, Status.CRITICAL, Status.UNKNOWN)
"""What the codes of `Course.state` mean; the first three are levels."""
GOOD, WARNING, CRITICAL, UNKNOWN = range(4)
NEVER = -1
"""Level of a unit that was not evaluated yet, or too long ago."""


REASONS = tuple(Reason)
CODE = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Readings:
    """What is known of each unit in each period. Limits, errors and flags broadcast to the values' shape.

    Each period brings its own cases: the machine takes the last few together itself, and rolling values, which overlap,
    would count them again and again.

    `good` and `critical` are (low, high); a side without a target is infinite, a target that is not known NaN. `error` is
    the standard error of a value: 0 for a census without noise, `variation.Chart.sigma` for one with. `p_low`, `p_high`
    are P(true value beyond the good limit of that side), NaN for a census. `period` (periods,) are ascending day numbers,
    by default 0, 1, 2 ...
    """

    value: Floats
    n: Floats
    good: tuple[ArrayLike, ArrayLike]
    critical: tuple[ArrayLike, ArrayLike]
    error: ArrayLike = 0.0
    p_low: ArrayLike = np.nan
    p_high: ArrayLike = np.nan
    fresh: ArrayLike = True
    mature: ArrayLike = True
    trusted: ArrayLike = True
    period: Ints | None = None


def sides(limits: Limits | Band, direction: Direction) -> tuple[tuple[float, float], tuple[float, float]]:
    """`good` and `critical` of `Readings` for a metric's limits."""
    if isinstance(limits, Band):
        return limits.good, limits.critical
    if direction is Direction.HIGHER:
        return (limits.good, np.inf), (limits.critical, np.inf)
    return (-np.inf, limits.good), (-np.inf, limits.critical)


@dataclass(frozen=True)
class Memory:
    """What the machine carries on, (units,) each. Days are day numbers, -1 for none."""

    levels: Codes
    """(2, units): of the low and of the high side."""
    since: Ints
    """The period in which the level was entered."""
    previous: Codes
    """The level before, UNKNOWN if none."""
    idle: Ints
    """Periods since the last evaluation."""
    unknown_since: Ints

    @classmethod
    def empty(cls, units: int) -> Memory:
        zeros = np.zeros(units, dtype=np.int64)
        levels = np.full((2, units), NEVER, dtype=np.int8)
        return cls(levels, zeros - 1, np.full(units, UNKNOWN, dtype=np.int8), zeros, zeros - 1)


@dataclass(frozen=True)
class Course:
    """The status of every unit in every period; periods before `first` are UNKNOWN and have no since."""

    state: Codes
    reason: Codes
    side: Codes
    """-1 too low, 1 too high, 0 neither."""
    since: Ints
    """Day number of the period in which the state began."""
    previous: Codes
    """The state before that one."""
    level: Codes
    """As `state`, but holding through periods without data; NEVER before the first evaluation."""
    probability: Floats
    """P(truly worse than the target), the last `within` evaluations together; NaN for a census."""
    memory: Memory
    """After the last period, to continue from."""


def fold(readings: Readings, rules: Rules, start: Memory | None = None, first: int = 0) -> Course:
    """Runs the machine over all periods. To continue from stored states, give the max(within, release, settle) - 1 periods
    before the new ones as well and name the new ones' `first`: earlier ones only fill the windows."""
    shape = readings.value.shape
    days = np.arange(shape[1]) if readings.period is None else readings.period
    excuse = _excuses(readings)
    usable, waits = excuse < 0, excuse == CODE[Reason.IMMATURE]
    excuse[usable & (over_last(np.where(usable, readings.n, 0.0), rules.within) < rules.n_min)] = CODE[
        Reason.TOO_FEW
    ]
    known = excuse < 0
    seen_from = _sides(readings, usable)
    doors = [gates(side, rules) for side in seen_from]
    now = start or Memory.empty(shape[0])
    state, previous = np.full(shape, UNKNOWN, dtype=np.int8), np.full(shape, UNKNOWN, dtype=np.int8)
    since, levels = np.full(shape, -1, dtype=np.int64), np.full((2, *shape), NEVER, dtype=np.int8)
    for t in range(first, shape[1]):
        now, shown = _step(now, doors, t, known[:, t], waits[:, t], int(days[t]), rules.forget)
        level = now.levels.max(axis=0)
        levels[:, :, t] = now.levels
        state[:, t] = np.where(shown, level, UNKNOWN)
        since[:, t] = np.where(shown, now.since, now.unknown_since)
        previous[:, t] = np.where(shown, now.previous, np.where(level < 0, UNKNOWN, level))
    side = _side(levels, doors)
    reason = np.where((state == UNKNOWN) | waits, excuse, _reasons(levels, side, seen_from, doors))
    return Course(
        state,
        reason.astype(np.int8),
        side,
        since,
        previous,
        levels.max(axis=0),
        _probability(side, seen_from, doors),
        now,
    )


def _excuses(readings: Readings) -> Codes:
    """Code of the reason why a period cannot be used; -1 where it can."""
    value, n = readings.value, readings.n
    limits = (np.asarray(limit, dtype=np.float64) for limit in (*readings.good, *readings.critical))
    checks = {
        Reason.NO_DATA: np.isnan(value) | ~(n > 0),
        Reason.STALE: ~np.asarray(readings.fresh, dtype=np.bool_),
        Reason.POOR_QUALITY: ~np.asarray(readings.trusted, dtype=np.bool_),
        Reason.IMMATURE: ~np.asarray(readings.mature, dtype=np.bool_),
        Reason.NO_TARGET: np.logical_or.reduce(
            [np.broadcast_to(np.isnan(limit), value.shape) for limit in limits]
        ),
    }
    flags = [np.broadcast_to(flag, value.shape) for flag in checks.values()]
    return np.select(flags, [CODE[reason] for reason in checks], -1).astype(np.int8)


def _sides(readings: Readings, usable: Bools) -> list[Side]:
    value, shape = readings.value, readings.value.shape
    (low, high), (bottom, top) = (
        [np.asarray(limit, dtype=np.float64) for limit in pair] for pair in (readings.good, readings.critical)
    )
    found = []
    for limit, away, way, probability in ((low, bottom, -1, readings.p_low), (high, top, 1, readings.p_high)):
        with np.errstate(invalid="ignore"):  # infinity minus infinity where a side has no target
            worse, gap = way * (value - limit), np.abs(away - limit)
        gap, error, p, has = (
            np.broadcast_to(np.asarray(array), shape)
            for array in (
                np.where(np.isnan(gap), np.inf, gap),
                readings.error,
                probability,
                np.isfinite(limit),
            )
        )
        found.append(Side(np.where(has, worse, -np.inf), gap, readings.n, error, p, usable & has))
    return found


def _step(
    now: Memory, doors: list[Gates], t: int, known: Bools, waits: Bools, day: int, forget: int
) -> tuple[Memory, Bools]:
    """The memory after period t, and which units' level may be shown in it."""
    before = now.levels.max(axis=0)
    idle = np.where(known, 0, np.where(waits, now.idle, now.idle + 1))
    levels = np.array(
        [np.where(known, _moved(old, door, t), old) for old, door in zip(now.levels, doors, strict=True)]
    )
    levels[:, idle >= forget] = NEVER
    level = levels.max(axis=0)
    changed = level != before
    previous = np.where(changed, np.where(before < 0, UNKNOWN, before), now.previous).astype(np.int8)
    shown = (known | waits) & (level >= 0)
    unknown_since = np.where(shown, -1, np.where(now.unknown_since < 0, day, now.unknown_since))
    return Memory(
        levels.astype(np.int8), np.where(changed, day, now.since), previous, idle, unknown_since
    ), shown


def _moved(level: Codes, door: Gates, t: int) -> Codes:
    critical = door.enter_critical[:, t]
    warning = door.enter_warning[:, t] | critical
    level = np.where(level < 0, door.begins_worse[:, t], level).astype(np.int8)
    level = np.where((level == CRITICAL) & door.leave_critical[:, t] & ~critical, WARNING, level)
    level = np.where((level == WARNING) & door.leave_warning[:, t] & ~warning, GOOD, level)
    return np.where(critical, CRITICAL, np.maximum(level, warning)).astype(np.int8)


def _side(levels: Codes, doors: list[Gates]) -> Codes:
    """The side the status comes from: the worse level, at equal ones the one further off target."""
    low, high = (np.nan_to_num(door.worse, nan=-np.inf) for door in doors)
    high_wins = (levels[1] > levels[0]) | ((levels[1] == levels[0]) & (high > low))
    found: Codes = np.where(levels.max(axis=0) <= GOOD, 0, np.where(high_wins, 1, -1)).astype(np.int8)
    return found


def _picked(side: Codes, low: Floats, high: Floats, low_worse: Floats, high_worse: Floats) -> Floats:
    """Of the side the status comes from; where it is good, of the one nearer to its limit."""
    with np.errstate(invalid="ignore"):
        use_high = np.where(side == 0, high_worse > low_worse, side > 0)
    return np.where(use_high, high, low)


def _reasons(levels: Codes, side: Codes, seen_from: list[Side], doors: list[Gates]) -> Codes:
    low, high = seen_from
    worse = _picked(side, low.worse, high.worse, low.worse, high.worse)
    gap = _picked(side, low.gap, high.gap, low.worse, high.worse)
    together = _picked(side, doors[0].worse, doors[1].worse, low.worse, high.worse)
    level = levels.max(axis=0)
    with np.errstate(invalid="ignore"):
        found = np.select(
            [level == CRITICAL, level == WARNING],
            [
                np.where(
                    (worse > gap) | (together > gap), CODE[Reason.BEYOND_LIMIT], CODE[Reason.RECOVERING]
                ),
                np.select(
                    [worse > gap, worse > 0],
                    [CODE[Reason.PERHAPS], CODE[Reason.OFF_TARGET]],
                    CODE[Reason.RECOVERING],
                ),
            ],
            np.where(worse > 0, CODE[Reason.WORSENING], CODE[Reason.ON_TARGET]),
        )
    return found.astype(np.int8)


def _probability(side: Codes, seen_from: list[Side], doors: list[Gates]) -> Floats:
    low, high = seen_from
    deviate = _picked(side, doors[0].deviate, doors[1].deviate, low.worse, high.worse)
    sampled = ~np.isnan(_picked(side, low.probability, high.probability, low.worse, high.worse))
    return np.where(sampled, ndtr(deviate), np.nan)


def occurrences(level: Codes, season: ArrayLike, of: int = CRITICAL) -> Ints:
    """How many separate times a unit was at this level in the season up to each period: "the 3rd time this quarter".

    `season` (periods,) numbers the quarter of each period; a level carried over its start counts as the first time.
    """
    at = level == of
    number = np.asarray(season)
    opens = np.concatenate([[True], number[1:] != number[:-1]])
    begins = at & (opens | ~np.pad(at, ((0, 0), (1, 0)))[:, :-1])
    so_far = np.cumsum(begins, axis=1, dtype=np.int64)
    start = np.maximum.accumulate(np.where(opens, np.arange(len(number)), 0))
    found: Ints = so_far - np.pad(so_far, ((0, 0), (1, 0)))[:, start]
    return found


def days_in_state(since: Ints, period: ArrayLike) -> Ints:
    """Days from the day a state began to each period's day, both counted; 0 where it has no beginning."""
    found: Ints = np.where(since < 0, 0, np.asarray(period, dtype=np.int64) - since + 1)
    return found
