"""The warehouse contract: every table that the product reads, with its grain, columns and units.

One declaration serves DuckDB, PostgreSQL and ClickHouse. Columns and definitions follow domain.md section 2.0.

Conventions
    Times are naive local times of the network (UTC+8), whole seconds. `*_on` and `day` are dates, `*_at` timestamps.
    Money is CNY net of VAT, discounts and refunds; a refund is a negative amount. Hours and minutes are decimal.
    A number that is not known is NULL, never 0. Every row that a person could be barred from carries `store_id`, or the
    region and province of which it is a sum.
    Facts are stored as they happened; rollups hold additive parts only (numerators, denominators, counts), so that
    any group of stores and days is a sum. Rollup rows may repeat a key (base + recent): always sum them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from data_access.columns import METADATA as METADATA
from data_access.columns import _count, _day, _flag, _id, _number, _table, _text, _time
from data_access.province_sums import PROVINCE_SUMS
from data_access.schema_lists import CALL_CANDIDATE as CALL_CANDIDATE
from data_access.schema_lists import PART_STATE as PART_STATE
from data_access.schema_lists import STOCK_DAY as STOCK_DAY
from data_access.schema_lists import TRANSFER as TRANSFER
from data_access.status_table import STATUS as STATUS
from kpi.histogram import CYCLE, WAIT, Histogram


def _bins(of: Histogram, unit: str) -> list[Column[Any]]:
    """A count for each bin of a histogram."""
    ends = [f"{low:g} < {unit} <= {high:g}" for low, high in map(of.bounds, range(len(of.edges)))]
    return [_count(name, end) for name, end in zip(of.columns, ends, strict=True)]


# --- dimensions -----------------------------------------------------------------------------------------------------

PLACE = _table(
    "place",
    "A region, province-level unit or city, with its names. One row a place.",
    _id("place_id", comment="region key (north …) or six-digit administrative code"),
    _text("kind", "region | province | city"),
    _text("name_zh", "short Chinese name"),
    _text("name_en", "English name"),
    _id("parent_id", null=True, comment="the place that contains this one; NULL for a region"),
)

STORE = _table(
    "store",
    "A service store. One row a store, live or not.",
    _id("store_id"),
    _text("name_zh"),
    _text("name_en"),
    _id("region", comment="north | northeast | east | central | south | southwest | northwest"),
    _id("province", comment="six-digit code"),
    _id("city", comment="six-digit code"),
    _number("longitude", "degrees, WGS 84", null=True),
    _number("latitude", "degrees, WGS 84", null=True),
    _text("store_type", "direct (owned) | franchise", null=True),
    _text("tier", "large | medium | small", null=True),
    _count("bays", "working bays", null=True),
    _count("opens_at", "hour of day", null=True),
    _count("closes_at", "hour of day", null=True),
    _day("live_on", "first day on the platform; NULL when not live", null=True),
    _number("posted_labour_rate", "CNY per billed hour, as posted on the wall", null=True),
)

BAY = _table(
    "bay",
    "A bay of a store. One row a bay.",
    _id("bay_id"),
    _id("store_id"),
    _text("bay_type", "general | quick | body | inspection"),
    _flag("active"),
)

TECHNICIAN = _table(
    "technician",
    "A technician. One row a person and store.",
    _id("technician_id"),
    _id("store_id"),
    _text("name"),
    _text("skill", "apprentice | junior | senior | master"),
    _day("hired_on"),
    _day("left_on", null=True),
)

CUSTOMER = _table(
    "customer",
    "A customer after One-ID. One row a person. Personal data: name and phone are masked unless the role needs them.",
    _id("customer_id"),
    _id("store_id", comment="home store"),
    _text("name", null=True),
    _text("phone", "11 digits", null=True),
    _flag("marketing_consent"),
    _flag("hold_out", "belongs to the control share that campaigns leave alone"),
    _day("created_on"),
    _day("last_contacted_on", "last marketing contact", null=True),
    _count("contacts_7d", "marketing contacts in the last seven days", null=True),
)

VEHICLE = _table(
    "vehicle",
    "A vehicle in care. One row a vehicle. `plate` is personal data.",
    _id("vehicle_id", comment="hash of the VIN"),
    _id("customer_id", null=True),
    _id("store_id", comment="home store"),
    _text("plate", null=True),
    _text("model", null=True),
    _text("powertrain", "ICE | PHEV | BEV", null=True),
    _count("interval_days", "recommended service interval of the model", null=True),
    _count("interval_km", "recommended service interval of the model", null=True),
    _day("purchased_on", null=True),
    _day("warranty_ends_on", null=True),
    _day("sold_on", "known to have left the owner", null=True),
)

PART = _table(
    "part",
    "A spare part. One row a part number.",
    _id("part_no"),
    _text("name_zh"),
    _text("name_en"),
    _text(
        "category", "oil | filter | brake | tyre | battery | electrical | body | engine | chassis | season"
    ),
    _number("unit_cost", "CNY"),
    _count("lead_time_days", "order to shelf"),
    _text("criticality", "stops_car | comfort | cosmetic"),
    _flag("seasonal"),
    _count("pack_size", "pieces"),
    _day("introduced_on"),
    _id("superseded_by", null=True),
)

CALENDAR_DAY = _table(
    "calendar_day",
    "A day of the Chinese calendar. One row a day.",
    _day("day"),
    _count("weekday", "1 Monday … 7 Sunday"),
    _flag("is_workday", "make-up workdays count"),
    _text("holiday", "English name of the public holiday", null=True),
    _count("spring_festival_offset", "days from the nearest Chinese New Year's Day, -45 … 45", null=True),
    _text("source", "official | assumed"),
)

# --- facts ----------------------------------------------------------------------------------------------------------

PLAN_DAY = _table(
    "plan_day",
    "The plan of a store for a day: the month's plan spread by working-day weights. One row a store and day.",
    _id("store_id"),
    _day("day"),
    _number("revenue_plan", "CNY"),
    _number("cost_plan", "CNY, at planned revenue"),
    _number("vehicles_plan", "vehicle visits"),
)

STORE_OPENING = _table(
    "store_opening",
    "What a store could offer on a day. One row a live store and day, closed days included.",
    _id("store_id"),
    _day("day"),
    _flag("is_open"),
    _number("open_hours"),
    _count("active_bays"),
    _number("bay_minutes", "available bay minutes net of planned downtime"),
)

APPOINTMENT = _table(
    "appointment",
    "A booking. One row a booking; dated by its slot.",
    _id("appointment_id"),
    _id("store_id"),
    _id("origin_store_id", null=True, comment="the store that referred the customer; NULL when none did"),
    _id("customer_id"),
    _id("vehicle_id"),
    _time("booked_at"),
    _time("slot_starts_at"),
    _day("day", "day of the slot"),
    _text("channel", "app | phone | wechat | store"),
    _text("service_kind", "maintenance | repair | body"),
    _number("planned_hours", "bay hours the booking needs"),
    _text("status", "booked | arrived | no_show | cancelled"),
    _time("cancelled_at", null=True),
)

WORK_ORDER = _table(
    "work_order",
    """A repair order with its header sums. One row an order. Amounts are the sums of its lines.
    An open order has no delivered_at; a delivered one may not be settled yet.""",
    _id("work_order_id"),
    _id("store_id", comment="the performing store"),
    _id("origin_store_id", null=True, comment="the store that referred the customer; NULL when none did"),
    _id("customer_id", null=True),
    _id("vehicle_id", null=True),
    _id("appointment_id", null=True),
    _time("arrived_at"),
    _day("arrived_on"),
    _time("work_started_at", null=True),
    _time("work_ended_at", null=True),
    _time("promised_at", "the first promise", null=True),
    _time("delivered_at", null=True),
    _day("delivered_on", null=True),
    _time("settled_at", null=True),
    _day("settled_on", null=True),
    _count("odometer_km", null=True),
    _text("order_type", "customer_pay | warranty | insurance | internal | pre_delivery"),
    _text("service_kind", "maintenance | repair | body"),
    _flag("first_of_visit", "false for the second order of the same vehicle and day"),
    _flag("drop_off", "customer agreed to fetch the car later"),
    _flag(
        "fix_eligible",
        "counts for first-time fix: customer-pay or warranty repair with a fault line, not declined",
    ),
    _flag("complete", "all required fields are present and valid (domain.md 2.2 G)"),
    _text("status", "waiting | working | wait_parts | wait_approval | ready | delivered | settled"),
    _text("root_cause", "root-cause code; NULL when missing", null=True),
    _number("labour_amount", "CNY", null=True),
    _number("parts_amount", "CNY", null=True),
    _number("parts_cost", "CNY", null=True),
    _number("billed_hours", null=True),
    _number("clock_hours", null=True),
)

LABOUR_LINE = _table(
    "labour_line",
    "An operation of an order. One row a line; dated by the end of the work.",
    _id("work_order_id"),
    _count("line_no", "from 1; the first line is the main operation"),
    _id("store_id"),
    _id("technician_id", null=True),
    _day("day", "day the work ended"),
    _text("op_code"),
    _text("fault_code", null=True),
    _number("standard_hours"),
    _number("billed_hours"),
    _number("clock_hours"),
    _number("amount", "CNY"),
)

PART_LINE = _table(
    "part_line",
    "A part used by an order. One row a line; dated by the end of the work.",
    _id("work_order_id"),
    _count("line_no"),
    _id("store_id"),
    _id("part_no"),
    _day("day", "day of issue"),
    _number("quantity", "pieces"),
    _number("amount", "CNY"),
    _number("cost", "CNY"),
)

COMEBACK = _table(
    "comeback",
    """A same-vehicle, same-fault return within 30 days of handover, charged to the first order's store and to the
    technician of the failing operation, and dated by the first order's handover. At most one row a first order.""",
    _id("parent_work_order_id", comment="the order that did not hold"),
    _id("work_order_id", comment="the order of the return; may be at another store"),
    _id("store_id", comment="store of the first order"),
    _id("technician_id", null=True, comment="who did the failing operation"),
    _day("day", "handover day of the first order"),
    _time("returned_at"),
    _number("hours_after", "hours from handover to return"),
)

