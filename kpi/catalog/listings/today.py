"""今日门店: who waits, who comes, which cars are stuck, which bays are free."""

from __future__ import annotations

from kpi.catalog.listings.orders import SERVICE_KINDS, STATES, STORE_COLUMNS
from kpi.catalog.sources import CHANNELS
from kpi.listing import Column, Kind, Listing, Personal
from kpi.metric import Unit
from kpi.text import Text

BAY_STATES = {
    "work": Text("Working", "施工中"),
    "wait_parts": Text("Waits for parts", "等配件"),
    "wait_approval": Text("Waits for approval", "等确认"),
    "free": Text("Free", "空闲"),
}
BOOKING_STATES = {
    "booked": Text("Expected", "待到店"),
    "arrived": Text("Arrived", "已到店"),
    "no_show": Text("Did not come", "未到店"),
    "cancelled": Text("Cancelled", "已取消"),
}
SKILLS = {
    "apprentice": Text("Apprentice", "学徒"),
    "junior": Text("Junior", "初级"),
    "senior": Text("Senior", "高级"),
    "master": Text("Master", "技师长"),
}
ABSENCES = {
    "leave": Text("On leave", "休假"),
    "sick": Text("Sick", "病假"),
    "training": Text("In training", "培训"),
}
_ORDER = Column("work_order_id", Text("Order", "工单号"), links="order")

LISTINGS = (
    Listing(
        key="bays_now",
        name=Text("Bays now", "当前工位"),
        description=Text("Every active bay and what holds it.", "每个可用工位及其当前占用。"),
        id_column="bay_id",
        columns=(
            Column("bay_id", Text("Bay", "工位")),
            *STORE_COLUMNS,
            Column("state", Text("State", "状态"), words=BAY_STATES),
            _ORDER,
            Column("started_at", Text("Since", "开始"), Kind.TIME),
        ),
    ),
    Listing(
        key="open_orders",
        name=Text("Cars in the shop", "在店车辆"),
        description=Text(
            "Orders not handed over, the longest first; a promise that has passed or is within the half hour is at risk.",
            "未交车的工单，在店最久者在前；承诺时间已过或30分钟内到期的视为有风险。",
        ),
        id_column="work_order_id",
        columns=(
            _ORDER,
            *STORE_COLUMNS,
            Column("status", Text("State", "状态"), words=STATES),
            Column("hours_in", Text("In the shop", "在店"), Unit.HOURS, elapsed=True),
            Column("at_risk", Text("Promise at risk", "承诺有风险"), Kind.FLAG),
            Column("promised_at", Text("Promised", "承诺交车"), Kind.TIME),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
        ),
    ),
    Listing(
        key="bookings_today",
        name=Text("Bookings to come", "待到店预约"),
        description=Text(
            "Bookings of the day that have not arrived, with how often this customer stayed away from this store before.",
            "当日未到店的预约，以及该客户在本店的历史爽约次数。",
        ),
        id_column="appointment_id",
        columns=(
            Column("appointment_id", Text("Booking", "预约号")),
            *STORE_COLUMNS,
            Column("slot_starts_at", Text("Slot", "预约时段"), Kind.TIME),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("no_shows", Text("Stayed away before", "历史爽约"), Unit.COUNT),
            Column("planned_hours", Text("Planned", "预计工时"), Unit.HOURS),
            Column("status", Text("State", "状态"), words=BOOKING_STATES),
        ),
    ),
    Listing(
        key="bookings",
        name=Text("Bookings behind the number", "数字背后的预约"),
        description=Text(
            "The single bookings a metric was made of; the columns “counts for” add up to its two parts.",
            "构成该指标的单个预约；“计入分子/分母”两列之和即指标的两个组成部分。",
        ),
        id_column="appointment_id",
        columns=(
            Column("appointment_id", Text("Booking", "预约号")),
            *STORE_COLUMNS,
            Column("slot_starts_at", Text("Slot", "预约时段"), Kind.TIME),
            Column("channel", Text("Channel", "渠道"), words=CHANNELS),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("planned_hours", Text("Planned", "预计工时"), Unit.HOURS),
            Column("status", Text("State", "状态"), words=BOOKING_STATES),
            Column("cancelled_at", Text("Cancelled", "取消时间"), Kind.TIME),
            Column("top", Text("Counts for the numerator", "计入分子"), Unit.COUNT),
            Column("bottom", Text("Counts for the denominator", "计入分母"), Unit.COUNT),
        ),
    ),
    Listing(
        key="open_waits",
        name=Text("Waiting for work to start", "等待开工"),
        description=Text(
            "Cars of today whose work has not started, the longest wait first; it counts from arrival, or from the slot when "
            "the customer came early.",
            "当日已进厂未开工的车辆，等待最久者在前；自进厂（提前到店者自预约时段）起计。",
        ),
        id_column="work_order_id",
        columns=(
            _ORDER,
            *STORE_COLUMNS,
            Column("waited", Text("Waits", "已等"), Unit.MINUTES),
            Column("at_risk", Text("Promise at risk", "承诺有风险"), Kind.FLAG),
            Column("promised_at", Text("Promised", "承诺交车"), Kind.TIME),
            Column("booked", Text("Had booked", "有预约"), Kind.FLAG),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
        ),
    ),
    Listing(
        key="stores_waiting",
        name=Text("Stores by waiting now", "此刻等待的门店"),
        description=Text(
            "Stores with cars of today whose work has not started: most over 30 minutes first, then the longest wait.",
            "当日有车辆等待开工的门店：超30分钟人数多者在前，其次按最长等待。",
        ),
        id_column="store_id",
        columns=(
            *STORE_COLUMNS,
            Column("over", Text("Over 30 min", "超30分钟"), Unit.COUNT),
            Column("longest", Text("Longest wait", "最长等待"), Unit.MINUTES),
            Column("waiting", Text("Waiting", "等待中"), Unit.COUNT),
            Column("at_risk", Text("Promises at risk", "承诺有风险"), Unit.COUNT),
        ),
    ),
    Listing(
        key="technicians_today",
        name=Text("Technicians today", "今日技师"),
        description=Text(
            "Who was to work today, and how much of the time present was clocked on finished jobs.",
            "今日排班技师，及其到岗时间中已完工工单的打卡工时。",
        ),
        id_column="technician_id",
        columns=(
            Column("technician_id", Text("Number", "工号"), on_screen=False),
            Column(
                "name",
                Text("Technician", "技师"),
                links="technician",
                link_key="technician_id",
                personal=Personal.TECHNICIAN,
            ),
            *STORE_COLUMNS,
            Column("skill", Text("Skill", "级别"), words=SKILLS),
            Column("absence", Text("Absent", "缺勤"), words=ABSENCES),
            Column("attended", Text("Present", "到岗"), Unit.HOURS),
            Column("clocked", Text("On finished jobs", "完工工时"), Unit.HOURS),
            Column("load", Text("Load", "负荷"), Unit.SHARE),
            Column("jobs", Text("Jobs", "完工单数"), Unit.COUNT),
        ),
    ),
)
