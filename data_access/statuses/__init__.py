"""Judges every metric at every unit when a base part is published: the rows of the table `status`.

The course of each status is folded anew from the first week on, so that equal facts make equal statuses whoever
publishes; only complete weeks of the base count, so that recent parts never move one. The finest level is read, the
levels above are sums of it. What is judged how stands in kpi/judging.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from data_access.dialects import day_of
from data_access.schema import STATUS, STORE, SYNC_RUN, TABLES
from data_access.statuses.ordinary import in_ordinary_weeks
from data_access.statuses.sums import WEEK, Columns, Floats, Of, Sums, periods_of, reach
from data_access.statuses.trust import Trust
from data_access.statuses.units import HOMES, Units, added, levels
from kpi import catalog, weekly
from kpi.judging import Judged, Places, judge_all, places
from kpi.metric import Band, Limits, Mean, Metric
from kpi.status import CRITICAL, REASONS, STATES
from kpi.targets import Override, limits_over
from kpi.trust import STORES
from kpi.weekly import Periods


def statuses(of: Of, columns: Columns, complete_day: date, overrides: Sequence[Override] = ()) -> pa.Table:
    """The rows of `status`, from the tables that `of` gives. `overrides` are limits that people have set."""
    stores = _stores(of, columns)
    heard = dict(zip(*columns(_heard(of)), strict=True))
    trust = Trust.read(of, columns, stores, reach(complete_day)[0].toordinal())
    blocks = []
    for source in dict.fromkeys(metric.source for metric in _judged()):
        metrics = [metric for metric in _judged() if metric.source == source]
        sums = Sums.read(of, columns, metrics, complete_day)
        if sums is not None:
            ordinary = in_ordinary_weeks(of, columns, sums, metrics, stores)
            blocks += list(_of_source(metrics, sums, ordinary, stores, heard, trust, complete_day, overrides))
    names = [column.name for column in STATUS.columns]
    if not blocks:
        return pa.table({name: [] for name in names})
    return pa.concat_tables(blocks, promote_options="permissive").select(names)


def _judged() -> list[Metric]:
    """Metrics that a base part can judge; the guards first, for a green must know of its guard.

    Sources that join both parts (data_access/derived.py) cannot, nor those of predictions, which come by themselves:
    their metrics keep the level of the period.
    """
    recorded = {table.name for table in TABLES}
    found = [metric for metric in catalog.METRICS.values() if metric.limits and metric.source in recorded]
    guards = {metric.guard for metric in found}
    return sorted(found, key=lambda metric: metric.key not in guards)


_STORE = ("store_id", "region", "province", "city", "store_type", "tier")


def _stores(of: Of, columns: Columns) -> dict[str, dict[str, str]]:
    """Where each store belongs; '' for what is not known."""
    store = of(STORE)
    found = columns(select(*(store.c[name] for name in _STORE)))
    rows = (
        dict(zip(_STORE, (value or "" for value in row), strict=True)) for row in zip(*found, strict=True)
    )
    return {row["store_id"]: row for row in rows}


def _heard(of: Of) -> Select[Any, Any]:
    """The day up to which each store has reported."""
    run = of(SYNC_RUN)
    return select(run.c.store_id, day_of(func.max(run.c.extracted_at)).label("day_")).group_by(run.c.store_id)


def _of_source(
    metrics: Sequence[Metric],
    sums: Sums,
    ordinary: Sums,
    stores: Mapping[str, Mapping[str, str]],
    heard: Mapping[str, int],
    trust: Trust,
    complete_day: date,
    overrides: Sequence[Override],
) -> Iterator[pa.Table]:
    """One table a metric and kind of unit."""
    kinds = list(levels(sums, stores))
    red: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for metric in metrics:
        periods, parts = periods_of(metric, sums, complete_day)
        if not len(periods):
            continue
        days = [date.fromordinal(int(day)) for day in periods.last]
        charted = periods_of(metric, ordinary, complete_day)[1]
        doubt = trust.doubt(metric, sums, complete_day)
        of_kinds = [(units, {name: added(part, units) for name, part in parts.items()}) for units in kinds]
        told = [each for each in of_kinds if not np.isnan(weekly.judged(metric, each[1])).all()]
        for group in _judged_together(metric, told):
            every = [units for units, _ in group]
            limits = limits_over(
                metric, days, [line for units in every for line in units.lineages], overrides
            )
            judged = judge_all(
                metric,
                _stacked([of_units for _, of_units in group]),
                periods,
                limits=limits,
                fresh=np.concatenate([_fresh(units, heard, periods) for units in every]),
                trusted=np.concatenate([_trusted(doubt, units) for units in every]),
                charted=_stacked(
                    [{name: added(part, units) for name, part in charted.items()} for units in every]
                ),
            )
            end = 0
            for units, of_units in group:
                first, end = end, end + len(units.keys)
                own, last = judged.rows(slice(first, end)), limits.last[first:end]
                red[metric.key, units.kind] = own.state == CRITICAL
                guarded = red.get((metric.guard or "", units.kind), np.zeros(len(units.keys), dtype=np.bool_))
                stands = _places(metric, units, of_units, guarded)
                known = own.evaluated & np.array([each is not None for each in last])
                columns = {
                    "metric": [metric.key] * len(known),
                    "kind": [units.kind] * len(known),
                    "unit": units.keys,
                    **{column: [home[column] for home in units.homes] for column in HOMES},
                    "grain": ["week" if metric.period_days == WEEK else "four_weeks"] * len(known),
                    "day": [days[-1]] * len(known),
                    "peers": units.peers,
                    "guard_red": guarded,
                    **_judged_columns(own),
                    **_limits_columns(last),
                    **_placed_columns(stands, len(known)),
                }
                yield pa.table(columns).filter(pa.array(known))


OfUnits = tuple[Units, dict[str, Floats]]
"""The units of a kind, and their sums."""


def _judged_together(metric: Metric, kinds: list[OfUnits]) -> list[list[OfUnits]]:
    """Units are judged one by one, so those of all kinds at once; but of a mean's error, which is drawn towards that of
    all cases, only those of one kind count each case once."""
    if isinstance(metric.formula, Mean):
        return [[each] for each in kinds]
    return [kinds] if kinds else []


def _stacked(of_kinds: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([sums[name] for sums in of_kinds]) for name in of_kinds[0]}


def _fresh(units: Units, heard: Mapping[str, int], periods: Periods) -> NDArray[np.bool_]:
    """(units, periods) whether a store has reported up to the period's end; units above are judged by who has."""
    until = np.array([heard.get(home["store_id"], _EVER) if heard else _EVER for home in units.homes])
    fresh: NDArray[np.bool_] = until[:, None] >= periods.last
    return fresh


