"""Forecasts of visits, revenue, bookings and bay hours, as rows of the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Table

from data_access.foretold import FORECAST_CHOICE, FORECAST_DAY, FORECAST_TEST
from data_access.predict.days import SERIES, VISITS, Days
from prediction.history import TooLittleHistory
from prediction.volume import (
    AHEAD,
    LEVELS,
    MOST_ORIGINS,
    NETWORK,
    REGION,
    STORE,
    Outlook,
    following,
    foresee,
    shapes,
)

Rows = Mapping[Table, pa.Table]
STEPS = len(SERIES) * (MOST_ORIGINS + 4)
"""About how often `told` is called: origins and the outlook of each series."""


def foresee_volume(days: Days, told: Callable[[], object], note: Callable[[str], object]) -> Rows:
    """The rows of all series that have history enough; `note` is told of those that have not."""
    shape = shapes(days.counts[VISITS], days.network)
    found: dict[str, Outlook] = {}
    for series in SERIES:
        counts, first = days.counts[series], days.first[series]
        own = (
            shape if series == VISITS else following(counts, days.counts[VISITS], shape, days.network, first)
        )
        try:
            found[series] = foresee(counts, days.network, own, first, told)
        except TooLittleHistory as error:
            note(f"{series}: {error}")
    return {
        FORECAST_DAY: _table(FORECAST_DAY, [row for item in found.items() for row in _days(days, *item)]),
        FORECAST_CHOICE: _table(FORECAST_CHOICE, [row for item in found.items() for row in _choices(*item)]),
        FORECAST_TEST: _table(FORECAST_TEST, [row for item in found.items() for row in _tests(days, *item)]),
    }


def _table(table: Table, blocks: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Blocks of columns, some of which are one value for all rows."""
    made = []
    for block in blocks:
        count = max(
            len(value) for value in block.values() if not isinstance(value, str | bool | int | float | None)
        )
        whole = {
            name: [value] * count if isinstance(value, str | bool | int | float | None) else value
            for name, value in block.items()
        }
        made.append(pa.table(whole))
    names = [column.name for column in table.columns]
    return (
        pa.concat_tables(made, promote_options="permissive")
        if made
        else pa.table({name: [] for name in names})
    )


def _days(days: Days, series: str, outlook: Outlook) -> Iterator[Mapping[str, Any]]:
    coming = [days.last + timedelta(1 + ahead) for ahead in range(AHEAD)]
    for kind in LEVELS:
        level = outlook.levels[kind]
        names = {STORE: days.stores, REGION: days.regions, NETWORK: ("",)}[kind]
        for place, member in enumerate(names):
            if kind == STORE and not outlook.enough[place]:
                continue
            mean = level.mean[:, place]
            limits = [np.round(level.limits[each, :, place], 2) for each in range(4)]
            yield {
                "kind": kind, "member": member, "series": series, "day": coming, "mean": mean,
                "low_95": np.minimum(limits[0], mean), "low_80": np.minimum(limits[1], mean),
                "high_80": np.maximum(limits[2], mean), "high_95": np.maximum(limits[3], mean),
                "model": level.model,
            }  # fmt: skip


def _choices(series: str, outlook: Outlook) -> Iterator[Mapping[str, Any]]:
    for kind in LEVELS:
        level = outlook.levels[kind]
        for model, score in level.scores.items():
            if not np.isfinite(score.wape):
                continue
            chosen = model == level.model
            yield {
                "kind": [kind], "series": series, "model": model, "chosen": chosen, "origins": score.origins,
                "wape": score.wape, "festival_wape": score.festival_wape, "bias": score.bias,
                "inside_80": float(np.nanmean(level.inside_80)) if chosen else None,
                "inside_95": float(np.nanmean(level.inside_95)) if chosen else None,
            }  # fmt: skip


def _tests(days: Days, series: str, outlook: Outlook) -> Iterator[Mapping[str, Any]]:
    level = outlook.levels[STORE]
    known = ~np.isnan(level.errors.actual)
    for place, origin in enumerate(outlook.origins):
        seen, actual = known[place], np.nan_to_num(level.errors.actual[place])
        error = np.where(seen, level.errors.forecast[place] - actual, 0.0)
        naive = np.where(seen, level.naive[place] - actual, 0.0)
        count = seen.sum(axis=0)
        kept = np.flatnonzero((count > 0) & outlook.enough)
        yield {
            "store_id": [days.stores[store] for store in kept], "day": [days.day(origin)] * len(kept),
            "series": series, "days": count[kept], "actual": actual.sum(axis=0)[kept],
            "error": error.sum(axis=0)[kept], "absolute_error": np.abs(error).sum(axis=0)[kept],
            "naive_error": np.abs(naive).sum(axis=0)[kept], "scale": (count * outlook.scale)[kept],
            "inside_80": np.nansum(level.inside_80[place], axis=0)[kept].astype(np.int64),
            "inside_95": np.nansum(level.inside_95[place], axis=0)[kept].astype(np.int64),
        }  # fmt: skip
