"""The words of a stored status: how long it lasts, whether the movement is signal, what to expect, where a unit stands."""

from __future__ import annotations

from kpi.ranking import Tier
from kpi.text import Text, same
from kpi.variation import ASSURANCE_WORDS, Variation
from kpi.verdict import Reason

ASSURANCE = ASSURANCE_WORDS
HALF = Text("On target, guard in alert", "正常·制衡告警")
HALF_BECAUSE = Text("its guard “{guard}” is in alert", "制衡指标“{guard}”告警")
LASTING = Text("{state}, {days}\N{NO-BREAK SPACE}d", "{state} {days}\N{NO-BREAK SPACE}天")
AGAIN = Text(
    "{times} times this quarter",
    "本季第\N{NO-BREAK SPACE}{times}\N{NO-BREAK SPACE}次",
)
SINCE_DAY = Text("since", "起始日")
NOT_YET = {
    Reason.WORSENING: Text("getting worse, not confirmed", "转差待确认"),
    Reason.RECOVERING: Text("recovering, not confirmed", "好转待确认"),
    Reason.PERHAPS: Text("perhaps beyond the red limit", "可能越过红线"),
    Reason.IMMATURE: Text("last weeks not final", "近期未成熟"),
}
BACK_FOR = Text(
    "recovering: week {weeks} on target",
    "恢复中，第\N{NO-BREAK SPACE}{weeks}\N{NO-BREAK SPACE}周达标",
)
"""A red or amber mark beside a value that is on target again: it stays until the weeks together say so."""
MADE_FROM = Text("weeks to {day}: {value}", "各周至 {day}：{value}")
"""What the weeks come to that a mark was made from, where the value beside it lies on the other side of the target."""
PLAN_MISSED = Text("weeks to {day}: off plan", "各周至 {day}：偏离计划")
PLAN_KEPT = Text("weeks to {day}: on plan", "各周至 {day}：符合计划")
MOMENTARY = Text("level of this period alone", "仅按本期水平")
VARIATION = {
    Variation.COMMON: Text("ordinary variation", "正常波动"),
    Variation.IMPROVEMENT: Text("improving for certain", "显著好转"),
    Variation.CONCERN: Text("worsening for certain", "显著恶化"),
    Variation.NEUTRAL_HIGH: Text("high for certain", "显著偏高"),
    Variation.NEUTRAL_LOW: Text("low for certain", "显著偏低"),
}
BY_WEEKS = Text("Status by complete weeks, to {day}", "状态按完整周判定，截至 {day}")

MONTH_PACE = Text(
    "month plan {plan}: {reached} reached, {due} due by now; ends at {projected}",
    "月计划 {plan}：已达 {reached}，应达 {due}，按此速度月末 {projected}",
)
HOLIDAY = {
    "New Year's Day": Text("New Year's Day", "元旦"),
    "Spring Festival": Text("Spring Festival", "春节"),
    "Tomb-Sweeping Day": Text("Tomb-Sweeping Day", "清明节"),
    "Labour Day": Text("Labour Day", "劳动节"),
    "Dragon Boat Festival": Text("Dragon Boat Festival", "端午节"),
    "Mid-Autumn Festival": Text("Mid-Autumn Festival", "中秋节"),
    "Mid-Autumn Festival; National Day": Text("Mid-Autumn and National Day", "中秋国庆"),
    "National Day": Text("National Day", "国庆节"),
}
MAKE_UP_DAY = Text("make-up workday", "调休上班")
NEAR_FESTIVAL = Text("around the Spring Festival", "春节前后")
CLOSED_TODAY = Text("closed today", "今日休息")
ASSUMED_DAY = Text("calendar assumed: no official one yet", "日历为推定，官方尚未公布")
MOVES = Text("Status moves", "状态规则")
MOVES_BY = Text(
    "worse when {hold} of the last {within} {period} together miss by more than {band}; better again when the last {release} "
    "together are clear of the limit by as much, or each of the last {settle} is on its right side",
    "最近{within}{period}中有{hold}个、合计超出{band}才变差；最近{release}{period}合计好于界限{band}，或连续{settle}{period}均优于界限，才转好",
)
USUAL_BAND = Text("30 % of the way from green to red", "目标至红线距离的30 %")
NEEDS_EVIDENCE = Text("red needs {share} certainty", "告警须有 {share} 把握")
PERIOD_OF = {7: Text("weeks", "周"), 28: Text("four-week periods", "个四周期")}
CHANGED = Text("Definition changed", "口径变更")
NEW_LIMITS = Text("new limits", "目标调整")

TIER: dict[Tier, Text] = {tier: same(tier.name) for tier in Tier if tier is not Tier.NONE}
TIER_OF = Text("tier {tier} of its peers", "同类 {tier} 层")
RANK_RANGE = Text("rank {low}–{high} of {of}", "排名区间 {low}–{high}（共 {of}）")
FUNNEL = Text("Every store by size: who is really different?", "按规模看门店：谁真的不同？")
FUNNEL_NOTE = Text(
    "{n} stores; {apart} differ for certain. Lines: 95 % and 99.8 % limits around the value of all, widened by how much stores "
    "really differ",
    "{n} 家门店，{apart} 家确有不同；线为整体值的 95 % 与 99.8 % 控制限（已按门店间真实差异放宽）",
)
RANK = Text("Peer tier, rank 90 %", "同类分层·排名区间")
MOVED_SIGN = {1: same("↑"), -1: same("↓"), 0: same("")}
APART_WORD = {
    1: Text("clearly better", "明显更好"),
    -1: Text("clearly worse", "明显更差"),
    0: Text("ordinary", "正常范围"),
}
TIER_WORD = Text("tier among peers", "同类分层")
RANK_LOW = Text("rank from", "排名区间下限")
RANK_HIGH = Text("rank to", "排名区间上限")
