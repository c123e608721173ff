"""Board 5, 技师绩效: quality first, then efficiency and rating. (domain.md 2.2 F)"""

from __future__ import annotations

from kpi.catalog.efficiency import HOURS
from kpi.catalog.health import ANSWERS, REPAIRS
from kpi.hysteresis import Rules
from kpi.metric import Band, Direction, Limits, Mean, Metric, Proportion, Ratio, Tier, Unit
from kpi.text import Text

METRICS = (
    Metric(
        key="rework_rate_tech",
        name=Text("Rework rate", "返修率"),
        description=Text(
            "Eligible repairs that came back with the same fault within 30 days, charged to who did the failing operation.",
            "30天内同故障返修的合格维修单占比，归因到实施该项目的技师。",
        ),
        mistake=Text("Ranking people on one raw month.", "用单月原始值给人排名。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="technician_day",
        formula=Proportion("returned_30d", "fix_eligible"),
        counted=REPAIRS,
        limits=(Limits(good=0.03, critical=0.08),),
        n_min=30,
        rolling_days=90,
        maturity_days=30,
        tier=Tier.MONTHLY,
        rules=Rules(deadband=0.01),
        owner="service manager",
    ),
    Metric(
        key="efficiency_tech",
        name=Text("Efficiency", "技师效率"),
        description=Text("Billed over clocked hours of the technician.", "技师计费工时÷打卡工时。"),
        mistake=Text("Rewarding speed without a quality gate.", "没有质量门槛地奖励速度。"),
        unit=Unit.SHARE,
        direction=Direction.BAND,
        source="technician_day",
        formula=Ratio("billed_hours", "clock_hours"),
        counted=HOURS,
        limits=(Band(good=(1.0, 1.3), critical=(0.85, 1.45)),),
        rolling_days=90,
        tier=Tier.MONTHLY,
        guard="rework_rate_tech",
        rules=Rules(deadband=0.03),
        owner="service manager",
    ),
    Metric(
        key="utilisation_tech",
        name=Text("Utilisation", "技师利用率"),
        description=Text("Clocked over attended hours of the technician.", "技师打卡工时÷出勤工时。"),
        mistake=Text(
            "Calling a wait for parts, bays or work laziness.", "把等配件、等工位、等派工当作懒散。"
        ),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="technician_day",
        formula=Ratio("clock_hours", "attended_hours"),
        counted=HOURS,
        limits=(Limits(good=0.85, critical=0.70),),
        rolling_days=90,
        tier=Tier.MONTHLY,
        guard="efficiency_tech",
        rules=Rules(deadband=0.02),
        owner="service manager",
    ),
    Metric(
        key="tech_rating",
        name=Text("Customer rating", "客户评分"),
        description=Text(
            "Mean answer (1-5) of the surveys linked to the technician's orders.",
            "关联工单调研的平均分（1–5）。",
        ),
        mistake=Text("Customers rate the adviser, not the technician.", "客户评的多是服务顾问而非技师。"),
        unit=Unit.RATING,
        direction=Direction.HIGHER,
        source="technician_day",
        formula=Mean("rating_sum", "rating_answers", squares="rating_sum_squared"),
        counted=ANSWERS,
        limits=(Limits(good=4.7, critical=4.3),),
        n_min=10,
        rolling_days=90,
        tier=Tier.MONTHLY,
        rules=Rules(deadband=0.05),
        owner="service manager",
    ),
)
