"""Rows a store and day: plan, opening, attendance, loads of the sources, and what the quality checks found."""

from __future__ import annotations

import numpy as np

from data_access.chinese_calendar import as_date
from data_access.schema import ATTENDANCE, PLAN_DAY, QUALITY_RESULT, STORE_OPENING, SYNC_RUN
from seed import rows
from seed.ledger import Writer
from seed.levels import Floats, blend
from seed.network import Ints
from seed.orders import INSURANCE
from seed.scale import DAY
from seed.staff import SHIFT_HOURS, rate_of_pay

SOURCES = ("dms", "crm", "parts", "hr")
CHECKS = (
    ("root_cause_present", "work_order", 0.42, 0.05), ("odometer_present", "work_order", 0.15, 0.02),
    ("phone_valid", "customer", 0.12, 0.02), ("vin_valid", "vehicle", 0.06, 0.01),
    ("crm_dms_match", "customer", 0.28, 0.02), ("part_name_standard", "part_line", 0.18, 0.03),
)  # fmt: skip
DAILY_CHECK_DAYS = 56
BELOW_PLAN = 0.085
PLANNED_MARGIN = (0.40, 0.45)


def _grid(writer: Writer, first: int, end: int) -> tuple[Ints, Ints, Ints]:
    """Row, day and column of every live store on every day."""
    world = writer.world
    live = np.flatnonzero(world.network.live[world.stores])
    day = np.tile(np.arange(first, end), len(live))
    return np.repeat(live, end - first), day, day - world.first


def plan(writer: Writer) -> None:
    """Plans by month, spread by how much business each day of the month usually brings."""
    world, network = writer.world, writer.world.network
    run, orders = network.run, writer.ledger.orders
    phase, pull = world.phase, network.pull(world.stores, noisy=False)
    level = blend(network.levels.vehicles[world.stores], phase)
    days = np.arange(world.first, run.horizon)
    months = np.array([as_date(day).year * 12 + as_date(day).month for day in days])
    months -= months[0]
    vehicles = _spread_by_month(level * pull, pull, months)
    counted = orders.type <= INSURANCE
    visits = np.bincount(orders.row[orders.first & counted], minlength=len(world.stores))
    cents = np.bincount(
        orders.row[counted],
        (writer.ledger.labour_cents + writer.ledger.parts_cents)[counted],
        minlength=len(world.stores),
    )
    rng = np.random.default_rng([run.seed, 52, int(world.stores[0])])
    ambition = 1 + rng.normal(0.0, 0.012, len(world.stores))
    below = np.array([network.region[s] == network.faults.below_plan_region for s in world.stores])
    factor = ambition[:, None] + BELOW_PLAN * below[:, None] * phase
    row, day, column = _grid(writer, run.first, run.horizon)
    each = (cents / 100 / np.maximum(visits, 1))[row]
    cars = vehicles[row, column] * factor[row, column]
    margin = blend(np.tile(PLANNED_MARGIN, (len(world.stores), 1)), phase)[row, column]
    revenue = np.round(cars * each, 2)
    zero = np.zeros(len(row), np.int64)
    columns = {
        "store_id": writer.stores(row),
        "day": rows.dates(day),
        "revenue_plan": rows.numbers(revenue),
        "cost_plan": rows.numbers(np.round(revenue * (1 - margin), 2)),
        "vehicles_plan": rows.numbers(np.round(cars, 3)),
    }
    writer.out.add(PLAN_DAY, np.full(len(row), -1), zero, zero, columns)


def _spread_by_month(amount: Floats, weight: Floats, months: Ints) -> Floats:
    out = np.zeros_like(amount)
    for month in np.unique(months):
        inside = months == month
        total = weight[:, inside].sum(1, keepdims=True)
        out[:, inside] = amount[:, inside].sum(1, keepdims=True) * weight[:, inside] / np.maximum(total, 1e-9)
    return out


def openings(writer: Writer) -> None:
    """What each live store can offer, closed days included, as far ahead as bookings go."""
    world, network = writer.world, writer.world.network
    row, day, column = _grid(writer, network.run.first, network.run.horizon)
    is_open = world.opening[row, column]
    hours = (network.closes - network.opens)[world.stores[row]]
    bays = network.active_bays[world.stores[row]]
    zero = np.zeros(len(row), np.int64)
    columns = {
        "store_id": writer.stores(row),
        "day": rows.dates(day),
        "is_open": rows.flags(is_open),
        "open_hours": rows.numbers(hours * is_open),
        "active_bays": rows.counts(bays * is_open),
        "bay_minutes": rows.numbers(hours * 60 * bays * is_open),
    }
    writer.out.add(STORE_OPENING, np.full(len(row), -1), zero, zero, columns)


