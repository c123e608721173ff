"""The shop floor of the micro network against values worked out on paper, on every engine."""

from __future__ import annotations

from datetime import date

import pytest

from data_access.ask import Desk
from data_access.scope import Scope
from kpi.listing import ListQuestion
from kpi.question import Period, Question

EVERYTHING = Scope.everything()
FIRST_OF_JUNE = Period(date(2026, 6, 1), date(2026, 6, 1))
S1 = (("store", ("S1",)),)
PARTS = (
    "bay_util",
    "bay_loss_parts",
    "bay_loss_approval",
    "bay_loss_no_show",
    "bay_loss_technician",
    "bay_loss_no_work",
)


@pytest.fixture
def desk(micro):
    return Desk(micro)


def test_a_days_bay_minutes_are_all_accounted_for(desk):
    """1,080 minutes: 155 worked, 30 waiting for parts, 60 booked by a no-show (A2). Of the 835 left, technicians stood
    free in 687 (14 hours attended less 2.55 clocked); in 148 nobody was free."""
    asked = desk.ask(Question(metrics=PARTS, period=FIRST_OF_JUNE, only=S1), EVERYTHING)
    minutes = {key: asked[key].total.numerator for key in PARTS}
    assert minutes == pytest.approx(dict(zip(PARTS, (155, 30, 0, 60, 148, 687), strict=True)))
    assert sum(minutes.values()) == pytest.approx(1080)
    assert {asked[key].total.denominator for key in PARTS} == {1080}


def test_work_on_a_day_without_opening_is_overtime_and_nothing_is_lost(desk):
    """S2 worked an hour at midnight of 10 June, a day for which it had no opening."""
    day = Period(date(2026, 6, 10), date(2026, 6, 10))
    asked = desk.ask(Question(metrics=("bay_overtime", *PARTS), period=day, split="store"), EVERYTHING)
    assert asked["bay_overtime"].by_member["S2"].now.numerator == pytest.approx(60)
    assert asked["bay_loss_no_work"].by_member["S2"].now.numerator == pytest.approx(0)


def test_a_store_whose_attendance_is_not_known_is_not_said_to_lack_technicians(desk):
    """S2 has bays and no attendance: what stands idle there stands idle for want of work."""
    asked = desk.ask(Question(metrics=PARTS, period=FIRST_OF_JUNE, split="store"), EVERYTHING)
    assert asked["bay_loss_technician"].by_member["S2"].now.value == 0
    assert asked["bay_loss_no_work"].by_member["S2"].now.value == 1


def test_bookings_ahead_come_from_both_parts_and_the_recent_one_counts(desk):
    """A6 of 5 July was cancelled today, A7 of 2 July stands since the base; today A5, A8 and A9 stand."""
    week = Period(date(2026, 7, 1), date(2026, 7, 7))
    question = Question(metrics=("bookings_standing", "booked_share"), period=week, split="store")
    asked = desk.ask(question, EVERYTHING)
    assert asked["bookings_standing"].by_member["S1"].now.value == 4
    assert asked["bookings_standing"].total.value == 4
    share = (
        asked["booked_share"].by_member["S1"].now
    )  # four bookings of an hour; only today's opening is known
    assert (share.numerator, share.denominator) == (240, 1080)


def test_bookings_to_come_fill_the_hours_from_their_slot_on(desk):
    """Today A8 (10:00) and A9 (15:00) of an hour each have not come; A5 has."""
    today = Period(date(2026, 7, 1), date(2026, 7, 1))
    asked = desk.ask(Question(metrics=("booked_to_come",), period=today, split="hour"), EVERYTHING)
    hours = {key: row.now.value for key, row in asked["booked_to_come"].by_member.items()}
    assert hours == {"10": 60, "15": 60}


def test_walk_ins_are_the_work_on_cars_without_a_booking(desk):
    """On 1 June 70 of the 155 minutes: W1 came without a booking, W2 with one."""
    asked = desk.ask(Question(metrics=("walk_in_load",), period=FIRST_OF_JUNE, only=S1), EVERYTHING)
    assert (asked["walk_in_load"].total.numerator, asked["walk_in_load"].total.denominator) == (70, 1080)


