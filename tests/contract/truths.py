"""Hand-worked SQL of every metric, on the facts: what a careful analyst would write without knowing the product.

Nothing here uses the rollups, the catalogue or the compiler. `{first}` and `{last}` are the days asked for, `{here}`
narrows a fact by its store, `{minutes(a, b)}`-like words are spelled per engine by the test.
"""

from __future__ import annotations

from typing import NamedTuple

from kpi.histogram import CYCLE, WAIT, Histogram


class Truth(NamedTuple):
    """`top` and `bottom` are single-number queries; the value is top / bottom, or top alone without a bottom."""

    top: str
    bottom: str | None = None
    rolling: int = 1
    """The days looked at: at least this many, ending with the last mature one."""
    maturity: int = 0
    level: bool = False
    """A state on the newest day of the table within the days asked for."""
    within: Histogram | None = None
    """The value is read from these bins, so it is right to within the bin it lies in."""
    less: str | None = None
    """A second value that is taken off."""


CUSTOMERS = "order_type in ('customer_pay', 'warranty', 'insurance')"
SETTLED = f"from work_order where settled_on between {{first}} and {{last}} and {CUSTOMERS} and {{here}}"
DELIVERED = "from work_order where delivered_on between {first} and {last} and {here}"
ARRIVED = "from work_order where arrived_on between {first} and {last} and {here}"
HANDED_OVER_REPAIRS = f"select count(*) {DELIVERED} and fix_eligible"
RETURNS = "select count(*) from comeback where day between {first} and {last} and {here}"
OPEN_DAYS = "select count(*) from store_opening where day between {first} and {last} and is_open and {here}"
ATTENDED = "from attendance where day between {first} and {last} and {here}"
LABOUR = "from labour_line where day between {first} and {last} and {here}"
ANSWERED = "from survey where answered_at is not null and day between {first} and {last} and {here}"
REVENUE = f"select sum(coalesce(labour_amount, 0) + coalesce(parts_amount, 0)) {SETTLED}"
COST = f"select (select sum(parts_cost) {SETTLED}) + (select sum(labour_cost) {ATTENDED})"
WAITED = (
    "from work_order w left join appointment a on a.appointment_id = w.appointment_id "
    "where w.arrived_on between {first} and {last} and w.work_started_at is not null and w.first_of_visit and {w.here}"
)
SAME_DAY = f"{DELIVERED} and delivered_on = arrived_on and not drop_off and service_kind <> 'body'"
BOOKED = (
    "from appointment where day between {first} and {last} and {here} and slot_starts_at <= {as_of} "
    "and not (status = 'cancelled' and {minutes:cancelled_at:slot_starts_at} >= 1440)"
)
SENT = (
    "select count(*) from work_order where arrived_on between {first} and {last} and first_of_visit "
    "and origin_store_id <> store_id and {origin.here}"
)
REQUESTED = "from part_request where day between {first} and {last} and {here}"
NEWEST_STOCK = "from stock_level where day = (select max(day) from stock_level where day between {first} and {last}) and {here}"

WAIT_OF = (
    "case when a.slot_starts_at is not null and a.slot_starts_at > w.arrived_at "
    "then case when w.work_started_at > a.slot_starts_at then {minutes:a.slot_starts_at:w.work_started_at} else 0 end "
    "else {minutes:w.arrived_at:w.work_started_at} end"
)
WAITS = f"select {WAIT_OF} as size {WAITED}"
STAYS = f"select {{minutes:arrived_at:delivered_at}} / 60.0 as size {SAME_DAY}"


def _leg(facts: str, **columns: str) -> str:
    names = ("a", "w", "p", "q", "n", "h", "c", "s")
    listed = ", ".join(f"{columns.get(name, '0')} as {name}" for name in names)
    return f"select store_id, day, {listed} from {facts} and day between {{first}} and {{last}} and {{here}}"


SESSION = "bay_session where ended_at is not null and state = "
DAYS = (
    "select store_id, day, sum(a) as aa, sum(w) as ww, sum(p) as pp, sum(q) as qq, sum(n) as nn, sum(h) as hh, "
    "sum(c) as cc, sum(s) as ss from ("
    + " union all ".join(
        (
            _leg("store_opening where is_open", a="bay_minutes"),
            _leg(f"{SESSION} 'work'", w="{minutes:started_at:ended_at}"),
            _leg(f"{SESSION} 'wait_parts'", p="{minutes:started_at:ended_at}"),
            _leg(f"{SESSION} 'wait_approval'", q="{minutes:started_at:ended_at}"),
            _leg("appointment where status = 'no_show'", n="planned_hours * 60"),
            _leg("attendance where scheduled_hours > 0", h="attended_hours * 60", s="1"),
            _leg("labour_line where 1 = 1", c="clock_hours * 60"),
        )
    )
    + ") legs group by store_id, day"
)
IDLE = "greatest(aa - ww - pp - qq, 0)"
MISSED = f"least({IDLE}, nn)"
NO_WORK = f"least({IDLE} - {MISSED}, case when ss > 0 then greatest(hh - cc, 0) else aa end)"
AVAILABLE = f"select sum(aa) from ({DAYS}) d"


