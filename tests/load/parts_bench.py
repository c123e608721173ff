"""How well is demand for spare parts foretold? Measured on real series, beside the published figures of single methods.

usage: python -m tests.load.parts_bench DIRECTORY

DIRECTORY holds auto3000_monthly.csv.gz, raf5000_monthly.parquet (a row a part, a column a month such as 2010-01) and
benchmarks.csv (columns dataset, method, metric, value). The protocol is that of the figures: one month ahead from each of
the last months, learnt anew each time from what was known by then, errors scaled by the months before the first of them.
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

from prediction import accuracy
from prediction.demand import forecast, season
from prediction.method_choice import choose

Floats = NDArray[np.float64]
METRICS = ("RMSSE", "MASE", "bias")
TRIALS, AHEAD = 4, 1
"""Points in the known past that a choice is learnt from, and the months that each foretells."""
CYCLE = 12


class Series(NamedTuple):
    name: str
    file: str
    origins: int


SETS = (Series("auto3000", "auto3000_monthly.csv.gz", 6), Series("raf5000", "raf5000_monthly.parquet", 12))


def read(path: Path) -> Floats:
    """(months, parts), oldest first."""
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    months = sorted(column for column in frame.columns if column[:2] in ("19", "20") and column[4:5] == "-")
    return frame[months].to_numpy(np.float64).T


def foretold(known: Floats) -> Floats:
    """As every night: methods by class, learnt from the past of what is known. What nobody asked for is foretold as 0."""
    factors = season(known.sum(axis=1), CYCLE, AHEAD)
    return np.nan_to_num(forecast(known, choose(known, factors, TRIALS, AHEAD), factors).rate)


def scores(table: Floats, origins: int, method: Callable[[Floats], Floats]) -> dict[str, float]:
    first = len(table) - origins
    said = np.stack([method(table[:month]) for month in range(first, len(table))])
    history, actual = table[:first], table[first:]
    rmsse, mase = (accuracy.mean_known(of(history, actual, said)) for of in (accuracy.rmsse, accuracy.mase))
    return {"RMSSE": rmsse, "MASE": mase, "bias": accuracy.bias(actual, said)}


def listed(figures: pd.DataFrame, name: str, mean: float) -> pd.DataFrame:
    """Methods by metric. A mean error is actual minus forecast: over the mean actual it is the bias turned round."""
    of = figures[(figures["dataset"] == name) & figures["metric"].isin(["RMSSE", "MASE", "ME"])]
    table = of.pivot(index="method", columns="metric", values="value").astype(float)
    return table.assign(bias=-table["ME"] / mean)[list(METRICS)].sort_values("RMSSE")


def main(directory: Path) -> None:
    figures = pd.read_csv(directory / "benchmarks.csv")
    for name, file, origins in SETS:
        table = read(directory / file)
        began = time.perf_counter()
        rows: dict[str, Any] = {"PitWall": scores(table, origins, foretold)}
        took = time.perf_counter() - began
        rows["mean, computed here"] = scores(table, origins, lambda known: known.mean(axis=0))
        found = pd.concat([pd.DataFrame(rows).T, listed(figures, name, float(table[-origins:].mean()))])
        print(f"\n{name}: {table.shape[1]:,} parts, {origins} origins, {took:.1f} s")
        print(found.to_string(float_format=lambda value: f"{value:.4f}"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
