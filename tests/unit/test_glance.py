"""Many members at a glance: what is told of each is what the verdict on it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.held import Held
from kpi.answer import Answer, Measured, Row
from kpi.catalog import METRICS, metric
from kpi.glance import glance
from kpi.metric import Band
from kpi.question import Period, Question
from kpi.verdict import Status, judge

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 20, 10, 40)


def measured(key, numerator, denominator, **more):
    return Measured(metric(key), {"numerator": numerator, "denominator": denominator, "known": 1, **more})


def answer_of(one, values):
    rows = tuple(Row(None, f"S{at}", value, None) for at, value in enumerate(values, 1))
    period = Period(DAY, DAY)
    return Answer(one, Question(metrics=(one.key,), period=period, split="store"), period, None, NOW, rows)


def told(one, values, *, as_of=NOW, stored=None, limits=None):
    """Status and shortfall of each."""
    found = glance(answer_of(one, values), day=DAY, as_of=as_of, now=NOW, stored=stored, limits=limits)
    assert list(found.members) == [f"S{at}" for at in range(1, len(values) + 1)]
    return list(zip(found.severity.tolist(), found.shortfall.tolist(), strict=True))


def said(value, *, as_of=NOW, stored=None, limits=None):
    found = judge(value, day=DAY, as_of=as_of, now=NOW, stored=stored, limits=limits)
    return found.status.severity, found.shortfall


@pytest.mark.parametrize(
    ("asked", "status", "shortfall"),
    [
        (measured("revenue", 100, 10, plan=100, n=10), Status.GOOD, 0),
        (measured("revenue", 95, 10, plan=100, n=10), Status.WARNING, 0.05),
        (measured("revenue", 94.9, 10, plan=100, n=10), Status.CRITICAL, 0.051),
        (measured("revenue", 94.9, 10), Status.UNKNOWN, 0),  # no plan
        (measured("revenue", None, None), Status.UNKNOWN, 0),
        (
            measured("bay_util", 950, 1000, n=7),
            Status.CRITICAL,
            0.1 / 0.85,
        ),  # beyond the upper edge of a band
        (measured("ftfr_30d", 810, 1000), Status.CRITICAL, 0.11 / 0.92),
        (
            measured("ftfr_30d", 26, 31),
            Status.WARNING,
            1 - 26 / 31 / 0.92,
        ),  # beyond the limit, perhaps by chance
        (measured("ftfr_30d", 8, 10), Status.UNKNOWN, 0),  # too few
    ],
)
def test_status_and_shortfall_alone(asked, status, shortfall):
    assert told(asked.metric, [asked]) == [(status.severity, pytest.approx(shortfall))]


def stored_rows(*rows):
    """`rows`: unit, state, good and good_high of a metric."""
    words = {"kind": "store", "reason": "off_target", "previous": "good", "side": "", "peers": ""}
    days = dict.fromkeys(("day", "since", "limits_since"), pd.Timestamp(DAY))
    zero = (
        "value",
        "n",
        "low",
        "high",
        "probability",
        "variation",
        "assurance",
        "apart",
        "moved",
        "times",
        "critical",
    )
    none = ("critical_high", "shrunken", "rank", "rank_low", "rank_high", "ranked", "tier")
    numbers = dict.fromkeys(zero, 0) | dict.fromkeys(none, float("nan")) | {"guard_red": False}
    made = [
        words
        | days
        | numbers
        | {"metric": key, "unit": unit, "state": state.value, "good": good, "good_high": high}
        for key, unit, state, good, high in rows
    ]
    return Held.of(pd.DataFrame(made))


NAN = float("nan")


def test_a_stored_status_speaks_unless_there_is_nothing_or_it_is_too_old():
    """Its shortfall is against the limits it went by."""
    red = measured("revenue", 90, 10, plan=100, n=10)
    held = stored_rows(
        ("revenue", "S1", Status.WARNING, 0.95, NAN), ("revenue", "S9", Status.GOOD, 0.95, NAN)
    )
    stored = held.stored(red.metric, "store", ["S1", "S2", "S3"])
    values = [red, red, red.nothing]
    expected = [
        (Status.WARNING.severity, pytest.approx(0.05 / 0.95)),
        (Status.CRITICAL.severity, pytest.approx(0.1)),
        (Status.UNKNOWN.severity, 0),
    ]
    assert told(red.metric, values, stored=stored) == expected
    old = NOW - timedelta(hours=37)  # a daily figure is stale after 36
    assert told(red.metric, values, as_of=old, stored=stored) == [(Status.UNKNOWN.severity, 0)] * 3


amounts = st.one_of(st.none(), st.integers(0, 400), st.floats(-50, 400))


@given(st.data(), st.sampled_from(sorted(METRICS)))
def test_what_is_told_of_many_is_what_their_verdicts_say(data, key):
    """Whatever was summed: with the declared limits, with some that people have set for one of the stores, and where the
    status machine has spoken of one."""
    one = metric(key)
    values = [
        Measured(one, {part: data.draw(amounts) for part in one.parts()})
        for _ in range(data.draw(st.integers(0, 5)))
    ]
    declared = one.limits_on(DAY)
    own = replace(declared, since=DAY, **_wider(declared)) if declared else None
    limits = [own, *[None] * len(values)][: len(values)]
    expected = [said(value, limits=limit) for value, limit in zip(values, limits, strict=True)]
    assert told(one, values, limits=limits) == [(severity, pytest.approx(gap)) for severity, gap in expected]
    if declared:
        edges = declared.good if isinstance(declared, Band) else (declared.good, NAN)
        held = stored_rows((key, "S2", data.draw(st.sampled_from(Status)), *edges))
        stored = held.stored(one, "store", [f"S{at}" for at in range(1, len(values) + 1)])
        rows = [held.get((key, "store", f"S{at}")) for at in range(1, len(values) + 1)]
        expected = [said(value, stored=row) for value, row in zip(values, rows, strict=True)]
        assert told(one, values, stored=stored) == [
            (severity, pytest.approx(gap)) for severity, gap in expected
        ]


def _wider(limits):
    if isinstance(limits, Band):
        return {"critical": (limits.critical[0] / 2, limits.critical[1] * 2)}
    return {"critical": limits.critical - 1.5 * (limits.good - limits.critical)}
