"""The shape of the year and the open stores of a unit, as SELECTs, and what is made of them (kpi/usual.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Select, case, func, select

from data_access.chinese_calendar import Known, calendar_rows, known_from
from data_access.compile import once
from data_access.dialects import moment
from data_access.schema import CALENDAR_DAY, STORE, STORE_DAY, STORE_OPENING
from data_access.scope import Scope, limit_to
from kpi import catalog
from kpi.ordinary import day_shape
from kpi.organisation import OrgUnit
from kpi.usual import UsualDays

BEFORE, AFTER = timedelta(730), timedelta(62)
"""The history that is learned from, and the days ahead that may be asked for."""
OPEN = "open_days"
Shapes = dict[str, tuple[float, ...]]
_calendar = once(calendar_rows)


@once
def compile_history(measures: tuple[str, ...], unit: OrgUnit, last: date) -> Select[Any]:
    """day and sums of the measures, of all stores, for a store of those of its size: shapes that name nobody."""
    day = STORE_DAY.c
    sums = (func.sum(day[name]).label(name) for name in (OPEN, *measures))
    query = select(day.day, *sums).where(day.day.between(moment(last - BEFORE), moment(last)))
    if unit.kind == "store":
        size = select(STORE.c.tier).where(STORE.c.store_id == unit.member).scalar_subquery()
        query = query.join(STORE, STORE.c.store_id == day.store_id).where(STORE.c.tier == size)
    return query.group_by(day.day).order_by(day.day)


@once
def compile_open(only: tuple[tuple[str, tuple[str, ...]], ...], last: date, scope: Scope) -> Select[Any]:
    """day and open stores of a unit; no row for a day of which no store has told."""
    day = STORE_OPENING.c
    query = (
        select(day.day, func.sum(case((day.is_open, 1), else_=0)).label(OPEN))
        .join(STORE, STORE.c.store_id == day.store_id)
        .where(day.day.between(moment(last - BEFORE), moment(last + AFTER)))
    )
    for key, members in only:
        query = query.where(STORE.c[catalog.dimension(key).column].in_(sorted(members)))
    return limit_to(scope, STORE, query.group_by(day.day).order_by(day.day))


def shapes_from(calendar: Known, frame: pd.DataFrame) -> Shapes:
    """Of an open store; of the sum of all where nobody counts which are open."""
    by_day = _by_day(calendar, frame)
    is_open = by_day[OPEN].to_numpy(dtype=np.float64, na_value=np.nan)
    stores = np.where(is_open > 0, is_open, np.nan) if np.nansum(is_open) else np.ones(len(is_open))
    found = {
        str(name): day_shape(column.to_numpy(dtype=np.float64, na_value=np.nan) / stores, calendar.days)
        for name, column in by_day.drop(columns=OPEN).items()
    }
    return {name: tuple(shape.tolist()) for name, shape in found.items() if shape is not None}


def usual_days(
    look_up: Callable[..., Any],
    measures: tuple[str, ...],
    unit: OrgUnit,
    only: tuple[tuple[str, tuple[str, ...]], ...],
    last: date,
    scope: Scope,
) -> UsualDays:
    """From three SELECTs, which `look_up` runs and remembers: the calendar, the history of all and the unit's own days."""
    days = _calendar(CALENDAR_DAY, last - BEFORE, last + AFTER)
    calendar: Known = look_up(days, made=partial(known_from, first=last - BEFORE, last=last + AFTER))
    shapes: Shapes = look_up(compile_history(measures, unit, last), made=partial(shapes_from, calendar))
    stores: tuple[float, ...] = look_up(compile_open(only, last, scope), made=partial(_open_stores, calendar))
    return UsualDays(
        first=calendar.first,
        shapes=shapes,
        open_stores=stores,
        kinds=tuple(calendar.days.group.tolist()),
        rest=tuple((~calendar.workday).tolist()),
        names=calendar.names,
        assumed=tuple(calendar.assumed.tolist()),
    )


def _open_stores(calendar: Known, frame: pd.DataFrame) -> tuple[float, ...]:
    """Of each day; as on most others where no store has told."""
    stores = _by_day(calendar, frame)[OPEN].to_numpy(dtype=np.float64, na_value=np.nan)
    some = stores[stores > 0]
    return tuple(np.where(np.isnan(stores), np.median(some) if len(some) else 1.0, stores).tolist())


def _by_day(calendar: Known, frame: pd.DataFrame) -> pd.DataFrame:
    index = pd.date_range(calendar.first, periods=len(calendar.days), freq="D")
    return frame.set_index(pd.to_datetime(frame["day"])).drop(columns="day").reindex(index)