def _trusted(doubt: Floats, units: Units) -> NDArray[np.bool_]:
    """(units, periods) whether few enough of a unit's stores have data in doubt: a store's own must not be."""
    share: Floats = added(doubt, units) / added(np.ones_like(doubt), units)
    found: NDArray[np.bool_] = share <= STORES
    return found


_EVER = date.max.toordinal()


def _places(
    metric: Metric, units: Units, sums: Mapping[str, Floats], guarded: NDArray[np.bool_]
) -> Places | None:
    """Over the days that a board shows, at least four weeks; None for what stands alone: the network, or an only region."""
    if len(units.keys) < 2:
        return None
    window = max(metric.rolling_days, 4 * WEEK) // metric.period_days
    return places(metric, sums, units.groups, held_back=guarded, window=max(window, 1))


def _judged_columns(judged: Judged) -> dict[str, Any]:
    return {
        "state": _words([state.value for state in STATES], judged.state),
        "reason": _words([reason.value for reason in REASONS], judged.reason),
        "previous": _words([state.value for state in STATES], judged.previous),
        "since": pa.array(judged.since - _EPOCH, mask=judged.since <= 0).cast(pa.int32()).cast(pa.date32()),
        "times": judged.times,
        "side": _words(("low", "", "high"), judged.side + 1),
        "n": np.round(judged.n).astype(np.int64),
        "variation": judged.variation.astype(np.int64),
        "assurance": judged.assurance.astype(np.int64),
        **{name: _numbers(getattr(judged, name)) for name in ("value", "low", "high", "probability")},
    }


_EPOCH = date(1970, 1, 1).toordinal()


def _words(names: Sequence[str], codes: NDArray[Any]) -> pa.Array:
    return pa.array(np.array(names, dtype=object)[codes], pa.string())


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _limits_columns(every: Sequence[Limits | Band | None]) -> dict[str, Any]:
    """The lower limits of a band stand where single ones do."""

    def of(limits: Limits | Band | None) -> tuple[Any, ...]:
        if limits is None:
            return (None,) * 5
        if isinstance(limits, Band):
            return (limits.since, limits.good[0], limits.critical[0], limits.good[1], limits.critical[1])
        return (limits.since, limits.good, limits.critical, None, None)

    found = list(zip(*map(of, every), strict=True))
    kinds = (pa.date32(), *(pa.float64(),) * 4)
    names = ("limits_since", "good", "critical", "good_high", "critical_high")
    return {name: pa.array(values, kind) for name, values, kind in zip(names, found, kinds, strict=True)}


def _placed_columns(stands: Places | None, count: int) -> dict[str, Any]:
    whole = ("rank", "rank_low", "rank_high", "ranked", "tier")
    if stands is None:
        nothing = {name: pa.nulls(count, pa.int64()) for name in whole}
        zeros = np.zeros(count, dtype=np.int64)
        return {**nothing, "shrunken": pa.nulls(count, pa.float64()), "apart": zeros, "moved": zeros}
    unranked = np.isnan(stands.rank)
    found: tuple[NDArray[Any], ...] = (
        stands.rank,
        stands.low,
        stands.high,
        np.full(count, stands.of),
        stands.tier,
    )
    return {
        **{
            name: pa.array(np.where(unranked, 0, values).astype(np.int64), mask=unranked)
            for name, values in zip(whole, found, strict=True)
        },
        "shrunken": _numbers(np.where(unranked, np.nan, stands.shrunken)),
        "apart": stands.apart.astype(np.int64),
        "moved": stands.moved.astype(np.int64),
    }
