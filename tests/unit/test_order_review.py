"""What is said to be wrong with an order, against orders made up by hand."""

from __future__ import annotations

from datetime import datetime

from kpi import order_review as words
from kpi.order_review import review
from kpi.verdict import Status

NOW = datetime(2026, 7, 1, 12)
GOOD = {
    "arrived_at": datetime(2026, 6, 1, 9),
    "slot_starts_at": None,
    "work_started_at": datetime(2026, 6, 1, 9, 20),
    "promised_at": datetime(2026, 6, 1, 11),
    "delivered_at": datetime(2026, 6, 1, 11),
    "waited": 20.0,
    "complete": True,
    "return_id": None,
    "hours_after": None,
    "return_of": None,
}


def said(order, bays=(), surveys=(), complaints=()):
    return [
        (one.status, one.text, one.amount)
        for one in review({**GOOD, **order}, bays, surveys, complaints, NOW)
    ]


def test_an_order_that_kept_its_promise_has_nothing_wrong():
    assert said({}) == []
    assert said({"waited": 30.0}, [{"state": "work", "minutes": 90.0}]) == []


def test_what_failed_comes_before_what_is_over():
    late = {"delivered_at": datetime(2026, 6, 1, 12, 30), "return_id": "W9", "hours_after": 40.0}
    assert said(late) == [
        (Status.CRITICAL, words.CAME_BACK, 40.0),
        (Status.WARNING, words.LATE, 1.5),
    ]


def test_an_open_order_past_its_promise_wants_somebody_to_act():
    still = {"delivered_at": None, "work_started_at": None, "waited": None, "arrived_at": datetime(2026, 7, 1, 11),
             "promised_at": datetime(2026, 7, 1, 11, 45)}  # fmt: skip
    assert said(still) == [
        (Status.CRITICAL, words.LATE_NOW, 0.25),
        (Status.CRITICAL, words.WAITS_NOW, 60.0),
    ]
    early = still | {"slot_starts_at": datetime(2026, 7, 1, 11, 50), "promised_at": None}
    assert said(early) == [], "who comes early waits from the slot on"


def test_the_customers_words_and_the_bay_count():
    surveys = [
        {"satisfaction": 1, "nps_score": None, "followed_up_at": None},
        {"satisfaction": None, "nps_score": 6, "followed_up_at": None},
    ]
    bays = [{"state": "wait_parts", "minutes": 30.0}, {"state": "wait_parts", "minutes": 15.0}]
    found = said({}, bays, surveys, [{"closed_at": NOW}])
    assert [text for _, text, _ in found] == [
        words.LOW_OPEN,
        words.COMPLAINED,
        words.DETRACTS,
        words.STOOD_PARTS,
    ]
    assert found[-1][2] == 45.0
