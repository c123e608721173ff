"""Reading: frames alike on every engine, limits kept, nothing written, errors in words that are fit to show."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Numeric, cast, delete, func, insert, literal_column, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from data_access import schema, warehouse
from data_access.dialects import (
    add_days,
    add_months,
    day_of,
    days_between,
    hour_of,
    moment,
    null_when_empty,
    period_start,
    quotient,
    seconds_between,
    value_at_max,
    weekday_of,
)  # fmt: skip
from data_access.errors import NothingPublished, TooLarge, TooManyRows, TooSlow, WarehouseUnavailable
from data_access.publish import Draft, Publisher
from data_access.readers import DuckDBReader, ServerReader
from data_access.warehouse import Warehouse
from tests.conftest import ENGINES, NewWarehouse
from tests.contract.micro_network import AS_OF, arrow, fill_base, order

ORDER, DAY, HOUR = schema.WORK_ORDER, schema.STORE_DAY, schema.STORE_HOUR


def test_frames_are_alike_on_every_engine(micro: Warehouse) -> None:
    query = (
        select(
            ORDER.c.work_order_id.label("text"),
            ORDER.c.root_cause.label("no_text"),
            ORDER.c.arrived_on.label("day"),
            ORDER.c.delivered_at.label("time"),
            ORDER.c.complete.label("flag"),
            ORDER.c.odometer_km.label("no_count"),
            ORDER.c.labour_amount.label("amount"),
            cast(func.coalesce(ORDER.c.labour_amount, 0), Numeric(12, 2)).label("decimal"),
            func.count().over().label("count"),
            (func.sum(ORDER.c.labour_amount).over() > 0).label("any"),
            literal_column("1 + 1").label("unknown_number"),
        )
        .where(ORDER.c.work_order_id.in_(["W1", "W10", "W6"]))
        .order_by(ORDER.c.work_order_id)
    )
    frame = micro.fetch(query)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "text": "str", "no_text": "str", "day": "datetime64[ns]", "time": "datetime64[ns]", "flag": "bool",
        "no_count": "float64", "amount": "float64", "decimal": "float64", "count": "int64", "any": "bool",
        "unknown_number": "float64",
    }  # fmt: skip
    first, waiting, unpriced = frame.to_dict("records")
    assert (first["text"], first["day"], first["time"], first["decimal"], first["count"]) == (
        "W1", datetime(2026, 6, 1), datetime(2026, 6, 1, 11), 300.0, 3,
    )  # fmt: skip
    assert frame["no_text"].isna().all()
    assert frame["time"].isna().tolist() == [False, True, False]
    assert waiting["text"] == "W10"
    assert unpriced["amount"] != unpriced["amount"]  # NaN


def test_an_empty_answer_has_its_columns(micro: Warehouse) -> None:
    frame = micro.fetch(select(DAY.c.day, DAY.c.revenue, DAY.c.store_id).where(DAY.c.store_id == "S9"))
    assert frame.empty
    assert [str(kind) for kind in frame.dtypes] == ["datetime64[ns]", "float64", "str"]


def test_dialect_elements(micro: Warehouse) -> None:
    """One value of each element; the order W1 came on Monday, 1 June 2026 at 09:00 and left at 11:00."""
    arrived, left = ORDER.c.arrived_at, ORDER.c.delivered_at
    day = ORDER.c.arrived_on
    query = select(
        period_start("day", day).label("day"),
        period_start("week", add_days(day, 6)).label("week"),
        period_start("month", add_days(day, 29)).label("month"),
        hour_of(left).label("hour"),
        weekday_of(add_days(day, -1)).label("weekday"),
        day_of(left).label("left_on"),
        seconds_between(arrived, left).label("seconds"),
        seconds_between(day, arrived).label("seconds_of_day"),
        days_between(day, moment(date(2026, 7, 1))).label("days"),
        days_between(moment(date(2026, 7, 1)), day).label("days_back"),
        add_days(day, -1).label("eve"),
        add_months(moment(date(2026, 1, 31)), 1).label("short_month"),
        quotient(ORDER.c.parts_amount - 100, ORDER.c.labour_amount).label("third"),
        quotient(literal_column("1"), literal_column("2")).label("half"),
        quotient(ORDER.c.labour_amount, ORDER.c.labour_amount - 300).label("by_zero"),
    ).where(ORDER.c.work_order_id == "W1")
    row = micro.fetch(query).to_dict("records")[0]
    by_zero = row.pop("by_zero")
    assert row == {
        "day": datetime(2026, 6, 1), "week": datetime(2026, 6, 1), "month": datetime(2026, 6, 1), "hour": 11,
        "weekday": 7,
        "left_on": datetime(2026, 6, 1), "seconds": 7200.0, "seconds_of_day": 32_400.0, "days": 30, "days_back": -30,
        "eve": datetime(2026, 5, 31), "short_month": datetime(2026, 2, 28), "third": pytest.approx(1 / 3), "half": 0.5,
    }  # fmt: skip
    assert by_zero != by_zero


def test_dialect_aggregates(micro: Warehouse) -> None:
    """Labour of S1's priced orders: 0, 60, 100.5, 200, 300, 400, 500; S9 has none."""
    amount = ORDER.c.labour_amount
    query = select(
        null_when_empty(func.sum(amount)).label("total"),
        value_at_max(ORDER.c.work_order_id, amount).label("dearest"),
    )
    priced = query.where(ORDER.c.store_id == "S1", amount.is_not(None))
    assert micro.fetch(priced).to_dict("records") == [{"total": 1560.5, "dearest": "W3"}]
    nobody = micro.fetch(query.where(ORDER.c.store_id == "S9")).iloc[0]
    assert pd.isna(nobody["total"])


