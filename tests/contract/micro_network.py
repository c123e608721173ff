"""Three stores, thirteen orders, eleven customers, typed by hand, with every rollup row that follows from them.

It is Wednesday, 1 July 2026, 10:30. The base reaches to Tuesday, 30 June; today, and what was still open last night,
is in the recent part. S1 and S2 are live, S3 is not. The truths below were worked out on paper from domain.md 2.2.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Table

from data_access import schema as s
from data_access.publish import Draft
from tests.contract.micro_stock import LEVELS, PARTS, TECHNICIANS

AS_OF = datetime(2026, 7, 1, 10, 30)
Row = dict[str, Any]


def on(text: str) -> date:
    """`06-01` is a day of 2026."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def at(text: str) -> datetime:
    """`06-01 09:20` is a minute of 2026."""
    return datetime.fromisoformat(f"2026-{text}")


def store(store_id: str, live_on: date | None) -> Row:
    return {
        "store_id": store_id, "name_zh": f"{store_id} 店", "name_en": f"Store {store_id}", "region": "north",
        "province": "110000", "city": "110100", "longitude": 116.4, "latitude": 39.9, "store_type": "direct",
        "tier": "small", "bays": 2, "opens_at": 9, "closes_at": 18, "live_on": live_on, "posted_labour_rate": 200.0,
    }  # fmt: skip


def customer(customer_id: str, store_id: str, consent: bool = True, hold_out: bool = False) -> Row:
    return {
        "customer_id": customer_id, "store_id": store_id, "name": "某", "phone": "13800000000",
        "marketing_consent": consent, "hold_out": hold_out, "created_on": on("2020-01-01"), "contacts_7d": 0,
    }  # fmt: skip


def vehicle(
    vehicle_id: str, customer_id: str, store_id: str, days: int = 180, sold_on: str | None = None
) -> Row:
    return {
        "vehicle_id": vehicle_id, "customer_id": customer_id, "store_id": store_id, "plate": "京A00000",
        "model": "M", "powertrain": "ICE", "interval_days": days, "interval_km": 10000,
        "purchased_on": on("2020-01-01"), "warranty_ends_on": on("2023-01-01"), "sold_on": sold_on and on(sold_on),
    }  # fmt: skip


def visit(
    vehicle_id: str, customer_id: str, day: str, km: int | None = None, amount: float | None = None
) -> Row:
    return {
        "vehicle_id": vehicle_id, "customer_id": customer_id, "store_id": "S1", "day": on(day), "odometer_km": km,
        "amount": amount,
    }  # fmt: skip


def opening(store_id: str, day: str, minutes: float, is_open: bool = True) -> Row:
    return {
        "store_id": store_id, "day": on(day), "is_open": is_open, "open_hours": 9.0, "active_bays": 2,
        "bay_minutes": minutes,
    }  # fmt: skip


def booking(
    key: str,
    store_id: str,
    customer_id: str,
    slot: str,
    status: str,
    cancelled: str | None = None,
    booked: str = "05-25 12:00",
) -> Row:
    return {
        "appointment_id": key, "store_id": store_id, "customer_id": customer_id, "vehicle_id": "V0",
        "booked_at": at(booked), "slot_starts_at": at(slot), "day": at(slot).date(), "channel": "app",
        "service_kind": "repair", "planned_hours": 1.0, "status": status, "cancelled_at": cancelled and at(cancelled),
    }  # fmt: skip


def order(key: str, store_id: str, arrived: str, kind: str = "customer_pay repair", **more: Any) -> Row:
    """Times are given as texts; `amounts` are labour, parts and the cost of parts."""
    order_type, service_kind = kind.split()
    row: Row = {
        "work_order_id": key, "store_id": store_id, "order_type": order_type, "service_kind": service_kind,
        "first_of_visit": True, "drop_off": False, "fix_eligible": False, "complete": True, "status": "settled",
        "arrived_at": at(arrived), "arrived_on": at(arrived).date(), "vehicle_id": "V0", "customer_id": "C0",
    }  # fmt: skip
    for name in ("work_started", "work_ended", "promised", "delivered", "settled"):
        row[f"{name}_at"] = at(more.pop(name)) if name in more else None
    for name in ("delivered", "settled"):
        moment = row[f"{name}_at"]
        row[f"{name}_on"] = moment and moment.date()
    amounts = more.pop("amounts", (None, None, None))
    row |= dict(zip(("labour_amount", "parts_amount", "parts_cost"), amounts, strict=True))
    return row | more


