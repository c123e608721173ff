"""Forecasts of stores, regions and network made to agree, to the cent.

The higher the level, the less chance there is in it: so the network's forecast scales those of the regions, and each
region's scales those of its stores. Sums are then made exact in hundredths by the largest remainders.
"""

from __future__ import annotations

import numpy as np

from prediction.history import Floats, Whole

HUNDREDTHS = 100


def agreed(store: Floats, region: Floats, network: Floats, of: Whole) -> tuple[Floats, Floats, Floats]:
    """(ahead, stores), (ahead, regions), (ahead, 1): scaled from the top down. `of` numbers the region of each store."""
    regions = region * _share(network, region.sum(axis=1, keepdims=True))
    sums = _summed(store, of, region.shape[1])
    # A region whose stores expect nothing has nothing to hand on.
    regions = np.where(sums > 0, regions, 0.0)
    regions = regions * _share(network, regions.sum(axis=1, keepdims=True))
    return store * _share(regions, sums)[:, of], regions, regions.sum(axis=1, keepdims=True)


def to_the_cent(store: Floats, of: Whole, regions: int) -> tuple[Floats, Floats, Floats]:
    """Stores, regions and network in whole hundredths that add up exactly, each as near as can be to what it was."""
    network = np.round(store.sum(axis=1) * HUNDREDTHS)
    region = _apportioned(_summed(store, of, regions) * HUNDREDTHS, network)
    cents = np.zeros_like(store)
    for place in range(regions):
        mine = of == place
        if mine.any():
            cents[:, mine] = _apportioned(store[:, mine] * HUNDREDTHS, region[:, place])
    return cents / HUNDREDTHS, region / HUNDREDTHS, network[:, None] / HUNDREDTHS


def _summed(store: Floats, of: Whole, regions: int) -> Floats:
    return np.stack([store[:, of == place].sum(axis=1) for place in range(regions)], axis=1)


def _share(above: Floats, below: Floats) -> Floats:
    return np.divide(
        above, below, out=np.ones(np.broadcast_shapes(above.shape, below.shape)), where=below > 0
    )


def _apportioned(amounts: Floats, totals: Floats) -> Floats:
    """Whole numbers close to `amounts` (days, members) whose rows sum to `totals`, which are close to their sums."""
    whole = np.floor(amounts)
    missing = np.round(totals - whole.sum(axis=1)).astype(np.int64)
    order = np.argsort(-(amounts - whole), axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(amounts.shape[1]), order.shape), axis=1)
    each, rest = np.divmod(missing, max(amounts.shape[1], 1))
    found: Floats = whole + each[:, None] + (place < rest[:, None])
    return found
