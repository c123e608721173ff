"""What comes back: summed parts for each group, and everything needed to show and judge them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from kpi.metric import Metric, Sums
from kpi.question import Period, Question


@dataclass(frozen=True)
class Measured:
    """One value with what it is made of. `n` counts observations; `plan` is what it is measured against."""

    metric: Metric
    sums: Sums

    @cached_property
    def value(self) -> float | None:
        return self.metric.formula.value(self.sums)

    @property
    def nothing(self) -> Measured:
        """The same metric where there was nothing to measure."""
        return Measured(self.metric, {})

    @property
    def numerator(self) -> float | None:
        return self.sums.get("numerator")

    @property
    def denominator(self) -> float | None:
        return self.sums.get("denominator")

    @property
    def n(self) -> int:
        count = self.sums.get("n" if self.metric.n else "denominator")
        return round(count or 0)

    @property
    def plan(self) -> float | None:
        return self.metric.plan.value(self.sums) if self.metric.plan else None

    @property
    def judged(self) -> float | None:
        """What the limits speak of: the value, or its ratio to plan."""
        if self.metric.plan is None or self.value is None:
            return self.value
        return self.value / self.plan if self.plan else None


@dataclass(frozen=True)
class Row:
    """One group of an answer: a period, a member, both or neither."""

    period: date | None
    member: str | None
    now: Measured
    then: Measured | None


@dataclass(frozen=True)
class Answer:
    """`window` and `compare_window` are the days that were really summed (mature, wide enough)."""

    metric: Metric
    question: Question
    window: Period
    compare_window: Period | None
    as_of: datetime
    """Newest event the data version knows."""
    rows: tuple[Row, ...] = field(repr=False)

    @cached_property
    def total(self) -> Measured:
        """All groups together."""
        return _added(self.metric, [row.now for row in self.rows])

    @cached_property
    def compared(self) -> Measured | None:
        then = [row.then for row in self.rows if row.then is not None]
        return _added(self.metric, then) if self.compare_window else None

    @cached_property
    def by_member(self) -> Mapping[str, Row]:
        """Rows of a split without grain, by member."""
        return {row.member: row for row in self.rows if row.member is not None}

    @cached_property
    def series(self) -> tuple[tuple[date, Measured], ...]:
        """One value a period, oldest first, all members together; periods without a value are left out."""
        periods: dict[date, list[Measured]] = {}
        for row in self.rows:
            if row.period is not None:
                periods.setdefault(row.period, []).append(row.now)
        added = ((day, _added(self.metric, group)) for day, group in sorted(periods.items()))
        return tuple((day, measured) for day, measured in added if measured.value is not None)


def _added(metric: Metric, group: Iterable[Measured]) -> Measured:
    group = list(group)
    sums: dict[str, float | None] = {}
    for measured in group:
        for part, amount in measured.sums.items():
            if amount is not None:
                sums[part] = (sums.get(part) or 0.0) + amount
    return Measured(metric, sums)
