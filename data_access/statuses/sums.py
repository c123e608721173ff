"""Sums of the parts of metrics by week, as the rollups of one part have them: one SELECT a source, at its finest level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, FromClause, Select, Table, func, literal_column, select

from data_access.dialects import moment, period_start
from data_access.schema import METADATA
from kpi import catalog
from kpi.metric import Level, Metric
from kpi.weekly import Periods

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Of = Callable[[Table], FromClause]
Columns = Callable[[Select[Any]], Sequence[Any]]
"""What a query finds, by column (data_access/storage)."""

WEEK = 7
ROUND = 52
"""History begins anew at every 52nd week, with 52 to 104 weeks before the present: a status has no longer memory."""
MONDAY = date(1970, 1, 5).toordinal()


@dataclass(frozen=True)
class Sums:
    """Sums of the parts of some metrics: (finest, weeks) each, by the SQL of the part."""

    finest: str
    """store or technician"""
    keys: list[tuple[str, str]]
    """Unit key and store of each finest row."""
    first_monday: int
    weeks: int
    parts: Mapping[str, Floats]

    @classmethod
    def read(cls, of: Of, columns: Columns, metrics: Sequence[Metric], complete_day: date) -> Sums | None:
        """None when there is no complete week yet."""
        source = catalog.source(metrics[0].source)
        table = of(METADATA.tables[source.table])
        day = table.c[source.day_column]
        first, last = reach(complete_day)
        store = table.c[source.store_column]
        finest, keys = "store", [store]
        if "technician_id" in table.c:
            finest, keys = "technician", [table.c.technician_id, store]
        sql = list(dict.fromkeys(part for metric in metrics for part in metric.parts().values()))
        wanted: list[ColumnElement[Any]] = [
            func.sum(literal_column(f"({part})")).label(f"p{place}") for place, part in enumerate(sql)
        ]
        week = period_start("week", day)
        query = (
            select(*(key.label(f"k{place}") for place, key in enumerate(keys)), week.label("week_"), *wanted)
            .where(day.between(moment(first), moment(last)))
            .group_by(*keys, week)
        )
        if any(isinstance(metric.formula, Level) for metric in metrics):
            query = query.where(day.in_(_newest(table, day, first, last)))
        return cls._of(columns(query), finest, len(keys), sql, last)

    @classmethod
    def _of(cls, found: Sequence[Any], finest: str, keys: int, sql: list[str], last: date) -> Sums | None:
        names = list(zip(found[0], found[keys - 1], strict=True))
        if not names:
            return None
        order = sorted(set(names))
        place = {name: index for index, name in enumerate(order)}
        days: Ints = found[keys]
        monday = int(days.min())
        shape = len(order), (last.toordinal() + 1 - monday) // WEEK
        at, when = np.array([place[name] for name in names]), (days - monday) // WEEK
        parts = {}
        for part, values in zip(sql, found[keys + 1 :], strict=True):
            parts[part] = np.full(shape, np.nan)
            parts[part][at, when] = values
        return cls(finest, order, monday, shape[1], parts)


def reach(complete_day: date) -> tuple[date, date]:
    """First and last day of the weeks to judge."""
    end = complete_day.toordinal() + 1 - MONDAY
    weeks = end // WEEK
    first = max(weeks // ROUND - 1, 0) * ROUND
    return date.fromordinal(MONDAY + WEEK * first), date.fromordinal(MONDAY + WEEK * weeks - 1)


def _newest(table: FromClause, day: Any, first: date, last: date) -> Select[Any]:
    """The day that stands for each week of a table of levels."""
    every = table.alias("every_day").c[day.name]
    return (
        select(func.max(every))
        .where(every.between(moment(first), moment(last)))
        .group_by(period_start("week", every))
    )


def periods_of(metric: Metric, sums: Sums, complete_day: date) -> tuple[Periods, dict[str, Floats]]:
    """The metric's own periods, as far as they are final, and its parts in them."""
    skipped, each, count = _cut(metric, sums, complete_day)
    last = sums.first_monday + WEEK * (skipped + each * np.arange(1, count + 1, dtype=np.int64)) - 1
    parts = {
        name: in_periods(metric, sums, complete_day, sums.parts[sql]) for name, sql in metric.parts().items()
    }
    return Periods(last, last + metric.maturity_days), parts


def in_periods(metric: Metric, sums: Sums, complete_day: date, weekly: Floats) -> Floats:
    """(rows, periods) the sums of (rows, weeks), NaN where no week has any."""
    skipped, each, count = _cut(metric, sums, complete_day)
    blocks = weekly[:, skipped : skipped + count * each].reshape(len(weekly), count, each)
    return np.where(np.isnan(blocks).all(axis=2), np.nan, np.nansum(blocks, axis=2))


def _cut(metric: Metric, sums: Sums, complete_day: date) -> tuple[int, int, int]:
    """How many weeks come before the first period, the weeks of each, and how many periods are final."""
    each = metric.period_days // WEEK
    # Periods of four weeks begin at the same weeks for ever.
    skipped = -((sums.first_monday - MONDAY) // WEEK) % each
    final = (complete_day.toordinal() - metric.maturity_days + 1 - sums.first_monday) // WEEK
    return skipped, each, max((min(final, sums.weeks) - skipped) // each, 0)
