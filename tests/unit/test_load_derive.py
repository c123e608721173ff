"""What follows from orders: truths typed by hand for the sample of load_sample.py."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from data_access.schema import COMEBACK, CUSTOMER, PLACE, STORE, SYNC_RUN, VEHICLE, VISIT, WORK_ORDER
from tests.unit.load_sample import AS_OF, NOW, ROWS, Desk, row


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def loaded(desk: Desk) -> Desk:
    report = desk.load_rows(ROWS)
    assert (report.read, report.loaded, report.quarantined) == (8, 8, 0)
    return desk


def vehicle(vin: str) -> str:
    return sha256(vin.encode()).hexdigest()[:16]


V1, V2, V3 = vehicle("LV1"), vehicle("LV2"), vehicle("LV3")


def test_an_order_is_what_its_row_says(loaded: Desk) -> None:
    order = loaded.publisher.by(WORK_ORDER, "work_order_id")["W1"]
    assert order == {
        "work_order_id": "W1", "store_id": "S1", "origin_store_id": None, "customer_id": "C1", "vehicle_id": V1,
        "appointment_id": None, "arrived_at": datetime(2026, 3, 1, 9), "arrived_on": date(2026, 3, 1),
        "work_started_at": datetime(2026, 3, 1, 9, 20), "work_ended_at": None,
        "promised_at": datetime(2026, 3, 1, 12), "delivered_at": datetime(2026, 3, 1, 11),
        "delivered_on": date(2026, 3, 1), "settled_at": datetime(2026, 3, 1, 11, 5), "settled_on": date(2026, 3, 1),
        "odometer_km": 10000, "order_type": "customer_pay", "service_kind": "repair", "first_of_visit": True,
        "drop_off": False, "fix_eligible": True, "complete": True, "status": "settled", "root_cause": "BRAKE",
        "labour_amount": 300.0, "parts_amount": 1200.5, "parts_cost": None, "billed_hours": None, "clock_hours": 1.5,
    }  # fmt: skip


def test_the_status_follows_from_the_times_when_no_column_tells_it(loaded: Desk) -> None:
    orders = loaded.publisher.by(WORK_ORDER, "work_order_id")
    told = {key: order["status"] for key, order in orders.items()}
    assert told == {
        "W1": "settled", "W2": "settled", "W3": "settled", "W4": "settled", "W5": "delivered", "W6": "settled",
        "W7": "delivered", "W8": "working",
    }  # fmt: skip


def test_what_is_not_told_is_null_and_never_zero(loaded: Desk) -> None:
    orders = loaded.publisher.by(WORK_ORDER, "work_order_id")
    assert orders["W7"]["parts_amount"] is None
    assert orders["W8"]["labour_amount"] is None
    assert orders["W8"]["delivered_on"] is None
    assert orders["W6"]["odometer_km"] is None
    assert {order["parts_cost"] for order in orders.values()} == {None}
    assert orders["W2"]["labour_amount"] == 0.0


def test_the_second_order_of_a_vehicle_and_day_is_the_same_visit(loaded: Desk) -> None:
    orders = loaded.publisher.by(WORK_ORDER, "work_order_id")
    assert [key for key, order in orders.items() if not order["first_of_visit"]] == ["W3"]


def test_a_repair_counts_when_customer_or_warranty_pays_and_a_fault_is_known(loaded: Desk) -> None:
    orders = loaded.publisher.by(WORK_ORDER, "work_order_id")
    assert sorted(key for key, order in orders.items() if order["fix_eligible"]) == [
        "W1",
        "W2",
        "W4",
        "W6",
        "W7",
    ]


def test_an_order_is_complete_when_all_required_fields_are_there(loaded: Desk) -> None:
    orders = loaded.publisher.by(WORK_ORDER, "work_order_id")
    assert sorted(key for key, order in orders.items() if order["complete"]) == ["W1", "W2", "W3", "W4", "W5"]


def test_comebacks(loaded: Desk) -> None:
    """W1's brake returns to another store after 9 days 23 hours; W4's door to the same one, on the house. W6's lamp
    comes 1 minute after 30 days, W7's order in its turn has no fault that W8 names, W3 is no repair."""
    assert sorted(loaded.publisher.rows(COMEBACK), key=lambda found: found["day"]) == [
        {
            "parent_work_order_id": "W1", "work_order_id": "W2", "store_id": "S1", "technician_id": None,
            "day": date(2026, 3, 1), "returned_at": datetime(2026, 3, 11, 10), "hours_after": 239.0,
        },
        {
            "parent_work_order_id": "W4", "work_order_id": "W5", "store_id": "S1", "technician_id": None,
            "day": date(2026, 3, 2), "returned_at": datetime(2026, 3, 4, 8, 59), "hours_after": 47 + 59 / 60,
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("2026-03-31 11:00", True),  # 30 days to the second
        ("2026-03-31 11:01", False),
        ("2026-03-01 11:01", True),
        ("2026-03-01 11:00", False),  # while it is being handed over
        ("2026-03-01 10:00", False),
    ],
)
def test_the_window_of_a_comeback(desk: Desk, returned: str, expected: bool) -> None:
    later = {"开工时间": "", "承诺交车": "", "交车时间": "", "结算时间": ""}
    desk.load_rows([row(), row(**{"工单号": "X2", "进厂时间": returned, **later})])
    assert [found["parent_work_order_id"] for found in desk.publisher.rows(COMEBACK)] == (
        ["W1"] if expected else []
    )


