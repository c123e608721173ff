"""How much to have on the shelf: order-up-to levels from the distribution of demand, orders, transfers, and the replay
of a policy on history.

Pieces are whole numbers. Periods are those of the demand (a week), lead times and reviews are given in periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prediction import counts
from prediction.demand import Forecast
from prediction.history import Flags, Floats, Whole, as_table

HOLDING = 0.20 / 52
"""What a piece on the shelf costs a week, as a share of what it was bought for (domain.md 4.2: 20 % a year)."""
LOSS = np.array([50.0, 100.0])
"""CNY that a request costs which the shelf cannot serve, by whether its lack stops a car. Set so that the replay of a
demo network serves no fewer requests than levels of 98, 95 and 90 % by value class did."""
SERVICE_BOUNDS = (0.90, 0.999)
"""The lowest that domain.md 4.2 sets for any class; beyond the highest a level hangs on a tail that nobody has seen."""
ABC_SHARES = (0.80, 0.95)
PHASE_IN, PHASE_OUT = 3, 1
"""Demands within a year that bring a part onto the shelf, and below which it leaves again."""


def abc(value: Floats) -> Whole:
    """0 A, 1 B, 2 C by demand value (series,): the parts that make the first 80 %, the next 15 %, and the rest."""
    worth = np.nan_to_num(value)
    order = np.argsort(-worth, kind="stable")
    before = np.cumsum(worth[order]) - worth[order]
    kinds = np.empty(len(worth), np.int64)
    kinds[order] = np.searchsorted(np.array(ABC_SHARES) * worth.sum(), before, side="right")
    return np.where(worth > 0, kinds, len(ABC_SHARES))


def critical_ratio(loss: Any, holding: Any) -> Floats:
    """Newsvendor: the chance to have enough that costs least, from what a piece too few and one too many cost."""
    short, over = np.asarray(loss, np.float64), np.asarray(holding, np.float64)
    return short / (short + over)


def service(cost: Any, periods: Any, critical: Flags) -> Floats:
    """Chance to have enough for all weeks of lead time and review, from the cost of a piece in CNY.

    A piece more is held all these weeks to serve the requests of one of them. One price of a lost request for all parts
    serves most of them from a given stock, so the dear and the slow to come may run out sooner than others.
    """
    loss = LOSS[np.asarray(critical, np.int64)]
    return np.clip(critical_ratio(loss, HOLDING * np.asarray(cost) * np.asarray(periods)), *SERVICE_BOUNDS)


def assortment(demand: Any, stocked: Flags, year: int = 52) -> Flags:
    """What belongs on the shelf: 3 demands within a year bring a part in, none within a year takes it out."""
    asked = (as_table(demand)[-year:] > 0).sum(axis=0)
    kept: Flags = np.where(stocked, asked >= PHASE_OUT, asked >= PHASE_IN)
    return kept


def order_up_to(
    forecast: Forecast, lead: Any, review: float, target: Any, deviation: Any = 0.0, keep: Flags | None = None
) -> Floats:
    """Level (series,): the smallest that meets all demand of lead time and review with chance `target`.

    `lead`, `review` and `deviation` (of the lead time) in periods. 0 for what `keep` leaves out; NaN where the forecast
    has too little history.
    """
    level = counts.quantile(target, *forecast.over(np.asarray(lead, np.float64) + review, deviation))
    return level if keep is None else np.where(keep, level, 0.0)


def to_order(level: Floats, on_hand: Floats, on_order: Floats, owed: Floats, pack: Any = 1) -> Floats:
    """Pieces to buy now: up to the level from what is there, coming and owed, in whole packs; 0 where it is unknown."""
    lacking = np.nan_to_num(level - (on_hand + on_order - owed))
    size = np.maximum(np.asarray(pack, np.float64), 1.0)
    return np.ceil(np.maximum(lacking, 0.0) / size) * size


def stops_a_car(forecast: Forecast, lead: Any, available: Floats) -> Floats:
    """Chance (series,) that more is asked for within the lead time than is on hand and arrives in it."""
    return 1 - counts.at_most(available, *forecast.over(lead))


class Transfer(NamedTuple):
    """Pieces that one store sends another instead of its buying them."""

    to: NDArray[np.int64]
    source: NDArray[np.int64]
    part: NDArray[np.int64]
    pieces: Floats


def spare(on_hand: Floats, rate: Floats, most_periods: float = 13.0) -> Floats:
    """Pieces beyond `most_periods` of expected demand, which a store can give away; all where nobody asks."""
    return np.floor(np.maximum(on_hand - np.ceil(np.nan_to_num(rate) * most_periods), 0.0))


def transfers(needed: Floats, to_spare: Floats, near: Sequence[NDArray[np.int64]]) -> Transfer:
    """Meets needs (stores, parts) from the nearest spare pieces (stores, parts), without giving a piece twice.

    `near` lists for each store the stores within reach, nearest first. What stays unmet is to be bought.
    """
    left, found = to_spare.copy(), []
    for store, neighbours in enumerate(near):
        lacking = np.nan_to_num(needed[store]).copy()
        for neighbour in neighbours:
            sent = np.minimum(lacking, left[neighbour])
            parts = np.flatnonzero(sent > 0)
            if len(parts):
                found.append((np.full(len(parts), store), np.full(len(parts), neighbour), parts, sent[parts]))
                lacking -= sent
                left[neighbour] -= sent
    empty = np.zeros(0, np.int64)
    columns = [np.concatenate(column) for column in zip(*found, strict=True)] or [empty] * 3 + [np.zeros(0)]
    return Transfer(*columns)


class Replay(NamedTuple):
    """What following a policy would have led to, by series: sums over the replayed periods."""

    asked: Floats
    served: Floats
    """pieces served from the shelf; the rest was bought in a hurry and never reached it"""
    lines: Floats
    """periods with a demand"""
    lines_served: Floats
    """of these, served in full"""
    stock: Floats
    """mean pieces on the shelf at the end of a period"""
    ordered: Floats


def replay(
    demand: Any, levels: Floats, wait: Any, pack: Any = 1, on_hand: Floats | None = None, warm: int = 0
) -> Replay:
    """Follows order-up-to `levels` (periods, series) through `demand` (periods, series): unmet demand is lost.

    A period's demand is met, then the stock is reviewed and ordered; an order is there at the start of the `wait`-th
    period after (series,), so a lead time of whole periods is `wait` - 1. Starts with `on_hand`, or full shelves, and
    counts after `warm` periods. Unknown demand counts as none.
    """
    asked = np.nan_to_num(as_table(demand))
    wanted = np.nan_to_num(levels)
    periods, count = asked.shape
    wait = np.broadcast_to(np.maximum(np.asarray(wait, np.int64), 1), (count,))
    arriving = np.zeros((int(wait.max(initial=1)) + 1, count))
    shelf = (wanted[0] if on_hand is None else on_hand).astype(np.float64).copy()
    coming, series = np.zeros(count), np.arange(count)
    served, lines_served, stock, ordered = (np.zeros(count) for _ in range(4))
    for period in range(periods):
        slot = period % len(arriving)
        shelf += arriving[slot]
        coming -= arriving[slot]
        arriving[slot] = 0.0
        met = np.minimum(shelf, asked[period])
        shelf -= met
        order = to_order(wanted[period], shelf, coming, np.zeros(count), pack)
        arriving[(period + wait) % len(arriving), series] += order
        coming += order
        if period >= warm:
            served += met
            lines_served += (asked[period] > 0) & (met == asked[period])
            stock += shelf
            ordered += order
    counted = asked[warm:]
    lines = (counted > 0).sum(axis=0)
    return Replay(counted.sum(axis=0), served, lines, lines_served, stock / max(len(counted), 1), ordered)
