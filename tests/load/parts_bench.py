"""How well is demand for spare parts foretold, and what stock does it take? Measured on real series, beside the
published figures of single methods and beside an order-up-to policy on exponential smoothing.

usage: python -m tests.load.parts_bench DIRECTORY

DIRECTORY holds auto3000_monthly.csv.gz, raf5000_monthly.parquet (a row a part, a column a month such as 2010-01) and
benchmarks.csv (columns dataset, method, metric, value). The protocol is that of the figures: one month ahead from each of
the last months, learnt anew each time from what was known by then, errors scaled by the months before the first of them.
A bias has the chance error that the jumps of the months leave in it.

The stock: a review a month, unmet demand lost, lead times of the set (a month where it has none), shelves full at first,
counted after `warm` months. A line is a month with a demand. Every policy is run for many service targets, and stocks
are compared where as much is served. A newsvendor's target costs least for the stock and the fill rate in question; SES
gets it too, to tell what the targets give from what the distributions give.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from prediction import accuracy
from prediction.demand import Forecast, forecast, season
from prediction.method_choice import choose
from prediction.stock import Replay, critical_ratio, order_up_to, replay

Floats = NDArray[np.float64]
METRICS = ("RMSSE", "MASE", "bias", "+-")
TRIALS, AHEAD = 4, 1
"""Points in the known past that a choice is learnt from, and the months that each foretells."""
CYCLE = 12


FILLS = (0.80, 0.85, 0.90, 0.95, 0.98)
ALPHA = 0.1
"""Smoothing of the policy to compare with: it needs less stock with it than with the best of 0.1 … 0.3 for each part."""
CHEAPEST = 0.01
"""A part without a price costs something."""
LOSS = np.geomspace(0.2, 1e6, 18)
"""What a piece too few costs, in what one too many costs: what traces a curve of stock and fill rate."""


class Series(NamedTuple):
    name: str
    file: str
    origins: int
    known: int
    """months before the first order"""
    warm: int


SETS = (
    Series("auto3000", "auto3000_monthly.csv.gz", 6, 17, 2),
    Series("raf5000", "raf5000_monthly.parquet", 12, 48, 12),
)


class Items(NamedTuple):
    """Demand (months, parts), oldest first; lead times in months and prices (parts,)."""

    demand: Floats
    lead: Floats
    price: Floats | None


def read(path: Path) -> Items:
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    months = sorted(column for column in frame.columns if column[:2] in ("19", "20") and column[4:5] == "-")
    lead, price = (
        frame[name].to_numpy(np.float64) if name in frame else None
        for name in ("lead_time_months", "price_gbp")
    )
    return Items(frame[months].to_numpy(np.float64).T, np.ones(len(frame)) if lead is None else lead, price)


def said(known: Floats) -> Forecast:
    """As every night: methods by class, learnt from the past of what is known."""
    factors = season(known.sum(axis=1), CYCLE, AHEAD)
    return forecast(known, choose(known, factors, TRIALS, AHEAD), factors)


def foretold(known: Floats) -> Floats:
    """What nobody asked for is foretold as 0."""
    return np.nan_to_num(said(known).rate)


def scores(table: Floats, origins: int, method: Callable[[Floats], Floats]) -> dict[str, float]:
    first = len(table) - origins
    told = np.stack([method(table[:month]) for month in range(first, len(table))])
    history, actual = table[:first], table[first:]
    rmsse, mase = (accuracy.mean_known(of(history, actual, told)) for of in (accuracy.rmsse, accuracy.mase))
    chance = (told - actual).sum(axis=1).std(ddof=1) * np.sqrt(origins) / actual.sum()
    return {"RMSSE": rmsse, "MASE": mase, "bias": accuracy.bias(actual, told), "+-": chance}


def listed(figures: pd.DataFrame, name: str, mean: float) -> pd.DataFrame:
    """Methods by metric. A mean error is actual minus forecast: over the mean actual it is the bias turned round."""
    of = figures[(figures["dataset"] == name) & figures["metric"].isin(["RMSSE", "MASE", "ME"])]
    table = of.pivot(index="method", columns="metric", values="value").astype(float)
    return table.assign(bias=-table["ME"] / mean).reindex(columns=METRICS).sort_values("RMSSE")


def smoothed(known: Floats) -> tuple[Floats, Floats]:
    """SES (parts,), and the root of its mean squared error."""
    level, squares = known[0].copy(), np.zeros(known.shape[1])
    for month in known[1:]:
        squares += np.square(month - level)
        level += ALPHA * (month - level)
    return level, np.sqrt(squares / (len(known) - 1))


def stocks(items: Items, first: int, warm: int) -> pd.DataFrame:
    """Stock of SES with one target for all, and how much more the other policies need where as much is served.

    NaN where a policy does not come so far.
    """
    points = [items.demand[:month] for month in range(first, len(items.demand))]
    nights, smooth = [said(known) for known in points], [smoothed(known) for known in points]
    size = np.stack([known.sum(axis=0) / np.maximum((known > 0).sum(axis=0), 1) for known in points])
    wait = items.lead + 1

    def by_smoothing(targets: Floats) -> Floats:
        """A normal distribution around SES."""
        of = zip(smooth, special.ndtri(targets), strict=True)
        return np.ceil([rate * wait + factor * error * np.sqrt(wait) for (rate, error), factor in of])

    def ours(targets: Floats) -> Floats:
        return np.stack(
            [order_up_to(night, items.lead, 1, each) for night, each in zip(nights, targets, strict=True)]
        )

    def runs(levels: Callable[[Floats], Floats], holding: Floats) -> list[Replay]:
        share = holding / np.median(holding, axis=1, keepdims=True)
        every = [np.maximum(np.nan_to_num(levels(critical_ratio(loss, share))), 0.0) for loss in LOSS]
        return [replay(items.demand[first:], each, wait, warm=warm) for each in every]

    planners = {"SES": by_smoothing, "PitWall": ours}
    same = {name: runs(levels, np.ones(size.shape)) for name, levels in planners.items()}
    rows = {}
    for unit, worth in {"pieces": np.ones(len(wait)), "value": items.price}.items():
        for fill, weight in {"lines": size, "pieces": np.ones(size.shape)}.items():
            if worth is None:
                continue
            cost = np.maximum(worth, CHEAPEST) * wait * np.maximum(weight, 1.0)
            found = {}
            for name, levels in planners.items():
                found[name, "one target"] = _at_fills(same[name], worth, fill)
                found[name, "newsvendor"] = _at_fills(runs(levels, cost), worth, fill)
            start = found["SES", "one target"]
            for key, row in found.items():
                rows[unit, fill, *key] = row if row is start else row / start - 1
    return pd.DataFrame(rows, index=[f"{fill:.0%}" for fill in FILLS]).T


def _at_fills(runs: list[Replay], worth: Floats, fill: str) -> Floats:
    served = [
        run.lines_served.sum() / run.lines.sum() if fill == "lines" else run.served.sum() / run.asked.sum()
        for run in runs
    ]
    stock = np.log([run.stock @ worth for run in runs])
    # On these scales a curve is nearly straight between two settings.
    return np.exp(np.interp(special.logit(FILLS), special.logit(served), stock, left=np.nan, right=np.nan))


def main(directory: Path) -> None:
    figures = pd.read_csv(directory / "benchmarks.csv")
    for name, file, origins, known, warm in SETS:
        items = read(directory / file)
        table = items.demand
        began = time.perf_counter()
        rows: dict[str, Any] = {"PitWall": scores(table, origins, foretold)}
        took = time.perf_counter() - began
        rows["mean, computed here"] = scores(table, origins, lambda known: known.mean(axis=0))
        found = pd.concat([pd.DataFrame(rows).T, listed(figures, name, float(table[-origins:].mean()))])
        print(f"\n{name}: {table.shape[1]:,} parts, {origins} origins, {took:.1f} s")
        print(found.to_string(float_format=lambda value: f"{value:.4f}"))
        print(
            "\nStock, its unit and where as much is served by: of SES with one target for all, and how much more of others"
        )
        print(
            stocks(items, known, warm).to_string(
                float_format=lambda x: f"{x:+.3f}" if x < 10 else f"{x:,.0f}"
            )
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
