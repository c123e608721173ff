"""The rows of a SELECT become the sums of each of its windows, by group: what answers are cut from and the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_access.compile import MEMBER, PERIOD, WINDOWS, Asked, Wanted, Window
from kpi.answer import Groups

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """The sums of each window: (groups, parts), NaN over no rows."""

    periods: Sequence[date | None]
    members: Sequence[str | None]
    windows: Mapping[Window, Floats]
    places: Mapping[str, int]

    @classmethod
    def of(cls, frame: pd.DataFrame, asked: Asked) -> Columns:
        keys = {name: frame[name].to_numpy() for name in (PERIOD, MEMBER) if name in frame.columns}
        lies_in = frame[WINDOWS].to_numpy(np.int64)
        # The sums come last and all at once: to take columns out of a frame one by one is slow.
        sums = frame.iloc[:, len(keys) + 1 :].to_numpy(np.float64)
        # The rows of a group stand together; without groups there is one, even of no rows.
        firsts = np.arange(len(frame)) == 0
        for values in keys.values():
            firsts[1:] |= values[1:] != values[:-1]
        group = np.cumsum(firsts) - 1
        heads, rows = np.flatnonzero(firsts), int(firsts.sum()) if keys else 1
        nothing = [None] * rows

        bits, columns = np.array(list(asked.parts.values()), dtype=np.int64).T

        def of_window(bit: int) -> Floats:
            found = np.empty((rows, len(columns)))
            for test in np.unique(bits):
                parts, which = bits == test, np.flatnonzero(lies_in & (bit | test) == bit | test)
                found[:, parts] = _added(sums[np.ix_(which, columns[parts])], group[which], rows)
            return found

        return cls(
            periods=pd.DatetimeIndex(keys[PERIOD][heads]).date.tolist() if PERIOD in keys else nothing,
            members=[str(member) for member in keys[MEMBER][heads]] if MEMBER in keys else nothing,
            windows={window: of_window(1 << place) for place, window in enumerate(asked.windows)},
            places={str(sql): place for place, sql in enumerate(asked.parts)},
        )

    def rows_of(self, one: Wanted) -> Groups:
        """The groups of one metric, now and in the comparison."""
        parts = one.metric.parts()
        columns = [self.places[sql] for sql in parts.values()]
        now, *then = (self.windows[window][:, columns] for window in one.windows())
        return Groups(one.metric, tuple(parts), now, then[0] if then else None, self.periods, self.members)


def _added(sums: Floats, group: NDArray[np.intp], groups: int) -> Floats:
    """(groups, parts): the sums of the rows of each group, which stand together; NaN where none knows a value."""
    found = np.full((groups, sums.shape[1]), np.nan)
    firsts = np.flatnonzero(np.diff(group, prepend=-1))
    if len(firsts):
        missing = np.isnan(sums)
        added = np.add.reduceat(np.where(missing, 0.0, sums), firsts, axis=0)
        found[group[firsts]] = np.where(np.logical_and.reduceat(missing, firsts, axis=0), np.nan, added)
    return found
