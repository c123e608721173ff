"""Five stores in two regions, in which everything that names something carries the mark of its store.

So whatever comes out of the product tells whose it is: `n1x7` belongs to store n1x7 and to nobody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from data_access import schema as s
from data_access.foretold import CUSTOMER_RISK, FORECAST_CHOICE, PART_ADVICE
from data_access.publish import Draft
from tests.contract import micro_network as micro
from tests.contract.micro_network import AS_OF, Row, on

PLACES = {
    "n1x7": ("north", "110000", "110100"),
    "n2x7": ("north", "110000", "110100"),
    "n3x7": ("north", "120000", "120100"),
    "e1x7": ("east", "310000", "310100"),
    "e2x7": ("east", "310000", "310100"),
}
STORES = tuple(PLACES)
TODAY = f"{AS_OF:%m-%d}"


def phone(store: str) -> str:
    return f"139{STORES.index(store) + 1}{STORES.index(store) + 1}1{7000 + STORES.index(store) * 111:04d}0"


def names(store: str) -> dict[str, str]:
    """What is personal at a store."""
    return {
        "customer": f"客{store}",
        "phone": phone(store),
        "plate": f"京{store}",
        "technician": f"技{store}",
    }


def base_of(store: str) -> dict[Table, list[Row]]:
    region, province, city = PLACES[store]
    known = names(store)
    customers = [f"C{store}{n}" for n in range(3)]
    vehicles = [f"V{store}{n}" for n in range(3)]
    technician = f"T{store}"
    orders = [
        micro.order(
            f"W{store}{n}", store, f"06-{9 + n:02d} 09:00", work_started=f"06-{9 + n:02d} 09:40",
            work_ended=f"06-{9 + n:02d} 10:30", promised=f"06-{9 + n:02d} 11:30", delivered=f"06-{9 + n:02d} 11:00",
            settled=f"06-{9 + n:02d} 11:00", amounts=(300.0, 200.0, 120.0), fix_eligible=True,
            vehicle_id=vehicles[n % 3], customer_id=customers[n % 3],
        )
        for n in range(6)
    ]  # fmt: skip
    return {
        s.STORE: [
            micro.store(store, on("2020-01-01"))
            | {"name_zh": f"{store} 店", "name_en": f"Store {store}", "region": region, "province": province, "city": city}
        ],
        s.BAY: [{"bay_id": f"B{store}", "store_id": store, "bay_type": "general", "active": True}],
        s.CUSTOMER: [
            micro.customer(key, store) | {"name": known["customer"], "phone": known["phone"]} for key in customers
        ],
        s.VEHICLE: [
            micro.vehicle(key, owner, store) | {"plate": known["plate"]}
            for key, owner in zip(vehicles, customers, strict=True)
        ],
        s.VISIT: [
            micro.visit(key, owner, day, km, 900.0) | {"store_id": store}
            for key, owner in zip(vehicles, customers, strict=True)
            for day, km in (("2024-09-01", 1000), ("2025-03-01", 8000), ("2025-09-01", 15000))
        ],
        s.TECHNICIAN: [
            {"technician_id": technician, "store_id": store, "name": known["technician"], "skill": "senior",
             "hired_on": on("2020-01-01")}
        ],
        s.STORE_OPENING: [micro.opening(store, f"06-{day:02d}", 1080.0) for day in range(1, 31)],
        s.PLAN_DAY: [micro.plan("06-10", 1000.0, 700.0, 5.0) | {"store_id": store}],
        s.WORK_ORDER: orders,
        s.APPOINTMENT: [micro.booking(f"A{store}old", store, customers[0], "06-10 15:00", "arrived")],
        s.LABOUR_LINE: [
            micro.line(one["work_order_id"], 1, store, technician, f"{one['arrived_on']:%m-%d}", 1.5, 1.0, 250.0)
            for one in orders
        ],
        s.ATTENDANCE: [micro.attendance(technician, "06-10", 8.0, 400.0) | {"store_id": store}],
        s.SURVEY: [
            micro.survey(f"Q{store}", "2h", customers[0], "06-29 12:00", satisfaction=1, technician_id=technician)
            | {"store_id": store, "work_order_id": f"W{store}0", "day": on("06-29")}
        ],
        s.COMPLAINT: [
            micro.complaint(f"K{store}", store, customers[0], "06-29 10:00", "severe") | {"work_order_id": f"W{store}0"}
        ],
        s.PART_LINE: [micro.part_line(f"W{store}0", "06-09", 200.0, 120.0) | {"store_id": store}],
        s.COMEBACK: [
            micro.comeback(f"W{store}0", f"W{store}0", store, technician, "05-20", "05-25 10:00", 120.0)
        ],
        s.PART_REQUEST: [micro.request(store, "06-22", 30.0, 0, 0, 1)],
        s.STOCK_LEVEL: [_stock(store)],
        s.SYNC_RUN: [_sync(store, AS_OF - timedelta(days=2))],
    }  # fmt: skip


def _stock(store: str) -> Row:
    """The first store of each city is short of what the second has for years, and everything has lain for long."""
    short = store in ("n1x7", "e1x7")
    return {
        "store_id": store, "part_no": "P1", "day": on("06-30"), "quantity": 1.0 if short else 900.0,
        "value": 5000.0, "on_order": 0.0, "issued_13w": 91.0, "last_issued_on": on("2024-01-01"),
        "last_received_on": on("2024-01-01"),
    }  # fmt: skip


def _sync(store: str, moment: datetime) -> Row:
    return {
        "source": "dms", "store_id": store, "day": moment.date(), "extracted_at": moment, "loaded_at": moment,
        "rows_source": 1, "rows_loaded": 1, "verified": True,
    }  # fmt: skip


def recent_of(store: str) -> dict[Table, list[Row]]:
    waiting = micro.order(f"W{store}now", store, f"{TODAY} 09:00", status="waiting", customer_id=f"C{store}0")
    return {
        s.STORE_OPENING: [micro.opening(store, TODAY, 1080.0)],
        s.APPOINTMENT: [micro.booking(f"A{store}", store, f"C{store}0", f"{TODAY} 15:00", "booked")],
        s.WORK_ORDER: [waiting],
        s.BAY_SESSION: [micro.session(f"B{store}", store, f"W{store}now", f"{TODAY} 09:30", None)],
        s.ATTENDANCE: [micro.attendance(f"T{store}", TODAY, 8.0, 400.0) | {"store_id": store}],
    }  # fmt: skip


PART: Row = {
    "part_no": "P1", "name_zh": "机油", "name_en": "Oil", "category": "oil", "unit_cost": 50.0, "lead_time_days": 14,
    "criticality": "stops_car", "seasonal": False, "pack_size": 1, "introduced_on": on("2020-01-01"),
}  # fmt: skip
CITIES: list[Row] = [
    {"place_id": key, "kind": kind, "name_zh": zh, "name_en": en, "parent_id": above}
    for key, kind, zh, en, above in (
        ("north", "region", "华北", "North", None),
        ("east", "region", "华东", "East", None),
        ("110000", "province", "北京", "Beijing", "north"),
        ("120000", "province", "天津", "Tianjin", "north"),
        ("310000", "province", "上海", "Shanghai", "east"),
        ("110100", "city", "北京", "Beijing", "110000"),
        ("120100", "city", "天津", "Tianjin", "120000"),
        ("310100", "city", "上海", "Shanghai", "310000"),
    )
]


def fill_base(draft: Draft) -> None:
    micro.write(draft, _together([base_of(store) for store in STORES]) | {s.PART: [PART], s.PLACE: CITIES})


def fill_recent(draft: Draft) -> None:
    micro.write(draft, _together([recent_of(store) for store in STORES]))


def fill_foresight(draft: Draft) -> None:
    """Every customer may stay away, and every store is to get what the next one has."""
    rows: list[Row] = [
        {
            "vehicle_id": f"V{store}{n}", "customer_id": f"C{store}{n}", "store_id": store, "day": on("2026-06-30"),
            "chance": 0.5, "band": "red", "days_overdue": 40, "reason_1": "overdue", "reason_2": "complaint",
            "reason_3": None, "model": "by hand", "last_visit_on": on("2026-03-02"), "value": 100.0, "to_call": True,
        }
        for store in STORES
        for n in range(3)
    ]  # fmt: skip
    advice: list[Row] = [
        {
            "store_id": store, "part_no": "P1", "day": on("2026-06-30"), "demand_class": "smooth", "abc": "A",
            "weekly": 7.0, "chance": 0.5, "target": 0.98, "level": 20.0, "quantity": 1.0, "on_order": 0.0, "moved": 3.0,
            "giver_id": giver, "km": 9.0, "bought": 16.0,
        }
        for store, giver in zip(STORES, STORES[1:] + STORES[:1], strict=True)
    ]  # fmt: skip
    choices: list[Row] = [
        {
            "kind": "all", "series": "parts", "model": model, "chosen": model == "by_class", "origins": 4, "wape": 0.3,
            "bias": 0.0, "inside_80": 0.8,
        }
        for model in ("by_class", "weeks_before")
    ]  # fmt: skip
    micro.write(draft, {CUSTOMER_RISK: rows, PART_ADVICE: advice, FORECAST_CHOICE: choices})


def _together(parts: list[dict[Table, list[Row]]]) -> dict[Any, list[Row]]:
    facts: dict[Any, list[Row]] = {}
    for part in parts:
        for table, rows in part.items():
            facts.setdefault(table, []).extend(rows)
    return facts
