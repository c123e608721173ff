"""Board 4, 配件库存周转: stock, its turnover, and the service it gives. (domain.md 2.2 E)"""

from __future__ import annotations

from kpi.hysteresis import Rules
from kpi.metric import Direction, Level, Limits, Metric, Proportion, Ratio, Tier, Unit
from kpi.text import Text

LINES = Text("request lines", "行需求")


def _aged(key: str, name: Text, description: Text, column: str, limits: tuple[Limits, ...] = ()) -> Metric:
    return Metric(
        key=key,
        name=name,
        description=description,
        mistake=Text("Letting a transfer reset the clock.", "调拨重置库龄。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="stock_day",
        formula=Level(column, over="value"),
        limits=limits,
        tier=Tier.WEEKLY,
        rules=Rules(deadband=0.005),
        owner="supply chain",
    )


METRICS = (
    Metric(
        key="inventory_days",
        name=Text("Inventory days", "库存周转天数"),
        description=Text(
            "Average daily stock value at cost over daily parts cost issued, rolling 90 days.",
            "日均库存成本÷日均出库成本，滚动90天。",
        ),
        mistake=Text(
            "Retail value below the line; a year-end snapshot above it.", "分母用零售价；分子用年末时点。"
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
            "Request lines filled from the shelf, rolling 28 days.", "由在库直接满足的需求行占比，滚动28天。"
        ),
        mistake=Text("Taking sales for demand: lost sales vanish.", "以销量代替需求，流失的需求看不见。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("part_lines_filled", "part_lines"),
        counted=LINES,
        limits=(Limits(good=0.95, critical=0.85),),
        n_min=30,
        rolling_days=28,
        guard="inventory_days",
        rules=Rules(deadband=0.01),
        owner="supply chain",
    ),
    Metric(
        key="stockout_rate",
        name=Text("Stock-out rate", "缺货率"),
        description=Text(
            "Request lines not filled from the shelf (bought in a hurry or lost), rolling 28 days.",
            "未能由在库满足（紧急采购或流失）的需求行占比，滚动28天。",
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
        key="ro_fill",
        name=Text("Orders filled at first", "工单一次满足率"),
        description=Text(
            "Delivered orders with parts that never held a bay waiting for one, rolling 28 days.",
            "使用配件的已交车工单中，从未因等配件占用工位的占比，滚动28天。",
        ),
        mistake=Text("One missing line stops the whole car.", "缺一行即停整车，行满足率看不出来。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        source="store_day",
        formula=Proportion("orders_filled", "orders_with_parts", known="bay_minutes_worked"),
        counted=Text("orders with parts", "单"),
        limits=(Limits(good=0.95, critical=0.85),),
        n_min=30,
        rolling_days=28,
        rules=Rules(deadband=0.01),
        owner="supply chain",
    ),
    Metric(
        key="days_of_supply",
        name=Text("Days of supply", "库存可用天数"),
        description=Text(
            "Stock on hand and on order over a day's demand of the last 91 days, both at cost. Looks ahead; demand counts "
            "lost and hurried requests.",
            "在库加在途÷近91天日均需求（均按成本，含流失与紧急需求）；向前看。",
        ),
        mistake=Text("One figure for parts that rush and parts that rest.", "快慢件合并成一个数。"),
        unit=Unit.DAYS,
        direction=Direction.NEUTRAL,
        source="stock_day",
        formula=Level("supply_value", over="demand_value"),
        tier=Tier.WEEKLY,
        owner="supply chain",
    ),
    Metric(
        key="stock_value",
        name=Text("Stock value", "库存金额"),
        description=Text("Stock on hand at cost on the period's last day.", "期末在库成本金额。"),
        mistake=Text("Adding it over days.", "跨日相加。"),
        unit=Unit.MONEY,
        direction=Direction.NEUTRAL,
        source="stock_day",
        formula=Level("value"),
        tier=Tier.WEEKLY,
        owner="supply chain",
    ),
    _aged(
        "dead_stock_share",
        Text("Dead stock", "呆滞库存占比"),
        Text(
            "Value of stock without an issue for a year (and received longer ago than that), over all stock value.",
            "12个月内无出库（且非近一年入库）的库存金额占比。",
        ),
        "dead_value",
        (Limits(good=0.02, critical=0.05),),
    ),
    _aged(
        "slow_stock_share",
        Text("Slow stock, 6 to 12 months", "慢动库存占比（6–12个月）"),
        Text(
            "Value of stock idle for 6 to 12 months by last issue and receipt; seasonal and new parts left out.",
            "6–12个月无出入库的库存金额占比；不含季节件与新品。",
        ),
        "slow_value",
    ),
    _aged(
        "potential_stock_share",
        Text("Slowing stock, 4 to 6 months", "潜在慢动库存占比（4–6个月）"),
        Text(
            "Value of stock idle for 4 to 6 months by last issue and receipt; seasonal and new parts left out.",
            "4–6个月无出入库的库存金额占比；不含季节件与新品。",
        ),
        "potential_value",
    ),
    Metric(
        key="parts_at_risk",
        name=Text("Parts that will stop a car", "即将停车的配件"),
        description=Text(
            "Parts at a store that stop a car and whose stock and orders last shorter than their lead time.",
            "在库加在途不足以覆盖供货周期的停车件（门店×配件数）。",
        ),
        mistake=Text("Looking at the network's stock for what a bay needs.", "用全网库存判断门店缺件。"),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        source="part_state",
        formula=Level("case when short > 0 then stops_car else 0 end"),
        tier=Tier.DAILY,
        owner="supply chain",
    ),
)
