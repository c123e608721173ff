"""The shop floor: cars queue for bays, first come first served, and hold one while they are worked on or blocked.

A quarter of the bays is kept for short work. A car that stays is looked at on the forecourt, then parked until one of
the other bays is free, today or on the next open day. All store-days are simulated side by side: the loop runs over the
n-th car of a day, not over days or stores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seed.levels import Floats
from seed.network import Ints

PIECE_MINUTES = 300.0
INTAKE_MINUTES = 18.0
QUICK_SHARE = 0.25
OVERTIME = 40.0
LATEST = 85.0
SHORTEST = 8.0
SPAN = 100_000
Bools = NDArray[np.bool_]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Stretches:
    """Times for which a job wants a bay on a day. `ready` and `minutes` in minutes; `short` may use any bay."""

    job: Ints
    row: Ints
    day: Ints
    ready: Floats
    minutes: Floats
    short: Bools

    def take(self, which: NDArray[np.generic]) -> Stretches:
        return Stretches(*(column[which] for column in self.columns))

    @property
    def columns(self) -> tuple[NDArray[np.generic], ...]:
        return (self.job, self.row, self.day, self.ready, self.minutes, self.short)


@dataclass(frozen=True)
class Pieces:
    """Stretches for which a job holds a bay. Minutes of the day; sorted by job and day."""

    job: Ints
    row: Ints
    day: Ints
    bay: Ints
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Hours:
    """Opening of the stores of a chunk: one element a row; `next_open` is (rows, days) from `first`."""

    opens: Ints
    closes: Ints
    bays: Ints
    first: int
    next_open: NDArray[np.int32]

    def following(self, row: Ints, day: Ints) -> Ints:
        """The first open day after `day`."""
        return self.next_open[row, day + 1 - self.first].astype(np.int64)


def _stacked(parts: list[Stretches]) -> Stretches:
    return Stretches(
        *(np.concatenate(column) for column in zip(*(part.columns for part in parts), strict=True))
    )


def queue(cars: Stretches, bays: Ints) -> tuple[Floats, Ints]:
    """Start minute and bay of every car; within a day first ready, first served. `bays` is per row."""
    if not len(cars.job):
        return np.zeros(0), np.zeros(0, np.int64)
    key = cars.row.astype(np.int64) * SPAN + cars.day
    order = np.argsort(key * 1_000_000 + (cars.ready * 600).astype(np.int64), kind="stable")
    ranked = key[order]
    heads = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    sizes = np.diff(np.append(heads, len(ranked)))
    by_size = np.argsort(-sizes, kind="stable")
    heads, sizes = heads[by_size], sizes[by_size]
    count_bays = bays[cars.row[order[heads]]]
    lanes = int(bays.max())
    free = np.where(np.arange(lanes)[:, None] < count_bays, 0.0, np.inf).astype(np.float32)
    kept = np.maximum(1, np.round(count_bays * QUICK_SHARE)).astype(np.int64)
    start, bay = np.empty(len(key), np.float32), np.empty(len(key), np.int64)
    ready, minutes = cars.ready[order].astype(np.float32), cars.minutes[order].astype(np.float32)
    long = ~cars.short[order]
    line = np.arange(len(heads))
    alive = np.searchsorted(-sizes, -np.arange(int(sizes[0])), side="left")
    for turn, count in enumerate(alive):
        car = heads[:count] + turn
        begin, chosen = _earliest(free[:, :count], ready[car], long[car], kept[:count])
        free[chosen, line[:count]] = begin + minutes[car]
        start[car], bay[car] = begin, chosen
    out_start, out_bay = np.empty(len(key)), np.empty(len(key), np.int64)
    out_start[order], out_bay[order] = start, bay
    return out_start, out_bay


def _earliest(free: Singles, ready: Singles, long: Bools, kept: Ints) -> tuple[Singles, Ints]:
    """Per store-day the bay in which a car can begin first, and when; long work may not use the bays that are kept."""
    begin = np.full(len(ready), np.inf, np.float32)
    chosen = np.zeros(len(ready), np.int64)
    most_kept = int(kept.max())
    for lane, when in enumerate(free):
        possible = np.maximum(when, ready)
        if lane < most_kept:
            possible[long & (lane < kept)] = np.inf
        better = possible < begin
        chosen[better] = lane
        np.minimum(begin, possible, out=begin)
    return begin, chosen


def _wanted(row: Ints, day: Ints, ready: Floats, minutes: Floats, stays: Bools, hours: Hours) -> Stretches:
    """One stretch a job; those that stay come on as many days as they need, in pieces."""
    job = np.arange(len(row))
    now = ~stays
    parts = [Stretches(job[now], row[now], day[now], ready[now], minutes[now], np.ones(int(now.sum()), bool))]
    job, row, day, left = job[stays], row[stays], day[stays], minutes[stays]
    when = ready[stays] + INTAKE_MINUTES + 10 + (job % 11) * 10.0
    late = when > hours.closes[row] - 60
    day = np.where(late, hours.following(row, day), day)
    when = np.where(late, hours.opens[row] + (job % 7) * 12.0, when)
    room = np.minimum(hours.closes[row] - when - 5, PIECE_MINUTES)
    while len(job):
        piece = np.minimum(left, room)
        parts.append(Stretches(job, row, day, when, piece, np.zeros(len(job), bool)))
        left = left - piece
        more = left > 5
        job, row, left = job[more], row[more], left[more]
        day = hours.following(row, day[more])
        when = hours.opens[row] + (job % 13) * 14.0
        room = np.full(len(job), PIECE_MINUTES)
    return _stacked(parts)


def work_through(
    row: Ints, day: Ints, ready: Floats, minutes: Floats, stays: Bools, hours: Hours
) -> tuple[Pieces, Bools]:
    """Where and when every job held a bay, and which jobs were not finished on the day that was planned.

    `ready` is the minute from which a car may enter a bay, `minutes` how long it needs one.
    """
    plan = _wanted(row, day, ready, minutes, stays, hours)
    start, _ = queue(plan, hours.bays)
    late = (start + plan.minutes > hours.closes[plan.row] + OVERTIME) & ~plan.short
    now = plan.take(~late)
    over, begin = plan.take(late), start[late]
    today = np.maximum(hours.closes[over.row] - begin, 0.0)
    today = np.where(today > 20, today, 0.0)
    begun = Stretches(over.job, over.row, over.day, over.ready, today, over.short).take(today > 0)
    following = hours.following(over.row, over.day)
    morning = hours.opens[over.row] + (over.job % 7) * 10.0
    rest = Stretches(
        over.job, over.row, following, morning, np.maximum(over.minutes - today, SHORTEST), over.short
    )
    final = _stacked([now, begun, rest])
    start, bay = queue(final, hours.bays)
    latest = hours.closes[final.row] + LATEST
    start = np.minimum(start, latest - SHORTEST)
    end = np.minimum(start + final.minutes, np.maximum(latest, start + SHORTEST))
    order = np.argsort((final.job * SPAN + final.day) * 2_000 + start.astype(np.int64), kind="stable")
    was_late = np.zeros(len(row), bool)
    was_late[over.job] = True
    columns = (final.job, final.row, final.day, bay, start, end)
    return Pieces(*(column[order] for column in columns)), was_late
