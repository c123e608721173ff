"""Is a series' movement signal or noise? XmR control charts with the NHS "Making Data Count" rules, for many series.

The rules, constants and their precedence are those of the R package NHSRplotthedots 0.2 (`ptd_spc_standard`,
`ptd_calculate_point_type`, `ptd_calculate_assurance_type`). Chart residuals of a calendar profile or weekly sums, never
raw days: weekdays and holidays would inflate the moving range (domain.md 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.metric import Direction
from kpi.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

LIMIT = 2.66
"""3 / 1.128: from the mean moving range to three standard deviations."""
NEAR = LIMIT * 2 / 3
SCREEN = 3.267
"""Moving ranges from this multiple of their mean on are left out of the limits (Nelson 1982)."""
RUN = 7
MIN_POINTS = 15
"""Fewer known points make no limits and no icon (domain.md 3.2)."""


class Cause(IntEnum):
    """Why a point stands out. High causes are odd, low ones even; the order is the package's precedence."""

    NONE = -1  # no value, or too few points to judge
    COMMON = 0
    ABOVE_LIMIT = 1
    BELOW_LIMIT = 2
    RISING = 3
    FALLING = 4
    TWO_OF_THREE_HIGH = 5
    TWO_OF_THREE_LOW = 6
    SHIFT_HIGH = 7
    SHIFT_LOW = 8


class Variation(IntEnum):
    NONE = -1
    COMMON = 0
    IMPROVEMENT = 1
    CONCERN = 2
    NEUTRAL_HIGH = 3
    NEUTRAL_LOW = 4


class Assurance(IntEnum):
    NONE = -1
    PASS = 0
    FAIL = 1
    HIT_AND_MISS = 2


ASSURANCE_WORDS = {
    Assurance.PASS: Text("reliably on target", "稳定达标"),
    Assurance.FAIL: Text("cannot reach the target", "无法达标"),
    Assurance.HIT_AND_MISS: Text("hit and miss", "时好时坏"),
}


@dataclass(frozen=True)
class Chart:
    """Centre, limits and cause of every point; all of the shape given, (T,) or (units, T). NaN: too few points."""

    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    cause: Codes

    @property
    def latest(self) -> Codes:
        """Cause of the last known point of each series, () or (units,)."""
        known = ~np.isnan(self.values)
        last = known.shape[-1] - 1 - np.argmax(known[..., ::-1], axis=-1)
        found: Codes = np.take_along_axis(self.cause, last[..., None], axis=-1)[..., 0]
        return found

    @property
    def sigma(self) -> Floats:
        """Standard deviation of the noise from point to point, () or (units,): mean moving range / 1.128."""
        return (self.upper - self.centre)[..., -1] / 3


def xmr(
    values: ArrayLike,
    *,
    breaks: Sequence[int] = (),
    baseline: int | None = None,
    screen: bool = True,
    min_points: int = MIN_POINTS,
) -> Chart:
    """The control chart of one series (T,) or of many (units, T); NaN is a gap, and points beside it are neighbours.

    At each index in `breaks` (a changed target or definition) limits and rules begin anew. `baseline` fixes the limits
    to the first so many known points of a segment.
    """
    given = np.asarray(values, dtype=np.float64)
    table = np.atleast_2d(given)
    edges = [0, *sorted({edge for edge in breaks if 0 < edge < table.shape[1]}), table.shape[1]]
    parts = [_segment(table[:, start:end], baseline, screen, min_points) for start, end in pairwise(edges)]
    centre, lower, upper, cause = (
        np.concatenate(arrays, axis=1).reshape(given.shape) for arrays in zip(*parts, strict=True)
    )
    return Chart(given, centre, lower, upper, cause)


def _segment(
    values: Floats, baseline: int | None, screen: bool, min_points: int
) -> tuple[Floats, Floats, Floats, Codes]:
    known = ~np.isnan(values)
    order = np.argsort(~known, axis=1, kind="stable")  # known points to the left, in their order
    y = np.take_along_axis(values, order, axis=1)
    centre, spread = limits(y[:, :baseline], screen=screen)
    enough = known.sum(axis=1) >= min_points
    centre, spread = (np.where(enough, array, np.nan)[:, None] for array in (centre, spread))
    cause = np.empty(values.shape, dtype=np.int8)
    np.put_along_axis(cause, order, special_causes(y, centre, spread), axis=1)
    cause[~known | ~enough[:, None]] = Cause.NONE
    full = np.broadcast_to(centre, values.shape)
    return full, full - LIMIT * spread, full + LIMIT * spread, cause


def limits(y: Floats, *, screen: bool = True) -> tuple[Floats, Floats]:
    """Mean and (screened) mean moving range of each row; (units,), NaN without two points."""
    ranges = np.abs(np.diff(y, axis=1))
    spread = _mean(ranges)
    if screen:  # a constant series has no ranges below 3.267 x 0: keep its zeros
        kept = (ranges < SCREEN * spread[:, None]) | (spread[:, None] == 0)
        spread = _mean(np.where(kept, ranges, np.nan))
    return _mean(y), spread


