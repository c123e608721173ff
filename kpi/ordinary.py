"""Weeks as they would have been without their holidays: what a control chart may take for the process itself.

A week of the Spring Festival is no signal (domain.md 3.2): each part of a metric is divided by what the calendar alone
makes of it. The profile is fitted to the days of all stores of one size together, for small ones shut where large ones
stay open, and a ratio of both would tell who was open instead of how they work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.calendar_profile import Days, fit_one

Floats = NDArray[np.float64]

WEEK = 7
DAYS_NEEDED = 56
"""A shorter history says nothing of the calendar."""
NOTHING_LEFT = 0.05
"""Of an ordinary week: what happened in less of a week says nothing of the process."""


def day_shape(daily: Floats, days: Days, wanted: Days | None = None) -> Floats | None:
    """(wanted,) what days bring relative to an ordinary one; None where too little is known of the past.

    `daily` (days,) are sums of the past, NaN where nothing is known; `wanted` are by default the same days.
    """
    seen = daily[~np.isnan(daily)]
    if len(seen) < DAYS_NEEDED or not (seen > 0).any():
        return None
    found: Floats = fit_one(daily, days).shape(wanted or days)[0]
    return found


def week_factors(daily: Floats, days: Days) -> Floats:
    """(groups, weeks) by what each week's sums are to be divided; 1 where nothing is known, NaN where next to nothing of
    an ordinary week is left. `daily` is (groups, days); the days begin with a Monday and make whole weeks."""
    found = np.ones((len(daily), len(days) // WEEK))
    for group, sums in enumerate(daily):
        shape = day_shape(sums, days)
        if shape is not None:
            found[group] = shape.reshape(-1, WEEK).mean(axis=1)
    return np.where(found < NOTHING_LEFT, np.nan, found)
