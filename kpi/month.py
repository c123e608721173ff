"""Where a month should stand today: pace to its plan over opening days, and where it ends at this pace. (domain.md 3.3)

The plan of a day is the month's, spread over the opening days of each store as finance weights them; so the plan of the
days that are over is what should be reached by now, and a holiday or a closed week needs no correction. Where the month
ends follows from what its days usually bring (kpi/usual.py): finance may have spread the plan otherwise.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from kpi.answer import Measured
from kpi.question import Period


@dataclass(frozen=True)
class MonthPace:
    """Shares of the month's plan."""

    plan: float
    """Of the whole month."""
    due: float
    """What should be reached by now."""
    reached: float
    over: float | None = None
    """What part of the month its days so far usually bring; None: what they should bring by the plan."""

    @property
    def projected(self) -> float:
        """Where the month ends at this pace."""
        return self.reached / (self.over or self.due)


def whole_month(day: date) -> Period:
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def month_pace(so_far: Measured, month: Measured, over: float | None = None) -> MonthPace | None:
    """`so_far` is the metric over the month's days that are over, `month` over all its days; None without a plan."""
    plan, due = month.plan, so_far.plan
    if so_far.value is None or not plan or not due:
        return None
    return MonthPace(plan, due / plan, so_far.value / plan, over)
