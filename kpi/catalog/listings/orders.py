"""Single work orders: the last step of every drill path."""

from __future__ import annotations

from kpi.listing import Column, Kind, Listing
from kpi.metric import Unit
from kpi.text import Text

SERVICE_KINDS = {
    "maintenance": Text("Maintenance", "保养"),
    "repair": Text("Repair", "维修"),
    "body": Text("Body and paint", "钣喷"),
}
ORDER_TYPES = {
    "customer_pay": Text("Customer pays", "自费"),
    "warranty": Text("Warranty", "质保"),
    "insurance": Text("Insurance", "保险"),
    "internal": Text("Internal", "内部"),
    "pre_delivery": Text("Pre-delivery", "PDI"),
}
STATES = {
    "waiting": Text("Waiting", "等待开工"),
    "working": Text("In work", "施工中"),
    "wait_parts": Text("Waits for parts", "等配件"),
    "wait_approval": Text("Waits for approval", "等确认"),
    "ready": Text("Ready", "待交车"),
    "delivered": Text("Handed over", "已交车"),
    "settled": Text("Settled", "已结算"),
}
STORE_COLUMNS = (
    Column("store_id", Text("Store no.", "门店编号"), on_screen=False),
    Column("store_zh", Text("Store", "门店"), links="store", link_key="store_id"),
    Column("store_en", Text("Store (English)", "门店（英文）"), links="store", link_key="store_id"),
)

LISTINGS = (
    Listing(
        key="orders",
        name=Text("Work orders behind the number", "数字背后的工单"),
        description=Text(
            "The single orders a metric was made of; the columns “counts for” add up to its two parts.",
            "构成该指标的单个工单；“计入分子/分母”两列之和即指标的两个组成部分。",
        ),
        id_column="work_order_id",
        columns=(
            Column("work_order_id", Text("Order", "工单号"), links="order"),
            *STORE_COLUMNS,
            Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
            Column("delivered_at", Text("Handed over", "交车"), Kind.TIME),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("order_type", Text("Paid by", "付费类型"), words=ORDER_TYPES),
            Column("status", Text("State", "状态"), words=STATES),
            Column("amount", Text("Amount", "金额"), Unit.MONEY),
            Column("top", Text("Counts for the numerator", "计入分子"), Unit.COUNT),
            Column("bottom", Text("Counts for the denominator", "计入分母"), Unit.COUNT),
        ),
    ),
)