def test_waiting_is_read_apart_for_those_who_booked_and_those_who_did_not(desk):
    """On 1 June W1 walked in and waited 20 minutes (bin 18-22), W2 had booked and waited 5 (bin 4-6)."""
    question = Question(
        metrics=("queue_wait_min", "wait_median"), period=FIRST_OF_JUNE, split="arrival", only=S1
    )
    asked = desk.ask(question, EVERYTHING)
    mean, median = (asked[key].by_member for key in question.metrics)
    assert (mean["walk_in"].now.value, mean["appointment"].now.value) == (20, 5)
    assert (median["walk_in"].now.value, median["appointment"].now.value) == (20, 5)
    effect = desk.ask(Question(metrics=("appointment_effect",), period=FIRST_OF_JUNE, only=S1), EVERYTHING)
    assert effect["appointment_effect"].total.value == 15
    assert effect["appointment_effect"].total.n == 2


def test_a_referral_counts_where_the_customer_came_and_where_he_was_sent_from(desk):
    """S1 sent W5 to S2 on 10 June."""
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    metrics = ("cross_store_share", "referred_out_share")
    asked = desk.ask(Question(metrics=metrics, period=june, split="store"), EVERYTHING)
    came, sent = (asked[key].by_member for key in metrics)
    assert (came["S2"].now.numerator, came["S2"].now.denominator) == (1, 3)
    assert (sent["S1"].now.numerator, sent["S1"].now.denominator) == (1, 5)


BEHIND_1_JUNE = {
    "bay_util": {"W1": (70, None), "W2": (85, None)},  # 09:20-10:30; 10:05-11:05 and 11:35-12:00
    "bay_loss_parts": {"W2": (30, None)},
    "tech_efficiency": {"W1": (1.7, 1.3), "W2": (1.0, 1.25)},  # two lines of W1: 1.5 + 0.2 over 1.0 + 0.3
    "tech_utilisation": {"W1": (1.3, None), "W2": (1.25, None)},
    "queue_wait_min": {"W1": (20, 1), "W2": (5, 1)},
    "cycle_time_h": {"W1": (2, 1), "W2": (2.5, 1), "W3": (2.5, 1)},
    "output_per_store_day": {"W1": (500, None)},
    "vehicles_per_day": {"W1": (1, None), "W2": (1, None)},
    "on_time_delivery": {"W1": (1, 1), "W2": (0, 1)},
}


@pytest.mark.parametrize("key", BEHIND_1_JUNE)
def test_the_orders_behind_a_number_of_the_first_of_june_are_these(desk, key):
    """Each order with what it adds to numerator and denominator, worked out by hand; their sum is the number."""
    question = ListQuestion(listing="orders", period=FIRST_OF_JUNE, only=S1, metric=key)
    found = {
        row["work_order_id"]: (row["top"], row["bottom"]) for row in desk.list(question, EVERYTHING).rows
    }
    assert found.keys() == BEHIND_1_JUNE[key].keys()
    for order, parts in BEHIND_1_JUNE[key].items():
        assert found[order] == pytest.approx(parts)
    total = desk.ask(Question(metrics=(key,), period=FIRST_OF_JUNE, only=S1), EVERYTHING)[key].total
    assert sum(top for top, _ in found.values()) == pytest.approx(total.numerator)


def test_the_bookings_behind_the_show_rate_of_the_first_of_june_are_these(desk):
    """A1 came, A2 did not, A3 was cancelled the same morning; A4 was cancelled a day before and does not count."""
    question = ListQuestion(listing="bookings", period=FIRST_OF_JUNE, only=S1, metric="show_rate")
    found = {
        row["appointment_id"]: (row["top"], row["bottom"]) for row in desk.list(question, EVERYTHING).rows
    }
    assert found == {"A1": (1, 1), "A2": (0, 1), "A3": (0, 1)}


def test_who_waits_now_counts_from_the_slot_and_stores_stand_by_their_waits(desk):
    """It is 10:30: W10 has waited an hour at S2, without a promise. W11 and W12 are in work or gone."""
    today = Period(date(2026, 7, 1), date(2026, 7, 1))
    waits = desk.list(ListQuestion(listing="open_waits", period=today), EVERYTHING).rows
    assert [(row["work_order_id"], row["waited"], row["at_risk"], row["booked"]) for row in waits] == [
        ("W10", 60, False, False)
    ]
    stores = desk.list(ListQuestion(listing="stores_waiting", period=today), EVERYTHING).rows
    told = [(row["store_id"], row["over"], row["longest"], row["waiting"], row["at_risk"]) for row in stores]
    assert told == [("S2", 1, 60, 1, 0)]
