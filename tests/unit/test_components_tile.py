"""A tile says name, number, verdict, move, target and evidence, and nothing that is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from components.reader import Reader
from components.tile import tile, tile_grid
from kpi.answer import Answer
from kpi.catalog import METRICS
from kpi.text import Locale, Text, same
from kpi.verdict import Status
from tests.unit.components_sample import AS_OF, Sums, answer, classed, series, verdict, walk, words

ZH, EN = Reader(Locale.ZH_CN), Reader(Locale.EN)
FIXED: Sums = {"numerator": 34_862, "denominator": 41_208}  # 84.6 %: red below 85 %, certain with so many
FIXED_BEFORE: Sums = {"numerator": 35_645, "denominator": 41_208}  # 86.5 %
ON_PLAN: Sums = {"numerator": 312_400_000, "denominator": 9, "plan": 306_000_000, "n": 140_231}


def shown(of: Answer, reader: Reader = ZH, **more: Any) -> Any:
    return tile(of, more.pop("verdict", None) or verdict(of), reader, unit="network", **more)


def only(tree: Any, name: str) -> str:
    [found] = classed(tree, name)
    return words(found)


def test_the_element_that_tools_rely_on() -> None:
    drawn = shown(answer("ftfr_30d", FIXED, FIXED_BEFORE))
    marked = [part for part in walk(drawn) if getattr(part, "data-kpi", None) is not None]
    assert marked == [drawn]
    assert getattr(drawn, "data-kpi") == "ftfr_30d"
    assert getattr(drawn, "data-unit") == "network"
    assert getattr(drawn, "data-status") == "critical"
    assert getattr(drawn, "data-value") == "0.8460007765"  # 34,862 / 41,208
    assert getattr(drawn, "data-as-of") == "2026-11-20T10:40:00"


def test_a_red_tile_says_all_of_it() -> None:
    drawn = shown(answer("ftfr_30d", FIXED, FIXED_BEFORE), days=3)
    assert drawn.className == "tile critical"
    assert only(drawn, "name") == "首次修复率（30天）"
    assert only(drawn, "state") == "告警 3 天"
    assert only(drawn, "value") == "84.6 %"
    assert only(drawn, "delta") == "↓1.9 个点"
    assert only(drawn, "move") == "↓1.9 个点 较前期同周天"
    assert only(drawn, "target") == "目标 ≥ 92 %"
    assert only(drawn, "n") == "n = 41,208"
    assert only(drawn, "interval") == "± 0.3"
    assert only(drawn, "as-of") == "已成熟至 10-20"  # 30 days before the last complete day, 19 November


def test_the_same_tile_in_english() -> None:
    drawn = shown(answer("ftfr_30d", FIXED, FIXED_BEFORE), EN, days=3)
    assert only(drawn, "name") == "First-time fix, 30 days"
    assert only(drawn, "state") == "Alert, 3 d"
    assert only(drawn, "move") == "↓1.9 pp vs earlier weeks"
    assert only(drawn, "target") == "Target ≥ 92 %"
    assert only(drawn, "as-of") == "mature to 20 Oct"


def test_a_plan_metric_shows_value_plan_and_share() -> None:
    drawn = shown(answer("revenue", ON_PLAN))
    assert only(drawn, "value") == "3.12 亿元"
    assert only(drawn, "target") == "计划 3.06 亿元 · 102 %"
    assert getattr(drawn, "data-status") == "good"
    assert only(drawn, "as-of") == "至 11-19"


def test_a_plan_missed_by_a_hair_does_not_read_100_percent() -> None:
    drawn = shown(answer("revenue", ON_PLAN | {"numerator": 305_950_000}))
    assert only(drawn, "target") == "计划 3.06 亿元 · 99.98 %"
    assert getattr(drawn, "data-status") == "warning"


def test_a_value_without_plan_says_so() -> None:
    drawn = shown(answer("revenue", {"numerator": 5e6, "denominator": 3, "n": 10}))
    assert only(drawn, "target") == "无计划数据"
    assert getattr(drawn, "data-status") == "unknown"


def test_a_widened_window_is_named() -> None:
    sums: Sums = {"numerator": 43.2, "denominator": 100, "n": 9}
    assert only(shown(answer("gross_margin", sums)), "as-of") == "28 天至 11-19"


def test_noise_is_not_a_move() -> None:
    drawn = shown(answer("ftfr_30d", FIXED, FIXED | {"numerator": 34_870}))
    assert only(drawn, "move") == "≈ 无显著变化"


def test_without_comparison_there_is_no_move() -> None:
    assert classed(shown(answer("ftfr_30d", FIXED)), "move") == []


def test_a_metric_without_limits_is_neutral() -> None:
    drawn = shown(answer("ftfr_48h", FIXED))
    assert drawn.className == "tile neutral"
    assert getattr(drawn, "data-status") == "unknown"
    assert only(drawn, "state") == "无目标"
    assert only(drawn, "target") == "未设目标"
    assert classed(drawn, "where") == []


def test_no_data_is_a_dash_and_an_empty_value() -> None:
    drawn = shown(answer("ftfr_30d", {}))
    assert drawn.className == "tile unknown"
    assert getattr(drawn, "data-value") == ""
    assert only(drawn, "value") == "–"
    assert only(drawn, "state") == "无数据"
    assert classed(drawn, "n") == []
    assert classed(drawn, "interval") == []


def test_nought_is_a_value() -> None:
    drawn = shown(answer("complaint_rate", {"numerator": 0, "denominator": 5_000}))
    assert getattr(drawn, "data-value") == "0"
    assert only(drawn, "value") == "0.0 %"
    assert getattr(drawn, "data-status") == "good"


def test_too_few_cases_are_named_and_not_judged() -> None:
    drawn = shown(answer("ftfr_30d", {"numerator": 5, "denominator": 12}))
    assert getattr(drawn, "data-status") == "unknown"
    assert only(drawn, "state") == "样本不足"
    assert only(drawn, "n") == "n = 12"


def test_a_stale_value_is_grey_and_says_since_when() -> None:
    of = answer("ftfr_30d", FIXED)
    drawn = shown(of, verdict=verdict(of, now=AS_OF + timedelta(days=2)))
    assert drawn.className == "tile unknown"
    assert only(drawn, "state") == "数据延迟"
    assert only(drawn, "as-of") == "截至 11-20 10:40"


def test_how_long_it_has_lasted_is_said_of_bad_news_only() -> None:
    assert only(shown(answer("revenue", ON_PLAN), days=40), "state") == "正常"


def test_a_tile_of_a_row_may_lead_and_link_and_carry_a_note() -> None:
    drawn = shown(
        answer("revenue", ON_PLAN), lead=True, href="/map?kpi=revenue", note=Text("Forecast", "预计 4.41 亿")
    )
    assert drawn.className == "tile good large"
    [link] = classed(drawn, "whole")
    assert link.href == "/map?kpi=revenue"
    assert link.title.startswith("已结算工单的工时与配件收入")
    assert only(drawn, "aside") == "预计 4.41 亿"


def test_a_trend_needs_two_points() -> None:
    points: list[Sums] = [FIXED_BEFORE, FIXED]
    of = answer("ftfr_30d", FIXED)
    assert len(classed(shown(of, series=series("ftfr_30d", points)), "trend")) == 1
    assert classed(shown(of, series=series("ftfr_30d", points[:1])), "trend") == []
    assert classed(shown(of, series=series("ftfr_30d", [{}, FIXED])), "trend") == []


@pytest.mark.parametrize(("reader", "spoken"), [(ZH, "较 10-04 至 10-22"), (EN, "vs 4 Oct – 22 Oct")])
def test_a_comparison_without_a_name_is_told_by_its_days(reader: Reader, spoken: str) -> None:
    of = answer("revenue", ON_PLAN, ON_PLAN | {"numerator": 2e8})
    days = of.question.period.shifted(-28)
    odd = replace(of, question=replace(of.question, compare=days.shifted(-1)), compare_window=days)
    assert only(shown(odd, reader), "move").endswith(spoken)


def test_a_name_of_any_length_and_content_stays_text() -> None:
    metric = replace(METRICS["ftfr_30d"], name=same("<b>" + "x" * 60), description=same('" onclick="x'))
    drawn = shown(answer("ftfr_30d", FIXED, metric=metric))
    assert only(drawn, "name") == "<b>" + "x" * 60


def test_the_grid_knows_how_many_it_holds() -> None:
    tiles = [shown(answer("revenue", ON_PLAN))] * 5
    assert getattr(tile_grid(tiles), "data-count") == "5"


def test_statuses_differ_by_word_and_by_shape() -> None:
    seen = set()
    for numerator, status in ((34_862, Status.CRITICAL), (37_087, Status.WARNING), (38_500, Status.GOOD)):
        drawn = shown(answer("ftfr_30d", FIXED | {"numerator": numerator}))
        assert getattr(drawn, "data-status") == status.value
        [mark] = classed(drawn, "shape")
        seen.add((only(drawn, "state"), mark.markup))
    assert len({word for word, _ in seen}) == len({shape for _, shape in seen}) == 3