BAY_SESSION = _table(
    "bay_session",
    "A stretch of time a bay was held. One row a stretch of one state; dated by its start.",
    _id("bay_id"),
    _id("store_id"),
    _id("work_order_id"),
    _day("day"),
    _time("started_at"),
    _time("ended_at", null=True),
    _text("state", "work | wait_parts | wait_approval"),
)

ATTENDANCE = _table(
    "attendance",
    "A technician's day. One row a technician and day.",
    _id("technician_id"),
    _id("store_id"),
    _day("day"),
    _number("scheduled_hours"),
    _number("attended_hours", "paid training and meetings left out"),
    _number("labour_cost", "CNY: attended hours x loaded rate"),
    _text("absence", "leave | sick | training; NULL when present", null=True),
)

SURVEY = _table(
    "survey",
    "A survey sent after a visit. One row a survey; dated by its answer (by its sending while unanswered).",
    _id("survey_id"),
    _id("work_order_id"),
    _id("store_id"),
    _id("customer_id"),
    _id("technician_id", null=True),
    _text("kind", "2h (transactional satisfaction) | 24h (NPS and CSI); never mixed"),
    _time("sent_at"),
    _time("answered_at", null=True),
    _day("day"),
    _count("nps_score", "0 … 10, 24h only", null=True),
    _number("csi_score", "0 … 100, 24h only", null=True),
    _count("satisfaction", "1 … 5, 2h only", null=True),
    _time("followed_up_at", "first contact after a low score", null=True),
)