def session(
    bay_id: str, store_id: str, order_id: str, started: str, ended: str | None, state: str = "work"
) -> Row:
    return {
        "bay_id": bay_id, "store_id": store_id, "work_order_id": order_id, "day": at(started).date(),
        "started_at": at(started), "ended_at": ended and at(ended), "state": state,
    }  # fmt: skip


def line(
    order_id: str,
    no: int,
    store_id: str,
    who: str | None,
    day: str,
    billed: float,
    clock: float,
    amount: float,
) -> Row:
    return {
        "work_order_id": order_id, "line_no": no, "store_id": store_id, "technician_id": who, "day": on(day),
        "op_code": "OP", "standard_hours": billed, "billed_hours": billed, "clock_hours": clock, "amount": amount,
    }  # fmt: skip


def comeback(
    parent: str, order_id: str, store_id: str, who: str | None, day: str, returned: str, hours: float
) -> Row:
    return {
        "parent_work_order_id": parent, "work_order_id": order_id, "store_id": store_id, "technician_id": who,
        "day": on(day), "returned_at": at(returned), "hours_after": hours,
    }  # fmt: skip


def survey(key: str, kind: str, customer_id: str, answered: str | None, **scores: Any) -> Row:
    """Sent on 1 June at noon; dated by its answer."""
    return {
        "survey_id": key, "work_order_id": "W1", "store_id": "S1", "customer_id": customer_id, "kind": kind,
        "sent_at": at("06-01 12:00"), "answered_at": answered and at(answered), "day": on("06-02"), **scores,
    }  # fmt: skip


def complaint(key: str, store_id: str, customer_id: str, received: str, severity: str = "normal") -> Row:
    return {
        "complaint_id": key, "store_id": store_id, "customer_id": customer_id, "received_at": at(received),
        "day": at(received).date(), "cause": "quality", "severity": severity,
    }  # fmt: skip


def request(
    store_id: str, day: str, quantity: float, filled: int, emergency: int, lost: int, part: str = "P1"
) -> Row:
    return {
        "store_id": store_id, "part_no": part, "day": on(day), "quantity": quantity,
        "lines": filled + emergency + lost, "lines_filled": filled, "lines_emergency": emergency, "lines_lost": lost,
    }  # fmt: skip


def part_line(order_id: str, day: str, amount: float, cost: float) -> Row:
    return {
        "work_order_id": order_id, "line_no": 1, "store_id": "S1", "part_no": "P1", "day": on(day), "quantity": 1.0,
        "amount": amount, "cost": cost,
    }  # fmt: skip


def attendance(who: str, day: str, hours: float, cost: float, absence: str | None = None) -> Row:
    return {
        "technician_id": who, "store_id": "S1", "day": on(day), "scheduled_hours": 8.0, "attended_hours": hours,
        "labour_cost": cost, "absence": absence,
    }  # fmt: skip


def plan(day: str, revenue: float, cost: float, vehicles: float) -> Row:
    return {
        "store_id": "S1", "day": on(day), "revenue_plan": revenue, "cost_plan": cost, "vehicles_plan": vehicles,
    }  # fmt: skip


