"""The tables of predictions: what `flask predict` foresees, and how it did when it was tried on the past.

They follow the conventions of data_access/schema.py, and lie in a part of a version that holds nothing else.
"""

from __future__ import annotations

from data_access.columns import _count, _day, _flag, _id, _number, _table, _text

FORECAST_DAY = _table(
    "forecast_day",
    """What is to be expected of a day: of a store, a region and the network. Stores sum to regions, regions to the
    network, to the cent; limits do not add. One row a unit, series and day of the next 30.""",
    _text("kind", "network | region | store"),
    _id("member", comment="key of the region or store; empty for the network"),
    _text("series", "visits | bookings | revenue (CNY) | bay_hours"),
    _day("day"),
    _number("mean"),
    _number("low_95"),
    _number("low_80"),
    _number("high_80"),
    _number("high_95"),
    _text("model", "key of the model that was chosen for the level"),
)

FORECAST_CHOICE = _table(
    "forecast_choice",
    "How each model did on a level when it foretold 30 days from points in the past. One row a level, series and model.",
    _text("kind", "network | region | store; of parts: all | smooth | erratic | intermittent | lumpy"),
    _text("series", "as in forecast_day, or parts (four weeks of every part at every store)"),
    _text("model"),
    _flag("chosen"),
    _count("origins", "points in the past"),
    _number("wape", "sum of absolute errors over sum of actuals"),
    _number("festival_wape", "the same in the six weeks around Spring Festival; NULL without one", null=True),
    _number("bias", "sum of errors over sum of actuals; positive is too much"),
    _number("inside_80", "share of days inside the 80 % interval; of the chosen model only", null=True),
    _number("inside_95", null=True),
)

FORECAST_TEST = _table(
    "forecast_test",
    """How the chosen model did on a store's days when it foretold them from a point in the past: additive parts.
    One row a store, series and point; `day` is the first day foretold.""",
    _id("store_id"),
    _day("day"),
    _text("series"),
    _count("days", "days foretold on which the store was open"),
    _number("actual", "sum of what happened"),
    _number("error", "sum of forecast minus actual"),
    _number("absolute_error"),
    _number("naive_error", "absolute error of the seasonal naive: the same weekday of the last week"),
    _number(
        "scale", "days x mean absolute seasonal-naive step of the history: MASE is absolute_error over this"
    ),
    _count("inside_80", "days inside the 80 % interval"),
    _count("inside_95"),
)

CUSTOMER_RISK = _table(
    "customer_risk",
    """The chance that a customer stays away: no visit until some days after due (or after today, when past due already);
    `churn_test` says how many. One row a vehicle that is due within 60 days, or past due by less than 180.""",
    _id("vehicle_id"),
    _id("customer_id"),
    _id("store_id", comment="home store"),
    _day("day", "the last complete day"),
    _number("chance", "0 … 1, calibrated"),
    _text(
        "band", "red (the top 15 % of the network) | amber (the next 15 %) | blue (due within 30 days) | none"
    ),
    _count("days_overdue", "negative while not due"),
    _day("last_visit_on"),
    _text("vehicle_model", null=True),
    _number(
        "value",
        "CNY of a year that may be lost: half of what the vehicle brought in 24 months, never below 0",
    ),
    _flag(
        "to_call",
        "of the customer's vehicles the one to call about (worst band, then most value at risk); only with consent and "
        "outside the control group",
    ),
    _text("reason_1", "what speaks most for staying away, by its weight in the model", null=True),
    _text("reason_2", null=True),
    _text("reason_3", null=True),
    _text("model"),
)

CHURN_TEST = _table(
    "churn_test",
    """How the churn score did when it was tried on a day in the past, on customers it had not learnt from: additive
    parts. One row a store; `day` is the day scored.""",
    _id("store_id"),
    _day("day"),
    _count("grace_days", "days past due after which who has not come stayed away"),
    _count("customers"),
    _count("away", "of these stayed away"),
    _number("chance", "sum of the scores"),
    _number("square_error", "sum of (score - stayed away) squared"),
    _number("base_square_error", "the same when everybody gets the network's share"),
    _number("concordant", "pairs of one who stayed and one who came, ranked rightly; ties count half"),
    _number("rule_concordant", "the same when ranked by days past due"),
    _count("pairs"),
    _count("called", "among the network's top 15 % by score"),
    _count("called_away"),
    _count("rule_called_away", "who stayed away among the network's top 15 % by days past due"),
    _number(
        "called_expected", "called x the network's share that stayed away: lift is called_away over this"
    ),
    _number(
        "slope_gain", "with slope_information the calibration slope: 1 where a chance means what it says"
    ),
    _number("slope_information"),
)

PART_ADVICE = _table(
    "part_advice",
    """What to do about a part at a store: what to bring from a store in reach, what to buy, and the chance to run out.
    One row a store and part worth acting on: something is to be moved or bought, or the chance is 20 % or more.""",
    _id("store_id"),
    _id("part_no"),
    _day("day", "the last complete day"),
    _text("demand_class", "smooth | erratic | intermittent | lumpy"),
    _text("abc", "A | B | C by cost of the year's demand within the store"),
    _number("weekly", "pieces expected to be asked for in a week"),
    _number("chance", "0 … 1: more is asked for than is there before an order of today arrives"),
    _number("target", "0 … 1: the chance to have enough that the level is set for"),
    _number("level", "pieces up to which on hand and on order are to be filled"),
    _number("quantity", "pieces on hand"),
    _number("on_order", "pieces"),
    _number("moved", "pieces to bring from `giver_id`"),
    _id("giver_id", null=True, comment="the store that can spare them; NULL when none"),
    _number("km", "as the crow flies; NULL when not known", null=True),
    _number("bought", "pieces to buy, in whole packs"),
)

PART_TEST = _table(
    "part_test",
    """How demand for parts was foretold for four weeks from a point in the past: additive parts over the parts of a
    store. One row a store and point; `day` is the first day foretold.""",
    _id("store_id"),
    _day("day"),
    _count("series", "parts foretold"),
    _number("actual", "pieces"),
    _number("error", "sum of forecast minus actual"),
    _number("absolute_error"),
    _number("naive_error", "absolute error of the four weeks before, again"),
    _count("inside_80", "parts inside their 80 % range"),
    _number("promised_80", "… that should be: pieces are whole, so ranges hold more than 80 %"),
)

PART_REPLAY = _table(
    "part_replay",
    """What following the advice through the last weeks would have led to, beside what was done: additive parts over the
    parts of a store whose demand is known. One row a store; `day` is the first day.""",
    _id("store_id"),
    _day("day"),
    _count("days"),
    _number("lines", "request lines"),
    _number("lines_served", "… that the advice's shelves would have served, by the pieces of each part"),
    _number("done_lines", "… that were filled"),
    _number("stock_value", "CNY x weeks at cost, ends of weeks, following the advice"),
    _number("done_stock_value", "CNY x weeks at cost, as it was"),
    _number("asked_cost", "CNY at cost of what was asked for"),
)

PREDICTIONS = (
    FORECAST_DAY, FORECAST_CHOICE, FORECAST_TEST, CUSTOMER_RISK, CHURN_TEST, PART_ADVICE, PART_TEST, PART_REPLAY,
)  # fmt: skip
