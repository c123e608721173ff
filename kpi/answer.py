"""What comes back: summed parts for each group, and everything needed to show and judge them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from kpi import weekly
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


Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Groups(Sequence[Row]):
    """Rows that stay columns: a board asks for thousands and reads a few, and a row is made when it is read."""

    metric: Metric
    parts: tuple[str, ...]
    now: Floats
    """(groups, parts) sums; NaN where the source had nothing to add."""
    then: Floats | None
    periods: Sequence[date | None]
    members: Sequence[str | None]

    def __len__(self) -> int:
        return len(self.now)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        row = self._made.get(at)
        if row is None:
            row = self._made[at] = Row(
                period=self.periods[at],
                member=self.members[at],
                now=_measured(self.metric, self.parts, self.now[at]),
                then=None if self.then is None else _measured(self.metric, self.parts, self.then[at]),
            )
        return row

    def __iter__(self) -> Iterator[Row]:
        return (self[at] for at in range(len(self)))

    def added(self, sums: Floats) -> Measured:
        """All groups together."""
        known = ~np.isnan(sums)
        total = np.where(known.any(axis=0), np.where(known, sums, 0.0).sum(axis=0), np.nan)
        return _measured(self.metric, self.parts, total)

    def folded(self, keys: Sequence[Key | None]) -> dict[Key, Measured]:
        """The rows that have a key, those of the same together."""
        places: dict[Key, int] = {}
        of = [(at, places.setdefault(key, len(places))) for at, key in enumerate(keys) if key is not None]
        if len(places) == len(of):
            return {key: self[at].now for at, key in enumerate(keys) if key is not None}
        rows, into = np.array(of, np.int64).T
        sums, known = np.zeros((2, len(places), len(self.parts)))
        np.add.at(sums, into, np.nan_to_num(self.now[rows]))
        np.add.at(known, into, ~np.isnan(self.now[rows]))
        sums[known == 0] = np.nan
        return {key: _measured(self.metric, self.parts, sums[at]) for key, at in places.items()}

    @cached_property
    def _made(self) -> dict[int, Row]:
        return {}


def _measured(metric: Metric, parts: Sequence[str], sums: Floats) -> Measured:
    named = zip(parts, sums.tolist(), strict=True)
    return Measured(metric, {part: None if amount != amount else amount for part, amount in named})


class Members(Mapping[str, Row]):
    """Rows of a split without grain, by member."""

    def __init__(self, rows: Sequence[Row], members: Sequence[str | None]) -> None:
        self._rows = rows
        self._places = {member: at for at, member in enumerate(members) if member is not None}

    def __getitem__(self, member: str) -> Row:
        return self._rows[self._places[member]]

    def __contains__(self, member: object) -> bool:
        return member in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True)
class Answer:
    """`window` and `compare_window` are the days that were really summed (mature, wide enough)."""

    metric: Metric
    question: Question
    window: Period
    compare_window: Period | None
    as_of: datetime
    """Newest event the data version knows."""
    rows: Sequence[Row] = field(repr=False)

    @property
    def members(self) -> Sequence[str | None]:
        """Of each row."""
        return self.rows.members if isinstance(self.rows, Groups) else [row.member for row in self.rows]

    @property
    def periods(self) -> Sequence[date | None]:
        """Of each row."""
        return self.rows.periods if isinstance(self.rows, Groups) else [row.period for row in self.rows]

    @cached_property
    def sums(self) -> Mapping[str, Floats]:
        """The parts of all rows as columns; NaN where the source had nothing to add."""
        rows = self.rows
        if isinstance(rows, Groups):
            return {part: rows.now[:, at] for at, part in enumerate(rows.parts)}
        parts = self.metric.parts()
        return {part: np.array([row.now.sums.get(part) for row in rows], dtype=np.float64) for part in parts}

    @cached_property
    def total(self) -> Measured:
        """All groups together."""
        if isinstance(self.rows, Groups):
            return self.rows.added(self.rows.now)
        return _added(self.metric, [row.now for row in self.rows])

    @cached_property
    def compared(self) -> Measured | None:
        if self.compare_window is None:
            return None
        if isinstance(self.rows, Groups):
            return None if self.rows.then is None else self.rows.added(self.rows.then)
        return _added(self.metric, [row.then for row in self.rows if row.then is not None])

    @cached_property
    def by_member(self) -> Mapping[str, Row]:
        """Rows of a split without grain, by member."""
        return Members(self.rows, self.members)

    @cached_property
    def series(self) -> tuple[tuple[date, Measured], ...]:
        """One value a period, oldest first, all members together; periods without a value are left out."""
        added = self.folded(lambda period, _: period)
        return tuple((day, added[day]) for day in sorted(added) if added[day].value is not None)

    @cached_property
    def points(self) -> tuple[tuple[date, float], ...]:
        """The values of the series alone, told at less cost."""
        if not isinstance(self.rows, Groups) or len(set(self.periods)) < len(self.periods):
            return tuple((day, one.value) for day, one in self.series if one.value is not None)
        values = weekly.values(self.metric, self.sums).tolist()
        known = [
            (day, value) for day, value in zip(self.periods, values, strict=True) if day and value == value
        ]
        return tuple(sorted(known))

    def folded(self, key_of: Callable[[date | None, str | None], Key | None]) -> dict[Key, Measured]:
        """The rows added up by what their period and member have in common; those without a key are left out."""
        keys = list(map(key_of, self.periods, self.members))
        if isinstance(self.rows, Groups):
            return self.rows.folded(keys)
        groups: dict[Key, list[Measured]] = {}
        for key, row in zip(keys, self.rows, strict=True):
            if key is not None:
                groups.setdefault(key, []).append(row.now)
        return {key: _added(self.metric, group) for key, group in groups.items()}


def _added(metric: Metric, group: Sequence[Measured]) -> Measured:
    sums: dict[str, float | None] = {}
    for measured in group:
        for part, amount in measured.sums.items():
            if amount is not None:
                sums[part] = (sums.get(part) or 0.0) + amount
    return Measured(metric, sums)
