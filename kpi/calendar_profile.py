"""What is to be expected of a day: weekday, public holiday, make-up workday and Spring Festival, for each store.

"Expected instead of yesterday" (domain.md 3.2, 4.4): one shape of the year is estimated from all stores together, each
store's own habits (a busy Sunday) are drawn towards it by as much as its history leaves open, and its level follows the
last weeks. Calendar facts come in as arrays; counts and amounts have the shape (stores, days), NaN where a store was
closed or nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.shrinkage import fit_gamma

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

SUNDAY = 6
BEFORE, CLOSED, RETURN, REBOUND = (-21, -3), (-2, 4), (5, 9), (10, 18)
"""Days around the Spring Festival: the rush before, eve and closed days, the return, the rebound."""
FAR = 10_000
"""Offset of a day of which no Spring Festival is near."""
GROUPS = 13
"""Kinds of days a store may have its own habit for: weekdays 0-6, make-up workday, holiday, then the four windows."""
MAKE_UP, HOLIDAY, WINDOWS = 7, 8, 9
RIDGE = 1.0
YEAR = 365.25
LEVEL_DAYS = 56
LEVEL_PRIOR_DAYS = 7.0
HOUR_PRIOR_CASES = 100.0


@dataclass(frozen=True)
class Days:
    """Calendar facts of consecutive days, (days,) each."""

    number: Ints
    """Day numbers, ascending."""
    weekday: Ints
    """0 Monday … 6 Sunday."""
    holiday: Ints
    """0 none, 1 … the kind of public holiday."""
    make_up: Bools
    """A weekend day that is a workday."""
    spring: Ints
    """Days from the nearest Spring Festival, `FAR` if none is near."""

    def __len__(self) -> int:
        return len(self.number)

    @property
    def group(self) -> Ints:
        """The kind of each day, 0 … `GROUPS` - 1."""
        before, closed, after, rebound = self._around()
        found: Ints = np.select(
            [closed, self.holiday > 0, before, after, rebound, self.make_up],
            [WINDOWS + 1, HOLIDAY, WINDOWS, WINDOWS + 2, WINDOWS + 3, MAKE_UP],
            self.weekday,
        )
        return found

    def _around(self) -> list[Bools]:
        windows = (BEFORE, CLOSED, RETURN, REBOUND)
        return [(self.spring >= start) & (self.spring <= end) for start, end in windows]

    def features(self, kinds: int) -> Floats:
        """(days, 6 + 1 + kinds + 4): an unseen kind of holiday is a Sunday, an unseen make-up workday a mean workday."""
        around = self._around()
        closed = around[1]
        week = np.eye(7)[np.where((self.holiday > 0) | closed, SUNDAY, self.weekday)]
        week[self.make_up] = np.array([0.2] * 5 + [0.0, 0.0])
        holidays = (self.holiday[:, None] == np.arange(1, kinds + 1)) & ~closed[:, None]
        found: Floats = np.column_stack([week[:, 1:], self.make_up, holidays, *around]).astype(np.float64)
        return found


@dataclass(frozen=True)
class Profile:
    """`factor` (stores, GROUPS) is what a store makes of a kind of day beside the shape; 1 is as everybody."""

    coefficients: Floats
    kinds: int
    level: Floats
    """(stores,) of an average day of an ordinary week."""
    factor: Floats
    dispersion: float
    """Variance of a day over its expectation; 1 is Poisson."""

    def shape(self, days: Days) -> Floats:
        """(stores, days) relative to an average day of an ordinary week."""
        ordinary = np.exp(np.concatenate([[0.0], self.coefficients[:6]])).mean()
        found: Floats = (
            np.exp(days.features(self.kinds) @ self.coefficients) / ordinary * self.factor[:, days.group]
        )
        return found


def fit(counts: Floats, days: Days) -> Profile:
    """The profile of a history of some months; years are needed to know every holiday."""
    kinds = int(days.holiday.max(initial=0))
    features = days.features(kinds)
    drift = _drift(days.number)
    known = ~np.isnan(counts)
    filled = np.where(known, counts, 0.0)
    total, level = filled.sum(axis=0), _share(filled.sum(axis=1), known.sum(axis=1))
    both = np.column_stack([features, drift])
    for _ in range(4):
        coefficients = _poisson(both, total, level @ known)
        curve = np.exp(both @ coefficients[1:] + coefficients[0])
        level = _share(filled.sum(axis=1), known @ curve)
    expected = np.where(known, level[:, None] * curve, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = np.where(expected > 0, (filled - expected) ** 2 / expected, 0.0)
    dispersion = max(float(square.sum() / max((expected > 0).sum() - len(level), 1)), 1.0)
    factor = _habits(filled, expected, days.group, dispersion)
    profile = Profile(coefficients[1 : 1 + features.shape[1]], kinds, level, factor, dispersion)
    level = _share(filled.sum(axis=1), (known * profile.shape(days)).sum(axis=1))
    return Profile(profile.coefficients, kinds, level, factor, dispersion)


def fit_one(total: Floats, days: Days) -> Profile:
    """The profile of one series (days,) by itself, which may be amounts: they are counted in units of their own noise, so
    that money does not weigh as if each yuan were a case."""
    kinds = int(days.holiday.max(initial=0))
    features = days.features(kinds)
    both = np.column_stack([features, _drift(days.number)])
    known = ~np.isnan(total)
    filled, once = np.where(known, np.maximum(total, 0.0), 0.0), known.astype(np.float64)
    dispersion = 1.0
    for _ in range(2):
        coefficients = _poisson(both, filled / dispersion, once)
        due = dispersion * np.exp(both @ coefficients[1:] + coefficients[0])
        dispersion = max(float((((filled - due) ** 2 / due)[known]).sum() / known.sum()), 1.0)
    level, factor = np.array([filled.sum() / max(known.sum(), 1)]), np.ones((1, GROUPS))
    return Profile(coefficients[1 : 1 + features.shape[1]], kinds, level, factor, dispersion)


def _share(top: Floats, bottom: Floats) -> Floats:
    return np.where(bottom > 0, top / np.maximum(bottom, 1e-12), 0.0)


def _drift(number: Ints) -> Floats:
    """Growth and season of the network, kept out of the shape: the level follows them."""
    years = (number - number.mean()) / YEAR
    turn = 2 * np.pi * number / YEAR
    return np.column_stack([years, np.sin(turn), np.cos(turn)] if np.ptp(number) >= YEAR else [years])


def _poisson(features: Floats, total: Floats, exposure: Floats) -> Floats:
    """Intercept and coefficients of log(total / exposure), ridge-penalised maximum likelihood by IRLS."""
    open_days = exposure > 0
    x = np.column_stack([np.ones(open_days.sum()), features[open_days]])
    y, e = total[open_days], exposure[open_days]
    penalty = np.diag([0.0, *[RIDGE] * (x.shape[1] - 1)])
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(max(y.sum(), 0.5) / e.sum())
    for _ in range(50):
        mean = e * np.exp(np.clip(x @ beta, -30, 30))
        step = np.linalg.solve(x.T @ (mean[:, None] * x) + penalty, x.T @ (y - mean) - penalty @ beta)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return beta


def _habits(actual: Floats, expected: Floats, group: Ints, dispersion: float) -> Floats:
    """Gamma-Poisson shrinkage of each store's actual over expected on each kind of day, one spread a kind."""
    factor = np.ones((len(actual), GROUPS))
    for kind in np.unique(group):
        inside = group == kind
        made, due = actual[:, inside].sum(axis=1) / dispersion, expected[:, inside].sum(axis=1) / dispersion
        seen = due > 0
        if seen.sum() > 1:
            shape, rate = fit_gamma(made[seen], due[seen])
            factor[:, kind] = (made + shape) / (due + rate) / (shape / rate)
    return factor


