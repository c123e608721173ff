"""The parts of a gap add up to it, whatever the numbers; and they blame whom a careful reader would blame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.answer import Measured
from kpi.catalog import metric
from kpi.decompose import against_target, factors, since, splits

AMOUNT = st.floats(0, 1e6, allow_nan=False)
PAIRS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(AMOUNT, st.floats(0.1, 1e5)), min_size=1)


def of(key, pairs):
    return {
        m: Measured(metric(key), {"numerator": n, "denominator": d, "n": d}) for m, (n, d) in pairs.items()
    }


def ratio(pairs):
    return sum(n for n, _ in pairs.values()) / sum(d for _, d in pairs.values())


@given(PAIRS, PAIRS)
def test_members_parts_add_up_to_the_change_of_a_ratio(now, then):
    shares = since(of("bay_util", now), of("bay_util", then))
    gap = ratio(now) - ratio(then)
    assert sum(share.whole for share in shares) == pytest.approx(
        gap, rel=1e-6, abs=1e-6 * (1 + ratio(now) + ratio(then))
    )


@given(PAIRS, st.floats(0, 1))
def test_members_parts_add_up_to_the_gap_to_a_target(now, target):
    shares = against_target(of("bay_util", now), target)
    assert sum(share.whole for share in shares) == pytest.approx(ratio(now) - target, rel=1e-6, abs=1e-6)


def test_a_worse_rate_and_a_worse_mix_are_told_apart():
    then = {"good": (90, 100), "poor": (50, 100)}
    mixed = since(of("bay_util", {"good": (45, 50), "poor": (75, 150)}), of("bay_util", then))
    assert [round(share.rate, 9) for share in mixed] == [0, 0]
    assert sum(share.mix for share in mixed) == pytest.approx(-0.10)
    worse = {
        share.member: share
        for share in since(of("bay_util", {"good": (90, 100), "poor": (30, 100)}), of("bay_util", then))
    }
    assert worse["poor"].rate == pytest.approx(-0.10)
    assert worse["poor"].mix == 0
    assert worse["good"].whole == 0


def test_a_sum_splits_into_its_members():
    shares = since(of("revenue", {"a": (10, 1), "b": (5, 1)}), of("revenue", {"a": (7, 1), "c": (4, 1)}))
    assert {share.member: share.whole for share in shares} == {"a": 3, "b": 5, "c": -4}


def test_a_plan_splits_into_its_members():
    now = {
        "a": Measured(metric("revenue"), {"numerator": 90, "denominator": 1, "plan": 100}),
        "b": Measured(metric("revenue"), {"numerator": 55, "denominator": 1, "plan": 50}),
    }
    assert {share.member: share.whole for share in against_target(now, 1.0)} == {"a": -10, "b": 5}


@given(st.lists(st.tuples(st.floats(0.01, 1e4), st.floats(0.01, 1e4)), min_size=1, max_size=5))
def test_factors_parts_add_up_to_the_change_of_the_product(pairs):
    then, now = zip(*pairs, strict=True)
    product = [1.0, 1.0]
    for a, b in pairs:
        product = [product[0] * a, product[1] * b]
    assert sum(factors(now, then)) == pytest.approx(
        product[1] - product[0], rel=1e-6, abs=1e-6 * max(product)
    )


def test_a_doubled_factor_takes_the_whole_change():
    assert factors([2, 3], [1, 3]) == [pytest.approx(3), 0]
    with pytest.raises(ValueError, match="positive"):
        factors([0, 1], [1, 1])


def test_medians_do_not_split():
    assert splits(metric("revenue"))
