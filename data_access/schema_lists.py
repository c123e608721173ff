"""Rollups that boards list from: each part at each store, what to move, whom to call. Part of data_access/schema.py.

Levels of the last complete day (stock_day: of every week), built in the base part alone.
"""

from __future__ import annotations

from data_access.columns import _count, _day, _id, _number, _table, _text

STOCK_DAY = _table(
    "stock_day",
    """Stock of a store at the end of a week (and on the last complete day), by how long it has lain. One row a store and
    day. A part's age is the time since its last issue or own receipt, whichever is later; never either is older than all.""",
    _id("store_id"),
    _day("day"),
    _number("value", "CNY at cost"),
    _number("potential_value", "CNY idle for 4 to 6 months; seasonal and new parts left out"),
    _number("slow_value", "CNY idle for 6 to 12 months; seasonal and new parts left out"),
    _number("dead_value", "CNY idle for more than 12 months, seasonal parts too: they have missed a season"),
    _number("supply_value", "CNY at cost, on hand and on order"),
    _number("demand_value", "CNY a day: cost of the pieces asked for, mean of the last 91 days"),
)

PART_STATE = _table(
    "part_state",
    """What is known of a part at a store on the newest day with stock levels. One row a store and part. Demand counts
    what was asked for, lost and hurried requests too, in whole weeks; a superseded part's counts for its successor.""",
    _id("store_id"),
    _id("part_no"),
    _day("day"),
    _number("quantity", "pieces on hand"),
    _number("value", "CNY at cost"),
    _number("on_order", "pieces"),
    _day("last_issued_on", null=True),
    _day("last_received_on", "own receipts; a transfer does not reset it", null=True),
    _text("age", "moving | potential | slow | dead | none (nothing on hand); limits as in stock_day"),
    _number(
        "daily", "pieces a day: last 13 weeks, for a seasonal part the coming 13 weeks of last year if more"
    ),
    _number("demand_52w", "pieces"),
    _number("demand_13w", "pieces"),
    _number("interval_weeks", "ADI: weeks between weeks with demand, of the last 52", null=True),
    _number("variation", "CV2 of the weeks with demand", null=True),
    _text("demand_class", "smooth | erratic | intermittent | lumpy | none (no demand in 52 weeks)"),
    _text("abc", "A | B | C by cost of the year's demand within the store, 80 and 95 %; N without demand"),
    _number("cover_days", "on hand and on order over daily demand; NULL without demand", null=True),
    _number("short", "pieces that on hand and on order lack for the lead time; 0 when enough or superseded"),
    _number("spare", "whole pieces beyond 90 days of demand"),
    _count("stops_car", "1 when the lack of the part stops a car"),
)

TRANSFER = _table(
    "transfer",
    """A part that a store lacks and a store within next-day reach (same city or 100 km) can spare. One row a short store
    and part; a piece is offered once. The part's age goes with it.""",
    _id("store_id", comment="the store that lacks the part"),
    _id("part_no"),
    _day("day"),
    _id("giver_id", comment="the store that can spare it"),
    _number("km", "as the crow flies; NULL when a position is not known", null=True),
    _number("short", "whole pieces lacking"),
    _number("spare", "whole pieces to spare there"),
    _number("moved", "whole pieces to move"),
    _day("idle_since", "last issue or receipt there: the age clock that goes along", null=True),
)

CALL_CANDIDATE = _table(
    "call_candidate",
    """Whom a campaign might call: customers with a vehicle 30 days or more past due and nothing booked, consenting and
    outside the control share on the last complete day. One row a customer, of the vehicle with most value at risk.""",
    _id("customer_id"),
    _id("vehicle_id"),
    _id("store_id", comment="home store"),
    _day("day", "the last complete day"),
    _text("model", null=True),
    _count("days_overdue"),
    _day("last_visit_on"),
    _number("revenue_24m", "CNY"),
    _number("risk", "0 … 100: days overdue, 180 and more being 100"),
    _number("at_stake", "CNY: risk x revenue of 24 months"),
    _text("reason_1", "overdue"),
    _text("reason_2", "low_score | complaint | comeback | waited | warranty | valuable | rare"),
)