def _mean(rows: Floats) -> Floats:
    known = ~np.isnan(rows)
    count = known.sum(axis=1)
    total: Floats = np.where(known, rows, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def special_causes(y: Floats, centre: Floats, spread: Floats) -> Codes:
    """Cause codes of rows whose known points stand at the left; `centre`, `spread` (units, 1) or (units, T)."""
    side = np.sign(y - centre)
    away = np.abs(y - centre)
    outside = away > LIMIT * spread
    near = ~outside & (away > NEAR * spread)
    trend = part_of_run(trend_ends(y))
    pair = near & two_in_three(near, side)
    shift = part_of_run(shift_ends(side))
    rising = _rises(y, trend)
    high = side > 0
    found = np.select(
        [outside, trend, pair, shift],
        [
            np.where(high, Cause.ABOVE_LIMIT, Cause.BELOW_LIMIT),
            np.where(rising, Cause.RISING, Cause.FALLING),
            np.where(high, Cause.TWO_OF_THREE_HIGH, Cause.TWO_OF_THREE_LOW),
            np.where(high, Cause.SHIFT_HIGH, Cause.SHIFT_LOW),
        ],
        Cause.COMMON,
    )
    return found.astype(np.int8)


def _all_of_last(flags: Bools, length: int) -> Bools:
    """Whether this and the `length` - 1 flags before it are all set."""
    width = flags.shape[1]
    found = np.zeros(flags.shape, dtype=np.bool_)
    if width >= length:
        windows = [flags[:, start : width - length + 1 + start] for start in range(length)]
        found[:, length - 1 :] = reduce(np.logical_and, windows)
    return found


def shift_ends(side: Floats) -> Bools:
    """Where seven points on one side of the mean are complete."""
    return _all_of_last(side == 1, RUN) | _all_of_last(side == -1, RUN)


def trend_ends(y: Floats) -> Bools:
    """Where seven points, each above (or each below) the one before, are complete."""
    steps = np.sign(np.diff(y, axis=1))
    ends = _all_of_last(steps == 1, RUN - 1) | _all_of_last(steps == -1, RUN - 1)
    return np.concatenate([np.zeros((len(y), 1), dtype=np.bool_), ends], axis=1)


def part_of_run(ends: Bools) -> Bools:
    """Marks back the seven points whose last one is set."""
    found = ends.copy()
    for back in range(1, min(RUN, ends.shape[1])):
        found[:, :-back] |= ends[:, back:]
    return found


def two_in_three(near: Bools, side: Floats) -> Bools:
    """Points of a window of three on one side of the mean of which at least two are near the limit."""
    width = near.shape[1]
    found = np.zeros(near.shape, dtype=np.bool_)
    if width < 3:
        return found
    near_count = sum(near[:, k : width - 2 + k].astype(np.int8) for k in range(3))
    one_side = np.abs(sum(side[:, k : width - 2 + k] for k in range(3))) == 3
    window = (near_count >= 2) & one_side
    for k in range(3):
        found[:, k : width - 2 + k] |= window
    return found


def _rises(y: Floats, trend: Bools) -> Bools:
    """Direction of a trend at each of its points: towards the next point, at its end from the one before."""
    step = np.sign(np.diff(y, axis=1))
    edge = np.zeros((len(y), 1))
    from_left = np.concatenate([edge, step], axis=1)
    to_right = np.concatenate([step, edge], axis=1)
    goes_on = trend & np.concatenate([trend[:, 1:], np.zeros((len(y), 1), dtype=np.bool_)], axis=1)
    rises: Bools = np.where(goes_on, to_right, from_left) == 1
    return rises


def variation(cause: Codes, direction: Direction) -> Codes:
    """Variation codes: what the cause means for a metric of this direction."""
    high, low = (cause > 0) & (cause % 2 == 1), (cause > 0) & (cause % 2 == 0)
    upward = {
        Direction.HIGHER: (Variation.IMPROVEMENT, Variation.CONCERN),
        Direction.LOWER: (Variation.CONCERN, Variation.IMPROVEMENT),
    }.get(direction, (Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW))
    rest = np.where(cause < 0, Variation.NONE, Variation.COMMON)
    return np.select([high, low], upward, rest).astype(np.int8)


def assurance(lower: ArrayLike, upper: ArrayLike, target: ArrayLike, direction: Direction) -> Codes:
    """Will the process reach the target? Limits () or (units,); for a band `target` is (low, high) in the last axis."""
    low, high, goal = (np.asarray(array, dtype=np.float64) for array in (lower, upper, target))
    if direction is Direction.BAND:
        passes = (low >= goal[..., 0]) & (high <= goal[..., 1])
        fails = (high < goal[..., 0]) | (low > goal[..., 1])
        goal = goal.sum(axis=-1)
    elif direction is Direction.HIGHER:
        passes, fails = goal < low, goal > high
    else:
        passes, fails = goal > high, goal < low
    known = ~np.isnan(low + high + goal) & (direction is not Direction.NEUTRAL)
    codes = np.select(
        [~known, passes, fails], [Assurance.NONE, Assurance.PASS, Assurance.FAIL], Assurance.HIT_AND_MISS
    )
    return codes.astype(np.int8)
