"""A version becomes current as a whole or not at all, old ones stay for a while, and one can go back to them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from data_access import ask, publish, schema
from data_access.ask import Desk
from data_access.errors import (
    DraftRefused,
    NoSuchVersion,
    NothingPublished,
    PublishBusy,
    WarehouseUnavailable,
)
from data_access.province_sums import MADE_OF, SUMS
from data_access.publish import Draft, Fill, Publisher, rollback_command, versions_command
from data_access.scope import Scope
from data_access.storage import layout, open_storage
from data_access.storage.duckdb_files import DuckDBWorkshop
from data_access.warehouse import Warehouse
from kpi.question import Period, Question
from tests.conftest import ENGINES, NewWarehouse
from tests.contract.micro_network import AS_OF, BASE, arrow, fill_base, fill_recent, on, order, store

BASE_REVENUE = 100 + 500 + 150 + 500 + 10_000 - 200 + 100


def today(*amounts: float) -> Fill:
    """A recent part with one settled order of S1 for each amount."""

    def fill(draft: Draft) -> None:
        orders = [
            order(
                f"R{i}",
                "S1",
                "07-01 09:00",
                delivered="07-01 10:00",
                settled="07-01 10:00",
                amounts=(amount, 0.0, 0.0),
            )
            for i, amount in enumerate(amounts)
        ]
        draft.write(schema.WORK_ORDER, arrow(schema.WORK_ORDER, orders))

    return fill


def nothing(draft: Draft) -> None:
    """A part without rows."""


def revenue(url: str) -> float:
    """What a reader who starts now sees."""
    warehouse = Warehouse(url, seconds=30)
    try:
        return float(warehouse.fetch(select(func.sum(schema.STORE_DAY.c.revenue).label("x"))).at[0, "x"])
    finally:
        warehouse.close()


def parts_lying_about(url: str) -> set[str]:
    """Names of all parts that exist, referred to or not."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "duckdb":
        return {path.stem for path in Path(str(parsed.database)).glob("*.duckdb*")}
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"))
        query = "select substr(nspname, 9) from pg_namespace where nspname ~ '^pitwall_(base|recent)'"
    else:
        engine = create_engine(parsed.set(database="default"))
        name = parsed.database
        query = f"select substring(name, {len(str(name)) + 2}) from system.databases where match(name, '^{name}_(base|recent)')"
    with engine.connect() as connection:
        found = {str(part) for (part,) in connection.execute(text(query))}
    engine.dispose()
    return found


@pytest.fixture(scope="module", params=ENGINES)
def playground(request: pytest.FixtureRequest, new_warehouse: NewWarehouse) -> str:
    """A warehouse with a base, on which these tests publish recent parts one after the other."""
    url = new_warehouse(request.param)
    Publisher(url).publish(AS_OF, fill_base, today(1.0))
    return url


