"""Whom to call first, and why."""

from __future__ import annotations

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Kind, Listing, Personal
from kpi.metric import Unit
from kpi.text import Text

REASONS = {
    "overdue": Text("Long past due", "超期未到店"),
    "waited": Text("Waited long last time", "上次等待过久"),
    "low_score": Text("Low score last time", "上次评分低"),
    "complaint": Text("Complained", "有投诉"),
    "comeback": Text("Same fault came back", "同故障返修"),
    "rare": Text("Comes rarely", "到店次数少"),
    "valuable": Text("High value", "高价值客户"),
    "warranty": Text("Warranty has ended", "质保已到期"),
    "old_car": Text("Older car", "车龄较长"),
    "late_before": Text("Came late before", "上次已晚到"),
    "few_visits": Text("First visit only", "仅到店一次"),
    "unbooked": Text("Nothing booked", "尚无预约"),
    "due": Text("Due about now", "近期到期"),
}
BANDS = {
    "red": Text("Top 15 %", "前15 %"),
    "amber": Text("Next 15 %", "次15 %"),
    "blue": Text("Due soon", "即将到期"),
    "none": Text("Watch", "观察"),
}

LISTINGS = (
    Listing(
        key="risk_list",
        name=Text("Call list, by the model", "外呼名单（模型）"),
        description=Text(
            "Customers in the top 30 % by their chance to stay away, the top 15 % first, by chance x value. Only with "
            "consent, without a booking, not here today, contacted less than twice in seven days, and outside the control "
            "group; each customer once.",
            "流失概率居前30 %的客户（前15 %优先），按概率×价值排序；"
            "仅含已授权、无预约、今日未到店、近7天接触少于2次且不在对照组的客户，每位客户一行。",
        ),
        id_column="vehicle_id",
        columns=(
            Column("vehicle_id", Text("Vehicle", "车辆"), on_screen=False),
            Column("customer", Text("Customer", "客户"), personal=Personal.CUSTOMER),
            Column("phone", Text("Phone", "电话"), personal=Personal.CUSTOMER),
            *STORE_COLUMNS,
            Column("model", Text("Model", "车型")),
            Column("band", Text("Band", "分层"), words=BANDS),
            Column("score", Text("Risk score", "风险评分"), Unit.NUMBER),
            Column("at_risk", Text("Value at risk, a year", "年度风险价值"), Unit.MONEY),
            Column("days_overdue", Text("Overdue", "超期"), Unit.DAYS),
            Column("last_visit_on", Text("Last visit", "末次到店"), Kind.DAY),
            Column("reason_1", Text("Reason", "原因"), words=REASONS),
            Column("reason_2", Text("And", "另"), words=REASONS),
            Column("reason_3", Text("And", "又"), words=REASONS),
        ),
    ),
    Listing(
        key="call_list",
        name=Text("Call list", "外呼名单"),
        description=Text(
            "By the overdue rule, not by a model: risk is days overdue (180 and more are 100), value at stake is risk x "
            "revenue of 24 months. Only with consent, contacted less than twice in seven days, nothing booked, not here "
            "today, and outside the control group.",
            "按超期规则（非模型）：风险按超期天数计（180天及以上为100），涉险产值=风险×24个月产值；"
            "仅含已授权、近7天接触少于2次、无预约、今日未到店且不在对照组的客户。",
        ),
        id_column="customer_id",
        columns=(
            Column("customer_id", Text("Customer no.", "客户编号"), on_screen=False),
            Column("vehicle_id", Text("Vehicle", "车辆"), on_screen=False),
            Column("customer", Text("Customer", "客户"), personal=Personal.CUSTOMER),
            Column("phone", Text("Phone", "电话"), personal=Personal.CUSTOMER),
            *STORE_COLUMNS,
            Column("model", Text("Model", "车型")),
            Column("days_overdue", Text("Overdue", "超期"), Unit.DAYS),
            Column("last_visit_on", Text("Last visit", "末次到店"), Kind.DAY),
            Column("revenue_24m", Text("Value, 24 months", "24个月产值"), Unit.MONEY),
            Column("risk", Text("Risk (rule)", "风险（规则）"), Unit.COUNT),
            Column("at_stake", Text("At stake", "涉险产值"), Unit.MONEY),
            Column("reason_1", Text("Because", "原因一"), words=REASONS),
            Column("reason_2", Text("And because", "原因二"), words=REASONS),
        ),
    ),
)
