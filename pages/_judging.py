"""What a view shows is judged here, by what the status machine stored or by the level of the view's own days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, g

from data_access.held import Held, Key
from kpi.answer import Answer, Measured
from kpi.glance import Glance, glance
from kpi.metric import Band, Limits
from kpi.organisation import OrgUnit
from kpi.verdict import Verdict, judge
from operations.targets import InForce, Targets
from pages._request import View, desk, now, scope


@dataclass(frozen=True)
class Judge:
    """Judges what a view shows, the one source of every colour in it.

    The stored status speaks where the view ends with the last complete day. What happened in a past period, or in a mix
    of stores that is no unit, is judged by itself, by the limits that were in force then.
    """

    view: View
    held: Held
    at: datetime
    last_day: date
    """The last complete day."""
    in_force: InForce | None = None
    """The limits that people have set for the metrics."""

    def __call__(self, answer: Answer, measured: Measured, member: str | None = None) -> Verdict:
        """The verdict on the whole view, or on one member of its split."""
        place = self._place(answer, member)
        _, kind, unit = place
        stored = self.held.get(place) if self._may_speak(answer, kind) else None
        return judge(measured, stored=stored, limits=self._limits(answer, kind, unit), **self._times(answer))

    def glance(self, answer: Answer) -> Glance:
        """The same of every member, told at less cost: for picking a few of many."""
        kind = answer.question.split or ""
        stored = (
            self.held.stored(answer.metric, kind, answer.members) if self._may_speak(answer, kind) else None
        )
        limits = [self._limits(answer, kind, member) for member in answer.members] if self.in_force else None
        return glance(answer, stored=stored, limits=limits, **self._times(answer))

    def _place(self, answer: Answer, member: str | None) -> Key:
        """What is judged: the metric, the kind of unit and the unit."""
        unit = self.view.unit
        kind, key = (unit.kind, unit.member) if member is None else (answer.question.split or "", member)
        return answer.metric.key, kind, key

    def _may_speak(self, answer: Answer, kind: str) -> bool:
        """Whether a stored status speaks of these days and these stores."""
        return answer.question.period.last == self.last_day and (not self.view.kinds or kind in SINGLE)

    def _times(self, answer: Answer) -> dict[str, Any]:
        return {"day": answer.window.last, "as_of": answer.as_of, "now": self.at}

    def _limits(self, answer: Answer, kind: str, member: str | None) -> Limits | Band | None:
        """Those that were in force for the unit, where people have set any."""
        if self.in_force is None:
            return None
        return self.in_force.limits(answer.metric, OrgUnit(kind, member or ""), answer.window.last)


SINGLE = ("store", "technician")
"""Kinds of units that a filter of stores takes whole or leaves."""


def judging(view: View, metrics: Sequence[str], *kinds: str | None) -> Judge:
    """A judge who knows what is stored of the metrics at the units of some kinds inside the view."""
    wanted = [kind for kind in kinds if kind]
    held = desk().statuses(metrics, wanted, view.only, scope())
    if "overrides" not in g:
        g.overrides = Targets(current_app.extensions["state"]).every()
    overrides = [found for found in g.overrides if found.metric in metrics]
    own = [unit for unit, _ in desk().lineage(view.unit, scope())] if overrides else []
    in_force = InForce(overrides, own, desk().sites(view.only, scope())) if overrides else None
    return Judge(view, held, now(), desk().last_complete_day, in_force)
