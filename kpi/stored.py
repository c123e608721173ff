"""What the status machine said of a metric at one unit when the data was published, and where that unit stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpi.metric import Band, Limits
from kpi.ranking import Tier
from kpi.state import Reason, Side, Status
from kpi.variation import Assurance, Variation


@dataclass(frozen=True)
class Place:
    """Where a unit stands among all units of its kind; 1 is the best. Shrunken, so that small units do not lead by luck."""

    shrunken: float
    rank: int
    low: int
    high: int
    """The true rank lies between low and high with 90 % confidence."""
    of: int
    tier: Tier
    peers: str
    """What its peers have in common: size, type, climate. Its tier is among them, its rank among all."""
    apart: int
    """1 clearly better than all together, -1 clearly worse, 0 not to be told from ordinary spread (5 % false discoveries)."""
    moved: int
    """1 gained on the others against the weeks before, -1 lost, with P > 0.9; else 0."""


@dataclass(frozen=True)
class StoredStatus:
    """One row of the table `status`. A tile, a map dot, a rank, an export and an alert read this and nothing else."""

    status: Status
    reason: Reason
    day: date
    """Last day of the last period it speaks of."""
    since: date | None
    """The day on which the status was first known."""
    previous: Status
    times: int
    """The how manieth time this quarter that it is so."""
    side: Side | None
    value: float | None
    """Of the last periods together, which the status was made from."""
    n: int
    low: float | None
    high: float | None
    """95 % interval of the value; None for a census."""
    probability: float | None
    """P(truly worse than the target); None for a census."""
    variation: Variation
    assurance: Assurance
    guard_red: bool
    """The metric that suffers when this one is gamed is red: a green counts half."""
    limits: Limits | Band
    """Those in force; their `since` names the version."""
    place: Place | None = None

    def days(self, until: date) -> int:
        """How long it has been so, the first and the last day counted; 0 without a beginning."""
        return max((until - self.since).days + 1, 1) if self.since else 0
