"""A group against its control: the published examples of Newcombe 1998, method 10."""

from __future__ import annotations

import pytest

from kpi.experiment import effect


@pytest.mark.parametrize(
    ("hits", "n", "control_hits", "control_n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombes_table(hits, n, control_hits, control_n, low, high):
    found = effect(hits, n, control_hits, control_n, confidence=0.95)
    assert found.difference == pytest.approx(hits / n - control_hits / control_n)
    assert found.interval == pytest.approx((low, high), abs=5e-5)


def test_a_difference_that_chance_explains_is_not_real():
    assert not effect(200, 1000, 19, 100).real
    assert effect(300, 1000, 190, 1000).real
    assert effect(100, 1000, 190, 1000).real  # calls that drive customers away are an effect, too


def test_without_a_group_there_is_nothing_to_compare():
    assert effect(0, 0, 5, 10) is None
    assert effect(5, 10, 0, 0) is None
