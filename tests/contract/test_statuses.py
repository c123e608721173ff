"""The stored statuses of the micro network, worked out on paper, on every engine; who may see them; what moves them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from data_access.ask import Desk
from data_access.publish import Draft, Publisher
from data_access.schema import QUALITY_RESULT
from data_access.scope import Scope
from data_access.warehouse import Warehouse
from kpi.metric import Band, Limits
from kpi.organisation import OrgUnit
from kpi.state import Reason, Side, Status
from kpi.stored import StoredStatus
from kpi.usual import UsualDays
from tests.conftest import ENGINES, NewWarehouse, ReadAs
from tests.contract.micro_network import AS_OF, arrow, fill_base, fill_recent

EVERYTHING = Scope.everything()


def of(desk: Desk, metric: str, kind: str, unit: str = "", scope: Scope = EVERYTHING) -> StoredStatus:
    return desk.statuses((metric,), (kind,), (), scope)[metric, kind, unit]


def test_bay_utilisation_of_june(micro: Warehouse) -> None:
    """Band 68-85 %, red below 52 %. S1 worked 155 of 1,080 minutes in the week of 1 June and none of 1,080 in that of 22
    June; S2 worked 60 minutes on a closed 10 June and none of 540 on 22 June. The first week makes it amber. Red needs two
    weeks of the last three: in those of 8, 15 and 22 June only the last one was open."""
    desk = Desk(micro)
    network = of(desk, "bay_util", "network")
    assert (network.status, network.reason, network.side) == (Status.WARNING, Reason.PERHAPS, Side.LOW)
    assert (network.since, network.day) == (date(2026, 6, 7), date(2026, 6, 28))
    assert (network.previous, network.times) == (Status.UNKNOWN, 1)
    assert network.value == pytest.approx(60 / 1620)
    assert (network.n, network.probability, network.low) == (2, None, None)
    assert network.limits == Band(good=(0.68, 0.85), critical=(0.52, 0.90))
    assert network.days(date(2026, 6, 30)) == 24  # 7 June to 30 June
    store = of(desk, "bay_util", "store", "S1")
    assert (store.status, store.value, store.n) == (Status.WARNING, 0, 1)


def test_a_level_that_no_week_has_seen_is_not_stored(micro: Warehouse) -> None:
    found = Desk(micro).statuses(("nps", "bay_util"), ("network", "store"), (), EVERYTHING)
    assert {metric for metric, _, _ in found} == {"bay_util"}  # three answers in June, and a status needs 75


def test_statuses_are_narrowed_by_unit_and_by_scope(micro: Warehouse) -> None:
    desk = Desk(micro)
    north = (("region", ("north",)),)
    found = desk.statuses(("bay_util",), ("region", "store"), north, EVERYTHING)
    assert set(found) == {
        ("bay_util", "region", "north"),
        ("bay_util", "store", "S1"),
        ("bay_util", "store", "S2"),
    }
    kinds = ("network", "region", "province", "city", "store")
    region = desk.statuses(("bay_util",), kinds, (), Scope.of_regions("north"))
    assert {kind for _, kind, _ in region} == {"region", "province", "city", "store"}
    store = desk.statuses(("bay_util",), kinds, (), Scope.of_stores("S2"))
    assert set(store) == {("bay_util", "store", "S2")}
    assert desk.statuses(("bay_util",), kinds, (), Scope()) == {}


def rows(url: str) -> list[tuple[object, ...]]:
    warehouse = Warehouse(url, seconds=30)
    try:
        found = Desk(warehouse).statuses(tuple(METRICS), KINDS, (), EVERYTHING)
        return sorted((*key, repr(status)) for key, status in found.items())
    finally:
        warehouse.close()


METRICS = ("bay_util", "revenue", "gross_margin", "on_time_delivery", "dead_stock_share", "efficiency_tech")
KINDS = ("network", "region", "province", "city", "store", "technician")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_recent_part_moves_no_status_and_a_new_base_tells_the_same_course(
    engine: str, new_warehouse: NewWarehouse
) -> None:
    url = new_warehouse(engine)
    publisher = Publisher(url)
    publisher.publish(AS_OF, fill_base, fill_recent)
    first = rows(url)
    assert len(first) > 10
    publisher.publish(AS_OF + timedelta(minutes=5), None, fill_recent)
    assert rows(url) == first
    publisher.publish(AS_OF, fill_base, fill_recent)
    assert rows(url) == first


@dataclass(frozen=True)
class Set:
    """A target that somebody has set."""

    metric: str
    unit: OrgUnit
    valid_from: date
    limits: Limits | Band | None


def test_a_target_that_people_set_judges_from_its_day_on(new_warehouse: NewWarehouse) -> None:
    """From 22 June on, S1 is asked for no more than 0-10 %: the week of 22 June (0 %) is on target by the new limits, but
    one good week is no recovery: it stays amber, recovering. S2 and the network keep the declared band."""
    url = new_warehouse("duckdb")
    asked = Set("bay_util", OrgUnit("store", "S1"), date(2026, 6, 22), Band((0.0, 0.10), (0.0, 0.20)))
    Publisher(url, overrides=lambda: [asked]).publish(AS_OF, fill_base, fill_recent)
    warehouse = Warehouse(url, seconds=30)
    desk = Desk(warehouse)
    first = of(desk, "bay_util", "store", "S1")
    assert (first.status, first.reason) == (Status.WARNING, Reason.RECOVERING)
    assert first.since == date(2026, 6, 7)  # history is not rewritten
    assert first.limits == asked.limits and asked.limits.since == date(2000, 1, 1)
    assert of(desk, "bay_util", "store", "S2").limits == Band((0.68, 0.85), (0.52, 0.90))
    assert of(desk, "bay_util", "network").reason is Reason.PERHAPS
    # A rehearsal without the target tells what would be, and publishes nothing.
    rehearsed = Publisher(url).rehearse().to_pylist()
    [told] = [row for row in rehearsed if (row["metric"], row["unit"]) == ("bay_util", "S1")]
    assert (told["good"], told["good_high"], told["reason"]) == (0.68, 0.85, "perhaps")
    assert of(desk, "bay_util", "store", "S1").limits == asked.limits
    warehouse.close()


def test_the_days_of_a_unit_are_open_or_shut_and_their_calendar_never_ends(micro: Warehouse) -> None:
    """S1 is shut on 2 June and told of no 3 June; S2 is open on both days it told of. 19 June 2026 is the Dragon Boat
    Festival, and 30 days of history are too few for a shape."""
    desk = Desk(micro)

    def days(unit: OrgUnit, scope: Scope) -> UsualDays:
        return desk.usual(("revenue", "vehicles"), unit, unit.only, scope)

    store = days(OrgUnit("store", "S1"), Scope.everything())
    assert [store.is_open(date(2026, 6, day)) for day in (1, 2, 3)] == [True, False, True]
    both = days(OrgUnit(), Scope.everything())
    assert [both.open_stores[(date(2026, 6, day) - both.first).days] for day in (1, 2, 22)] == [2, 0, 2]
    assert (both.name(date(2026, 6, 19)), both.is_rest(date(2026, 6, 19))) == ("Dragon Boat Festival", True)
    assert store.shapes == {} and store.weight("revenue", date(2026, 6, 1)) == 1
    assert [both.is_assumed(date(2026, 8, 31)), both.is_assumed(date(2026, 6, 1))] == [False, False]
    narrow = days(OrgUnit("store", "S1"), Scope.of_stores("S2"))
    assert set(narrow.open_stores) == {1.0}  # nothing of another's store, and nothing breaks


def test_a_store_whose_data_are_in_doubt_is_grey_on_its_board_and_says_why(
    new_warehouse: NewWarehouse, read_as: ReadAs
) -> None:
    """A third of the rows of S1 failed their checks in the week of 22 June; S2 had none checked."""
    found = {"check_key": "vin_valid", "table_name": "vehicle", "store_id": "S1", "day": date(2026, 6, 22)}

    def fill(draft: Draft) -> None:
        fill_base(draft)
        draft.write(QUALITY_RESULT, arrow(QUALITY_RESULT, [{**found, "rows_checked": 30, "rows_failed": 10}]))

    url = new_warehouse("duckdb")
    Publisher(url).publish(AS_OF, fill, fill_recent)
    reader = read_as(url, AS_OF)
    pages = [reader.get(f"/stations?unit=store:{store}").text for store in ("S1", "S2")]
    shown = [re.search(r'data-kpi="bay_util"[^>]*?data-status="(\w+)"', page) for page in pages]
    assert [each and each[1] for each in shown] == ["unknown", "warning"]
    assert ["数据存疑" in page for page in pages] == [True, False]