def test_nothing_is_current_before_the_first_version(engine_url: str) -> None:
    publisher = Publisher(engine_url)
    assert publisher.current() is None
    assert publisher.versions() == []
    with pytest.raises(NothingPublished, match="first version"):
        publisher.publish(AS_OF, None, nothing)
    with pytest.raises(NothingPublished):
        Warehouse(engine_url).version()


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_versions_come_stay_and_go(engine_url: str) -> None:
    publisher = Publisher(engine_url, keep=2)
    first = publisher.publish(AS_OF, fill_base, today(1.0), note="nightly")
    assert (first.as_of, first.complete_day, first.note) == (AS_OF, date(2026, 6, 30), "nightly")
    assert publisher.current() == first
    assert revenue(engine_url) == BASE_REVENUE + 1

    later = AS_OF + timedelta(minutes=1)
    second = publisher.publish(later, None, today(2.0, 3.0))
    assert (second.base, second.complete_day, second.as_of) == (first.base, first.complete_day, later)
    assert second.recent != first.recent
    assert revenue(engine_url) == BASE_REVENUE + 5

    third = publisher.publish(later, None, nothing)
    assert publisher.versions() == [third, second]
    assert parts_lying_about(engine_url) == {first.base, second.recent, third.recent}
    assert revenue(engine_url) == BASE_REVENUE
    assert first.name < second.name < third.name

    fourth = publisher.publish(AS_OF + timedelta(days=1), fill_base, None)
    assert fourth.recent == third.recent
    assert fourth.base != first.base
    assert fourth.complete_day == date(2026, 7, 1)
    assert parts_lying_about(engine_url) == {first.base, third.recent, fourth.base}
    assert revenue(engine_url) == BASE_REVENUE


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_rolling_back_and_on(playground: str) -> None:
    publisher = Publisher(playground)
    first, second, third = (publisher.publish(AS_OF, None, today(amount)) for amount in (1.0, 2.0, 3.0))
    assert publisher.rollback() == second
    assert revenue(playground) == BASE_REVENUE + 2
    assert publisher.rollback(first.name) == first
    assert revenue(playground) == BASE_REVENUE + 1
    with pytest.raises(NoSuchVersion):
        publisher.rollback()
    with pytest.raises(NoSuchVersion, match="000009_nowhere") as caught:
        publisher.rollback("000009_nowhere")
    assert third.name in caught.value.public.zh_cn
    assert publisher.versions() == [third, second, first]
    fourth = publisher.publish(AS_OF, None, today(4.0))
    assert fourth.name > third.name
    assert publisher.current() == fourth


@pytest.mark.usefixtures("sums_of_stores_alone")
@pytest.mark.parametrize("playground", ["duckdb"], indirect=True)
def test_the_commands_for_going_back(playground: str) -> None:
    server = Flask(__name__)
    server.extensions["publisher"] = lambda: Publisher(playground)
    for command in (versions_command, rollback_command):
        server.cli.add_command(command)
    earlier, later = (
        Publisher(playground).publish(AS_OF, None, nothing, note) for note in ("earlier", "later")
    )
    listed = server.test_cli_runner().invoke(args=["versions"]).output.splitlines()
    assert listed[0] == f"* {later.name}  2026-07-01 10:30  {later.base} + {later.recent}  later"
    assert listed[1].startswith(f"  {earlier.name}")
    assert f"* {earlier.name}" in server.test_cli_runner().invoke(args=["rollback"]).output
    assert Publisher(playground).current() == earlier
    refused = server.test_cli_runner().invoke(args=["rollback", "nowhere"])
    assert refused.exit_code == 1
    assert "nowhere" in refused.output


def _with(table: Any, **changes: Any) -> Fill:
    """The base, its first row of a table changed."""

    def fill(draft: Draft) -> None:
        for each, rows in BASE.items():
            draft.write(each, arrow(each, [rows[0] | changes, *rows[1:]] if each is table else rows))

    return fill


def _order_table(**columns: pa.Array | None) -> pa.Table:
    """One order as Arrow, some columns replaced, those that are None left out."""
    rows = arrow(schema.WORK_ORDER, BASE[schema.WORK_ORDER][:1])
    kept = {name: rows.column(name) for name in rows.column_names if name not in columns}
    return pa.table({**kept, **{name: values for name, values in columns.items() if values is not None}})


def _only(orders: pa.Table) -> Fill:
    return lambda draft: draft.write(schema.WORK_ORDER, orders)


