"""What a series must have before anything is foretold from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

LARGEST = 1e12
"""A number beyond this is a fault of its source, not a quantity of anything that a store handles."""


class TooLittleHistory(ValueError):
    """Nothing honest can be said yet. `needed` and `found` count `what`."""

    def __init__(self, what: str, needed: int, found: int) -> None:
        super().__init__(f"too little history: {found} {what}, {needed} needed")
        self.what = what
        self.needed = needed
        self.found = found


def require(what: str, needed: int, found: int) -> None:
    """Raises TooLittleHistory where `found` is below `needed`."""
    if found < needed:
        raise TooLittleHistory(what, needed, found)


def as_table(values: Any) -> Floats:
    """(periods, series) as floats; what cannot be a quantity (negative, infinite, beyond LARGEST) becomes NaN.

    Raises ValueError for anything but two dimensions.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"a table of (periods, series) is wanted, not {table.ndim} dimensions")
    wrong = ~((table >= 0) & (table <= LARGEST))
    return np.where(wrong, np.nan, table) if wrong.any() else table
