"""What is to be expected of the coming days, beside how well the like was foretold before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import erf, sqrt

from kpi.metric import Unit
from kpi.text import Text

Z80 = 1.2816
MODELS = {
    "seasonal_naive": Text("last week again", "上周同日"),
    "weekday_mean": Text("mean of the weekday", "同星期均值"),
    "profile_mean": Text("calendar profile, eight-week level", "日历画像 + 八周水平"),
    "profile_ets": Text("calendar profile, ETS level", "日历画像 + ETS水平"),
    "profile_trend": Text("calendar profile, damped trend", "日历画像 + 阻尼趋势"),
    "ets_weekly": Text("weekly ETS", "周度ETS"),
    "theta": Text("Theta", "Theta"),
}

PARTS, ALL_CLASSES = "parts", "all"
PARTS_METHODS = {
    "mean": Text("mean", "均值"),
    "moving_average": Text("26-week mean", "26周均值"),
    "ses": Text("SES", "SES"),
    "sba": Text("SBA", "SBA"),
    "tsb": Text("TSB", "TSB"),
    "adida": Text("ADIDA", "ADIDA"),
    "imapa": Text("IMAPA", "IMAPA"),
}

SCORES = {"hazard_logit": Text("a hazard model of the next visit", "下次到店的风险率模型")}


@dataclass(frozen=True)
class Series:
    """A thing that is foretold day by day."""

    key: str
    name: Text
    unit: Unit


SERIES = {
    series.key: series
    for series in (
        Series("visits", Text("Vehicle visits", "进厂台次"), Unit.COUNT),
        Series("revenue", Text("Revenue", "收入"), Unit.MONEY),
        Series("bookings", Text("Bookings", "预约"), Unit.COUNT),
        Series("bay_hours", Text("Bay hours worked", "工位工时"), Unit.HOURS),
    )
}


@dataclass(frozen=True)
class Foretold:
    """One day, with the range in which it lies four times out of five."""

    day: date
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Trust:
    """How a model did when it foretold 30 days from points in the past, on days it had not seen."""

    model: str
    origins: int
    error: float
    """WAPE"""
    naive_error: float
    """WAPE of repeating the same weekday of the last week"""
    held: float | None
    """share of days inside the 80 % range"""


@dataclass(frozen=True)
class PartsTrust:
    """How the demand for parts of four weeks was foretold from points in the past, at every store."""

    methods: Mapping[str, tuple[str, ...]]
    """by class of demand"""
    origins: int
    error: float
    """WAPE"""
    naive_error: float
    """WAPE of the four weeks before, again"""
    held: float
    """share of parts inside the 80 % range; pieces are whole, so it holds more than 80 % when it is right"""


@dataclass(frozen=True)
class ScoreTrust:
    """How the churn score did on one day in the past, on the network's customers that it had not learnt from."""

    model: str
    day: date
    grace_days: int
    """days past due after which who has not come stayed away"""
    customers: int
    auc: float
    """the share of pairs within a store that it ranked rightly"""
    rule_auc: float
    """the same by days past due"""
    lift: float
    """how many times more often its top 15 % stayed away than everybody"""
    rule_lift: float
    expected: float
    """the share that it expected to stay away"""
    away: float
    """… that did"""


@dataclass(frozen=True)
class Outlook:
    """The days foretold of one unit and series."""

    series: Series
    days: tuple[Foretold, ...]
    trust: Trust

    def within(self, first: date, last: date) -> tuple[Foretold, ...]:
        return tuple(each for each in self.days if first <= each.day <= last)


@dataclass(frozen=True)
class MonthEnd:
    """Where a month ends: what is made already, and what is foretold of the rest. `plan` is that of the whole month."""

    last: date
    made: float
    expected: float
    low: float
    high: float
    plan: float | None

    @property
    def miss(self) -> float | None:
        """The chance to end below the plan; the range may reach further to one side than to the other."""
        if not self.plan:
            return None
        spread = (self.high - self.expected if self.plan > self.expected else self.expected - self.low) / Z80
        if spread <= 0:
            return float(self.expected < self.plan)
        return 0.5 * (1 + erf((self.plan - self.expected) / spread / sqrt(2)))


def last_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(1)


def month_end(outlook: Outlook, made: float, today: date, plan: float | None) -> MonthEnd | None:
    """`made` until yesterday, `outlook` from today on. None where the days to the month's end are not all foretold.

    The ranges are added as they are: what is off on one day is likely off on all, so the month's range errs on the wide
    side.
    """
    last = last_of_month(today)
    rest = outlook.within(today, last)
    if len(rest) != (last - today).days + 1:
        return None
    mean, low, high = (made + sum(getattr(day, name) for day in rest) for name in ("mean", "low", "high"))
    return MonthEnd(last, made, mean, low, high, plan)
