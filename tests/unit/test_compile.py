"""What a question becomes: one SELECT a source, with the scope in it, asking for no more days than it needs."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sqlalchemy.dialects import postgresql

from data_access.compile import Wanted, selects
from data_access.grouped import Columns
from data_access.scope import Scope
from kpi.catalog import metric
from kpi.question import Grain, Period, Question

LAST = date(2026, 11, 19)
MONTH = Period(date(2026, 11, 1), LAST)


def sql(question, scope=None):
    [asked] = selects(question, LAST, scope or Scope.everything())
    compiled = asked.query.params(asked.days).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return " ".join(str(compiled).split())


def test_each_metric_is_summed_over_its_own_days_and_only_those_are_read():
    text = sql(Question(metrics=("revenue", "ftfr_30d"), period=MONTH))
    assert "CASE WHEN (store_day.day BETWEEN '2026-11-01' AND '2026-11-19') THEN 1 ELSE 0 END" in text
    assert "CASE WHEN (store_day.day BETWEEN '2026-09-23' AND '2026-10-20') THEN 2 ELSE 0 END" in text
    assert "sum((revenue)) AS s0" in text and "sum((fix_eligible - returned_30d))" in text
    where = text.split(" WHERE ", 1)[1]
    assert (
        "BETWEEN '2026-09-23' AND '2026-10-20' OR store_day.day BETWEEN '2026-11-01' AND '2026-11-19'"
        in where
    )


def test_days_that_meet_are_read_as_one_span_within_the_whole():
    text = sql(
        Question(metrics=("revenue",), period=MONTH, compare=Period(date(2026, 10, 4), date(2026, 10, 22)))
    )
    where = text.split(" WHERE ", 1)[1]
    assert where.startswith("store_day.day BETWEEN '2026-10-04' AND '2026-11-19' AND (store_day.day BETWEEN")
    text = sql(
        Question(metrics=("revenue",), period=MONTH, compare=Period(date(2026, 10, 13), date(2026, 10, 31)))
    )
    where, _ = text.split(" WHERE ", 1)[1].split(" GROUP BY ")
    assert where == "store_day.day BETWEEN '2026-10-13' AND '2026-11-19'"


def test_a_store_is_said_of_the_source_and_the_table_of_stores_is_joined_where_it_tells_something():
    text = sql(Question(metrics=("revenue",), period=MONTH, only=(("store", ("S1",)),)))
    assert "store_day.store_id IN ('S1')" in text and "JOIN" not in text
    by_store = sql(Question(metrics=("revenue",), period=MONTH, split="store"))
    assert "store_day.store_id AS member" in by_store and "JOIN" not in by_store
    assert "JOIN" in sql(Question(metrics=("revenue",), period=MONTH, split="store"), Scope.of_stores("S1"))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.of_regions("north", "east"), "store.region IN ('east', 'north')"),
        (Scope.of_stores("S2", "S1"), "store.store_id IN ('S1', 'S2')"),
        (Scope(), "false"),
        (
            Scope(regions=frozenset({"north"}), stores=frozenset({"S1"})),
            "store.region IN ('north') AND store.store_id IN ('S1')",
        ),
    ],
)
def test_the_scope_is_in_the_query(scope, expected):
    assert expected in sql(Question(metrics=("revenue",), period=MONTH), scope)


def test_seeing_everything_adds_no_condition():
    assert " IN (" not in sql(Question(metrics=("revenue",), period=MONTH))


def test_a_split_and_a_filter_use_the_store_they_are_joined_to():
    text = sql(
        Question(
            metrics=("revenue",), period=MONTH, split="city", only=(("region", ("north",)),), grain=Grain.WEEK
        )
    )
    assert "store.city AS member" in text
    assert "store.region IN ('north')" in text
    assert "JOIN store ON store_day.store_id = store.store_id" in text
    assert "date_trunc('week', store_day.day)" in text


def test_a_level_is_taken_on_the_newest_day_that_has_one():
    text = sql(Question(metrics=("overdue_30d",), period=MONTH))
    assert "customer_day.day = (SELECT max(every_day.day)" in text


def test_a_part_is_summed_once_for_all_windows():
    text = sql(Question(metrics=("revenue", "gross_margin"), period=MONTH, compare=MONTH.shifted(-28)))
    assert text.count("sum((revenue))") == 1


def test_a_matured_metric_is_compared_with_days_as_far_back_as_the_others():
    """To 19 November repairs are known until 20 October: four weeks before is 22 September, not 20 October again."""
    question = Question(metrics=("ftfr_30d",), period=MONTH, compare=MONTH.shifted(-28))
    wanted = Wanted.of(metric("ftfr_30d"), question, LAST)
    assert wanted.now == Period(date(2026, 9, 23), date(2026, 10, 20))
    assert wanted.then == Period(date(2026, 8, 26), date(2026, 9, 22))


def test_questions_of_one_shape_share_their_sql_and_bind_each_day_once():
    def asked(metrics, period, compare):
        [found] = selects(Question(metrics=metrics, period=period, compare=compare), LAST, Scope.everything())
        return found

    keys = ("revenue", "cost")
    one = asked(keys, MONTH, MONTH.shifted(-28))
    assert sorted(one.days.values()) == [date(2026, 10, 4), date(2026, 10, 22), MONTH.first, LAST]
    other = asked(keys, MONTH.shifted(-7), MONTH.shifted(-49))
    assert other.query is one.query and other.days != one.days
    # Days that meet are read as one span: another shape.
    assert asked(keys, MONTH, MONTH.shifted(-19)).query is not one.query
    assert asked(("revenue", "vehicles"), MONTH, MONTH.shifted(-28)).query is not one.query


def test_the_newest_days_of_a_level_are_found_once_for_all_of_its_parts():
    text = sql(Question(metrics=("overdue_30d", "dormant_12m"), period=MONTH, grain=Grain.WEEK))
    assert text.count("max(every_day_0.day)") == 1 and "every_day_1" not in text


def test_a_condition_is_tested_once_a_row_and_not_for_every_column():
    text = sql(Question(metrics=("wait_median", "appointment_effect"), period=MONTH, split="store"))
    assert text.count("sum((wait_00)) AS") == 1 and text.count("sum((waits)) AS") == 1
    assert "CASE WHEN (arrival = 'walk_in') THEN 2 ELSE 0 END" in text
    assert "CASE WHEN (arrival = 'appointment') THEN 4 ELSE 0 END" in text
    assert text.count("arrival = 'walk_in'") == 2  # by itself, and as one of either


def test_a_part_with_a_condition_is_read_from_the_rows_that_fulfil_it():
    question = Question(metrics=("appointment_effect", "wait_median"), period=MONTH)
    [asked] = selects(question, LAST, Scope.everything())
    # Who walked in (bits 1, 2 and either, 8), who had an appointment (1, 4, 8), of whom that is not known, and an earlier day.
    rows = {11: 30.0, 13: 5.0, 1: 1.0, 0: 700.0}
    every = range(1 + max(place for _, place in asked.parts.values()))
    frame = pd.DataFrame({"in_windows": list(rows), **{f"s{at}": list(rows.values()) for at in every}})
    found = Columns.of(frame, asked)
    gap, median = (found.rows_of(one) for one in asked.wanted)
    parts = dict(zip(gap.parts, gap.now[0], strict=True))
    assert {name: parts[name] for name in ("these_wait_00", "those_wait_00", "denominator")} == {
        "these_wait_00": 30, "those_wait_00": 5, "denominator": 35,
    }  # fmt: skip
    assert set(median.now[0]) == {36}