def test_grouping_by_a_period(micro: Warehouse) -> None:
    month = period_start("month", DAY.c.day)
    frame = micro.fetch(
        select(month.label("period"), func.sum(DAY.c.revenue).label("value")).group_by(month).order_by(month)
    )
    assert frame.values.tolist() == [
        [datetime(2026, 3, 1), 100.0], [datetime(2026, 6, 1), 11_050.0], [datetime(2026, 7, 1), 300.0],
    ]  # fmt: skip


def test_a_slow_query_is_stopped(micro_url: str) -> None:
    reader = Warehouse(micro_url, seconds=0.3)
    hours = [HOUR.alias(f"h{i}") for i in range(6)]
    product = (
        hours[0].c.revenue
        + hours[1].c.revenue
        + hours[2].c.revenue
        + hours[3].c.revenue * hours[4].c.vehicles
    )
    started = time.monotonic()
    with pytest.raises(TooSlow) as caught:
        reader.fetch(select(func.sum(product * hours[5].c.vehicles).label("x")))
    assert time.monotonic() - started < 20  # it would run for hours
    assert caught.value.http_status == 504
    patient = Warehouse(micro_url, seconds=30)
    assert len(patient.fetch(select(schema.STORE.c.store_id))) == 3
    patient.close()
    reader.close()


def test_a_query_that_needs_too_much_memory_is_refused_and_the_next_one_answered(
    micro_on: Callable[[str], str],
) -> None:
    reader = Warehouse(micro_on("duckdb"), seconds=30, memory_mb=64)
    crowd = [HOUR.alias(f"h{i}") for i in range(3)]
    rows = crowd[0].join(crowd[1], literal_column("1 = 1")).join(crowd[2], literal_column("1 = 1"))
    text_of_all = func.string_agg(func.repeat(crowd[0].c.store_id, 50_000), "")
    with pytest.raises(TooLarge) as caught:
        reader.fetch(select(func.length(text_of_all).label("x")).select_from(rows))
    assert "shorter period" in caught.value.public.en and "缩短" in caught.value.public.zh_cn
    assert len(reader.fetch(select(schema.STORE.c.store_id))) == 3
    reader.close()


def test_too_many_rows_are_refused(micro_url: str) -> None:
    reader = Warehouse(micro_url, seconds=30, row_cap=3)
    assert len(reader.fetch(select(schema.STORE.c.store_id))) == 3
    assert len(reader.fetch(select(ORDER.c.store_id).limit(2))) == 2
    with pytest.raises(TooManyRows, match="more than 3 rows"):
        reader.fetch(select(ORDER.c.store_id))
    with pytest.raises(TooManyRows):
        reader.fetch(select(ORDER.c.store_id).limit(4))
    reader.close()


def test_nothing_can_be_written(micro: Warehouse) -> None:
    for statement in (delete(DAY), insert(DAY), text("select 1")):
        with pytest.raises(TypeError, match="only SELECT"):
            micro.fetch(statement)  # type: ignore[arg-type]
    reader, version = micro._reader, micro.version()
    if isinstance(reader, ServerReader):
        schema_name = micro._storage.schema_of(version.base)
        with (
            pytest.raises(SQLAlchemyError, match=r"(?i)read-only|readonly"),
            reader._engine.connect() as connection,
        ):
            connection.exec_driver_sql(f"insert into {schema_name}.visit (vehicle_id) values ('V')")
    else:
        assert isinstance(reader, DuckDBReader)
        with pytest.raises(Exception, match="read-only"):
            reader._root.execute(f"insert into {version.base}.visit (vehicle_id) values ('V')")
        with pytest.raises(Exception, match="disabled by configuration"):
            reader._root.execute("select * from read_text('/etc/hostname')")


def test_a_broken_query_is_told_without_the_engines_words(micro: Warehouse) -> None:
    with pytest.raises(WarehouseUnavailable) as caught:
        micro.fetch(select(literal_column("no_such_column")).select_from(DAY))
    assert "no_such_column" in str(caught.value)
    assert "no_such_column" not in caught.value.public.en
    assert micro.fetch(select(schema.STORE.c.store_id)).shape == (3, 1)  # the connection is still good


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://pitwall:secret@localhost:1/none",
        "clickhousedb://pitwall:secret@localhost:1/none",
    ],
)
def test_a_server_that_is_not_there(url: str) -> None:
    with pytest.raises(WarehouseUnavailable) as caught:
        Warehouse(url).version()
    assert caught.value.http_status == 503
    assert "secret" not in caught.value.public.en + str(caught.value)


