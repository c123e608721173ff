"""The tables that metrics are summed from, and the ways to split them."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.text import Text


@dataclass(frozen=True)
class Source:
    """A table with a day and the store that every access rule needs: there is no source without one."""

    table: str
    name: Text
    day_column: str = "day"
    store_column: str = "store_id"
    by_province: bool = False
    """Whether sums of each province's days are kept beside its rows: worth it where boards read many rows."""


@dataclass(frozen=True)
class Dimension:
    """A way to split. `table` is where its column stands: the store, the part, the source itself or its day."""

    key: str
    name: Text
    column: str
    table: str = "store"
    drills_into: str | None = None


SOURCES = {
    source.table: source
    for source in (
        Source(
            "store_day",
            Text("Store days: orders, waiting, quality, voice, bays, bookings", "门店日汇总"),
            by_province=True,
        ),
        Source(
            "store_time",
            Text("Waiting and time in the shop, as histograms", "等待与在店时长分布"),
            by_province=True,
        ),
        Source("bay_loss", Text("Store days: where the bay minutes went", "门店日：工位时间去向")),
        Source("booking", Text("Single bookings, by slot", "预约单（按时段）")),
        Source("booked_day", Text("Bay time booked and available, by day", "每日预约与可用工位时间")),
        Source("booked_hour", Text("Bay time that bookings of a day will need, by hour", "当日预约分时用量")),
        Source("store_hour", Text("Store hours: arrivals, revenue, bay minutes", "门店小时汇总")),
        Source(
            "technician_day",
            Text("Technician days: hours, quality, ratings", "技师日汇总"),
            by_province=True,
        ),
        Source("part_week", Text("Part weeks: demand and service of parts", "配件周需求")),
        Source("stock_day", Text("Stock of each store by age, weekly", "门店库存按库龄（周）")),
        Source(
            "part_state", Text("Each part at each store on the last complete day", "门店配件现状（末日）")
        ),
        Source("customer_day", Text("Customer base of each store, weekly", "门店客户基盘（周）")),
        Source(
            "work_order", Text("Single work orders, by arrival", "工单（按进厂）"), day_column="arrived_on"
        ),
        Source("complaint", Text("Complaint tickets", "投诉单")),
        Source("low_score", Text("Low scores, and what became of them", "低分评价及其处理")),
        Source("forecast_test", Text("Forecasts tried on the past", "预测回测")),
        Source("part_test", Text("Demand for parts, foretold from the past", "配件需求回测")),
        Source("part_replay", Text("Advice on parts, followed through the past", "配件建议回放")),
        Source("churn_test", Text("The churn score tried on the past", "流失评分回测")),
    )
}

DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("region", Text("Region", "大区"), "region", drills_into="province"),
        Dimension("province", Text("Province", "省份"), "province", drills_into="city"),
        Dimension("city", Text("City", "城市"), "city", drills_into="store"),
        Dimension("store", Text("Store", "门店"), "store_id", drills_into="technician"),
        Dimension("store_type", Text("Store type", "店型"), "store_type"),
        Dimension("tier", Text("Store size", "门店规模"), "tier"),
        Dimension("technician", Text("Technician", "技师"), "technician_id", table="source"),
        Dimension("part", Text("Part", "配件"), "part_no", table="source"),
        Dimension("category", Text("Part category", "配件类别"), "category", table="part"),
        Dimension("abc", Text("ABC class", "ABC分类"), "abc", table="source"),
        Dimension("demand_class", Text("Pattern of demand", "需求类型"), "demand_class", table="source"),
        Dimension("hour", Text("Hour", "小时"), "hour", table="source"),
        Dimension("weekday", Text("Weekday", "星期"), "weekday", table="day"),
        Dimension("arrival", Text("Way of arrival", "到店方式"), "arrival", table="source"),
        Dimension("channel", Text("Channel", "渠道"), "channel", table="source"),
        Dimension("cause", Text("Cause", "原因"), "cause", table="source"),
        Dimension("service_kind", Text("Kind of service", "服务类型"), "service_kind", table="source"),
    )
}

REGIONS = {
    "north": Text("North", "华北"),
    "northeast": Text("Northeast", "东北"),
    "east": Text("East", "华东"),
    "central": Text("Central", "华中"),
    "south": Text("South", "华南"),
    "southwest": Text("Southwest", "西南"),
    "northwest": Text("Northwest", "西北"),
}
"""The seven regions (domain.md 1.6 C21; the sources' 华西 is read as 西北)."""

ARRIVALS = {
    "appointment": Text("With an appointment", "有预约"),
    "walk_in": Text("Without an appointment", "无预约"),
}

CHANNELS = {
    "app": Text("App", "App"),
    "phone": Text("Telephone", "电话"),
    "wechat": Text("WeChat", "微信"),
    "store": Text("At the store", "门店"),
}

STORE_SIZES = {
    "large": Text("Large stores", "大型店"),
    "medium": Text("Medium stores", "中型店"),
    "small": Text("Small stores", "小型店"),
}
STORE_TYPES = {"direct": Text("Owned stores", "直营店"), "franchise": Text("Franchise stores", "加盟店")}
