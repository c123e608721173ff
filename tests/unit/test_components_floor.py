"""What shows the shop floor: parts that add up on screen, an honest hour, waiting with and without an appointment."""

from __future__ import annotations

from dataclasses import replace

from components.kpi_table import KpiRow, kpi_table
from components.load import HourLoad, hours_of_day
from components.losses import losses
from components.reader import Reader
from components.spreads import spreads
from kpi.catalog import METRICS
from kpi.metric import Band
from kpi.peers import Standing
from kpi.text import Locale, Text
from tests.unit.components_sample import answer, classed, spaced, split, verdict, walk, words

EN = Reader(Locale.EN)
BAND = Band(good=(0.68, 0.85), critical=(0.52, 0.90))
MINUTES = {
    "bay_util": 700.0,
    "bay_loss_parts": 30.0,
    "bay_loss_approval": 20.0,
    "bay_loss_no_show": 50.0,
    "bay_loss_technician": 150.0,
    "bay_loss_no_work": 60.0,
    "bay_overtime": 10.0,
}


def tree(minutes=MINUTES, available=1000.0):
    answers = {key: answer(key, {"numerator": m, "denominator": available}) for key, m in minutes.items()}
    return losses(answers, "bay_util", "bay_overtime", EN, lambda key: f"/metric/{key}")


def parts(drawn):
    return {
        row.props["data-part"]: float(row.props["data-minutes"])
        for row in walk(drawn)
        if "data-part" in row.props
    }


def test_the_parts_on_screen_add_up_to_what_was_available_and_lead_on():
    drawn = tree()
    assert sum(parts(drawn).values()) == 1000
    assert parts(drawn)["bay_overtime"] == -10  # taken off: it was held beyond the day
    assert "16.7 h" in words(drawn) and "15.0 %" in words(drawn)
    links = [part.href for part in walk(drawn) if getattr(part, "href", None)]
    assert links[0] == "/metric/bay_util"
    assert links[1] == "/metric/bay_loss_technician"  # the largest loss first
    assert len(links) == len(MINUTES)


def test_overtime_that_did_not_happen_is_not_listed():
    assert "bay_overtime" not in parts(tree(MINUTES | {"bay_overtime": 0.0, "bay_util": 690.0}))


def test_without_bays_there_is_a_sentence_and_no_table():
    drawn = tree(dict.fromkeys(MINUTES, 0.0), 0.0)
    assert "No bays are known here" in words(drawn)
    assert not classed(drawn, "losses")


def test_hours_say_what_is_over_capacity_and_read_as_a_table():
    hours = [HourLoad(9, 50, 0, 0, 60), HourLoad(10, 20, 30, 10, 60), HourLoad(11, 0, 50, 30, 60)]
    drawn = hours_of_day(hours, 10, BAND, EN)
    assert [part.className for part in walk(drawn) if part.tag == "li"] == [
        "past",
        "now over",
        "next over",
    ]
    told = words(drawn)
    assert "83" in told and "100 !" in told and "133 !" in told
    assert len([part for part in walk(drawn) if part.tag == "tr"]) == 4
    assert "No bay time" in words(hours_of_day([], 10, BAND, EN))


def waits(walk_in: int, booked: int):
    """All waits of a group in one bin."""
    keys = ("queue_wait_min", "wait_median", "wait_p90")
    mean = {"numerator": 200.0, "denominator": 10.0, "squares": 4000.0}
    bins = [{f"wait_{place:02d}": 10.0, "denominator": 10.0} for place in (walk_in, booked)]
    groups = [
        {"walk_in": mean, "appointment": mean},
        *([dict(zip(("walk_in", "appointment"), bins, strict=True))] * 2),
    ]
    answers = {key: split(key, group) for key, group in zip(keys, groups, strict=True)}
    return words(spreads(answers, [keys], METRICS["appointment_effect"], EN, lambda key: f"/metric/{key}"))


def test_waiting_says_what_an_appointment_saves_or_that_it_saves_nothing():
    # Ten waits in 18-22 and ten in 4-6 have their medians in the middle of their bins.
    assert "An appointment saves 15 min of waiting (median)." in waits(8, 2)
    assert "does not shorten waiting: 15 min longer" in waits(2, 8)


def test_a_group_nobody_belongs_to_reads_as_no_value():
    keys = ("queue_wait_min", "wait_median", "wait_p90")
    empty = {key: replace(split(key, {}), window=split(key, {}).window) for key in keys}
    told = words(spreads(empty, [keys], METRICS["appointment_effect"], EN, lambda key: key))
    assert "–" in told and "saves" not in told


def test_a_store_that_is_compared_with_nobody_is_marked_so_that_a_phone_leaves_the_line_out() -> None:
    made = answer("ftfr_30d", {"numerator": 920, "denominator": 1000})
    rows = [KpiRow(made, verdict(made), made, standing) for standing in (Standing(0.32, 143), None)]
    table = kpi_table([(Text("Health", "健康"), rows)], Reader(Locale.EN), str, "S1")
    (alone,) = classed(table, "alone")
    assert words(alone) == "–"
    assert spaced(words(table)).count("better than 32 % of 143") == 1