@pytest.mark.parametrize("url", ["duckdb:///:memory:", "sqlite:///x.db", "nonsense", "mysql://u:secret@h/d"])
def test_a_url_of_no_known_warehouse(url: str) -> None:
    with pytest.raises(ValueError, match="duckdb:///<directory>") as caught:
        Warehouse(url)
    assert "secret" not in str(caught.value)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        Warehouse(f"duckdb:///{tmp_path / 'none'}").version()


def test_a_damaged_pointer_and_a_damaged_file(new_warehouse: NewWarehouse) -> None:
    url = new_warehouse("duckdb")
    version = Publisher(url).publish(AS_OF, fill_base, None)
    directory = Path(str(make_url(url).database))
    pointer = (directory / "CURRENT").read_text()
    (directory / "CURRENT").write_text(pointer[:40])
    with pytest.raises(WarehouseUnavailable, match="CURRENT"):
        Warehouse(url).version()
    (directory / "CURRENT").write_text(pointer)
    (directory / f"{version.base}.duckdb").write_bytes(b"not a database")
    with pytest.raises(WarehouseUnavailable, match=version.name):
        Warehouse(url).version()


def test_the_last_good_version_stays_when_the_next_cannot_be_read(
    new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "_LOOK_EVERY", 0)
    url = new_warehouse("duckdb")
    good = Publisher(url).publish(AS_OF, fill_base, None)
    reader = Warehouse(url)
    assert reader.version() == good
    (Path(str(make_url(url).database)) / "CURRENT").write_text("{}")
    assert reader.version() == good
    assert len(reader.fetch(select(schema.STORE.c.store_id))) == 3
    reader.close()


def test_fingerprints(micro: Warehouse) -> None:
    def asked(*stores: str) -> str:
        return micro.fingerprint(select(DAY.c.revenue).where(DAY.c.store_id.in_(stores)))

    assert asked("S1", "S2") == asked("S1", "S2")
    assert len({asked("S1", "S2"), asked("S1"), asked("S1", "S3"), asked("S2", "S1")}) == 4
    assert asked("S1").startswith(micro.version().name)


# --- while versions change ------------------------------------------------------------------------------------------


@pytest.fixture(params=ENGINES)
def moving(request: pytest.FixtureRequest, new_warehouse: NewWarehouse, sums_of_stores_alone: None) -> str:
    url = new_warehouse(request.param)
    Publisher(url).publish(AS_OF, fill_base, lambda draft: _mark(draft, 0), "0")
    return url


def _mark(draft: Draft, number: int) -> None:
    """`number` orders of `number` yuan each: sum and count of a version tell whether it is whole."""
    orders = [
        order(
            f"M{i}",
            "S1",
            "07-01 09:00",
            delivered="07-01 10:00",
            settled="07-01 10:00",
            amounts=(float(number), 0.0, 0.0),
        )
        for i in range(number)
    ]
    if orders:
        draft.write(ORDER, arrow(ORDER, orders))


def test_readers_see_whole_versions_while_they_change(moving: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three threads read all the time, through 10 new versions (3 on the servers), never a mixture, never an error."""
    monkeypatch.setattr(warehouse, "_LOOK_EVERY", 0.01)
    reader, publisher = Warehouse(moving, seconds=60), Publisher(moving)
    swaps = 10 if moving.startswith("duckdb") else 3
    done = threading.Event()
    wrong: list[str] = []
    seen: set[str] = set()

    def read() -> None:
        orders = select(func.count().label("n"), func.sum(ORDER.c.labour_amount).label("x"))
        facts = orders.where(ORDER.c.work_order_id.like("M%"))
        rolled = select(func.sum(DAY.c.orders_settled).label("n"), func.sum(DAY.c.revenue).label("x"))
        today = rolled.where(DAY.c.day == date(2026, 7, 1))
        while not done.is_set():
            try:
                version = reader.version()
                number = int(version.note)
                for query in (facts, today):
                    count, total = reader.fetch(query, version=version).fillna(0).iloc[0]
                    if (count, total) != (number, number * number):
                        wrong.append(f"version {number}: {count} orders of {total} yuan")
                seen.add(version.note)
                time.sleep(0.005)
            except Exception as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, swaps + 1):
        publisher.publish(AS_OF, None, lambda draft, number=number: _mark(draft, number), str(number))  # type: ignore[misc]
    until = time.monotonic() + 30
    while str(swaps) not in seen and time.monotonic() < until:
        time.sleep(0.01)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert str(swaps) in seen
    assert len(seen) > swaps / 2
    reader.close()
