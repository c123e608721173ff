"""Board 2, 客户流失预警: the customer base and who is slipping. (domain.md 2.2 D; ruling 1.6 C4)"""

from __future__ import annotations

from kpi.hysteresis import Rules
from kpi.metric import Direction, Level, Limits, Metric, Tier, Unit
from kpi.text import Text

CUSTOMERS = Text("customers", "位客户")


def _count(key: str, name: Text, description: Text, mistake: Text, column: str) -> Metric:
    return Metric(
        key=key,
        name=name,
        description=description,
        mistake=mistake,
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        source="customer_day",
        formula=Level(column),
        n="active",
        counted=CUSTOMERS,
        tier=Tier.WEEKLY,
        owner="marketing",
    )


def _return_rate(key: str, name: Text, description: Text, group: str) -> Metric:
    return Metric(
        key=key,
        name=name,
        description=description,
        mistake=Text("Reading one rate without the other.", "只看其中一个比率。"),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        source="customer_day",
        formula=Level(f"{group}_back", over=group),
        counted=Text("vehicles", "辆"),
        n_min=30,
        rolling_days=7,
        maturity_days=60,
        tier=Tier.WEEKLY,
        owner="marketing",
    )


METRICS = (
    Metric(
        key="overdue_30d",
        name=Text("Overdue 30 days", "超期30天客户占比"),
        description=Text(
            "Active customers whose expected next visit passed 30 days ago or more, without visit or booking.",
            "预计到店日已过30天且未到店、无预约的活跃客户占比。",
        ),
        mistake=Text("One interval for petrol and electric cars.", "燃油车与电动车用同一保养间隔。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="customer_day",
        formula=Level("overdue_30d", over="active"),
        counted=CUSTOMERS,
        limits=(Limits(good=0.10, critical=0.20),),
        n_min=30,
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.01),
        owner="marketing",
    ),
    Metric(
        key="high_risk_share",
        name=Text("High risk by the overdue rule", "高风险客户占比（超期规则）"),
        description=Text(
            "Active customers 90 days or more past their expected visit, without visit or booking. A rule, not a model: "
            "its risk is days overdue, 180 days and more being 100, and high from 50 on.",
            "预计到店日已过90天且未到店、无预约的活跃客户占比。此为规则而非模型：风险按超期天数计，"
            "180天及以上为100,50起为高风险。",
        ),
        mistake=Text("Taking a fixed top share for a trend.", "把固定比例的前若干名当作趋势。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="customer_day",
        formula=Level("overdue_90d", over="active"),
        counted=CUSTOMERS,
        limits=(Limits(good=0.15, critical=0.20),),
        n_min=30,
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.01),
        owner="marketing",
    ),
    _return_rate(
        "return_60d_reachable",
        Text("Came back, may be called", "60天回厂率（可外呼）"),
        Text(
            "Of the overdue vehicles of consenting customers whom campaigns may call, those that came within 60 days.",
            "已授权且可外呼客户的超期车辆中，60天内回厂的占比。",
        ),
        "reachable",
    ),
    _return_rate(
        "return_60d_control",
        Text("Came back, control group", "60天回厂率（对照组）"),
        Text(
            "The same of the control group, drawn at random, that campaigns leave alone.",
            "随机抽取、营销不触达的对照组客户的同口径占比。",
        ),
        "control",
    ),
    _count(
        "active_customers",
        Text("Active customers", "活跃客户"),
        Text("Visited within 24 months, vehicle not sold.", "24个月内到过店且车辆未售出。"),
        Text("A base that never shrinks.", "只增不减的保有客户数。"),
        "active",
    ),
    _count(
        "no_visit_30d",
        Text("No visit in 30 days", "30天未到店客户"),
        Text(
            "The sources' literal count. Most of them are healthy.", "来源文件的字面口径；其中多数客户正常。"
        ),
        Text("Reading it as churn.", "误读为流失。"),
        "no_visit_30d",
    ),
    _count(
        "dormant_12m",
        Text("Dormant 12 months", "休眠12个月客户"),
        Text("Last visit more than 12 months ago, vehicle not sold.", "末次到店超过12个月且车辆未售出。"),
        Text("Detecting too late to act.", "发现太晚，难以挽回。"),
        "dormant_12m",
    ),
    Metric(
        key="churn_rate_12m",
        name=Text("Churn, 12 months", "12个月流失率"),
        description=Text(
            "Of the customers who visited in months -24 to -13, those who did not return in the last 12 months.",
            "24–13个月前到过店的客户中，近12个月未再到店的占比。",
        ),
        mistake=Text("Recency rules that jump with the season.", "随季节跳动的近度口径。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="customer_day",
        formula=Level("cohort_12m - retained_12m", over="cohort_12m"),
        counted=CUSTOMERS,
        limits=(Limits(good=0.11, critical=0.23),),
        n_min=30,
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.01),
        owner="marketing",
    ),
    Metric(
        key="retention_12m",
        name=Text("Retention, 12 months", "12个月留存率"),
        description=Text("The complement of 12-month churn.", "12个月流失率的补数。"),
        mistake=Text("Denominators that never shrink.", "分母只增不减。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="customer_day",
        formula=Level("retained_12m", over="cohort_12m"),
        counted=CUSTOMERS,
        limits=(Limits(good=0.89, critical=0.77),),
        n_min=30,
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.01),
        owner="marketing",
    ),
)
