"""Words about what will happen."""

from __future__ import annotations

from kpi.text import Text, same

MONTH_END = Text("Month end, {day}", "月末预测（{day}）")
LIKELY = Text("four times in five {range}", "八成把握 {range}")
PLAN = Text("plan {plan}", "计划 {plan}")
MISS = Text("{chance} % chance to miss the plan", "{chance} % 可能完不成计划")
NEXT_DAY = Text("Bay utilisation to be expected on {day}", "{day}预计工位利用率")
OF_HOURS = Text("{mean} of {capacity}", "{capacity}中的{mean}")
NEXT_DAYS = Text("{name}, the next {days} days", "未来{days}天{name}")
AGAINST = Text("capacity", "可用产能")
OVERFLOW = Text("Fuller than 85 %: {days}.", "将超过85 %：{days}。")
FULLNESS = Text("{day} ({share} %)", "{day}（{share} %）")
NO_OVERFLOW = Text("No day is expected to be fuller than 85 %.", "预计没有一天超过85 %。")
DAY = Text("{day}: {mean}, four times in five {range}", "{day}：{mean}，八成把握 {range}")
OF_CAPACITY = Text("{share} % of capacity", "占产能 {share} %")
TRUST = Text(
    "{model}; error when tried on {origins} points of the past: {error} %, last week again {naive} %; its 80 % range held on "
    "{held} % of days",
    "{model}；在{origins}个历史时点回测：误差 {error} %，上周同日法 {naive} %；80 %区间命中率 {held} %",
)
SCORE = Text("How the score did on customers it had not seen", "评分在未见过的客户上的回测")
SCORE_TRUST = Text(
    "Customers are ranked by {model}, fitted every night; to stay away is not to come until {grace_days} days after due. On "
    "{day} it was tried on {customers} customers of the network whom it had not learnt from: of two customers of a store, it "
    "ranked the one who stayed away higher in {auc} % of cases (days past due alone: {rule_auc} %); its top 15 % stayed away "
    "{lift} times as often as everybody (days past due: {rule_lift}); it expected {expected} % to stay away, {away} % did.",
    "名单按{model}排序，每夜重新拟合；应到店日后 {grace_days} 天内未到店即为流失。回测日 {day}，全网 {customers} 位未参与学习的"
    "客户：同店两人中流失者得分更高的占 {auc} %（仅按超期天数 {rule_auc} %）；得分前15 %的流失率是总体的 {lift} 倍"
    "（超期天数 {rule_lift} 倍）；预计流失 {expected} %，实际 {away} %。",
)
PARTS = Text("How far the advice can be trusted", "建议的可信度")
OF_CLASS = Text("{demand}: {methods}", "{demand}：{methods}")
PLUS = same(" + ")
PARTS_TRUST = Text(
    "Demand is foretold by the average of the methods that did best on its class ({methods}), times the visits that the "
    "calendar brings each store; error over four weeks when tried on {origins} points of the past: {error} %, the four weeks "
    "before again {naive} %; its 80 % range held for {held} % of parts (pieces are whole, so a right range holds for more "
    "than 80 %).",
    "需求预测取各类回测最优方法的平均（{methods}），再按日历给各店带来的进厂台次折算；在{origins}个历史时点回测四周："
    "误差 {error} %，重复前四周法 {naive} %；80 %区间命中率 {held} %（件数为整数，准确的区间命中会高于80 %）。",
)
