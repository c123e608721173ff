"""The City of Cincinnati's work orders, loaded with the mapping that ships, against SQL written by hand on the file.

Not part of `make test`, for the product does not need the file. Run it where the file is:

    FLEET_WORK_ORDERS=fleet_work_orders.parquet python -m pytest tests/load/test_load_fleet.py -s
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from sqlalchemy import func, select

import data_access.load
from data_access.load.load import load_file
from data_access.load.mapping import read_mapping
from data_access.load.report import LoadReport
from data_access.publish import Publisher
from data_access.schema import COMEBACK, STORE_DAY, SYNC_RUN, VEHICLE, VISIT, WORK_ORDER
from data_access.warehouse import Warehouse
from kpi.text import Locale

MAPPING = Path(data_access.load.__file__).parent / "mappings" / "cincinnati_fleet.toml"


class Fleet(NamedTuple):
    report: LoadReport
    warehouse: Warehouse
    file: duckdb.DuckDBPyConnection

    def truth(self, query: str) -> Any:
        """The single figure that a query on the file itself gives."""
        return self.file.execute(query).fetchall()[0][0]

    def count(self, table: Any, *where: Any) -> int:
        query = select(func.count().label("n")).select_from(table).where(*where)
        return int(self.warehouse.fetch(query).at[0, "n"])


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    path = os.environ.get("FLEET_WORK_ORDERS")
    if not path:
        pytest.fail("set FLEET_WORK_ORDERS to the Parquet file of work orders")
    directory = tmp_path_factory.mktemp("fleet")
    publisher = Publisher(f"duckdb:///{directory}")
    began, used = time.perf_counter(), cpu_seconds()
    report = load_file(
        Path(path), read_mapping(MAPPING), publisher, directory / "loads", datetime(2026, 1, 1)
    )
    took, used = time.perf_counter() - began, cpu_seconds() - used
    print(
        f"\n{report.told(Locale.EN)}\n{took:.1f} s, {used:.1f} s of processor, load {os.getloadavg()[0]:.1f}"
    )
    with closing(Warehouse(f"duckdb:///{directory}", seconds=60)) as warehouse, duckdb.connect() as file:
        file.execute(f"create view wo as from read_parquet('{path}')")
        yield Fleet(report, warehouse, file)


def test_every_row_is_there(fleet: Fleet) -> None:
    rows = fleet.truth("select count(*) from wo")
    assert rows == fleet.truth("select count(distinct work_order_id) from wo")
    assert (fleet.report.read, fleet.report.loaded, fleet.report.quarantined) == (rows, rows, 0)
    assert fleet.count(WORK_ORDER) == rows
    day = STORE_DAY.c
    assert fleet.warehouse.fetch(select(func.sum(day.orders_arrived).label("n"))).at[0, "n"] == rows


def test_every_store_and_day_has_its_orders(fleet: Fleet) -> None:
    of_order = WORK_ORDER.c
    loaded = fleet.warehouse.fetch(
        select(of_order.store_id, of_order.arrived_on, func.count().label("n")).group_by(
            of_order.store_id, of_order.arrived_on
        )
    )
    fleet.file.register("loaded", loaded)
    differing = fleet.truth(
        "select count(*) from (select shop_id, created::date as day, count(*) as n from wo group by 1, 2) f "
        "full join loaded l on l.store_id = f.shop_id and l.arrived_on::date = f.day where f.n is distinct from l.n"
    )
    assert differing == 0
    assert fleet.count(VEHICLE) == fleet.truth("select count(distinct asset_id) from wo")
    assert fleet.count(VISIT) == fleet.truth(
        "select count(*) from (select distinct asset_id, created from wo)"
    )
    assert fleet.count(SYNC_RUN) == fleet.truth("select count(distinct shop_id) from wo")


FAULTS = "job_type = 'REPAIR' and reason_code in ('N', 'R', 'F', 'W', 'X')"


def test_repairs_and_comebacks(fleet: Fleet) -> None:
    """Of each finished repair for a fault: was the same asset opened again for the same reason 1 to 30 days later?"""
    eligible = fleet.truth(f"select count(*) from wo where {FAULTS} and status = 'CLOSED'")
    returned = fleet.truth(f"""
        with repair as (select asset_id, reason_code, created::date - date '2008-01-01' as day, status from wo where {FAULTS}),
        days as (select distinct asset_id, reason_code, day from repair)
        select count(*) from repair r where status = 'CLOSED' and exists (
            select 1 from days d where d.asset_id = r.asset_id and d.reason_code = r.reason_code
            and d.day > r.day and d.day <= r.day + 30)
    """)
    assert (fleet.report.fix_eligible, fleet.report.comebacks) == (eligible, returned)
    assert fleet.count(COMEBACK) == returned
    sums = fleet.warehouse.fetch(
        select(func.sum(STORE_DAY.c.fix_eligible).label("a"), func.sum(STORE_DAY.c.returned_30d).label("b"))
    )
    assert (sums.at[0, "a"], sums.at[0, "b"]) == (eligible, returned)
    print(f"\n{eligible:,} repairs, {returned:,} came back within 30 days")


def test_a_comeback_is_the_next_order_of_the_same_vehicle_and_reason(fleet: Fleet) -> None:
    back = COMEBACK.c
    fleet.file.register(
        "back", fleet.warehouse.fetch(select(back.parent_work_order_id, back.work_order_id, back.store_id))
    )
    wrong = fleet.truth("""
        select count(*) from back b join wo p on p.work_order_id = b.parent_work_order_id
        join wo c on c.work_order_id = b.work_order_id
        where p.asset_id <> c.asset_id or p.reason_code <> c.reason_code or b.store_id <> p.shop_id
            or c.created <= p.created or c.created > p.created + 30
    """)
    assert wrong == 0
    assert fleet.truth("select count(*) - count(distinct parent_work_order_id) from back") == 0


def test_what_the_file_does_not_tell_is_not_there(fleet: Fleet) -> None:
    for name in (
        "labour_amount",
        "parts_amount",
        "parts_cost",
        "billed_hours",
        "clock_hours",
        "settled_on",
        "delivered_at",
    ):
        assert fleet.count(WORK_ORDER, WORK_ORDER.c[name].is_not(None)) == 0
    priced = fleet.warehouse.fetch(select(func.sum(STORE_DAY.c.orders_priced).label("n")))
    assert priced.at[0, "n"] == 0
    newest = fleet.truth("select max(created) from wo")
    assert fleet.warehouse.version().as_of == datetime.combine(newest, datetime.min.time())
