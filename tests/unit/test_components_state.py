"""A stored status in words and shapes: how long, how often, half-green, and a past period that has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from components.headline import Finding, sentence
from components.kpi_table import KpiRow, kpi_table
from components.ranking import ranking
from components.reader import Reader
from components.region_strip import member_table
from components.state import apart, bad_days, lasting, rises, signals, standing
from components.svg import mark
from components.tile import tile
from kpi.answer import Answer, Measured, Row
from kpi.metric import Direction, Limits
from kpi.ranking import Tier
from kpi.state import Reason, Side, Status
from kpi.stored import Place, StoredStatus
from kpi.text import Locale, Text
from kpi.variation import Assurance, Variation
from kpi.verdict import Verdict, judge
from tests.unit.components_sample import AS_OF, LAST, answer, classed, spaced, split, walk, words

ZH = Reader(Locale.ZH_CN)
STORED = StoredStatus(
    status=Status.CRITICAL,
    reason=Reason.BEYOND_LIMIT,
    day=LAST,
    since=LAST - timedelta(5),
    previous=Status.WARNING,
    times=3,
    side=Side.LOW,
    value=0.80,
    n=300,
    low=0.75,
    high=0.84,
    probability=1.0,
    variation=Variation.CONCERN,
    assurance=Assurance.FAIL,
    guard_red=False,
    limits=Limits(good=0.92, critical=0.85, since=date(2026, 1, 1)),
)
GOOD = answer("ftfr_30d", {"numerator": 950, "denominator": 1000})  # the period itself would be green


def held(stored: StoredStatus | None) -> Verdict:
    return judge(GOOD.total, day=LAST, as_of=AS_OF, now=AS_OF, stored=stored)


def test_the_stored_status_decides_not_the_period() -> None:
    assert held(None).status is Status.GOOD
    verdict = held(STORED)
    assert (verdict.status, verdict.limits) == (Status.CRITICAL, STORED.limits)
    assert bad_days(verdict, LAST) == 6
    assert lasting(verdict, 6) == Text(
        "Alert, 6\N{NO-BREAK SPACE}d, 3 times this quarter",
        "告警 6\N{NO-BREAK SPACE}天，本季第\N{NO-BREAK SPACE}3\N{NO-BREAK SPACE}次",
    )
    assert lasting(held(replace(STORED, times=1)), 6).zh_cn == "告警 6\N{NO-BREAK SPACE}天"


def test_a_stale_value_stays_grey_whatever_was_stored() -> None:
    late = judge(GOOD.total, day=LAST, as_of=AS_OF, now=AS_OF + timedelta(days=3), stored=STORED)
    assert (late.status, late.reason) == (Status.UNKNOWN, Reason.STALE)


def test_a_tile_tells_level_variation_and_assurance() -> None:
    shown = tile(GOOD, held(STORED), ZH, unit="network")
    assert words(classed(shown, "signals")) == "显著恶化 无法达标 各周至 11-19：80.0 %"
    assert "告警 6 天，本季第 3 次" in words(shown)
    assert shown.props["data-status"] == "critical"


def test_a_red_beside_a_value_that_is_on_target_again_says_for_how_long() -> None:
    """Four weeks of 80, 95, 93 and 60 %: the last one is younger than what the status speaks of, the target is 92 %."""
    mondays = [LAST - timedelta(6 + 7 * back) for back in (3, 2, 1, 0)]
    weeks = answer_of_weeks(dict(zip(mondays, (80, 95, 93, 60), strict=True)))
    back = replace(STORED, reason=Reason.RECOVERING, day=LAST - timedelta(7))
    told = words(classed(tile(GOOD, held(back), ZH, unit="network", series=weeks), "signals"))
    assert "恢复中，第 2 周达标" in told
    worse = replace(back, limits=Limits(good=0.97, critical=0.5))
    told = words(classed(tile(GOOD, held(worse), ZH, unit="network", series=weeks), "signals"))
    assert "好转待确认" in told and "周达标" not in told


def test_a_mark_that_says_something_else_than_the_value_beside_it_says_why() -> None:
    """The month is at 95 % of a target of 92 %; the weeks of the status were at 80 %."""
    on_target, missed = GOOD, answer("ftfr_30d", {"numerator": 900, "denominator": 1000})
    calm = replace(STORED, status=Status.GOOD, reason=Reason.ON_TARGET, side=None, value=0.9201)

    def told(of: Answer, stored: StoredStatus | None) -> str | None:
        verdict = judge(of.total, day=LAST, as_of=AS_OF, now=AS_OF, stored=stored)
        found = apart(of.metric, verdict, Reader(Locale.EN))
        return spaced(found.en) if found else None

    assert told(on_target, STORED) == "weeks to 19 Nov: 80.0 %"
    assert told(on_target, replace(STORED, reason=Reason.RECOVERING)) == "recovering, not confirmed"
    assert told(missed, calm) == "weeks to 19 Nov: 92.01 %"
    assert told(missed, replace(calm, reason=Reason.WORSENING)) == "getting worse, not confirmed"
    # What the status keeps of a plan is the amount, not its share.
    plan = Limits(good=1.0, critical=0.9)
    amount = replace(STORED, limits=plan, value=300e6)
    above, below = (
        answer("revenue", {"numerator": n, "denominator": 9, "plan": 306e6, "n": 9}) for n in (312e6, 290e6)
    )
    assert told(above, amount) == "weeks to 19 Nov: off plan"
    assert told(below, replace(calm, limits=plan)) == "weeks to 19 Nov: on plan"
    agreeing = ((on_target, calm), (missed, STORED), (on_target, None))
    assert [told(*each) for each in agreeing] == [None] * 3


def test_the_headline_says_it_instead_of_how_far_it_is_from_target() -> None:
    """95.0 % is on target; the alert is that of the weeks before."""
    one = sentence([Finding(GOOD.metric, GOOD.total, held(STORED), days=6)])
    assert spaced(one.zh_cn) == (
        "1 项需立即关注：首次修复率（30天） 95.0 %，各周至 11-19：80.0 %，已 6 天，本季第 3 次。"
    )
    assert spaced(one.en) == (
        "1 needs attention now: first-time fix, 30 days at 95.0 %, weeks to 19 Nov: 80.0 %, for 6 days, "
        "3 times this quarter."
    )


def test_a_stores_row_says_it_too() -> None:
    def told(stored: StoredStatus) -> str:
        row = KpiRow(GOOD, held(stored), GOOD, None)
        return words(kpi_table([(Text("Area", "领域"), [row])], ZH, lambda key: f"/metric/{key}", "store:S1"))

    assert "各周至 11-19：80.0 %" in told(STORED)
    assert "各周" not in told(replace(STORED, status=Status.GOOD, reason=Reason.ON_TARGET, side=None))


def test_a_cell_says_it_to_the_pointer() -> None:
    stores = split("ftfr_30d", {"S1": {"numerator": 950, "denominator": 1000}})
    drawn = member_table([stores], lambda *_: held(STORED), {"S1": Text("One", "一")}, ZH, lambda _: None)
    told = [str(part.props["title"]) for part in walk(drawn) if part.tag == "td"]
    assert [spaced(each) for each in told] == ["告警 6 天，本季第 3 次 · 各周至 11-19：80.0 %"]


def answer_of_weeks(values: dict[date, int]) -> Answer:
    rows = [
        Row(day, None, Measured(GOOD.metric, {"numerator": value, "denominator": 100}), None)
        for day, value in values.items()
    ]
    return replace(GOOD, rows=tuple(rows))


def test_a_period_without_stored_status_says_so() -> None:
    assert words(signals(GOOD.metric, held(None), ZH)) == "仅按本期水平"


def test_a_green_whose_guard_is_red_is_half_a_circle_and_says_which() -> None:
    bay = answer("bay_util", {"numerator": 70, "denominator": 100, "n": 7})
    stored = replace(STORED, status=Status.GOOD, reason=Reason.ON_TARGET, side=None, guard_red=True)
    verdict = judge(bay.total, day=LAST, as_of=AS_OF, now=AS_OF, stored=stored)
    assert verdict.half and not held(STORED).half
    shown = words(tile(bay, verdict, ZH, unit="network"))
    assert "正常·制衡告警" in shown and "制衡指标“首次修复率（30天）”告警" in shown
    assert mark(Status.GOOD, half=True).markup != mark(Status.GOOD).markup


@pytest.mark.parametrize(
    ("found", "direction", "up"),
    [
        (Variation.IMPROVEMENT, Direction.HIGHER, 1),
        (Variation.IMPROVEMENT, Direction.LOWER, -1),
        (Variation.CONCERN, Direction.LOWER, 1),
        (Variation.NEUTRAL_LOW, Direction.BAND, -1),
        (Variation.COMMON, Direction.HIGHER, 0),
    ],
)
def test_the_line_goes_the_way_the_value_went(found: Variation, direction: Direction, up: int) -> None:
    assert rises(found, direction) == up


def test_a_standing_is_a_range() -> None:
    place = Place(0.9, 180, 120, 260, 594, Tier.B, "small direct north", 0, 0)
    assert standing(place) == Text(
        "tier B of its peers, rank 120–260 of 594", "同类 B 层，排名区间 120–260（共 594）"
    )


def test_stores_of_which_none_is_ranked_have_no_column_of_ranks() -> None:
    stores = split("ftfr_30d", {"S1": {"numerator": 80, "denominator": 100}})
    place = Place(0.8, 1, 1, 2, 2, Tier.B, "", 0, 0)

    def headings(stored: StoredStatus) -> list[str]:
        names = {"S1": Text("One", "一")}
        drawn = ranking(
            stores, lambda *_: held(stored), names, Reader(Locale.EN), lambda key: f"/store/{key}"
        )
        return [words(part) for part in walk(drawn) if part.tag == "th" and part.props.get("scope") == "col"]

    bare = ["Place", "Unit", "Value", "State", "Change", "Target", "Cases"]
    assert headings(STORED) == bare
    assert headings(replace(STORED, place=place)) == [*bare[:5], "Peer tier, rank 90 %", *bare[5:]]
