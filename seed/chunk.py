"""One chunk of neighbouring stores from beginning to end: simulate, work, talk, count, and write the rows down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seed import bookings, dimensions, stock, store_days, truths, voice, work
from seed.fleet import NEVER, Fleet
from seed.floor import Hours
from seed.ledger import Writer, settle
from seed.network import Network, build_network
from seed.orders import make_jobs, make_orders, run_floor
from seed.parts import Parts, catalogue, store_shelves
from seed.rows import Output
from seed.scale import DAY, Run
from seed.staff import hire, presence
from seed.visits import Simulation, Visits, World

VEHICLES_A_STORE = 160_000


def borders(network: Network) -> NDArray[np.int64]:
    """Per store the second from which its rows go to the tape; the last element is for rows of the network."""
    border = np.full(len(network) + 1, network.run.midnight)
    faults = network.faults
    border[faults.stopped] = np.minimum(border[faults.stopped], faults.stopped_at)
    return border


def chunk_starts(run: Run) -> list[int]:
    return list(range(0, run.scale.stores, run.scale.chunk))


def generate(run: Run, begin: int, folder: Path | None = None) -> Output:
    """All rows of the stores from `begin`, in memory or in `folder`. Depends on nothing but its arguments."""
    network, parts = build_network(run), catalogue(run)
    out = Output(borders(network), run.tape_end, folder)
    if begin == 0:
        dimensions.network_rows(out, network, parts)
    world = _world(network, begin)
    simulation = Simulation(world)
    everything = simulation.simulate()
    hours = _hours(world, simulation)
    _write(world, parts, out, everything, simulation, hours)
    return out


def _world(network: Network, begin: int) -> World:
    stores = np.arange(begin, min(begin + network.run.scale.chunk, len(network)))
    opening, staff = network.opening(stores), hire(network, stores)
    return World(
        network, stores, staff, presence(network, staff, stores, opening), network.phase(stores), opening,
        network.pull(stores, noisy=True),
    )  # fmt: skip


def _hours(world: World, simulation: Simulation) -> Hours:
    network, run = world.network, world.network.run
    days = np.arange(run.history_first, run.horizon)
    rows = np.arange(len(world.stores))
    ahead = np.stack([simulation.clock.open_from(np.full(len(days), row), days) for row in rows])
    return Hours(
        network.opens[world.stores] * 60, network.closes[world.stores] * 60, network.active_bays[world.stores],
        run.history_first, ahead,
    )  # fmt: skip


def _write(
    world: World, parts: Parts, out: Output, everything: Visits, simulation: Simulation, hours: Hours
) -> None:
    run, fleet = world.network.run, simulation.fleet
    rng = np.random.default_rng([run.seed, 61, int(world.stores[0])])
    history = everything.take(np.flatnonzero(everything.day < run.first))
    visits = everything.take(np.flatnonzero(everything.day >= run.first))
    jobs = make_jobs(world, visits, rng)
    faults = world.network.faults
    rushed = (world.stores[jobs.row] == faults.long_wait_today) & (jobs.day == run.today)
    pieces = run_floor(jobs, visits, hours, rushed)
    orders, sessions = make_orders(world, visits, fleet, jobs, pieces, hours, rng)
    free = work._free_of_charge(orders, visits, rng)
    labour = work.labour(world, orders, visits, free, rng)
    shelves = [store_shelves(parts, run, int(store)) for store in world.stores]
    slots = np.stack([slot for _, slot in shelves])
    model = fleet.model[visits.vehicle[np.maximum(orders.visit, 0)]]
    used = work.used_parts(world, orders, model, free, parts, slots, rng)
    ledger = settle(world, orders, labour, used, rng)
    writer = Writer(world, out, ledger, visits, fleet, int(world.stores[0]) * VEHICLES_A_STORE)
    booked, heard = bookings.appointments(writer, simulation.clock, rng)
    writer.orders(booked, rng)
    writer.labour(labour)
    writer.parts(used, parts)
    writer.sessions(sessions)
    writer.comebacks()
    writer.visit_rows(history, rng)
    voice.surveys(writer, rng)
    voice.complaints(writer, rng)
    lines = stock.demand(writer, used, rng)
    stock.requests(writer, lines, parts)
    stock.Shelves(writer, lines, parts, np.stack([used for used, _ in shelves]), rng).write()
    store_days.plan(writer)
    store_days.openings(writer)
    store_days.attendance(writer, rng)
    store_days.loads(writer, rng)
    store_days.quality(writer, rng)
    dimensions.technicians(writer)
    dimensions.vehicles_and_customers(writer, _first_heard(fleet, visits, heard), rng)
    truths.of_chunk(writer, simulation, everything)


def _first_heard(fleet: Fleet, visits: Visits, heard: NDArray[np.int64]) -> NDArray[np.int64]:
    """Second at which each vehicle became known: its first booking or visit, long ago for those from before."""
    first = np.full(len(fleet), NEVER * DAY)
    np.minimum.at(first, visits.vehicle, heard)
    return np.where(fleet.joined < world_first(visits), 0, first)


def world_first(visits: Visits) -> int:
    return int(visits.day.min()) if len(visits) else 0


def save(run: Run, begin: int, folder: Path) -> Path:
    """Generates a chunk and leaves it as Arrow files: `folder`/<begin>/base|tape|truths/<table>/; returns the place."""
    place = folder / f"{begin:05d}"
    generate(run, begin, place).close()
    return place
