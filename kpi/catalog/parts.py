"""Board 4, 配件库存周转: stock, its turnover, and the service it gives. (domain.md 2.2 E)"""

from __future__ import annotations

from kpi.hysteresis import Rules
from kpi.metric import Direction, Level, Limits, Metric, Proportion, Ratio, Tier, Unit
from kpi.text import Text

LINES = Text("request lines", "行需求")

_NEVER = "date '1970-01-01'"
_IDLE_FOR_A_YEAR = (
    f"case when greatest(coalesce(last_issued_on, {_NEVER}), coalesce(last_received_on, {_NEVER})) "
    "< day - interval '365 day' then value else 0 end"
)

METRICS = (
    Metric(
        key="inventory_days",
        name=Text("Inventory days", "库存周转天数"),
        description=Text(
            "Average daily stock value at cost over daily parts cost issued, rolling 90 days.",
            "日均库存成本÷日均出库成本,滚动90天。",
        ),
        mistake=Text(
            "Retail value below the line; a year-end snapshot above it.", "分母用零售价;分子用年末时点。"
        ),
        unit=Unit.DAYS,
        direction=Direction.LOWER,
        source="store_day",
        formula=Ratio("stock_value", "parts_issued_cost"),
        n="open_days",
        counted=Text("store-days", "店·日"),
        limits=(Limits(good=30, critical=45),),
        rolling_days=90,
        tier=Tier.WEEKLY,
        guard="fill_rate",
        rules=Rules(deadband=2),
        owner="supply chain",
    ),
    Metric(
        key="fill_rate",
        name=Text("Fill rate", "满足率"),
        description=Text(
            "Request lines filled from the shelf, rolling 28 days.", "由在库直接满足的需求行占比,滚动28天。"
        ),
        mistake=Text("Taking sales for demand: lost sales vanish.", "以销量代替需求,流失的需求看不见。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("part_lines_filled", "part_lines"),
        counted=LINES,
        limits=(Limits(good=0.95, critical=0.85),),
        n_min=30,
        rolling_days=28,
        rules=Rules(deadband=0.01),
        owner="supply chain",
    ),
    Metric(
        key="stockout_rate",
        name=Text("Stock-out rate", "缺货率"),
        description=Text(
            "Request lines not filled from the shelf (bought in a hurry or lost), rolling 28 days.",
            "未能由在库满足(紧急采购或流失)的需求行占比,滚动28天。",
        ),
        mistake=Text(
            "Measuring at network level what the bay needs at store level.",
            "在全网层面衡量门店才有意义的缺货。",
        ),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="store_day",
        formula=Proportion("part_lines - part_lines_filled", "part_lines"),
        counted=LINES,
        limits=(Limits(good=0.05, critical=0.15),),
        n_min=30,
        rolling_days=28,
        rules=Rules(deadband=0.01),
        owner="supply chain",
    ),
    Metric(
        key="stock_value",
        name=Text("Stock value", "库存金额"),
        description=Text("Stock on hand at cost on the period's last day.", "期末在库成本金额。"),
        mistake=Text("Adding it over days.", "跨日相加。"),
        unit=Unit.MONEY,
        direction=Direction.NEUTRAL,
        source="stock_level",
        formula=Level("value"),
        tier=Tier.WEEKLY,
        owner="supply chain",
    ),
    Metric(
        key="dead_stock_share",
        name=Text("Dead stock", "呆滞库存占比"),
        description=Text(
            "Value of stock without an issue for a year (and received longer ago than that), over all stock value.",
            "12个月内无出库(且非近一年入库)的库存金额占比。",
        ),
        mistake=Text("Letting a transfer reset the clock.", "调拨重置库龄。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="stock_level",
        formula=Level(_IDLE_FOR_A_YEAR, over="value"),
        limits=(Limits(good=0.02, critical=0.05),),
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.005),
        owner="supply chain",
    ),
)
