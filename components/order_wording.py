"""Words of the page of one work order."""

from __future__ import annotations

from kpi.text import Text

ORDER = Text("work order", "工单")
CHOOSE_AN_ORDER = Text("Choose an order from one of the lists.", "请先从列表中选择工单。")
WRONG = Text("What went wrong", "问题")
FOUND = (
    Text("Order {order}: {worst}", "工单 {order}：{worst}"),
    Text("Order {order}: {worst}; and {n} more", "工单 {order}：{worst}；另有 {n} 项"),
)
CALM = Text(
    "Order {order}: handed over as promised, no return, no low score, no complaint",
    "工单 {order}：按承诺交车，无返修、低分和投诉",
)
CALM_OPEN = Text("Order {order}: in the shop, nothing is late", "工单 {order}：在店，未见逾期")
ADDS_UP = Text(
    "Labour {labour} and parts {parts} add up to the order's amount: {amount}.",
    "工时 {labour} + 配件 {parts} = 工单金额 {amount}。",
)
DIFFERS = Text(
    "Labour lines {labour} and part lines {parts} differ from the order's amount {amount} by {gap}.",
    "工时行 {labour} 与配件行 {parts} 之和与工单金额 {amount} 相差 {gap}。",
)
UNKNOWN_AMOUNT = Text(
    "The amount of this order is not known yet; its lines hold labour {labour} and parts {parts}.",
    "工单金额尚未知；明细中工时 {labour}、配件 {parts}。",
)
