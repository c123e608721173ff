"""Demand for parts and what to do about it, as rows of the warehouse: advice, trials, and what following it would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Table

from data_access.foretold import FORECAST_CHOICE, PART_ADVICE, PART_REPLAY, PART_TEST
from data_access.predict.customers import store_groups
from data_access.predict.part_weeks import (
    Catalogue,
    Weeks,
    read_catalogue,
    read_served,
    read_shelves,
    read_totals,
    read_weeks,
    visits_of_weeks,
)
from data_access.warehouse import Warehouse
from prediction.advice import REVIEW, Advice, Shelves, advise, distances, in_reach
from prediction.demand import RECENT, Forecast, drawn, forecast
from prediction.history import TooLittleHistory, require
from prediction.intermittent import ERRATIC, INTERMITTENT, LUMPY, NEVER, SMOOTH, Pattern
from prediction.method_choice import Choice, choose
from prediction.parts_trial import HORIZON, Trial, WorthAt, choices, followed, try_on
from prediction.stock import abc, assortment, service

SERIES, ALL, MIXED, NAIVE = "parts", "all", "by_class", "weeks_before"
CLASSES = {SMOOTH: "smooth", ERRATIC: "erratic", INTERMITTENT: "intermittent", LUMPY: "lumpy"}
STORES_AT_ONCE = 20
STEPS = 32
"""About how often `told` is called: once a group of a full network's stores, and at the end."""
YEAR_WEEKS, QUARTER_WEEKS = 52, 13

Rows = Mapping[Table, pa.Table]
Floats = NDArray[np.float64]


@dataclass
class _Tables:
    """What is gathered of all stores, (stores, parts); what nobody asked for stays unknown."""

    rate: Floats
    spread: Floats
    kind: NDArray[np.int8]
    worth: Floats
    keep: NDArray[np.bool_]

    @staticmethod
    def empty(known: Catalogue) -> _Tables:
        shape = (len(known.stores), len(known.parts))
        return _Tables(
            np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, NEVER, np.int8), np.zeros(shape),
            np.zeros(shape, bool),
        )  # fmt: skip


def foresee_parts(warehouse: Warehouse, told: Callable[[], object], note: Callable[[str], object]) -> Rows:
    """The rows; none, and a note, where there is too little history."""
    try:
        known = read_catalogue(warehouse)
        groups = store_groups(warehouse, STORES_AT_ONCE)
        require("live stores", 1, len(known.stores))
        first_group = read_weeks(warehouse, known, groups[0])
        worth = visits_of_weeks(warehouse, known)
        elsewhere = _elsewhere(*read_totals(warehouse, known), worth)
        sample, of_sample = first_group.demand, _of(worth, first_group)
        choice, learnt = choose(sample, of_sample(len(sample))), choices(sample, of_sample)
    except TooLittleHistory as error:
        note(f"parts: {error}")
        return {}
    told()
    on_hand, on_order = read_shelves(warehouse, known)
    first = known.mondays[min(learnt)] if learnt else None
    done = read_served(warehouse, known, first) if first else {}
    tables, tests, trials, replays = _Tables.empty(known), [], [], []
    for group in groups:
        weeks = read_weeks(warehouse, known, group)
        worth_at, elsewhere_at = _of(worth, weeks), partial(elsewhere, weeks)
        said = forecast(weeks.demand, choice, worth_at(len(weeks.demand)))
        said = drawn(said, weeks.demand, elsewhere_at(len(weeks.demand)))
        _keep(said, weeks, known, on_hand, tables)
        if first:
            trial = try_on(weeks.demand, learnt, worth_at, elsewhere_at)
            tests.append(_tests(weeks, known, trial))
            trials.append(_by_class(trial))
            replays.append(_replayed(weeks, known, trial, done, first))
        told()
    last = warehouse.version().as_of.date() - timedelta(1)
    rows: dict[Table, pd.DataFrame] = {PART_ADVICE: _advised(known, tables, on_hand, on_order, last)}
    if first:
        rows[PART_TEST] = pd.concat(tests, ignore_index=True)
        rows[PART_REPLAY] = pd.concat(replays, ignore_index=True)
        rows[FORECAST_CHOICE] = _choices(choice, sum(trials), len(learnt))
    told()
    return {table: pa.Table.from_pandas(frame, preserve_index=False) for table, frame in rows.items()}


def _of(worth: Callable[[int], Floats], weeks: Weeks) -> WorthAt:
    """What weeks are worth to series: what they are worth to their stores."""
    return lambda point: worth(point)[:, weeks.store]