BASE: dict[Table, list[Row]] = {
    s.STORE: [store("S1", on("2020-01-01")), store("S2", on("2020-01-01")), store("S3", None)],
    s.CUSTOMER: [
        *(customer(key, "S1") for key in ("C1", "C2", "C3", "C4")),
        *(customer(key, "S2") for key in ("C5", "C6", "C7")),
        customer("C8", "S2", hold_out=True),
        customer("C9", "S2", consent=False),
    ],
    s.VEHICLE: [
        vehicle("V1", "C1", "S1"),
        vehicle("V2", "C2", "S1"),
        vehicle("V3", "C3", "S1"),
        vehicle("V4", "C4", "S1"),
        vehicle("V5", "C4", "S1", sold_on="06-10"),
        vehicle("V6", "C5", "S2", days=365),
        vehicle("V7", "C6", "S2"),  # never came
        vehicle("V8", "C7", "S2", days=90),
        vehicle("V9", "C7", "S2"),
        vehicle("V10", "C8", "S2"),
        vehicle("V11", "C9", "S2"),
    ],
    s.VISIT: [
        visit("V1", "C1", "2025-12-01", 10_000, 300.0),
        visit("V1", "C1", "2026-03-02", 13_000, 100.0),
        visit("V1", "C1", "2026-06-01", 16_000, 500.0),
        visit("V2", "C2", "2025-01-10", None, 80.0),
        visit("V2", "C2", "2025-11-20"),
        visit("V3", "C3", "2024-06-20", 9_000, 70.0),
        visit("V4", "C4", "2026-05-20", 5_000, 150.0),
        visit("V5", "C4", "2024-08-01", 8_000, 60.0),
        visit("V6", "C5", "2025-09-01", 1_000),
        visit("V6", "C5", "2025-11-01", 7_000),  # 6,000 km in 61 days: the next 10,000 km take 101 days
        visit("V6", "C5", "2026-06-29", 20_000),
        visit("V8", "C7", "2026-01-10", None, 6000.0),
        visit("V9", "C7", "2025-12-01", None, 200.0),
        visit("V10", "C8", "2025-10-01"),
        visit("V10", "C8", "2026-06-10"),
        visit("V11", "C9", "2025-12-01"),
    ],
    s.PLAN_DAY: [plan("06-01", 1000.0, 700.0, 5.0), plan("07-02", 900.0, 630.0, 4.0)],
    s.STORE_OPENING: [
        opening("S1", "06-01", 1080.0),
        opening("S1", "06-02", 0.0, is_open=False),
        *(opening("S1", day, 1080.0) for day in ("06-22", "06-29", "06-30")),
        *(opening("S2", day, 540.0) for day in ("06-01", "06-22", "06-29", "06-30")),
    ],
    s.APPOINTMENT: [
        booking("A1", "S1", "C0", "06-01 10:00", "arrived"),
        booking("A2", "S1", "C0", "06-01 11:00", "no_show"),
        booking("A3", "S1", "C0", "06-01 15:00", "cancelled", "06-01 09:00"),
        booking("A4", "S1", "C0", "06-01 16:00", "cancelled", "05-31 16:00"),  # exactly a day before
        booking("A6", "S2", "C2", "07-05 09:00", "booked", booked="06-25 10:00"),
        booking("A7", "S1", "C4", "07-02 09:00", "booked", booked="06-28 10:00"),
    ],
    s.WORK_ORDER: [
        order("W0", "S1", "03-02 10:00", "customer_pay maintenance", work_started="03-02 10:10", delivered="03-02 11:00",
              settled="03-02 11:00", amounts=(60.0, 40.0, 20.0), vehicle_id="V1", customer_id="C1"),
        order("W1", "S1", "06-01 09:00", work_started="06-01 09:20", work_ended="06-01 10:30", promised="06-01 11:30",
              delivered="06-01 11:00", settled="06-01 11:00", amounts=(300.0, 200.0, 120.0), fix_eligible=True,
              vehicle_id="V1", customer_id="C1"),
        order("W2", "S1", "06-01 09:40", "warranty maintenance", appointment_id="A1", work_started="06-01 10:05",
              promised="06-01 12:00", delivered="06-01 12:10", settled="06-02 09:00", amounts=(100.5, 49.5, 30.0),
              complete=False),
        order("W3", "S1", "06-01 09:40", "internal maintenance", first_of_visit=False, work_started="06-01 10:10",
              delivered="06-01 12:10", settled="06-02 09:00", amounts=(500.0, 0.0, 0.0)),
        order("W4", "S1", "06-01 21:00", first_of_visit=False, drop_off=True, work_started="06-02 09:00",
              delivered="06-02 10:00", settled="06-02 10:00", amounts=(0.0, 0.0, 0.0), fix_eligible=True,
              vehicle_id="V1", customer_id="C1"),
        order("W5", "S2", "06-10 14:00", "insurance body", origin_store_id="S1", drop_off=True, work_started="06-10 14:30",
              promised="06-12 18:00", delivered="06-12 17:00", settled="06-12 17:00", amounts=(4000.0, 6000.0, 4500.0)),
        order("W6", "S2", "06-10 10:00", "customer_pay maintenance", work_started="06-10 10:00", delivered="06-10 10:45",
              settled="06-10 11:00", complete=False),  # amounts are not known
        order("W7", "S2", "06-15 09:00", first_of_visit=False, delivered="06-15 09:00", settled="06-15 09:10",
              amounts=(-150.0, -50.0, -20.0)),  # a refund
        order("W8", "S1", "06-09 13:00", work_started="06-09 13:15", delivered="06-09 16:00", settled="06-09 16:05",
              amounts=(400.0, 100.0, 50.0), fix_eligible=True),
        order("W9", "S2", "06-29 16:00", work_started="06-29 16:30", delivered="06-29 17:30", settled="06-29 17:30",
              amounts=(80.0, 20.0, 10.0), fix_eligible=True),
    ],
    s.LABOUR_LINE: [
        line("W1", 1, "S1", "T1", "06-01", 1.5, 1.0, 250.0),
        line("W1", 2, "S1", "T2", "06-01", 0.2, 0.3, 50.0),
        line("W2", 1, "S1", "T2", "06-01", 1.0, 1.25, 100.5),
        line("W4", 1, "S1", None, "06-02", 0.0, 1.0, 0.0),
        line("W8", 1, "S1", "T1", "06-09", 2.0, 2.0, 400.0),
        line("W9", 1, "S2", "T3", "06-29", 1.0, 0.5, 80.0),
    ],
    s.PART_LINE: [part_line("W1", "06-01", 200.0, 120.0), part_line("W2", "06-01", 49.5, 30.0)],
    s.COMEBACK: [
        comeback("W1", "W4", "S1", "T1", "06-01", "06-01 21:00", 10.0),
        comeback("W8", "W9", "S1", "T1", "06-09", "06-29 16:00", 480.0),  # twenty days later, at another store
    ],
    s.BAY_SESSION: [
        session("B1", "S1", "W1", "06-01 09:20", "06-01 10:30"),
        session("B2", "S1", "W2", "06-01 10:05", "06-01 11:05"),
        session("B2", "S1", "W2", "06-01 11:05", "06-01 11:35", "wait_parts"),
        session("B2", "S1", "W2", "06-01 11:35", "06-01 12:00"),
        session("B3", "S2", "W5", "06-10 23:30", "06-11 00:30"),
    ],
    s.ATTENDANCE: [
        attendance("T1", "06-01", 8.0, 400.0),
        attendance("T2", "06-01", 6.0, 240.0),
        attendance("T1", "06-02", 0.0, 0.0, "leave"),
    ],
    s.SURVEY: [
        survey("Q1", "24h", "C1", "06-02 12:00", nps_score=10, csi_score=90.0),
        survey("Q2", "24h", "C0", "06-02 12:00", nps_score=6, csi_score=70.0),
        survey("Q3", "24h", "C0", None),
        survey("Q4", "24h", "C0", "06-02 12:00", nps_score=8),
        survey("Q5", "2h", "C1", "06-02 08:00", satisfaction=5, technician_id="T1"),
        survey("Q6", "2h", "C2", "06-02 08:00", satisfaction=2, technician_id="T1"),
        survey("Q7", "2h", "C0", "06-02 08:00", satisfaction=4),
    ],
    s.COMPLAINT: [
        complaint("K1", "S1", "C1", "06-05 10:00", "severe"),
        complaint("K2", "S1", "C1", "06-05 11:00"),
        complaint("K3", "S2", "C5", "06-29 18:00"),
    ],
    s.PART_REQUEST: [
        request("S1", "06-01", 3.0, 1, 1, 0),
        request("S1", "06-07", 1.0, 1, 0, 0),  # Sunday of the same week
        request("S1", "06-08", 5.0, 1, 1, 1),
        request("S1", "06-15", 2.0, 1, 0, 0, "P4"),
        request("S1", "06-16", 8.0, 0, 1, 0, "P2"),
        request("S2", "06-01", 2.0, 0, 0, 1),
        request("S3", "06-15", 2.0, 0, 0, 1, "P2"),
    ],
    s.PART: PARTS,
    s.TECHNICIAN: TECHNICIANS,
    s.STOCK_LEVEL: LEVELS,
    s.STOCK_BALANCE: [
        {"store_id": "S1", "day": on("06-01"), "stock_value": 50_000.0},
        {"store_id": "S1", "day": on("06-02"), "stock_value": 49_000.0},
    ],
}  # fmt: skip

