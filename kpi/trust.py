"""When the data of a store are too bad to colour anything by: the quality gate of the status machine. (domain.md 3.1)

Two facts of each period: how many of the rows that the store sent have arrived (the others are in quarantine or were
lost), and how many of the rows that were checked have failed a check.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ARRIVED = 0.90
"""Fewer of the rows sent: in doubt."""
FAILED = 0.25
"""More of the rows checked: in doubt."""
ROWS_NEEDED = 20
"""Fewer rows tell nothing of a store's data."""
STORES = 0.10
"""A unit of many stores is in doubt when more of them are."""


def in_doubt(sent: Floats, arrived: Floats, checked: Floats, failed: Floats) -> Bools:
    """(stores, periods) sums of rows, NaN where nobody counted: that is no reason for doubt."""
    return _beyond(sent - arrived, sent, 1 - ARRIVED) | _beyond(failed, checked, FAILED)


def _beyond(bad: Floats, rows: Floats, share: float) -> Bools:
    with np.errstate(invalid="ignore"):
        found: Bools = (rows >= ROWS_NEEDED) & (bad > share * rows)
    return found


def with_later_runs(counts: Floats) -> Floats:
    """(stores, periods) where no run is known of a period, the next later one: a file brings all periods before it."""
    found = counts.copy()
    for period in range(found.shape[1] - 2, -1, -1):
        gap = np.isnan(found[:, period])
        found[gap, period] = found[gap, period + 1]
    return found
