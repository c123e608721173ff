"""What to move, what to buy, and what will run out: the advice for every part at every store of a network.

Tables are (stores, parts). A part is brought from a store in reach before it is bought, where the move is worth a trip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from prediction.demand import Forecast
from prediction.history import Flags, Floats, Whole
from prediction.stock import order_up_to, spare, stops_a_car, to_order, transfers

REVIEW = 1.0
"""Weeks between two looks at the shelf."""
LIKELY = 0.2
"""Chance to run out from which a part is worth a word (domain.md 5, P2)."""
WORTH_A_TRIP = 200.0
"""CNY at cost that a move has to save, unless the part is likely to run out."""
EARTH_KM = 6371.0
REACH_KM = 100.0
MOST_NEIGHBOURS = 20


@dataclass(frozen=True)
class Shelves:
    """What is there and how it is replenished; all (stores, parts) but `lead`, `pack` and `cost` (parts,)."""

    on_hand: Floats
    """NaN where a part is not stocked; a store without any number has not told its stock"""
    on_order: Floats
    target: Floats
    """chance to have enough until the next delivery but one: the newsvendor's ratio"""
    keep: Flags
    """what belongs on the shelf"""
    lead: Floats
    """weeks"""
    pack: Floats
    cost: Floats

    def counted(self) -> Shelves:
        """Without NaN. What a store has on its shelves is not known to be nothing: it keeps nothing then."""
        told = ~np.isnan(self.on_hand).all(axis=1, keepdims=True)
        return replace(self, on_hand=np.nan_to_num(self.on_hand), keep=self.keep & told)


@dataclass(frozen=True)
class Advice:
    """(stores, parts) each. `giver` is the place of the store that sends, -1 for none."""

    level: Floats
    chance: Floats
    """to run out before an order of today arrives"""
    moved: Floats
    giver: Whole
    bought: Floats

    @property
    def worth_acting_on(self) -> Flags:
        acting: Flags = (self.moved > 0) | (self.bought > 0) | (np.nan_to_num(self.chance) >= LIKELY)
        return acting


def advise(forecast: Forecast, shelves: Shelves, near: Sequence[Whole]) -> Advice:
    """`near` lists for each store those within reach, nearest first. What has too little history is left alone."""
    shelves = shelves.counted()
    level = order_up_to(forecast, shelves.lead, REVIEW, shelves.target, keep=shelves.keep)
    available = shelves.on_hand + shelves.on_order
    chance = np.where(shelves.keep, stops_a_car(forecast, shelves.lead, available), np.nan)
    none = np.zeros(level.shape)
    lacking = to_order(level, shelves.on_hand, shelves.on_order, none)
    moved, giver = _moves(forecast, shelves, near, level, lacking, chance)
    bought = to_order(level, shelves.on_hand + moved, shelves.on_order, none, shelves.pack)
    return Advice(level, chance, moved, giver, bought)


def _moves(
    forecast: Forecast,
    shelves: Shelves,
    near: Sequence[Whole],
    level: Floats,
    lacking: Floats,
    chance: Floats,
) -> tuple[Floats, Whole]:
    """Pieces brought to each place, from one store: that which can send most, the nearest of equals."""
    known = forecast.enough | (np.nan_to_num(level) == 0)
    beyond = np.minimum(
        spare(shelves.on_hand, forecast.rate), np.maximum(shelves.on_hand - np.nan_to_num(level), 0.0)
    )
    worth = (lacking * shelves.cost >= WORTH_A_TRIP) | (np.nan_to_num(chance) >= LIKELY)
    moves = transfers(np.where(worth, lacking, 0.0), np.where(known, beyond, 0.0), near)
    moved, giver = np.zeros(level.shape), np.full(level.shape, -1, np.int64)
    for to, source, part, pieces in zip(*moves, strict=True):
        if pieces > moved[to, part]:
            moved[to, part], giver[to, part] = pieces, source
    return moved, giver


def distances(latitude: Floats, longitude: Floats) -> Floats:
    """Great-circle kilometres between all places (haversine); NaN where a position is not known."""
    north, east = np.radians(latitude), np.radians(longitude)
    up = np.sin((north[:, None] - north) / 2) ** 2
    along = np.cos(north)[:, None] * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    kilometres: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(up + along, 0.0, 1.0)))
    return kilometres


def in_reach(kilometres: Floats, city: Whole) -> list[Whole]:
    """For each store the others from which a part comes the next day, nearest first; the same city always is near."""
    same = city[:, None] == city
    away = np.where(same, np.nan_to_num(kilometres), np.nan_to_num(kilometres, nan=np.inf))
    reached = (same | (away <= REACH_KM)) & ~np.eye(len(city), dtype=bool)
    found = []
    for store, others in enumerate(reached):
        places = np.flatnonzero(others)
        found.append(places[np.argsort(away[store, places], kind="stable")][:MOST_NEIGHBOURS])
    return found