def _elsewhere(
    by_part: Floats, by_store: Floats, worth: Callable[[int], Floats]
) -> Callable[[Weeks, int], Floats]:
    """What the demand of all stores says of series at a point: a part's rate in the network, times the store's share of all
    demand, in the weeks to come. Unknown where the network has too little history of a part."""
    found: dict[int, tuple[Floats, Floats]] = {}

    def at(weeks: Weeks, point: int) -> Floats:
        if point not in found:
            everywhere = worth(point).mean(axis=1)
            table = by_part[:point]
            rate = forecast(table, choose(table, everywhere), everywhere).rate / everywhere[point:].mean()
            recent = by_store[max(point - RECENT, 0) : point].sum(axis=0)
            share = recent / max(recent.sum(), 1.0)
            found[point] = rate, share * worth(point)[point:].mean(axis=0)
        rate, share = found[point]
        return rate[weeks.part] * share[weeks.store]

    return at


def _keep(said: Forecast, weeks: Weeks, known: Catalogue, on_hand: Floats, tables: _Tables) -> None:
    rate = np.where(known.seasonal[weeks.part], np.fmax(said.rate, _last_year(weeks.demand)), said.rate)
    at = (weeks.store, weeks.part)
    tables.rate[at], tables.spread[at], tables.kind[at] = rate, said.spread, said.pattern.kind
    tables.worth[at] = _worth(weeks.demand, weeks, known)
    tables.keep[at] = assortment(weeks.demand, ~np.isnan(on_hand[at])) & _current(known)[weeks.part]


def _current(known: Catalogue) -> NDArray[np.bool_]:
    """Parts that nothing has replaced."""
    return known.parts["superseded_by"].isna().to_numpy(bool)


def _last_year(demand: NDArray[np.float32]) -> Floats:
    """Demand a week of the coming quarter as it was a year ago; unknown below a year."""
    if len(demand) < YEAR_WEEKS:
        return np.full(demand.shape[1], np.nan)
    begin = len(demand) - YEAR_WEEKS
    return np.asarray(demand[begin : begin + QUARTER_WEEKS].mean(axis=0), np.float64)


def _worth(demand: NDArray[np.float32], weeks: Weeks, known: Catalogue) -> Floats:
    """CNY at cost that was asked for of each series in the last year of `demand`."""
    year = np.nansum(demand[-YEAR_WEEKS:], axis=0, dtype=np.float64)
    cost: Floats = known.parts["unit_cost"].to_numpy(np.float64)[weeks.part]
    return year * cost


def _targets(known: Catalogue) -> Floats:
    """The chance to have enough of every part (parts,)."""
    cost, days = (known.parts[name].to_numpy(np.float64) for name in ("unit_cost", "lead_time_days"))
    return service(cost, days / 7 + REVIEW, known.parts["criticality"].to_numpy() == "stops_car")


def _advised(
    known: Catalogue, tables: _Tables, on_hand: Floats, on_order: Floats, last: date
) -> pd.DataFrame:
    kinds = np.array([abc(each) for each in tables.worth], np.int64).reshape(tables.worth.shape)
    target = np.broadcast_to(_targets(known), kinds.shape)
    stores, parts = known.stores, known.parts
    pattern = Pattern(np.full(kinds.shape, np.nan), np.full(kinds.shape, np.nan), tables.kind)
    said = Forecast(tables.rate, tables.spread, pattern, ~np.isnan(tables.rate))
    kilometres = distances(stores["latitude"].to_numpy(np.float64), stores["longitude"].to_numpy(np.float64))
    city = pd.factorize(stores["city"])[0].astype(np.int64)
    shelves = Shelves(
        on_hand=on_hand, on_order=on_order, target=target, keep=tables.keep,
        lead=parts["lead_time_days"].to_numpy(np.float64) / 7, pack=parts["pack_size"].to_numpy(np.float64),
        cost=parts["unit_cost"].to_numpy(np.float64),
    )  # fmt: skip
    advice: Advice = advise(said, shelves, in_reach(kilometres, city))
    store, part = at = np.nonzero(advice.worth_acting_on)
    giver = advice.giver[at]
    away = np.where(giver >= 0, kilometres[store, giver], np.nan)
    names = stores["store_id"].to_numpy(object)
    return pd.DataFrame(
        {
            "store_id": names[store],
            "part_no": parts["part_no"].to_numpy(object)[part],
            "day": last,
            "demand_class": np.array(["none", *CLASSES.values()], object)[tables.kind[at]],
            "abc": np.array(["A", "B", "C"], object)[kinds[at]],
            "weekly": np.round(tables.rate[at], 3),
            "chance": np.round(advice.chance[at], 4),
            "target": target[at],
            "level": advice.level[at],
            "quantity": np.nan_to_num(on_hand[at]),
            "on_order": on_order[at],
            "moved": advice.moved[at],
            "giver_id": [names[place] if place >= 0 else None for place in giver],
            "km": pd.Series(np.round(away, 1)).astype(object).where(~np.isnan(away), None),
            "bought": advice.bought[at],
        }
    )


