"""Parts that need a decision: what will stop a car, what is dead, what can be moved instead of bought."""

from __future__ import annotations

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Kind, Listing
from kpi.metric import Unit
from kpi.text import Text

CRITICALITY = {
    "stops_car": Text("Stops the car", "停车件"),
    "comfort": Text("Comfort", "舒适件"),
    "cosmetic": Text("Cosmetic", "外观件"),
}
CATEGORIES = {
    "oil": Text("Oil", "机油"),
    "filter": Text("Filters", "滤清器"),
    "brake": Text("Brakes", "制动"),
    "tyre": Text("Tyres", "轮胎"),
    "battery": Text("Batteries", "蓄电池"),
    "electrical": Text("Electrical", "电器"),
    "body": Text("Body", "车身"),
    "engine": Text("Engine", "发动机"),
    "chassis": Text("Chassis", "底盘"),
    "season": Text("Seasonal", "季节件"),
}
_PART = (
    Column("part_no", Text("Part no.", "配件号")),
    Column("part_zh", Text("Part", "配件")),
    Column("part_en", Text("Part (English)", "配件(英文)")),
    Column("category", Text("Category", "类别"), words=CATEGORIES),
)
_ON_HAND = Column("quantity", Text("On hand", "在库"), Unit.COUNT)
_VALUE = Column("value", Text("Stock value", "库存金额"), Unit.MONEY)

LISTINGS = (
    Listing(
        key="parts_at_risk",
        name=Text("Parts that will stop a car", "即将缺货的停车件"),
        description=Text(
            "Parts that stop a car and whose stock and orders last shorter than their lead time, at the demand of the last "
            "13 weeks. A rule, until the forecast of demand replaces it.",
            "在库加在途按近13周需求推算短于供货周期的停车件。此为规则口径,需求预测上线后替换。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *STORE_COLUMNS,
            *_PART,
            _ON_HAND,
            Column("on_order", Text("On order", "在途"), Unit.COUNT),
            Column("weekly", Text("Demand a week", "周需求"), Unit.TIMES),
            Column("cover_days", Text("Lasts", "可用天数"), Unit.DAYS),
            Column("lead_time_days", Text("Lead time", "供货周期"), Unit.DAYS),
        ),
    ),
    Listing(
        key="dead_parts",
        name=Text("Dead and slow stock", "呆滞与慢动库存"),
        description=Text(
            "Stock without an issue for six months or more, the largest value first; a transfer does not reset the age.",
            "六个月以上无出库的库存,按金额从大到小;调拨不重置库龄。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *STORE_COLUMNS,
            *_PART,
            _ON_HAND,
            _VALUE,
            Column("last_issued_on", Text("Last issue", "末次出库"), Kind.DAY),
            Column("last_received_on", Text("Last receipt", "末次入库"), Kind.DAY),
        ),
    ),
    Listing(
        key="transfers",
        name=Text("Move instead of buy", "调拨优先于采购"),
        description=Text(
            "A store short of a part, and a store of the same city with more than 90 days of it: the part can be there "
            "next day. The quantity covers the lead time of the short store.",
            "缺件门店与同城库存超过90天用量的门店配对,次日可达;数量补足缺件门店供货周期内的需求。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *STORE_COLUMNS,
            *_PART,
            Column("short", Text("Short by", "缺口"), Unit.COUNT),
            Column("giver_zh", Text("From", "调出门店"), links="store", link_key="giver_id"),
            Column("giver_en", Text("From (English)", "调出门店(英文)"), links="store", link_key="giver_id"),
            Column("giver_id", Text("From no.", "调出门店编号"), on_screen=False),
            Column("spare", Text("Spare there", "可调数量"), Unit.COUNT),
            Column("move", Text("Move", "建议调拨"), Unit.COUNT),
            Column("saved", Text("Not to be bought", "免采购金额"), Unit.MONEY),
        ),
    ),
)
