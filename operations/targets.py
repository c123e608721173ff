"""Targets and limits that people set: dated, for one unit and what lies below it, never rewriting history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import func, select

from kpi import catalog
from kpi.metric import Band, Limits, Metric
from kpi.organisation import BELOW, OrgUnit, Site
from operations.errors import BadTarget
from operations.state import State
from operations.tables import TargetOverride


@dataclass(frozen=True)
class Override:
    """Limits in force from `limits.since` on for a unit; None says that the declared ones hold again."""

    metric: str
    unit: OrgUnit
    valid_from: date
    limits: Limits | Band | None
    who: str
    when: datetime
    why: str


@dataclass(frozen=True)
class Targets:
    """What people have set, beside what the catalogue declares."""

    state: State

    def every(self) -> tuple[Override, ...]:
        """All that was ever set, the newest first."""
        with self.state.read() as session:
            rows = session.scalars(select(TargetOverride).order_by(TargetOverride.id.desc()))
            return tuple(_override(row) for row in rows)

    def stamp(self) -> int:
        """Moves with every change: part of the key of whatever was judged with these limits."""
        with self.state.read() as session:
            return session.scalar(select(func.max(TargetOverride.id))) or 0

    def limits(self, metric: Metric, lineage: Sequence[OrgUnit], day: date) -> Limits | Band | None:
        """The limits for a unit on a day: of the nearest unit in its lineage that has any, else the declared ones.

        `lineage` goes from the network down to the unit. Several rows of one unit: the newest day in force, and of one
        day the row that was written last.
        """
        return in_force(self.every(), metric, lineage, day)

    def set(self, override: Override) -> None:
        """Writes one down. Raises BadTarget, or UnknownName for a metric that does not exist."""
        _check(override)
        with self.state.change() as session:
            session.add(
                TargetOverride(
                    metric=override.metric,
                    unit=str(override.unit),
                    valid_from=override.valid_from,
                    set_by=override.who,
                    set_at=override.when,
                    why=override.why,
                    withdrawn=override.limits is None,
                    **_columns(override.limits),
                )
            )


@dataclass(frozen=True)
class InForce:
    """What people have set, for a unit and all units below it."""

    overrides: Sequence[Override]
    """The newest first."""
    own: Sequence[OrgUnit]
    """The unit, after those above it from the network down."""
    sites: Sequence[Site]
    """Its stores."""

    def limits(self, metric: Metric, unit: OrgUnit, day: date) -> Limits | Band | None:
        """Those of a unit on a day; what is no unit of place (a technician, an hour) is judged as the whole is."""
        return in_force(self.overrides, metric, self._lineages.get(unit, self.own), day)

    @cached_property
    def _lineages(self) -> dict[OrgUnit, Sequence[OrgUnit]]:
        found: dict[OrgUnit, Sequence[OrgUnit]] = {}
        for site in self.sites:
            places = (site.region, site.province, site.city, site.store_id)
            line = [OrgUnit(), *map(OrgUnit, list(BELOW)[1:], places)]
            found |= {unit: line[: depth + 1] for depth, unit in enumerate(line)}
        return found | {self.own[-1]: self.own}


def in_force(
    overrides: Sequence[Override], metric: Metric, lineage: Sequence[OrgUnit], day: date
) -> Limits | Band | None:
    """As Targets.limits, from overrides already read; they come newest first."""
    for unit in reversed(lineage):
        set_here = [
            found
            for found in overrides
            if found.metric == metric.key and found.unit == unit and found.valid_from <= day
        ]
        if set_here:
            newest = max(set_here, key=lambda found: found.valid_from)
            return newest.limits or metric.limits_on(day)
    return metric.limits_on(day)


def _check(override: Override) -> None:
    metric = catalog.metric(override.metric)
    if override.limits is None:
        return
    try:
        metric.check(override.limits)
    except ValueError as error:
        raise BadTarget(public=BadTarget.public.filled(why=str(error))) from None


def _columns(limits: Limits | Band | None) -> dict[str, float | None]:
    names = ("good", "critical", "good_high", "critical_high")
    if isinstance(limits, Band):
        (low, high), (least, most) = limits.good, limits.critical
        return dict(zip(names, (low, least, high, most), strict=True))
    return dict(
        zip(names, (limits.good, limits.critical, None, None) if limits else (None,) * 4, strict=True)
    )


def _override(row: TargetOverride) -> Override:
    return Override(
        row.metric,
        OrgUnit.parse(row.unit),
        row.valid_from,
        None if row.withdrawn else _limits(row),
        row.set_by,
        row.set_at,
        row.why,
    )


def _limits(row: TargetOverride) -> Limits | Band:
    good, critical = row.good or 0.0, row.critical or 0.0
    if row.good_high is None or row.critical_high is None:
        return Limits(good, critical, row.valid_from)
    return Band((good, row.good_high), (critical, row.critical_high), row.valid_from)