UNFIT: dict[str, tuple[Fill | None, Fill | None, str]] = {
    "no rows": (nothing, None, "no rows in store; .*no rows in work_order"),
    "a store nobody knows": (_with(schema.SURVEY, store_id="S9"), None, "1 rows of survey have no store"),
    "an empty store": (_with(schema.COMPLAINT, store_id=""), None, "1 rows of complaint have no store"),
    "settled in the future": (
        _with(schema.WORK_ORDER, settled_at=datetime(2026, 7, 1, 10, 31), settled_on=date(2026, 7, 1)),
        None,
        "1 work orders have settled_at after 2026-07-01 10:30",
    ),
    "an order in both parts": (
        None,
        _only(arrow(schema.WORK_ORDER, BASE[schema.WORK_ORDER][:2])),
        "2 work orders are in",
    ),
    "an unknown column": (
        None,
        _only(_order_table(colour=pa.array(["red"]))),
        r"unknown columns \['colour'\]",
    ),
    "a missing column": (None, _only(_order_table(order_type=None)), r"missing columns \['order_type'\]"),
    "a missing value": (
        None,
        _only(_order_table(status=pa.array([None], pa.string()))),
        "status: 1 rows have no value",
    ),
    "a wrong type": (
        None,
        _only(_order_table(odometer_km=pa.array(["far"]))),
        "odometer_km: expected int64, got string",
    ),
    "a zoned time": (
        None,
        _only(_order_table(arrived_at=pa.array([datetime(2026, 7, 1)], pa.timestamp("s", tz="UTC")))),
        "arrived_at: expected naive local times",
    ),
    "a rollup": (
        None,
        lambda draft: draft.write(schema.STORE_DAY, pa.table({})),
        "store_day is not written to this part",
    ),
}


@pytest.mark.usefixtures("sums_of_stores_alone")
@pytest.mark.parametrize("playground", ["duckdb"], indirect=True)
@pytest.mark.parametrize("unfit", UNFIT)
def test_an_unfit_draft_changes_nothing(playground: str, unfit: str) -> None:
    refused_unfit_draft(playground, unfit)


@pytest.mark.usefixtures("sums_of_stores_alone")
@pytest.mark.parametrize("playground", ["postgresql", "clickhouse"], indirect=True)
def test_an_unfit_draft_changes_nothing_on_a_server(playground: str) -> None:
    refused_unfit_draft(playground, "an order in both parts")


def refused_unfit_draft(url: str, unfit: str) -> None:
    publisher = Publisher(url)
    standing, seen, parts = publisher.versions(), revenue(url), parts_lying_about(url)
    base, recent, told = UNFIT[unfit]
    with pytest.raises(DraftRefused, match=told):
        publisher.publish(AS_OF, base, recent)
    assert (publisher.versions(), revenue(url), parts_lying_about(url)) == (standing, seen, parts)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_a_filler_that_fails_changes_nothing(playground: str) -> None:
    publisher = Publisher(playground)
    standing, parts = publisher.versions(), parts_lying_about(playground)

    def fails(draft: Draft) -> None:
        fill_recent(draft)
        raise OSError("the source went away")

    with pytest.raises(OSError, match="went away"):
        publisher.publish(AS_OF, None, fails)
    assert (publisher.versions(), parts_lying_about(playground)) == (standing, parts)


def told(url: str) -> dict[str, float]:
    """Revenue of each region, as a reader who starts now is told."""
    warehouse = Warehouse(url, seconds=30)
    try:
        month = Period(date(2026, 6, 3), date(2026, 6, 30))
        question = Question(metrics=("revenue",), period=month, split="region")
        answer = Desk(warehouse).ask(question, Scope.everything())["revenue"]
        return {str(row.member): row.now.value or 0.0 for row in answer.rows}
    finally:
        warehouse.close()


