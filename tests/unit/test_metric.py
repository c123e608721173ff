"""Windows of a metric, and the catalogue's own consistency."""

from __future__ import annotations

import re
from datetime import date

import pytest

from data_access import schema
from data_access.compile import TABLES
from kpi.catalog import DIMENSIONS, METRICS, SOURCES, metric
from kpi.errors import UnknownName
from kpi.question import Period

LAST = date(2026, 11, 19)
MONTH = Period(date(2026, 11, 1), LAST)
WORDS_OF_SQL = {
    "case",
    "when",
    "then",
    "else",
    "end",
    "date",
    "greatest",
    "coalesce",
    "and",
    "or",
    "not",
    "is",
    "null",
    "interval",
}


def test_a_window_is_mature_and_wide_enough():
    assert metric("revenue").window(MONTH, LAST) == MONTH
    assert metric("nps").window(MONTH, LAST) == Period(date(2026, 10, 23), LAST)
    assert metric("ftfr_30d").window(MONTH, LAST) == Period(date(2026, 9, 23), date(2026, 10, 20))
    assert metric("ftfr_48h").window(MONTH, LAST) == Period(date(2026, 10, 21), date(2026, 11, 17))


def test_a_period_that_is_long_past_is_mature_as_it_stands():
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    assert metric("ftfr_30d").window(september, LAST) == september


def test_an_unknown_metric_suggests_the_nearest_name():
    with pytest.raises(UnknownName, match="revenue"):
        metric("revenu")


def test_the_catalogue_closes_over_itself():
    tables = TABLES
    assert {one.source for one in METRICS.values()} <= set(SOURCES)
    assert {one.guard for one in METRICS.values()} - {None} <= set(METRICS)
    assert {dimension.drills_into for dimension in DIMENSIONS.values()} - {None} <= set(DIMENSIONS)
    for source in SOURCES.values():
        assert {source.day_column, source.store_column} <= set(tables[source.table].c.keys())
    for key, one in METRICS.items():
        assert key == one.key
        assert re.fullmatch(r"[a-z][a-z0-9_]+", key)


@pytest.mark.parametrize("key", METRICS)
def test_every_part_of_a_metric_names_columns_of_its_source_only(key):
    one = metric(key)
    columns = set(TABLES[one.source].c.keys())
    shared = columns & (set(schema.STORE.c.keys()) | set(schema.PART.c.keys()))
    for sql in one.parts().values():
        words = set(re.findall(r"[a-z_][a-z0-9_]*", re.sub(r"'[^']*'", "", sql))) - WORDS_OF_SQL
        assert words <= columns
        assert not words & shared  # a joined table must not make a name ambiguous
