"""One sentence made from the numbers. Every sentence here was typed by hand, in both languages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from components.headline import Finding, counted, headline, sentence
from components.reader import Reader
from kpi.catalog import REGIONS
from kpi.text import Locale, Text
from kpi.verdict import Status
from tests.unit.components_sample import AS_OF, Sums, answer, classed, spaced, verdict, walk, words

NORTH, SOUTH, EAST = REGIONS["north"], REGIONS["south"], REGIONS["east"]
CALM: dict[str, Sums] = {
    "gross_margin": {"numerator": 46.2, "denominator": 100, "n": 9_000},
    "nps": {"numerator": 4_338, "denominator": 9_870, "squares": 7_400},  # 44.0
    "bay_util": {"numerator": 744, "denominator": 1_000, "n": 600},
    "revenue": {"numerator": 312e6, "denominator": 9, "plan": 306e6, "n": 140_231},
}
IDLE: Sums = {"numerator": 384, "denominator": 1_000, "n": 600}
RETURNED: Sums = {"numerator": 34_862, "denominator": 41_208}  # 84.6 %
SLOW: Sums = {"numerator": 142, "denominator": 100, "squares": 210}  # 1.42 hours
BEHIND: Sums = {"numerator": 275e6, "denominator": 9, "plan": 306e6, "n": 120_000}  # 89.9 %
THIN: Sums = {"numerator": 43.2, "denominator": 100, "n": 9_000}


def finding(key: str, sums: Sums, *, late: bool = False, **more: Any) -> Finding:
    of = answer(key, sums)
    return Finding(of.metric, of.total, verdict(of, now=AS_OF + timedelta(days=9 * late)), **more)


def said(*findings: Finding) -> tuple[str, str]:
    told = sentence(findings)
    return spaced(told.zh_cn), spaced(told.en)


def calm(*keys: str) -> list[Finding]:
    return [finding(key, CALM[key]) for key in keys or CALM]


def test_all_calm_leads_with_the_plan() -> None:
    assert said(*calm()) == (
        "4 项全部正常，其中售后收入为计划的 102 %，毛利率 46.2 %，净推荐值 NPS 44.0 分。",
        "All 4 on target, among them service revenue at 102 % of plan, gross margin at 46.2 %, "
        "Net Promoter Score at 44.0 pts.",
    )


def test_one_alone_and_calm() -> None:
    assert said(*calm("gross_margin")) == (
        "全部正常：毛利率 46.2 %。",
        "All on target: gross margin at 46.2 %.",
    )


def test_one_alert_names_value_miss_and_duration() -> None:
    assert said(*calm(), finding("ftfr_30d", RETURNED, days=3)) == (
        "1 项需立即关注：首次修复率（30天） 84.6 %，低于目标 7.4 个点，已 3 天。",
        "1 needs attention now: first-time fix, 30 days at 84.6 %, 7.4 pp below target, for 3 days.",
    )


def test_two_alerts_the_worse_first_with_place_band_and_drivers() -> None:
    returned = finding("ftfr_30d", RETURNED, drivers=(NORTH, SOUTH))
    idle = finding("bay_util", IDLE, place=NORTH)
    assert said(returned, *calm("nps"), idle) == (
        "2 项需立即关注：华北工位利用率 38.4 %（目标 68–85 %）；"
        "首次修复率（30天） 84.6 %，低于目标 7.4 个点，华北、华南拖累最大。",
        "2 need attention now: North bay utilisation at 38.4 % (target 68–85 %); "
        "first-time fix, 30 days at 84.6 %, 7.4 pp below target, North and South weigh most.",
    )


def test_the_largest_miss_comes_first() -> None:
    half: Sums = {
        "numerator": 5_000,
        "denominator": 10_000,
    }  # 47 % below its target; the bays are 44 % below theirs
    assert said(finding("bay_util", IDLE), finding("fill_rate", half))[0].startswith(
        "2 项需立即关注：满足率 50.0 %"
    )


def test_a_missed_plan_is_told_as_a_share_of_it() -> None:
    assert said(finding("revenue", BEHIND, drivers=(NORTH,))) == (
        "1 项需立即关注：售后收入 2.75 亿元，为计划的 89.9 %，华北拖累最大。",
        "1 needs attention now: service revenue at ¥275M, 89.9 % of plan, North weighs most.",
    )


def test_three_drivers_are_listed() -> None:
    found = finding("revenue", BEHIND, drivers=(NORTH, SOUTH, EAST))
    assert said(found)[0].endswith("华北、华南、华东拖累最大。")
    assert said(found)[1].endswith("North, South and East weigh most.")


def test_only_ambers() -> None:
    assert said(finding("cycle_time_h", SLOW, days=2), *calm("nps"), finding("gross_margin", THIN)) == (
        "无告警，2 项需留意：客户等待时长 1.4 小时，高于目标 0.3 小时，已 2 天；毛利率 43.2 %，低于目标 1.8 个点。",
        "No alerts; 2 to watch: time in the shop at 1.4 h, 0.3 h above target, for 2 days; "
        "gross margin at 43.2 %, 1.8 pp below target.",
    )


def test_one_amber() -> None:
    assert said(finding("gross_margin", THIN)) == (
        "无告警，1 项需留意：毛利率 43.2 %，低于目标 1.8 个点。",
        "No alerts; 1 to watch: gross margin at 43.2 %, 1.8 pp below target.",
    )


def test_more_than_three_are_counted() -> None:
    keys = ("ftfr_30d", "sat_rate", "on_time_delivery", "show_rate", "fill_rate")
    red: Sums = {"numerator": 5_000, "denominator": 10_000}
    assert said(*(finding(key, red) for key in keys))[0].startswith("5 项需立即关注：")
    assert said(*(finding(key, red) for key in keys))[0].endswith("；另有 2 项。")
    assert said(*(finding(key, red) for key in keys[:4]))[1].endswith("; 1 more.")


def test_stores_of_which_nothing_can_be_said_are_counted_too() -> None:
    def told(**stores: int) -> list[str]:
        found = Counter({Status(status): count for status, count in stores.items()})
        return [words(counted(Text("NPS", "净推荐值"), found, Reader(locale))) for locale in Locale]

    assert told(good=70, warning=8, critical=6) == [
        "NPS: 6 of 84 stores in alert, 8 to watch",
        "净推荐值：84 家门店中 6 家告警，8 家需留意",
    ]
    assert told(good=3, unknown=81) == [
        "NPS: 0 of 84 stores in alert, 0 to watch, 81 without a verdict",
        "净推荐值：84 家门店中 0 家告警，0 家需留意，81 家无法判断",
    ]


def test_calm_with_something_missing_is_not_all_calm() -> None:
    assert said(*calm("nps"), finding("complaint_rate", {}), finding("ftfr_30d", RETURNED, late=True)) == (
        "未见异常，2 项暂无法判断：客户投诉率无数据；首次修复率（30天）数据延迟。",
        "Nothing alarming; 2 cannot be judged: complaint rate: no data; first-time fix, 30 days: data late.",
    )


def test_only_missing_data() -> None:
    assert said(finding("complaint_rate", {})) == (
        "目前无法判断：客户投诉率无数据。",
        "Nothing can be judged yet: complaint rate: no data.",
    )
    late = [finding(key, CALM[key], late=True) for key in CALM]
    assert said(*late, finding("complaint_rate", {})) == (
        "目前无法判断：4 项数据延迟，1 项无数据。",
        "Nothing can be judged yet: 4 with data late, 1 with no data.",
    )


def test_a_metric_without_target_neither_alarms_nor_counts() -> None:
    untargeted = finding("ftfr_48h", RETURNED)
    assert said(untargeted, *calm("gross_margin"))[0] == "全部正常：毛利率 46.2 %。"
    assert said(untargeted) == ("此处没有可评判的指标。", "There is nothing to judge here.")
    assert said()[0] == "此处没有可评判的指标。"


def test_the_heading_and_the_tally() -> None:
    found = [
        *calm(),
        finding("ftfr_30d", RETURNED),
        finding("complaint_rate", {}),
        finding("ftfr_48h", RETURNED),
    ]
    drawn = headline(found, Reader())
    [heading] = [part for part in walk(drawn) if getattr(part, "data-role", None) == "headline"]
    assert heading.tag == "h1"
    assert words(heading).replace(" ", "").startswith("1项需立即关注：首次修复率（30天）84.6%")
    [tally] = classed(drawn, "tally")
    assert [words(item) for item in tally.children] == ["告警 1", "正常 4", "无法判断 1", "无目标 1"]


def test_a_name_keeps_its_capitals_where_they_belong() -> None:
    place = Text("Shanghai", "上海")
    assert (
        said(finding("nps", CALM["nps"], place=place))[1]
        == "All on target: Shanghai Net Promoter Score at 44.0 pts."
    )
