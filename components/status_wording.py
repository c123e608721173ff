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
SINCE = Text("since {day}", "自 {day}")
NOT_YET = {
    Reason.WORSENING: Text("getting worse, not confirmed", "转差待确认"),
    Reason.RECOVERING: Text("recovering, not confirmed", "好转待确认"),
    Reason.PERHAPS: Text("perhaps beyond the red limit", "可能越过红线"),
    Reason.IMMATURE: Text("last weeks not final", "近期未成熟"),
}
MOMENTARY = Text("level of this period alone", "仅按本期水平")
VARIATION = {
    Variation.COMMON: Text("ordinary variation", "正常波动"),
    Variation.IMPROVEMENT: Text("improving for certain", "显著好转"),
    Variation.CONCERN: Text("worsening for certain", "显著恶化"),
    Variation.NEUTRAL_HIGH: Text("high for certain", "显著偏高"),
    Variation.NEUTRAL_LOW: Text("low for certain", "显著偏低"),
}
BY_WEEKS = Text("Status by complete weeks, to {day}", "状态按完整周判定,截至 {day}")

TIER: dict[Tier, Text] = {tier: same(tier.name) for tier in Tier if tier is not Tier.NONE}
TIER_NAME = Text("Tier", "分层")
TIER_OF = Text("tier {tier}", "{tier} 层")
RANK_RANGE = Text("rank {low}–{high} of {of}", "排名区间 {low}–{high}(共 {of})")
RANKING = Text("Ranking, fair to small units", "公平排名(小样本已收缩)")
RANK = Text("Rank, 90 %", "排名区间(90%)")
RAW = Text("Raw value", "原始值")
SHRUNKEN = Text("Fair estimate", "收缩估计")
MOVED = Text("Movement", "名次变动")
MOVED_SIGN = {1: same("↑"), -1: same("↓"), 0: same("")}
MOVED_WORD = {
    1: Text("↑ gained", "↑ 上升"),
    -1: Text("↓ lost", "↓ 下降"),
    0: same("≈"),
}
APART = Text("Against all", "与整体相比")
APART_WORD = {
    1: Text("clearly better", "明显更好"),
    -1: Text("clearly worse", "明显更差"),
    0: Text("ordinary", "正常范围"),
}
RANKING_NOTE = Text(
    "Sorted by the fair estimate: small samples are drawn towards their peers (same size, type and climate). A movement is "
    "shown only when it is real with more than 90 % probability; a unit whose guard is in alert cannot lead.",
    "按收缩估计排序:样本越小,越向同类门店(规模、店型、气候相同)靠拢。"
    "名次变动仅在真实概率超过 90% 时显示;制衡指标告警的单位不能居首。",
)
