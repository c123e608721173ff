"""Answers that stay columns say what their rows say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.answer import Answer, Groups
from kpi.catalog import METRICS, metric
from kpi.question import Grain, Period, Question

MONDAY = date(2026, 11, 2)
amounts = st.one_of(st.none(), st.integers(0, 400), st.floats(-50, 400))


def answer_of(key, periods, members, sums):
    one = metric(key)
    now = np.array(sums, dtype=np.float64).reshape(len(periods), len(one.parts()))
    whole = Period(MONDAY, MONDAY + timedelta(27))
    rows = Groups(one, tuple(one.parts()), now, None, periods, members)
    asked = Question(metrics=(key,), period=whole, grain=Grain.WEEK)
    return Answer(one, asked, whole, None, datetime(2026, 11, 30), rows)


def told(answer, places):
    """Value by key, the rows added up one by one."""
    added: dict[object, dict[str, float]] = {}
    for key, row in zip(places, answer.rows, strict=True):
        if key is not None:
            into = added.setdefault(key, {})
            for part, amount in row.now.sums.items():
                if amount is not None:
                    into[part] = into.get(part, 0.0) + amount
    return {key: answer.metric.formula.value(sums) for key, sums in added.items()}


@given(st.data(), st.sampled_from(sorted(METRICS)))
def test_rows_are_added_up_by_what_they_have_in_common(data, key):
    places = data.draw(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=6))
    sums = [[data.draw(amounts) for _ in metric(key).parts()] for _ in places]
    answer = answer_of(key, [MONDAY] * len(places), places, sums)
    found = answer.folded(lambda _, member: member)
    assert {place: one.value for place, one in found.items()} == pytest.approx(
        told(answer, places), nan_ok=True
    )


@given(st.data(), st.sampled_from(sorted(METRICS)))
def test_points_are_the_values_of_the_periods_in_order(data, key):
    days = [MONDAY + timedelta(7 * week) for week in data.draw(st.permutations(range(4)))]
    twice = data.draw(st.booleans())
    days += days[:1] * twice
    sums = [[data.draw(amounts) for _ in metric(key).parts()] for _ in days]
    answer = answer_of(key, days, [None] * len(days), sums)
    values = told(answer, days)
    known = [day for day in sorted(values) if values[day] is not None]
    expected = pytest.approx([values[day] for day in known])
    assert [day for day, _ in answer.points] == [day for day, _ in answer.series] == known
    assert [value for _, value in answer.points] == expected
    assert [one.value for _, one in answer.series] == expected
