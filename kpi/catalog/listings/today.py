"""今日门店: who waits, who comes, which cars are stuck, which bays are free."""

from __future__ import annotations

from kpi.catalog.listings.orders import SERVICE_KINDS, STATES, STORE_COLUMNS
from kpi.listing import Column, Kind, Listing
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
            "未交车的工单,在店最久者在前;承诺时间已过或30分钟内到期的视为有风险。",
        ),
        id_column="work_order_id",
        columns=(
            _ORDER,
            *STORE_COLUMNS,
            Column("status", Text("State", "状态"), words=STATES),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
            Column("promised_at", Text("Promised", "承诺交车"), Kind.TIME),
            Column("hours_in", Text("In the shop", "在店"), Unit.HOURS),
            Column("at_risk", Text("Promise at risk", "承诺有风险"), Kind.FLAG),
        ),
    ),
    Listing(
        key="bookings_today",
        name=Text("Bookings to come", "待到店预约"),
        description=Text(
            "Bookings of the day that have not arrived, with how often this customer stayed away before.",
            "当日未到店的预约,以及该客户历史爽约情况。",
        ),
        id_column="appointment_id",
        columns=(
            Column("appointment_id", Text("Booking", "预约号")),
            *STORE_COLUMNS,
            Column("slot_starts_at", Text("Slot", "预约时段"), Kind.TIME),
            Column("service_kind", Text("Service", "服务类型"), words=SERVICE_KINDS),
            Column("planned_hours", Text("Planned", "预计工时"), Unit.HOURS),
            Column("status", Text("State", "状态"), words=BOOKING_STATES),
            Column("no_shows", Text("Stayed away before", "历史爽约"), Unit.COUNT),
        ),
    ),
)