def _lost(of: str) -> Truth:
    return Truth(f"select sum({of}) from ({DAYS}) d", AVAILABLE, rolling=7)


NEWEST = "(select max(day) from stock_level where day between {first} and {last})"
PARTS_ON_SHELVES = (
    f"from stock_level l join part p on p.part_no = l.part_no where l.day = {NEWEST} and {{here}}"
)
RESTING = (
    "and l.quantity > 0 and not p.seasonal and p.introduced_on <= l.day - interval '182 day' "
    "and (last_issued_on is null or last_issued_on < l.day - interval '{days} day') "
    "and (last_received_on is null or last_received_on < l.day - interval '{days} day')"
)
ASKED_A_DAY = (
    "select sum(r.quantity * p.unit_cost) / (select count(distinct day) from store_opening where day <= {newest} "
    "and day > {newest} - interval '91 day' and day >= (select min(day) from part_request)) from part_request r "
    "join part p on p.part_no = r.part_no where r.day <= {newest} and r.day > {newest} - interval '91 day' and {here} "
    "and r.store_id in (select store_id from stock_level where day = {newest})"
).replace("{newest}", NEWEST)
AT_RISK = (
    "select count(*) from stock_level l join part p on p.part_no = l.part_no join (select r.store_id as place, "
    "coalesce(q.superseded_by, q.part_no) as asked, sum(r.quantity) as pieces from part_request r join part q "
    "on q.part_no = r.part_no where r.day between {sunday} - interval '90 day' and {sunday} "
    "group by r.store_id, coalesce(q.superseded_by, q.part_no)) x on x.place = l.store_id and x.asked = l.part_no "
    "join (select k.part_no as known, count(distinct o.day) as days from store_opening o join part k on 1 = 1 "
    "where o.day between {sunday} - interval '90 day' and {sunday} and o.day >= date_trunc('week', k.introduced_on) "
    "and o.day >= (select date_trunc('week', min(day)) from part_request) group by k.part_no) d on d.known = l.part_no "
    f"where l.day = {NEWEST} and {{l.here}} and p.criticality = 'stops_car' and p.superseded_by is null "
    "and l.quantity + l.on_order < p.lead_time_days * x.pieces / d.days"
)
LOW = f"{ANSWERED} and kind = '2h' and satisfaction <= 2"
WITH_PARTS = f"{DELIVERED} and parts_amount > 0"

