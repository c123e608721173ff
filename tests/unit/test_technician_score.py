"""Technicians side by side: planted re-workers and mentors are found, stores' faults and small samples are not held
against anybody."""

from __future__ import annotations

import numpy as np
import pytest

from kpi.ranking import Tier
from kpi.technician_score import WEIGHTS, Work, score

STORES, EACH = 60, 8


def work(rng, rate, repairs=80, **more):
    """`STORES` stores with `EACH` technicians of two skills; `rate` is each one's true share of rework."""
    count = STORES * EACH
    n = np.full(count, float(repairs))
    sums = {
        "skill": np.arange(count) % 2,
        "store": np.repeat(np.arange(STORES), EACH),
        "repairs": n,
        "returned": rng.binomial(repairs, rate, count).astype(float),
        "billed_hours": np.full(count, 110.0),
        "clock_hours": np.full(count, 100.0),
        "rating_sum": np.full(count, 94.0),
        "rating_answers": np.full(count, 20.0),
        "rating_squares": np.full(count, 20 * 4.7**2 + 6.0),
    }
    return Work(**{**sums, **more})


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_the_weights_are_the_published_ones():
    assert WEIGHTS == {"quality": 0.5, "efficiency": 0.3, "rating": 0.2}


def test_points_of_a_technician_who_is_as_expected():
    """All alike: index 1 is 50 quality points, efficiency 1.1 is 66.7, rating 4.7 is 85: 25 + 20 + 17 = 62."""
    count = STORES * EACH
    alike = work(np.random.default_rng(1), 0.1, returned=np.full(count, 8.0))
    found = score(alike)
    assert found.index == pytest.approx(np.ones(count), abs=1e-3)
    assert found.total == pytest.approx(np.full(count, 62.0), abs=0.1)
    assert not found.gated.any()
    assert not found.proven.any()


def test_those_who_rework_three_times_as_often_are_found_and_chance_is_not(rng):
    rate = np.full(STORES * EACH, 0.08)
    bad = np.arange(3, STORES * EACH, 40)
    rate[bad] = 0.24
    found = score(work(rng, rate, repairs=160))
    assert found.gated[bad].mean() >= 0.75
    assert np.delete(found.gated, bad).mean() <= 0.01
    assert (found.efficiency[found.gated] == 0).all()  # the gate: speed does not count
    assert found.standing.tier[found.gated].min() >= Tier.C


def test_a_stores_fault_is_not_its_technicians(rng):
    """In one store everybody's repairs come back three times as often: the store is at fault, nobody in it."""
    rate = np.full(STORES * EACH, 0.08)
    rate[:EACH] = 0.24
    assert score(work(rng, rate)).gated[:EACH].sum() <= 1


def test_an_apprentice_is_measured_against_apprentices(rng):
    rate = np.where(np.arange(STORES * EACH) % 2 == 0, 0.16, 0.06)
    found = score(work(rng, rate))
    assert found.gated.sum() <= 4
    assert found.standing.rank[::2].max() == found.peers[0] == STORES * EACH / 2


def test_few_repairs_are_not_judged(rng):
    small = work(rng, 0.1, repairs=29)
    found = score(small)
    assert np.isnan(found.total).all()
    assert (found.standing.tier == Tier.NONE).all()
    assert not found.gated.any()


def test_one_technician_alone_and_nobody_at_all():
    one = Work(
        *(np.zeros(1, np.int64) for _ in range(2)), *(np.array([each]) for each in (40.0, 4, 10, 9, 0, 0, 0))
    )
    found = score(one)
    assert found.index == pytest.approx([1.0], abs=1e-3)
    assert np.isnan(found.total).all()  # nobody rated anybody
    nobody = Work(*(np.zeros(0, np.int64) for _ in range(2)), *(np.zeros(0) for _ in range(7)))
    assert len(score(nobody).total) == 0
