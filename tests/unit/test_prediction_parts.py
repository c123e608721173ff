"""Demand for parts and what to do about it: cases worked by hand, what a trial may see, and what may never crash."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from prediction import counts
from prediction.advice import Shelves, advise, distances, in_reach
from prediction.demand import Forecast, drawn, forecast
from prediction.history import LARGEST, TooLittleHistory
from prediction.intermittent import INTERMITTENT, LUMPY, SMOOTH, Pattern
from prediction.method_choice import FEWEST_PERIODS, Treatment, choose
from prediction.parts_trial import choices, followed, try_on
from prediction.stock import abc, assortment, order_up_to, replay, service, to_order, transfers

PLAIN = {kind: Treatment(("mean",), 1.0, 1.0, 1.0, {}) for kind in range(SMOOTH, LUMPY + 1)}


def said(rate: list[list[float]], spread: float = 1.0) -> Forecast:
    """A forecast that is sure of its rate but for what `over` adds."""
    table = np.array(rate, float)
    pattern = Pattern(table, table, np.full(table.shape, INTERMITTENT, np.int8))
    return Forecast(table, np.full(table.shape, spread), pattern, ~np.isnan(table))


def test_quantiles_are_those_of_the_tables():
    # Poisson 2: P(0 … 5) = .1353 .4060 .6767 .8571 .9473 .9834
    assert counts.quantile([0.5, 0.9, 0.95, 0.98], 2, 2).tolist() == [2, 4, 5, 5]
    # mean 2, variance 6 is a negative binomial with size 1, p 1/3: P(D <= k) = 1 - (2/3)^(k+1)
    assert counts.at_most([0, 1, 4], 2, 6) == pytest.approx([1 / 3, 5 / 9, 1 - (2 / 3) ** 5])
    assert counts.quantile([0.5, 0.9, 0.98], 2, 6).tolist() == [1, 5, 9]


def test_classes_of_value():
    kinds = abc(np.array([50.0, 30, 12, 5, 3, 0]))
    assert kinds.tolist() == [0, 0, 1, 1, 2, 2]  # 0, 50, 80, 92, 97, 100 % come before them


def test_the_dear_and_the_slow_to_come_may_run_out_sooner():
    # 260 CNY cost 1 a week: over 2 weeks 50 / (50 + 2), or 100 / (100 + 2) where a car stands; over 5 weeks 50 / (50 + 5)
    cost, weeks = np.array([260.0, 260, 260, 1, 26_000]), np.array([2.0, 2, 5, 2, 2])
    found = service(cost, weeks, np.array([False, True, False, False, True]))
    assert found == pytest.approx([50 / 52, 100 / 102, 50 / 55, 0.999, 0.90])


def test_three_weeks_with_demand_bring_a_part_in_and_none_in_a_year_takes_it_out():
    table = np.zeros((60, 4))
    table[[20, 30, 40], 0] = 1
    table[[20, 40], 1] = 5
    table[2, 2] = 9  # longer ago than a year
    table[20, 3] = 1
    assert assortment(table, np.array([False, False, True, True])).tolist() == [True, False, False, True]


def test_orders_are_whole_packs_of_what_lacks():
    found = to_order(np.array([10.0, 10, 10, np.nan]), np.array([2.0, 9, 8, 0]), np.array([1.0, 0, 4, 0]),
                     np.array([0.0, 0, 0, 0]), 6)  # fmt: skip
    assert found.tolist() == [12, 6, 0, 0]


def test_a_level_covers_lead_time_and_review():
    # 1 a week over 1 + 1 weeks, variance 2 x (1 + 2/19): from the negative binomial's own sum P(<= 4) .939, P(<= 5) .976
    assert order_up_to(said([[1.0]]), 1.0, 1.0, 0.95).tolist() == [[5]]
    assert np.isnan(order_up_to(said([[np.nan]]), 1.0, 1.0, 0.95)).all()


def network(on_hand: list[list[float]], rate: list[list[float]], cost: float = 300.0, pack: float = 1.0):
    table = np.array(on_hand, float)
    parts = table.shape[1]
    shelves = Shelves(
        on_hand=table, on_order=np.zeros(table.shape), target=np.full(table.shape, 0.95),
        keep=np.array(rate, float) > 0, lead=np.ones(parts), pack=np.full(parts, pack), cost=np.full(parts, cost),
    )  # fmt: skip
    near = [np.array([other for other in range(len(table)) if other != store]) for store in range(len(table))]
    return advise(said(rate), shelves, near)


def test_a_part_is_moved_before_it_is_bought_and_no_piece_is_given_twice():
    # Both lack 5 - 1 pieces of the level 5; the third needs none for 13 weeks of 0.01 (1 piece) and can spare 5 of 6.
    found = network([[1], [1], [6]], [[1], [1], [0.01]])
    assert found.level[:2, 0].tolist() == [5, 5]
    assert found.moved[:, 0].tolist() == [4, 1, 0] and found.giver[:, 0].tolist() == [2, 2, -1]
    assert found.bought[:, 0].tolist() == [0, 3, 0]
    assert found.worth_acting_on[:, 0].tolist() == [True, True, False]


def test_a_store_that_has_not_told_its_stock_is_not_advised_to_fill_empty_shelves():
    unknown = np.nan
    found = network([[unknown, unknown], [unknown, 9]], [[1, 1], [1, 0.01]])
    assert found.bought.tolist() == [[0, 0], [5, 0]]  # the second store has none of the first part
    assert np.isnan(found.chance[0]).all() and not found.worth_acting_on[0].any()


def test_a_trip_has_to_be_worth_it():
    # 4 of 5 pieces on hand are unlikely to run out (P(D > 4) of 1 a week is .004), and one piece at 10 is no trip's worth.
    cheap, dear = (network([[4], [9]], [[1], [0.01]], cost=price) for price in (10.0, 300.0))
    assert (cheap.moved[0, 0], cheap.bought[0, 0]) == (0, 1)
    assert (dear.moved[0, 0], dear.bought[0, 0]) == (1, 0)


def test_the_chance_to_run_out_is_that_of_the_lead_time():
    # Of 1 a week (variance 1 + 1/19: size 19, p 19/20) P(D > 0) = 1 - .95^19
    assert network([[0]], [[1]]).chance[0, 0] == pytest.approx(1 - 0.95**19)


def test_neighbours_are_of_the_city_or_within_a_hundred_kilometres_nearest_first():
    # One degree of latitude is 111.2 km; the last has no position but shares the first one's city.
    kilometres = distances(np.array([30.0, 30.5, 31.0, np.nan]), np.array([120.0, 120, 120, np.nan]))
    assert kilometres[0, 1:3] == pytest.approx([55.6, 111.2], abs=0.05)
    assert [places.tolist() for places in in_reach(kilometres, np.array([1, 2, 3, 1]))] == [
        [3, 1],
        [0, 2],
        [1],
        [0],
    ]


def test_pieces_go_to_the_nearest_until_none_is_left():
    moves = transfers(
        np.array([[3.0], [2], [0]]), np.array([[0.0], [0], [4]]), [np.array([2])] * 2 + [np.array([0])]
    )
    assert [column.tolist() for column in moves] == [[0, 1], [2, 2], [0, 0], [3, 1]]


def test_a_policy_is_replayed_as_on_paper():
    # Up to 3, a week's wait. Week 1: 2 of 2 asked, 1 left, 2 ordered; week 2: 2 come, 4 asked, 3 served, 3 ordered;
    # week 3: 3 come, none asked.
    run = replay(np.array([[2.0], [4], [0]]), np.full((3, 1), 3.0), 1)
    assert (run.asked[0], run.served[0], run.lines[0], run.lines_served[0]) == (6, 5, 2, 1)
    assert run.stock[0] == pytest.approx((1 + 0 + 3) / 3) and run.ordered[0] == 5
    late = replay(np.array([[2.0], [4], [0]]), np.full((3, 1), 3.0), 1, warm=1)
    assert (late.asked[0], late.served[0], late.lines[0], late.stock[0], late.ordered[0]) == (4, 3, 1, 1.5, 3)


def test_a_trial_cannot_see_the_weeks_it_foretells():
    rng = np.random.default_rng(3)
    past = rng.poisson(0.7, (60, 300)).astype(float)
    other = past.copy()
    other[56:] = rng.poisson(9.0, (4, 300))
    one, two = (try_on(table, choices(table)) for table in (past, other))
    assert one.points == (44, 48, 52, 56)
    assert np.array_equal(one.mean, two.mean) and np.array_equal(one.high, two.high)
    assert not np.array_equal(one.actual, two.actual)


def test_ranges_hold_what_they_promise_for_poisson_demand():
    table = (
        np.random.default_rng(5)
        .poisson(np.random.default_rng(6).gamma(1.0, 1.0, 3000), (80, 3000))
        .astype(float)
    )
    trial = try_on(table, choices(table))
    seen = trial.known
    assert trial.inside.sum() / trial.promised[seen].sum() == pytest.approx(1.0, abs=0.03)
    error = (trial.mean - trial.actual)[seen]
    assert error.sum() / trial.actual[seen].sum() == pytest.approx(0.0, abs=0.03)


def test_following_starts_from_the_stock_that_was_there():
    table = np.full((60, 1), 2.0)
    trial = try_on(table, dict.fromkeys((52, 56), PLAIN))
    args = (np.ones(1, bool), np.array([100.0]), np.ones(1), np.array([0.9]), np.ones(1))
    run = followed(table, trial, *args)
    # 100 pieces and 2 a week for 8 weeks: 98 … 84 at the ends, and nothing is ordered
    assert run.stock[0] == pytest.approx(91) and run.ordered[0] == 0 and run.served[0] == 16


@pytest.mark.parametrize(("weeks", "served"), [(0.5, 12), (1.0, 12), (1.1, 10)])
def test_what_is_ordered_at_a_weeks_end_is_not_there_before_its_lead_time_is_over(weeks, served):
    # 2 a week for 8 weeks from an empty shelf: ordered at the end of the first, there in the third or fourth
    table = np.full((60, 1), 2.0)
    trial = try_on(table, dict.fromkeys((52, 56), PLAIN))
    one = np.ones(1)
    run = followed(table, trial, np.ones(1, bool), np.zeros(1), weeks * one, 0.9 * one, one)
    assert run.served[0] == served


# --- what may come ------------------------------------------------------------------------------------------------------

numbers = st.one_of(
    st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0, -3.0, np.nan, np.inf, -np.inf, 1e308, 1e11]),
    st.floats(width=64),
)
tables = arrays.arrays(np.float64, st.tuples(st.integers(0, 70), st.integers(0, 4)), elements=numbers)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_any_history_is_foretold_or_said_to_be_too_little(table):
    with np.errstate(all="ignore"):
        try:
            found = forecast(table, choose(table))
        except TooLittleHistory:
            return
    known = found.enough
    assert ((found.rate[known] >= 0) & np.isfinite(found.rate[known])).all()
    level = order_up_to(found, 2.0, 1.0, 0.95)
    assert (level[known] >= 0).all() and np.isnan(level[~known]).all()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("empty", np.zeros((0, 3))),
        ("no series", np.zeros((60, 0))),
        ("one week", np.ones((1, 3))),
        ("all zero", np.zeros((60, 3))),
        ("all unknown", np.full((60, 3), np.nan)),
        ("negative", np.full((60, 3), -1.0)),
    ],
)
def test_nothing_is_said_of_what_has_no_history(name, table):
    with pytest.raises(TooLittleHistory):
        choose(table)


@pytest.mark.parametrize("level", [1.0, 7.0, 1e9])
def test_a_constant_demand_is_foretold_as_it_is(level):
    table = np.full((60, 5), level)
    assert forecast(table, choose(table)).rate == pytest.approx(np.full(5, level))


@pytest.mark.parametrize("shape", [(64,), (64, 3)])
def test_demand_that_follows_the_visits_is_foretold_from_the_visits_to_come(shape):
    """Two pieces in an ordinary week, as many more or fewer as the week is worth: in the four to come 0.5, 1, 2 and 0.9."""
    worth = np.broadcast_to(np.random.default_rng(9).uniform(0.5, 1.5, shape[0])[:, None], (64, 3)).copy()
    worth[60:] = np.array([0.5, 1.0, 2.0, 0.9])[:, None]
    if len(shape) == 2:
        worth[:, 1] = worth[:, 1][::-1]  # a store with weeks of its own
    table = 2.0 * worth[:60]
    factors = worth[:, 0] if len(shape) == 1 else worth
    expected = 2.0 * (1.1 if len(shape) == 1 else worth[60:].mean(axis=0))
    assert forecast(table, choose(table, factors), factors).rate == pytest.approx(
        np.broadcast_to(expected, 3), rel=1e-6
    )


def test_a_rate_is_drawn_towards_that_of_all_stores_as_far_as_its_own_demand_is_little():
    """Six pieces in half a year weigh three times what the belief in the others does (2); what is not known draws nothing."""
    demand = np.zeros((40, 4))
    demand[20:26, (0, 2, 3)] = 1.0
    demand[:10] = 9.0  # older than half a year
    rates = drawn(said([0.4, 0.4, 0.4, np.nan]), demand, np.array([1.0, 1.0, np.nan, 1.0])).rate
    assert rates == pytest.approx([(6 * 0.4 + 2 * 1.0) / 8, 1.0, 0.4, np.nan], nan_ok=True)


USUAL = np.random.default_rng(8).poisson(1.0, (60, 40)).astype(float)
USUAL_CHOICE = choose(USUAL)


@settings(max_examples=100, deadline=None)
@given(arrays.arrays(np.float64, (60,), elements=numbers), st.integers(0, 60))
def test_an_odd_series_is_foretold_or_not_and_changes_nothing_of_its_neighbours(series, unknown):
    series[:unknown] = np.nan
    with np.errstate(all="ignore"):
        found = forecast(np.column_stack([series, USUAL]), USUAL_CHOICE)
    assert np.array_equal(found.rate[1:], forecast(USUAL, USUAL_CHOICE).rate)
    lived = series[(series >= 0) & (series <= LARGEST)]
    assert found.enough[0] == (len(lived) >= FEWEST_PERIODS and lived.any())
    assert found.enough[0] or np.isnan([found.rate[0], found.spread[0]]).all()


@settings(max_examples=60, deadline=None)
@given(*[arrays.arrays(np.float64, (3, 2), elements=numbers)] * 3)
def test_any_shelf_is_advised_on_or_left_alone(on_hand, on_order, rate):
    demand = said(np.where((rate >= 0) & (rate <= LARGEST), rate, np.nan).tolist())
    shelves = Shelves(
        on_hand, on_order, np.full((3, 2), 0.95), demand.enough, np.ones(2), np.ones(2), np.ones(2)
    )
    with np.errstate(all="ignore"):
        found = advise(demand, shelves, [np.array([1, 2]), np.array([0, 2]), np.array([0, 1])])
    for pieces in (found.moved, found.bought):
        assert ((pieces >= 0) & np.isfinite(pieces)).all()


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(np.float64, (30, 3), elements=st.sampled_from([0.0, 0.0, 1.0, 4.0, np.nan])),
    st.integers(1, 5),
)
def test_the_replay_never_serves_more_than_was_there(demand, lead):
    run = replay(demand, np.full(demand.shape, 3.0), lead)
    assert (
        (run.served <= run.asked).all() and (run.served <= 3 + run.ordered).all() and (run.stock >= 0).all()
    )
