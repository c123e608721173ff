"""Where every store stands before and after the roll-out: the calibration anchors of domain.md 1.8.

Arrays have the shape (stores, 2): column 0 before, column 1 after. Two of seven regions stay behind on purpose, so that
a reader of the boards has something to find: north in bay utilisation, south in waiting and cycle time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BAY_HOURS_PER_VEHICLE = np.array([2.157, 2.0])
"""(before, after), of a planned visit: the returns of repairs that did not hold come on top, fewer of them afterwards."""

#                 utilisation   friction     bays  revenue  technician  hired
#                 before after  before after       level    days per V  on the way
REGION_LEVELS = {
    "north": (0.37, 0.465, 1.00, 0.85, 8.9, 0.99, 0.222, 1.05),
    "northeast": (0.60, 0.74, 0.95, 0.77, 7.6, 1.08, 0.225, 1.00),
    "east": (0.795, 0.835, 1.05, 0.81, 6.6, 0.89, 0.222, 1.00),
    "central": (0.42, 0.71, 1.05, 0.81, 7.9, 1.00, 0.222, 1.12),
    "south": (0.42, 0.70, 2.20, 3.35, 7.9, 1.02, 0.222, 1.12),
    "southwest": (0.41, 0.70, 1.05, 0.81, 7.9, 1.01, 0.245, 1.00),
    "northwest": (0.40, 0.69, 0.25, 0.57, 7.9, 1.00, 0.222, 1.12),
}
TIER_BAYS = {"large": 1.45, "medium": 1.0, "small": 0.62}


@dataclass(frozen=True)
class Levels:
    """Levels of every store. Shapes: (stores, 2) unless said otherwise."""

    utilisation: Floats
    vehicles: Floats
    """customer visits an open day"""
    friction: Floats
    """multiplies waiting, blocked and handover time"""
    failing: Floats
    """share of eligible repairs that come back within 30 days"""
    liking: Floats
    """shift of the satisfaction latent, standard deviations"""
    csi: Floats
    gaps: Floats
    """share of orders with a required field missing"""
    booked: Floats
    show: Floats
    referred: Floats
    shortage: Floats
    """share of part requests not filled from the shelf"""
    stock_days: Floats
    leaving: Floats
    """intercept of the logit of leaving after a visit"""
    revenue: Floats
    """(stores,) price level"""
    technician_days: Floats
    """attended days of 8 hours an open day"""


def _both(count: int, before: float, after: float) -> Floats:
    return np.tile(np.array([before, after]), (count, 1))


def _utilisation(regions: list[str], rng: np.random.Generator) -> Floats:
    base = np.array([REGION_LEVELS[region][:2] for region in regions])
    shared = rng.normal(0, 0.055, (len(regions), 1))
    own = rng.normal(0, 0.03, (len(regions), 2))
    return np.clip(base + shared + own, 0.24, 0.875)


def store_levels(
    regions: list[str], bays: NDArray[np.int64], hours: Floats, rng: np.random.Generator
) -> Levels:
    """Levels of stores in `regions` with `bays` active bays open `hours` a day."""
    count = len(regions)
    used = _utilisation(regions, rng)
    vehicles = used * bays[:, None] * hours[:, None] / BAY_HOURS_PER_VEHICLE
    rows = np.array([REGION_LEVELS[region] for region in regions])
    friction = rows[:, 2:4] * np.exp(rng.normal(0, 0.16, (count, 1)))
    failing = _both(count, 0.216, 0.070) * np.exp(rng.normal(0, 0.22, (count, 1)))
    liking = _both(count, 0.21, 0.18) + rng.normal(0, 0.10, (count, 1))
    hired = rows[:, 7:8]
    days = vehicles[:, 1:] * rows[:, 6:7] * np.concatenate([1 / hired, np.ones((count, 1))], axis=1)
    return Levels(
        utilisation=used,
        vehicles=vehicles,
        friction=friction,
        failing=failing,
        liking=liking,
        csi=_both(count, 82.0, 90.0) + rng.normal(0, 1.0, (count, 1)),
        gaps=np.clip(_both(count, 0.33, 0.05) * np.exp(rng.normal(0, 0.2, (count, 1))), 0, 0.6),
        booked=_both(count, 0.38, 0.58),
        show=np.clip(_both(count, 0.70, 0.82) + rng.normal(0, 0.02, (count, 1)), 0.5, 0.95),
        referred=_both(count, 0.0, 0.083),
        shortage=_both(count, 0.12, 0.05) * np.exp(rng.normal(0, 0.2, (count, 1))),
        stock_days=_both(count, 45.0, 30.0) * np.exp(rng.normal(0, 0.12, (count, 1))),
        leaving=_both(count, -3.02, -4.0),
        revenue=rows[:, 5] * np.exp(rng.normal(0, 0.10, count)),
        technician_days=days,
    )


def blend(levels: Floats, phase: Floats) -> Floats:
    """Level at a phase of the roll-out, 0 before … 1 after; `levels` (n, 2), `phase` (n,) or (n, days)."""
    before, after = (levels[:, 0], levels[:, 1]) if phase.ndim == 1 else (levels[:, :1], levels[:, 1:])
    return before + (after - before) * phase
