"""The parts catalogue: part numbers, costs, which are dying out, and what each store uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seed.names import NAMES
from seed.scale import Run

CATEGORIES = (
    "oil",
    "filter",
    "brake",
    "tyre",
    "battery",
    "electrical",
    "body",
    "engine",
    "chassis",
    "season",
)
SLOTS = 256
CRITICALITY = {"body": "cosmetic", "season": "comfort", "filter": "comfort"}
ASSORTMENT_SHARE = 0.50
DYING, DEAD = 12, 9


@dataclass(frozen=True)
class Parts:
    """One element a part number. `successor` is the index of the part that replaces it, or -1."""

    part_no: NDArray[np.str_]
    name_zh: list[str]
    name_en: list[str]
    category: NDArray[np.int64]
    family: NDArray[np.int64]
    cost: NDArray[np.float64]
    lead_days: NDArray[np.int64]
    seasonal: NDArray[np.bool_]
    pack: NDArray[np.int64]
    introduced: NDArray[np.int64]
    successor: NDArray[np.int64]
    dies_on: NDArray[np.int64]
    """day from which demand fades; far in the future for living parts"""

    def __len__(self) -> int:
        return len(self.part_no)


NEVER = 10**7


def _rows(rng: np.random.Generator) -> list[tuple[str, str, int, int, float]]:
    rows, family = [], 0
    for category, families in NAMES["parts"].items():
        for name_zh, name_en, low, high, variants in families:
            costs = np.sort(np.exp(rng.uniform(np.log(low), np.log(high), variants)))
            rows += [
                (
                    f"{name_zh} {chr(65 + v)}",
                    f"{name_en} {chr(65 + v)}",
                    CATEGORIES.index(category),
                    family,
                    cost,
                )
                for v, cost in enumerate(costs)
            ]
            family += 1
    return rows


def catalogue(run: Run) -> Parts:
    """All parts. A dozen fade during the work-order history, half of these with a successor; some died before it."""
    rng = np.random.default_rng([run.seed, 11])
    rows = _rows(rng)
    living = len(rows)
    category = np.array([row[2] for row in rows])
    popular = np.flatnonzero(np.isin(category, [1, 2, 5, 8]))
    chosen = rng.choice(popular, DYING + DEAD, replace=False)
    dying, dead = np.sort(chosen[:DYING]), np.sort(chosen[DYING:])
    replaced = dying[: DYING // 2]
    rows += [
        (f"{rows[i][0]}2", f"{rows[i][1]}2", rows[i][2], rows[i][3], rows[i][4] * 1.06) for i in replaced
    ]
    count = len(rows)
    successor, dies_on = np.full(count, -1), np.full(count, NEVER)
    successor[replaced] = living + np.arange(len(replaced))
    dies_on[dying] = run.first + (run.scale.days * rng.uniform(0.25, 0.6, DYING)).astype(int)
    dies_on[dead] = run.first - rng.integers(60, 500, DEAD)
    introduced = run.first - rng.integers(900, 2500, count)
    introduced[living:] = dies_on[replaced] - 10
    category = np.array([row[2] for row in rows])
    cheap = np.isin(category, [0, 1, 9])
    return Parts(
        part_no=np.array([f"P{10 + row[2]}{i:04d}" for i, row in enumerate(rows)]),
        name_zh=[row[0] for row in rows],
        name_en=[row[1] for row in rows],
        category=category,
        family=np.array([row[3] for row in rows]),
        cost=np.round([row[4] for row in rows], 2),
        lead_days=np.where(cheap, rng.integers(2, 6, count), rng.integers(3, 22, count)),
        seasonal=category == CATEGORIES.index("season"),
        pack=np.where(cheap, 6, 1),
        introduced=introduced,
        successor=successor,
        dies_on=dies_on,
    )


def store_shelves(parts: Parts, run: Run, store: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """What a store works with: (parts,) whether it uses the part; (families, SLOTS) part by popularity slot.

    Looking a uniform number 0 … 255 up in a family's row gives a part as often as the store needs it.
    """
    rng = np.random.default_rng([run.seed, 12, store])
    families = int(parts.family.max()) + 1
    old = np.flatnonzero(parts.introduced < run.first)
    used = np.zeros(len(parts), bool)
    slots = np.zeros((families, SLOTS), np.int64)
    for family in range(families):
        members = old[parts.family[old] == family]
        keep = rng.permutation(members)[: max(2, round(len(members) * ASSORTMENT_SHARE))]
        weight = 1 / np.arange(1, len(keep) + 1) ** 1.1
        slots[family] = keep[
            np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(SLOTS) + 0.5) / SLOTS)
        ]
        used[keep] = True
    heirs = parts.successor[used & (parts.successor >= 0)]
    used[heirs] = True
    return used, slots