RECENT: dict[Table, list[Row]] = {
    s.PLAN_DAY: [plan("07-01", 1100.0, 770.0, 6.0)],
    s.STORE_OPENING: [opening("S1", "07-01", 1080.0), opening("S2", "07-01", 540.0)],
    s.APPOINTMENT: [
        booking("A5", "S1", "C0", "07-01 09:00", "arrived"),
        booking("A6", "S2", "C2", "07-05 09:00", "cancelled", "07-01 08:00", booked="06-25 10:00"),
        booking("A8", "S1", "C0", "07-01 10:00", "booked"),  # half an hour late by now
        booking("A9", "S1", "C0", "07-01 15:00", "booked"),
    ],
    s.WORK_ORDER: [
        order("W10", "S2", "07-01 09:30", status="waiting", fix_eligible=True),
        order("W11", "S1", "07-01 08:50", "customer_pay maintenance", appointment_id="A5", work_started="07-01 09:00",
              promised="07-01 10:30", delivered="07-01 10:10", settled="07-01 10:15", amounts=(200.0, 100.0, 60.0)),
        order("W12", "S1", "06-30 17:00", "insurance body", drop_off=True, work_started="07-01 09:00", status="working"),
    ],
    s.COMEBACK: [comeback("W9", "W10", "S2", "T3", "06-29", "07-01 09:30", 40.0)],
    s.BAY_SESSION: [
        session("B1", "S1", "W11", "07-01 09:00", "07-01 10:00"),
        session("B2", "S1", "W12", "07-01 09:00", None),
    ],
}  # fmt: skip


