"""Statuses from weeks made by hand: a festival is no signal, a real fall in it is one, and data in doubt colour nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Table

from data_access.dialects import create_table
from data_access.schema import QUALITY_RESULT, STORE, STORE_DAY, SYNC_RUN, TABLES
from data_access.statuses import statuses
from data_access.storage.duckdb_files import DIALECT, _column, text_of
from data_access.storage.layout import table_in
from kpi.variation import Cause, Variation, xmr

FIRST, LAST = (
    date(2024, 12, 30),
    date(2026, 2, 22),
)  # Monday to Sunday: the last week is that of the Spring Festival
FESTIVALS = (date(2025, 1, 29), date(2026, 2, 17))
STORES = {f"S{i:02}": "large" if i < 4 else "small" for i in range(12)}
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WEEKDAY = (0.9, 0.9, 0.95, 1.0, 1.1, 1.25, 0.9)
Rows = dict[Table, list[dict[str, Any]]]


def made(fallen: str = "") -> Rows:
    """Around the festival the small stores are shut for a week and the large ones keep a fifth of their trade, and the
    plan knows nothing of it. The store `fallen` sells a third of what it should in the last week."""
    rng = np.random.default_rng(7)
    days: list[dict[str, Any]] = []
    for store, size in STORES.items():
        for day in DAYS:
            away = min(((day - festival).days for festival in FESTIVALS), key=abs)
            quiet = -2 <= away <= 4
            is_open = not quiet or size == "large"
            sold = (2000.0 if size == "large" else 1000.0) * WEEKDAY[day.weekday()] * rng.normal(1, 0.05)
            sold *= (0.2 if quiet else 1.0) * is_open
            if store == fallen and day > LAST - timedelta(7):
                sold /= 3
            plan = 2000.0 if size == "large" else 1000.0
            days.append(
                {"store_id": store, "day": day, "revenue": sold, "revenue_plan": plan, "open_days": int(is_open),
                 "orders_priced": 10 * is_open, "orders_settled": 10 * is_open}
            )  # fmt: skip
    stores = [
        {"store_id": store, "name_zh": store, "name_en": store, "region": "north", "province": "110000",
         "city": "110100", "store_type": "direct", "tier": size, "live_on": date(2020, 1, 1)}
        for store, size in STORES.items()
    ]  # fmt: skip
    runs = [run(store, LAST + timedelta(1)) for store in STORES]
    return {STORE: stores, STORE_DAY: days, SYNC_RUN: runs}


def run(store: str, day: date, sent: int = 1000, arrived: int = 1000) -> dict[str, Any]:
    return {"source": "dms", "store_id": store, "day": day, "extracted_at": day, "loaded_at": day,
            "rows_source": sent, "rows_loaded": arrived, "verified": sent == arrived}  # fmt: skip


def checked(store: str, day: date, failed: int) -> dict[str, Any]:
    return {"check_key": "vin_valid", "table_name": "vehicle", "store_id": store, "day": day, "rows_checked": 100,
            "rows_failed": failed}  # fmt: skip


def judged(rows: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    """By metric and unit ('' for the network)."""
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(create_table(table, "memory", DIALECT))
    for table, found in rows.items():
        whole = [{column.name: None for column in table.columns} | _zeros(table) | row for row in found]
        connection.register("incoming", pa.Table.from_pylist(whole))
        connection.execute(f"insert into {table.name} by name select * from incoming")
        connection.unregister("incoming")
    told = statuses(
        lambda table: table_in(table, "memory"),
        lambda query: [_column(each) for each in connection.execute(text_of(query)).to_arrow_table().columns],
        LAST,
    )
    return {
        (row["metric"], row["unit"]): row for row in told.to_pylist() if row["kind"] in ("network", "store")
    }


def _zeros(table: Table) -> dict[str, float]:
    return {c.name: 0.0 for c in table.columns if not c.nullable and c.type.python_type in (int, float)}


@pytest.fixture(scope="module")
def calm() -> dict[tuple[str, str], dict[str, Any]]:
    return judged(made())


def test_the_error_of_the_networks_mean_is_its_own_and_not_mixed_with_that_of_its_stores() -> None:
    """Two answers a day and store, one above and one below the store's mean: the stores are alike within, not among them."""
    rows = made()
    means = {store: 70.0 + 2 * place for place, store in enumerate(STORES)}
    for row in rows[STORE_DAY]:
        mean = means[row["store_id"]]
        row |= {"csi_answers": 2, "csi_sum": 2 * mean, "csi_sum_squared": (mean + 1) ** 2 + (mean - 1) ** 2}
    network = judged(rows)["csi", ""]
    values, n = np.array(list(means.values())), network["n"]
    error = np.sqrt((values.var() + 1) / (n - 1))
    assert network["value"] == pytest.approx(values.mean())
    assert network["high"] - network["low"] == pytest.approx(2 * 1.959964 * error, rel=1e-6)


