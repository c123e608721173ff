"""The desk on the tiny demo network, on three engines: scopes, names, freshness, and lists that add up to numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data_access.ask import Desk
from data_access.compile import selects
from data_access.errors import NotMadeOfOrders
from data_access.lists import BUILDERS
from data_access.lists.bookings import BEHIND_BOOKINGS
from data_access.lists.orders import BEHIND, NOTHING
from data_access.scope import Scope
from kpi.catalog import LISTINGS, METRICS, SOURCES
from kpi.errors import UnknownName
from kpi.listing import ListQuestion
from kpi.metric import Spread, SpreadGap
from kpi.organisation import OrgUnit
from kpi.question import Grain, Period, Question
from kpi.stock_class import StockClass

EVERYTHING = Scope.everything()
MAY_BE_EMPTY = ("transfers", "low_scores", "coaching", "mentors", "risk_list", "stop_risk", "order_proposal")
"""A well-run fortnight leaves none; sixty days are too few to be certain of a technician; nothing was foretold yet."""


@pytest.fixture(scope="module")
def desk(seeded_warehouse):
    return Desk(seeded_warehouse)


@pytest.fixture(scope="module")
def period(desk):
    return Period.ending(desk.last_complete_day, 14)


class OfStoresAlone:
    """A warehouse whose sums by province are not to be read."""

    def __init__(self, warehouse):
        self.fetch, self.fingerprint = warehouse.fetch, warehouse.fingerprint
        self._version = replace(warehouse.version(), sums="")

    def version(self):
        return self._version


@pytest.mark.parametrize("source", [key for key, source in SOURCES.items() if source.by_province])
@pytest.mark.parametrize(
    ("split", "grain", "only", "scope"),
    [
        ("region", None, (), EVERYTHING),
        ("province", None, (("region", ("east",)),), EVERYTHING),
        (None, Grain.WEEK, (("region", ("east", "north")),), EVERYTHING),
        ("weekday", None, (), Scope.of_regions("east", "south")),
    ],
)
def test_sums_by_province_say_what_the_rows_of_stores_say(
    seeded_warehouse, source, split, grain, only, scope
):
    read = []

    def fetch(query, *others):
        read.append(str(query))
        return seeded_warehouse.fetch(query, *others)

    summed, of_stores = OfStoresAlone(seeded_warehouse), OfStoresAlone(seeded_warehouse)
    summed.version, summed.fetch, of_stores.fetch = seeded_warehouse.version, fetch, fetch
    last = Desk(seeded_warehouse).last_complete_day
    keys = tuple(key for key, one in METRICS.items() if one.source == source)
    question = Question(
        metrics=keys, period=Period.ending(last, 14), compare=Period.ending(last, 14).shifted(-14), split=split,
        grain=grain, only=only,
    )  # fmt: skip
    found, expected = Desk(summed).ask(question, scope), Desk(of_stores).ask(question, scope)
    assert len(read) == 2 and f"{source}_by_province" in read[0] and "JOIN" not in read[0]
    assert "_by_province" not in read[1]
    known = 0
    for key in keys:
        assert len(found[key].rows) == len(expected[key].rows) > 0
        for row, other in zip(found[key].rows, expected[key].rows, strict=True):
            assert (row.period, row.member) == (other.period, other.member)
            assert row.now.sums == pytest.approx(other.now.sums, nan_ok=True), (key, row.member)
            assert row.then.sums == pytest.approx(other.then.sums, nan_ok=True), (key, row.member)
            known += row.now.value is not None
    assert known > 0


@pytest.mark.parametrize(
    ("split", "only", "scope"),
    [
        ("store", (), EVERYTHING),
        ("city", (), EVERYTHING),
        (None, (("tier", ("small",)),), EVERYTHING),
        (None, (), Scope.of_stores("S001")),
    ],
)
def test_what_provinces_do_not_tell_is_read_from_stores(desk, period, split, only, scope):
    question = Question(metrics=("revenue",), period=period, split=split, only=only)
    (asked,) = selects(question, desk.last_complete_day, scope, summed=True)
    assert "by_province" not in str(asked.query)


OF_BINS = {key for key in BEHIND if isinstance(METRICS[key].formula, Spread | SpreadGap)}


@pytest.mark.parametrize("key", [key for key in BEHIND if key not in OF_BINS])
def test_the_orders_behind_a_number_add_up_to_it(desk, period, key):
    listed = desk.list(ListQuestion(listing="orders", period=period, metric=key, limit=50_000), EVERYTHING)
    total = desk.ask(Question(metrics=(key,), period=period), EVERYTHING)[key].total
    assert listed.rows
    assert sum(row["top"] or 0 for row in listed.rows) == pytest.approx(total.numerator)
    if (
        key not in ("revenue", "vehicles") and BEHIND[key].bottom is not NOTHING
    ):  # a sum has no denominator to add up to
        assert sum(row["bottom"] or 0 for row in listed.rows) == pytest.approx(total.denominator)
    assert len({row["work_order_id"] for row in listed.rows}) == len(listed.rows)


@pytest.mark.parametrize(
    "key",
    ["revenue", "bay_util", "tech_efficiency", "queue_wait_min", "nps", "show_rate", "bookings_standing"],
)
@pytest.mark.parametrize("limit", [30, 40_000])
def test_of_a_long_period_the_newest_rows_are_those_of_a_list_of_all(seeded_warehouse, desk, key, limit):
    """Many more than 30 arrived in its last days, and fewer than 40,000."""
    months = Period.ending(desk.last_complete_day, 60)
    asked = []

    def noting(key, look_up):
        asked.append(key)
        return look_up()

    listing = Desk.listing_behind(key)
    question = ListQuestion(listing=listing, period=months, metric=key, limit=limit)
    listed = Desk(seeded_warehouse, noting).list(question, EVERYTHING)
    every = desk.list(replace(question, limit=50_000), EVERYTHING).rows
    assert listed.rows == every[:limit]
    assert listed.complete == (limit > 30)
    assert len(asked) == (1 if limit == 30 else 2)


@pytest.mark.parametrize("key", sorted(OF_BINS))
def test_the_orders_behind_a_quantile_are_those_that_were_counted(desk, period, key):
    listed = desk.list(ListQuestion(listing="orders", period=period, metric=key, limit=50_000), EVERYTHING)
    assert len(listed.rows) == desk.ask(Question(metrics=(key,), period=period), EVERYTHING)[key].total.n


@pytest.mark.parametrize("key", [key for key in BEHIND_BOOKINGS if key != "bay_loss_no_show"])
def test_the_bookings_behind_a_number_add_up_to_it(desk, period, key):
    listed = desk.list(ListQuestion(listing="bookings", period=period, metric=key, limit=50_000), EVERYTHING)
    total = desk.ask(Question(metrics=(key,), period=period), EVERYTHING)[key].total
    assert sum(row["top"] or 0 for row in listed.rows) == pytest.approx(total.numerator)
    if key != "bookings_standing":  # a sum has no denominator to add up to
        assert sum(row["bottom"] or 0 for row in listed.rows) == pytest.approx(total.denominator)


@pytest.mark.parametrize("key", ["bookings_standing", "channel_no_show"])
def test_the_bookings_of_the_coming_days_add_up_as_well(desk, key):
    coming = Period.ending(desk.as_of.date() + timedelta(6), 7)
    listed = desk.list(ListQuestion(listing="bookings", period=coming, metric=key, limit=50_000), EVERYTHING)
    total = desk.ask(Question(metrics=(key,), period=coming), EVERYTHING)[key].total
    assert any(row["slot_starts_at"] > desk.as_of for row in listed.rows)
    assert sum(row["top"] for row in listed.rows) == total.numerator
    if key == "bookings_standing":  # what was cancelled is no booking
        assert all(row["top"] == 1 and row["bottom"] is None for row in listed.rows)
    else:
        assert sum(row["bottom"] for row in listed.rows) == total.denominator


def test_only_a_readers_own_technicians_are_found_ranked_among_all(desk, period):
    question = ListQuestion(listing="technicians", period=period)
    whole = desk.list(question, EVERYTHING).rows
    own = [row for row in whole if row["store_id"] == whole[-1]["store_id"]]
    mine = desk.list(question, Scope.of_stores(whole[-1]["store_id"]), most=2)
    said = [[(row["technician_id"], row["total"]) for row in rows] for rows in (mine.rows, own[:2])]
    assert said[0] == said[1] and mine.found == len(own) > 2


OF_ONE_ORDER = {key for key in BUILDERS if key == "order" or key.startswith("order_")}
"""They need to be told of which; tests/contract/test_one_order.py asks them."""


@pytest.mark.parametrize("key", sorted(BUILDERS.keys() - OF_ONE_ORDER - {"orders", "bookings"}))
def test_every_list_answers_and_keeps_to_its_scope(desk, period, key):
    whole = desk.list(ListQuestion(listing=key, period=period), EVERYTHING)
    assert whole.rows or key in MAY_BE_EMPTY
    stores = sorted({str(row.get("store_id", "S001")) for row in whole.rows})[:1] or ["S001"]
    mine = desk.list(ListQuestion(listing=key, period=period), Scope.of_stores(*stores))
    if "store_id" in {column.key for column in LISTINGS[key].columns}:
        assert {row["store_id"] for row in mine.rows} <= set(stores)
    assert not desk.list(ListQuestion(listing=key, period=period), Scope()).rows
    columns = {column.key for column in LISTINGS[key].columns}
    assert all(set(row) == columns for row in whole.rows)
    assert len({row[LISTINGS[key].id_column] for row in whole.rows}) == len(whole.rows)


@pytest.mark.parametrize("only", [(), (("region", ("east",)),)])
def test_the_parts_behind_a_class_of_stock_add_up_to_it(desk, period, only):
    cells = desk.list(ListQuestion(listing="part_classes", period=period, only=only), EVERYTHING).rows
    assert len(cells) > 3
    for cell in cells:
        chosen = StockClass(str(cell["abc"]), str(cell["demand_class"]))
        question = ListQuestion(listing="class_parts", period=period, only=only + chosen.only, limit=50_000)
        rows = desk.list(question, EVERYTHING).rows
        assert len(rows) == cell["positions"], chosen
        assert sum(row["value"] or 0 for row in rows) == pytest.approx(cell["stock_value"]), chosen
        assert {(row["abc"], row["demand_class"]) for row in rows} == {(chosen.abc, chosen.pattern)}


def test_a_list_cut_at_its_limit_says_so(desk, period):
    assert not desk.list(ListQuestion(listing="bays_now", period=period, limit=3), EVERYTHING).complete


def test_a_list_of_which_a_few_are_brought_along_tells_how_many_there_are(desk, period):
    question = ListQuestion(listing="stores_waiting", period=period)
    whole, few = desk.list(question, EVERYTHING), desk.list(question, EVERYTHING, most=2)
    assert len(whole.rows) > 2 and whole.found == len(whole.rows) == few.found
    assert few.rows == whole.rows[:2] and few.complete


def test_customers_are_masked(desk, period):
    for row in desk.list(ListQuestion(listing="call_list", period=period, limit=50), EVERYTHING).rows:
        assert "*" in str(row["customer"])
        assert "****" in str(row["phone"])


def test_a_scope_sees_its_own_and_nothing_else(desk, period):
    question = Question(metrics=("revenue",), period=period, split="region")
    whole = desk.ask(question, EVERYTHING)["revenue"].by_member
    mine = desk.ask(question, Scope.of_regions("east"))["revenue"].by_member
    assert set(mine) == {"east"}
    assert mine["east"].now.value == pytest.approx(whole["east"].now.value)
    assert desk.ask(Question(metrics=("revenue",), period=period), Scope())["revenue"].total.value is None
    with pytest.raises(UnknownName):
        desk.lineage(OrgUnit("region", "north"), Scope.of_regions("east"))


def test_the_way_down_is_named_from_the_network_to_the_store(desk):
    names = [unit.kind for unit, _ in desk.lineage(OrgUnit("store", "S001"), EVERYTHING)]
    assert names == ["network", "region", "province", "city", "store"]


def test_freshness_tells_who_is_late(desk):
    found = desk.freshness(EVERYTHING)
    assert found.stores > len(found.late) > 0
    assert found.completeness == pytest.approx(1 - len(found.late) / found.stores)
    assert all(feed.extracted_at is None or feed.extracted_at < found.as_of for feed in found.late)


def test_a_series_and_its_periods_add_up_to_the_whole(desk):
    weeks = Period.ending(desk.last_complete_day, 28)
    series = desk.ask(Question(metrics=("revenue", "csi"), period=weeks, grain=Grain.DAY), EVERYTHING)
    whole = desk.ask(Question(metrics=("revenue", "csi"), period=weeks), EVERYTHING)
    for key in ("revenue", "csi"):
        assert series[key].total.value == pytest.approx(whole[key].total.value)
        assert len(series[key].series) == 28


def test_a_level_has_one_value_a_week(desk):
    weeks = Period.ending(desk.last_complete_day, 28)
    answer = desk.ask(Question(metrics=("stock_value",), period=weeks, grain=Grain.WEEK), EVERYTHING)[
        "stock_value"
    ]
    newest = desk.ask(Question(metrics=("stock_value",), period=weeks), EVERYTHING)["stock_value"].total.value
    assert answer.series[-1][1].value == pytest.approx(newest)
    assert all(0.3 * newest < measured.value < 3 * newest for _, measured in answer.series)


def test_what_is_not_made_of_orders_says_so(desk, period):
    with pytest.raises(NotMadeOfOrders):
        desk.list(ListQuestion(listing="orders", period=period, metric="cost"), EVERYTHING)
    with pytest.raises(UnknownName):
        desk.list(ListQuestion(listing="odours", period=period), EVERYTHING)
