"""Lines of work orders: operations and parts, to the cent, and the demand for parts that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seed.fleet import ELECTRIC
from seed.levels import Floats, blend
from seed.names import NAMES
from seed.network import Ints
from seed.orders import INSURANCE, INTERNAL, NONE, PRE_DELIVERY, WARRANTY, Orders
from seed.parts import SLOTS, Parts
from seed.staff import proficiency
from seed.visits import COMEBACK, Visits, World

Bools = NDArray[np.bool_]
FAULTS = 64
OPERATIONS = (
    ("M100", "M110", "M120", "M130", "M140", "M150"),
    ("R200", "R210", "R220", "R230", "R240", "R250", "R260", "R270", "R280", "R290"),
    ("B300", "B310", "B320", "B330", "B340"),
)
OPERATION_CODES = tuple(code for group in OPERATIONS for code in group)
FIRST_OPERATION = np.array([0, 6, 16])
OPERATION_COUNT = np.array([6, 10, 5])
SECOND_LINE = np.array([0.10, 0.35, 0.75])
THIRD_LINE = np.array([0.02, 0.10, 0.40])
TYPE_RATE = np.array([1.0, 0.90, 1.06, 0.62, 0.55])
GOODWILL_SHARE = 0.6
MARK_UP = {"oil": 1.62, "filter": 1.70, "tyre": 1.38, "battery": 1.45, "season": 1.65, "body": 1.50}
OTHER_MARK_UP = 1.56

# What an order of a kind uses: English part name -> chance that a line is needed; then pieces a line.
COMBUSTION_SERVICE = {
    "Oil service kit": 0.97, "Oil filter": 0.06, "Air filter": 0.22, "Cabin filter": 0.24,
    "Brake fluid 1 L": 0.08, "Spark plug": 0.07, "Coolant 2 L": 0.06, "Wiper blade": 0.09, "Screen wash 2 L": 0.10,
    "Front brake pads": 0.07, "Rear brake pads": 0.05, "12 V battery": 0.03, "Tyre": 0.03, "Transmission oil 1 L": 0.03,
}  # fmt: skip
ELECTRIC_SERVICE = {
    "Cabin filter": 0.70, "Brake fluid 1 L": 0.25, "Coolant 2 L": 0.15, "Wiper blade": 0.14, "Screen wash 2 L": 0.15,
    "Front brake pads": 0.06, "Tyre": 0.10, "12 V battery": 0.06, "Air-conditioning refrigerant": 0.05,
}  # fmt: skip
REPAIRED = {
    "Front brake pads": 0.16, "Rear brake pads": 0.11, "Brake disc": 0.12, "12 V battery": 0.12, "Ignition coil": 0.09,
    "Sensor": 0.15, "High-voltage relay": 0.03, "Water pump": 0.07, "Timing kit": 0.05, "Turbocharger": 0.022,
    "Shock absorber": 0.09, "Control arm": 0.08, "Wheel bearing": 0.07, "Air-conditioning refrigerant": 0.07,
    "Tyre": 0.11, "Winter tyre": 0.04, "Headlamp assembly": 0.03,
}  # fmt: skip
BODYWORK = {
    "Front bumper": 0.38, "Rear bumper": 0.30, "Wing panel": 0.30, "Door mirror": 0.20, "Windscreen": 0.16,
    "Headlamp assembly": 0.16, "Sensor": 0.12,
}  # fmt: skip
PIECES = {"Transmission oil 1 L": 5, "Spark plug": 4, "Tyre": 2, "Winter tyre": 4,
          "Wiper blade": 2, "Shock absorber": 2, "Air-conditioning refrigerant": 2, "Ignition coil": 2}  # fmt: skip


@dataclass(frozen=True)
class Labour:
    """Operations, sorted by order. Amounts in cents, hours in hundredths."""

    order: Ints
    number: Ints
    technician: Ints
    operation: Ints
    fault: Ints
    standard: Ints
    billed: Ints
    clock: Ints
    cents: Ints


@dataclass(frozen=True)
class Used:
    """Parts used, sorted by order. `hurried`: bought in a hurry because the shelf was empty."""

    order: Ints
    number: Ints
    part: Ints
    quantity: Ints
    cents: Ints
    cost_cents: Ints
    hurried: Bools


def root_of(visits: Visits) -> Ints:
    """Id of the repair at the beginning of a chain of comebacks; the visit's own id otherwise."""
    order = np.argsort(visits.id, kind="stable")
    ids = visits.id[order]
    root = visits.id.copy()
    parent = visits.parent.copy()
    while (parent >= 0).any():
        root = np.where(parent >= 0, parent, root)
        spot = np.minimum(np.searchsorted(ids, np.maximum(parent, 0)), len(ids) - 1)
        found = (parent >= 0) & (ids[spot] == parent)
        parent = np.where(found, visits.parent[order[spot]], NONE)
    return root


