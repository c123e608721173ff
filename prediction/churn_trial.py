"""How a churn score did on a day in the past, and what is put right by that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from prediction.churn import (
    AHEAD_DAYS,
    FEWEST_VISITS,
    FIT_DAYS,
    GAP_DAYS,
    Hazard,
    Spells,
    fit,
    logit,
)
from prediction.history import Flags, Floats, Whole, require

GRACE_DAYS, SHORT_GRACE_DAYS = 180, 90
"""Who has not come by so many days after due (or after today, if past due already) stayed away (domain.md 4.1); the short
one is for records that do not reach back far enough to try the long one."""


@dataclass(frozen=True)
class Trial:
    """A score tried on a day in the past, (customers,) each."""

    chance: Floats
    away: Flags
    overdue: Floats
    """what the rule ranks by: days past due"""

    def measures(self) -> Mapping[str, float]:
        """AUC, lift at 15 %, Brier skill, calibration; those of the rule beside them. NaN where all did alike."""
        return {
            "auc": auc(self.chance, self.away),
            "rule_auc": auc(self.overdue, self.away),
            "lift": lift(self.chance, self.away),
            "rule_lift": lift(self.overdue, self.away),
            "brier_skill": brier_skill(self.chance, self.away),
            "calibration_slope": calibration(self.chance, self.away)[1],
            "calibration_gap": float(self.chance.mean() - self.away.mean())
            if len(self.away)
            else float("nan"),
        }


def auc(score: Floats, away: Flags) -> float:
    """The chance that one who stays away is ranked above one who comes; ties count half."""
    from scipy.stats import rankdata

    gone = int(away.sum())
    if gone in (0, len(away)):
        return float("nan")
    return float((rankdata(score)[away].sum() - gone * (gone + 1) / 2) / (gone * (len(away) - gone)))


def lift(score: Floats, away: Flags, share: float = 0.15) -> float:
    """How many times more often those at the top stay away than everybody."""
    most = max(round(len(score) * share), 1)
    top = np.argsort(-score, kind="stable")[:most]
    return float(away[top].mean() / away.mean()) if away.any() else float("nan")


def brier_skill(chance: Floats, away: Flags) -> float:
    """How much less the squared error is than that of saying the mean to all."""
    base = float(np.square(away.mean() - away).sum()) if len(away) else 0.0
    return 1 - float(np.square(chance - away).sum()) / base if base else float("nan")


def calibration(chance: Floats, away: Flags) -> tuple[float, float]:
    """Intercept and slope of a logistic refit on the logit of the chance; 0 and 1 where it is calibrated."""
    if away.sum() in (0, len(away)):
        return float("nan"), float("nan")
    x = logit(chance)
    effects = np.array([0.0, 1.0])
    design = np.column_stack([np.ones(len(x)), x])
    for _ in range(30):
        mean = 1 / (1 + np.exp(-design @ effects))
        weight = mean * (1 - mean) + 1e-12
        step = np.linalg.lstsq(design.T @ (design * weight[:, None]), design.T @ (away - mean), rcond=None)[0]
        effects = effects + step
        if np.abs(step).max() < 1e-8:
            break
    return float(effects[0]), float(effects[1])


def recalibrated(chance: Floats, intercept: float, slope: float) -> Floats:
    """Platt's correction."""
    found: Floats = 1 / (1 + np.exp(-(intercept + slope * logit(chance))))
    return found


def halfway(chance: Floats, away: Flags) -> tuple[float, float]:
    """Half of the correction that a closed trial asks for: part of what was off then was of that time."""
    if away.sum() < FEWEST_VISITS or (~away).sum() < FEWEST_VISITS:
        return 0.0, 1.0
    intercept, slope = calibration(chance, away)
    return intercept / 2, float(np.sqrt(np.clip(slope, 0.25, 4.0)))


def closed_after(grace: float) -> float:
    """Days after which it is known of everybody who was scored whether he stayed away."""
    return AHEAD_DAYS + GAP_DAYS + grace


def grace_for(recorded: float) -> float:
    """The grace that as many days of records can be tried with: two trials, one after the other, and what the first learns
    from."""
    return GRACE_DAYS if recorded >= 2 * closed_after(GRACE_DAYS) + FIT_DAYS else SHORT_GRACE_DAYS


def try_on(spells: Spells, day: float, learners: Flags, grace: float) -> tuple[Hazard, Whole, Trial]:
    """The score as it would have been on `day`, learnt from `learners` until then and tried on the others; and which these
    are.

    Who was sold before the deadline is left out: nobody stays away from a car that is gone. Raises TooLittleHistory.
    """
    hazard = fit(spells.take(learners), day)
    until = spells.deadline(day, grace)
    there = (spells.sold > until) | (spells.ended <= spells.sold)
    which = np.flatnonzero(spells.eligible(day) & ~learners & there)
    scored, until = spells.take(which), until[which]
    require("customers to try the score on", FEWEST_VISITS, len(scored))
    late = day - scored.started - scored.due
    return hazard, which, Trial(hazard.stays_away(scored, day, until), scored.stayed_away(day, grace), late)


def try_on_all(spells: Spells, day: float, half: Flags, grace: float) -> tuple[Whole, Trial]:
    """As `try_on`, of everybody: each half with what the other taught. A fit is off by chance as well; two are by less."""
    tried = [try_on(spells, day, learners, grace)[1:] for learners in (half, ~half)]
    (first, one), (second, other) = tried
    return np.concatenate([first, second]), Trial(
        np.concatenate([one.chance, other.chance]),
        np.concatenate([one.away, other.away]),
        np.concatenate([one.overdue, other.overdue]),
    )
