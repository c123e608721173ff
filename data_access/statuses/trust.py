"""What is known of the quality of each store's data, week by week: what the status machine's quality gate reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, Table, func, select

from data_access.dialects import moment, period_start
from data_access.schema import QUALITY_RESULT, SYNC_RUN
from data_access.statuses.sums import WEEK, Columns, Floats, Of, Sums, in_periods
from kpi.metric import Metric
from kpi.trust import in_doubt, with_later_runs

COUNTED = ((SYNC_RUN, ("rows_source", "rows_loaded")), (QUALITY_RESULT, ("rows_checked", "rows_failed")))


@dataclass(frozen=True)
class Trust:
    """(stores, weeks) rows sent, arrived, checked and failed, from a Monday on."""

    stores: Mapping[str, int]
    """The row of each store."""
    first_monday: int
    counts: tuple[Floats, ...]

    @classmethod
    def read(cls, of: Of, columns: Columns, stores: Mapping[str, Any], first_monday: int) -> Trust:
        place = {store: row for row, store in enumerate(stores)}
        found = [columns(_weekly(of, table, names, first_monday)) for table, names in COUNTED]
        weeks = 1 + max(
            (int(days.max() - first_monday) // WEEK for _, days, *_ in found if len(days)), default=0
        )
        counts = []
        for keys, days, *amounts in found:
            inside = np.array([key in place for key in keys], dtype=np.bool_)
            rows = np.array([place[key] for key in keys if key in place], dtype=np.int64)
            when = (np.asarray(days, dtype=np.int64)[inside] - first_monday) // WEEK
            for amount in amounts:
                table = np.full((len(place), weeks), np.nan)
                table[rows, when] = np.asarray(amount, dtype=np.float64)[inside]
                counts.append(table)
        sent, arrived = (with_later_runs(table) for table in counts[:2])
        return cls(place, first_monday, (sent, arrived, *counts[2:]))

    def doubt(self, metric: Metric, sums: Sums, complete_day: date) -> Floats:
        """(finest, periods) 1 where the data of a row's store are in doubt, in the metric's own periods."""
        skipped = (sums.first_monday - self.first_monday) // WEEK
        # The last row is of stores that nothing is known of.
        rows = np.array([self.stores.get(store, -1) for _, store in sums.keys])
        counts = []
        for table in self.counts:
            within = np.full((len(table) + 1, sums.weeks), np.nan)
            cut = table[:, skipped : skipped + sums.weeks]
            within[:-1, : cut.shape[1]] = cut
            counts.append(in_periods(metric, sums, complete_day, within))
        found: Floats = in_doubt(*counts)[rows].astype(np.float64)
        return found


def _weekly(of: Of, counted: Table, names: tuple[str, ...], first_monday: int) -> Select[Any]:
    table = of(counted)
    week = period_start("week", table.c.day)
    return (
        select(
            table.c.store_id, week.label("week_"), *(func.sum(table.c[name]).label(name) for name in names)
        )
        .where(table.c.day >= moment(date.fromordinal(first_monday)))
        .group_by(table.c.store_id, week)
    )
