"""Visits: every vehicle's maintenance clock and chance repairs, what the owner experiences, and who leaves.

Time runs in blocks of four weeks. In a block the vehicles that are due come, new ones fill each store up to its level,
repairs that did not hold come back, and then each owner decides to stay or to leave by what has happened to him. So the
number of visits follows calendar and roll-out, and leaving follows things that can be read from the warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seed.fleet import NEVER, REPAIR_EVERY_DAYS, WARRANTY_DAYS, Fleet, new_vehicles
from seed.levels import Floats, blend
from seed.network import FLAGSHIP_SHARE_REFERRED, Ints, Network
from seed.staff import Presence, Staff

BLOCK = 28
MAINTENANCE, REPAIR, BODY, COMEBACK = 0, 1, 2, 3
WAITS, DROPPED, STAYS = 0, 1, 2
CLASS_SHARE = np.array([[0.88, 0.12, 0.0], [0.50, 0.36, 0.14], [0.06, 0.30, 0.64], [0.46, 0.46, 0.08]])
BODY_SHARE = 0.24
ELIGIBLE_SHARE = 0.90
RECEPTION_MINUTES = np.array([26.0, 8.0])
RETURN_ELSEWHERE = 0.06
WIN_BACK_SHARE = 0.75
WIN_BACK_DAYS = 260.0
QUIET_DAYS = 150


@dataclass
class Visits:
    """One element a visit of a customer. `id` counts in the chunk; `parent` is the id of the repair that failed, or -1."""

    id: NDArray[np.int64]
    vehicle: NDArray[np.int32]
    day: NDArray[np.int32]
    kind: NDArray[np.int8]
    parent: NDArray[np.int64]
    home: NDArray[np.int32]
    """row of the home store"""
    place: NDArray[np.int32]
    """row of the performing store"""
    stay: NDArray[np.int8]
    """WAITS, DROPPED or STAYS for more than a day"""
    minute: NDArray[np.float32]
    """arrival, minute of the day"""
    slot: NDArray[np.int16]
    """minute of the booked slot, -1 for a walk-in"""
    technician: NDArray[np.int32]
    """row of the main technician, -1 nobody"""
    eligible: NDArray[np.bool_]
    fails: NDArray[np.bool_]
    reception: NDArray[np.float32]
    """minutes from arrival until the car could go into a bay"""
    mood: NDArray[np.float32]
    """satisfaction, standard deviations"""
    complains: NDArray[np.bool_]
    joins: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.id)

    def take(self, which: NDArray[np.generic]) -> Visits:
        return Visits(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


@dataclass(frozen=True)
class World:
    """What a chunk of stores needs to be simulated; matrices are (stores, days) from `history_first`."""

    network: Network
    stores: Ints
    staff: Staff
    presence: Presence
    phase: Floats
    opening: NDArray[np.bool_]
    pull: Floats

    @property
    def first(self) -> int:
        return self.network.run.history_first


def hour_profile(u: Floats) -> Floats:
    """Arrival as a share of the bookable day, 0 … 1, from uniform numbers: a morning and an early-afternoon wave."""
    x = np.linspace(0, 1, 101)
    density = 0.5 + 1.3 * np.exp(-(((x - 0.14) / 0.13) ** 2)) + 0.8 * np.exp(-(((x - 0.62) / 0.16) ** 2))
    steps = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(u, steps / steps[-1], x)


class Clock:
    """Each store's calendar as a clock that runs faster on busy days and stands still while it is closed."""

    def __init__(self, world: World) -> None:
        rows, days = world.pull.shape
        self._first, self._days = world.first, days
        self.hand = np.zeros((rows, days + 1))
        np.cumsum(world.pull, axis=1, out=self.hand[:, 1:])
        self._stride = float(self.hand[:, -1].max() + 10_000)
        self._flat = (self.hand + np.arange(rows)[:, None] * self._stride).ravel()
        ahead = np.where(world.opening, np.arange(days)[None, :], NEVER)
        self._open = np.minimum.accumulate(ahead[:, ::-1], axis=1)[:, ::-1]

    def day_at(self, row: Ints, hand: Floats) -> NDArray[np.int32]:
        """The day on which a store's clock shows `hand`; NEVER beyond the horizon."""
        index = (
            np.searchsorted(self._flat, hand + row * self._stride, side="right") - 1 - row * (self._days + 1)
        )
        return np.where(index >= self._days, NEVER, index + self._first).astype(np.int32)

    def after(self, row: Ints, day: Ints, wait: Floats) -> NDArray[np.int32]:
        """The day `wait` average days after `day`."""
        return self.day_at(row, self.hand[row, day - self._first] + wait)

    def open_from(self, row: Ints, day: Ints) -> NDArray[np.int32]:
        """The first open day at or after `day`; NEVER beyond the horizon."""
        inside = np.minimum(day - self._first, self._days - 1)
        found = np.where(day - self._first < self._days, self._open[row, inside], NEVER)
        return np.where(found >= NEVER, NEVER, found + self._first).astype(np.int32)


