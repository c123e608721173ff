"""One work order of the micro network against what stands in its rows, on every engine."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data_access.ask import Desk
from data_access.scope import Scope
from kpi.errors import PitWallError
from kpi.listing import ListQuestion
from kpi.question import Period

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
EVERYTHING = Scope.everything()


@pytest.fixture
def rows_of(micro):
    desk = Desk(micro)

    def ask(key: str, order: str | None, scope: Scope = EVERYTHING):
        return desk.list(ListQuestion(listing=key, period=JUNE, order=order), scope).rows

    return ask


def test_an_orders_facts_and_lines(rows_of):
    """W1: arrived 9:00, begun 9:20; 300 for labour, 200 for parts; the same fault returned after ten hours as W4."""
    [order] = rows_of("order", "W1")
    assert (order["labour_amount"], order["parts_amount"], order["amount"]) == (300, 200, 500)
    assert order["waited"] == pytest.approx(20)
    assert (order["return_id"], order["hours_after"], order["return_of"]) == ("W4", 10, None)
    assert sum(line["amount"] for line in rows_of("order_parts", "W1")) == 200
    [bay] = rows_of("order_bays", "W1")
    assert (bay["bay_id"], bay["minutes"]) == ("B1", 70)
    surveys = {survey["survey_id"] for survey in rows_of("order_surveys", "W1")}
    assert {"Q1", "Q5"} <= surveys
    [back] = rows_of("order", "W4")
    assert (back["return_id"], back["return_of"]) == (None, "W1")


def test_a_car_that_waited_from_its_slot_and_stood_for_parts(rows_of):
    """W2 stood from 11:05 to 11:35 for parts; it is of both parts of the warehouse only once."""
    states = [(row["state"], row["minutes"]) for row in rows_of("order_bays", "W2")]
    assert states == [("work", 60), ("wait_parts", 30), ("work", 25)]


def test_an_open_order_has_no_end_and_no_amount(rows_of):
    [order] = rows_of("order", "W12")
    assert order["arrived_at"] == datetime(2026, 6, 30, 17)
    assert (order["delivered_at"], order["amount"]) == (None, None)


def test_a_car_that_still_waits_has_not_waited_nothing(rows_of):
    [order] = rows_of("order", "W10")
    assert (order["work_started_at"], order["waited"]) == (None, None)


def test_an_order_of_another_store_is_as_if_it_were_not(rows_of):
    """W5 is an order of S2."""
    own = Scope.of_stores("S1")
    for key in ("order", "order_labour", "order_bays", "order_complaints"):
        assert rows_of(key, "W5", own) == ()
    assert len(rows_of("order", "W5", Scope.of_stores("S2"))) == 1


def test_the_rows_of_an_order_need_to_know_of_which(rows_of):
    with pytest.raises(PitWallError, match="which work order"):
        rows_of("order_labour", None)
