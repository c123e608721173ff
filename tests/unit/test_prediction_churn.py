"""The churn score on lives planted here: how near it comes to the planted chance, that it cannot see the future, oddities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from threadpoolctl import threadpool_limits

from prediction import churn, churn_trial
from prediction.churn import FACTS, REASONS, Spells
from prediction.history import TooLittleHistory

FAR = 50_000.0
END = 1_500.0


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


def lives(seed: int, vehicles: int = 20_000) -> tuple[Spells, np.ndarray, np.ndarray]:
    """Spells until day END of vehicles that come every 160 days or so, until they leave; how likely each is to leave after
    the visit (a logistic function of complaint, comeback and warranty, as planted here), and whether it has left."""
    rng = np.random.default_rng(seed)
    started = rng.uniform(0, 1_300, vehicles)
    alive = np.ones(vehicles, bool)
    rows = []
    due = rng.uniform(120, 200, vehicles)
    while alive.any():
        facts = np.zeros((vehicles, len(FACTS)))
        for name, share in (("complaint", 0.08), ("comeback", 0.10), ("warranty", 0.15), ("old_car", 0.3)):
            facts[:, FACTS.index(name)] = rng.random(vehicles) < share
        score = -3.6 + facts[:, [FACTS.index(n) for n in ("complaint", "comeback", "warranty")]] @ [
            2.2,
            1.6,
            1.0,
        ]
        chance = 1 / (1 + np.exp(-score))
        leaves = rng.random(vehicles) < chance
        gap = np.where(
            rng.random(vehicles) < 0.2, rng.exponential(200, vehicles), due * rng.gamma(40, 1 / 40, vehicles)
        )
        ended = np.where(leaves, FAR, started + np.maximum(gap, 15))
        rows.append([x[alive] for x in (started, ended, due, chance, leaves)] + [facts[alive]])
        alive = alive & ~leaves & (ended < END)
        started = np.where(alive, ended, started)
    began, ended, due_, chance, leaves, facts = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = rng.permutation(len(began))
    spells = Spells(began, ended, np.full(len(began), FAR), due_, began, facts).take(order)
    return spells, chance[order], leaves[order].astype(bool)


@pytest.fixture(scope="module", params=[1, 2])
def planted(request: pytest.FixtureRequest) -> tuple[Spells, np.ndarray, np.ndarray]:
    return lives(request.param)


DAY = END - 200
GRACE = 90.0


def stays_away(hazard: churn.Hazard, spells: Spells, day: float = END) -> np.ndarray:
    return hazard.stays_away(spells, day, spells.deadline(day, GRACE))


def test_the_score_ranks_as_well_as_the_planted_chance_and_better_than_the_rule(planted):
    spells, chance, left = planted
    learners = np.arange(len(spells)) % 2 == 0
    hazard, _, trial = churn_trial.try_on(spells, DAY, learners, GRACE)
    measured = trial.measures()
    assert measured["auc"] > 0.75 and measured["auc"] > measured["rule_auc"] + 0.01
    assert measured["lift"] >= 2.5 and measured["lift"] > measured["rule_lift"]
    assert measured["brier_skill"] > 0.1
    assert 0.9 <= measured["calibration_slope"] <= 1.1
    assert abs(measured["calibration_gap"]) < 3 * trial.away.std() / np.sqrt(len(trial.away))
    which = spells.eligible(DAY) & ~learners
    ours = churn_trial.auc(stays_away(hazard, spells.take(which), DAY), left[which])
    assert ours > churn_trial.auc(chance[which], left[which]) - 0.02


def test_who_was_sold_before_the_deadline_does_not_stay_away(planted):
    """Nobody stays away from a car that is gone; who came before it went is counted as having come."""
    spells, _, _ = planted
    learners = np.arange(len(spells)) % 2 == 0
    sold = replace(spells, sold=np.where(np.arange(len(spells)) % 4 == 1, DAY + 30, FAR))
    _, which, trial = churn_trial.try_on(sold, DAY, learners, GRACE)
    gone = which[sold.sold[which] < FAR]
    assert len(gone) and (sold.ended[gone] <= sold.sold[gone]).all()
    assert not trial.away[np.isin(which, gone)].any()
    assert len(which) + 100 < (sold.eligible(DAY) & ~learners).sum()


def test_everybody_is_tried_each_half_with_what_the_other_taught(planted):
    spells = planted[0].take(np.arange(10_000))
    half = np.arange(len(spells)) % 2 == 0
    which, trial = churn_trial.try_on_all(spells, DAY, half, GRACE)
    assert sorted(which) == list(np.flatnonzero(spells.eligible(DAY)))
    for learners in (half, ~half):
        _, others, alone = churn_trial.try_on(spells, DAY, learners, GRACE)
        tried = np.isin(which, others)
        assert not learners[others].any() and (which[tried] == others).all()
        assert trial.chance[tried] == pytest.approx(alone.chance)
        assert (trial.away[tried] == alone.away).all() and (trial.overdue[tried] == alone.overdue).all()


def test_what_happens_after_the_day_of_the_score_cannot_be_seen(planted):
    spells, _, _ = planted
    ahead = spells.ended > DAY
    # A signal of the future only: everybody who will stay away is given away by when the next visit is (not) to be.
    told = replace(
        spells, ended=np.where(ahead, np.where(spells.stayed_away(DAY, GRACE), FAR, DAY + 1), spells.ended)
    )
    shuffled = replace(spells, ended=np.where(ahead, DAY + 1 + np.arange(len(spells)) % 400, spells.ended))
    begun = spells.started <= DAY
    scores = [
        stays_away(churn.fit(each.take(begun), DAY, 60_000), each.take(begun & ahead), DAY)
        for each in (spells, told, shuffled)
    ]
    assert np.array_equal(scores[0], scores[1]) and np.array_equal(scores[0], scores[2])


def test_later_spells_change_nothing_that_was_learnt_before(planted):
    spells, _, _ = planted
    sold = replace(spells, sold=np.where(spells.ended > DAY, DAY + 5, FAR))
    first, second = (churn.fit(each, DAY, 10**9) for each in (spells, sold))
    assert first.bends == pytest.approx(second.bends, abs=1e-6)


def test_reasons_name_what_was_planted_and_nothing_that_is_absent(planted):
    spells, _, _ = planted
    hazard = churn.fit(spells, END)
    column = FACTS.index("complaint")
    late = spells.take(np.flatnonzero(spells.eligible(END) & (spells.facts[:, column] > 0))[:200])
    reasons, strength = hazard.reasons(late, END, late.deadline(END, GRACE))
    assert (reasons == column).any(axis=1).mean() > 0.95
    assert (np.diff(strength, axis=1) <= 0).all()
    absent = reasons[:, :, None] == np.flatnonzero(late.facts.sum(axis=0) == 0)
    assert not absent.any()


def spell(started: float, served: float | None = None, due: float = 150.0) -> Spells:
    """A vehicle that has not come since; of its customer nothing speaks for staying away."""
    day = np.array([started])
    maintained = day if served is None else np.array([served])
    return Spells(day, day + FAR, day + FAR, np.array([due]), maintained, np.zeros((1, len(FACTS))))


def test_a_customer_long_past_due_is_called_overdue():
    spells, _, _ = lives(3, 6_000)
    hazard = churn.fit(spells, END)
    one = spell(END - 300)
    assert one.eligible(END).tolist() == [True]
    assert hazard.reasons(one, END, one.deadline(END, GRACE))[0][0, 0] == REASONS.index("overdue")
    assert stays_away(hazard, one)[0] > 0.6


def test_a_reason_weighs_what_the_chance_would_be_more_without_it():
    """By hand, over two fortnights of an even chance to come: staying away has a chance of 1/4, a logit of -log 3."""
    flat = np.zeros(len(churn.KNOTS)), np.zeros(len(churn.REPAIRED_KNOTS) - 1)
    effects = np.zeros((3, len(FACTS) + 1))
    effects[:, FACTS.index("complaint")], effects[:, -1] = -np.log(3), -1.0
    hazard = churn.Hazard(*flat, effects, np.zeros(len(FACTS) + 1))
    usual = spell(END - 150)
    told = usual.facts.copy()
    told[0, FACTS.index("complaint")] = 1
    until = np.array([END + 28.0])

    def reasons(of: Spells, by: churn.Hazard = hazard) -> list[tuple[str, float]]:
        found, strength = by.reasons(of, END, until)
        return [
            (REASONS[each], weight) for each, weight in zip(found[0], strength[0], strict=True) if each >= 0
        ]

    assert reasons(usual) == []
    # That a car is not old is no reason, though old cars came more often where it was learnt.
    effects[:, FACTS.index("old_car")] = 1.0
    assert (
        reasons(
            usual, replace(hazard, mean=np.where(np.arange(len(FACTS) + 1) == FACTS.index("old_car"), 0.5, 0))
        )
        == []
    )
    effects[:, FACTS.index("old_car")] = 0.0
    # A quarter comes each fortnight: 9/16 stay away, which has a logit of log(9/7).
    assert reasons(replace(usual, facts=told)) == [("complaint", pytest.approx(np.log(9 / 7) + np.log(3)))]
    # e times the usual interval: the logit of coming is -1.
    stays = 1 / (1 + np.exp(-1.0)) ** 2
    seldom = replace(usual, started=np.array([END - 150 * np.e]), due=np.array([150 * np.e]))
    seldom = replace(seldom, served=seldom.started)
    assert reasons(seldom) == [("rare", pytest.approx(np.log(stays / (1 - stays)) + np.log(3)))]
    # An even chance until due, a quarter from 1.55 times the interval on.
    bends = np.where(churn.KNOTS < 1.5, 0.0, -np.log(3))
    late = spell(END - 300)
    found = reasons(late, replace(hazard, bends=bends))
    assert found == [("overdue", pytest.approx(np.log(9 / 7) + np.log(3)))]


def test_one_customer_and_one_week_are_too_little():
    one = spell(1.0)
    with pytest.raises(TooLittleHistory):
        churn.fit(one, 8.0)
    spells, _, _ = lives(4, 3_000)
    with pytest.raises(TooLittleHistory):
        churn.fit(spells, 7.0)


odd_days = st.one_of(
    st.sampled_from([0.0, 100.0, END, FAR, -3.0, np.nan, np.inf, -np.inf, 1e308]), st.floats(width=64)
)
SOUND, _, _ = lives(6, 1_500)


@settings(max_examples=12, deadline=None)
@given(
    arrays.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(5 + len(FACTS))), elements=odd_days),
    st.booleans(),
)
def test_odd_spells_are_learnt_from_or_said_to_be_too_few(rows, alone):
    odd = Spells(*rows[:, :5].T, rows[:, 5:])
    names = [field.name for field in fields(Spells)]
    both = Spells(*(np.concatenate([getattr(one, name) for one in (odd, SOUND)]) for name in names))
    try:
        with np.errstate(all="ignore"):
            hazard = churn.fit(odd if alone else both, END)
    except TooLittleHistory:
        return
    chance = stays_away(hazard, both.take(both.eligible(END)))
    assert ((chance >= 0) & (chance <= 1)).all()


def test_a_fact_that_decides_everything_does_not_break_the_fit():
    spells, _, _ = lives(5, 6_000)
    facts = spells.facts.copy()
    facts[:, 1] = spells.ended >= FAR  # nobody of these ever comes: perfect separation
    hazard = churn.fit(replace(spells, facts=facts), END, 60_000)
    chance = stays_away(hazard, replace(spells, facts=facts).take(spells.eligible(END)))
    assert np.isfinite(chance).all() and ((chance >= 0) & (chance <= 1)).all()


@pytest.mark.parametrize(
    ("score", "away", "auc", "lift"),
    [
        ([4, 3, 2, 1], [1, 1, 0, 0], 1.0, 2.0),
        ([1, 1, 1, 1], [1, 0, 1, 0], 0.5, 2.0),  # ties: the first of equals is called
        ([1, 2, 3, 4], [1, 1, 0, 0], 0.0, 0.0),
        ([4, 2, 3, 1], [1, 1, 0, 0], 0.75, 2.0),
    ],
)
def test_measures_by_hand(score, away, auc, lift):
    ranked, gone = np.array(score, float), np.array(away, bool)
    assert churn_trial.auc(ranked, gone) == auc
    assert churn_trial.lift(ranked, gone) == lift


def test_brier_skill_and_calibration_by_hand():
    away = np.array([True] * 30 + [False] * 70 + [True] * 70 + [False] * 30)
    chance = np.repeat([0.3, 0.7], 100)
    assert churn_trial.calibration(chance, away) == pytest.approx((0.0, 1.0), abs=1e-6)
    assert churn_trial.brier_skill(chance, away) == pytest.approx(1 - 0.21 / 0.25)
    flat = np.repeat([0.4, 0.6], 100)  # too timid: the logits have to be stretched by log(7/3) / log(3/2)
    assert churn_trial.calibration(flat, away)[1] == pytest.approx(np.log(7 / 3) / np.log(1.5), abs=1e-6)
    assert churn_trial.recalibrated(flat, 0.0, np.log(7 / 3) / np.log(1.5)) == pytest.approx(chance)


def test_staying_away_is_half_a_year_past_due_where_the_records_suffice_to_try_that_twice():
    """60 days until due, 7 of a campaign and 180: 247 days until a trial is closed, twice, and 120 to learn from."""
    assert [churn_trial.grace_for(days) for days in (0, 400, 613, 614, 1_095)] == [90, 90, 90, 180, 180]
    due_soon = spell(END - 140)
    assert due_soon.deadline(END, 180) - END == 10 + 180
    long_due = spell(END - 200)
    assert long_due.deadline(END, 180) - END == 7 + 180


def test_bands_are_by_capacity():
    chance = np.linspace(0.99, 0.01, 100)
    found = churn.bands(chance, np.where(np.arange(100) % 2 == 0, 10.0, -5.0))
    assert found[:15].tolist() == [0] * 15 and found[15:30].tolist() == [1] * 15
    assert found[30:34].tolist() == [2, 3, 2, 3]


def test_who_comes_more_often_comes_sooner_again():
    """Waits without memory, half with a mean of 60 days, half of 180: from the due day on, e^(-90/60) and e^(-90/180)."""
    rng = np.random.default_rng(5)
    due = np.repeat([60.0, 180.0], 8_000)
    started = rng.uniform(END - 400, END, len(due))
    spells = Spells(
        started, started + churn.SETTLED_DAYS + rng.exponential(due), np.full(len(due), 1e9), due, started,
        np.zeros((len(due), len(FACTS))),
    )  # fmt: skip
    hazard = churn.fit(spells, END)
    mean = np.array([60.0, 180.0])
    at_due = Spells(END - mean, np.full(2, 1e9), np.full(2, 1e9), mean, END - mean, np.zeros((2, len(FACTS))))
    stays = hazard.stays_away(at_due, END, until=np.full(2, END + 90.0))
    assert stays == pytest.approx([0.223, 0.607], abs=0.04)


def test_a_repair_does_not_wind_the_maintenance_clock():
    """Maintenance is due at 150 days, give or take 10, also after a repair at 80: who stays away until day 190 is gone."""
    rng = np.random.default_rng(6)
    served = rng.uniform(0, END, 20_000)
    repaired, gone = rng.random(len(served)) < 0.5, rng.random(len(served)) < 0.1
    started = served + np.where(repaired, 80.0, 0.0)
    spells = Spells(
        started, np.where(gone, FAR, served + rng.normal(150, 10, len(served))), np.full(len(served), FAR),
        np.full(len(served), 150.0), served, np.zeros((len(served), len(FACTS))),
    )  # fmt: skip
    hazard = churn.fit(spells, END)
    until = np.array([END + 90])
    stays = [hazard.stays_away(spell(END - 110, served), END, until)[0] for served in (END - 190, END - 110)]
    assert stays[0] > 0.8 and stays[1] == pytest.approx(0.1, abs=0.04)


def test_what_is_not_known_counts_as_the_mean_and_is_no_reason():
    spells, _, _ = lives(7, 8_000)
    facts = spells.facts.copy()
    facts[np.random.default_rng(7).random(len(facts)) < 0.5] = np.nan
    some = replace(spells, facts=facts)
    hazard = churn.fit(some, END)
    looked_at = facts[churn.fortnights(some, END, 150_000, churn.SPARSE_FIT_DAYS)[0]]
    assert hazard.mean[:-1] == pytest.approx(np.nanmean(looked_at, axis=0))
    one = replace(spell(END - 140), facts=np.full((1, len(FACTS)), np.nan))
    usual = replace(one, facts=hazard.mean[None, :-1])
    assert stays_away(hazard, one) == pytest.approx(stays_away(hazard, usual))
    assert (hazard.reasons(one, END, one.deadline(END, GRACE))[0] == -1).all()


def test_a_visit_in_a_fortnight_that_is_not_over_is_not_counted():
    """Three of ten come in the second fortnight, on its third day; on the eighth day nobody knows of the other seven."""
    started = np.full(10, END - 14.0 - 8.0)
    ended = np.where(np.arange(10) < 3, started + 14 + 3, FAR)
    spells = Spells(started, ended, np.full(10, FAR), np.full(10, 150.0), started, np.zeros((10, len(FACTS))))
    assert len(churn.fortnights(spells, END, 100, 120)[0]) == 0
    which, _, event = churn.fortnights(spells, END + 6, 100, 120)
    assert which.tolist() == list(range(10)) and event.sum() == 3
