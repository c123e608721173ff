"""Parts that need a decision: what will stop a car, what is dead, what can be moved instead of bought."""

from __future__ import annotations

from dataclasses import replace

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Kind, Listing
from kpi.metric import Unit
from kpi.text import Text, same

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
AGES = {
    "dead": Text("Dead, over 12 months", "呆滞（超12个月）"),
    "slow": Text("Slow, 6 to 12 months", "慢动（6–12个月）"),
    "potential": Text("Slowing, 4 to 6 months", "潜在慢动（4–6个月）"),
    "moving": Text("Moving", "正常流动"),
    "none": Text("Nothing on hand", "无库存"),
}
DEMAND_CLASSES = {
    "smooth": Text("Smooth", "平稳"),
    "erratic": Text("Erratic", "波动"),
    "intermittent": Text("Intermittent", "间歇"),
    "lumpy": Text("Lumpy", "块状"),
    "none": Text("No demand", "无需求"),
}
ABC = {"A": same("A"), "B": same("B"), "C": same("C"), "N": Text("None", "无")}
_NAMED = (
    Column("part_no", Text("Part no.", "配件号")),
    Column("part_zh", Text("Part", "配件")),
    Column("part_en", Text("Part (English)", "配件（英文）")),
)
_CATEGORY = Column("category", Text("Category", "类别"), words=CATEGORIES)
_PART = (*_NAMED, _CATEGORY)
_ON_HAND = Column("quantity", Text("On hand", "在库"), Unit.COUNT)
_VALUE = Column("value", Text("Stock value", "库存金额"), Unit.MONEY)
_ABC = Column("abc", Text("ABC", "ABC"), words=ABC)
_CLASS = Column("demand_class", Text("Demand", "需求类型"), words=DEMAND_CLASSES)
_ON_ORDER = Column("on_order", Text("On order", "在途"), Unit.COUNT)
_WEEKLY = Column("weekly", Text("Demand a week", "周需求"), Unit.NUMBER)
_MOVED = Column("moved", Text("Move", "建议调拨"), Unit.COUNT)
_CHANCE = Column("chance", Text("Runs out", "缺货概率"), Unit.SHARE)
_BOUGHT = Column("bought", Text("Buy", "建议采购"), Unit.COUNT)
_HEIR = Column("superseded_by", Text("Replaced by", "替代件"))

