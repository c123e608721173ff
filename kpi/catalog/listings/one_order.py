"""One work order, whole: its facts, and the lines, bay times and customer's words that belong to it."""

from __future__ import annotations

from kpi.catalog.listings.orders import ORDER_TYPES, SERVICE_KINDS, STATES, STORE_COLUMNS
from kpi.catalog.listings.parts import CATEGORIES
from kpi.catalog.listings.technicians import ROOT_CAUSES, SKILLS
from kpi.catalog.listings.today import BAY_STATES
from kpi.catalog.listings.voice import CAUSES, SEVERITIES
from kpi.listing import Column, Kind, Listing, Personal
from kpi.metric import Unit
from kpi.text import Text, same

POWERTRAINS = {
    "ICE": Text("Combustion", "燃油"),
    "PHEV": Text("Plug-in hybrid", "插混"),
    "BEV": Text("Electric", "纯电"),
}
SURVEYS = {
    "2h": Text("After 2 hours: satisfaction", "2小时：满意度"),
    "24h": Text("After 24 hours: NPS and CSI", "24小时：NPS与CSI"),
}
_ORDER = Column("work_order_id", Text("Order", "工单号"), links="order")
_AMOUNT = Column("amount", Text("Amount", "金额"), Unit.MONEY)

LISTINGS = (
    Listing(
        key="order",
        name=Text("The order", "工单信息"),
        description=Text("All that is known of one work order.", "单个工单的全部信息。"),
        id_column="work_order_id",
        columns=(
            Column("work_order_id", Text("Order", "工单号")),
            *STORE_COLUMNS,
            Column("status", Text("State", "状态"), words=STATES),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("order_type", Text("Paid by", "付费类型"), words=ORDER_TYPES),
            Column("root_cause", Text("Root cause", "根因"), words=ROOT_CAUSES),
            _AMOUNT,
            Column("labour_amount", Text("of it labour", "其中工时"), Unit.MONEY),
            Column("parts_amount", Text("of it parts", "其中配件"), Unit.MONEY),
            Column("slot_starts_at", Text("Booked for", "预约时段"), Kind.TIME),
            Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
            Column("work_started_at", Text("Work began", "开工"), Kind.TIME),
            Column("work_ended_at", Text("Work ended", "完工"), Kind.TIME),
            Column("promised_at", Text("Promised", "承诺交车"), Kind.TIME),
            Column("delivered_at", Text("Handed over", "交车"), Kind.TIME),
            Column("settled_at", Text("Settled", "结算"), Kind.TIME),
            Column("waited", Text("Waited for work to begin", "等待开工"), Unit.MINUTES),
            Column("model", Text("Model", "车型")),
            Column("powertrain", Text("Drive", "动力"), words=POWERTRAINS),
            Column("odometer_km", Text("Odometer, km", "里程（公里）"), Unit.COUNT),
            Column("plate", Text("Plate", "车牌"), personal=Personal.CUSTOMER),
            Column("customer", Text("Customer", "客户"), personal=Personal.CUSTOMER),
            Column("phone", Text("Phone", "电话"), personal=Personal.CUSTOMER),
            Column("complete", Text("All required fields filled in", "必填项完整"), Kind.FLAG),
            Column("return_id", Text("Came back as", "返修工单"), links="order"),
            Column("returned_at", Text("Came back", "返修进厂"), Kind.TIME),
            Column("hours_after", Text("Came back after", "返修间隔"), Unit.HOURS, elapsed=True),
            Column("return_of", Text("Is the return of", "由此工单返修"), links="order"),
        ),
    ),
    Listing(
        key="order_labour",
        name=Text("Labour", "工时明细"),
        description=Text(
            "The operations of the order; their amounts add up to its labour.",
            "工单的作业项目；金额合计即工时金额。",
        ),
        id_column="line_no",
        columns=(
            Column("line_no", Text("Line", "行"), Unit.COUNT),
            Column("work_order_id", _ORDER.name, on_screen=False),
            STORE_COLUMNS[0],
            Column("op_code", Text("Operation", "项目")),
            Column("fault_code", Text("Fault", "故障")),
            Column("technician_id", Text("No.", "工号"), links="technician"),
            Column(
                "technician",
                Text("Technician", "技师"),
                personal=Personal.TECHNICIAN,
                links="technician",
                link_key="technician_id",
            ),
            Column("skill", Text("Skill", "级别"), words=SKILLS),
            Column("standard_hours", Text("Standard", "标准工时"), Unit.HOURS),
            Column("billed_hours", Text("Billed", "计费工时"), Unit.HOURS),
            Column("clock_hours", Text("Clocked", "打卡工时"), Unit.HOURS),
            _AMOUNT,
        ),
    ),
    Listing(
        key="order_parts",
        name=Text("Parts", "配件明细"),
        description=Text(
            "The parts of the order; their amounts add up to its parts.",
            "工单用到的配件；金额合计即配件金额。",
        ),
        id_column="line_no",
        columns=(
            Column("line_no", Text("Line", "行"), Unit.COUNT),
            Column("work_order_id", _ORDER.name, on_screen=False),
            STORE_COLUMNS[0],
            Column("part_no", Text("Part no.", "配件号")),
            Column("part_zh", Text("Part", "配件")),
            Column("part_en", Text("Part (English)", "配件（英文）")),
            Column("category", Text("Category", "类别"), words=CATEGORIES),
            Column("quantity", Text("Pieces", "件数"), Unit.NUMBER),
            _AMOUNT,
        ),
    ),
    Listing(
        key="order_bays",
        name=Text("In the bay", "工位经过"),
        description=Text(
            "Which bay the car held, and whether it was worked on or waited there.",
            "车辆占用的工位，以及是施工还是停滞。",
        ),
        id_column="started_at",
        columns=(
            Column("work_order_id", _ORDER.name, on_screen=False),
            STORE_COLUMNS[0],
            Column("bay_id", Text("Bay", "工位")),
            Column("state", Text("State", "状态"), words=BAY_STATES),
            Column("started_at", Text("From", "开始"), Kind.TIME),
            Column("ended_at", Text("Until", "结束"), Kind.TIME),
            Column("minutes", Text("Took", "时长"), Unit.MINUTES),
        ),
    ),
    Listing(
        key="order_surveys",
        name=Text("What the customer said", "客户评价"),
        description=Text("Surveys sent after the visit.", "到店后发出的问卷。"),
        id_column="survey_id",
        columns=(
            Column("survey_id", Text("Survey", "问卷号")),
            Column("work_order_id", _ORDER.name, on_screen=False),
            STORE_COLUMNS[0],
            Column("kind", Text("Asked", "问卷"), words=SURVEYS),
            Column("sent_at", Text("Sent", "发出"), Kind.TIME),
            Column("answered_at", Text("Answered", "评价时间"), Kind.TIME),
            Column("satisfaction", Text("Satisfaction, of 5", "满意度（5分制）"), Unit.RATING),
            Column("nps_score", Text("Would recommend, of 10", "推荐意愿（10分制）"), Unit.COUNT),
            Column("csi_score", same("CSI"), Unit.SCORE),
            Column("followed_up_at", Text("Called back", "回访"), Kind.TIME),
        ),
    ),
    Listing(
        key="order_complaints",
        name=Text("Complaints", "投诉"),
        description=Text("Tickets about this order.", "与本工单有关的投诉单。"),
        id_column="complaint_id",
        columns=(
            Column("complaint_id", Text("Ticket", "投诉单号")),
            Column("work_order_id", _ORDER.name, on_screen=False),
            STORE_COLUMNS[0],
            Column("received_at", Text("Received", "受理时间"), Kind.TIME),
            Column("cause", Text("Cause", "原因"), words=CAUSES),
            Column("severity", Text("Severity", "严重程度"), words=SEVERITIES),
            Column("closed_at", Text("Closed", "关闭"), Kind.TIME),
        ),
    ),
)
