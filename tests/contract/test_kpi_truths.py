"""Every metric on every engine equals hand-worked SQL on the facts, for the network, a region and a store."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import literal_column, select

from data_access.ask import Desk
from data_access.scope import Scope
from data_access.storage import open_storage
from kpi.catalog import METRICS
from kpi.question import Period, Question
from tests.contract.truths import TRUTHS, Truth

MINUTES = {
    "duckdb": "(epoch({1}) - epoch({0})) / 60.0",
    "postgresql": "extract(epoch from ({1} - {0})) / 60.0",
    "clickhouse": "dateDiff('second', {0}, {1}) / 60.0",
}
QUANTILE = {
    "duckdb": "quantile_cont({1}, {0})",
    "postgresql": "percentile_cont({0}) within group (order by {1})",
    "clickhouse": "quantileExactInclusive({0})({1})",
}
ROLLUP_ONLY = {
    "store_hour", "booked_hour", "customer_day", "forecast_test", "churn_test", "part_test", "part_replay",
}  # fmt: skip


class Analyst:
    """Asks the facts directly, with SQL written by hand."""

    def __init__(self, warehouse, engine, url):
        self._warehouse, self._engine = warehouse, engine
        views = open_storage(url).schema_of(warehouse.version().views) if engine != "duckdb" else ""
        self._schema = f"{views}." if views else ""

    def value(self, truth: Truth, period: Period, last_complete_day: date, where: str) -> float | None:
        last = (
            min(period.last, last_complete_day - timedelta(truth.maturity)) if truth.maturity else period.last
        )
        first = last - timedelta(max(period.days, truth.rolling) - 1)
        top = self._number(truth.top, first, last, where)
        if truth.less:
            less = self._number(truth.less, first, last, where)
            return None if top is None or less is None else top - less
        if truth.bottom is None:
            return top
        bottom = self._number(truth.bottom, first, last, where)
        return top / bottom if bottom else None

    def _number(self, sql, first, last, where):
        def minutes(found):
            return MINUTES[self._engine].format(found.group(1), found.group(2))

        sql = re.sub(r"\{minutes:([a-z_.]+):([a-z_.]+)\}", minutes, sql)
        quantile = QUANTILE[self._engine].format(r"\1", r"\2")
        sql = re.sub(r"\{quantile:([0-9.]+):([a-z_.]+)\}", quantile, sql)
        as_of = f"{self._warehouse.version().as_of:%Y-%m-%d %H:%M:%S}"
        sunday = last - timedelta((last.weekday() + 1) % 7)
        named = {"{first}": f"date '{first}'", "{last}": f"date '{last}'", "{as_of}": f"timestamp '{as_of}'"}
        named["{sunday}"] = f"date '{sunday}'"
        for name, text in named.items():
            sql = sql.replace(name, text)
        for name in ("w.", "l.", "origin_"):
            told = "{" + name.rstrip("_.") + ".here}"
            sql = sql.replace(told, re.sub(r"^(store_id|part_no) in", rf"{name}\1 in", where))
        sql = sql.replace("{here}", where)
        sql = re.sub(r"\b(from|join) ([a-z_]+)\b", rf"\1 {self._schema}\2", sql)
        found = self._warehouse.fetch(select(literal_column(f"({sql})").label("found")))["found"].iloc[0]
        return None if found is None or found != found else float(found)


@pytest.fixture(scope="module")
def desk(seeded_warehouse):
    return Desk(seeded_warehouse)


@pytest.fixture(scope="module")
def analyst(seeded_warehouse, engine_name, seeded_url):
    return Analyst(seeded_warehouse, engine_name, seeded_url)


@pytest.fixture(scope="module")
def places(desk):
    """The network, its largest region and that region's first store."""
    scope = Scope.everything()
    counted = desk.ask(Question(metrics=("vehicles",), period=_period(desk), split="region"), scope)[
        "vehicles"
    ]
    region = max(counted.by_member, key=lambda key: counted.by_member[key].now.value or 0)
    only = (("region", (region,)),)
    stores = desk.ask(Question(metrics=("vehicles",), period=_period(desk), split="store", only=only), scope)[
        "vehicles"
    ]
    store = min(stores.by_member)
    return {
        "network": ((), "store_id in (select store_id from store)"),
        "region": (only, f"store_id in (select store_id from store where region = '{region}')"),
        "store": ((("store", (store,)),), f"store_id in ('{store}')"),
    }


def _period(desk):
    return Period.ending(desk.last_complete_day, 14)


@pytest.mark.parametrize("place", ["network", "region", "store"])
@pytest.mark.parametrize("key", TRUTHS)
def test_a_metric_is_what_a_careful_analyst_would_get(desk, analyst, places, key, place):
    only, where = places[place]
    answer = desk.ask(Question(metrics=(key,), period=_period(desk), only=only), Scope.everything())[key]
    expected = analyst.value(TRUTHS[key], _period(desk), desk.last_complete_day, where)
    if place == "network":
        assert expected is not None
    assert answer.total.value == (
        None if expected is None else pytest.approx(expected, **_right(key, expected))
    )


@pytest.mark.parametrize(
    ("dimension", "keys"),
    [
        ("technician", ("rework_rate_tech", "efficiency_tech", "utilisation_tech", "tech_rating")),
        ("part", ("parts_at_risk",)),
    ],
)
def test_a_technicians_or_a_parts_number_is_what_a_careful_analyst_would_get(desk, analyst, dimension, keys):
    column = {"technician": "technician_id", "part": "part_no"}[dimension]
    period, everything = _period(desk), Scope.everything()
    split = desk.ask(Question(metrics=keys, period=period, split=dimension), everything)
    members = sorted(
        split[keys[0]].by_member, key=lambda key: -(split[keys[0]].by_member[key].now.value or 0)
    )
    for member in (members[0], members[-1]):
        for key in keys:
            where = f"{column} in ('{member}')"
            expected = analyst.value(TRUTHS[key], period, desk.last_complete_day, where)
            value = split[key].by_member[member].now.value
            assert value == (None if expected is None else pytest.approx(expected, rel=1e-6))


def _right(key, expected):
    """How near to the truth: all but equal, or for what is read from bins within the widest bin that is met."""
    truth = TRUTHS[key]
    if truth.within is None:
        return {"rel": 1e-6}
    # A gap is the difference of two readings, each below the red limit of half an hour.
    met = 30 if truth.less else expected
    return {"abs": truth.within.width_at(met) * (2 if truth.less else 1), "rel": 0}


def test_every_metric_has_its_truth():
    assert set(TRUTHS) == {key for key, metric in METRICS.items() if metric.source not in ROLLUP_ONLY}


@pytest.mark.parametrize("split", ["region", "province", "city", "store", "store_type"])
def test_the_children_of_a_split_add_up_to_the_parent(desk, split):
    keys = ("revenue", "cost", "gross_margin", "nps", "ftfr_30d", "csi", "bay_util")
    whole = desk.ask(Question(metrics=keys, period=_period(desk)), Scope.everything())
    parts = desk.ask(Question(metrics=keys, period=_period(desk), split=split), Scope.everything())
    for key in keys:
        assert len(parts[key].rows) > 1
        assert parts[key].total.value == pytest.approx(whole[key].total.value)