LISTINGS = (
    Listing(
        key="parts_at_risk",
        name=Text("Parts that will stop a car", "即将停车的配件"),
        description=Text(
            "Parts whose stock and orders last shorter than their lead time at the demand of the last 13 weeks (seasonal "
            "parts: the coming 13 weeks of last year if more; a replaced part's demand counts for its successor). What stops "
            "a car comes first, then where most pieces lack. A rule, where no forecast of demand was published.",
            "在库加在途按近13周需求（季节件取去年同期未来13周与之较大者；被替代件的需求计入替代件）不足以覆盖供货周期的配件；"
            "停车件在前，其次按缺口件数。此为规则口径，尚无需求预测时使用。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_PART,
            *STORE_COLUMNS,
            Column("criticality", Text("Its lack", "重要性"), words=CRITICALITY),
            _ABC,
            _CLASS,
            _ON_HAND,
            _ON_ORDER,
            _WEEKLY,
            Column("cover_days", Text("Lasts", "可用天数"), Unit.DAYS),
            Column("lead_time_days", Text("Lead time", "供货周期"), Unit.DAYS),
            Column("short", Text("Lacks", "缺口"), Unit.COUNT),
        ),
    ),
    Listing(
        key="stop_risk",
        name=Text("Parts that will stop a car, by forecast", "即将停车的配件（按预测）"),
        description=Text(
            "Parts of which more is asked for, with a chance of 20 % or more, than is on hand and on order before an order of "
            "today arrives: from the forecast distribution of demand (negative binomial or Poisson). What stops a car comes "
            "first, then the likeliest.",
            "今日下单到货之前，需求超过在库加在途的概率不低于20 %的配件；概率来自需求预测分布（负二项或泊松）。"
            "停车件在前，其次按概率。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_NAMED,
            *STORE_COLUMNS,
            _CHANCE,
            _BOUGHT,
            _MOVED,
            _ON_HAND,
            _ON_ORDER,
            _WEEKLY,
            Column("lead_time_days", Text("Lead time", "供货周期"), Unit.DAYS),
            Column("criticality", Text("Its lack", "重要性"), words=CRITICALITY),
            _ABC,
            _CLASS,
            _CATEGORY,
        ),
    ),
    Listing(
        key="order_proposal",
        name=Text("Order proposal", "订货建议"),
        description=Text(
            "Each part is filled up to the level that meets the demand of lead time and one week of review with the chance that "
            "costs least (90 % to 99.9 %: a lost request costs CNY 50, or 100 where it stops a car; a piece on the shelf 20 % of "
            "its price a year), less what is on hand and on order. Brought from a store within reach before it is bought; bought "
            "in whole packs. Three weeks with demand in a year bring a part in, none takes it out. Moves come first, then the "
            "dearest.",
            "补至目标库存：以代价最低的服务水平（90 %–99.9 %：缺一次损失50元，停车件100元；持有成本每年为进价的20 %）"
            "满足供货周期加一周复核期的需求，扣除在库与在途；"
            "优先就近调拨，其余按整包采购。一年内有3周需求则纳入备货，全年无需求则退出。调拨在前，其次按采购金额。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_NAMED,
            *STORE_COLUMNS,
            _BOUGHT,
            Column("cost", Text("To pay", "采购金额"), Unit.MONEY),
            _MOVED,
            Column("giver_zh", Text("From", "调出门店"), links="store", link_key="giver_id"),
            Column(
                "giver_en", Text("From (English)", "调出门店（英文）"), links="store", link_key="giver_id"
            ),
            Column("giver_id", Text("From no.", "调出门店编号"), on_screen=False),
            Column("km", Text("Distance, km", "距离（公里）"), Unit.COUNT),
            _ON_HAND,
            _ON_ORDER,
            _WEEKLY,
            Column("level", Text("Fill up to", "目标库存"), Unit.COUNT),
            _CHANCE,
            Column("target", Text("Service", "服务水平"), Unit.SHARE),
            _ABC,
            replace(_CLASS, on_screen=False),
            replace(_CATEGORY, on_screen=False),
        ),
    ),
    Listing(
        key="aged_parts",
        name=Text("Dying and dead parts", "衰退与呆滞配件"),
        description=Text(
            "Parts by the value of their stock that no store has issued or received for four months or more, over all stores "
            "of this view; what is still dying, four to twelve months, comes first, for its buying can be stopped. Seasonal and "
            "new parts count as dead only. Stop buying, return, or move to where there is demand.",
            "按四个月以上无出入库的库存金额汇总到配件（本视图全部门店）；正在衰退（4–12个月）的排在前，因尚可停购。季节件与新品仅计呆滞。"
            "应停购、退货或调往有需求处。",
        ),
        id_column="part_no",
        columns=(
            *_PART,
            Column("potential_value", Text("Slowing, 4 to 6", "潜在（4–6个月）"), Unit.MONEY),
            Column("slow_value", Text("Slow, 6 to 12", "慢动（6–12个月）"), Unit.MONEY),
            Column("dead_value", Text("Dead, over 12 months", "呆滞（超12个月）"), Unit.MONEY),
            Column("aged_value", Text("Idle stock", "闲置金额"), Unit.MONEY),
            Column("stores", Text("Stores", "门店数"), Unit.COUNT),
            Column("pieces", Text("Pieces", "件数"), Unit.COUNT),
            Column("weekly", Text("Demand a week", "周需求"), Unit.NUMBER),
            Column("issued_on", Text("Last issue anywhere", "全部末次出库"), Kind.DAY),
            _HEIR,
        ),
    ),
    Listing(
        key="dead_parts",
        name=Text("Dead and slow stock by store", "呆滞与慢动库存（分店）"),
        description=Text(
            "Stock without an issue or own receipt for four months or more, the largest value first; a transfer does not "
            "reset the age. Seasonal and new parts count as dead only.",
            "四个月以上无出库且无自有入库的库存，按金额从大到小；调拨不重置库龄。季节件与新品仅计呆滞。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_PART,
            *STORE_COLUMNS,
            Column("age", Text("Age", "库龄"), words=AGES),
            _ON_HAND,
            _VALUE,
            Column("last_issued_on", Text("Last issue", "末次出库"), Kind.DAY),
            Column("last_received_on", Text("Last receipt", "末次入库"), Kind.DAY),
            _HEIR,
        ),
    ),
    Listing(
        key="part_classes",
        name=Text("Stock by ABC and pattern of demand", "库存结构（ABC × 需求类型）"),
        description=Text(
            "ABC by the year's demand at cost within each store (80 and 95 %); pattern by the interval between weeks with "
            "demand (ADI 1.32) and the variation of their sizes (CV² 0.49), over 52 weeks.",
            "ABC按各店全年需求成本（80 %、95 %）；需求类型按52周内有需求周的间隔（ADI 1.32）与数量变异（CV² 0.49）。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            _ABC,
            _CLASS,
            Column("positions", Text("Parts x stores", "门店配件数"), Unit.COUNT),
            Column("stock_value", Text("Stock value", "库存金额"), Unit.MONEY),
            Column("lacking", Text("Below lead time", "不足供货周期"), Unit.COUNT),
        ),
    ),
    Listing(
        key="class_parts",
        name=Text("Parts of one class", "同类配件明细"),
        description=Text(
            "What the chosen cell of the matrix is made of: each part at each store, the largest value first.",
            "所选单元格的构成：各门店各配件，按库存金额从大到小。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_PART,
            *STORE_COLUMNS,
            replace(_ABC, on_screen=False),
            replace(_CLASS, on_screen=False),
            _VALUE,
            _ON_HAND,
            _ON_ORDER,
            _WEEKLY,
            Column("cover_days", Text("Cover", "可供天数"), Unit.DAYS),
            Column("age", Text("Age", "库龄"), words=AGES),
            Column("last_issued_on", Text("Last issue", "末次出库"), Kind.DAY),
        ),
    ),
    Listing(
        key="transfers",
        name=Text("Move instead of buy", "调拨优先于采购"),
        description=Text(
            "A store short of a part, and a store of the same city or within 100 km with more than 90 days of it: the part "
            "can be there next day. No piece is offered twice. Its age goes with it: a transfer does not reset the clock.",
            "缺件门店与同城或100公里内、库存超过90天用量的门店配对，次日可达；同一件不重复分配。库龄随件转移，调拨不重置。",
        ),
        id_column="row_id",
        columns=(
            Column("row_id", Text("Row", "行号"), on_screen=False),
            *_PART,
            *STORE_COLUMNS,
            Column("short", Text("Short by", "缺口"), Unit.COUNT),
            Column("giver_zh", Text("From", "调出门店"), links="store", link_key="giver_id"),
            Column(
                "giver_en", Text("From (English)", "调出门店（英文）"), links="store", link_key="giver_id"
            ),
            Column("giver_id", Text("From no.", "调出门店编号"), on_screen=False),
            Column("km", Text("Distance, km", "距离（公里）"), Unit.COUNT),
            Column("spare", Text("Spare there", "可调数量"), Unit.COUNT),
            _MOVED,
            Column("saved", Text("Not to be bought", "免采购金额"), Unit.MONEY),
            Column("idle_since", Text("Idle since", "库龄起算"), Kind.DAY),
        ),
    ),
)