def _free_of_charge(orders: Orders, visits: Visits, rng: np.random.Generator) -> Bools:
    back = (orders.visit >= 0) & (visits.kind[np.maximum(orders.visit, 0)] == COMEBACK) & orders.first
    return back & (rng.random(len(orders)) < GOODWILL_SHARE)


def labour(world: World, orders: Orders, visits: Visits, free: Bools, rng: np.random.Generator) -> Labour:
    """The operations of every order. The first is the main one and holds most of the hours."""
    count = len(orders)
    second = rng.random(count) < SECOND_LINE[orders.kind]
    third = second & (rng.random(count) < THIRD_LINE[orders.kind])
    lines = 1 + second + third
    order = np.repeat(np.arange(count), lines)
    number = np.arange(len(order)) - np.repeat(np.cumsum(lines) - lines, lines)
    main = rng.uniform(0.56, 0.8, count)[order]
    share = np.select(
        [lines[order] == 1, number == 0, lines[order] == 2], [1.0, main, 1 - main], (1 - main) / 2
    )
    hours = orders.bay_hours * (1.12 - 0.16 * np.log1p(orders.bay_hours))
    standard = np.maximum(np.round(hours[order] * share * 100), 5).astype(np.int64)
    column = orders.day - world.first
    skill = proficiency(world.network, world.stores, world.phase)[orders.row, column][order]
    technician = _who(world, orders, order, number, rng)
    pace = np.where(technician >= 0, world.staff.pace[technician], 1.0)
    clock = np.maximum(np.round(standard / (skill * pace)), 5).astype(np.int64)
    clock = np.round(clock * np.exp(rng.normal(-0.005, 0.1, len(order)))).astype(np.int64)
    billed = np.where(free[order], 0, standard)
    rate = (
        world.network.rate[world.stores[orders.row]] * TYPE_RATE[orders.type] * rng.uniform(0.84, 1.0, count)
    )
    root = root_of(visits)[np.maximum(orders.visit, 0)]
    repaired = (orders.kind == 1) & orders.first & (orders.visit >= 0)
    fault = np.where(repaired, (root * 2654435761) % 2**31 % FAULTS, NONE)[order]
    kind = orders.kind[order]
    return Labour(
        order=order,
        number=number + 1,
        technician=technician,
        operation=FIRST_OPERATION[kind]
        + (fault + 1 + rng.integers(0, 40, len(order))) % OPERATION_COUNT[kind],
        fault=np.where(number == 0, fault, NONE),
        standard=standard,
        billed=billed,
        clock=np.maximum(clock, 5),
        cents=np.round(billed * rate[order]).astype(np.int64),
    )


def _who(world: World, orders: Orders, order: Ints, number: Ints, rng: np.random.Generator) -> Ints:
    """The main technician; somebody present for the other lines, and when the main one is off at the end."""
    presence = world.presence
    day, row = orders.end_day[order] - presence.first, orders.row[order]
    seat = rng.integers(0, 64, len(order)) % np.maximum(presence.present[row, day], 1)
    anyone = np.where(presence.present[row, day] > 0, presence.roster[row, day, seat], NONE)
    own = orders.technician[order]
    here = own >= 0
    there = (
        here & presence.scheduled[np.maximum(own, 0), day] & (presence.absence[np.maximum(own, 0), day] == 0)
    )
    keeps = (number == 0) & (there | (orders.eligible[order] & here))
    return np.where(keeps | (there & (rng.random(len(order)) < 0.6)), own, anyone)