COMPLAINT = _table(
    "complaint",
    "A complaint ticket. One row a ticket; dated by receipt.",
    _id("complaint_id"),
    _id("work_order_id", null=True),
    _id("store_id"),
    _id("customer_id", null=True),
    _time("received_at"),
    _day("day"),
    _text("cause", "price | quality | attitude | time | other"),
    _text("severity", "normal | severe"),
    _time("closed_at", null=True),
)

PART_REQUEST = _table(
    "part_request",
    """The demand for a part. One row a store, part and day with demand. A line is one order's request for one part;
    lines = lines_filled + lines_emergency + lines_lost.""",
    _id("store_id"),
    _id("part_no"),
    _day("day"),
    _number("quantity", "pieces requested"),
    _count("lines", "request lines"),
    _count("lines_filled", "filled from the shelf"),
    _count("lines_emergency", "bought in a hurry"),
    _count("lines_lost", "not served"),
)

STOCK_LEVEL = _table(
    "stock_level",
    "Stock of a part at a store at the end of a week (and on the last complete day). One row a store, part and day.",
    _id("store_id"),
    _id("part_no"),
    _day("day"),
    _number("quantity", "pieces on hand"),
    _number("value", "CNY at cost"),
    _number("on_order", "pieces"),
    _number("issued_13w", "pieces issued in the last 13 weeks"),
    _day("last_issued_on", null=True),
    _day("last_received_on", "own receipts; a transfer does not reset it", null=True),
)

STOCK_BALANCE = _table(
    "stock_balance",
    "Stock value of a store at the end of a day. One row a store and day.",
    _id("store_id"),
    _day("day"),
    _number("stock_value", "CNY at cost"),
)

VISIT = _table(
    "visit",
    """A vehicle's visit, also those from before the work-order history (taken over from predecessor systems).
    One row a vehicle and day.""",
    _id("vehicle_id"),
    _id("customer_id", null=True),
    _id("store_id"),
    _day("day"),
    _count("odometer_km", null=True),
    _number("amount", "CNY", null=True),
)

