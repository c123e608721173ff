"""Limits of many units over many periods: the declared ones, and over them what people have set for a unit from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kpi.metric import Band, Limits, Metric
from kpi.organisation import BELOW, OrgUnit
from kpi.status import sides

Floats = NDArray[np.float64]
LEVELS = tuple(BELOW)


class Override(Protocol):
    """Limits in force from a day on for a unit and all below it; None: the declared ones hold again."""

    @property
    def metric(self) -> str: ...
    @property
    def unit(self) -> OrgUnit: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def limits(self) -> Limits | Band | None: ...


class LimitsOver(NamedTuple):
    """(units, periods) each, NaN where none are declared; a side without a target is infinite."""

    good: tuple[Floats, Floats]
    critical: tuple[Floats, Floats]
    last: list[Limits | Band | None]
    """Of each unit, those in force in the last period."""


def limits_over(
    metric: Metric,
    last_days: Sequence[date],
    lineages: Sequence[Sequence[OrgUnit]],
    overrides: Iterable[Override] = (),
) -> LimitsOver:
    """`last_days` of the periods, ascending; of each unit its lineage from the network down. `overrides` come newest
    written first. The nearest unit that has any wins; of one unit the newest day in force, of one day the last written.
    """
    declared = [metric.limits_on(day) for day in last_days]
    every = [list(declared) for _ in lineages]
    own = [found for found in overrides if found.metric == metric.key]
    own.reverse()  # last written last: it is painted over the others
    own.sort(key=lambda found: (LEVELS.index(found.unit.kind), found.valid_from))
    for found in own:
        inside = [place for place, lineage in enumerate(lineages) if found.unit in lineage]
        for period, day in enumerate(last_days):
            if day >= found.valid_from:
                for place in inside:
                    every[place][period] = found.limits or declared[period]
    table = _table(metric, declared, every if own else [])
    return LimitsOver((table[0], table[1]), (table[2], table[3]), [row[-1] if row else None for row in every])


def _table(
    metric: Metric, declared: Sequence[Limits | Band | None], every: list[list[Limits | Band | None]]
) -> Floats:
    """(4, units, periods); (4, 1, periods) where all units have the declared ones."""
    rows = [[sides_of(metric, limits) for limits in row] for row in every or [list(declared)]]
    return np.moveaxis(np.array(rows, dtype=np.float64).reshape(len(rows), len(declared), 4), 2, 0)


def sides_of(metric: Metric, limits: Limits | Band | None) -> tuple[float, ...]:
    """Lower and upper limit of good, then those of critical; NaN where none are declared."""
    if limits is None:
        return (np.nan,) * 4
    good, critical = sides(limits, metric.direction)
    return (*good, *critical)
