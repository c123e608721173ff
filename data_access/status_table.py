"""The table of statuses: a rollup like those of data_access/schema.py, filled by data_access/statuses from all the others."""

from __future__ import annotations

from data_access.columns import _count, _day, _flag, _id, _number, _table, _text

STATUS = _table(
    "status",
    """What the status machine says of a metric at a unit, from the complete weeks of the base part (kpi/judging.py). One
    row a metric and unit that was ever evaluated; '' where a unit is not inside one region, province, city or store.""",
    _text("metric", "key of the catalogue"),
    _text("kind", "network | region | province | city | store | technician"),
    _id("unit", comment="'' for the network"),
    _id("region"),
    _id("province"),
    _id("city"),
    _id("store_id"),
    _text("grain", "the periods judged: week | four_weeks"),
    _day("day", "last day of the last period judged"),
    _text("state", "good | warning | critical | unknown"),
    _text("reason", "kpi.state.Reason"),
    _day("since", "first known to be so", null=True),
    _text("previous", "the state before"),
    _count("times", "the how manieth time this quarter; 0 for a good one"),
    _text("side", "low | high | '' : of the target, on which the value lies"),
    _number("value", "of the last periods together", null=True),
    _count("n", "cases in them"),
    _number("low", "95 % interval of the value; NULL for a census", null=True),
    _number("high", null=True),
    _number("probability", "P(truly worse than the target); NULL for a census", null=True),
    _count("variation", "kpi.variation.Variation"),
    _count("assurance", "kpi.variation.Assurance"),
    _flag("guard_red", "the metric that guards this one is red here"),
    _day("limits_since", "version of the limits in force"),
    _number("good", "limits in force; the lower ones of a band"),
    _number("critical"),
    _number("good_high", "the upper ones of a band; NULL without", null=True),
    _number("critical_high", null=True),
    _number(
        "shrunken", "estimate drawn towards the mean of all; NULL for a unit that is not ranked", null=True
    ),
    _count("rank", "1 is the best of its kind", null=True),
    _count("rank_low", "90 % interval of the true rank", null=True),
    _count("rank_high", null=True),
    _count("ranked", "units of the kind that have a rank", null=True),
    _count("tier", "kpi.ranking.Tier, among the peers", null=True),
    _text("peers", "size, type and climate of the stores it is compared with; '' without"),
    _count("apart", "1 clearly better than all together, -1 clearly worse, 0 neither"),
    _count("moved", "1 gained rank for sure, -1 lost it, 0 neither"),
)