SYNC_RUN = _table(
    "sync_run",
    "A load of one source for one store. The newest row of a store tells how fresh it is. One row a run.",
    _text("source", "dms | crm | parts | hr"),
    _id("store_id"),
    _day("day"),
    _time("extracted_at", "newest event in the batch"),
    _time("loaded_at"),
    _count("rows_source"),
    _count("rows_loaded"),
    _flag("verified", "row counts and checksums agree"),
)

QUALITY_RESULT = _table(
    "quality_result",
    "What a data-quality check found. One row a check, store and day.",
    _text("check_key"),
    _text("table_name"),
    _id("store_id"),
    _day("day"),
    _count("rows_checked"),
    _count("rows_failed"),
)

# --- rollups: additive parts, built at publish time by data_access/rollup.py ------------------------------------------

STORE_DAY = _table(
    "store_day",
    """Additive parts of a store's day. Each group of columns is dated by its own event, as its metric's definition
    says (revenue by settlement, waiting by arrival, quality by handover, voice by answer). Sum before dividing.""",
    _id("store_id"),
    _day("day"),
    # plan, opening
    _number("revenue_plan", "CNY"),
    _number("cost_plan", "CNY"),
    _number("vehicles_plan"),
    _count("open_days", "1 on an open day of a live store"),
    _number("bay_minutes_available"),
    # settled orders, internal and pre-delivery left out
    _count("orders_settled"),
    _number("revenue", "CNY"),
    _number("labour_revenue", "CNY"),
    _number("parts_revenue", "CNY"),
    _number("parts_cost", "CNY"),
    _number("labour_cost", "CNY, attended hours x loaded rate"),
    _count("orders_priced", "settled orders whose amounts are known (not NULL)"),
    _count("orders_costed", "settled orders whose parts cost is known (not NULL)"),
    # arrivals
    _count("orders_arrived", "all orders, first of visit or not"),
    _count("vehicles", "vehicle visits"),
    _count("vehicles_booked", "vehicle visits with an appointment"),
    _count("vehicles_referred", "vehicle visits referred by another store"),
    _count("vehicles_sent", "vehicle visits at other stores, referred by this one"),
    # handovers
    _count("orders_delivered"),
    _count("promised", "delivered orders that had a promise"),
    _count("on_time", "… delivered by then"),
    _count("orders_complete", "delivered orders with all required fields"),
    _count("orders_with_parts", "delivered orders with parts"),
    _count("orders_filled", "… that never held a bay waiting for parts"),
    _count("fix_eligible"),
    _count("returned_48h"),
    _count("returned_30d"),
    # voice
    _count("nps_sent"),
    _count("nps_answers"),
    _count("promoters"),
    _count("detractors"),
    _count("csi_answers"),
    _number("csi_sum"),
    _number("csi_sum_squared"),
    _count("satisfaction_answers"),
    _count("satisfied"),
    _count("low_scores"),
    _count("complaints"),
    _count("complaints_severe"),
    # bays, technicians
    _number("bay_minutes_worked", "stretches that have ended"),
    _number("bay_minutes_blocked", "waiting for parts or approval"),
    _number("bay_minutes_parts", "waiting for parts"),
    _number("bay_minutes_approval", "waiting for approval"),
    _count("technicians_scheduled", "0 when no attendance is known"),
    _count("technicians_present"),
    _number("attended_hours"),
    _number("attended_days", "attended hours / 8"),
    _number("clock_hours"),
    _number("billed_hours"),
    # bookings, dated by slot
    _count("bookings", "past slots not cancelled a day before"),
    _count("bookings_arrived"),
    _count("bookings_no_show"),
    _number("no_show_minutes", "bay minutes that no-shows had planned"),
    # parts
    _count("part_lines"),
    _count("part_lines_filled"),
    _number("parts_issued_cost", "CNY"),
    _number("stock_value", "CNY, end of day; NULL on a day without a balance", null=True),
)

LOW_ANSWER = _table(
    "low_answer",
    "An answer of 1 or 2 of 5 to the two-hour survey: a case to call. One row an answer.",
    _id("survey_id"),
    _id("store_id"),
    _id("work_order_id"),
    _day("day", "of the answer"),
    _time("answered_at"),
    _count("satisfaction", "1 or 2"),
    _time("followed_up_at", null=True),
)

STORE_TIME = _table(
    "store_time",
    """Waiting and time in the shop of a store's day, with and without an appointment: sums, and a histogram of each.
    Waits are dated by arrival, cycles by handover. One row a store, day and way of arrival.""",
    _id("store_id"),
    _day("day"),
    _text("arrival", "appointment | walk_in"),
    _count("waits", "visits whose work has started"),
    _number("wait_minutes"),
    _number("wait_minutes_squared"),
    *_bins(WAIT, "minutes"),
    _count("cycles", "same-day orders without drop-off or body work"),
    _number("cycle_hours"),
    _number("cycle_hours_squared"),
    *_bins(CYCLE, "hours"),
)

