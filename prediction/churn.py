"""Who stays away: a discrete-time hazard of the next visit, by how far a vehicle is past due and what happened before.

The life between two visits is cut into fortnights; in each the vehicle comes or does not. The chance to come follows
the time since the last maintenance over the expected interval, a repair since then, and whatever was known of the
vehicle two weeks after its last visit. So a fit needs no closed label: what has not ended yet says as much as it can.
The chance to stay away until a day is the product of not coming in the fortnights until then (Allison 1982).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prediction.history import LARGEST, Flags, Floats, Whole, require

FORTNIGHT = 14
SETTLED_DAYS = 14
"""Days after a visit from which the next is looked for: a return before is the same matter, and by then surveys and
complaints have come in."""
FIT_DAYS, SPARSE_FIT_DAYS = 120, 365
"""Days of fortnights that a fit looks at: customers of a year ago were treated differently, but few visits tell less."""
GAP_DAYS = 7
"""Days a campaign needs: a visit within them is not its merit."""
AHEAD_DAYS, LATE_DAYS = 60, 180
"""Scored is who is due within 60 days or past due by less than 180."""
ACTIVE_DAYS = 730
KNOTS = np.array([0.0, 0.3, 0.5, 0.65, 0.78, 0.88, 0.96, 1.04, 1.12, 1.22, 1.36, 1.55, 1.85, 2.3, 3.2])
"""Time since the last maintenance over the expected interval, at which the hazard bends."""
REPAIRED_KNOTS = np.array([0.0, 0.1, 0.25, 0.5, 1.0, 2.0])
"""The same since a repair that left the maintenance to come."""
DUE, LATE = 0.8, 1.2
"""Where the effects of facts change: before, around and after due."""
USUAL_DAYS = 150.0
"""Five months: intervals are compared with it (domain.md 4.1)."""
FEWEST_FORTNIGHTS, FEWEST_VISITS, ENOUGH_VISITS = 2_000, 100, 5_000

FACTS = (
    "waited",
    "low_score",
    "complaint",
    "comeback",
    "warranty",
    "old_car",
    "late_before",
    "few_visits",
)
"""Columns of what is known of a spell, in the words under which reasons are told."""
REASONS = (*FACTS, "rare", "overdue")
"""What speaks for staying away; `rare` is who comes seldom anyway."""
WEAKEST = 0.02
"""A reason moves the logit of the chance by more."""


@dataclass(frozen=True)
class Spells:
    """Lives between visits, one element each; days are numbers, ended and sold lie far ahead where they have not been."""

    started: Floats
    """day of the visit"""
    ended: Floats
    """day of the next one"""
    sold: Floats
    due: Floats
    """days from the visit until the next was expected"""
    served: Floats
    """day of the last maintenance: of this visit or before it; of this visit where none is known"""
    facts: Floats
    """(spells, FACTS); NaN where nothing was recorded or nobody asked"""

    def __len__(self) -> int:
        return len(self.started)

    def take(self, which: Any) -> Spells:
        return Spells(
            self.started[which], self.ended[which], self.sold[which], self.due[which], self.served[which],
            self.facts[which],
        )  # fmt: skip

    @staticmethod
    def facts_of(
        *, wait: Floats, low_score: Floats, complaint: Floats, comeback: Floats, since_warranty: Floats,
        age_days: Floats, gap: Floats, due: Floats, visits: Floats,
    ) -> Floats:  # fmt: skip
        """FACTS from what a warehouse knows; NaN is not known."""
        columns = [
            np.clip(np.log(np.maximum(wait, 3.0) / 15.0), -1.0, 1.5),
            np.where(np.isnan(low_score), np.nan, low_score > 0),
            np.where(np.isnan(complaint), np.nan, complaint > 0),
            np.where(np.isnan(comeback), np.nan, comeback > 0),
            (since_warranty > -30) & (since_warranty < 150),
            age_days > 7 * 365.25,
            np.clip(np.nan_to_num(gap / due, nan=1.0) - 1.0, 0.0, 1.5),
            visits <= 1,
        ]
        return np.column_stack(columns).astype(np.float64)

    @property
    def sound(self) -> Flags:
        """What can be a life between two visits; anything else is a fault of its source, and is left out."""
        days = np.column_stack([self.started, self.ended, self.sold, self.due, self.served])
        odd = (np.abs(self.facts) > LARGEST).any(axis=1)
        can_be: Flags = (np.abs(days) <= LARGEST).all(axis=1) & (self.due >= 1) & ~odd
        return can_be

    def open_at(self, day: float) -> Flags:
        """Begun before `day` and neither ended nor sold by then, as one could know then."""
        begun: Flags = (self.started <= day) & (self.ended > day) & (self.sold > day)
        return begun

    def eligible(self, day: float) -> Flags:
        """Who is scored on `day`: open, active, due soon or past due for less than half a year."""
        late = day - self.started - self.due
        return (
            self.sound
            & self.open_at(day)
            & (day - self.started <= ACTIVE_DAYS)
            & (late >= -AHEAD_DAYS)
            & (late < LATE_DAYS)
        )

    def deadline(self, day: float, grace: float) -> Floats:
        """The day until which a vehicle has to come not to count as staying away."""
        return np.maximum(self.started + self.due, day + GAP_DAYS) + grace

    def stayed_away(self, day: float, grace: float) -> Flags:
        """The label: no visit after the gap and until the deadline. A visit within the gap ends the matter: not away."""
        away: Flags = self.ended > self.deadline(day, grace)
        return away


@dataclass(frozen=True)
class Hazard:
    """The logit of coming in a fortnight: bends of time, and the effect of each fact before, around and after due."""

    bends: Floats
    repaired: Floats
    """bends of the time since a repair, where maintenance was before it"""
    effects: Floats
    """(3, FACTS and pace): pace is the logarithm of the expected interval: who comes twice as often comes sooner again"""
    mean: Floats
    """of the facts and of pace, where they were learnt: a fact that is not known counts as much"""

    def stays_away(self, spells: Spells, day: float, until: Floats) -> Floats:
        """The chance that who has not come by `day` does not come until a day of his own, such as the deadline."""
        gone = np.zeros(len(spells))
        for part, score, _ in self._fortnights_ahead(spells, day, until):
            gone += part * _given_up(score)
        return np.exp(-gone)

    def reasons(self, spells: Spells, day: float, until: Floats) -> tuple[Whole, Floats]:
        """(spells, 3) places in REASONS of what speaks most for staying away, -1 where nothing more does; and by how much:
        by what the logit of the chance would be less if it were as usual, or if who is past due were due today."""
        every = len(FACTS) + 1
        away = _paced(spells, self.mean) - self.mean
        gone, usual = np.zeros(len(spells)), np.zeros((len(spells), every))
        for part, score, phase in self._fortnights_ahead(spells, day, until):
            gone += part * _given_up(score)
            for fact in range(every):
                usual[:, fact] += part * _given_up(score - away[:, fact] * self.effects[phase, fact])
        late = np.maximum(day - spells.started - spells.due, 0.0)
        due_today = replace(spells, started=spells.started + late, served=spells.served + late)
        chance = logit(np.exp(-gone))
        weight = np.column_stack(
            [chance[:, None] - logit(np.exp(-usual)), chance - logit(self.stays_away(due_today, day, until))]
        )
        weight[:, :every][~(np.column_stack([spells.facts, away[:, -1]]) > 0)] = 0.0
        order = np.argsort(-weight, axis=1, kind="stable")[:, :3]
        strength = np.take_along_axis(weight, order, axis=1)
        return np.where(strength > WEAKEST, order, -1), strength

    def _fortnights_ahead(
        self, spells: Spells, day: float, until: Floats
    ) -> Iterator[tuple[Floats, Floats, Whole]]:
        """Of each fortnight from `day` on: how much of it counts, the logit of coming in it, and its phase."""
        elapsed = np.maximum(day - spells.started, SETTLED_DAYS)
        left = np.maximum(until - spells.started - elapsed, 0.0)
        effects = _paced(spells, self.mean) @ self.effects.T
        for step in range(int(np.ceil(left.max(initial=0.0) / FORTNIGHT))):
            ratio, repaired = _clocks(spells, elapsed + (step + 0.5) * FORTNIGHT)
            phase = _phase(ratio)
            score = _hats(ratio) @ self.bends + repaired @ self.repaired
            score += effects[np.arange(len(spells)), phase]
            yield np.clip(left / FORTNIGHT - step, 0.0, 1.0), score, phase


def _given_up(score: Floats) -> Floats:
    """-log(1 - h) of a logit: what a fortnight takes from the logarithm of the chance; a part of one takes a part."""
    found: Floats = np.logaddexp(0.0, np.clip(score, -30, 30))
    return found


def _paced(spells: Spells, mean: Floats) -> Floats:
    """Facts and pace; the mean where nothing is known. A column that says so would stand for the years without records,
    in which customers were treated differently, and not for what is not known."""
    facts = np.where(np.isnan(spells.facts), mean[:-1], spells.facts)
    return np.column_stack([facts, _pace(spells)])


def _pace(spells: Spells) -> Floats:
    return np.log(spells.due / USUAL_DAYS)


def _phase(ratio: Floats) -> Whole:
    return np.searchsorted([DUE, LATE], ratio, side="right")


def _clocks(spells: Spells, since: Floats) -> tuple[Floats, Floats]:
    """Days since the visit as seen by maintenance: over the expected interval; and bends of them after a repair."""
    ratio = (since + spells.started - spells.served) / spells.due
    repaired = _hats(since / spells.due, REPAIRED_KNOTS)[:, 1:] * (spells.served < spells.started)[:, None]
    return ratio, repaired


def _hats(ratio: Floats, knots: Floats = KNOTS) -> Floats:
    """(n, knots) linear between the knots, level beyond them."""
    place = np.interp(ratio, knots, np.arange(len(knots)))
    below = np.minimum(place.astype(np.int64), len(knots) - 2)
    share = place - below
    found = np.zeros((len(ratio), len(knots)))
    rows = np.arange(len(ratio))
    found[rows, below] = 1 - share
    found[rows, below + 1] = share
    return found


def fortnights(spells: Spells, day: float, most: int, days: float) -> tuple[Whole, Floats, Flags]:
    """The fortnights in the `days` before `day`: their spells, when they begin (days since the visit), and whether
    the vehicle came. Nothing after `day` is looked at. A spell is seen from the first day of the window on."""
    begun = np.maximum(day - days - spells.started, 0.0)
    first = np.maximum(np.ceil(begun / FORTNIGHT).astype(np.int64), SETTLED_DAYS // FORTNIGHT)
    # Whole fortnights only: a visit in one that is not over yet has no stays beside it.
    over = (np.minimum(spells.sold - 1, day) - spells.started) // FORTNIGHT
    over = np.minimum(over, ACTIVE_DAYS // FORTNIGHT)
    until = (spells.ended - spells.started) // FORTNIGHT
    came = until < over
    last = np.where(came, until, over - 1).astype(np.int64)
    count = np.where(spells.started <= day, np.maximum(last - first + 1, 0), 0)
    if count.sum() > most:
        keep = np.random.default_rng(0).random(len(spells)) < most / count.sum()
        count = np.where(keep, count, 0)
    which = np.repeat(np.arange(len(spells)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[which]
    event: Flags = came[which] & (step == last[which])
    return which, step * float(FORTNIGHT), event


def fit(spells: Spells, day: float, most: int = 150_000) -> Hazard:
    """The hazard as it could be learnt on `day`. Raises TooLittleHistory."""
    spells = spells.take(spells.sound)
    which, since, event = fortnights(spells, day, most, FIT_DAYS)
    if event.sum() < ENOUGH_VISITS:
        which, since, event = fortnights(spells, day, most, SPARSE_FIT_DAYS)
    require("fortnights", FEWEST_FORTNIGHTS, len(which))
    require("visits", FEWEST_VISITS, int(event.sum()))
    seen = spells.take(which)
    known = ~np.isnan(seen.facts)
    facts_mean = np.nan_to_num(seen.facts).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    mean = np.append(facts_mean, _pace(seen).mean())
    ratio, repaired = _clocks(seen, since + FORTNIGHT / 2)
    paced, phase = _paced(seen, mean), _phase(ratio)
    facts = [paced * (phase == each)[:, None] for each in range(3)]
    design = np.hstack([_hats(ratio), repaired, *facts])
    bends, repaired_, effects = np.split(
        _logit_fit(event, design), np.cumsum([len(KNOTS), len(REPAIRED_KNOTS) - 1])
    )
    return Hazard(bends, repaired_, effects.reshape(3, -1), mean)


def _logit_fit(event: Flags, design: Floats) -> Floats:
    """Maximum likelihood, with one visit and one stay supposed of each effect alone: a log-F prior (Greenland & Mansournia
    2015) that keeps finite what tells visits and stays apart without fail, and at 0 what nobody has."""
    import statsmodels.api as sm

    alone = np.eye(design.shape[1])
    supposed = np.repeat([True, False], len(alone))
    model = sm.Logit(np.concatenate([event, supposed]).astype(np.float64), np.vstack([design, alone, alone]))
    return np.asarray(model.fit(method="newton", maxiter=40, disp=False).params, np.float64)


def logit(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)


BANDS = ("red", "amber", "blue", "none")


def bands(chance: Floats, due_in: Floats, capacity: float = 0.15) -> NDArray[np.int64]:
    """0 the top 15 %, 1 the next 15 %, 2 of the rest who is due within 30 days, 3 everybody else."""
    place = np.empty(len(chance), np.int64)
    place[np.argsort(-chance, kind="stable")] = np.arange(len(chance))
    share = place / max(len(chance), 1)
    found: NDArray[np.int64] = np.select(
        [share < capacity, share < 2 * capacity, (due_in >= 0) & (due_in <= 30)], [0, 1, 2], 3
    )
    return found
