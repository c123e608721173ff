"""Board 1, 售后业务健康度: is the business healthy and on plan? (domain.md 2.2 A)"""

from __future__ import annotations

from kpi.hysteresis import Rules
from kpi.metric import Direction, Limits, Metric, NetScore, Plan, Proportion, Ratio, Total, Unit
from kpi.text import Text

VEHICLES = Text("vehicles", "台次")
ANSWERS = Text("answers", "份")
REPAIRS = Text("repairs", "单维修")
_KNOWN = "orders_priced + open_days"
_COST_KNOWN = "case when attended_hours > 0 and orders_costed = orders_settled then 1 else 0 end"
"""Store-days whose parts and labour were both reported."""

METRICS = (
    Metric(
        key="revenue",
        name=Text("Service revenue", "售后收入"),
        description=Text(
            "Labour and parts of settled orders, net of VAT, discounts and refunds, by settlement day. Internal and "
            "pre-delivery orders are left out. Judged against the plan of the same days, weighted by working day.",
            "已结算工单的工时与配件收入，不含增值税，扣除折扣与退款，按结算日计；不含内部单与PDI。"
            "按同期计划（以工作日权重分解）评判。",
        ),
        mistake=Text(
            "Comparing ten days with a full month; mixing arrival and settlement dates.",
            "用十天累计对比整月；混用进厂日期与结算日期。",
        ),
        unit=Unit.MONEY,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Total("revenue", _KNOWN),
        n="orders_settled",
        plan=Plan("revenue_plan"),
        limits=(Limits(good=1.0, critical=0.95),),
        rules=Rules(deadband=0.01),
        owner="CFO",
    ),
    Metric(
        key="cost",
        name=Text("Cost of service", "售后成本"),
        description=Text(
            "Parts cost of settled orders plus technicians' labour (attended hours x loaded rate): a daily estimate of "
            "the month's ledger. Judged against the budget flexed to actual revenue.",
            "已结算工单的配件成本加技师人工（出勤工时×综合费率），为月度总账的日估算；按随实际收入浮动的弹性预算评判。",
        ),
        mistake=Text("Praising low cost while volume falls.", "业务量下降时把成本下降当成好事。"),
        unit=Unit.MONEY,
        direction=Direction.LOWER,
        source="store_day",
        formula=Total("parts_cost + labour_cost", _COST_KNOWN),
        n="orders_settled",
        plan=Plan("cost_plan", actual_volume="revenue", planned_volume="revenue_plan"),
        limits=(Limits(good=1.0, critical=1.05),),
        guard="csi",
        rules=Rules(deadband=0.01),
        owner="CFO",
    ),
    Metric(
        key="gross_margin",
        name=Text("Gross margin", "毛利率"),
        description=Text(
            "Revenue less cost of service, over revenue. Regions and stores are sums over sums.",
            "（收入−成本）÷收入；大区与全国为合计之比。",
        ),
        mistake=Text(
            "Averaging store margins; leaving idle labour out.", "对门店毛利率求平均；漏计闲置人工。"
        ),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Ratio("revenue - parts_cost - labour_cost", "revenue", known=_COST_KNOWN),
        n="orders_settled",
        limits=(Limits(good=0.45, critical=0.38),),
        rolling_days=28,
        rules=Rules(deadband=0.01),
        owner="CFO",
    ),
    Metric(
        key="nps",
        name=Text("Net Promoter Score", "净推荐值 NPS"),
        description=Text(
            "100 x (share of 9-10 minus share of 0-6) of the survey sent 24 hours after handover, rolling 28 days.",
            "100×（9–10分占比−0–6分占比），来自交车24小时后的调研，滚动28天。",
        ),
        mistake=Text(
            "Calling it satisfaction; drawing arrows on moves of three points.",
            "当作满意度；为3分的波动画箭头。",
        ),
        unit=Unit.POINTS,
        direction=Direction.HIGHER,
        source="store_day",
        formula=NetScore("promoters", "detractors", "nps_answers"),
        counted=ANSWERS,
        limits=(Limits(good=40, critical=25),),
        n_min=100,
        rolling_days=28,
        rules=Rules(deadband=3),
        owner="CEO",
    ),
    Metric(
        key="ftfr_30d",
        name=Text("First-time fix, 30 days", "首次修复率（30天）"),
        description=Text(
            "Eligible repairs without a same-vehicle, same-fault return to any store within 30 days of handover. "
            "Cohorts younger than 30 days are not counted yet.",
            "合格维修单中，交车后30天内同车同故障未返修（任一门店）的占比；未满30天的批次暂不计入。",
        ),
        mistake=Text(
            "Counting fresh repairs as fixed; comparing the 48-hour figure with the 30-day target.",
            "把未满期的维修当作已修复；用48小时口径对比30天目标。",
        ),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("fix_eligible - returned_30d", "fix_eligible"),
        counted=REPAIRS,
        limits=(Limits(good=0.92, critical=0.85),),
        n_min=30,
        rolling_days=28,
        maturity_days=30,
        rules=Rules(deadband=0.02),
        owner="COO",
    ),
    Metric(
        key="ftfr_48h",
        name=Text("First-time fix, 48 hours", "首次修复率（48小时）"),
        description=Text(
            "As the 30-day figure, with returns within 48 hours. There is no published target: read it beside the other.",
            "口径同30天，只计48小时内返修；无公开目标，与30天口径并看。",
        ),
        mistake=Text("Judging it by the 30-day target.", "用30天目标评判。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("fix_eligible - returned_48h", "fix_eligible"),
        counted=REPAIRS,
        n_min=30,
        rolling_days=28,
        maturity_days=2,
        owner="COO",
    ),
    Metric(
        key="avg_ro_value",
        name=Text("Revenue per order", "单均产值"),
        description=Text("Revenue over settled orders.", "收入÷结算工单数。"),
        mistake=Text("Rising because small jobs were lost.", "小单流失导致的上升。"),
        unit=Unit.MONEY,
        direction=Direction.NEUTRAL,
        source="store_day",
        formula=Ratio("revenue", "orders_priced"),
        owner="COO",
    ),
    Metric(
        key="vehicles",
        name=Text("Vehicle visits", "接车台次"),
        description=Text(
            "Vehicles received; split orders of one visit count once.", "接待车辆数，同次到店拆单只计一次。"
        ),
        mistake=Text("Counting split orders of one visit.", "把同次到店的拆单重复计数。"),
        unit=Unit.COUNT,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Total("vehicles", "orders_arrived + open_days"),
        n="vehicles",
        counted=VEHICLES,
        plan=Plan("vehicles_plan"),
        limits=(Limits(good=0.95, critical=0.85),),
        guard="csi",
        rules=Rules(deadband=0.02),
        owner="COO",
    ),
    Metric(
        key="wo_completeness",
        name=Text("Complete work orders", "工单完整率"),
        description=Text(
            "Delivered orders whose required fields are all present and valid.",
            "必填字段齐全且有效的已交车工单占比。",
        ),
        mistake=Text("Letting “0” or “none” pass as a value.", "把“0”“无”当作有效值。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Ratio("orders_complete", "orders_delivered"),
        limits=(Limits(good=0.95, critical=0.85),),
        rules=Rules(deadband=0.01),
        owner="data steward",
    ),
)