TRUTHS: dict[str, Truth] = {
    "wait_median": Truth(f"select {{quantile:0.5:size}} from ({WAITS}) t", rolling=7, within=WAIT),
    "wait_p90": Truth(f"select {{quantile:0.9:size}} from ({WAITS}) t", rolling=7, within=WAIT),
    "cycle_median": Truth(f"select {{quantile:0.5:size}} from ({STAYS}) t", rolling=7, within=CYCLE),
    "cycle_p90": Truth(f"select {{quantile:0.9:size}} from ({STAYS}) t", rolling=7, within=CYCLE),
    "appointment_effect": Truth(
        f"select {{quantile:0.5:size}} from ({WAITS} and w.appointment_id is null) t",
        less=f"select {{quantile:0.5:size}} from ({WAITS} and w.appointment_id is not null) t",
        rolling=7,
        within=WAIT,
    ),
    "bay_loss_parts": _lost("pp"),
    "bay_loss_approval": _lost("qq"),
    "bay_loss_no_show": _lost(MISSED),
    "bay_loss_no_work": _lost(NO_WORK),
    "bay_loss_technician": _lost(f"{IDLE} - {MISSED} - {NO_WORK}"),
    "bay_overtime": _lost("greatest(ww + pp + qq - aa, 0)"),
    "no_show_rate": Truth(
        f"select count(*) {BOOKED} and status = 'no_show'", f"select count(*) {BOOKED}", rolling=28
    ),
    "channel_no_show": Truth(
        f"select count(*) {BOOKED} and status = 'no_show'", f"select count(*) {BOOKED}", rolling=28
    ),
    "bookings_standing": Truth(
        "select count(*) from appointment where day between {first} and {last} and {here} "
        "and status in ('booked', 'arrived')"
    ),
    "booked_share": Truth(
        "select sum(planned_hours * 60) from appointment where day between {first} and {last} and {here} "
        "and status in ('booked', 'arrived')",
        "select sum(bay_minutes) from store_opening where day between {first} and {last} and is_open and {here}",
    ),
    "referred_out_share": Truth(
        SENT, f"select ({SENT}) + (select count(*) {ARRIVED} and first_of_visit)", rolling=28
    ),
    "revenue": Truth(REVENUE),
    "cost": Truth(COST),
    "gross_margin": Truth(f"select ({REVENUE}) - ({COST})", REVENUE, rolling=28),
    "nps": Truth(
        "select 100.0 * (count(case when nps_score >= 9 then 1 end) - count(case when nps_score <= 6 then 1 end)) "
        f"{ANSWERED} and kind = '24h'",
        f"select count(nps_score) {ANSWERED} and kind = '24h'",
        rolling=28,
    ),
    "ftfr_30d": Truth(
        f"select ({HANDED_OVER_REPAIRS}) - ({RETURNS})", HANDED_OVER_REPAIRS, rolling=28, maturity=30
    ),
    "ftfr_48h": Truth(
        f"select ({HANDED_OVER_REPAIRS}) - ({RETURNS} and hours_after <= 48)",
        HANDED_OVER_REPAIRS,
        rolling=28,
        maturity=2,
    ),
    "avg_ro_value": Truth(REVENUE, f"select count(*) {SETTLED} and labour_amount is not null"),
    "vehicles": Truth(f"select count(*) {ARRIVED} and first_of_visit"),
    "wo_completeness": Truth(f"select count(*) {DELIVERED} and complete", f"select count(*) {DELIVERED}"),
    "csi": Truth(
        f"select sum(csi_score) {ANSWERED} and kind = '24h'",
        f"select count(csi_score) {ANSWERED} and kind = '24h'",
        rolling=28,
    ),
    "sat_rate": Truth(
        f"select count(*) {ANSWERED} and kind = '2h' and satisfaction >= 4",
        f"select count(satisfaction) {ANSWERED} and kind = '2h'",
        rolling=28,
    ),
    "complaint_rate": Truth(
        "select count(*) from complaint where day between {first} and {last} and {here}",
        f"select count(*) {DELIVERED}",
        rolling=28,
    ),
    "response_rate": Truth(
        f"select count(*) {ANSWERED} and kind = '24h'",
        "select count(*) from survey where day between {first} and {last} and {here} and kind = '24h'",
        rolling=28,
    ),
    "low_scores": Truth(f"select count(*) {ANSWERED} and kind = '2h' and satisfaction <= 2"),
    "complaint_tickets": Truth(
        "select count(*) from complaint where day between {first} and {last} and {here}"
    ),
    "bay_util": Truth(
        "select sum({minutes:started_at:ended_at}) from bay_session where state = 'work' and ended_at is not null "
        "and day between {first} and {last} and {here}",
        "select sum(bay_minutes) from store_opening where day between {first} and {last} and is_open and {here}",
        rolling=7,
    ),
    "bay_blocked": Truth(
        "select sum({minutes:started_at:ended_at}) from bay_session where state <> 'work' and ended_at is not null "
        "and day between {first} and {last} and {here}",
        "select sum(bay_minutes) from store_opening where day between {first} and {last} and is_open and {here}",
        rolling=7,
    ),
    "cycle_time_h": Truth(
        f"select sum({{minutes:arrived_at:delivered_at}} / 60.0) {SAME_DAY}",
        f"select count(*) {SAME_DAY}",
        rolling=7,
    ),
    "queue_wait_min": Truth(
        "select sum(case when a.slot_starts_at is not null and a.slot_starts_at > w.arrived_at "
        "then case when w.work_started_at > a.slot_starts_at then {minutes:a.slot_starts_at:w.work_started_at} else 0 end "
        f"else {{minutes:w.arrived_at:w.work_started_at}} end) {WAITED}",
        f"select count(*) {WAITED}",
        rolling=7,
    ),
    "on_time_delivery": Truth(
        f"select count(*) {DELIVERED} and delivered_at <= promised_at",
        f"select count(promised_at) {DELIVERED}",
        rolling=7,
    ),
    "tech_utilisation": Truth(
        f"select sum(clock_hours) {LABOUR}", f"select sum(attended_hours) {ATTENDED}", rolling=28
    ),
    "tech_efficiency": Truth(
        f"select sum(billed_hours) {LABOUR}", f"select sum(clock_hours) {LABOUR}", rolling=28
    ),
    "tech_proficiency": Truth(
        f"select sum(billed_hours) {LABOUR}", f"select sum(attended_hours) {ATTENDED}", rolling=28
    ),
    "output_per_store_day": Truth(REVENUE, OPEN_DAYS, rolling=7),
    "output_per_tech_day": Truth(REVENUE, f"select sum(attended_hours) / 8.0 {ATTENDED}", rolling=7),
    "vehicles_per_day": Truth(f"select count(*) {ARRIVED} and first_of_visit", OPEN_DAYS, rolling=7),
    "show_rate": Truth(
        f"select count(*) {BOOKED} and status = 'arrived'", f"select count(*) {BOOKED}", rolling=28
    ),
    "appointment_share": Truth(
        f"select count(*) {ARRIVED} and first_of_visit and appointment_id is not null",
        f"select count(*) {ARRIVED} and first_of_visit",
        rolling=7,
    ),
    "cross_store_share": Truth(
        f"select count(*) {ARRIVED} and first_of_visit and origin_store_id <> store_id",
        f"select count(*) {ARRIVED} and first_of_visit",
        rolling=28,
    ),
    "inventory_days": Truth(
        "select sum(stock_value) from stock_balance where day between {first} and {last} and {here}",
        "select sum(cost) from part_line where day between {first} and {last} and {here}",
        rolling=90,
    ),
    "fill_rate": Truth(f"select sum(lines_filled) {REQUESTED}", f"select sum(lines) {REQUESTED}", rolling=28),
    "stockout_rate": Truth(
        f"select sum(lines_emergency + lines_lost) {REQUESTED}", f"select sum(lines) {REQUESTED}", rolling=28
    ),
    "stock_value": Truth(f"select sum(value) {NEWEST_STOCK}", level=True),
    "dead_stock_share": Truth(
        f"select coalesce(sum(value), 0) {NEWEST_STOCK} "
        "and (last_issued_on is null or last_issued_on < day - interval '365 day') "
        "and (last_received_on is null or last_received_on < day - interval '365 day')",
        f"select sum(value) {NEWEST_STOCK}",
        level=True,
    ),
    "slow_stock_share": Truth(
        f"select coalesce(sum(value), 0) {PARTS_ON_SHELVES} {RESTING.format(days=182)} "
        "and (last_issued_on >= l.day - interval '365 day' or last_received_on >= l.day - interval '365 day')",
        f"select sum(value) {PARTS_ON_SHELVES}",
        level=True,
    ),
    "potential_stock_share": Truth(
        f"select coalesce(sum(value), 0) {PARTS_ON_SHELVES} {RESTING.format(days=121)} "
        "and (last_issued_on >= l.day - interval '182 day' or last_received_on >= l.day - interval '182 day')",
        f"select sum(value) {PARTS_ON_SHELVES}",
        level=True,
    ),
    "days_of_supply": Truth(
        f"select sum((quantity + on_order) * unit_cost) {PARTS_ON_SHELVES}", ASKED_A_DAY, level=True
    ),
    "parts_at_risk": Truth(AT_RISK, level=True),
    "ro_fill": Truth(
        f"select count(*) {WITH_PARTS} "
        "and work_order_id not in (select work_order_id from bay_session where state = 'wait_parts')",
        f"select count(*) {WITH_PARTS}",
        rolling=28,
    ),
    "low_score_followed_24h": Truth(
        f"select count(*) {LOW} and followed_up_at is not null and {{minutes:answered_at:followed_up_at}} <= 1440",
        f"select count(*) {LOW}",
        rolling=28,
        maturity=1,
    ),
    "low_score_no_ticket": Truth(
        f"select count(*) {LOW} "
        "and work_order_id not in (select work_order_id from complaint where work_order_id is not null)",
        f"select count(*) {LOW}",
        rolling=28,
        maturity=7,
    ),
    "utilisation_tech": Truth(
        f"select sum(clock_hours) {LABOUR} and technician_id is not null",
        f"select sum(attended_hours) {ATTENDED}",
        rolling=90,
    ),
    "rework_rate_tech": Truth(
        f"{RETURNS} and technician_id is not null",
        "select count(distinct l.work_order_id) from labour_line l join work_order w on w.work_order_id = l.work_order_id "
        "where w.fix_eligible and w.delivered_on between {first} and {last} and {w.here} and l.line_no = 1 "
        "and l.technician_id is not null",
        rolling=90,
        maturity=30,
    ),
    "efficiency_tech": Truth(
        f"select sum(billed_hours) {LABOUR} and technician_id is not null",
        f"select sum(clock_hours) {LABOUR} and technician_id is not null",
        rolling=90,
    ),
    "tech_rating": Truth(
        f"select sum(satisfaction) {ANSWERED} and kind = '2h' and technician_id is not null",
        f"select count(satisfaction) {ANSWERED} and kind = '2h' and technician_id is not null",
        rolling=90,
    ),
}
"""Metrics of store_hour and customer_day are checked by their own hand-typed truths (test_rollup*.py)."""
