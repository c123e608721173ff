"""Rollups: every table of ROLLUPS as one SELECT over the facts of a part, the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, Table

from data_access.province_sums import SUMS, Sums
from data_access.rollup.additive import CUSTOMER_TYPES, HOUR_DAYS, Part
from data_access.rollup.call_candidate import call_candidate
from data_access.rollup.customer_day import customer_day
from data_access.rollup.customer_state import customer_state
from data_access.rollup.low_answer import low_answer
from data_access.rollup.stock import part_state, stock_day
from data_access.rollup.store import known_amount, store_day, store_hour
from data_access.rollup.store_time import store_time
from data_access.rollup.technician import part_week, technician_day
from data_access.rollup.transfer import transfer
from data_access.rollup.visits import CARE_VISIT, care_visit
from data_access.schema import (
    CALL_CANDIDATE,
    CUSTOMER_DAY,
    CUSTOMER_STATE,
    LOW_ANSWER,
    METADATA,
    PART_STATE,
    PART_WEEK,
    STOCK_DAY,
    STORE,
    STORE_DAY,
    STORE_HOUR,
    STORE_TIME,
    TECHNICIAN_DAY,
    TRANSFER,
)

Rollup = Callable[[Part], Select[Any]]


def _by_province(sums: Sums) -> Rollup:
    def rollup(part: Part) -> Select[Any]:
        return sums.rows(part.of(METADATA.tables[sums.source]), part.of(STORE))

    return rollup


RECENT_ROLLUPS: Mapping[Table, Rollup] = {
    STORE_DAY: store_day,
    STORE_TIME: store_time,
    STORE_HOUR: store_hour,
    TECHNICIAN_DAY: technician_day,
    PART_WEEK: part_week,
    LOW_ANSWER: low_answer,
    **{sums.table: _by_province(sums) for sums in SUMS.values()},
}
BASE_ROLLUPS: Mapping[Table, Rollup] = {
    **RECENT_ROLLUPS,
    CUSTOMER_DAY: customer_day,
    CUSTOMER_STATE: customer_state,
    CALL_CANDIDATE: call_candidate,
    STOCK_DAY: stock_day,
    PART_STATE: part_state,
    TRANSFER: transfer,
}
"""Levels of customers and stock need the whole history, so they are built in the base part only, as of its last complete
day, and in this order: a later one may be made from an earlier one."""

BASE_STAGES: Mapping[Table, Rollup] = {CARE_VISIT: care_visit}
"""What several rollups of a base part start from: kept while it is built, not part of it."""

__all__ = [
    "BASE_ROLLUPS",
    "BASE_STAGES",
    "CUSTOMER_TYPES",
    "HOUR_DAYS",
    "RECENT_ROLLUPS",
    "Part",
    "Rollup",
    "known_amount",
]