STORE_HOUR = _table(
    "store_hour",
    "Additive parts of a store's hour, for the last 56 days and today. One row a store, day and hour.",
    _id("store_id"),
    _day("day"),
    _count("hour", "0 … 23"),
    _count("vehicles", "arrivals"),
    _number("revenue", "CNY settled"),
    _number("bay_minutes_worked", "running stretches count until now"),
    _number("bay_minutes_walk_in", "… on cars that came without an appointment"),
    _number("bay_minutes_available", "the day's minutes spread evenly over the opening hours"),
    _count("bookings", "slots not cancelled"),
)

TECHNICIAN_DAY = _table(
    "technician_day",
    "Additive parts of a technician's day. Quality is dated by handover, hours by work end, rating by answer.",
    _id("technician_id"),
    _id("store_id"),
    _day("day"),
    _number("attended_hours"),
    _number("clock_hours"),
    _number("billed_hours"),
    _number("revenue", "CNY of the labour lines"),
    _count("fix_eligible", "eligible repairs whose main operation was this technician's"),
    _count("returned_30d"),
    _count("rating_answers"),
    _number("rating_sum", "1 … 5"),
    _number("rating_sum_squared"),
)

PART_WEEK = _table(
    "part_week",
    "Demand for a part at a store in a week. `day` is the week's Monday.",
    _id("store_id"),
    _id("part_no"),
    _day("day"),
    _number("quantity"),
    _count("lines"),
    _count("lines_filled"),
    _count("lines_emergency"),
    _count("lines_lost"),
)

CUSTOMER_DAY = _table(
    "customer_day",
    """Levels of a store's customer base at the end of a day. One row a home store and day (Mondays and the last
    complete day). Definitions: domain.md 2.2 D.""",
    _id("store_id"),
    _day("day"),
    _count("active", "visited within 24 months, vehicle not sold"),
    _count("no_visit_30d"),
    _count("overdue_30d"),
    _count("overdue_90d"),
    _count("dormant_12m"),
    _count("cohort_12m", "visited in months -24 … -13"),
    _count("retained_12m", "… and again in months -12 … 0"),
    _count(
        "reachable",
        "vehicles 30 days overdue, booked or not, of consenting customers whom campaigns may call",
    ),
    _count("reachable_back", "… that came within the 60 days after this one; final when these are over"),
    _count(
        "control", "vehicles 30 days overdue, booked or not, of consenting customers of the control share"
    ),
    _count("control_back", "… that came within the 60 days after this one; final when these are over"),
)

CUSTOMER_STATE = _table(
    "customer_state",
    "What is known of a customer's next visit on the last complete day. One row a vehicle not sold.",
    _id("customer_id"),
    _id("vehicle_id"),
    _id("store_id", comment="home store"),
    _day("day", "the last complete day"),
    _day("last_visit_on"),
    _day("due_on", "expected next visit; NULL when the model's interval is not known", null=True),
    _count("days_overdue", "negative while not due", null=True),
    _count("visits_24m"),
    _number("revenue_24m", "CNY"),
    _flag("has_booking"),
    _count("last_csi", "last answered CSI or satisfaction, 0 … 100", null=True),
    _count("complaints_12m"),
    _count("comebacks_12m"),
    _number("last_wait_minutes", null=True),
)

DIMENSIONS = (PLACE, STORE, BAY, TECHNICIAN, CUSTOMER, VEHICLE, PART, CALENDAR_DAY)
FACTS = (
    PLAN_DAY, STORE_OPENING, APPOINTMENT, WORK_ORDER, LABOUR_LINE, PART_LINE, COMEBACK, BAY_SESSION, ATTENDANCE, SURVEY,
    COMPLAINT, PART_REQUEST, STOCK_LEVEL, STOCK_BALANCE, VISIT, SYNC_RUN, QUALITY_RESULT,
)  # fmt: skip
ROLLUPS = (
    STORE_DAY, STORE_TIME, STORE_HOUR, LOW_ANSWER, TECHNICIAN_DAY, PART_WEEK, STOCK_DAY, PART_STATE, TRANSFER, CUSTOMER_DAY,
    CUSTOMER_STATE, CALL_CANDIDATE, STATUS, *PROVINCE_SUMS,
)  # fmt: skip
TABLES = DIMENSIONS + FACTS + ROLLUPS
