"""The parts of a gap add up to it, whatever the numbers; and they blame whom a careful reader would blame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.answer import Measured
from kpi.catalog import metric
from kpi.decompose import against_target, by_input, by_volume, factors, since, splits, together

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


def test_budgets_that_flex_with_volume_leave_a_part_to_where_the_volume_went():
    # a planned 100 for 100 of revenue and had 200: it may spend 200, and spent 210. b planned 50 for 100, had 100: 50, spent 50.
    # Together 150 for 200 and had 300: 225, spent 260. 260 - 225 = 10 + 0 + 25.
    def cost(value, plan, planned, actual):
        sums = {
            "numerator": value,
            "denominator": 1,
            "plan": plan,
            "plan_volume": planned,
            "plan_actual": actual,
        }
        return Measured(metric("cost"), sums)

    shares = against_target({"a": cost(210, 100, 100, 200), "b": cost(50, 50, 100, 100)}, 1.0)
    assert {share.member: share.whole for share in shares} == {"a": 10, "b": 0, "": 25}


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


def test_money_splits_into_volume_mix_and_price_of_each_member():
    # A sells 2 of 100 more, B cheapens 200 to 180: 3,000 of 20 becomes 3,000 of 22, from 150 to 136.36 each.
    shares = {
        share.member: share
        for share in by_volume(
            {"A": 1200, "B": 1800}, {"A": 1000, "B": 2000}, {"A": 12, "B": 10}, {"A": 10, "B": 10}
        )
    }
    middle = (150 + 3000 / 22) / 2
    assert shares["A"].volume == pytest.approx(2 * middle)
    assert shares["A"].mix == pytest.approx(2 * (100 - middle))
    assert shares["A"].rate == pytest.approx(0)
    assert (shares["B"].volume, shares["B"].mix, shares["B"].rate) == (0, 0, -200)
    assert shares["A"].whole == pytest.approx(200)


def test_growing_alike_is_no_mix_and_a_price_rise_no_volume():
    then, before = {"A": 1000.0, "B": 500.0}, {"A": 10.0, "B": 10.0}
    alike = by_volume({"A": 1500, "B": 750}, then, {"A": 15, "B": 15}, before)
    assert together(alike).mix == pytest.approx(0)
    assert together(alike).volume == pytest.approx(750)
    dearer = by_volume({"A": 1100, "B": 550}, then, before, before)
    assert [(s.volume, s.mix, s.rate) for s in dearer] == [(0, 0, 100), (0, 0, 50)]


AMOUNTS = st.dictionaries(st.sampled_from("abcde"), st.floats(-1e5, 1e6))
COUNTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 10_000))


@given(AMOUNTS, AMOUNTS, COUNTS, COUNTS)
def test_every_members_parts_add_up_to_its_own_change_whatever_the_volumes(now, then, volume, before):
    # Also refunds, members that came or went, and money without any volume.
    size = 1 + sum(map(abs, [*now.values(), *then.values()]))
    for share in by_volume(now, then, volume, before):
        change = now.get(share.member, 0) - then.get(share.member, 0)
        assert share.whole == pytest.approx(change, abs=1e-6 * size)


def test_a_margin_splits_into_revenue_and_cost():
    # (100 - 60) / 100 = 0.40 becomes (120 - 90) / 120 = 0.25. First revenue, then cost: +0.10 and -0.25;
    # first cost, then revenue: -0.30 and +0.15. Halfway: +0.125 and -0.275.
    parts = by_input(lambda revenue, cost: (revenue - cost) / revenue, [120, 90], [100, 60])
    assert parts == [pytest.approx(0.125), pytest.approx(-0.275)]


@given(st.lists(st.tuples(st.floats(1, 1e4), st.floats(1, 1e4)), min_size=3, max_size=3))
def test_inputs_parts_add_up_to_the_change_of_the_formula(pairs):
    then, now = zip(*pairs, strict=True)

    def formula(a, b, c):
        return a * b / c

    assert sum(by_input(formula, now, then)) == pytest.approx(
        formula(*now) - formula(*then), rel=1e-6, abs=1e-6 * (formula(*now) + formula(*then))
    )


def test_a_formula_without_a_value_on_the_way_is_not_split():
    assert by_input(lambda top, bottom: top / bottom, [1, 0], [1, 1]) is None