def test_a_parent_has_one_comeback_the_first(desk: Desk) -> None:
    later = {"开工时间": "", "承诺交车": "", "交车时间": "", "结算时间": ""}
    days = {"X2": "2026-03-20 09:00", "X3": "2026-03-09 09:00", "X4": "2026-03-09 09:00"}
    desk.load_rows([row(), *(row(**{"工单号": key, "进厂时间": at, **later}) for key, at in days.items())])
    assert [
        (found["parent_work_order_id"], found["work_order_id"]) for found in desk.publisher.rows(COMEBACK)
    ] == [("W1", "X3")]


def test_visits_are_vehicle_days_and_their_amount_is_known_as_a_whole_or_not_at_all(loaded: Desk) -> None:
    visits = {(found["vehicle_id"], found["day"]): found for found in loaded.publisher.rows(VISIT)}
    assert len(visits) == 7
    assert visits[V1, date(2026, 3, 11)] == {
        "vehicle_id": V1, "customer_id": "C1", "store_id": "S2", "day": date(2026, 3, 11), "odometer_km": 10500,
        "amount": 150.0,
    }  # fmt: skip
    assert visits[V3, date(2026, 3, 3)]["amount"] is None
    assert visits[V3, date(2026, 3, 3)]["customer_id"] is None


def test_vehicles_and_customers_have_a_home_store_and_nothing_invented(loaded: Desk) -> None:
    vehicles = loaded.publisher.by(VEHICLE, "vehicle_id")
    assert {key: found["store_id"] for key, found in vehicles.items()} == {V1: "S1", V2: "S1", V3: "S2"}
    assert (vehicles[V2]["plate"], vehicles[V2]["model"], vehicles[V2]["customer_id"]) == ("沪A2", "E7", "C2")
    assert {name for name, value in vehicles[V3].items() if value is not None} == {"vehicle_id", "store_id"}
    customers = loaded.publisher.by(CUSTOMER, "customer_id")
    assert customers["C1"] == {
        "customer_id": "C1", "store_id": "S1", "name": "王一", "phone": "13800000001", "marketing_consent": False,
        "hold_out": False, "created_on": date(2026, 3, 1), "last_contacted_on": None, "contacts_7d": None,
    }  # fmt: skip
    assert set(customers) == {"C1", "C2"}


def test_stores_and_places_come_from_the_file(loaded: Desk) -> None:
    stores = loaded.publisher.by(STORE, "store_id")
    known = ("name_zh", "name_en", "region", "province", "city", "live_on")
    assert {key: tuple(found[name] for name in known) for key, found in stores.items()} == {
        "S1": ("浦东店", "浦东店", "east", "310000", "310100", date(2026, 3, 1)),
        "S2": ("朝阳店", "朝阳店", "north", "310000", "310100", date(2026, 2, 1)),
    }
    assert stores["S1"]["bays"] is stores["S1"]["longitude"] is stores["S1"]["store_type"] is None
    places = {key: tuple(found.values())[1:] for key, found in loaded.publisher.by(PLACE, "place_id").items()}
    assert places == {
        "east": ("region", "华东", "East", None),
        "north": ("region", "华北", "North", None),
        "310000": ("province", "上海市", "Shanghai", "east"),
        "310100": ("city", "310100", "310100", "310000"),
    }


def test_freshness_is_the_files_own_time(loaded: Desk) -> None:
    version = loaded.publisher.current()
    assert version is not None
    assert version.as_of == AS_OF
    assert loaded.publisher.rows(SYNC_RUN) == [
        {
            "source": "dms", "store_id": store, "day": date(2026, 3, 31), "extracted_at": AS_OF, "loaded_at": NOW,
            "rows_source": 4, "rows_loaded": 4, "verified": True,
        }
        for store in ("S1", "S2")
    ]  # fmt: skip


def test_a_store_with_refused_rows_is_not_verified(desk: Desk) -> None:
    desk.load_rows([*ROWS, row(工单号="X9", 里程="far")])
    runs = desk.publisher.by(SYNC_RUN, "store_id")
    assert [runs["S1"][name] for name in ("rows_source", "rows_loaded", "verified")] == [5, 4, False]
    assert [runs["S2"][name] for name in ("rows_source", "rows_loaded", "verified")] == [4, 4, True]


def test_nothing_is_written_that_no_row_tells(loaded: Desk) -> None:
    assert set(loaded.publisher.kept[-1][1]) == {
        "place", "store", "customer", "vehicle", "work_order", "comeback", "visit", "sync_run",
    }  # fmt: skip


def test_a_moment_given_reaches_further_than_the_newest_event(desk: Desk) -> None:
    report = desk.load_rows(ROWS, as_of=datetime(2026, 4, 1))
    assert report.as_of == datetime(2026, 4, 1)
    assert {run["extracted_at"] for run in desk.publisher.rows(SYNC_RUN)} == {datetime(2026, 4, 1)}