def expected(profile: Profile, days: Days, counts: Floats | None = None, window: int = LEVEL_DAYS) -> Floats:
    """(stores, days) expected on each day. With `counts` the level is that of the `window` days before each day, so that
    no day is compared with itself; without, that of the history."""
    shape = profile.shape(days)
    if counts is None:
        return profile.level[:, None] * shape
    known = ~np.isnan(counts)
    prior = LEVEL_PRIOR_DAYS * profile.level[:, None]
    made, due = (_before(np.where(known, array, 0.0), window) for array in (counts, shape))
    return (made + prior) / (due + LEVEL_PRIOR_DAYS) * shape


def _before(terms: Floats, window: int) -> Floats:
    """Sum over the `window` days before each day, itself left out."""
    sums = np.pad(np.cumsum(terms, axis=1), ((0, 0), (1, 0)))[:, :-1]
    sums[:, window:] -= sums[:, :-window].copy()
    return sums


def residual(actual: Floats, due: Floats) -> Floats:
    """Actual over expected; NaN where nothing was expected. A control chart is drawn of this, with `due` at the history's
    level: a level that follows the last weeks would swallow the shift the chart is to show."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(due > 0, actual / due, np.nan)


@dataclass(frozen=True)
class Pace:
    """Where a plan should stand, (stores,) each; NaN for a store without an opening day."""

    share: Floats
    """Part of the plan's opening days that is over, weighted by what they usually bring."""
    due: Floats
    """What should be reached by now."""
    projected: Floats
    """Where the plan's period ends at this pace; NaN before its first opening day."""


def pace(plan: Floats, actual: Floats, shape: Floats, open_days: Bools, done: int) -> Pace:
    """`shape` and `open_days` (stores, days of the period); the first `done` days are over, `actual` is their sum."""
    weight = np.where(open_days, shape, 0.0)
    whole, past = weight.sum(axis=1), weight[:, :done].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, past / whole, np.nan)
        return Pace(share, plan * share, np.where(past > 0, actual / share, np.nan))


def hour_shares(counts: Floats, open_hours: Bools) -> Floats:
    """(stores, 24) part of the day's cases in each hour: own history, drawn towards the network's within opening hours."""
    inside = np.where(open_hours, np.nan_to_num(counts), 0.0)
    pooled = np.where(open_hours, inside.sum(axis=0) / max(inside.sum(), 1e-12), 0.0)
    pooled = pooled / np.maximum(pooled.sum(axis=1, keepdims=True), 1e-12)
    found: Floats = (inside + HOUR_PRIOR_CASES * pooled) / (
        inside.sum(axis=1, keepdims=True) + HOUR_PRIOR_CASES
    )
    return found


def by_now(shares: Floats, hour: float) -> Floats:
    """(stores,) part of the day's cases that is usually over at `hour` (10.5 is half past ten)."""
    whole = int(hour)
    running = shares[:, whole] * (hour - whole) if whole < shares.shape[1] else 0.0
    found: Floats = shares[:, :whole].sum(axis=1) + running
    return found