def attendance(writer: Writer, rng: np.random.Generator) -> None:
    """A row for every day a technician was to work."""
    world, presence = writer.world, writer.world.presence
    run, staff = world.network.run, world.staff
    live = world.network.live[staff.store]
    who, column = np.nonzero(presence.scheduled[:, : run.tape_end - run.first] & live[:, None])
    row, day = staff.store[who] - world.stores[0], column + run.first
    sort = np.argsort(row * 100_000 + day, kind="stable")
    who, row, day, column = who[sort], row[sort], day[sort], column[sort]
    absence = presence.absence[who, column]
    hours = np.round(np.clip(SHIFT_HOURS + rng.normal(0, 0.25, len(who)), 6, 10), 2)
    hours = np.where(absence == 0, hours, 0.0)
    start = day * DAY + presence.starts[who] * 60
    columns = {
        "technician_id": rows.pick(writer.technician_ids, who),
        "store_id": writer.stores(row),
        "day": rows.dates(day),
        "scheduled_hours": rows.numbers(np.full(len(who), 8.5)),
        "attended_hours": rows.numbers(hours),
        "labour_cost": rows.numbers(np.round(hours * rate_of_pay(world.network, staff)[who], 2)),
        "absence": rows.pick(("leave", "sick", "training"), absence.astype(np.int64) - 1),
    }
    end = start + np.where(absence == 0, hours * 3600 + 1800, 0).astype(np.int64)
    writer.out.add(ATTENDANCE, writer.store_index(row), start, end, columns)


def loads(writer: Writer, rng: np.random.Generator) -> None:
    """The last load of each source a day: late and patchy before the roll-out, prompt after it."""
    world = writer.world
    run = world.network.run
    row, day, column = (np.repeat(x, len(SOURCES)) for x in _grid(writer, run.first, run.tape_end))
    source = np.tile(np.arange(len(SOURCES)), len(row) // len(SOURCES))
    count, phase = len(row), world.phase[row, column]
    extracted = day * DAY + 21 * 3600 + rng.integers(0, 5400, count)
    delay = rng.exponential(80 * (1 - phase) + 70 / 60 * phase) * 60 + 30
    loaded = extracted + delay.astype(np.int64)
    read = rng.poisson(np.array([260, 60, 90, 9])[source])
    bad = rng.random(count) < 0.03 - 0.0295 * phase
    columns = {
        "source": rows.pick(SOURCES, source),
        "store_id": writer.stores(row),
        "day": rows.dates(loaded // DAY),
        "extracted_at": rows.times(extracted),
        "loaded_at": rows.times(loaded),
        "rows_source": rows.counts(read),
        "rows_loaded": rows.counts(np.where(bad, np.maximum(read - rng.integers(1, 9, count), 0), read)),
        "verified": rows.flags(~bad),
    }
    writer.out.add(SYNC_RUN, writer.store_index(row), loaded, loaded, columns)


def quality(writer: Writer, rng: np.random.Generator) -> None:
    """Findings a check: every Monday, and every day of the last weeks."""
    world = writer.world
    run = world.network.run
    row, day, column = _grid(writer, run.first, run.tape_end)
    wanted = ((day + 3) % 7 == 0) | (day >= run.today - DAILY_CHECK_DAYS)
    row, day, column = row[wanted], day[wanted], column[wanted]
    known = (day + 1) * DAY
    vehicles = blend(world.network.levels.vehicles[world.stores[row]], world.phase[row, column])
    check = np.tile(np.arange(len(CHECKS)), len(row))
    row, day, column, known, vehicles = (
        np.repeat(x, len(CHECKS)) for x in (row, day, column, known, vehicles)
    )
    before, after = np.array([c[2] for c in CHECKS])[check], np.array([c[3] for c in CHECKS])[check]
    checked = rng.poisson(vehicles * np.where((day + 3) % 7 == 0, 7, 1))
    failed = rng.binomial(checked, before + (after - before) * world.phase[row, column])
    columns = {
        "check_key": rows.pick([c[0] for c in CHECKS], check),
        "table_name": rows.pick([c[1] for c in CHECKS], check),
        "store_id": writer.stores(row),
        "day": rows.dates(day),
        "rows_checked": rows.counts(checked),
        "rows_failed": rows.counts(failed),
    }
    writer.out.add(QUALITY_RESULT, writer.store_index(row), known, known, columns)
