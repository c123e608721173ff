"""The tables of predictions: what `flask predict` foresees, and how it did when it was tried on the past.

They follow the conventions of data_access/schema.py, and lie in a part of a version that holds nothing else.
"""

from __future__ import annotations

from data_access.schema import _count, _day, _flag, _id, _number, _table, _text

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
    _text("kind", "network | region | store"),
    _text("series"),
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

PREDICTIONS = (FORECAST_DAY, FORECAST_CHOICE, FORECAST_TEST)
