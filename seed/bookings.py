"""Appointments: those that were kept, those that were not, and those still ahead."""

from __future__ import annotations

import numpy as np

from data_access.schema import APPOINTMENT
from seed import rows
from seed.ledger import IDS_A_STORE, Writer
from seed.levels import Floats, blend
from seed.network import Ints
from seed.orders import MEAN_MINUTES, NONE, SERVICE_KINDS
from seed.scale import BOOKING_DAYS, DAY
from seed.visits import Clock, Visits, hour_profile

ARRIVED, NO_SHOW, CANCELLED = 0, 1, 2
STATUS = ("arrived", "no_show", "cancelled")
CHANNELS = ("app", "phone", "wechat", "store")
EARLY_CANCELS = 0.07
LATE_CANCEL_SHARE = 0.30


def lead_seconds(count: int, rng: np.random.Generator) -> Ints:
    """How long before the slot people book: a day or two mostly, seldom weeks."""
    short = rng.exponential(1.6, count)
    long = rng.uniform(2, BOOKING_DAYS - 0.5, count)
    days = np.where(rng.random(count) < 0.62, short, long * rng.random(count) ** 0.6)
    return np.clip(days * DAY, 2400, BOOKING_DAYS * DAY).astype(np.int64)


def booked_at(slot: Ints, lead: Ints) -> Ints:
    """Moment of booking: not at night."""
    moment = slot - lead
    second = moment % DAY
    awake = 8 * 3600 + (second * 13 // 24)
    return np.minimum(moment - second + awake, slot - 1200)


def _missed(kept: Ints, visits: Visits, writer: Writer, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """For bookings not kept: the later visits whose owners had let an earlier slot pass, and what became of it."""
    world = writer.world
    column = visits.day[kept] - world.first
    show = blend(
        world.network.levels.show[world.stores[visits.place[kept]]], world.phase[visits.place[kept], column]
    )
    lost = kept[rng.random(len(kept)) < 1 / show - 1]
    early = kept[rng.random(len(kept)) < EARLY_CANCELS]
    late = rng.random(len(lost)) < LATE_CANCEL_SHARE
    return (
        np.concatenate([lost, early]),
        np.concatenate([np.where(late, CANCELLED, NO_SHOW), np.full(len(early), CANCELLED + 1)]),
    )


def appointments(writer: Writer, clock: Clock, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Writes the bookings of all visits from the first work-order day to the booking horizon.

    Returns per visit the booking's number, -1 when it was not booked, and the second at which the store first heard
    of the visit.
    """
    world, ledger, everything = writer.world, writer.ledger, writer.visits
    order_of = np.full(len(everything), NONE)
    first = np.flatnonzero(ledger.orders.first & (ledger.orders.visit >= 0))
    order_of[ledger.orders.visit[first]] = first
    kept = np.flatnonzero(everything.slot >= 0)
    missed, fate = _missed(kept, everything, writer, rng)
    missed, fate, missed_slot = _earlier_slots(missed, fate, writer, clock, rng)
    visit = np.concatenate([kept, missed])
    status = np.concatenate([np.full(len(kept), ARRIVED), fate])
    count, row = len(visit), everything.place[visit].astype(np.int64)
    kept_slot = everything.day[kept].astype(np.int64) * DAY + everything.slot[kept].astype(np.int64) * 60
    slot = np.concatenate([kept_slot, missed_slot])
    booked = booked_at(slot, lead_seconds(count, rng))
    early = status > CANCELLED
    gap = np.where(early, 25 * 3600 + rng.random(count) * 40 * 3600, 1800 + rng.random(count) * 20 * 3600)
    cancelled = np.maximum(slot - gap.astype(np.int64), booked + 300)
    cancelled = np.where(status >= CANCELLED, np.minimum(cancelled, slot), NONE)
    status = np.minimum(status, CANCELLED)
    order = np.where(status == ARRIVED, order_of[visit], NONE)
    settled = np.where(order >= 0, ledger.orders.settled[np.maximum(order, 0)], 0)
    final = np.maximum(np.where(status == NO_SHOW, slot + 7200, slot), settled)
    sort = np.argsort(row * 2**40 + slot, kind="stable")
    number = np.empty(count, np.int64)
    number[sort] = (
        world.stores[row[sort]] * IDS_A_STORE + np.arange(count) - np.searchsorted(row[sort], row[sort])
    )
    _write(writer, everything, visit, status, slot, booked, cancelled, number, final, sort, rng)
    number_of, heard = np.full(len(everything), NONE), _arrivals(everything)
    number_of[kept] = number[: len(kept)]
    heard[kept] = np.minimum(heard[kept], booked[: len(kept)])
    heard[missed] = np.minimum(heard[missed], booked[len(kept) :])
    return number_of, heard


def _earlier_slots(
    missed: Ints, fate: Ints, writer: Writer, clock: Clock, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Slots that were let pass, one to ten days before the visit; those before the first work-order day fall away."""
    world, visits = writer.world, writer.visits
    row = visits.place[missed]
    day = clock.open_from(row, visits.day[missed] - rng.integers(1, 11, len(missed)))
    opens, closes = (side[world.stores[row]] for side in (world.network.opens, world.network.closes))
    minute = (
        opens * 60 + np.round(hour_profile(rng.random(len(row))) * ((closes - opens) * 60 - 80) / 30) * 30
    )
    inside = (day >= world.network.run.first) & (day < visits.day[missed])
    slot = day.astype(np.int64) * DAY + minute.astype(np.int64) * 60
    return missed[inside], fate[inside], slot[inside]


def _arrivals(visits: Visits) -> Ints:
    return visits.day.astype(np.int64) * DAY + (visits.minute.astype(np.float64) * 60).astype(np.int64) - 60


def _planned(visits: Visits, visit: Ints, rng: np.random.Generator) -> Floats:
    minutes = MEAN_MINUTES[visits.kind[visit], visits.stay[visit]] * np.exp(rng.normal(0, 0.2, len(visit)))
    return np.round(minutes / 15) * 0.25 + 0.25


def _write(
    writer: Writer, visits: Visits, visit: Ints, status: Ints, slot: Ints, booked: Ints, cancelled: Ints, number: Ints,
    final: Ints, sort: Ints, rng: np.random.Generator,
) -> None:  # fmt: skip
    count = len(visit)
    row, home = visits.place[visit], visits.home[visit]
    referred = (row != home) & (visits.parent[visit] < 0)
    kind = np.select([visits.kind[visit] == 0, visits.kind[visit] == 2], [0, 2], 1)
    planned, channel = _planned(visits, visit, rng), rng.choice(4, count, p=[0.42, 0.24, 0.26, 0.08])
    row, home, referred, kind, planned, channel = (
        x[sort] for x in (row, home, referred, kind, planned, channel)
    )
    who = visits.vehicle[visit[sort]]
    columns = {
        "appointment_id": rows.ids("A", number[sort]),
        "store_id": writer.stores(row),
        "origin_store_id": writer.stores(home, referred),
        "customer_id": writer.customer(who),
        "vehicle_id": writer.vehicle(who),
        "booked_at": rows.times(booked[sort]),
        "slot_starts_at": rows.times(slot[sort]),
        "day": rows.dates(slot[sort] // DAY),
        "channel": rows.pick(CHANNELS, channel),
        "service_kind": rows.pick(SERVICE_KINDS, kind),
        "planned_hours": rows.numbers(planned),
        "status": rows.pick(STATUS, status[sort]),
        "cancelled_at": rows.times(cancelled[sort]),
    }
    writer.out.add(APPOINTMENT, writer.store_index(row), booked[sort], final[sort], columns)