def fill_base(draft: Draft) -> None:
    write(draft, BASE)


def fill_recent(draft: Draft) -> None:
    write(draft, RECENT)


def arrow(table: Table, rows: list[Row]) -> pa.Table:
    """The rows as Arrow; a column that no row names is left out."""
    names = [column.name for column in table.columns if any(column.name in row for row in rows)]
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def write(draft: Draft, facts: dict[Table, list[Row]]) -> None:
    for table, rows in facts.items():
        draft.write(table, arrow(table, rows))


# --- truths: base and recent summed; what is not named is 0 -----------------------------------------------------------

STORE_DAYS: dict[tuple[str, str], Row] = {
    ("S1", "03-02"): {
        "orders_settled": 1, "revenue": 100, "labour_revenue": 60, "parts_revenue": 40, "parts_cost": 20,
        "orders_priced": 1, "orders_costed": 1, "orders_arrived": 1, "vehicles": 1,
        "orders_delivered": 1, "orders_with_parts": 1, "orders_filled": 1,
        "orders_complete": 1,
    },
    ("S1", "06-01"): {
        "revenue_plan": 1000, "cost_plan": 700, "vehicles_plan": 5, "open_days": 1, "bay_minutes_available": 1080,
        "orders_settled": 1, "revenue": 500, "labour_revenue": 300, "parts_revenue": 200, "parts_cost": 120,
        "labour_cost": 640, "orders_priced": 1, "orders_costed": 1, "orders_arrived": 4, "vehicles": 2, "vehicles_booked": 1,
        "orders_delivered": 3, "orders_with_parts": 2, "orders_filled": 1,  # W2 waited for a part
        "promised": 2, "on_time": 1, "orders_complete": 2, "fix_eligible": 1,
        "returned_48h": 1, "returned_30d": 1, "bay_minutes_worked": 155, "bay_minutes_blocked": 30,
        "bay_minutes_parts": 30, "technicians_scheduled": 2, "technicians_present": 2, "no_show_minutes": 60,
        "attended_hours": 14, "attended_days": 1.75, "clock_hours": 2.55, "billed_hours": 2.7, "bookings": 3,
        "bookings_arrived": 1, "bookings_no_show": 1, "part_lines": 2, "part_lines_filled": 1,
        "parts_issued_cost": 150, "stock_value": 50_000,
    },
    ("S1", "06-02"): {
        "orders_settled": 2, "revenue": 150, "labour_revenue": 100.5, "parts_revenue": 49.5, "parts_cost": 30,
        "orders_priced": 2, "orders_costed": 2, "orders_delivered": 1, "orders_complete": 1, "fix_eligible": 1, "nps_sent": 4,
        "nps_answers": 3, "promoters": 1, "detractors": 1, "csi_answers": 2, "csi_sum": 160, "csi_sum_squared": 13_000,
        "satisfaction_answers": 3, "satisfied": 2, "low_scores": 1, "clock_hours": 1, "stock_value": 49_000,
        "technicians_scheduled": 1,
    },
    ("S1", "06-05"): {"complaints": 2, "complaints_severe": 1},
    ("S1", "06-07"): {"part_lines": 1, "part_lines_filled": 1},
    ("S1", "06-08"): {"part_lines": 3, "part_lines_filled": 1},
    ("S1", "06-09"): {
        "orders_settled": 1, "revenue": 500, "labour_revenue": 400, "parts_revenue": 100, "parts_cost": 50,
        "orders_priced": 1, "orders_costed": 1, "orders_arrived": 1, "vehicles": 1,
        "orders_delivered": 1, "orders_with_parts": 1, "orders_filled": 1,
        "orders_complete": 1, "fix_eligible": 1, "returned_30d": 1, "clock_hours": 2, "billed_hours": 2,
    },
    ("S1", "06-10"): {"vehicles_sent": 1},
    ("S1", "06-15"): {"part_lines": 1, "part_lines_filled": 1},
    ("S1", "06-16"): {"part_lines": 1},
    ("S3", "06-15"): {"part_lines": 1},
    ("S1", "06-22"): {"open_days": 1, "bay_minutes_available": 1080},
    ("S1", "06-29"): {"open_days": 1, "bay_minutes_available": 1080},
    ("S1", "06-30"): {
        "open_days": 1, "bay_minutes_available": 1080, "orders_arrived": 1, "vehicles": 1,

    },
    ("S1", "07-01"): {
        "revenue_plan": 1100, "cost_plan": 770, "vehicles_plan": 6, "open_days": 1, "bay_minutes_available": 1080,
        "orders_settled": 1, "revenue": 300, "labour_revenue": 200, "parts_revenue": 100, "parts_cost": 60,
        "orders_priced": 1, "orders_costed": 1, "orders_arrived": 1, "vehicles": 1, "vehicles_booked": 1,
        "orders_delivered": 1, "orders_with_parts": 1, "orders_filled": 1, "promised": 1,
        "on_time": 1, "orders_complete": 1, "bay_minutes_worked": 60, "bookings": 2, "bookings_arrived": 1,
    },
    ("S1", "07-02"): {"revenue_plan": 900, "cost_plan": 630, "vehicles_plan": 4},
    ("S2", "06-01"): {"open_days": 1, "bay_minutes_available": 540, "part_lines": 1},
    ("S2", "06-10"): {
        "orders_settled": 1, "orders_arrived": 2, "vehicles": 2, "vehicles_referred": 1,
        "orders_delivered": 1,
        "bay_minutes_worked": 60,
    },
    ("S2", "06-12"): {
        "orders_settled": 1, "revenue": 10_000, "labour_revenue": 4000, "parts_revenue": 6000, "parts_cost": 4500,
        "orders_priced": 1, "orders_costed": 1, "orders_delivered": 1, "promised": 1, "on_time": 1, "orders_complete": 1,
        "orders_with_parts": 1, "orders_filled": 1,
    },
    ("S2", "06-15"): {
        "orders_settled": 1, "revenue": -200, "labour_revenue": -150, "parts_revenue": -50, "parts_cost": -20,
        "orders_priced": 1, "orders_costed": 1, "orders_arrived": 1, "orders_delivered": 1, "orders_complete": 1,
    },
    ("S2", "06-22"): {"open_days": 1, "bay_minutes_available": 540},
    ("S2", "06-29"): {
        "open_days": 1, "bay_minutes_available": 540, "orders_settled": 1, "revenue": 100, "labour_revenue": 80,
        "parts_revenue": 20, "parts_cost": 10, "orders_priced": 1, "orders_costed": 1, "orders_arrived": 1, "vehicles": 1,
        "orders_delivered": 1, "orders_with_parts": 1, "orders_filled": 1,
        "orders_complete": 1, "fix_eligible": 1, "returned_48h": 1, "returned_30d": 1,
        "complaints": 1, "clock_hours": 0.5, "billed_hours": 1,
    },
    ("S2", "06-30"): {"open_days": 1, "bay_minutes_available": 540},
    ("S2", "07-01"): {"open_days": 1, "bay_minutes_available": 540, "orders_arrived": 1, "vehicles": 1},
}  # fmt: skip


