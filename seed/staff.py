"""Technicians: who works where, who is present on which day, what an hour costs, who is good and who is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seed.levels import Floats, blend
from seed.names import NAMES
from seed.network import Ints, Network

SKILLS = ("apprentice", "junior", "senior", "master")
SKILL_FAILING = np.array([1.35, 1.12, 0.92, 0.70])
SKILL_RATE = np.array([56.0, 69.0, 83.0, 101.0])
WEEK_SHARE = 6 / 7
PRESENT_SHARE = 0.955
SHIFT_HOURS = 8.6
REWORKER_SHARE, MENTOR_SHARE = 0.03, 0.03
REWORKER_FACTOR, MENTOR_FACTOR = 3.0, 0.3
STILL_HERE = 10**7


@dataclass(frozen=True)
class Staff:
    """Technicians of some stores, one element each, sorted by store. Days count from 1970-01-01."""

    number: Ints
    """unique in the network"""
    store: Ints
    """index in the network"""
    skill: Ints
    hired: Ints
    left: Ints
    """first day away, STILL_HERE while employed"""
    kind: Ints
    """1 a true re-worker, 2 a true mentor, 0 ordinary"""
    failing: Floats
    """factor on the chance that an operation does not hold"""
    liking: Floats
    """shift of a rating, standard deviations of the satisfaction latent"""
    pace: Floats
    """billed over clocked hours, relative to the store"""
    name: list[str]


@dataclass(frozen=True)
class Presence:
    """Who is there: (technicians, days) from the first day of work orders to the horizon."""

    first: int
    scheduled: NDArray[np.bool_]
    absence: NDArray[np.int8]
    """0 present, 1 leave, 2 sick, 3 training"""
    starts: Ints
    """minute of the day at which the shift begins, per technician"""
    roster: NDArray[np.int32]
    """(stores, days, seats) technicians present, first seats filled; -1 empty"""
    present: NDArray[np.int32]
    """(stores, days) how many"""


def _headcounts(network: Network, store: int) -> tuple[int, int]:
    """Technicians before and after the roll-out."""
    per_head = WEEK_SHARE * PRESENT_SHARE * SHIFT_HOURS / 8
    before, after = network.levels.technician_days[store] / per_head
    return max(3, round(before)), max(3, round(after))


def hire(network: Network, stores: Ints) -> Staff:
    """The technicians of some stores. Depends on nothing but the network and the seed."""
    run = network.run
    columns: list[list[NDArray[np.generic]]] = []
    names: list[str] = []
    for store in stores:
        rng = np.random.default_rng([run.seed, 31, int(store)])
        before, after = _headcounts(network, int(store))
        leavers = int(rng.binomial(after, 0.10 * run.scale.days / 400))
        count = max(before, after) + leavers
        wave = network.wave[store]
        start = run.wave_start(int(wave)) if wave >= 0 else run.first
        hired = run.first - rng.integers(60, 3200, count)
        left = np.full(count, STILL_HERE)
        hired[before:after] = start + rng.integers(-5, 25, max(after - before, 0))
        for k in range(leavers):
            change = run.first + int(rng.integers(10, run.scale.days))
            left[k], hired[max(before, after) + k] = change, change
        skill = rng.choice(4, count, p=[0.15, 0.35, 0.35, 0.15])
        luck = rng.random(count)
        kind = np.where(luck < REWORKER_SHARE, 1, np.where(luck > 1 - MENTOR_SHARE, 2, 0))
        kind[left < STILL_HERE] = 0
        failing = SKILL_FAILING[skill] * np.exp(rng.normal(0, 0.15, count))
        failing *= np.array([1.0, REWORKER_FACTOR, MENTOR_FACTOR])[kind]
        liking = rng.normal(0, 0.12, count) + np.array([0.0, -0.25, 0.35])[kind]
        columns.append(
            [
                int(store) * 100 + np.arange(count), np.full(count, store), skill, hired, left, kind, failing, liking,
                np.exp(rng.normal(0, 0.06, count)),
            ]
        )  # fmt: skip
        names += [_name(rng) for _ in range(count)]
    stacked = [np.concatenate(parts) for parts in zip(*columns, strict=True)]
    return Staff(*stacked, name=names)  # type: ignore[arg-type]


def _name(rng: np.random.Generator) -> str:
    surname, given = NAMES["surnames"], NAMES["given"]
    return str(surname[min(int(rng.exponential(18)), len(surname) - 1)]) + str(
        given[rng.integers(len(given))]
    )


def presence(network: Network, staff: Staff, stores: Ints, opening: NDArray[np.bool_]) -> Presence:
    """Six days a week with a fixed day off, now and then leave, sick or training; at least one on an open day."""
    run = network.run
    first, days = run.first, run.horizon - run.first
    is_open = opening[:, network.day_index(first) :]
    rng = np.random.default_rng([run.seed, 32, int(stores[0])])
    count = len(staff.number)
    row = staff.store - stores[0]
    day = first + np.arange(days)
    day_off = rng.choice(7, count, p=[0.18, 0.2, 0.2, 0.2, 0.16, 0.02, 0.04])
    employed = (day[None, :] >= staff.hired[:, None]) & (day[None, :] < staff.left[:, None])
    scheduled = employed & is_open[row] & ((day[None, :] + 3) % 7 != day_off[:, None])
    absence = np.searchsorted(np.cumsum([PRESENT_SHARE, 0.02, 0.015]), rng.random((count, days))).astype(
        np.int8
    )
    absence[~scheduled] = 0
    seats = int(np.bincount(row).max())
    seat = np.arange(count) - np.searchsorted(row, row)
    grid = np.zeros((len(stores), seats, days), bool)
    grid[row, seat] = scheduled & (absence == 0)
    number = np.full((len(stores), seats), -1, np.int32)
    number[row, seat] = np.arange(count)
    _man_empty_days(grid, number, is_open, scheduled, absence, employed)
    order = np.argsort(~grid, axis=1, kind="stable")
    roster = np.where(
        np.take_along_axis(grid, order, 1), np.take_along_axis(number[:, :, None], order, 1), -1
    )
    starts = network.opens[staff.store] * 60 + rng.choice([0, 30, 60], count, p=[0.6, 0.25, 0.15])
    return Presence(
        first,
        scheduled,
        absence,
        starts,
        roster.transpose(0, 2, 1).astype(np.int32),
        grid.sum(1).astype(np.int32),
    )


def _man_empty_days(
    grid: NDArray[np.bool_],
    number: NDArray[np.int32],
    is_open: NDArray[np.bool_],
    scheduled: NDArray[np.bool_],
    absence: NDArray[np.int8],
    employed: NDArray[np.bool_],
) -> None:
    """Calls two employed technicians in on every open day on which too few would be there."""
    for store, day in zip(*np.nonzero(is_open & (grid.sum(1) < 2)), strict=True):
        able = [t for t in number[store] if t >= 0 and employed[t, day]][:2]
        for technician in able:
            grid[store, number[store] == technician, day] = True
            scheduled[technician, day], absence[technician, day] = True, 0


def proficiency(network: Network, stores: Ints, phase: Floats) -> Floats:
    """(stores, days) billed over clocked hours that lets technicians be busy in a believable share of their time."""
    vehicles = blend(network.levels.vehicles[stores], phase)
    days = blend(network.levels.technician_days[stores], phase)
    billed_share = vehicles * BILLED_HOURS_PER_VEHICLE / (days * 8)
    busy = np.clip(0.80 + 0.5 * (billed_share - 0.88), 0.66, 0.90)
    return np.clip(billed_share / busy, 0.88, 1.24)


BILLED_HOURS_PER_VEHICLE = 1.70


def rate_of_pay(network: Network, staff: Staff) -> Floats:
    """CNY per attended hour, loaded, per technician; follows the region's price level half-way."""
    level = 1 + 0.5 * (network.levels.revenue[staff.store] - 1)
    return np.round(SKILL_RATE[staff.skill] * level, 2)
