"""Parts in the stores: what was asked for, what lay on the shelf at each week's end, and what it was worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data_access.schema import PART_REQUEST, STOCK_BALANCE, STOCK_LEVEL
from seed import rows
from seed.ledger import Writer
from seed.levels import Floats, blend
from seed.network import Ints
from seed.parts import NEVER, Parts
from seed.scale import DAY
from seed.work import HURRIED_SHARE, Used

Bools = NDArray[np.bool_]
WEEKS = 13
COVER = ((3.0, 0.75), (0.8, 1.3), (0.0, 2.2))
"""pieces a week from which a cover holds, relative to the store's own days of stock"""
DEAD_WEEKS = 2.5


@dataclass(frozen=True)
class Demand:
    """Request lines: one element a line. `lost` ones have no part line."""

    row: Ints
    part: Ints
    day: Ints
    moment: Ints
    quantity: Ints
    hurried: Bools
    lost: Bools
    cost_cents: Ints


def demand(writer: Writer, used: Used, rng: np.random.Generator) -> Demand:
    """Part lines, and lines asked for that could not be served."""
    world, ledger = writer.world, writer.ledger
    place = ledger.position[used.order]
    row, moment = ledger.orders.row[place], ledger.orders.ended[place]
    shortage = blend(
        world.network.levels.shortage[world.stores[row]], world.phase[row, moment // DAY - world.first]
    )
    lost = np.flatnonzero(rng.random(len(row)) < shortage * (1 - HURRIED_SHARE))
    pick = np.concatenate([np.arange(len(row)), lost])
    is_lost = np.arange(len(pick)) >= len(row)
    return Demand(
        row[pick], used.part[pick], moment[pick] // DAY, moment[pick], used.quantity[pick],
        used.hurried[pick] & ~is_lost, is_lost, np.where(is_lost, 0, used.cost_cents[pick]),
    )  # fmt: skip


def requests(writer: Writer, lines: Demand, parts: Parts) -> None:
    """Complete days as one row a store, part and day; the others line by line, for the tape to add up."""
    out, world = writer.out, writer.world
    whole = (lines.day + 1) * DAY <= out.border[world.stores[lines.row]]
    span = int(lines.day.max()) + 1
    key = (lines.row[whole] * span + lines.day[whole]) * len(parts) + lines.part[whole]
    found, group = np.unique(key, return_inverse=True)

    def total(weights: NDArray[np.generic]) -> Ints:
        return np.bincount(group, weights[whole], minlength=len(found)).astype(np.int64)

    sums = (total(lines.quantity), total(np.ones(len(lines.row))), total(lines.hurried), total(lines.lost))
    row, day = found // len(parts) // span, found // len(parts) % span
    zero = np.zeros(len(found), np.int64)
    out.add(
        PART_REQUEST,
        world.stores[row],
        zero,
        zero,
        _request(writer, parts, row, found % len(parts), day, sums),
    )
    rest = np.flatnonzero(~whole)
    one = np.ones(len(rest), np.int64)
    sums = (
        lines.quantity[rest],
        one,
        lines.hurried[rest].astype(np.int64),
        lines.lost[rest].astype(np.int64),
    )
    columns = _request(writer, parts, lines.row[rest], lines.part[rest], lines.day[rest], sums)
    final = np.full(len(rest), (world.network.run.horizon + 1) * DAY)
    out.add(PART_REQUEST, world.stores[lines.row[rest]], lines.moment[rest], final, columns)


def _request(
    writer: Writer, parts: Parts, row: Ints, part: Ints, day: Ints, sums: tuple[Ints, Ints, Ints, Ints]
) -> dict[str, pa.Array]:
    quantity, lines, hurried, lost = sums
    return {
        "store_id": writer.stores(row),
        "part_no": rows.pick(list(parts.part_no), part),
        "day": rows.dates(day),
        "quantity": rows.numbers(quantity),
        "lines": rows.counts(lines),
        "lines_filled": rows.counts(lines - hurried - lost),
        "lines_emergency": rows.counts(hurried),
        "lines_lost": rows.counts(lost),
    }


class Shelves:
    """Stock of a chunk's stores at week ends; arrays are (pairs, weeks), a pair being a store and one of its parts."""

    def __init__(
        self, writer: Writer, lines: Demand, parts: Parts, assortment: Bools, rng: np.random.Generator
    ):
        self.writer, self.parts, self.rng, self.lines = writer, parts, rng, lines
        run = writer.world.network.run
        self.monday = run.first - (run.first + 3) % 7
        self.weeks = (run.tape_end - self.monday + 6) // 7 + 1
        stocked = assortment.copy()
        stocked[lines.row, lines.part] = True
        stocked[~writer.world.network.live[writer.world.stores]] = False
        self.row, self.part = np.nonzero(stocked)
        self.pair = np.full(stocked.shape, -1)
        self.pair[self.row, self.part] = np.arange(len(self.row))
        self._count()
        self._fill()

    def _count(self) -> None:
        """Pieces issued from the shelf by week, 13 weeks of a likely past before the first; last day of issue."""
        lines, count = self.lines, len(self.row)
        taken = ~lines.lost & ~lines.hurried
        self.pair_of_line = self.pair[lines.row, lines.part]
        week = (lines.day - self.monday) // 7
        cell = self.pair_of_line * self.weeks + week
        issued = np.bincount(cell[taken], lines.quantity[taken], minlength=count * self.weeks)
        issued = issued.reshape(count, self.weeks)
        start = issued[:, 1:9].mean(1) if self.weeks > 10 else issued[:, :-2].mean(1)
        past = self.rng.poisson(np.repeat(start[:, None], WEEKS, 1))
        self.issued = np.concatenate([past, issued], axis=1)
        total = np.cumsum(self.issued, axis=1)
        self.quarter = total[:, WEEKS:] - total[:, :-WEEKS]
        last = np.full((count, self.weeks), -1)
        np.maximum.at(last.reshape(-1), cell[taken], lines.day[taken])
        run = self.writer.world.network.run
        before = np.where(start > 0.05, self.rng.integers(1, 40, count), self.rng.integers(150, 700, count))
        last[:, 0] = np.maximum(last[:, 0], run.first - before)
        ended = self.parts.dies_on[self.part]
        last[:, 0] = np.where(ended < run.first, ended + 20, last[:, 0])
        self.last_issue = np.maximum.accumulate(last, axis=1)

    def _fill(self) -> None:
        """Pieces on hand: by demand, so that the store's stock covers the days that its level says."""
        world, parts = self.writer.world, self.parts
        rate = self.quarter / WEEKS
        cover = np.select([rate >= at for at, _ in COVER], [factor for _, factor in COVER])
        wanted = np.where(rate > 0, rate * cover, 0)
        cost = parts.cost[self.part][:, None]
        dead = self._dead(rate)
        week_end = self.monday + np.arange(self.weeks) * 7 + 6
        column = np.clip(week_end - world.first, 0, world.phase.shape[1] - 1)
        days = blend(world.network.levels.stock_days[world.stores], world.phase[:, column])
        count = len(world.stores)
        spent = self._spent(count)
        target = days * spent
        have = np.stack(
            [np.bincount(self.row, (wanted * cost)[:, w], minlength=count) for w in range(self.weeks)], 1
        )
        idle = np.stack(
            [np.bincount(self.row, (dead * cost)[:, w], minlength=count) for w in range(self.weeks)], 1
        )
        scale = np.maximum(target - idle, 0.3 * target) / np.maximum(have, 1)
        saw = self.rng.uniform(0.7, 1.3, wanted.shape)
        pieces = np.floor(wanted * scale[self.row] * saw + self.rng.random(wanted.shape))
        self.quantity = np.where(dead > 0, dead, pieces).astype(np.int64)

    def _dead(self, rate: Floats) -> NDArray[np.int64]:
        """Pieces left of parts that fade: a few weeks of what was once used, for ever."""
        week_end = self.monday + np.arange(self.weeks) * 7 + 6
        run = self.writer.world.network.run
        ends = self.parts.dies_on[self.part]
        fading = (week_end[None, :] > ends[:, None] + 30) & (ends[:, None] < NEVER)
        left = np.ceil(rate.max(axis=1) * DEAD_WEEKS).astype(np.int64)
        left = np.where(ends < run.first, self.rng.integers(4, 15, len(left)), left)
        return np.where(fading, left[:, None], 0)

    def _spent(self, count: int) -> Floats:
        """(stores, weeks) cost of parts issued a day, mean of the quarter around each week."""
        lines = self.lines
        week = (lines.day - self.monday) // 7
        cents = np.bincount(lines.row * self.weeks + week, lines.cost_cents, minlength=count * self.weeks)
        weekly = cents.reshape(count, self.weeks) / 100 / 7
        weekly[:, -1] = weekly[:, -2] = weekly[:, -3]
        weekly[:, 0] = weekly[:, 1]
        padded = np.concatenate(
            [np.repeat(weekly[:, :1], 6, 1), weekly, np.repeat(weekly[:, -1:], 6, 1)], axis=1
        )
        total = np.cumsum(np.concatenate([np.zeros((count, 1)), padded], axis=1), axis=1)
        return (total[:, 13:] - total[:, :-13]) / 13

    def write(self) -> None:
        """Levels on Sundays, on the last complete day and on every day of the tape; the balance of every day."""
        run = self.writer.world.network.run
        sundays = [
            day
            for day in range(self.monday + 6, run.tape_end)
            if (day - self.monday) % 7 == 6 and day >= run.first
        ]
        days = sorted({*sundays, *range(run.today - 1, run.tape_end)})
        found = [self._on(day, day in sundays) for day in days]
        self._balance(np.array(days), np.stack([each[-1] for each in found]))
        day, pair, quantity, cents, ordered, quarter, last, received = (
            np.concatenate(column) for column in zip(*(each[:-1] for each in found), strict=True)
        )
        sort = np.argsort(self.row[pair], kind="stable")
        day, pair, quantity, cents, ordered, quarter, last, received = (
            column[sort] for column in (day, pair, quantity, cents, ordered, quarter, last, received)
        )
        known = (day + 1) * DAY
        columns = {
            "store_id": self.writer.stores(self.row[pair]),
            "part_no": rows.pick(list(self.parts.part_no), self.part[pair]),
            "day": rows.dates(day),
            "quantity": rows.numbers(quantity),
            "value": rows.hundredths(cents),
            "on_order": rows.numbers(ordered),
            "issued_13w": rows.numbers(quarter),
            "last_issued_on": rows.dates(last),
            "last_received_on": rows.dates(received),
        }
        self.writer.out.add(STOCK_LEVEL, self.writer.store_index(self.row[pair]), known, known, columns)

    def _on(self, day: int, is_sunday: bool) -> tuple[Ints, ...]:
        """Day, pair, pieces, value in cents, pieces on order, pieces issued, last issue and receipt of what is stocked
        at the end of a day; and last each store's value in cents."""
        parts, week = self.parts, (day - self.monday) // 7
        share = 1.0 if is_sunday else ((day - self.monday) % 7 + 1) / 7
        before = self.quantity[:, max(week - 1, 0)]
        quantity = np.round(before + (self.quantity[:, week] - before) * share).astype(np.int64)
        quarter = self.quarter[:, week] if is_sunday else self._issued_until(day)
        last = self.last_issue[:, week] if is_sunday else self._last_until(day, week)
        pair = np.flatnonzero(parts.introduced[self.part] <= day)
        cents = np.round(quantity * parts.cost[self.part] * 100).astype(np.int64)
        weekly = self.quarter[:, week]
        received = np.where(weekly > 0, day - 1 - (self.part * 7 + self.row * 3 + week) % 17, last - 20)
        ordered = np.round(weekly / 91 * parts.lead_days[self.part]).astype(np.int64)
        value = np.bincount(self.row[pair], cents[pair], minlength=len(self.writer.world.stores)).astype(
            np.int64
        )
        found = (quantity, cents, ordered, quarter.astype(np.int64), last, received)
        return (np.full(len(pair), day), pair, *(column[pair] for column in found), value)

    def _issued_until(self, day: int) -> Ints:
        lines = self.lines
        inside = (lines.day > day - 91) & (lines.day <= day) & ~lines.lost & ~lines.hurried
        found = np.bincount(self.pair_of_line[inside], lines.quantity[inside], minlength=len(self.row))
        missing = self.writer.world.network.run.first - (day - 90)
        if missing > 0:
            found = found + self.issued[:, WEEKS - min(missing // 7, WEEKS) : WEEKS].sum(1)
        return found.astype(np.int64)

    def _last_until(self, day: int, week: int) -> Ints:
        lines = self.lines
        last = self.last_issue[:, max(week - 1, 0)].copy()
        inside = (lines.day > day - 7) & (lines.day <= day) & ~lines.lost & ~lines.hurried
        np.maximum.at(last, self.pair_of_line[inside], lines.day[inside])
        return np.minimum(last, day)

    def _balance(self, known_days: Ints, matrix: NDArray[np.int64]) -> None:
        """The value of every day; between two days whose levels are known it moves evenly. `matrix` is (days, stores)."""
        writer, run = self.writer, self.writer.world.network.run
        count = len(writer.world.stores)
        days = np.arange(run.first, run.tape_end)
        cents = np.stack([np.round(np.interp(days, known_days, matrix[:, s])) for s in range(count)])
        live = np.flatnonzero(writer.world.network.live[writer.world.stores])
        row, day = np.repeat(live, len(days)), np.tile(days, len(live))
        columns = {
            "store_id": writer.stores(row),
            "day": rows.dates(day),
            "stock_value": rows.hundredths(cents[live].ravel()),
        }
        writer.out.add(STOCK_BALANCE, writer.store_index(row), (day + 1) * DAY, (day + 1) * DAY, columns)
