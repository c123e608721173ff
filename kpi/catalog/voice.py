"""Customer voice: CSI, satisfaction, complaints. (domain.md 2.2 B)"""

from __future__ import annotations

from kpi.catalog.health import ANSWERS, VEHICLES
from kpi.hysteresis import Rules
from kpi.metric import Direction, Limits, Mean, Metric, Proportion, Rate, Ratio, Total, Unit
from kpi.text import Text

METRICS = (
    Metric(
        key="csi",
        name=Text("Customer satisfaction index", "客户满意度 CSI"),
        description=Text(
            "Mean of the five equally weighted dimension scores of the 24-hour survey, 0-100, rolling 28 days.",
            "24小时调研五个维度等权均分(0–100),滚动28天。",
        ),
        mistake=Text("Mixing scales of different surveys.", "混用不同量表。"),
        unit=Unit.SCORE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Mean("csi_sum", "csi_answers", squares="csi_sum_squared"),
        counted=ANSWERS,
        limits=(Limits(good=88, critical=82),),
        n_min=30,
        rolling_days=28,
        rules=Rules(deadband=1),
        owner="CSI manager",
    ),
    Metric(
        key="sat_rate",
        name=Text("Satisfaction after service", "服务后满意率"),
        description=Text(
            "Answers of 4 or 5 of 5 in the survey two hours after handover, rolling 28 days.",
            "交车2小时回访中4–5分的占比,滚动28天。",
        ),
        mistake=Text("Counting silence as satisfied.", "把未回复当作满意。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("satisfied", "satisfaction_answers"),
        counted=ANSWERS,
        limits=(Limits(good=0.92, critical=0.85),),
        n_min=30,
        rolling_days=28,
        rules=Rules(deadband=0.02),
        owner="CSI manager",
    ),
    Metric(
        key="complaint_rate",
        name=Text("Complaint rate", "客户投诉率"),
        description=Text(
            "Complaint tickets received per delivered order, rolling 28 days.",
            "每百台交车的投诉单数,滚动28天。",
        ),
        mistake=Text("Ranking stores on ratios of tiny counts.", "用极小样本的比率给门店排名。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="store_day",
        formula=Rate("complaints", "orders_delivered", known="complaints + nps_sent"),
        counted=VEHICLES,
        limits=(Limits(good=0.02, critical=0.05),),
        n_min=100,
        rolling_days=28,
        rules=Rules(deadband=0.002),
        owner="CSI manager",
    ),
    Metric(
        key="response_rate",
        name=Text("Survey response rate", "调研回复率"),
        description=Text(
            "Answered over sent 24-hour surveys, rolling 28 days.", "24小时调研的回复占比,滚动28天。"
        ),
        mistake=Text("Reading NPS without it.", "脱离回复率解读NPS。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Ratio("nps_answers", "nps_sent"),
        counted=ANSWERS,
        rolling_days=28,
        owner="CSI manager",
    ),
    Metric(
        key="low_scores",
        name=Text("Low scores", "低分回访"),
        description=Text(
            "Two-hour answers of 1 or 2 of 5: each is a case to call.",
            "2小时回访1–2分的份数,每一份都应回电。",
        ),
        mistake=Text("Averaging them away.", "被平均分掩盖。"),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        source="store_day",
        formula=Total("low_scores", "satisfaction_answers"),
        counted=ANSWERS,
        owner="CSI manager",
    ),
    Metric(
        key="complaint_tickets",
        name=Text("Complaints", "投诉单"),
        description=Text("Tickets received, by cause.", "收到的投诉单数,按原因。"),
        mistake=Text("Comparing stores without their volume.", "不考虑业务量比较门店。"),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        source="complaint",
        formula=Total("1", "1"),
        owner="CSI manager",
    ),
)