def test_sums_by_province_are_read_only_where_they_hold(
    playground: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(draft: Draft) -> None:
        fill_recent(draft)
        draft.write(schema.STORE, arrow(schema.STORE, [{**store("S2", on("01-01")), "region": "east"}]))

    publisher = Publisher(playground)
    first = publisher.publish(AS_OF, None, fill_recent)
    assert first.sums == MADE_OF
    before = told(playground)
    assert list(before) == ["north"] and before["north"]
    # A store that moves takes its earlier days along; the base's sums know it where it was.
    assert publisher.publish(AS_OF, None, moved).sums == ""
    after = told(playground)
    assert after["east"] and sum(after.values()) == pytest.approx(before["north"])
    with closing(Warehouse(playground, seconds=30)) as reading:
        sums, rows = SUMS["store_day"], schema.STORE_DAY.c
        of_region = select(func.sum(sums.of["revenue"]).label("x")).where(sums.table.c.region == "east")
        of_store = select(func.sum(rows.revenue).label("x")).where(rows.store_id == "S2")
        assert reading.fetch(of_region).at[0, "x"] == pytest.approx(reading.fetch(of_store).at[0, "x"])
    # What another program summed may be something else, also when the new one publishes beside its base.
    publisher.rollback(first.name)
    for room in (publish, layout, ask):
        monkeypatch.setattr(room, "MADE_OF", "of a newer program")
    assert told(playground) == pytest.approx(before)
    assert publisher.publish(AS_OF, None, fill_recent).sums == ""
    assert told(playground) == pytest.approx(before)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_two_publishers_at_once(playground: str) -> None:
    publisher = Publisher(playground)
    inside, leave = threading.Event(), threading.Event()

    def slow(draft: Draft) -> None:
        inside.set()
        leave.wait(60)

    first = threading.Thread(target=publisher.publish, args=(AS_OF, None, slow, "first"))
    first.start()
    assert inside.wait(60)
    with pytest.raises(PublishBusy) as caught:
        Publisher(playground, wait=0.1).publish(AS_OF, None, nothing)
    assert caught.value.http_status == 409
    leave.set()
    Publisher(playground, wait=60).publish(AS_OF, None, nothing, "second")
    first.join()
    assert [version.note for version in publisher.versions()[:2]] == ["second", "first"]


def test_a_rollup_that_disagrees_with_its_facts_is_refused(
    playground: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = publish.RECENT_ROLLUPS[schema.STORE_DAY]
    wrong = {schema.STORE_DAY: lambda part: right(part).limit(0)}
    monkeypatch.setattr(publish, "RECENT_ROLLUPS", wrong)
    with pytest.raises(
        DraftRefused, match=r"settled orders: 1\.0 in the work orders, but 0\.0 in store_day; revenue: 300\.0"
    ):
        Publisher(playground).publish(AS_OF, None, fill_recent)


@pytest.mark.usefixtures("sums_of_stores_alone")
@pytest.mark.parametrize("playground", ["duckdb"], indirect=True)
@pytest.mark.parametrize("damage", ["cut", "scribbled"])
def test_a_damaged_draft_never_becomes_current(
    playground: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(playground)
    standing, seen = publisher.versions(), revenue(playground)
    seal: Callable[..., None] = DuckDBWorkshop.seal

    def seal_and_damage(work: DuckDBWorkshop, part: str) -> None:
        seal(work, part)
        path = Path(str(make_url(playground).database)) / f"{part}.duckdb"
        content = path.read_bytes()
        path.write_bytes(
            content[: len(content) // 2]
            if damage == "cut"
            else content[:8192] + b"\x5a" * (len(content) - 8192)
        )

    monkeypatch.setattr(DuckDBWorkshop, "seal", seal_and_damage)
    with pytest.raises(WarehouseUnavailable):
        publisher.publish(AS_OF, None, today(2.0))
    assert (publisher.versions(), revenue(playground)) == (standing, seen)


@pytest.mark.parametrize("engine_url", ["duckdb"], indirect=True)
def test_bulk_sql_on_duckdb(engine_url: str) -> None:
    def fill(draft: Draft) -> None:
        draft.write(schema.STORE, arrow(schema.STORE, [store("S1", None)]))
        draft.duckdb.execute(
            "insert into work_order by name select 'W' || i as work_order_id, 'S1' as store_id, "
            "timestamp '2026-06-01 09:00:00' as arrived_at, date '2026-06-01' as arrived_on, "
            "timestamp '2026-06-01 10:00:00' as settled_at, date '2026-06-01' as settled_on, "
            "'customer_pay' as order_type, 'repair' as service_kind, true as first_of_visit, false as drop_off, "
            "false as fix_eligible, true as complete, 'settled' as status, i as labour_amount, 1 as parts_amount "
            "from range(1000) each(i)"
        )

    Publisher(engine_url).publish(AS_OF, fill, None)
    assert revenue(engine_url) == 499_500 + 1000


@pytest.mark.parametrize("engine_url", ["duckdb"], indirect=True)
def test_facts_lie_sorted_by_store_and_bookings_by_day(engine_url: str) -> None:
    """Rows that come in any order are sorted, so that a question skips the blocks of other stores, or other days."""

    def shuffled(draft: Draft) -> None:
        draft.write(schema.STORE, arrow(schema.STORE, [store(f"S{i}", None) for i in range(4)]))
        draft.duckdb.execute(
            "insert into visit by name select 'V' || i as vehicle_id, 'C' as customer_id, 'S' || (i % 4) as store_id, "
            "date '2026-06-01' - (i % 7)::integer as day from range(300000) each(i)"
        )
        draft.duckdb.execute(
            "insert into appointment by name select 'B' || i as appointment_id, 'S' || (i % 4) as store_id, "
            "'C' as customer_id, 'V' as vehicle_id, timestamp '2026-05-20 09:00:00' as booked_at, "
            "date '2026-06-01' - (i % 7)::integer as day, day + interval 9 hour as slot_starts_at, 'app' as channel, "
            "'repair' as service_kind, 1 as planned_hours, 'arrived' as status from range(300000) each(i)"
        )
        draft.write(schema.WORK_ORDER, arrow(schema.WORK_ORDER, [order("W", "S1", "06-01 09:00")]))

    version = Publisher(engine_url).publish(AS_OF, shuffled, None)
    storage = open_storage(engine_url)
    with storage.publishing(0) as work:
        work.open(version.base)
        base = work.native(version.base)
        visits = base.execute("select store_id, day from visit").fetchall()  # type: ignore[attr-defined]
        bookings = base.execute("select day, store_id from appointment").fetchall()  # type: ignore[attr-defined]
    assert len(visits) == len(bookings) == 300_000
    assert visits == sorted(visits) and bookings == sorted(bookings)


@pytest.mark.usefixtures("sums_of_stores_alone")
@pytest.mark.parametrize("playground", ["postgresql"], indirect=True)
def test_an_old_version_that_is_still_read_is_left_for_later(playground: str) -> None:
    publisher = Publisher(playground, keep=1)
    first = publisher.publish(AS_OF, None, today(1.0))
    engine = create_engine(make_url(playground).set(drivername="postgresql+psycopg"))
    with engine.connect() as reader:
        orders = text(f"select count(*) from pitwall_v_{first.name}.work_order")
        assert reader.execute(orders).scalar() == 11
        second = publisher.publish(AS_OF, None, today(2.0))
        assert publisher.current() == second
        assert reader.execute(orders).scalar() == 11
    engine.dispose()
    third = publisher.publish(AS_OF, None, today(3.0))
    assert parts_lying_about(playground) == {first.base, third.recent}


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_an_old_file_that_is_still_read_stays_readable(new_warehouse: NewWarehouse) -> None:
    url = new_warehouse("duckdb")
    publisher = Publisher(url, keep=1)
    first = publisher.publish(AS_OF, fill_base, today(1.0))
    reader = Warehouse(url)
    assert reader.version() == first
    publisher.publish(AS_OF, fill_base, today(2.0))
    assert parts_lying_about(url).isdisjoint(first.parts)
    sums = reader.fetch(select(func.sum(schema.STORE_DAY.c.revenue).label("x")), version=first)
    assert sums.at[0, "x"] == BASE_REVENUE + 1
    reader.close()
