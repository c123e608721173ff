"""The technicians, parts and stock of the micro network, typed by hand, and the rollup rows that follow from them.

Worked out on paper from domain.md 2.2 D, E and 4.2. Tuesday, 30 June 2026 is the last complete day; the last whole week
begins on 22 June. Requests are known since Monday, 1 June: four whole weeks, 28 days.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]


def _on(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def item(
    part_no: str, category: str, cost: float, days: int, criticality: str, heir: str | None = None
) -> Row:
    return {
        "part_no": part_no, "name_zh": part_no, "name_en": part_no, "category": category, "unit_cost": cost,
        "lead_time_days": days, "criticality": criticality, "seasonal": category == "season", "pack_size": 1,
        "introduced_on": date(2020, 1, 1), "superseded_by": heir,
    }  # fmt: skip


def level(
    store: str, part: str, day: str, pieces: float, value: float, issued: str | None, received: str | None,
    ordered: float = 0.0,
) -> Row:  # fmt: skip
    return {
        "store_id": store, "part_no": part, "day": _on(day), "quantity": pieces, "value": value, "on_order": ordered,
        "issued_13w": 0.0, "last_issued_on": _on(issued), "last_received_on": _on(received),
    }  # fmt: skip


def _technician(key: str, store: str, name: str, skill: str) -> Row:
    return {
        "technician_id": key, "store_id": store, "name": name, "skill": skill, "hired_on": date(2020, 1, 1),
        "left_on": None,
    }  # fmt: skip


TECHNICIANS = [
    _technician("T1", "S1", "王小明", "senior"),
    _technician("T2", "S1", "李雷", "junior"),
    _technician("T3", "S2", "韩梅梅", "senior"),
]
PARTS = [
    item("P1", "brake", 10.0, 7, "stops_car"),
    item("P2", "body", 100.0, 14, "cosmetic"),
    item("P3", "season", 5.0, 3, "comfort"),
    item("P4", "brake", 20.0, 5, "stops_car", heir="P1"),
]
LEVELS = [
    level("S1", "P1", "2026-06-28", 4, 40, "2026-06-08", "2026-06-05"),
    level("S1", "P1", "2026-06-30", 1, 10, "2026-06-08", "2026-06-05"),
    level("S1", "P2", "2026-06-30", 1, 100, None, "2026-02-20"),  # 130 days
    level("S1", "P4", "2026-06-30", 3, 60, "2026-06-15", "2025-01-01", ordered=2),
    level("S2", "P1", "2026-06-30", 90, 900, "2025-12-01", "2025-11-01"),  # 211 days
    level("S2", "P2", "2026-06-30", 2, 200, None, "2025-06-29"),  # 366 days
    level("S2", "P3", "2026-06-30", 4, 20, "2026-01-15", None),  # 166 days, but winter parts rest in summer
    level("S3", "P2", "2026-06-30", 0, 0, None, None),
]

PART_WEEKS: dict[tuple[str, str, str], Row] = {
    ("S1", "P1", "06-01"): {"quantity": 4, "lines": 3, "lines_filled": 2, "lines_emergency": 1},
    ("S1", "P1", "06-08"): {
        "quantity": 5,
        "lines": 3,
        "lines_filled": 1,
        "lines_emergency": 1,
        "lines_lost": 1,
    },
    ("S2", "P1", "06-01"): {"quantity": 2, "lines": 1, "lines_lost": 1},
    ("S1", "P4", "06-15"): {"quantity": 2, "lines": 1, "lines_filled": 1},
    ("S1", "P2", "06-15"): {"quantity": 8, "lines": 1, "lines_emergency": 1},
    ("S3", "P2", "06-15"): {"quantity": 2, "lines": 1, "lines_lost": 1},
}

STOCK_DAYS: dict[tuple[str, str], Row] = {
    # asked for since 1 June: 9 of P1, 2 of P4, 8 of P2 are CNY 930, over 28 and 30 days
    ("S1", "06-28"): {"value": 40, "supply_value": 40, "demand_value": 930 / 28},
    ("S1", "06-30"): {"value": 170, "potential_value": 100, "supply_value": 210, "demand_value": 31},
    ("S2", "06-30"): {"value": 1120, "slow_value": 900, "dead_value": 200, "supply_value": 1120, "demand_value": 20 / 30},
    ("S3", "06-30"): {"demand_value": 200 / 30},
}  # fmt: skip

_NEVER_ASKED = {
    "daily": 0, "demand_52w": 0, "demand_13w": 0, "interval_weeks": None, "variation": None, "demand_class": "none",
    "abc": "N", "cover_days": None, "short": 0, "stops_car": 0,
}  # fmt: skip
PART_STATES: dict[tuple[str, str], Row] = {
    # 4, 5 and, of the part it replaces, 2 pieces in three of four weeks; S1 spends 800 on P2 before its 110 on P1
    ("S1", "P1"): {
        "quantity": 1, "age": "moving", "daily": 11 / 28, "demand_52w": 11, "demand_13w": 11, "interval_weeks": 4 / 3,
        "variation": 45 * 3 / 121 - 1, "demand_class": "intermittent", "abc": "B", "cover_days": 28 / 11, "short": 1.75,
        "spare": 0, "stops_car": 1,
    },
    ("S1", "P2"): {
        "quantity": 1, "age": "potential", "daily": 8 / 28, "demand_52w": 8, "demand_13w": 8, "interval_weeks": 4,
        "variation": 0, "demand_class": "intermittent", "abc": "A", "cover_days": 3.5, "short": 3, "spare": 0,
        "stops_car": 0,
    },
    ("S1", "P4"): _NEVER_ASKED | {"quantity": 3, "age": "moving", "spare": 3, "stops_car": 1},
    ("S2", "P1"): {
        "quantity": 90, "age": "slow", "daily": 2 / 28, "demand_52w": 2, "demand_13w": 2, "interval_weeks": 4,
        "variation": 0, "demand_class": "intermittent", "abc": "A", "cover_days": 1260, "short": 0, "spare": 83,
        "stops_car": 1,
    },
    ("S2", "P2"): _NEVER_ASKED | {"quantity": 2, "age": "dead", "spare": 2},
    ("S2", "P3"): _NEVER_ASKED | {"quantity": 4, "age": "moving", "spare": 4},
    ("S3", "P2"): {
        "quantity": 0, "age": "none", "daily": 2 / 28, "demand_52w": 2, "demand_13w": 2, "interval_weeks": 4,
        "variation": 0, "demand_class": "intermittent", "abc": "A", "cover_days": 0, "short": 1, "spare": 0,
        "stops_car": 0,
    },
}  # fmt: skip

TRANSFERS: dict[tuple[str, str], Row] = {
    ("S1", "P1"): {"giver_id": "S2", "km": 0, "short": 2, "spare": 83, "moved": 2, "idle_since": date(2025, 12, 1)},
    # S3 has nothing left and goes first: of the two pieces one remains for S1
    ("S3", "P2"): {"giver_id": "S2", "km": 0, "short": 1, "spare": 2, "moved": 1, "idle_since": date(2025, 6, 29)},
    ("S1", "P2"): {"giver_id": "S2", "km": 0, "short": 3, "spare": 2, "moved": 1, "idle_since": date(2025, 6, 29)},
}  # fmt: skip

CALL_CANDIDATES: dict[str, Row] = {
    # of C7's two late cars the one with more at stake; C8 is control, C9 did not consent, C2 has booked, C3 is too old
    "C7": {
        "vehicle_id": "V8", "store_id": "S2", "model": "M", "days_overdue": 81, "last_visit_on": date(2026, 1, 10),
        "revenue_24m": 6000, "risk": 45, "at_stake": 2700, "reason_1": "overdue", "reason_2": "warranty",
    },
}  # fmt: skip
