"""A group against a control group: the difference of two proportions, and what chance leaves open.

Newcombe 1998, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
method 10: the square-and-add interval of two Wilson intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from kpi.statistics import Interval, wilson

CONFIDENCE = 0.90


@dataclass(frozen=True)
class Effect:
    """`difference` is the group's share less the control's; the true one lies in `interval` with the confidence asked."""

    difference: float
    interval: Interval

    @property
    def real(self) -> bool:
        """Chance alone does not explain it."""
        return self.interval.low > 0 or self.interval.high < 0


def effect(
    hits: float, n: float, control_hits: float, control_n: float, confidence: float = CONFIDENCE
) -> Effect | None:
    """None when either group is empty."""
    if n <= 0 or control_n <= 0:
        return None
    p, q = hits / n, control_hits / control_n
    group, control = wilson(hits, n, confidence), wilson(control_hits, control_n, confidence)
    low = p - q - sqrt((p - group.low) ** 2 + (control.high - q) ** 2)
    high = p - q + sqrt((group.high - p) ** 2 + (q - control.low) ** 2)
    return Effect(p - q, Interval(low, high))
