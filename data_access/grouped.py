"""The rows of a SELECT become the sums of each of its windows, by group: what answers are cut from and the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_access.compile import MEMBER, PERIOD, WINDOWS, Asked, Wanted, Window
from kpi.answer import Groups
from kpi.metric import Where

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """The sums of each window: (groups, conditions and sums), NaN over no rows."""

    periods: Sequence[date | None]
    members: Sequence[str | None]
    windows: Mapping[Window, Floats]
    places: Mapping[tuple[str | None, str], int]
    """The column of a sum, over the rows that fulfil a condition or over all."""

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

        def added(bits: int) -> Floats:
            which = np.flatnonzero(lies_in & bits == bits)
            return _added(sums[which], group[which], rows)

        # All sums over all rows of a window, then all over those that fulfil each condition.
        tests = [0, *(1 << len(asked.windows) + place for place in range(len(asked.conditions)))]
        return cls(
            periods=pd.DatetimeIndex(keys[PERIOD][heads]).date.tolist() if PERIOD in keys else nothing,
            members=[str(member) for member in keys[MEMBER][heads]] if MEMBER in keys else nothing,
            windows={
                window: np.hstack([added(1 << place | test) for test in tests])
                for place, window in enumerate(asked.windows)
            },
            places={
                (condition, str(sql)): place
                for place, (condition, sql) in enumerate(product((None, *asked.conditions), asked.sums))
            },
        )

    def rows_of(self, one: Wanted) -> Groups:
        """The groups of one metric, now and in the comparison."""
        parts = one.metric.parts()
        columns = [self._place(sql) for sql in parts.values()]
        now, *then = (self.windows[window][:, columns] for window in one.windows())
        return Groups(one.metric, tuple(parts), now, then[0] if then else None, self.periods, self.members)

    def _place(self, sql: str) -> int:
        apart = (sql.condition, sql.column) if isinstance(sql, Where) else (None, str(sql))
        return self.places[apart] if apart in self.places else self.places[None, str(sql)]


def _added(sums: Floats, group: NDArray[np.intp], groups: int) -> Floats:
    """(groups, parts): the sums of the rows of each group, which stand together; NaN where none knows a value."""
    found = np.full((groups, sums.shape[1]), np.nan)
    firsts = np.flatnonzero(np.diff(group, prepend=-1))
    if len(firsts):
        missing = np.isnan(sums)
        added = np.add.reduceat(np.where(missing, 0.0, sums), firsts, axis=0)
        found[group[firsts]] = np.where(np.logical_and.reduceat(missing, firsts, axis=0), np.nan, added)
    return found