def times(waits: dict[str, float] = {}, cycles: dict[str, float] = {}) -> Row:  # noqa: B006
    """What a row of store_time says of waits (minutes) and cycles (hours), each given with the bin it falls into."""
    row: Row = {"waits": len(waits), "cycles": len(cycles)}
    for name, found in (("wait_minutes", waits), ("cycle_hours", cycles)):
        row |= {name: sum(found.values()), f"{name}_squared": sum(size * size for size in found.values())}
    for key in (*waits, *cycles):
        column = key.split()[0]
        row[column] = row.get(column, 0) + 1
    return row


STORE_TIMES: dict[tuple[str, str, str], Row] = {
    ("S1", "03-02", "walk_in"): times({"wait_04": 10}, {"cycle_04": 1}),
    ("S1", "06-01", "walk_in"): times({"wait_08": 20}, {"cycle_11": 2, "cycle_13": 2.5}),
    ("S1", "06-01", "appointment"): times({"wait_02": 5}, {"cycle_13": 2.5}),  # came 20 minutes early
    ("S1", "06-09", "walk_in"): times({"wait_06": 15}, {"cycle_14": 3}),
    ("S1", "06-30", "walk_in"): times({"wait_19": 960}),
    ("S1", "07-01", "appointment"): times({"wait_00": 0}, {"cycle_07": 4 / 3}),
    ("S2", "06-10", "walk_in"): times({"wait_10": 30, "wait_00": 0}, {"cycle_02": 0.75}),
    ("S2", "06-15", "walk_in"): times({}, {"cycle_00": 0}),
    ("S2", "06-29", "walk_in"): times({"wait_10": 30}, {"cycle_08": 1.5}),
}

