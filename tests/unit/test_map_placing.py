"""Dots are spread so that none hides another; names go where they cover least."""

from __future__ import annotations

from math import hypot

import numpy as np
import pytest

from components.map_outline import Box
from components.map_placing import free_place, spread

GAP = 46.0
SEEN = Box(-1000.0, -1000.0, 3000.0, 2000.0)


def _closest(places: tuple[tuple[float, float], ...]) -> float:
    at = np.array(places)
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    return float(apart[~np.eye(len(at), dtype=bool)].min())


def test_no_two_places_are_closer_than_the_gap() -> None:
    rng = np.random.default_rng(1)
    homes = tuple(map(tuple, rng.normal(2000, 150, (600, 2)).tolist()))
    assert _closest(spread(homes, GAP)) >= GAP - 1e-9


def test_a_crowd_in_one_spot_becomes_a_compact_cluster() -> None:
    places = spread(((1000.0, 1000.0),) * 600, GAP)
    assert _closest(places) == pytest.approx(GAP)
    # 600 cells of a honeycomb fill a disc of this radius; allow one ring more.
    assert max(hypot(x - 1000, y - 1000) for x, y in places) < GAP * (0.525 * 600**0.5 + 1.5)


def test_a_store_with_room_around_it_stays_in_its_place() -> None:
    homes = ((100.0, 100.0), (160.0, 100.0), (500.0, 500.0), (501.0, 500.0))
    places = spread(homes, GAP)
    assert places[:2] == homes[:2]
    assert places[2:] != homes[2:]


def test_placing_nothing_and_one() -> None:
    assert spread((), GAP) == ()
    assert spread(((1.0, 2.0),), GAP) == ((1.0, 2.0),)


def test_a_name_goes_where_it_covers_least_and_keeps_clear_of_other_names() -> None:
    choices = np.array([[0.0, 0.0, 400.0], [300.0, 0.0, 400.0], [600.0, 0.0, 400.0]])
    dots, weights = np.array([[0.0, 0.0]]), np.array([6.0])
    first = free_place(choices, (100.0, 40.0), dots, weights, [], most=2, frame=SEEN)
    assert first == Box(250.0, -20.0, 100.0, 40.0)
    second = free_place(choices, (100.0, 40.0), dots, weights, [first], most=2, frame=SEEN)
    assert second == Box(550.0, -20.0, 100.0, 40.0)
    assert free_place(choices, (100.0, 40.0), dots, weights, [first, second], most=2, frame=SEEN) is None


def test_a_name_stays_within_the_frame_even_where_it_covers_more() -> None:
    """40 high, it would reach 10 beyond the upper edge at y = 10; at y = 60 it covers a dot that costs 1."""
    choices = np.array([[0.0, 10.0, 400.0], [0.0, 60.0, 400.0]])
    dots, weights = np.array([[0.0, 60.0]]), np.array([1.0])
    frame = Box(-200.0, 0.0, 400.0, 400.0)
    assert free_place(choices, (100.0, 40.0), dots, weights, [], most=2, frame=frame) == Box(
        -50.0, 40.0, 100.0, 40.0
    )
    assert free_place(choices[:1], (100.0, 40.0), dots, weights, [], most=2, frame=frame) is None
