"""The parts around the tiles: region table, today's pace, frame, notices, glossary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from components import glossary, notice, shell
from components.reader import Reader
from components.region_strip import member_table
from components.today import today
from kpi.answer import Answer, Measured
from kpi.catalog import AREAS, METRICS, REGIONS
from kpi.glance import Glance
from kpi.metric import Direction, Plan
from kpi.pace import Close, Hour, Pace
from kpi.text import Locale, Text, same
from kpi.usual import UsualDays
from kpi.verdict import Verdict
from tests.unit.components_sample import AS_OF, Sums, classed, spaced, split, verdict, walk, words

ZH, EN = Reader(Locale.ZH_CN), Reader(Locale.EN)


def of_kind(tree: Any, kind: str) -> list[Any]:
    return [part for part in walk(tree) if part.tag == kind.lower()]


def share(part: float) -> Sums:
    return {"numerator": part * 10_000, "denominator": 10_000, "n": 10_000}


def table(answers: Sequence[Answer], reader: Reader = ZH, names: dict[str, Text] = REGIONS) -> Any:
    def judged(of: Answer, value: Measured, _: str | None) -> Verdict:
        return verdict(of, value)

    return member_table(answers, judged, names, reader, lambda member: f"/region/{member}")


def glance_of(of: Answer) -> Glance:
    judged = [verdict(of, row.now) for row in of.by_member.values()]
    severity = np.array([one.status.severity for one in judged])
    return Glance(list(of.by_member), severity, np.array([one.shortfall for one in judged]))


BAYS = split("bay_util", {"east": share(0.78), "north": share(0.38), "south": share(0.55), "west": {}})
FIXES = split("ftfr_30d", {"east": share(0.95), "north": share(0.81), "south": share(0.84)})


def test_regions_stand_worst_first_and_link_to_their_page() -> None:
    drawn = table([BAYS, FIXES])
    head = of_kind(of_kind(drawn, "Thead")[0], "Th")
    # north: two reds; south: one; east: none; west: nothing known; its key stands for the name it has not
    assert [words(th) for th in head] == ["指标", "华北", "华南", "华东", "west"]
    assert [th.scope for th in head] == ["col"] * 5
    assert [link.href for link in of_kind(head, "A")] == [
        f"/region/{r}" for r in ("north", "south", "east", "west")
    ]


@pytest.mark.parametrize(
    ("most", "shown"), [(1, ["华北"]), (2, ["华北", "华南"]), (3, ["华北", "华南", "华东"])]
)
def test_the_worst_are_picked_by_their_statuses_and_only_they_are_judged(most: int, shown: list[str]) -> None:
    """Two reds, one, none, nothing known: who cannot be among the worst needs no verdict."""
    judged: list[str | None] = []

    def judge(of: Answer, value: Measured, member: str | None) -> Verdict:
        judged.append(member)
        return verdict(of, value)

    drawn = member_table(
        [BAYS, FIXES],
        judge,
        REGIONS,
        ZH,
        lambda _: None,
        most=most,
        glance_of=glance_of,
    )
    assert [words(th) for th in of_kind(of_kind(drawn, "Thead")[0], "Th")][1:] == shown
    assert set(judged) == {"north", "south", "east"} if most == 3 else len(set(judged)) == most


def test_equal_counts_are_told_apart_by_the_gap() -> None:
    near, far = (
        {"numerator": 5_000, "denominator": 10_000, "n": 9},
        {"numerator": 3_000, "denominator": 10_000, "n": 9},
    )
    both = split("bay_util", {"east": near, "north": far})
    drawn = member_table(
        [both],
        lambda of, value, _: verdict(of, value),
        REGIONS,
        ZH,
        lambda _: None,
        most=1,
        glance_of=glance_of,
    )
    assert [words(th) for th in of_kind(of_kind(drawn, "Thead")[0], "Th")][1:] == ["华北"]


def test_cells_say_status_in_words_and_shape() -> None:
    rows = of_kind(of_kind(table([BAYS, FIXES]), "Tbody")[0], "Tr")
    assert [words(cell) for cell in of_kind(rows[0], "Td")] == [
        "告警 38.0 %",
        "注意 55.0 %",
        "正常 78.0 %",
        "无数据",
    ]
    assert [cell.className for cell in of_kind(rows[1], "Td")] == ["critical", "critical", "good", "unknown"]
    assert words(of_kind(rows[1], "Th")) == "首次修复率（30天）"
    assert of_kind(rows[1], "Th")[0].scope == "row"


def test_a_plan_metric_is_compared_by_share_of_plan() -> None:
    sums: Sums = {"numerator": 91e6, "denominator": 9, "n": 50, "plan": 100e6}
    drawn = table([split("revenue", {"north": sums})])
    assert words(of_kind(drawn, "Tbody")) == "售后收入（计划完成率） 告警 91.0 %"


def test_a_unit_that_every_cell_shares_stands_once() -> None:
    hours: Sums = {"numerator": 260, "denominator": 100, "squares": 800}
    assert (
        words(of_kind(table([split("cycle_time_h", {"north": hours})]), "Tbody"))
        == "客户等待时长 小时 告警 2.6"
    )


def test_metrics_without_target_and_small_samples_are_told_apart() -> None:
    drawn = table(
        [
            split("ftfr_48h", {"north": share(0.95)}),
            split("ftfr_30d", {"north": {"numerator": 3, "denominator": 9}}),
        ]
    )
    assert [words(cell) for cell in of_kind(drawn, "Td")] == ["95.0 %", "样本不足"]
    assert [cell.className for cell in of_kind(drawn, "Td")] == ["neutral", "unknown"]


def test_many_members_are_rows() -> None:
    many = split("bay_util", {f"store {i}": share(0.30 + i / 50) for i in range(9)})
    drawn = table([many], EN, {})
    rows = of_kind(of_kind(drawn, "Tbody")[0], "Tr")
    assert len(rows) == 9
    assert words(rows[0]) == "store 0 Alert 30.0 %"
    assert words(of_kind(drawn, "Thead")) == "Unit Bay utilisation"


def test_the_table_can_be_scrolled_by_keyboard_and_has_a_name() -> None:
    [frame] = classed(table([BAYS]), "scroll")
    assert (frame.tabIndex, getattr(frame, "aria-label")) == (0, "各大区")
    assert words(of_kind(frame, "Caption")) == "各大区"


def test_no_answers_no_rows() -> None:
    assert of_kind(table([]), "Td") == []


@pytest.mark.parametrize(
    ("value", "direction", "status", "word"),
    [
        (4_820.0, Direction.HIGHER, "good", "符合预期"),
        (4_700.0, Direction.HIGHER, "warning", "低于预期"),
        (5_300.0, Direction.HIGHER, "good", "高于预期"),
        (5_300.0, Direction.LOWER, "warning", "高于预期"),
        (4_700.0, Direction.BAND, "warning", "低于预期"),
        (4_700.0, Direction.NEUTRAL, "neutral", "低于预期"),
        (None, Direction.HIGHER, "unknown", "暂无数据"),
    ],
)
def test_today_is_held_against_what_was_to_be_expected(
    value: float | None, direction: Direction, status: str, word: str
) -> None:
    metric = replace(METRICS["vehicles_now"], direction=direction)
    pace = Pace(metric, value, 5_010, 4_760, 5_260)
    drawn = today([pace], AS_OF, ZH)
    [item] = of_kind(drawn, "Li")
    assert item.className == status
    assert words(classed(item, "state")) == word
    assert words(classed(item, "expected")) == "应有 4,760–5,260"
    assert words(of_kind(drawn, "H2")) == "今日至 10:40"


def test_an_expected_count_is_whole() -> None:
    drawn = today([Pace(METRICS["vehicles_now"], 151, 135.7, 98.4, 173.0)], AS_OF, ZH)
    assert words(classed(drawn, "expected")) == "应有 98–173"


def test_where_the_day_will_end_is_told_with_how_far_off_that_was_before() -> None:
    close = Close(expected=251.6, low=240.2, high=262.8, error=0.021, naive_error=0.084)
    drawn = today([Pace(METRICS["vehicles_now"], 151, 135.7, 98.4, 173.0, close)], AS_OF, ZH)
    [told] = classed(drawn, "close")
    assert words(told) == "预计全天 252（240–263） · 同类日平均误差 2.1 %"
    assert "平均误差 2.1" in told.title and "8.4" in told.title
    unmeasured = replace(close, error=None, naive_error=None)
    drawn = today([Pace(METRICS["vehicles_now"], 151, 135.7, 98.4, 173.0, unmeasured)], AS_OF, EN)
    assert words(classed(drawn, "close")) == "by close 252 (240–263)"
    assert not classed(today([Pace(METRICS["vehicles_now"], 151, None, None, None)], AS_OF, ZH), "close")


def test_the_hours_of_the_day_can_be_opened_those_to_come_with_what_is_expected() -> None:
    hours = [Hour(9, 41, None, None, None), Hour(10, 24, 38.6, 30.2, 47.0), Hour(11, None, 40.4, 29.6, 51.4)]
    cars = Pace(METRICS["vehicles_now"], 65, 61.0, 50.0, 72.0, None, hours)
    revenue = Pace(METRICS["revenue_now"], 6.21e6, None, None, None, None, hours[:1])
    [opened] = of_kind(today([cars, revenue], AS_OF, ZH), "Details")
    rows = [[words(cell) for cell in walk(row) if cell.tag in ("th", "td")] for row in of_kind(opened, "Tr")]
    assert rows[0] == ["小时", *(METRICS[key].name.zh_cn for key in ("vehicles_now", "revenue_now"))]
    assert [row[:3] for row in rows[1:]] == [
        ["9:00", "41", ""],
        ["10:00", "39", "30–47，已有 24"],
        ["11:00", "40", "30–51"],
    ]
    assert rows[2][3:] == rows[3][3:] == ["–", ""]
    assert [row.className for row in of_kind(opened, "Tr")[1:]] == ["past", "now", "next"]
    assert not of_kind(today([revenue], AS_OF, ZH), "Details")


def test_a_day_that_is_no_ordinary_one_says_so_and_so_does_an_assumed_calendar() -> None:
    day = AS_OF.date()

    def said(kind: int, rest: bool, name: str | None, assumed: bool, stores: float = 1.0) -> str:
        usual = UsualDays(day, {}, (stores,), (kind,), (rest,), (name,), (assumed,))
        return words(of_kind(today([], AS_OF, ZH, usual), "H2"))

    assert said(day.weekday(), False, None, False) == "今日至 10:40"
    assert said(8, True, "National Day", True) == "今日至 10:40 国庆节 日历为推定，官方尚未公布"
    assert said(9, False, None, False, 0.0) == "今日至 10:40 春节前后 今日休息"


def test_today_without_an_expectation_still_shows_the_number() -> None:
    drawn = today([Pace(METRICS["revenue_now"], 6.21e6, None, None, None)], AS_OF, EN)
    assert words(classed(drawn, "reading")) == "¥6.21 M"
    assert words(classed(drawn, "expected")) == ""


NAV = (("/", Text("Health", "健康度")), *((f"/{i}", same(f"Board {i}")) for i in range(8)))


def test_the_header_marks_this_page_and_folds_what_does_not_fit() -> None:
    drawn = shell.header(NAV, "/", ZH, back="/?period=mtd&unit=network")
    [boards] = classed(drawn, "boards")
    current = [part for part in walk(boards) if getattr(part, "aria-current", None) == "page"]
    assert [words(part) for part in current] == ["健康度"]
    assert [words(part) for part in of_kind(classed(boards, "more"), "A")] == ["Board 6", "Board 7"]
    assert len(of_kind(classed(drawn, "compact"), "Li")) == 9


def test_the_folded_menu_is_marked_when_it_holds_this_page() -> None:
    assert classed(shell.header(NAV, "/7", ZH, back="/7"), "current") != []


def test_preferences_are_plain_links_that_lead_back() -> None:
    drawn = shell.header(NAV, "/", Reader(Locale.ZH_CN, "dark"), back="/?period=mtd&unit=region:north")
    back = "back=%2F%3Fperiod%3Dmtd%26unit%3Dregion%3Anorth"
    [language] = classed(drawn, "language")
    assert (words(language), language.href) == ("English", f"/preference?language=en&{back}")
    themes = of_kind(classed(drawn, "theme"), "A")
    assert [link.href for link in themes] == [
        f"/preference?theme={t}&{back}" for t in ("auto", "light", "dark")
    ]
    [chosen] = [li for li in of_kind(classed(drawn, "theme"), "Li") if getattr(li, "aria-current", None)]
    assert words(chosen) == "深色"
    assert words(classed(shell.header(NAV, "/", EN, back="/"), "language")) == "中文"


def test_filters_are_links_that_carry_one_change() -> None:
    menu = shell.Menu(
        "period", Text("Period", "期间"), {"mtd": Text("Month", "本月"), "7d": Text("Week", "近 7 天")}, "7d"
    )
    drawn = shell.filter_bar([menu], ZH, lambda name, value: f"/?{name}={value}")
    assert words(of_kind(drawn, "Summary")) == "期间 近 7 天"
    assert [link.href for link in of_kind(drawn, "A")] == ["/?period=mtd", "/?period=7d"]
    [chosen] = [li for li in of_kind(drawn, "Li") if getattr(li, "aria-current", None)]
    assert words(chosen) == "近 7 天"
    unnamed = shell.Menu("period", Text("Period", "期间"), {}, "2026-10")
    assert words(of_kind(shell.filter_bar([unnamed], ZH, lambda *_: ""), "Summary")) == "期间 2026-10"
    one_day = replace(unnamed, chosen="2026-10-03..2026-10-03", other=same("2026-10-03"))
    assert words(of_kind(shell.filter_bar([one_day], ZH, lambda *_: ""), "Summary")) == "期间 2026-10-03"


def test_the_last_crumb_is_here() -> None:
    drawn = shell.breadcrumb([(Text("Network", "全国"), "/"), (REGIONS["north"], "/region/north")], ZH)
    assert [link.href for link in of_kind(drawn, "A")] == ["/"]
    [here] = [li for li in of_kind(drawn, "Li") if getattr(li, "aria-current", None)]
    assert words(here) == "华北"


def test_freshness_names_the_late_stores() -> None:
    late = [
        shell.LateStore(Text("Tiexi", "铁西店"), AS_OF - timedelta(hours=2)),
        shell.LateStore(Text("Daoli", "道里店"), None),
    ]
    drawn = shell.freshness_line(shell.Freshness(AS_OF, 0.9712, late, late_count=14), ZH)
    assert words(of_kind(drawn, "Summary")) == "数据截至 11-20 10:40 · 完整 97.1 % · 14 店未上报"
    assert [words(li) for li in of_kind(drawn, "Li")] == [
        "铁西店 最近上报 11-20 08:40",
        "道里店 五周以上未上报",
        "另有 12 项",
    ]
    assert getattr(drawn, "data-as-of") == "2026-11-20T10:40:00"


def test_freshness_of_a_whole_network_is_one_line() -> None:
    drawn = shell.freshness_line(shell.Freshness(datetime(2026, 11, 20, 10, 40), 1.0), EN)
    assert words(drawn) == "Data as of 20 Nov 10:40 · 100 % complete"
    assert "99.99 %" in words(shell.freshness_line(shell.Freshness(AS_OF, 0.99994), EN))


def test_a_page_has_one_heading_a_way_past_the_navigation_and_a_language() -> None:
    drawn = shell.page(
        Text("Glossary", "字典"), [notice.empty(ZH), None], ZH, header=shell.header(NAV, "/", ZH, back="/")
    )
    assert [words(h1) for h1 in of_kind(drawn, "H1")] == ["字典"]
    [skip] = classed(drawn, "skip")
    assert (skip.href, [main.id for main in of_kind(drawn, "Main")]) == ("#main", ["main"])
    assert drawn.lang == "zh-CN"


def test_a_problem_is_told_in_words_with_its_reference() -> None:
    drawn = notice.problem(Text("Too slow.", "超时。"), ZH, "7F3A", retry="/")
    assert words(drawn) == "无法显示 超时。 参考编号 7F3A 重试"
    assert drawn.role == "alert"
    assert words(notice.problem(Text("Too slow.", "超时。"), EN)) == "This could not be shown Too slow."
    assert len(classed(notice.skeleton(ZH, tiles=3), "tile")) == 3


@pytest.mark.parametrize("reader", [ZH, EN])
def test_the_glossary_holds_every_metric_once(reader: Reader) -> None:
    entries = classed(glossary.glossary(AREAS, reader), "entry")
    assert sorted(entry.id for entry in entries) == sorted(METRICS)
    for entry in entries:
        told = words(entry)
        metric = METRICS[entry.id]
        assert spaced(reader.told(metric.description)) in told
        assert spaced(reader.told(metric.mistake)) in told


def test_a_glossary_entry_in_full() -> None:
    [entry] = [part for part in classed(glossary.glossary(AREAS, ZH), "entry") if part.id == "ftfr_30d"]
    assert words(of_kind(entry, "Dl")) == (
        "公式 sum(fix_eligible - returned_30d) / sum(fix_eligible) 单位 占比 % 方向 越高越好 "
        "目标与红线 达标 ≥ 92 %，告警 < 85 % 最小样本 30 单维修 滚动窗口 28 天 成熟期 30 天 更新 每日 "
        "来源 门店日汇总   store_day 责任人 运营负责人 "
        "状态规则 最近3周中有2个、合计超出2.0 个点才变差；最近4周合计好于界限2.0 个点，或连续8周均优于界限，才转好，"
        "告警须有 99% 把握"
    )


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("revenue", "sum(revenue)"),
        ("nps", "100 * (sum(promoters) - sum(detractors)) / sum(nps_answers)"),
        ("stock_value", "last_day(sum(value))"),
        ("overdue_30d", "last_day(sum(overdue_30d)) / last_day(sum(active))"),
    ],
)
def test_formulas_read_as_code(key: str, code: str) -> None:
    assert glossary.formula(METRICS[key].formula) == code


def test_a_plan_that_no_metric_uses_yet() -> None:
    assert glossary.plan(Plan("cost_plan", "revenue", "revenue_plan")) == (
        "sum(cost_plan) * sum(revenue) / sum(revenue_plan)"
    )
