"""The sums of each week as they would have been without its holidays, for the control charts (kpi/ordinary.py).

One more SELECT a source: its days, all stores of one size together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from sqlalchemy import func, literal_column, select

from data_access.chinese_calendar import Known, calendar_rows, known
from data_access.dialects import moment
from data_access.schema import CALENDAR_DAY, METADATA, STORE
from data_access.statuses.sums import WEEK, Columns, Floats, Of, Sums
from kpi import catalog
from kpi.metric import Level, Metric
from kpi.ordinary import week_factors


def calendar_of(of: Of, columns: Columns, first: date, last: date) -> Known:
    """The days of the statuses: from the table of days, and where it ends from the product's own calendar."""
    return known(first, last, columns(calendar_rows(of(CALENDAR_DAY), first, last)))


def in_ordinary_weeks(
    of: Of,
    columns: Columns,
    sums: Sums,
    metrics: Sequence[Metric],
    stores: Mapping[str, Mapping[str, str]],
) -> Sums:
    """`sums` without what the calendar did to them. Levels do not come and go with days: theirs stay as they are."""
    if any(isinstance(metric.formula, Level) for metric in metrics):
        return sums
    first = date.fromordinal(sums.first_monday)
    last = date.fromordinal(sums.first_monday + WEEK * sums.weeks - 1)
    calendar = calendar_of(of, columns, first, last)
    sizes = sorted({store["tier"] for store in stores.values()} | {""})
    row_size = np.array([sizes.index((stores.get(store) or {}).get("tier", "")) for _, store in sums.keys])
    daily = _daily(of, columns, sums, metrics[0].source, sizes)
    return replace(
        sums,
        parts={
            part: values / week_factors(daily[part], calendar.days)[row_size]
            for part, values in sums.parts.items()
        },
    )


def _daily(of: Of, columns: Columns, sums: Sums, source_key: str, sizes: Sequence[str]) -> dict[str, Floats]:
    """(sizes, days) the sums of each part."""
    source = catalog.source(source_key)
    table, store = of(METADATA.tables[source.table]), of(STORE)
    day = table.c[source.day_column]
    first, count = date.fromordinal(sums.first_monday), WEEK * sums.weeks
    last = date.fromordinal(sums.first_monday + count - 1)
    size = func.coalesce(store.c.tier, "")
    found = columns(
        select(
            size.label("size_"),
            day.label("day_"),
            *(func.sum(literal_column(f"({part})")).label(f"p{i}") for i, part in enumerate(sums.parts)),
        )
        .select_from(table.join(store, table.c[source.store_column] == store.c.store_id))
        .where(day.between(moment(first), moment(last)))
        .group_by(size, day)
    )
    at = np.array([sizes.index(each) for each in found[0]], dtype=np.int64)
    when = np.asarray(found[1], dtype=np.int64) - sums.first_monday
    daily = {}
    for part, values in zip(sums.parts, found[2:], strict=True):
        daily[part] = np.full((len(sizes), count), np.nan)
        daily[part][at, when] = values
    return daily
