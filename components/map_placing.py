"""Where dots and names stand on the map, so that none hides another. Pure arithmetic on places in the drawing."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from components.map_outline import Box, Floats

Places = tuple[tuple[float, float], ...]
_COLUMNS = 1 << 20
_RINGS = (4, 10, 24, 60)
"""How far from home a dot may look for a free cell; the next is tried when a crowd fills one."""


@lru_cache(maxsize=64)
def spread(homes: Places, gap: float) -> Places:
    """The homes, moved as little as needed so that no two are closer than `gap`. The order of stores decides ties.

    A dot with room around it stays. The others take the nearest free cell of one honeycomb, closest pairs first, so
    that crowded cities become tidy clusters which fit each other.
    """
    home = np.array(homes, dtype=float).reshape(-1, 2)
    squares = (home**2).sum(1)
    apart = squares[:, None] + squares[None, :] - 2 * home @ home.T
    np.fill_diagonal(apart, np.inf)
    crowded = np.flatnonzero(apart.min(1, initial=np.inf) < gap * gap)
    alone = np.setdiff1d(np.arange(len(home)), crowded)
    cells, distances = _cells_around(home[alone], gap, 2)
    taken = frozenset(cells[distances < gap].tolist())
    placed = home.copy()
    for rings in _RINGS:
        chosen = _nearest_free(*_cells_around(home[crowded], gap, rings), taken)
        if chosen is not None:
            placed[crowded] = _centres(chosen, gap)
            break
    return tuple(map(tuple, placed.tolist()))


def _cells_around(home: Floats, gap: float, rings: int) -> tuple[NDArray[np.int64], Floats]:
    """(homes, cells) the honeycomb's cells around each home, as one number each, and how far away they are."""
    steps = range(-rings, rings + 1)
    offsets = np.array([(q, r) for q in steps for r in steps if abs(q + r) <= rings])
    r0 = np.rint(home[:, 1] / (gap * sqrt(3) / 2))
    q0 = np.rint(home[:, 0] / gap - r0 / 2)
    cells = ((q0[:, None] + offsets[:, 0]) * _COLUMNS + r0[:, None] + offsets[:, 1]).astype(np.int64)
    away = _centres(cells, gap) - home[:, None, :]
    return cells, np.hypot(away[..., 0], away[..., 1])


def _centres(cells: NDArray[np.int64], gap: float) -> Floats:
    q = np.floor_divide(cells + _COLUMNS // 2, _COLUMNS)
    r = cells - q * _COLUMNS
    return np.stack([(q + r / 2) * gap, r * (gap * sqrt(3) / 2)], axis=-1)


def _nearest_free(
    cells: NDArray[np.int64], distances: Floats, taken: Iterable[int]
) -> NDArray[np.int64] | None:
    """One cell a home, no cell twice; None when a home finds none among its own."""
    order = np.argsort(distances, axis=1, kind="stable")
    wanted = np.take_along_axis(cells, order, 1).tolist()
    away = np.take_along_axis(distances, order, 1).tolist()
    used, chosen = set(taken), [0] * len(wanted)
    waiting = [(row[0], dot, 0) for dot, row in enumerate(away)]
    heapq.heapify(waiting)
    while waiting:
        _, dot, choice = waiting[0]
        cell = wanted[dot][choice]
        if cell not in used:
            used.add(cell)
            chosen[dot] = cell
            heapq.heappop(waiting)
        elif choice + 1 == len(wanted[dot]):
            return None
        else:
            heapq.heapreplace(waiting, (away[dot][choice + 1], dot, choice + 1))
    return np.array(chosen, dtype=np.int64)


def free_place(
    choices: Floats,
    size: tuple[float, float],
    dots: Floats,
    weights: Floats,
    names: Sequence[Box],
    most: float,
    frame: Box,
) -> Box | None:
    """Where a name of `size` costs least; None if every one of the `choices` costs more than `most`.

    `choices` are (n, 3): x, y and the reach to either side before a border is met; beyond it, a third of the name
    costs 1. `dots` are (n, 2) places, and `weights` what covering each of them costs. Other `names` are kept clear, and
    no name leaves the `frame`, which would cut it.
    """
    half = np.array(size) / 2
    centres = choices[:, :2]
    # Of the hundreds of dots a few dozen lie near enough to be covered from any of the choices.
    near = np.all((dots > centres.min(0) - half) & (dots < centres.max(0) + half), axis=1)
    across, down = (np.abs(centres[:, None, axis] - dots[None, near, axis]) < half[axis] for axis in (0, 1))
    cost = (across & down) @ weights[near]
    cost = cost + np.clip(1 - choices[:, 2] / half[0], 0, 1) * 1.5
    for name in names:
        centre = np.array([name.left + name.width / 2, name.top + name.height / 2])
        room = half + np.array([name.width, name.height]) / 2
        cost[np.all(np.abs(centres - centre) < room, axis=1)] = np.inf
    least = np.array([frame.left, frame.top]) + half
    largest = np.array([frame.left + frame.width, frame.top + frame.height]) - half
    cost[np.any((centres < least) | (centres > largest), axis=1)] = np.inf
    best = int(np.argmin(cost))
    if cost[best] > most:
        return None
    left, top = centres[best] - half
    return Box(float(left), float(top), *size)