def _needs(table: dict[str, float]) -> Floats:
    names = [family[1] for families in NAMES["parts"].values() for family in families]
    return np.array([table.get(name, 0.0) for name in names])


def _marks() -> tuple[Floats, Ints]:
    """Mark-up and pieces a line of every family."""
    rows = [(category, family[1]) for category, families in NAMES["parts"].items() for family in families]
    marks = np.array([MARK_UP.get(category, OTHER_MARK_UP) for category, _ in rows])
    return marks, np.array([PIECES.get(name, 1) for _, name in rows])


def used_parts(
    world: World, orders: Orders, fleet_model: Ints, free: Bools, parts: Parts,
    slots: NDArray[np.int64], rng: np.random.Generator,
) -> Used:  # fmt: skip
    """The parts of every order. `slots` is (rows, families, SLOTS): what the store has of a family, by popularity."""
    needs = np.stack([_needs(t) for t in (COMBUSTION_SERVICE, REPAIRED, BODYWORK, ELECTRIC_SERVICE)])
    electric = ELECTRIC[fleet_model] & (orders.kind == 0)
    group = np.where(electric, 3, orders.kind)
    own = np.isin(orders.type, (INTERNAL, PRE_DELIVERY))
    level = np.clip(world.network.levels.revenue[world.stores[orders.row]], 0.7, 1.35)
    scale = np.where(own, 0.25, np.where(orders.first, 1.0, 0.5)) * np.where(
        orders.kind > 0, level**1.6, level**0.6
    )
    found = [
        np.flatnonzero(rng.random(len(orders), dtype=np.float32) < needs[group, family] * scale)
        for family in range(needs.shape[1])
    ]
    family = np.repeat(np.arange(len(found)), [len(rows) for rows in found])
    order = np.concatenate(found)
    by_order = np.argsort(order, kind="stable")
    order, family = order[by_order], family[by_order]
    part = slots[orders.row[order], family, rng.integers(0, SLOTS, len(order))]
    part = _alive(parts, part, orders.end_day[order], rng)
    marks, pieces = _marks()
    quantity = np.where(
        pieces[family] > 1, np.maximum(1, pieces[family] + rng.integers(-1, 2, len(order))), 1
    )
    cost = np.round(parts.cost[part] * quantity * rng.uniform(0.98, 1.03, len(order)) * 100)
    mark = marks[family] * level[order] ** 0.4 * rng.uniform(0.92, 1.06, len(order))
    mark = np.where(orders.type[order] == WARRANTY, mark * 0.9, mark)
    mark = np.where(orders.type[order] == INSURANCE, mark * 1.05, mark)
    mark = np.where(own[order], 1.0, mark)
    shortage = blend(
        world.network.levels.shortage[world.stores[orders.row]],
        world.phase[orders.row, orders.day - world.first],
    )
    return Used(
        order=order,
        number=_numbered(order),
        part=part,
        quantity=quantity,
        cents=np.where(free[order], 0, np.round(cost * mark)).astype(np.int64),
        cost_cents=cost.astype(np.int64),
        hurried=rng.random(len(order)) < shortage[order] * HURRIED_SHARE,
    )


HURRIED_SHARE = 0.65


def _numbered(order: Ints) -> Ints:
    return np.arange(len(order)) - np.searchsorted(order, order) + 1


def _alive(parts: Parts, part: Ints, day: Ints, rng: np.random.Generator) -> Ints:
    """Fading parts are replaced by their successor, or by the next part of the family, within sixty days."""
    faded = rng.random(len(part)) < np.clip((day - parts.dies_on[part]) / 60, 0, 1)
    heir = np.where(parts.successor[part] >= 0, parts.successor[part], (part + 1) % len(parts))
    same = parts.family[heir] == parts.family[part]
    heir = np.where(same, heir, part - 1)
    return np.where(faded, heir, part)