STORE_HOURS: dict[tuple[str, str, int], Row] = {
    ("S1", "06-01", 9): {"vehicles": 2, "bay_minutes_worked": 40, "bay_minutes_walk_in": 40},
    ("S1", "06-01", 10): {"bay_minutes_worked": 85, "bay_minutes_walk_in": 30, "bookings": 1},
    ("S1", "06-01", 11): {"bay_minutes_worked": 30, "revenue": 500, "bookings": 1},
    ("S1", "06-02", 9): {"revenue": 150},
    ("S1", "06-02", 10): {},  # settled for nothing
    ("S1", "06-09", 13): {"vehicles": 1},
    ("S1", "06-09", 16): {"revenue": 500},
    ("S2", "06-10", 10): {"vehicles": 1},
    ("S2", "06-10", 11): {},  # settled, amounts not known
    ("S2", "06-10", 14): {"vehicles": 1},
    ("S2", "06-10", 23): {"bay_minutes_worked": 30, "bay_minutes_walk_in": 30},
    ("S2", "06-11", 0): {"bay_minutes_worked": 30, "bay_minutes_walk_in": 30},
    ("S2", "06-12", 17): {"revenue": 10_000},
    ("S2", "06-15", 9): {"revenue": -200},
    ("S2", "06-29", 16): {"vehicles": 1},
    ("S2", "06-29", 17): {"revenue": 100},
    ("S1", "06-30", 17): {"vehicles": 1},
    ("S1", "07-01", 8): {"vehicles": 1},
    ("S1", "07-01", 9): {"bay_minutes_worked": 120, "bay_minutes_walk_in": 60, "bookings": 1},
    ("S1", "07-01", 10): {"bay_minutes_worked": 30, "bay_minutes_walk_in": 30, "revenue": 300, "bookings": 1},
    ("S1", "07-01", 15): {"bookings": 1},
    ("S2", "07-01", 9): {"vehicles": 1},
}
"""Without capacity: 120 minutes of S1 and 60 of S2 in each hour from 9 to 17 of an open day."""
HOURS_OF_CAPACITY = {("S1", "06-01"), ("S1", "06-22"), ("S1", "06-29"), ("S1", "06-30"), ("S1", "07-01"),
                     ("S2", "06-01"), ("S2", "06-22"), ("S2", "06-29"), ("S2", "06-30"), ("S2", "07-01")}  # fmt: skip

TECHNICIAN_DAYS: dict[tuple[str, str, str], Row] = {
    ("T1", "S1", "06-01"): {
        "attended_hours": 8, "clock_hours": 1, "billed_hours": 1.5, "revenue": 250, "fix_eligible": 1, "returned_30d": 1,
    },
    ("T1", "S1", "06-02"): {"rating_answers": 2, "rating_sum": 7, "rating_sum_squared": 29},
    ("T1", "S1", "06-09"): {
        "clock_hours": 2, "billed_hours": 2, "revenue": 400, "fix_eligible": 1, "returned_30d": 1,
    },
    ("T2", "S1", "06-01"): {"attended_hours": 6, "clock_hours": 1.55, "billed_hours": 1.2, "revenue": 150.5},
    ("T3", "S2", "06-29"): {
        "clock_hours": 0.5, "billed_hours": 1, "revenue": 80, "fix_eligible": 1, "returned_30d": 1,
    },
}  # fmt: skip