class Simulation:
    """Runs a chunk of stores through history, work-order window, tape and booking horizon."""

    def __init__(self, world: World) -> None:
        run = world.network.run
        self.world, self.run = world, run
        self.rng = np.random.default_rng([run.seed, 41, int(world.stores[0])])
        self.clock = Clock(world)
        levels = world.network.levels
        target = blend(levels.vehicles[world.stores], world.phase)
        flagship = world.stores == world.network.flagship
        target[flagship] *= 1 - (FLAGSHIP_SHARE_REFERRED - 0.075) * world.phase[flagship]
        self.expected = target * world.pull * world.network.live[world.stores][:, None]
        self._today_rush()
        self.failing = self._failing()
        self.serial = 0
        self.pending: list[Visits] = []
        self.fleet = self._first_fleet()
        self.truth: Fleet | None = None

    def _today_rush(self) -> None:
        """One store has far more arrivals than usual on the day of as-of."""
        row = np.flatnonzero(self.world.stores == self.world.network.faults.long_wait_today)
        self.expected[row, self.run.today - self.world.first] *= 1.35

    def _failing(self) -> Floats:
        """(stores, days) chance that an eligible repair does not hold."""
        world = self.world
        chance = blend(world.network.levels.failing[world.stores], world.phase)
        faults = world.network.faults
        for store, since in zip(faults.bad_fix, faults.bad_fix_since, strict=True):
            row = np.flatnonzero(world.stores == store)
            chance[row, since - world.first :] = np.maximum(chance[row, since - world.first :], 0.26)
        return chance

    def _first_fleet(self) -> Fleet:
        """The loyal vehicles at the beginning, each somewhere in its interval."""
        rate = 1 / 158.0 + 1 / REPAIR_EVERY_DAYS
        count = np.round(self.expected[:, :365].sum(1) / 365 * 0.90 / rate).astype(int)
        home = np.repeat(np.arange(len(count)), count)
        start = np.full(len(home), self.world.first)
        known = start - self.rng.integers(1, 1400, len(home))
        fleet = new_vehicles(home, known, 0, self.rng)
        fleet.sold = np.maximum(fleet.sold, self.world.first + self.rng.exponential(9000, len(home))).astype(
            np.int32
        )
        part = self.rng.random(len(home)) * fleet.habit * self.rng.gamma(26, 1 / 25, len(home))
        fleet.next_maintenance = self.clock.after(home, start, part)
        fleet.next_repair = self.clock.after(home, start, self.rng.exponential(REPAIR_EVERY_DAYS, len(home)))
        fleet.last = (fleet.next_maintenance.astype(np.int64) - fleet.habit * 1.04).astype(np.int32)
        fleet.visits[:] = 3
        return fleet

    def blocks(self) -> list[tuple[int, int]]:
        """Stretches of days; the first work-order day, today and the end of the tape begin a new one."""
        run = self.run
        marks = [run.history_first, run.first, run.today, run.tape_end, run.horizon]
        return [
            (begin, min(begin + BLOCK, end))
            for start, end in pairwise(marks)
            for begin in range(start, end, BLOCK)
        ]

    def simulate(self) -> Visits:
        """All visits, in order of their id. Leaves the fleet as of the horizon, `truth` as of the last complete day."""
        done = []
        for begin, end in self.blocks():
            if begin == self.run.today:
                self.truth = Fleet(
                    **{field.name: getattr(self.fleet, field.name).copy() for field in fields(Fleet)}
                )
            done.append(self._block(begin, end))
        return _stacked(done)

    def _block(self, begin: int, end: int) -> Visits:
        found, carried = [], []
        queue = [self._due(begin, end), *self.pending]
        while queue:
            part = queue.pop()
            later = part.day >= end
            if later.any():
                carried.append(part.take(later))
            if not later.all():
                felt = self._experience(part.take(~later) if later.any() else part, begin)
                found.append(felt)
                queue.append(self._returns(felt))
                if not len(queue[-1]):
                    queue.pop()
        self.pending = carried
        visits = self._one_a_day(_stacked(found)) if begin >= self.run.first else found[0]
        self._wait(visits, begin, end)
        self._react(visits, end)
        return visits

    def _due(self, begin: int, end: int) -> Visits:
        """Vehicles whose clock has run down, and new ones up to the store's level."""
        fleet, rng = self.fleet, self.rng
        soonest = np.minimum(fleet.next_maintenance, fleet.next_repair)
        vehicle = np.flatnonzero(soonest < end)
        day = self.clock.open_from(fleet.home[vehicle], np.maximum(soonest[vehicle], begin))
        gone = fleet.sold[vehicle] <= day
        fleet.next_maintenance[vehicle[gone]] = fleet.next_repair[vehicle[gone]] = NEVER
        keep = ~gone & (day < end)
        keep &= ~self._postponed(vehicle, keep, begin, end)
        vehicle, day = vehicle[keep], day[keep]
        service = fleet.next_maintenance[vehicle] <= fleet.next_repair[vehicle]
        body = rng.random(len(vehicle)) < BODY_SHARE
        kind = np.where(service, MAINTENANCE, np.where(body, BODY, REPAIR))
        new, new_day = self._arrivals(
            begin, end, np.bincount(fleet.home[vehicle], minlength=len(self.expected))
        )
        new_kind = rng.choice(3, len(new), p=[0.68, 0.25, 0.07])
        return _blank(
            np.concatenate([vehicle, new]),
            np.concatenate([day, new_day]),
            np.concatenate([kind, new_kind]),
            self.fleet,
            joins=np.concatenate([np.zeros(len(vehicle), bool), np.ones(len(new), bool)]),
        )

    def _postponed(self, vehicle: Ints, keep: NDArray[np.bool_], begin: int, end: int) -> NDArray[np.bool_]:
        """Who has to come later because more are due than the store takes in; they come in the next weeks."""
        wanted = self.expected[:, begin - self.world.first : end - self.world.first].sum(1)
        home = self.fleet.home[vehicle]
        due = np.bincount(home[keep], minlength=len(wanted))
        surplus = np.clip(1 - 0.96 * wanted / np.maximum(due, 1), 0, 0.5)
        later = keep & (self.rng.random(len(vehicle)) < surplus[home])
        held = end + self.rng.integers(0, BLOCK, int(later.sum()))
        for clock in (self.fleet.next_maintenance, self.fleet.next_repair):
            clock[vehicle[later]] = np.maximum(clock[vehicle[later]], held)
        return later

    def _arrivals(self, begin: int, end: int, due: Ints) -> tuple[Ints, Ints]:
        """New vehicles and their first days: what is missing to the level after those that return."""
        expected = self.expected[:, begin - self.world.first : end - self.world.first]
        wanted = expected.sum(1)
        back = np.zeros(len(wanted))
        for part in self.pending:
            back += np.bincount(part.home[part.day < end], minlength=len(wanted))
        share = (
            self.failing[:, begin - self.world.first] if begin >= self.run.first else np.zeros(len(wanted))
        )
        back += wanted * share * 0.25 * 0.62
        count = self.rng.poisson(np.maximum(wanted - due - back, 0.012 * wanted))
        home = np.repeat(np.arange(len(count)), count)
        day = self._spread(home, expected) + begin
        offset = len(self.fleet)
        self.fleet.extend(new_vehicles(home, day, offset, self.rng))
        return offset + np.arange(len(home)), day

    def _spread(self, row: Ints, weight: Floats) -> Ints:
        """For every row number a column of `weight`, drawn by its share of the row."""
        total = np.cumsum(weight, axis=1)
        share = total / np.maximum(total[:, -1:], 1e-12) + np.arange(len(weight))[:, None]
        return (
            np.searchsorted(share.ravel(), self.rng.random(len(row)) + row, side="right")
            - row * weight.shape[1]
        )

    def _experience(self, part: Visits, begin: int) -> Visits:
        """Where and when the visit takes place, who works on it, and whether a repair will hold."""
        rng, count = self.rng, len(part)
        part.id = self.serial + np.arange(count)
        self.serial += count
        if begin < self.run.first:
            return part
        column = part.day - self.world.first
        phase = self.world.phase[part.home, column]
        self._refer(part, phase, column)
        mixed, u = np.cumsum(CLASS_SHARE, axis=1)[part.kind], rng.random(count)
        part.stay = (u > mixed[:, 0]).astype(np.int8) + (u > mixed[:, 1])
        self._arrive(part, phase)
        part.technician = self._dispatch(part)
        part.eligible = np.isin(part.kind, (REPAIR, COMEBACK)) & (rng.random(count) < ELIGIBLE_SHARE)
        staff = self.world.staff
        factor = np.where(part.technician >= 0, (staff.failing / self._usual(staff))[part.technician], 1.0)
        chance = np.minimum(self.failing[part.place, column] * factor, 0.7)
        part.fails = part.eligible & (rng.random(count) < chance)
        return part

    def _usual(self, staff: Staff) -> Floats:
        """Mean factor of a technician's store."""
        row = staff.store - self.world.stores[0]
        return (np.bincount(row, staff.failing) / np.maximum(np.bincount(row), 1))[row]

    def _refer(self, part: Visits, phase: Floats, column: Ints) -> None:
        """Some customers are sent to a neighbouring store of the platform that is open that day."""
        world = self.world
        share = blend(world.network.levels.referred[world.stores[part.home]], phase)
        others = world.network.neighbours[world.stores[part.home], self.rng.integers(0, 8, len(part))]
        row = others - world.stores[0]
        sent = (self.rng.random(len(part)) < share) & (others >= 0) & (part.parent < 0)
        sent[sent] = world.opening[row[sent], column[sent]] & (world.phase[row[sent], column[sent]] > 0.2)
        part.place = np.where(sent, row, part.place).astype(np.int32)

    def _arrive(self, part: Visits, phase: Floats) -> None:
        """Booked or not, slot, minute of arrival. Long work comes in the morning."""
        network, rng, count = self.world.network, self.rng, len(part)
        store = self.world.stores[part.place]
        opens, closes = network.opens[store] * 60, network.closes[store] * 60
        last = np.where(part.stay == WAITS, closes - opens - 80, (closes - opens) * 0.55)
        minute = opens + hour_profile(rng.random(count)) * last
        booked = rng.random(count) < blend(network.levels.booked[store], phase)
        slot = np.round(minute / 30) * 30
        early = np.maximum(slot + rng.normal(-3, 8, count), opens)
        part.slot = np.where(booked, slot, -1).astype(np.int16)
        part.minute = np.where(booked, early, minute).astype(np.float32)

    def _dispatch(self, part: Visits) -> NDArray[np.int32]:
        """Main technicians: those present take turns."""
        presence = self.world.presence
        day = part.day - presence.first
        key = part.place.astype(np.int64) * 100_000 + day
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        turn = np.empty(len(part), np.int64)
        turn[order] = np.arange(len(part)) - np.searchsorted(ranked, ranked)
        present = presence.present[part.place, day]
        seat = (turn + key * 7919) % np.maximum(present, 1)
        return np.where(present > 0, presence.roster[part.place, day, seat], -1).astype(np.int32)

    def _returns(self, part: Visits) -> Visits:
        """The comebacks of failed repairs: a quarter within two days, the rest within four weeks."""
        rng = self.rng
        failed = part.take(part.fails)
        count = len(failed)
        soon = rng.random(count) < 0.25
        later = 3 + np.minimum(rng.exponential(8, count), 22).astype(int)
        delay = np.where(soon, 1, later) + np.array([0, 1, 4])[failed.stay]
        day = self.clock.open_from(failed.place, failed.day + delay)
        back = _blank(failed.vehicle, day, np.full(count, COMEBACK), self.fleet, parent=failed.id)
        neighbour = self.world.network.neighbours[self.world.stores[failed.place], rng.integers(0, 8, count)]
        elsewhere = (rng.random(count) < RETURN_ELSEWHERE) & (neighbour >= 0)
        back.place = np.where(elsewhere, neighbour - self.world.stores[0], failed.place).astype(np.int32)
        return back.take((day < self.run.horizon) & (day < self.fleet.sold[failed.vehicle]))

    def _one_a_day(self, visits: Visits) -> Visits:
        key = visits.vehicle.astype(np.int64) * 100_000 + (visits.day - self.world.first)
        return visits.take(np.sort(np.unique(key, return_index=True)[1]))

    def _wait(self, visits: Visits, begin: int, end: int) -> None:
        """Minutes at reception: by the store's habits and by how many came in the same hour."""
        network, count = self.world.network, len(visits)
        if begin < self.run.first:
            usual = (network.levels.friction[:, 0] * RECEPTION_MINUTES[0])[self.world.stores[visits.place]]
            visits.reception = (usual * self.rng.lognormal(-0.05, 0.55, count)).astype(np.float32)
            return
        store, column = self.world.stores[visits.place], visits.day - self.world.first
        hours = network.closes[store] - network.opens[store]
        key = (visits.place * (end - begin) + visits.day - begin) * 24 + (visits.minute // 60).astype(int)
        company = np.bincount(key)[key]
        busy = 0.5 + 0.5 * company / (self.expected[visits.place, column] / hours + 0.6)
        usual = blend(
            network.levels.friction[store] * RECEPTION_MINUTES, self.world.phase[visits.place, column]
        )
        usual = usual * np.where(visits.slot >= 0, 0.8, 1.15)
        rushed = (store == network.faults.long_wait_today) & (visits.day == self.run.today)
        usual = np.where(rushed, 75.0, usual)
        visits.reception = (usual * busy * np.exp(self.rng.normal(-0.12, 0.5, count))).astype(np.float32)

    def _react(self, visits: Visits, end: int) -> None:
        """Mood, complaint, the decision to stay or leave, and the next appointment with the workshop."""
        world, fleet, rng, count = self.world, self.fleet, self.rng, len(visits)
        vehicle, column = visits.vehicle, visits.day - world.first
        phase, store = world.phase[visits.place, column], world.stores[visits.place]
        comes_back = visits.kind == COMEBACK
        slow = np.log(np.maximum(visits.reception, 3) / 15)
        mood = blend(world.network.levels.liking[store], phase) - 0.28 * slow - 0.7 * comes_back
        mood += np.where(visits.technician >= 0, world.staff.liking[visits.technician], 0)
        visits.mood = (mood + rng.normal(0, 0.95, count)).astype(np.float32)
        odds = 1 / (1 + np.exp(3.61 + 1.1 * visits.mood))
        visits.complains = rng.random(count) < odds * (1 - 0.30 * phase)
        leaving = self._leaving(visits, slow, blend(world.network.levels.leaving[store], phase))
        fleet.leave_probability[vehicle] = leaving
        leaves = (rng.random(count) < leaving) & ~visits.fails
        self._plan_next(visits, leaves, end)
        fleet.visits[vehicle] += 1
        fleet.last[vehicle] = np.maximum(fleet.last[vehicle], visits.day)

    def _leaving(self, visits: Visits, slow: Floats, intercept: Floats) -> Floats:
        """Chance to leave after the visit: logistic in what the warehouse shows of the owner's experience."""
        fleet, vehicle, day = self.fleet, visits.vehicle, visits.day
        over = np.clip((day - fleet.last[vehicle]) / fleet.due_days[vehicle] - 1, 0, 1.5)
        over = np.where((visits.kind == MAINTENANCE) & (fleet.last[vehicle] >= 0), over, 0)
        ended = day - fleet.purchased[vehicle] - WARRANTY_DAYS
        score = (
            intercept
            + 0.45 * np.clip(slow, -1, 1.5)
            + 0.9 * (visits.mood < -1.2)
            + 1.2 * visits.complains
            + 0.9 * (visits.kind == COMEBACK)
            + 0.9 * ((ended > -30) & (ended < 150))
            + 0.4 * (fleet.age_years(vehicle, day) > 7)
            + 0.30 * fleet.far[vehicle]
            + 0.9 * over
            + 0.5 * (fleet.visits[vehicle] <= 1)
        )
        return 1 / (1 + np.exp(-score))

    def _plan_next(self, visits: Visits, leaves: NDArray[np.bool_], end: int) -> None:
        fleet, rng, count = self.fleet, self.rng, len(visits)
        vehicle, home, day = visits.vehicle, visits.home, visits.day
        habit = fleet.habit[vehicle] * rng.gamma(26, 1 / 25, count)
        service = self.clock.after(home, day, habit)
        age = np.clip(fleet.age_years(vehicle, day), 0, 12)
        repair = self.clock.after(home, day, rng.exponential(REPAIR_EVERY_DAYS / (0.7 + 0.09 * age), count))
        held = np.minimum(end + rng.integers(0, BLOCK, count), NEVER)
        first = visits.joins | (fleet.left[vehicle] >= 0)
        served, mended = visits.kind == MAINTENANCE, np.isin(visits.kind, (REPAIR, BODY))
        known = np.where(first | served, service, fleet.next_maintenance[vehicle])
        fleet.next_maintenance[vehicle] = np.where(
            first & ~served, np.minimum(service, NEVER), np.maximum(known, 0)
        )
        fleet.next_repair[vehicle] = np.where(first | mended, repair, fleet.next_repair[vehicle])
        for clock in (fleet.next_maintenance, fleet.next_repair):
            clock[vehicle] = np.where(clock[vehicle] < end, held, clock[vehicle])
        fleet.left[vehicle] = np.where(leaves, day, -1)
        gone = vehicle[leaves]
        fleet.next_repair[gone] = NEVER
        fleet.next_maintenance[gone] = self._won_back(home[leaves], day[leaves])

    def _won_back(self, home: Ints, day: Ints) -> NDArray[np.int32]:
        """Once its store is on the platform, some of those who left are won back; the rest never come again."""
        wave = self.world.network.wave[self.world.stores[home]]
        start = np.array([self.run.wave_start(w) for w in range(3)])[np.maximum(wave, 0)]
        begin = np.maximum(day + QUIET_DAYS, start)
        back = begin + self.rng.exponential(WIN_BACK_DAYS, len(home)).astype(int)
        won = self.rng.random(len(home)) < WIN_BACK_SHARE
        return np.where(won & (back < self.run.horizon), self.clock.open_from(home, back), NEVER).astype(
            np.int32
        )


def _stacked(parts: list[Visits]) -> Visits:
    return Visits(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Visits)
        }
    )


def _blank(
    vehicle: Ints, day: Ints, kind: Ints, fleet: Fleet, parent: Ints | None = None, joins: Ints | None = None
) -> Visits:
    """Visits of which only who, when and why is known."""
    count = len(vehicle)
    home = fleet.home[vehicle]
    return Visits(
        id=np.zeros(count, np.int64),
        vehicle=vehicle.astype(np.int32),
        day=day.astype(np.int32),
        kind=kind.astype(np.int8),
        parent=np.full(count, -1, np.int64) if parent is None else parent,
        home=home,
        place=home.copy(),
        stay=np.zeros(count, np.int8),
        minute=np.zeros(count, np.float32),
        slot=np.full(count, -1, np.int16),
        technician=np.full(count, -1, np.int32),
        eligible=np.zeros(count, bool),
        fails=np.zeros(count, bool),
        reception=np.zeros(count, np.float32),
        mood=np.zeros(count, np.float32),
        complains=np.zeros(count, bool),
        joins=np.zeros(count, bool) if joins is None else joins,
    )
