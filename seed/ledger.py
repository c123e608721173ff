"""Writes orders, their lines, bay sessions, comebacks and visits as rows of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data_access.schema import BAY_SESSION, COMEBACK, LABOUR_LINE, PART_LINE, VISIT, WORK_ORDER
from seed import rows
from seed.fleet import Fleet, odometer
from seed.levels import Floats, blend
from seed.network import Ints
from seed.orders import CUSTOMER_PAY, NONE, ORDER_TYPES, SERVICE_KINDS, Orders, Sessions
from seed.parts import Parts
from seed.scale import DAY
from seed.visits import MAINTENANCE, Visits, World
from seed.work import FAULTS, OPERATION_CODES, Labour, Used

Bools = NDArray[np.bool_]
ROOT_CAUSES = (
    "routine",
    "wear",
    "diagnosis",
    "workmanship",
    "part_quality",
    "parts_unavailable",
    "design",
    "accident",
)
FAULT_CODES = tuple(f"F{number:03d}" for number in range(FAULTS))
STATES = ("work", "wait_parts", "wait_approval")
REFUND_SHARE = 0.004
ROOT_MISSING, ODOMETER_MISSING, TECHNICIAN_MISSING = 1.27, 0.45, 0.23
IDS_A_STORE = 100_000


@dataclass(frozen=True)
class Ledger:
    """Orders with their sums, refunds included, sorted by store and arrival. `position` maps the old rows to these."""

    orders: Orders
    position: Ints
    number: Ints
    labour_cents: Ints
    parts_cents: Ints
    cost_cents: Ints
    billed: Ints
    clock: Ints
    nameless: Bools
    """the technician was not written down"""
    rootless: Bools
    no_odometer: Bools


def settle(world: World, orders: Orders, labour: Labour, used: Used, rng: np.random.Generator) -> Ledger:
    """Sums the lines into headers, adds refunds, and draws which required fields were forgotten."""
    count = len(orders)
    sums = [
        np.round(np.bincount(index, weights, minlength=count)).astype(np.int64)
        for index, weights in (
            (labour.order, labour.cents), (used.order, used.cents), (used.order, used.cost_cents),
            (labour.order, labour.billed), (labour.order, labour.clock),
        )
    ]  # fmt: skip
    paid = (orders.type == CUSTOMER_PAY) & orders.first & (sums[0] > 8000)
    source = np.flatnonzero(paid & (rng.random(count) < REFUND_SHARE))
    refund = _taken(orders, source)
    when = (orders.settled[source] // DAY + 1 + rng.integers(0, 8, len(source))) * DAY
    when += 10 * 3600 + rng.integers(0, 7 * 3600, len(source))
    for name in ("arrived", "delivered", "settled"):
        setattr(refund, name, when)
    for name in ("started", "ended", "promised", "technician"):
        setattr(refund, name, np.full(len(source), NONE))
    refund.first, refund.eligible = np.zeros(len(source), bool), np.zeros(len(source), bool)
    refund.drop_off, refund.refund_of = np.ones(len(source), bool), source
    back = -np.round(sums[0][source] * rng.uniform(0.3, 1.0, len(source))).astype(np.int64)
    merged = Orders(
        **{f.name: np.concatenate([getattr(orders, f.name), getattr(refund, f.name)]) for f in fields(Orders)}
    )
    sums = [
        np.concatenate([column, back if k == 0 else np.zeros(len(source), np.int64)])
        for k, column in enumerate(sums)
    ]
    order = np.argsort(merged.row * 2**40 + merged.arrived, kind="stable")
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    whole = _taken(merged, order)
    number = np.arange(len(order)) - np.searchsorted(whole.row, whole.row)
    gaps = blend(
        world.network.levels.gaps[world.stores[whole.row]], world.phase[whole.row, whole.day - world.first]
    )
    plain = whole.refund_of < 0
    return Ledger(
        whole, position, world.stores[whole.row] * IDS_A_STORE + number, *(column[order] for column in sums),
        nameless=plain & (rng.random(len(order)) < gaps * TECHNICIAN_MISSING),
        rootless=plain & (whole.kind > 0) & (rng.random(len(order)) < gaps * ROOT_MISSING),
        no_odometer=plain & (rng.random(len(order)) < gaps * ODOMETER_MISSING),
    )  # fmt: skip


def _taken(orders: Orders, which: NDArray[np.generic]) -> Orders:
    return Orders(**{f.name: getattr(orders, f.name)[which] for f in fields(Orders)})


class Writer:
    """Writes one chunk. Vehicles and visits are numbered from `vehicle_base` and by their row."""

    def __init__(
        self, world: World, out: rows.Output, ledger: Ledger, visits: Visits, fleet: Fleet, vehicle_base: int
    ):
        self.world, self.out, self.ledger, self.visits, self.fleet = world, out, ledger, visits, fleet
        self.vehicle_base = vehicle_base
        self.store_ids = list(world.network.store_id[world.stores])
        self.technician_ids = [f"T{number:06d}" for number in world.staff.number]

    def stores(self, row: Ints, known: Bools | None = None) -> rows.pa.Array:
        return rows.pick(self.store_ids, row, known)

    def store_index(self, row: Ints) -> Ints:
        return self.world.stores[row]

    def vehicle(self, vehicle: Ints, known: Bools | None = None) -> rows.pa.Array:
        return rows.hashes("V", self.vehicle_base + np.maximum(vehicle, 0), known)

    def customer(self, vehicle: Ints, known: Bools | None = None) -> rows.pa.Array:
        return rows.ids("C", self.vehicle_base + self.fleet.owner[np.maximum(vehicle, 0)], known)

    def orders(self, appointment: Ints, rng: np.random.Generator) -> None:
        """`appointment` is per visit: the number of its booking, or -1."""
        book, orders, visits = self.ledger, self.ledger.orders, self.visits
        has = orders.visit >= 0
        visit = np.maximum(orders.visit, 0)
        vehicle = visits.vehicle[visit]
        booked = has & (appointment[visit] >= 0) & (orders.refund_of < 0)
        referred = has & (visits.home[visit] != visits.place[visit]) & (visits.parent[visit] < 0)
        cause = np.select([orders.kind == 0, orders.kind == 2], [0, 7], 1 + rng.integers(0, 6, len(orders)))
        columns = {
            "work_order_id": rows.ids("W", book.number),
            "store_id": self.stores(orders.row),
            "origin_store_id": self.stores(visits.home[visit], referred),
            "customer_id": self.customer(vehicle, has),
            "vehicle_id": self.vehicle(vehicle, has),
            "appointment_id": rows.ids("A", appointment[visit], booked),
            "arrived_at": rows.times(orders.arrived),
            "arrived_on": rows.dates(orders.arrived // DAY),
            "work_started_at": rows.times(orders.started),
            "work_ended_at": rows.times(orders.ended),
            "promised_at": rows.times(orders.promised, has),
            "delivered_at": rows.times(orders.delivered),
            "delivered_on": rows.dates(orders.delivered // DAY),
            "settled_at": rows.times(orders.settled),
            "settled_on": rows.dates(orders.settled // DAY),
            "odometer_km": rows.counts(orders.odometer, (orders.odometer >= 0) & ~book.no_odometer),
            "order_type": rows.pick(ORDER_TYPES, orders.type),
            "service_kind": rows.pick(SERVICE_KINDS, orders.kind),
            "first_of_visit": rows.flags(orders.first | ~has),
            "drop_off": rows.flags(orders.drop_off),
            "fix_eligible": rows.flags(orders.eligible),
            "complete": rows.flags(~(book.nameless | book.rootless | book.no_odometer)),
            "status": rows.pick(("settled",), np.zeros(len(orders), np.int64)),
            "root_cause": rows.pick(ROOT_CAUSES, cause, ~book.rootless),
            "labour_amount": rows.hundredths(book.labour_cents),
            "parts_amount": rows.hundredths(book.parts_cents),
            "parts_cost": rows.hundredths(book.cost_cents),
            "billed_hours": rows.hundredths(book.billed),
            "clock_hours": rows.hundredths(book.clock),
        }
        self.out.add(WORK_ORDER, self.store_index(orders.row), orders.arrived, orders.settled, columns)

    def labour(self, labour: Labour) -> None:
        """Operations, and one negative line a refund."""
        book, orders = self.ledger, self.ledger.orders
        refunds = np.flatnonzero(orders.refund_of >= 0)
        place = np.concatenate([book.position[labour.order], refunds])
        sort = np.argsort(place, kind="stable")
        place = place[sort]

        def column(values: Ints, refund: Ints | int) -> Ints:
            return np.concatenate([values, np.broadcast_to(refund, len(refunds))])[sort]

        technician = np.where(book.nameless[place], NONE, column(labour.technician, NONE))
        moment = np.where(orders.ended[place] >= 0, orders.ended[place], orders.settled[place])
        columns = {
            "work_order_id": rows.ids("W", book.number[place]),
            "line_no": rows.counts(column(labour.number, 1)),
            "store_id": self.stores(orders.row[place]),
            "technician_id": rows.pick(self.technician_ids, technician),
            "day": rows.dates(moment // DAY),
            "op_code": rows.pick((*OPERATION_CODES, "C900"), column(labour.operation, len(OPERATION_CODES))),
            "fault_code": rows.pick(FAULT_CODES, column(labour.fault, NONE)),
            "standard_hours": rows.hundredths(column(labour.standard, 0)),
            "billed_hours": rows.hundredths(column(labour.billed, 0)),
            "clock_hours": rows.hundredths(column(labour.clock, 0)),
            "amount": rows.hundredths(column(labour.cents, book.labour_cents[refunds])),
        }
        self.out.add(LABOUR_LINE, self.store_index(orders.row[place]), moment, orders.settled[place], columns)

    def parts(self, used: Used, parts: Parts) -> None:
        book, orders = self.ledger, self.ledger.orders
        place = book.position[used.order]
        sort = np.argsort(place, kind="stable")
        place = place[sort]
        columns = {
            "work_order_id": rows.ids("W", book.number[place]),
            "line_no": rows.counts(used.number[sort]),
            "store_id": self.stores(orders.row[place]),
            "part_no": rows.pick(list(parts.part_no), used.part[sort]),
            "day": rows.dates(orders.ended[place] // DAY),
            "quantity": rows.numbers(used.quantity[sort]),
            "amount": rows.hundredths(used.cents[sort]),
            "cost": rows.hundredths(used.cost_cents[sort]),
        }
        self.out.add(
            PART_LINE,
            self.store_index(orders.row[place]),
            orders.ended[place],
            orders.settled[place],
            columns,
        )

    def sessions(self, sessions: Sessions) -> None:
        book = self.ledger
        sort = np.argsort(sessions.row * 2**40 + sessions.start, kind="stable")
        place = book.position[sessions.order[sort]]
        most = 16
        bays = [f"{store}-B{bay + 1:02d}" for store in self.store_ids for bay in range(most)]
        columns = {
            "bay_id": rows.pick(bays, sessions.row[sort] * most + sessions.bay[sort]),
            "store_id": self.stores(sessions.row[sort]),
            "work_order_id": rows.ids("W", book.number[place]),
            "day": rows.dates(sessions.start[sort] // DAY),
            "started_at": rows.times(sessions.start[sort]),
            "ended_at": rows.times(sessions.end[sort]),
            "state": rows.pick(STATES, sessions.state[sort]),
        }
        settled = np.maximum(book.orders.settled[place], sessions.end[sort])
        self.out.add(
            BAY_SESSION, self.store_index(sessions.row[sort]), sessions.start[sort], settled, columns
        )

    def comebacks(self) -> None:
        """Returns for the same fault within 30 days, charged to the first order and its main technician."""
        book, orders, visits = self.ledger, self.ledger.orders, self.visits
        main = np.full(len(visits), NONE)
        first = np.flatnonzero(orders.first & (orders.visit >= 0))
        main[orders.visit[first]] = first
        back = np.flatnonzero(visits.parent >= 0)
        by_id = np.argsort(visits.id, kind="stable")
        spot = np.minimum(np.searchsorted(visits.id[by_id], visits.parent[back]), len(visits) - 1)
        parent = by_id[spot]
        child, failed = main[back], main[parent]
        good = (visits.id[parent] == visits.parent[back]) & (child >= 0) & (failed >= 0)
        child, failed = child[good], failed[good]
        wait = orders.arrived[child] - orders.delivered[failed]
        within = (wait > 0) & (wait <= 30 * DAY)
        child, failed = child[within], failed[within]
        sort = np.argsort(orders.row[failed] * 2**40 + orders.delivered[failed], kind="stable")
        child, failed = child[sort], failed[sort]
        columns = {
            "parent_work_order_id": rows.ids("W", book.number[failed]),
            "work_order_id": rows.ids("W", book.number[child]),
            "store_id": self.stores(orders.row[failed]),
            "technician_id": rows.pick(
                self.technician_ids, np.where(book.nameless[failed], NONE, orders.technician[failed])
            ),
            "day": rows.dates(orders.delivered[failed] // DAY),
            "returned_at": rows.times(orders.arrived[child]),
            "hours_after": rows.numbers((orders.arrived[child] - orders.delivered[failed]) / 3600),
        }
        moment = orders.arrived[child]
        self.out.add(COMEBACK, self.store_index(orders.row[failed]), moment, moment, columns)

    def visit_rows(self, history: Visits, rng: np.random.Generator) -> None:
        """Visits with orders, and those from before them, of which predecessor systems knew a little less."""
        book, orders, visits = self.ledger, self.ledger.orders, self.visits
        plain = np.flatnonzero((orders.visit >= 0) & (orders.refund_of < 0))
        of = orders.visit[plain]
        cents = np.bincount(of, (book.labour_cents + book.parts_cents)[plain], minlength=len(visits))
        ended = np.zeros(len(visits), np.int64)
        np.maximum.at(ended, of, orders.ended[plain])
        first = np.flatnonzero(orders.first & (orders.visit >= 0))
        visit = orders.visit[first]
        past = np.where(history.kind == MAINTENANCE, 52000, 125000) * np.exp(
            rng.normal(-0.12, 0.5, len(history))
        )
        zero = np.zeros(len(history), np.int64)

        def both(before: NDArray[np.generic], since: NDArray[np.generic]) -> NDArray[np.generic]:
            return np.concatenate([before, since])

        row = both(history.place, orders.row[first]).astype(np.int64)
        day = both(history.day, orders.arrived[first] // DAY).astype(np.int64)
        sort = np.argsort(row * 100_000 + day, kind="stable")
        row, day = row[sort], day[sort]
        vehicle = both(history.vehicle, visits.vehicle[visit])[sort]
        km = both(odometer(self.fleet, history.vehicle, history.day, rng), orders.odometer[first])[sort]
        read = both(rng.random(len(history)) > 0.12, ~book.no_odometer[first])[sort]
        amount = both(past * self._level(history.place), cents[visit])[sort]
        columns = {
            "vehicle_id": self.vehicle(vehicle),
            "customer_id": self.customer(vehicle),
            "store_id": self.stores(row),
            "day": rows.dates(day),
            "odometer_km": rows.counts(km, read),
            "amount": rows.hundredths(np.round(amount)),
        }
        known, final = both(zero, orders.arrived[first])[sort], both(zero, ended[visit])[sort]
        self.out.add(VISIT, self.store_index(row), known, final, columns)

    def _level(self, row: Ints) -> Floats:
        return self.world.network.levels.revenue[self.world.stores[row]]