METRICS = ("revenue", "output_per_store_day")


def test_without_the_calendar_the_week_of_the_festival_would_be_a_signal() -> None:
    days = made()[STORE_DAY]
    sold = np.array([row["revenue"] for row in days]).reshape(12, -1, 7).sum(axis=2)
    assert set(xmr(sold[:, -26:]).latest.tolist()) == {Cause.BELOW_LIMIT}


@pytest.mark.parametrize("metric", METRICS)
def test_the_week_of_the_spring_festival_is_no_signal(calm: Any, metric: str) -> None:
    found = {unit: row["variation"] for (key, unit), row in calm.items() if key == metric}
    assert len(found) == 13 or metric != "revenue"
    concerned = [unit for unit, variation in found.items() if variation == Variation.CONCERN]
    assert concerned == []


@pytest.mark.parametrize("fallen", ["S00", "S02"])
def test_a_fall_in_the_week_of_the_festival_still_is_one(fallen: str) -> None:
    found = judged(made(fallen=fallen))
    for metric in METRICS:
        concerned = {
            u for (key, u), row in found.items() if key == metric and row["variation"] == Variation.CONCERN
        }
        assert concerned - {""} == {fallen}


def test_a_store_whose_checks_fail_is_in_doubt_and_its_network_is_not(calm: Any) -> None:
    """S03 fails 30 of 100 checked rows in the last three weeks, S05 20 of 100: a quarter is where doubt begins."""
    rows = made()
    rows[QUALITY_RESULT] = [
        checked(store, LAST - timedelta(7 * back), failed)
        for back in range(3)
        for store, failed in (("S03", 30), ("S05", 20))
    ]
    found = judged(rows)
    doubted = found["revenue", "S03"]
    assert (doubted["state"], doubted["reason"]) == ("unknown", "poor_quality")
    assert found["revenue", "S05"]["reason"] == calm["revenue", "S05"]["reason"] != "poor_quality"
    assert found["revenue", ""]["state"] == calm["revenue", ""]["state"]


def test_checks_that_failed_and_were_mended_are_forgiven(calm: Any) -> None:
    rows = made()
    rows[QUALITY_RESULT] = [
        checked("S03", LAST - timedelta(35), 60),
        *(checked("S03", LAST - timedelta(7 * back), 1) for back in range(5)),
    ]
    assert judged(rows)["revenue", "S03"]["state"] == calm["revenue", "S03"]["state"] != "unknown"


def test_a_file_whose_rows_went_into_quarantine_leaves_its_store_in_doubt_and_many_such_the_network(
    calm: Any,
) -> None:
    """One file brought all the weeks, a day after the last of them: of S01's rows every fifth was refused."""
    rows = made()
    rows[SYNC_RUN] = [
        run(store, LAST + timedelta(1), 1000, 800 if store == "S01" else 950) for store in STORES
    ]
    found = judged(rows)
    assert found["revenue", "S01"]["reason"] == "poor_quality"
    assert found["revenue", "S02"]["state"] == calm["revenue", "S02"]["state"]
    assert found["revenue", ""]["state"] == calm["revenue", ""]["state"]
    rows[SYNC_RUN] = [
        run(store, LAST + timedelta(1), 1000, 800 if store < "S03" else 950) for store in STORES
    ]
    assert judged(rows)["revenue", ""]["reason"] == "poor_quality"