CUSTOMER_DAYS: dict[tuple[str, str], Row] = {
    # C3 and C4's older car are overdue; C2, C3, C4 are the cohort, of which C2 and C4 came again
    ("S1", "06-01"): {
        "active": 4, "no_visit_30d": 2, "overdue_30d": 2, "overdue_90d": 2, "dormant_12m": 1, "cohort_12m": 3,
        "retained_12m": 2, "reachable": 2,
    },
    # C3 has left the 24 months, C4's older car is sold, C2 has become overdue
    ("S1", "06-22"): {
        "active": 3, "no_visit_30d": 2, "overdue_30d": 1, "dormant_12m": 1, "cohort_12m": 1, "retained_12m": 1,
        "reachable": 1,
    },
    # C2 has a booking since 25 June
    ("S1", "06-29"): {
        "active": 3, "no_visit_30d": 2, "dormant_12m": 1, "cohort_12m": 1, "retained_12m": 1, "reachable": 1,
    },
    ("S1", "06-30"): {
        "active": 3, "no_visit_30d": 2, "dormant_12m": 1, "cohort_12m": 1, "retained_12m": 1, "reachable": 1,
    },
    # C5 was due by odometer on 10 February and came on 29 June; C8, of the control share, was due on 30 March and came
    # on 10 June; C7's car has been late since 11 May
    ("S2", "06-01"): {
        "active": 4, "no_visit_30d": 4, "overdue_30d": 3, "overdue_90d": 1, "reachable": 2, "reachable_back": 1,
        "control": 1, "control_back": 1,
    },
    ("S2", "06-22"): {
        "active": 4, "no_visit_30d": 3, "overdue_30d": 2, "overdue_90d": 1, "reachable": 2, "reachable_back": 1,
    },
    ("S2", "06-29"): {"active": 4, "no_visit_30d": 2, "overdue_30d": 1, "reachable": 1},
    # C7's second car and that of C9, who did not consent, become late
    ("S2", "06-30"): {"active": 4, "no_visit_30d": 2, "overdue_30d": 2, "reachable": 2},
    ("S3", "06-01"): {},
    ("S3", "06-22"): {},
    ("S3", "06-29"): {},
    ("S3", "06-30"): {},
}  # fmt: skip


def state(customer_id: str, last: str, due: str, overdue: int, visits: int, revenue: float) -> Row:
    """A vehicle of S2 of which nothing else is known."""
    return {
        "customer_id": customer_id, "store_id": "S2", "last_visit_on": on(last), "due_on": on(due),
        "days_overdue": overdue, "visits_24m": visits, "revenue_24m": revenue, "has_booking": False, "last_csi": None,
        "complaints_12m": 0, "comebacks_12m": 0, "last_wait_minutes": None,
    }  # fmt: skip


CUSTOMER_STATES: dict[str, Row] = {
    "V1": {
        "customer_id": "C1", "store_id": "S1", "last_visit_on": on("06-01"), "due_on": on("11-28"), "days_overdue": -151,
        "visits_24m": 3, "revenue_24m": 900, "has_booking": False, "last_csi": 90, "complaints_12m": 2,
        "comebacks_12m": 1, "last_wait_minutes": 20,
    },
    "V2": {
        "customer_id": "C2", "store_id": "S1", "last_visit_on": on("2025-11-20"), "due_on": on("05-19"),
        "days_overdue": 42, "visits_24m": 2, "revenue_24m": 80, "has_booking": True, "last_csi": 25,
        "complaints_12m": 0, "comebacks_12m": 0, "last_wait_minutes": None,
    },
    "V3": {
        "customer_id": "C3", "store_id": "S1", "last_visit_on": on("2024-06-20"), "due_on": on("2024-12-17"),
        "days_overdue": 560, "visits_24m": 0, "revenue_24m": 0, "has_booking": False, "last_csi": None,
        "complaints_12m": 0, "comebacks_12m": 0, "last_wait_minutes": None,
    },
    "V4": {
        "customer_id": "C4", "store_id": "S1", "last_visit_on": on("05-20"), "due_on": on("11-16"), "days_overdue": -139,
        "visits_24m": 1, "revenue_24m": 150, "has_booking": True, "last_csi": None, "complaints_12m": 0,
        "comebacks_12m": 0, "last_wait_minutes": None,
    },
    "V8": state("C7", "2026-01-10", "04-10", 81, 1, 6000),
    "V9": state("C7", "2025-12-01", "05-30", 31, 1, 200),
    "V10": state("C8", "06-10", "12-07", -160, 2, 0),
    "V11": state("C9", "2025-12-01", "05-30", 31, 1, 0),
    "V6": {
        "customer_id": "C5", "store_id": "S2", "last_visit_on": on("06-29"), "due_on": on("12-04"), "days_overdue": -157,
        "visits_24m": 3, "revenue_24m": 0, "has_booking": False, "last_csi": None, "complaints_12m": 1,
        "comebacks_12m": 0, "last_wait_minutes": None,
    },
}  # fmt: skip
