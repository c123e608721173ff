"""What a metric is: its meaning, its arithmetic over additive parts, and the limits it is judged by.

A formula names its parts as SQL over the columns of one source; each part is summed over rows, and the value is made
from the sums. So any grouping of stores and days is right by construction (domain.md 2.0: ratios are sums over sums).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from kpi.histogram import Histogram
from kpi.hysteresis import USUAL, Rules
from kpi.question import Period
from kpi.text import Text


class Unit(StrEnum):
    COUNT = "count"
    MONEY = "money"  # CNY
    SHARE = "share"  # 0.25 is shown as 25 %
    POINTS = "points"  # -100 … 100
    SCORE = "score"  # 0 … 100
    RATING = "rating"  # 1 … 5
    HOURS = "hours"
    MINUTES = "minutes"
    DAYS = "days"
    NUMBER = "number"  # without a unit


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    NEUTRAL = "neutral"


class Tier(StrEnum):
    """How often a source is refreshed; a value older than `max_age` is stale (domain.md 2.0)."""

    LIVE = "live"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def max_age(self) -> timedelta:
        return _MAX_AGE[self]


_MAX_AGE = {
    Tier.LIVE: timedelta(minutes=15),
    Tier.DAILY: timedelta(hours=36),
    Tier.WEEKLY: timedelta(days=9),
    Tier.MONTHLY: timedelta(days=35),
}

_NEW_LIMITS = Text("New limits", "目标调整")

Sums = Mapping[str, float | None]
"""The summed parts of one group of rows; None where the source had nothing to add."""


def _sum(sums: Sums, part: str) -> float:
    return sums.get(part) or 0.0


def _divided(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


@dataclass(frozen=True)
class Total:
    """A sum that adds over units and time. `known` counts the rows that carried the figure: none means no value."""

    total: str
    known: str

    def parts(self) -> dict[str, str]:
        return {"numerator": self.total, "denominator": self.known}

    def value(self, sums: Sums) -> float | None:
        return _sum(sums, "numerator") if _sum(sums, "denominator") else None


@dataclass(frozen=True)
class Ratio:
    """One census sum over another: no sampling error.

    `known` counts what shows that the numerator was reported at all, where a sum of 0 may also mean that nobody did.
    """

    numerator: str
    denominator: str
    known: str | None = field(default=None, kw_only=True)

    def parts(self) -> dict[str, str]:
        known = {"known": self.known} if self.known else {}
        return {"numerator": self.numerator, "denominator": self.denominator, **known}

    def value(self, sums: Sums) -> float | None:
        if self.known and not _sum(sums, "known"):
            return None
        return _divided(_sum(sums, "numerator"), _sum(sums, "denominator"))


@dataclass(frozen=True)
class Proportion(Ratio):
    """Successes over trials, a sample of how the store works: judged with a binomial posterior."""


@dataclass(frozen=True)
class Rate(Ratio):
    """Events over exposure: judged with a Poisson posterior."""


@dataclass(frozen=True)
class Mean(Ratio):
    """A mean of measurements; the sum of squares gives its standard error."""

    squares: str

    def parts(self) -> dict[str, str]:
        return {**super().parts(), "squares": self.squares}


@dataclass(frozen=True)
class NetScore:
    """100 x (promoters - detractors) / answers, as in the Net Promoter Score."""

    promoters: str
    detractors: str
    answers: str

    def parts(self) -> dict[str, str]:
        return {
            "numerator": f"({self.promoters}) - ({self.detractors})",
            "denominator": self.answers,
            "squares": f"({self.promoters}) + ({self.detractors})",
        }

    def value(self, sums: Sums) -> float | None:
        share = _divided(_sum(sums, "numerator"), _sum(sums, "denominator"))
        return None if share is None else 100 * share


@dataclass(frozen=True)
class Level:
    """A state on the last day of the period that has one: adds over units, not over time."""

    level: str
    over: str | None = None
    """What the level is divided by on the same day; None leaves it a plain level."""

    def parts(self) -> dict[str, str]:
        return {"numerator": self.level, "denominator": self.over or "1"}

    def value(self, sums: Sums) -> float | None:
        if self.over is None:
            return _sum(sums, "numerator") if _sum(sums, "denominator") else None
        return _divided(_sum(sums, "numerator"), _sum(sums, "denominator"))


class Where(str):
    """SQL of a column of the rows that fulfil a condition; of both it tells apart what it was made of."""

    column: str
    condition: str

    def __new__(cls, column: str, condition: str) -> Where:
        made = super().__new__(cls, f"case when {condition} then {column} end")
        made.column, made.condition = column, condition
        return made


@dataclass(frozen=True)
class Spread:
    """The q-quantile read from a histogram: adds over any grouping, exact to within the bin it lies in."""

    of: Histogram
    q: float

    def parts(self) -> dict[str, str]:
        return {**{column: column for column in self.of.columns}, "denominator": self.of.counted}

    def value(self, sums: Sums) -> float | None:
        return self.of.quantile([_sum(sums, column) for column in self.of.columns], self.q)


@dataclass(frozen=True)
class SpreadGap:
    """The q-quantile of the rows that fulfil `these` less that of the rows that fulfil `those` (SQL conditions)."""

    of: Histogram
    q: float
    these: str
    those: str

    def parts(self) -> dict[str, str]:
        these = {f"these_{column}": Where(column, self.these) for column in self.of.columns}
        those = {f"those_{column}": Where(column, self.those) for column in self.of.columns}
        return {**these, **those, "denominator": Where(self.of.counted, f"({self.these}) or ({self.those})")}

    def value(self, sums: Sums) -> float | None:
        these, those = (
            self.of.quantile([_sum(sums, f"{group}_{column}") for column in self.of.columns], self.q)
            for group in ("these", "those")
        )
        return None if these is None or those is None else these - those


Formula = Total | Ratio | Proportion | Rate | Mean | NetScore | Level | Spread | SpreadGap
SAMPLED = (Proportion, Rate, Mean, NetScore)
"""Formulas whose value has sampling error, so that a red needs evidence (domain.md 3.1)."""


@dataclass(frozen=True)
class Plan:
    """What the value is measured against: a sum of the same rows, flexed by actual over planned volume if named."""

    total: str
    actual_volume: str | None = None
    planned_volume: str | None = None

    def parts(self) -> dict[str, str]:
        flex = {"plan_actual": self.actual_volume, "plan_volume": self.planned_volume}
        return {"plan": self.total, **{name: sql for name, sql in flex.items() if sql}}

    def value(self, sums: Sums) -> float | None:
        plan = _sum(sums, "plan")
        if not plan:
            return None
        if self.planned_volume is None:
            return plan
        flex = _divided(_sum(sums, "plan_actual"), _sum(sums, "plan_volume"))
        return None if not flex else plan * flex


@dataclass(frozen=True)
class Limits:
    """From `since` on: at `good` or better is green, beyond `critical` is red, between them is amber."""

    good: float
    critical: float
    since: date = date(2000, 1, 1)


@dataclass(frozen=True)
class Band:
    """From `since` on: inside `good` is green, outside `critical` is red, between them is amber."""

    good: tuple[float, float]
    critical: tuple[float, float]
    since: date = date(2000, 1, 1)


@dataclass(frozen=True)
class Change:
    """From `on` on the metric is computed or judged otherwise: a version, and a break mark in every chart of it."""

    on: date
    what: Text


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number with a meaning, declared once. Boards, ranks, alerts, exports, API and glossary render this object."""

    key: str
    name: Text
    description: Text
    mistake: Text
    """The commonest wrong way to compute or read it."""
    unit: Unit
    direction: Direction
    source: str
    formula: Formula
    owner: str
    n: str | None = None
    """SQL of what the sample is counted in; None uses the formula's denominator."""
    counted: Text = Text("orders", "单")
    """What n counts."""
    plan: Plan | None = None
    """When set, the limits judge value / plan instead of the value."""
    limits: tuple[Limits | Band, ...] = ()
    n_min: int = 1
    rolling_days: int = 1
    """Shorter periods are widened to this many days, ending with the asked one."""
    maturity_days: int = 0
    """A day's figure is final only after this many days; younger days are left out."""
    tier: Tier = Tier.DAILY
    guard: str | None = None
    """The metric that suffers when this one is gamed: while it is red, a green of this one counts half."""
    rules: Rules = USUAL
    """How its status moves: dead-band, persistence and the evidence that a red needs."""
    changes: tuple[Change, ...] = ()
    """Versions of the formula. Those of the limits follow from their `since`."""

    def __post_init__(self) -> None:
        for limits in self.limits:
            self.check(limits)

    def check(self, limits: Limits | Band) -> None:
        """Raises ValueError when limits do not fit the metric."""
        if isinstance(limits, Band) != (self.direction is Direction.BAND):
            raise ValueError(f"{self.key}: a band metric takes Band limits, and only a band metric does")
        if isinstance(limits, Band):
            low, high = limits.critical
            ordered = low <= limits.good[0] < limits.good[1] <= high
        else:
            rising = self.direction is Direction.HIGHER
            ordered = limits.good >= limits.critical if rising else limits.good <= limits.critical
        if not ordered or self.direction is Direction.NEUTRAL:
            raise ValueError(f"{self.key}: the limits do not fit the direction {self.direction}")

    @property
    def period_days(self) -> int:
        """The days of one period of the status machine."""
        return 28 if self.tier is Tier.MONTHLY else 7

    def changes_in(self, period: Period, in_force: Limits | Band | None = None) -> tuple[Change, ...]:
        """Versions that begin inside a period, of limits and formula, oldest first. `in_force` are the limits that a unit
        is judged by, when people have set others than those declared here."""
        first = min((limits.since for limits in self.limits), default=None)
        days = {each.since for each in (*self.limits, in_force) if each is not None and each.since != first}
        found = (*self.changes, *(Change(day, _NEW_LIMITS) for day in days))
        inside = [change for change in found if period.first < change.on <= period.last]
        return tuple(sorted(inside, key=lambda change: change.on))

    @property
    def sampled(self) -> bool:
        return isinstance(self.formula, SAMPLED)

    def parts(self) -> dict[str, str]:
        """Name and SQL of everything that is summed for this metric."""
        extra = {"n": self.n} if self.n else {}
        return {**self.formula.parts(), **extra, **(self.plan.parts() if self.plan else {})}

    def limits_on(self, day: date) -> Limits | Band | None:
        """The limits in force on a day; a later change never rewrites earlier verdicts."""
        return max((lim for lim in self.limits if lim.since <= day), key=lambda lim: lim.since, default=None)

    def window(self, period: Period, last_complete_day: date) -> Period:
        """The days that answer for a period: mature ones only, and enough of them."""
        last = period.last
        if self.maturity_days:
            last = min(last, last_complete_day - timedelta(self.maturity_days))
        return Period.ending(last, max(period.days, self.rolling_days))
