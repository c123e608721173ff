"""What happened on each day at each store, as arrays: the material of the volume forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Select, case, func, select

from data_access.chinese_calendar import calendar_rows, known_from
from data_access.dialects import moment
from data_access.schema import CALENDAR_DAY, STORE, STORE_DAY, STORE_OPENING, VISIT
from data_access.warehouse import Warehouse
from kpi.calendar_profile import FAR as NEVER
from prediction.calendar import FAR, Calendar
from prediction.history import require
from prediction.volume import AHEAD, Network

VISITS, BOOKINGS, REVENUE, BAY_HOURS = "visits", "bookings", "revenue", "bay_hours"
SERIES = (VISITS, REVENUE, BOOKINGS, BAY_HOURS)
BUSY = 4.0
"""Visits of a usual day from which a day without one tells that the store was shut."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Days:
    """Tables of (days, stores); the last known day is `last`, the arrays of `network` reach 30 days further."""

    stores: tuple[str, ...]
    regions: tuple[str, ...]
    last: date
    network: Network
    counts: dict[str, Floats]
    first: dict[str, int]
    """the first known day of each series"""

    def day(self, place: int) -> date:
        return self.last + timedelta(place - self.network.days + 1)


def read_days(warehouse: Warehouse) -> Days:
    """Raises TooLittleHistory where nothing was ever visited, and what the warehouse raises."""
    last = warehouse.version().as_of.date() - timedelta(1)
    live = warehouse.fetch(_live())
    require("live stores", 1, len(live))
    stores, regions = tuple(live["store_id"]), tuple(sorted(set(live["region"])))
    history, recent = warehouse.fetch(_visits(last)), warehouse.fetch(_store_days(last))
    require("days of visits", 1, len(history) + len(recent))
    begin = min(frame["day"].min() for frame in (history, recent) if len(frame)).date()
    index = pd.date_range(begin, last + timedelta(AHEAD), freq="D")
    known = len(index) - AHEAD

    def table(frame: pd.DataFrame, column: str) -> Floats:
        wide = frame.pivot(index="day", columns="store_id", values=column).reindex(
            index=index, columns=stores
        )
        return np.array(wide.to_numpy(dtype=np.float64, na_value=np.nan))

    opening = table(warehouse.fetch(_openings(begin, index[-1].date())), "open_days")
    older = np.nan_to_num(table(history, "visits"))
    counts = {name: table(recent, name)[:known] for name in SERIES}
    first = {name: _first_day(counts[name]) for name in SERIES}
    visits = np.where(np.arange(known)[:, None] < first[VISITS], older[:known], np.nan_to_num(counts[VISITS]))
    is_open = np.isnan(opening) | (opening > 0)
    is_open[:known] &= ~(np.isnan(opening[:known]) & _shut(visits))
    counts[VISITS] = np.where(is_open[:known] & _begun(visits), visits, np.nan)
    first[VISITS] = 0
    calendar, kinds = _calendar(warehouse, index)
    places = np.array([regions.index(region) for region in live["region"]], np.int64)
    return Days(stores, regions, last, Network(calendar, kinds, is_open, places), counts, first)


def _first_day(counts: Floats) -> int:
    seen = np.flatnonzero(np.nansum(counts, axis=1) > 0)
    return int(seen[0]) if len(seen) else len(counts)


def _begun(visits: Floats) -> NDArray[np.bool_]:
    """From a store's first visit on."""
    begun: NDArray[np.bool_] = np.maximum.accumulate(visits > 0, axis=0)
    return begun


def _shut(visits: Floats) -> NDArray[np.bool_]:
    usual = np.array([np.median(column[column > 0]) if (column > 0).any() else 0.0 for column in visits.T])
    shut: NDArray[np.bool_] = (visits == 0) & (usual > BUSY)
    return shut


def _live() -> Select[Any]:
    live = STORE.c.live_on.is_not(None)
    return select(STORE.c.store_id, STORE.c.region).where(live).order_by(STORE.c.store_id)


def _visits(last: date) -> Select[Any]:
    return (
        select(VISIT.c.store_id, VISIT.c.day, func.count().label("visits"))
        .where(VISIT.c.day <= moment(last))
        .group_by(VISIT.c.store_id, VISIT.c.day)
    )


def _store_days(last: date) -> Select[Any]:
    day = STORE_DAY.c
    sums = {
        VISITS: func.sum(day.vehicles),
        BOOKINGS: func.sum(day.bookings),
        REVENUE: func.sum(day.revenue),
        BAY_HOURS: func.sum(day.bay_minutes_worked) / 60.0,
    }
    return (
        select(day.store_id, day.day, *(total.label(name) for name, total in sums.items()))
        .where(day.day <= moment(last))
        .group_by(day.store_id, day.day)
    )


def _openings(begin: date, end: date) -> Select[Any]:
    opening = STORE_OPENING.c
    return (
        select(
            opening.store_id, opening.day, func.max(case((opening.is_open, 1), else_=0)).label("open_days")
        )
        .where(opening.day.between(moment(begin), moment(end)))
        .group_by(opening.store_id, opening.day)
    )


def _calendar(warehouse: Warehouse, index: pd.DatetimeIndex) -> tuple[Calendar, int]:
    """The calendar of the days: from the table of days, and where it does not reach the product's own."""
    first, last = index[0].date(), index[-1].date()
    found = known_from(warehouse.fetch(calendar_rows(CALENDAR_DAY, first, last)), first, last)
    number = np.asarray((index - pd.Timestamp("1970-01-01")).days, np.int64)
    festival = np.where(found.days.spring == NEVER, FAR, found.days.spring)
    days = found.days
    return Calendar(number, days.weekday, found.workday, days.holiday, festival), int(
        days.holiday.max(initial=0)
    )
