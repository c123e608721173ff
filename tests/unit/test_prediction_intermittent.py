"""Slow demand: truths from an independent program, hand-worked cases, and what may never crash.

The typed forecasts come from statsforecast 2.1.1 (Croston, SBA, TSB with 0.1 and 0.05, SES with 0.1, ADIDA, IMAPA).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from prediction import intermittent
from prediction.history import LARGEST
from prediction.intermittent import ERRATIC, INTERMITTENT, LUMPY, METHODS, NEVER, SMOOTH

SERIES = np.array(
    [
        [0, 0, 3, 0, 0, 0, 5, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 6, 0, 0],
        [4, 6, 5, 3, 7, 4, 5, 6, 5, 4, 8, 3, 5, 6, 4, 5, 5, 7, 4, 6, 3, 5, 6, 4],
        [0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [9, 0, 0, 7, 8, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 1, 1, 0, 2, 0, 1, 3, 0, 2, 4, 0, 3, 5, 4, 0, 6, 5, 7, 0, 8, 9],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
    ],
    float,
).T


@pytest.mark.parametrize(
    ("method", "truth"),
    [
        ("croston", [0.979478, 4.877509, 1.730159, 5.186608, 2.800841, 0.416667]),
        ("sba", [0.930504, 4.633634, 1.643651, 4.927278, 2.660799, 0.395833]),
        ("tsb", [0.572695, 4.877509, 0.559968, 2.876311, 2.127433, 0.500000]),
        ("ses", [0.856077, 4.877509, 0.218856, 1.054891, 3.675520, 1.000000]),
        ("mean", [0.875000, 5.000000, 0.541667, 1.125000, 2.583333, 0.416667]),
    ],
)
def test_methods_agree_with_an_independent_program(method, truth):
    assert getattr(intermittent, method)(SERIES) == pytest.approx(truth, abs=2e-6)


def test_aggregation_agrees_with_an_independent_program():
    # its optimiser may stop anywhere in 0.1 … 0.3, ours on a grid: equal at the ends, close between
    some = [0, 3, 4]
    assert intermittent.adida(SERIES[:, some]) == pytest.approx([0.814830, 0.204123, 4.810440], abs=2e-6)
    assert intermittent.imapa(SERIES[:, some]) == pytest.approx([0.850677, 0.107941, 5.377252], rel=0.01)


def test_the_moving_average_looks_at_the_newest_periods():
    assert intermittent.moving_average(SERIES, 8) == pytest.approx([0.875, 5.0, 0, 0, 4.875, 1.25])


def test_classes_follow_the_published_cut_offs():
    table = np.array(
        [
            [5, 5, 5, 5, 5, 5, 5, 5],  # every period, one size
            [1, 9, 1, 9, 1, 9, 1, 9],  # every period, sizes 5 +- 4: CV2 0.64
            [5, 0, 5, 0, 5, 0, 5, 0],  # every second period, one size
            [1, 0, 9, 0, 1, 0, 9, 0],
            [0, 0, 0, 0, 0, 0, 0, 0],
        ],
        float,
    ).T
    pattern = intermittent.classify(table)
    assert pattern.kind.tolist() == [SMOOTH, ERRATIC, INTERMITTENT, LUMPY, NEVER]
    assert pattern.interval[:4].tolist() == [1, 1, 2, 2]
    assert pattern.variation[:4] == pytest.approx([0, 0.64, 0, 0.64])
    assert np.isnan([pattern.interval[4], pattern.variation[4]]).all()


@pytest.mark.parametrize("method", METHODS)
def test_what_happened_before_a_store_opened_is_not_zero_demand(method):
    opened_late = np.vstack([np.full((10, 6), np.nan), SERIES])
    assert METHODS[method](opened_late) == pytest.approx(METHODS[method](SERIES))


@pytest.mark.parametrize("method", METHODS)
def test_a_gap_is_taken_out(method):
    gap = np.insert(SERIES, 7, np.nan, axis=0)
    assert METHODS[method](gap) == pytest.approx(METHODS[method](SERIES))


def test_demand_that_stopped_fades_with_tsb_and_not_with_sba():
    once = np.zeros((104, 1))
    once[0] = 1
    assert intermittent.sba(once)[0] == pytest.approx(0.95)
    assert intermittent.tsb(once)[0] == pytest.approx(0.95**103)


odd_numbers = st.one_of(
    st.sampled_from([0.0, 0.0, 0.0, 1.0, -3.0, np.nan, np.inf, -np.inf, 1e308, 1e11]), st.floats(width=64)
)
tables = arrays.arrays(np.float64, st.tuples(st.integers(0, 30), st.integers(0, 4)), elements=odd_numbers)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.5, 1e9), st.integers(1, 60))
def test_a_constant_series_is_foretold_as_it_is(level, periods):
    table = np.full((periods, 2), level)
    for name in ("mean", "moving_average", "ses", "tsb", "adida", "imapa"):
        assert METHODS[name](table) == pytest.approx([level, level])


@settings(max_examples=100, deadline=None)
@given(tables)
def test_any_series_has_a_forecast_that_is_a_demand_or_unknown(table):
    known = ((table >= 0) & (table <= LARGEST)).any(axis=0)
    for method in METHODS.values():
        rate = method(table)
        assert np.isnan(rate[~known]).all()
        assert ((rate[known] >= 0) & (rate[known] <= LARGEST)).all()
