"""What was asked for of every part in every whole week, and what lay on the shelves: some stores at a time, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, func, select

from data_access.dialects import moment
from data_access.predict.days import VISITS, read_days
from data_access.schema import PART, PART_REQUEST, PART_STATE, PART_WEEK, STOCK_LEVEL, STORE
from data_access.warehouse import Warehouse
from prediction.history import require
from prediction.parts_trial import HORIZON
from prediction.volume import shapes

WEEKS = 104
WORTH_BOUNDS = (0.2, 3.0)
"""A week may be worth so much of a usual one: beyond, a division by it would tell of the calendar and not of the part."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Catalogue:
    """The live stores and the parts, in the order of all tables, and the whole weeks that are known."""

    stores: pd.DataFrame
    parts: pd.DataFrame
    """by part number; `heir` is the place of the number that a part's demand counts for"""
    mondays: tuple[date, ...]

    @property
    def seasonal(self) -> NDArray[np.bool_]:
        return self.parts["seasonal"].to_numpy(bool)


@dataclass(frozen=True)
class Weeks:
    """Series of some stores. `demand` is (weeks, series), unknown before a store or part was there."""

    store: Whole
    part: Whole
    demand: NDArray[np.float32]


def read_catalogue(warehouse: Warehouse) -> Catalogue:
    """Raises TooLittleHistory where nobody was ever asked for a part."""
    last = warehouse.version().as_of.date() - timedelta(1)
    store, part = STORE.c, PART.c
    stores = warehouse.fetch(
        select(store.store_id, store.city, store.latitude, store.longitude, store.live_on)
        .where(store.live_on.is_not(None))
        .order_by(store.store_id)
    )
    named = ("part_no", "unit_cost", "lead_time_days", "criticality", "seasonal", "pack_size")
    parts = warehouse.fetch(
        select(*(part[name] for name in named), part.introduced_on, part.superseded_by).order_by(part.part_no)
    )
    require("parts", 1, len(parts))
    asked = warehouse.fetch(select(func.min(PART_REQUEST.c.day).label("first")))["first"].to_list()[0]
    require("weeks of requests", 1, int(not pd.isna(asked)))
    end = last - timedelta((last.weekday() + 1) % 7 + 6)  # Monday of the last whole week
    begin = asked.date() + timedelta(-asked.weekday() % 7)  # the first Monday from which all is known
    count = min((end - begin).days // 7 + 1, WEEKS)
    require("whole weeks of requests", 1, count)
    mondays = tuple(end - timedelta(7 * back) for back in range(count - 1, -1, -1))
    return Catalogue(stores, parts.assign(heir=_heirs(parts)), mondays)


def _heirs(parts: pd.DataFrame) -> Whole:
    """Who answers for a part's demand: its successor's successor, its successor, or itself."""
    place = {number: row for row, number in enumerate(parts["part_no"])}
    own = np.arange(len(parts))
    after = np.array(
        [place.get(str(number), row) for row, number in enumerate(parts["superseded_by"])], np.int64
    )
    return np.where(after == own, own, after[after])


def read_weeks(warehouse: Warehouse, known: Catalogue, group: Sequence[str]) -> Weeks:
    """The weekly demand of some stores; every part that one of them was asked for is a series of it."""
    week = PART_WEEK.c
    frame = warehouse.fetch(
        select(week.store_id, week.part_no, week.day, func.sum(week.quantity).label("asked"))
        .where(
            week.store_id.in_(sorted(group)),
            week.day.between(moment(known.mondays[0]), moment(known.mondays[-1])),
        )
        .group_by(week.store_id, week.part_no, week.day)
    )
    store, part = _places(frame, known)
    fit = (store >= 0) & (part >= 0)
    part = known.parts["heir"].to_numpy()[part[fit]]
    at = _week(frame, known)[fit]
    keys, series = np.unique(store[fit] * len(known.parts) + part, return_inverse=True)
    # A part may take over the demand of several numbers, so weeks are added, not put.
    asked = np.bincount(
        at * len(keys) + series, frame["asked"].to_numpy(np.float64)[fit], len(known.mondays) * len(keys)
    ).reshape(len(known.mondays), len(keys))
    found = Weeks(keys // len(known.parts), keys % len(known.parts), asked.astype(np.float32))
    return Weeks(found.store, found.part, _since(found, known))


def _since(found: Weeks, known: Catalogue) -> NDArray[np.float32]:
    """Unknown until the store was live and the part was there; a demand before tells that the dates are wrong."""
    monday = pd.Timestamp(known.mondays[0])
    opened = (known.stores["live_on"] - monday).dt.days.to_numpy(np.float64)[found.store]
    # A successor takes over a history that is older than itself.
    inherited = np.isin(
        np.arange(len(known.parts)), known.parts["heir"][known.parts["superseded_by"].notna()]
    )
    born = (known.parts["introduced_on"] - monday).dt.days.to_numpy(np.float64)
    born = np.where(inherited, -np.inf, born)[found.part]
    begin = np.ceil(np.maximum(opened, born) / 7)
    asked = found.demand > 0
    first = np.where(asked.any(axis=0), asked.argmax(axis=0), len(asked))
    early = np.arange(len(asked))[:, None] < np.minimum(begin, first)
    return np.where(early, np.float32(np.nan), found.demand)


def read_totals(warehouse: Warehouse, known: Catalogue) -> tuple[Floats, Floats]:
    """Pieces that all live stores were asked for: (weeks, parts), and (weeks, stores)."""
    week = PART_WEEK.c

    def asked_for(column: ColumnElement[Any]) -> pd.DataFrame:
        return warehouse.fetch(
            select(column, week.day, func.sum(week.quantity).label("asked"))
            .where(
                week.store_id.in_(known.stores["store_id"].tolist()),
                week.day.between(moment(known.mondays[0]), moment(known.mondays[-1])),
            )
            .group_by(column, week.day)
        )

    by_part, by_store = asked_for(week.part_no), asked_for(week.store_id)
    part = _place(by_part["part_no"], known.parts["part_no"])
    store = _place(by_store["store_id"], known.stores["store_id"])
    heir = np.where(part < 0, -1, known.parts["heir"].to_numpy()[part])
    return _summed(by_part, heir, known, len(known.parts)), _summed(by_store, store, known, len(known.stores))


def _summed(frame: pd.DataFrame, column: Any, known: Catalogue, columns: int) -> Floats:
    """(weeks, columns); rows of no column are left out."""
    at = _week(frame, known)
    found = np.zeros((len(known.mondays), columns))
    fit = column >= 0
    np.add.at(found, (at[fit], column[fit]), frame["asked"].to_numpy(np.float64)[fit])
    return found


def visits_of_weeks(warehouse: Warehouse, known: Catalogue) -> Callable[[int], Floats]:
    """What the weeks are worth to each store: the visits that the calendar brings beside those of a usual week, as could be
    said when so many weeks were known: (weeks known + HORIZON, stores). Parts are asked for by who comes.

    Raises TooLittleHistory where nothing was ever visited.
    """
    days = read_days(warehouse)
    shape = shapes(days.counts[VISITS], days.network)
    place = [days.stores.index(store) for store in known.stores["store_id"]]
    begin = (known.mondays[0] - days.day(0)).days
    found: dict[int, Floats] = {}

    def at(weeks: int) -> Floats:
        if weeks not in found:
            today = begin + 7 * weeks
            until = today + 7 * HORIZON
            visits = np.ones((until - begin, len(place)))
            # Weeks before the first visit that is known are usual ones.
            visits[max(-begin, 0) :] = shape(today)[max(begin, 0) : until, place] if today > 0 else 1.0
            table = visits.reshape(weeks + HORIZON, 7, -1).sum(axis=1)
            usual = table[:weeks].mean(axis=0)
            share = np.divide(table, usual, out=np.ones(table.shape), where=usual > 0)
            found[weeks] = np.clip(share, *WORTH_BOUNDS)
        return found[weeks]

    return at


def read_shelves(warehouse: Warehouse, known: Catalogue) -> tuple[Floats, Floats]:
    """Pieces on hand and on order, (stores, parts); NaN on hand where a part is not stocked."""
    state = PART_STATE.c
    on_hand = np.full((len(known.stores), len(known.parts)), np.nan)
    on_order = np.zeros(on_hand.shape)
    frame = warehouse.fetch(select(state.store_id, state.part_no, state.quantity, state.on_order))
    store, part = _places(frame, known)
    fit = (store >= 0) & (part >= 0)
    on_hand[store[fit], part[fit]] = frame["quantity"].to_numpy(np.float64)[fit]
    on_order[store[fit], part[fit]] = frame["on_order"].to_numpy(np.float64)[fit]
    return on_hand, on_order


def read_served(warehouse: Warehouse, known: Catalogue, first: date) -> dict[str, Floats]:
    """What was done from a Monday on, (stores, parts): request lines, those filled, how many of its numbers
    were stocked before and their pieces, value after."""
    week, level = PART_WEEK.c, STOCK_LEVEL.c
    inside = week.day.between(moment(first), moment(known.mondays[-1]))
    served = warehouse.fetch(
        select(
            week.store_id, week.part_no, func.sum(week.lines).label("lines"),
            func.sum(week.lines_filled).label("filled"),
        ).where(inside).group_by(week.store_id, week.part_no)
    )  # fmt: skip
    sundays = [first + timedelta(7 * later - 1) for later in range((known.mondays[-1] - first).days // 7 + 2)]
    stocked, pieces = func.count(level.day).label("stocked"), func.sum(level.quantity).label("before")
    before = warehouse.fetch(_levels(sundays[:1], stocked, pieces))
    after = warehouse.fetch(_levels(sundays[1:], func.sum(level.value).label("value")))
    read = ((served, ("lines", "filled")), (before, ("stocked", "before")), (after, ("value",)))
    shape = (len(known.stores), len(known.parts))
    found = {name: np.zeros(shape) for _, names in read for name in names}
    for frame, names in read:
        store, part = _places(frame, known)
        fit = (store >= 0) & (part >= 0)
        part = known.parts["heir"].to_numpy()[part[fit]]
        for name in names:
            np.add.at(found[name], (store[fit], part), frame[name].to_numpy(np.float64)[fit])
    return found


def _levels(days: Sequence[date], *what: ColumnElement[Any]) -> Select[Any]:
    level = STOCK_LEVEL.c
    return (
        select(level.store_id, level.part_no, *what)
        .where(level.day.in_([moment(day) for day in days]))
        .group_by(level.store_id, level.part_no)
    )


def _places(frame: pd.DataFrame, known: Catalogue) -> tuple[Whole, Whole]:
    """Row and column of every row of a frame; -1 for what is not known."""
    return _place(frame["store_id"], known.stores["store_id"]), _place(
        frame["part_no"], known.parts["part_no"]
    )


def _place(names: pd.Series[Any], known: pd.Series[Any]) -> Whole:
    return np.asarray(pd.Index(known).get_indexer(pd.Index(names)), np.int64)


def _week(frame: pd.DataFrame, known: Catalogue) -> Whole:
    """The row of the week that each day lies in."""
    weeks = (frame["day"] - pd.Timestamp(known.mondays[0])).dt.days // 7
    return np.asarray(weeks, np.int64)
