"""Values as a reader expects them. Every expectation is typed by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from components import format
from components.listing import cell_text
from components.reader import Reader
from kpi.listing import Column
from kpi.metric import Band, Direction, Limits, Unit
from kpi.question import Period
from kpi.statistics import Interval
from kpi.text import Locale, Text
from kpi.verdict import Change
from tests.unit.components_sample import spaced

ZH, EN = Reader(Locale.ZH_CN), Reader(Locale.EN)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (312_400_000, Unit.MONEY, "3.12 亿元", "¥312M"),
        (3_060_000_000, Unit.MONEY, "30.6 亿元", "¥3.06B"),
        (6_210_000, Unit.MONEY, "621 万元", "¥6.21M"),
        (34_567_000, Unit.MONEY, "3,457 万元", "¥34.6M"),
        (23_400, Unit.MONEY, "2.34 万元", "¥23.4K"),
        (4_215.4, Unit.MONEY, "4,215 元", "¥4,215"),
        (12.5, Unit.MONEY, "12.50 元", "¥12.50"),
        (-312_400_000, Unit.MONEY, "−3.12 亿元", "−¥312M"),
        (99_999_000, Unit.MONEY, "1.00 亿元", "¥100M"),
        (0, Unit.MONEY, "0 元", "¥0"),
        (0.846, Unit.SHARE, "84.6 %", "84.6 %"),
        (0.46, Unit.SHARE, "46.0 %", "46.0 %"),
        (1.021, Unit.SHARE, "102 %", "102 %"),
        (0.9999, Unit.SHARE, "100 %", "100 %"),
        (0.0043, Unit.SHARE, "0.43 %", "0.43 %"),
        (0, Unit.SHARE, "0.0 %", "0.0 %"),
        (-0.052, Unit.SHARE, "−5.2 %", "−5.2 %"),
        (-0.0000001, Unit.SHARE, "0.00 %", "0.00 %"),
        (41.2, Unit.POINTS, "41.2 分", "41.2 pts"),
        (-12.04, Unit.POINTS, "−12.0 分", "−12.0 pts"),
        (87.56, Unit.SCORE, "87.6 分", "87.6 pts"),
        (4.615, Unit.RATING, "4.62 分", "4.62 of 5"),
        (1.4, Unit.HOURS, "1.4 小时", "1.4 h"),
        (22.4, Unit.MINUTES, "22 分钟", "22 min"),
        (8.26, Unit.MINUTES, "8.3 分钟", "8.3 min"),
        (31.42, Unit.DAYS, "31.4 天", "31.4 days"),
        (-22.0, Unit.DAYS, "−22 天", "−22 days"),
        (1.0, Unit.DAYS, "1 天", "1 day"),
        (9_870, Unit.COUNT, "9,870", "9,870"),
        (41_208, Unit.COUNT, "4.12 万", "41.2K"),
        (1_830_000, Unit.COUNT, "183 万", "1.83M"),
        (24.31, Unit.COUNT, "24.3", "24.3"),
        (7, Unit.COUNT, "7", "7"),
        (None, Unit.MONEY, "–", "–"),
    ],
)
def test_a_value_in_a_sentence(value: float | None, unit: Unit, zh: str, en: str) -> None:
    assert spaced(format.phrase(value, unit, ZH)) == zh
    assert spaced(format.phrase(value, unit, EN)) == en


def test_a_number_and_its_unit_never_part() -> None:
    assert format.phrase(0.846, Unit.SHARE, ZH) == "84.6\N{NO-BREAK SPACE}%"


def test_the_large_number_stands_apart_from_its_unit() -> None:
    assert format.shown(312_400_000, Unit.MONEY, ZH) == ("3.12", "亿元")
    assert format.shown(312_400_000, Unit.MONEY, EN) == ("¥312", "M")
    assert format.shown(None, Unit.SHARE, ZH) == ("–", "")


@pytest.mark.parametrize(
    ("value", "limit", "unit", "text"),
    [
        (0.9196, 0.92, Unit.SHARE, "91.96 %"),  # 92.0 % would look as if it had reached 92 %
        (0.92, 0.92, Unit.SHARE, "92.0 %"),
        (0.9149, 0.92, Unit.SHARE, "91.5 %"),
        (1.1004, 1.1, Unit.HOURS, "1.100 小时"),  # a ten-thousandth is not worth a digit
        (1.12, 1.1, Unit.HOURS, "1.12 小时"),
        (39.97, 40, Unit.POINTS, "39.97 分"),
    ],
)
def test_a_missed_limit_does_not_read_as_reached(value: float, limit: float, unit: Unit, text: str) -> None:
    assert spaced(format.phrase(value, unit, ZH, beside=limit)) == text


@pytest.mark.parametrize(
    ("limits", "direction", "unit", "zh", "en"),
    [
        (Limits(0.92, 0.85), Direction.HIGHER, Unit.SHARE, "≥ 92 %", "≥ 92 %"),
        (Limits(1.1, 1.8), Direction.LOWER, Unit.HOURS, "≤ 1.1 小时", "≤ 1.1 h"),
        (Limits(0.125, 0.2), Direction.LOWER, Unit.SHARE, "≤ 12.5 %", "≤ 12.5 %"),
        (Limits(23_400, 18_000), Direction.HIGHER, Unit.MONEY, "≥ 2.34 万元", "≥ ¥23.4K"),
        (Band((0.68, 0.85), (0.52, 0.9)), Direction.BAND, Unit.SHARE, "68–85 %", "68–85 %"),
        (Band((5_000, 20_000), (1, 30_000)), Direction.BAND, Unit.MONEY, "5,000 元–2 万元", "¥5,000–¥20K"),
    ],
)
def test_a_target_stands_as_it_was_set(
    limits: Limits | Band, direction: Direction, unit: Unit, zh: str, en: str
) -> None:
    assert spaced(format.target(limits, direction, unit, ZH)) == zh
    assert spaced(format.target(limits, direction, unit, EN)) == en


@pytest.mark.parametrize(
    ("change", "unit", "zh", "en"),
    [
        (Change(-0.019, -0.022, True), Unit.SHARE, "↓1.9 个点", "↓1.9 pp"),
        (Change(0.0004, 0.0005, True), Unit.SHARE, "↑0.04 个点", "↑0.04 pp"),
        (Change(3.4, 0.08, True), Unit.POINTS, "↑3.4 分", "↑3.4 pts"),
        (Change(-0.12, -0.026, True), Unit.RATING, "↓0.12 分", "↓0.12 of 5"),
        (Change(7_000_000, 0.0241, True), Unit.MONEY, "↑2.4 %", "↑2.4 %"),
        (Change(0.05, 0.05, True), Unit.HOURS, "↑5 %", "↑5 %"),
        (Change(-40, -0.126, True), Unit.COUNT, "↓13 %", "↓13 %"),
        (Change(120, None, True), Unit.COUNT, "↑120", "↑120"),
        (Change(0.004, 0.004, False), Unit.SHARE, "≈", "≈"),
    ],
)
def test_a_move_has_an_arrow_and_a_size(change: Change, unit: Unit, zh: str, en: str) -> None:
    assert spaced(format.moved(change, unit, ZH)) == zh
    assert spaced(format.moved(change, unit, EN)) == en


def test_half_an_interval() -> None:
    assert format.half_width(Interval(0.8425, 0.8495), Unit.SHARE) == "0.4"  # 0.35 points
    assert format.half_width(Interval(39.6, 42.8), Unit.POINTS) == "1.6"
    assert format.half_width(Interval(1.4, 1.404), Unit.HOURS) == "< 0.01"


def test_days_and_times() -> None:
    day, moment = date(2026, 11, 3), datetime(2026, 11, 20, 9, 5)
    assert format.day(day, ZH) == "11-03"
    assert spaced(format.day(day, EN)) == "3 Nov"
    assert format.full_day(day, ZH) == "2026-11-03"
    assert spaced(format.full_day(day, EN)) == "3 Nov 2026"
    assert format.clock(moment) == "09:05"
    assert spaced(format.moment(moment, ZH)) == "11-20 09:05"
    # "11-20" of a year ago would read as ten days ago.
    assert spaced(format.moment(moment, ZH, datetime(2026, 11, 30))) == "11-20 09:05"
    assert spaced(format.moment(moment, ZH, datetime(2027, 1, 2))) == "2026-11-20 09:05"
    assert spaced(format.moment(moment, EN, datetime(2025, 11, 30))) == "20 Nov 2026 09:05"
    assert spaced(format.span(Period(day, date(2026, 11, 19)), ZH)) == "11-03 – 11-19"
    assert format.span(Period(day, day), ZH) == "11-03"


def test_counts_are_written_in_full() -> None:
    assert format.count(41_208) == "41,208"


def test_amounts_that_are_added_up_are_told_to_the_cent() -> None:
    assert format.cents(1234.5, Reader(Locale.EN)) == "¥1,234.50"
    assert format.cents(-46.8, Reader(Locale.ZH_CN)) == "−46.80 元".replace(" ", "\N{NO-BREAK SPACE}")
    assert format.cents(None, Reader(Locale.EN)) == "–"


@pytest.mark.parametrize(
    ("hours", "elapsed", "zh", "en"),
    [
        (71.9, True, "71.9 小时", "71.9 h"),
        (72.0, True, "3 天", "3 days"),
        (9581.0, True, "399 天", "399 days"),
        (160.0, False, "160 小时", "160 h"),  # of work
    ],
)
def test_time_gone_by_reads_as_days_from_the_third_on(hours: float, elapsed: bool, zh: str, en: str) -> None:
    column = Column("x", Text("Open for", "已过"), Unit.HOURS, elapsed=elapsed)
    assert [spaced(cell_text(hours, column, reader)) for reader in (ZH, EN)] == [zh, en]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (71.2, "71 days"),
        (9.96, "10 days"),
        (9.94, "9.9 days"),
        (3.5, "3.5 days"),
        (-22.4, "−22 days"),
        (5, "5 days"),
    ],
)
def test_of_a_row_days_are_whole_from_ten_on(days: float, told: str) -> None:
    assert spaced(cell_text(days, Column("x", Text("Cover", "可供天数"), Unit.DAYS), EN)) == told


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        (-0.034, Unit.MINUTES, "0.0 min"),
        (0.0, Unit.MONEY, "¥0"),
        (-13.2, Unit.MINUTES, "−13 min"),
        (0.0721, Unit.SHARE, "+7.2 pp"),
        (-0.00001, Unit.SHARE, "0.00 pp"),
        (1_250_000.0, Unit.MONEY, "+¥1.25M"),
    ],
)
def test_what_rounds_to_nought_has_no_sign(amount: float, unit: Unit, told: str) -> None:
    assert spaced(format.signed(amount, unit, EN)) == told
