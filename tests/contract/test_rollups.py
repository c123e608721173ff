"""Every rollup of the micro network against truths worked out on paper, on every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Table, func, select

from data_access import schema
from data_access.ask import Desk
from data_access.publish import Draft, Publisher
from data_access.scope import Scope
from data_access.warehouse import Warehouse
from kpi.errors import BadRequest
from kpi.listing import ListQuestion
from kpi.question import HourOfWeek, Period, Question
from tests.conftest import NewWarehouse
from tests.contract import micro_network as truth
from tests.contract import micro_stock as stock
from tests.contract.micro_network import AS_OF, Row, fill_base, fill_recent, on, write


def summed(warehouse: Warehouse, table: Table, keys: Sequence[str]) -> dict[tuple[Any, ...], Row]:
    """The rollup as readers use it: both parts, summed by key. NULL is None, days are dates."""
    measures = [column.name for column in table.columns if column.name not in keys]
    columns = [table.c[key] for key in keys]
    query = select(*columns, *(func.sum(table.c[name]).label(f"{name}_") for name in measures)).group_by(
        *columns
    )
    frame = warehouse.fetch(query)
    rows = [[plain(value) for value in row] for row in frame.itertuples(index=False)]
    return {tuple(row[: len(keys)]): dict(zip(measures, row[len(keys) :], strict=True)) for row in rows}


def plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if pd.isna(value) else value


def dated(rows: Mapping[tuple[Any, ...], Row], at: int) -> dict[tuple[Any, ...], Row]:
    """The truths with the day of their key as a date."""
    return {(*key[:at], on(key[at]), *key[at + 1 :]): row for key, row in rows.items()}


def differences(
    found: Mapping[Any, Row], expected: Mapping[Any, Row], blank: Mapping[str, Any] = {}
) -> list[str]:
    """What differs, readably; an expected measure that is not named is 0 (or `blank`)."""
    told = [f"unexpected row {key}: {found[key]}" for key in found.keys() - expected.keys()]
    told += [f"missing row {key}" for key in expected.keys() - found.keys()]
    for key in expected.keys() & found.keys():
        for name, value in found[key].items():
            wanted = expected[key].get(name, blank.get(name, 0))
            same = value is None if wanted is None else value == pytest.approx(wanted)
            if not same:
                told.append(f"{key} {name}: {value}, not {wanted}")
    return sorted(told)


def test_store_day(micro: Warehouse) -> None:
    found = summed(micro, schema.STORE_DAY, ["store_id", "day"])
    assert differences(found, dated(truth.STORE_DAYS, 1), {"stock_value": None}) == []


def test_store_time(micro: Warehouse) -> None:
    found = summed(micro, schema.STORE_TIME, ["store_id", "day", "arrival"])
    assert differences(found, dated(truth.STORE_TIMES, 1)) == []


def test_low_answer(micro: Warehouse) -> None:
    """Of the seven surveys one is a two-hour answer of 2; of the 24-hour answers none counts, nor the one not answered."""
    low = schema.LOW_ANSWER.c
    [row] = micro.fetch(select(low.survey_id, low.store_id, low.work_order_id, low.satisfaction)).to_dict(
        "records"
    )
    assert row == {"survey_id": "Q6", "store_id": "S1", "work_order_id": "W1", "satisfaction": 2}


def test_store_hour(micro: Warehouse) -> None:
    expected = dated(truth.STORE_HOURS, 1)
    for store_id, day in truth.HOURS_OF_CAPACITY:
        for hour in range(9, 18):
            row = expected.setdefault((store_id, on(day), hour), {})
            expected[store_id, on(day), hour] = row | {
                "bay_minutes_available": 120 if store_id == "S1" else 60
            }
    found = summed(micro, schema.STORE_HOUR, ["store_id", "day", "hour"])
    assert differences(found, expected) == []


def test_technician_day(micro: Warehouse) -> None:
    found = summed(micro, schema.TECHNICIAN_DAY, ["technician_id", "store_id", "day"])
    assert differences(found, dated(truth.TECHNICIAN_DAYS, 2)) == []


def test_part_week(micro: Warehouse) -> None:
    found = summed(micro, schema.PART_WEEK, ["store_id", "part_no", "day"])
    assert differences(found, dated(stock.PART_WEEKS, 2)) == []


def test_customer_day(micro: Warehouse) -> None:
    found = summed(micro, schema.CUSTOMER_DAY, ["store_id", "day"])
    assert differences(found, dated(truth.CUSTOMER_DAYS, 1)) == []


def test_customer_state(micro: Warehouse) -> None:
    frame = micro.fetch(select(schema.CUSTOMER_STATE))
    found = {
        row["vehicle_id"]: {name: plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    }
    expected = {
        key: {"vehicle_id": key, "day": date(2026, 6, 30)} | row for key, row in truth.CUSTOMER_STATES.items()
    }
    assert found == expected


def test_stock_day(micro: Warehouse) -> None:
    found = summed(micro, schema.STOCK_DAY, ["store_id", "day"])
    assert differences(found, dated(stock.STOCK_DAYS, 1)) == []


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        (schema.PART_STATE, ("store_id", "part_no"), stock.PART_STATES),
        (schema.TRANSFER, ("store_id", "part_no"), stock.TRANSFERS),
        (schema.CALL_CANDIDATE, ("customer_id",), stock.CALL_CANDIDATES),
    ],
    ids=["part_state", "transfer", "call_candidate"],
)
def test_what_is_known_on_the_last_complete_day(
    micro: Warehouse, table: Table, key: tuple[str, ...], expected: Mapping[Any, Row]
) -> None:
    frame = micro.fetch(select(table))
    found = {}
    for row in frame.to_dict("records"):
        assert plain(row["day"]) == date(2026, 6, 30)
        name = tuple(row[each] for each in key)
        wanted = expected[name if len(key) > 1 else name[0]]
        found[name] = {each: plain(row[each]) for each in wanted}
        assert found[name] == pytest.approx(wanted)
    assert {name if len(key) > 1 else name[0] for name in found} == set(expected)


def test_a_comeback_of_today_counts_for_the_day_of_its_first_order(micro: Warehouse) -> None:
    day = schema.STORE_DAY
    query = select(day.c.returned_48h, day.c.fix_eligible).where(
        day.c.store_id == "S2", day.c.day == date(2026, 6, 29)
    )
    rows = micro.fetch(query).sort_values("fix_eligible")
    assert rows.values.tolist() == [[1, 0], [0, 1]]  # a row of the recent part beside the one of the base


def test_a_booking_changed_today_replaces_the_one_of_the_base(micro: Warehouse) -> None:
    booking = schema.APPOINTMENT
    ahead = micro.fetch(
        select(booking.c.appointment_id, booking.c.status)
        .where(booking.c.day > date(2026, 7, 1))
        .order_by("appointment_id")
    )
    assert ahead.values.tolist() == [["A6", "cancelled"], ["A7", "booked"]]


def test_what_is_dying_is_listed_before_what_is_long_dead(new_warehouse: NewWarehouse) -> None:
    """P1 has 900 lying for 211 days and P2 100 for 130; the 5,000 of P9 have lain for two years and a half."""

    def base(draft: Draft) -> None:
        fill_base(draft)
        write(draft, {
            schema.PART: [stock.item("P9", "body", 500.0, 9, "cosmetic")],
            schema.STOCK_LEVEL: [stock.level("S3", "P9", "2026-06-30", 10, 5000, None, "2024-01-01")],
        })  # fmt: skip

    url = new_warehouse("duckdb")
    Publisher(url).publish(AS_OF, base, fill_recent)
    warehouse = Warehouse(url, seconds=30)
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    found = Desk(warehouse).list(ListQuestion(listing="aged_parts", period=june), Scope.everything())
    warehouse.close()
    assert [row["part_no"] for row in found.rows] == ["P1", "P2", "P9"]


def test_an_hour_of_the_week_at_two_stores(micro: Warehouse) -> None:
    """Mondays, ten to eleven, in June: S1 worked 85 of the 120 minutes of each of three open ones, S2 none of 60."""
    question = Question(
        metrics=("bay_util_now", "vehicles_now"),
        period=Period(date(2026, 6, 1), date(2026, 6, 29)),
        split="store",
        only=HourOfWeek.parse("1-10").only,
    )
    found = Desk(micro).ask(question, Scope.everything())
    hours = {store: row.now.sums for store, row in found["bay_util_now"].by_member.items()}
    assert {store: (sums["numerator"], sums["denominator"]) for store, sums in hours.items()} == {
        "S1": (85, 360),
        "S2": (0, 180),
    }
    with pytest.raises(BadRequest, match="Hour"):
        Desk(micro).ask(replace(question, metrics=("revenue",)), Scope.everything())
