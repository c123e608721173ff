"""Loaded files on the real engines: every row arrives, what is unknown reads as unknown, a failure changes nothing."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Table, func, literal_column, select, union_all

from data_access import schema
from data_access.ask import Desk
from data_access.errors import DraftRefused
from data_access.load.load import load_file
from data_access.load.mapping import OrderMapping
from data_access.load.report import NEEDS, LoadReport
from data_access.publish import Draft, Publisher
from data_access.scope import Scope
from data_access.warehouse import Warehouse
from kpi.catalog import METRICS
from kpi.question import Period, Question
from tests.conftest import ReadAs
from tests.contract.micro_network import AS_OF as MICRO_AS_OF
from tests.contract.micro_network import fill_base, fill_recent
from tests.unit.load_sample import AS_OF, NOW, ROWS, csv_text, mapping, row


class Loader:
    """Loads the sample into a real warehouse and reads it back as a page would."""

    def __init__(self, url: str, directory: Path) -> None:
        self.url = url
        self.directory = directory
        self.publisher = Publisher(url)

    def load(
        self, rows: list[dict[str, str]], rules: OrderMapping | None = None, append: bool = False
    ) -> LoadReport:
        path = self.directory / "orders.csv"
        path.write_text(csv_text(rows), "utf-8")
        return load_file(
            path, rules or mapping(), self.publisher, self.directory / "loads", NOW, append=append
        )

    def counts(self) -> dict[str, int]:
        """Rows of every table, as a reader sees them."""
        counted = (
            select(literal_column(f"'{table.name}'").label("name"), func.count().label("n")).select_from(
                table
            )
            for table in schema.TABLES
        )
        with self.reading() as warehouse:
            found = warehouse.fetch(union_all(*counted))
        return {str(name): int(n) for name, n in found.itertuples(index=False)}

    def reading(self) -> closing[Warehouse]:
        return closing(Warehouse(self.url, seconds=30))


@pytest.fixture
def loader(engine_url: str, tmp_path: Path) -> Loader:
    return Loader(engine_url, tmp_path)


def test_every_row_arrives_and_the_rollups_add_up(loader: Loader) -> None:
    report = loader.load([*ROWS, row(工单号="X", 里程="far")])
    assert (report.read, report.loaded, report.quarantined) == (9, 8, 1)
    filled = {name: count for name, count in loader.counts().items() if count}
    own = {
        "place": 4, "store": 2, "customer": 2, "vehicle": 3, "work_order": 8, "comeback": 2, "visit": 7, "sync_run": 2,
    }  # fmt: skip
    assert {name: filled.get(name) for name in own} == own
    assert set(filled) - set(own) <= {
        "status",
        "store_day",
        "store_day_by_province",
        "store_time",
        "store_time_by_province",
        "store_hour",
        "customer_state",
        "customer_day",
    }
    day = schema.STORE_DAY
    names = (
        "orders_arrived",
        "orders_delivered",
        "orders_settled",
        "fix_eligible",
        "returned_30d",
        "returned_48h",
        "revenue",
    )
    with loader.reading() as warehouse:
        assert warehouse.version().as_of == AS_OF
        sums = (
            warehouse.fetch(select(*(func.sum(day.c[name]).label(name) for name in names))).iloc[0].to_dict()
        )
        runs = warehouse.fetch(select(schema.SYNC_RUN.c.rows_source, schema.SYNC_RUN.c.rows_loaded))
    # Settled: W1 1500.5, W2 0, W3 150, W4 200, W6 120.
    assert sums == {
        "orders_arrived": 8, "orders_delivered": 7, "orders_settled": 5, "fix_eligible": 5, "returned_30d": 2,
        "returned_48h": 1, "revenue": 1970.5,
    }  # fmt: skip
    assert sorted(runs.itertuples(index=False, name=None)) == [(4, 4), (5, 4)]


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_amounts_that_no_file_told_are_null_and_not_zero(loader: Loader) -> None:
    small = mapping()
    told = {
        name: column
        for name, column in small.columns.items()
        if name not in ("labour_amount", "parts_amount")
    }
    loader.load(ROWS, small.model_copy(update={"columns": told}))
    order = schema.WORK_ORDER
    with loader.reading() as warehouse:
        rows = warehouse.fetch(
            select(
                func.count(order.c.labour_amount).label("labour"),
                func.count(order.c.parts_cost).label("cost"),
            )
        )
        priced = warehouse.fetch(select(func.sum(schema.STORE_DAY.c.orders_priced).label("n"))).at[0, "n"]
        vehicle = warehouse.fetch(select(schema.VEHICLE.c.interval_days, schema.VEHICLE.c.purchased_on))
        store = warehouse.fetch(select(schema.STORE.c.bays, schema.STORE.c.longitude))
    assert rows.to_dict("records") == [{"labour": 0, "cost": 0}]
    assert priced == 0
    assert vehicle.isna().all(axis=None)
    assert store.isna().all(axis=None)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_appending_adds_and_loading_replaces(loader: Loader) -> None:
    loader.load(ROWS[:6])
    report = loader.load(ROWS[5:], append=True)
    assert (report.loaded, report.replaced, report.orders) == (3, 1, 8)
    assert loader.counts()["work_order"] == 8
    loader.load(ROWS[:2])
    counts = loader.counts()
    assert (counts["work_order"], counts["visit"], counts["vehicle"], counts["sync_run"]) == (2, 2, 1, 2)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_a_load_takes_the_place_of_both_parts(loader: Loader) -> None:
    """Whatever was published before, also in its recent part, is gone: nothing is counted twice."""
    loader.publisher.publish(MICRO_AS_OF, fill_base, fill_recent)
    loader.load(ROWS)
    counts = loader.counts()
    assert (counts["work_order"], counts["store"], counts["appointment"], counts["survey"]) == (8, 2, 0, 0)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_a_publish_that_fails_leaves_the_old_version(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    loader.load(ROWS[:5])
    before, version = loader.counts(), loader.publisher.current()
    write = Draft.write

    def dies(draft: Draft, table: Table, rows: pa.Table) -> None:
        write(draft, table, rows)
        if table is schema.WORK_ORDER:
            raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Draft, "write", dies)
        with pytest.raises(OSError, match="no space left"):
            loader.load(ROWS)
    with monkeypatch.context() as patch:
        patch.setattr("data_access.publish.findings", lambda *_: ["something is wrong"])
        with pytest.raises(DraftRefused, match="something is wrong"):
            loader.load(ROWS)
    assert loader.publisher.current() == version
    assert loader.counts() == before
    assert loader.load(ROWS[5:], append=True).orders == 8  # what it was made of is still there


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_times_and_text_come_back_as_they_went_in(loader: Loader) -> None:
    odd = row(门店名="=浦东'店\"; drop 𠮷", 故障="\\N", 客户="O'Neil\\")
    loader.load([*ROWS[1:], odd])
    order, store, customer = schema.WORK_ORDER, schema.STORE, schema.CUSTOMER
    with loader.reading() as warehouse:
        found = warehouse.fetch(
            select(order.c.arrived_at, order.c.delivered_on, order.c.root_cause, order.c.parts_amount).where(
                order.c.work_order_id == "W1"
            )
        ).iloc[0]
        causes = warehouse.fetch(select(order.c.work_order_id).where(order.c.root_cause.is_(None)))
        names = warehouse.fetch(select(customer.c.name).where(customer.c.customer_id == "C1"))
        stores = warehouse.fetch(select(store.c.name_zh, store.c.live_on).where(store.c.store_id == "S1"))
    assert found["arrived_at"].to_pydatetime() == datetime(2026, 3, 1, 9)
    assert found["delivered_on"].date() == date(2026, 3, 1)
    assert (found["root_cause"], found["parts_amount"]) == ("\\N", 1200.5)
    assert list(causes["work_order_id"]) == ["W8"]
    assert list(names["name"]) == ["王一"]  # W3 is newer
    assert stores.iloc[0]["live_on"].date() == date(2026, 3, 1)


def test_the_board_shows_what_the_file_tells_and_says_what_it_does_not(
    tmp_path: Path, read_as: ReadAs
) -> None:
    """Volume stands where bay utilisation would, for nobody counted bays; of March's orders six were vehicle visits."""
    loader = Loader(f"duckdb:///{tmp_path / 'warehouse'}", tmp_path)
    loader.load(ROWS)
    page = read_as(loader.url, NOW).get("/?period=2026-03").get_data(as_text=True)
    tiles = dict(
        re.findall(r'data-kpi="(\w+)" data-status="\w+" data-unit="network" data-value="([^"]*)"', page)
    )
    assert 'data-now="2026-04-01T08:00:00"' in page  # the screen counts on from here
    assert len(tiles) == 7
    assert tiles["vehicles"] == "6"
    assert tiles["revenue"] == "1850.5"  # W1 300 + 1,200.50, W3 150, W4 200
    assert tiles["cost"] == tiles["gross_margin"] == tiles["nps"] == ""


def test_what_work_orders_do_not_tell_has_no_value(tmp_path: Path) -> None:
    loader = Loader(f"duckdb:///{tmp_path / 'warehouse'}", tmp_path)
    loader.load(ROWS)
    live = {"vehicles_now", "revenue_now"}  # the same orders by the hour
    silent = (*(key for key in METRICS if key not in {*NEEDS, *live}), "cross_store_share")
    question = Question(metrics=silent, period=Period(date(2026, 2, 1), date(2026, 3, 31)))
    with loader.reading() as warehouse:
        answers = Desk(warehouse).ask(question, Scope.everything())
    assert {key: found.total.value for key, found in answers.items() if found.total.value is not None} == {}