def _tests(weeks: Weeks, known: Catalogue, trial: Trial) -> pd.DataFrame:
    """The trial's additive parts, a row a store and point."""
    seen = trial.known
    error = np.where(seen, trial.mean - trial.actual, 0.0)
    naive = np.where(seen, np.nan_to_num(trial.naive) - trial.actual, 0.0)
    columns: dict[str, Any] = {
        "series": seen, "actual": np.where(seen, trial.actual, 0.0), "error": error, "absolute_error": np.abs(error),
        "naive_error": np.abs(naive), "inside_80": trial.inside, "promised_80": np.where(seen, trial.promised, 0.0),
    }  # fmt: skip
    names = known.stores["store_id"].to_numpy(object)
    frames = []
    for place, point in enumerate(trial.points):
        sums = {name: np.bincount(weeks.store, values[place], len(names)) for name, values in columns.items()}
        kept = np.flatnonzero(sums["series"] > 0)
        frame = pd.DataFrame({name: values[kept] for name, values in sums.items()})
        frame.insert(0, "store_id", names[kept])
        frames.append(frame.assign(day=known.mondays[point]))
    found = pd.concat(frames, ignore_index=True)
    return found.astype({"series": np.int64, "inside_80": np.int64})


def _by_class(trial: Trial) -> Floats:
    """(classes, sums): actual, error, absolute error, naive error, inside, how many; by the class at each point."""
    found = np.zeros((LUMPY + 1, 6))
    seen = trial.known
    for place, said in enumerate(trial.forecasts):
        for kind in CLASSES:
            of = seen[place] & (said.pattern.kind == kind)
            actual, error = trial.actual[place, of], trial.mean[place, of] - trial.actual[place, of]
            naive = np.nan_to_num(trial.naive[place, of]) - actual
            sums = (actual.sum(), error.sum(), np.abs(error).sum(), np.abs(naive).sum())
            found[kind] += (*sums, trial.inside[place, of].sum(), of.sum())
    return found


def _choices(choice: Choice, sums: Any, points: int) -> pd.DataFrame:
    """Which methods each class got and how these did, and how all did together beside the naive forecast."""
    made = [(CLASSES[kind], "+".join(each.methods), True, 2, sums[kind]) for kind, each in choice.items()]
    everything = sums.sum(axis=0)
    made += [(ALL, MIXED, True, 2, everything), (ALL, NAIVE, False, 3, everything)]
    return pd.DataFrame(
        [
            {
                "kind": kind, "series": SERIES, "model": model, "chosen": chosen, "origins": points,
                "wape": sums[error] / sums[0], "bias": sums[1] / sums[0] if chosen else 0.0,
                "inside_80": sums[4] / sums[5] if chosen else None,
            }
            for kind, model, chosen, error, sums in made
            if sums[0] > 0
        ]
    )  # fmt: skip


def _replayed(
    weeks: Weeks, known: Catalogue, trial: Trial, done: Mapping[str, Floats], first: date
) -> pd.DataFrame:
    """Following the advice, and what was done, for every part with a known demand; a row a store.

    Shelves are those of the first day: what came later is not known to the advice. A store whose stock was
    not told then has no row.
    """
    at = (weeks.store, weeks.part)
    cost = known.parts["unit_cost"].to_numpy(np.float64)[weeks.part]
    lead = known.parts["lead_time_days"].to_numpy(np.float64)[weeks.part] / 7
    pack = known.parts["pack_size"].to_numpy(np.float64)[weeks.part]
    stores, target = np.unique(weeks.store), _targets(known)[weeks.part]
    stocked = done["stocked"][at] > 0
    ran = followed(weeks.demand, trial, stocked, done["before"][at], lead, target, pack)
    span = len(trial.points) * HORIZON
    share = np.divide(ran.served, ran.asked, out=np.zeros(len(cost)), where=ran.asked > 0)
    columns = {
        "lines": done["lines"][at],
        "lines_served": done["lines"][at] * share,
        "done_lines": done["filled"][at],
        "stock_value": ran.stock * cost * span,
        "done_stock_value": done["value"][at],
        "asked_cost": ran.asked * cost,
    }
    names = known.stores["store_id"].to_numpy(object)
    sums = {name: np.bincount(weeks.store, values, len(names)) for name, values in columns.items()}
    kept = stores[(done["stocked"][stores] > 0).any(axis=1)]
    frame = pd.DataFrame({name: values[kept] for name, values in sums.items()})
    frame.insert(0, "store_id", names[kept])
    return frame.assign(day=first, days=7 * span)
