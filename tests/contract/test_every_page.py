"""Every page answers every address with a sentence and the right status: odd networks, hostile addresses, no browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import dash
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from data_access import schema as s
from data_access.publish import Draft, Publisher
from kpi import catalog
from tests.conftest import NewWarehouse, ReadAs
from tests.contract import micro_network
from tests.contract.micro_network import AS_OF, on, opening, order, store, write

LONG_ZH, LONG_EN = "超" * 60, "Untertürkheim & Söhne <b> " * 2 + "Stuttgart"


def one_odd_store(draft: Draft) -> None:
    """One store with names of 60 characters, in a place nobody named; it took back more than it sold and asked nobody."""
    one = store("S9", on("2020-01-01")) | {"name_zh": LONG_ZH, "name_en": LONG_EN}
    refund = order("W1", "S9", "06-20 09:00", work_started="06-20 09:10", work_ended="06-20 09:50", delivered="06-20 10:00",
                   settled="06-20 10:00", amounts=(-300.0, -200.0, -120.0))  # fmt: skip
    write(draft, {s.STORE: [one], s.STORE_OPENING: [opening("S9", "06-20", 1080.0)], s.WORK_ORDER: [refund]})


def nothing(draft: Draft) -> None:
    """A recent part without any event."""


NETWORKS = {
    "unpublished": None,
    "odd": (one_odd_store, nothing),
    "micro": (micro_network.fill_base, micro_network.fill_recent),
}
UNITS = {
    "odd": ("network", "region:north", "province:110000", "city:110100", "store:S9"),
    "micro": ("network", "region:north", "province:110000", "city:110100", "store:S1", "store:S2", "store:S3"),
}  # fmt: skip
NONSENSE = (
    "nonsense", "store:", "store:ghost", "store:S1' or '1'='1", "region:北方", "<script>alert(1)</script>",
    "../../etc/passwd", "\x00", "%", "😀" * 40, "2026-13", "2026-06-31..2026-07-01", "2026-07-01..2026-06-01", "0001-01",
    "x" * 3000, "-1", "None",
)  # fmt: skip
PARAMETERS = {
    "period": NONSENSE,
    "compare": NONSENSE,
    "unit": NONSENSE,
    "type": NONSENSE,
    "tier": NONSENSE[:6],
    "metric": NONSENSE[3:6],
    "key": NONSENSE[5:6],
}
"""What is tried for each; few for what most pages do not know, as they are then drawn whole."""


@pytest.fixture(scope="module")
def clients(new_warehouse: NewWarehouse, read_as: ReadAs) -> dict[str, FlaskClient]:
    """Someone reading each network, by its name."""
    made = {}
    for name, fills in NETWORKS.items():
        url = new_warehouse("duckdb")
        if fills is not None:
            Publisher(url).publish(AS_OF, *fills)
        made[name] = read_as(url, AS_OF)
    return made


PLACES = {"<store>": "S1", "<region>": "north"}


def paths(store_id: str = "S1") -> Iterator[str]:
    """Every registered page; one with a key in its address once for each metric, one of a place also without it."""
    for page in dash.page_registry.values():
        template = (page["path_template"] or page["path"]).replace("<who>", "T1").replace("<order>", "W1")
        if template != page["path"] and any(place in template for place in PLACES):
            yield page["path"]
            template = template.replace("<store>", store_id).replace("<region>", "north")
        yield from (
            [template.replace("<key>", key) for key in catalog.METRICS] if "<key>" in template else [template]
        )


def one_a_page() -> list[str]:
    return list({path.split("/")[1]: path for path in paths()}.values())


def told(client: FlaskClient, path: str, **query: str) -> tuple[int, str]:
    """The status, and what the page says first."""
    answer = client.get(path, query_string=query)
    page = answer.get_data(as_text=True)
    assert "Traceback" not in page and "目标 目标" not in page
    assert answer.status_code < 500 or answer.status_code == 503, f"{path} {query}"
    heading = re.search(r"<h1[^>]*>(.+?)</h1>", page, re.DOTALL)
    problem = re.search(r'class="panel problem".*?<p>(.+?)</p>', page, re.DOTALL)
    said = problem or heading
    assert said is not None, f"{path} {query} says nothing"
    assert (problem is not None) == (answer.status_code >= 400)
    return answer.status_code, unescape(re.sub(r"<[^>]+>", "", said[1]))


@pytest.mark.parametrize(("network", "language"), [("odd", "en"), ("micro", "zh-CN")])
def test_every_page_reads_at_every_step_of_the_drill_path(clients, network, language):
    client = clients[network]
    client.set_cookie("language", language)
    for path in paths(UNITS[network][-1].partition(":")[2]):
        for unit in UNITS[network][:1] if path.startswith(("/metric/", "/store/")) else UNITS[network]:
            status, said = told(client, path, unit=unit)
            known = network == "micro" or "T1" not in path  # the odd store has no technicians
            assert status == (200 if known else 404), f"{path} at {unit}: {said}"
            assert said.strip(), f"{path} at {unit}"
            assert re.search(r"\bnan\b|\bNone\b|\binf\b", said) is None, said


def test_months_without_anything_and_every_period_and_comparison_read(clients):
    for path in one_a_page():
        for query in ({"period": "2001-02"}, {"period": "ytd", "compare": "year"}, {"period": "1d"}):
            status, said = told(clients["odd"], path, **query)
            known = "S1" not in path and "T1" not in path  # the odd network has no such store or technician
            assert status == (200 if known else 404), f"{path} {query}: {said}"
            assert said.strip()


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_hostile_address_is_refused_in_a_sentence_that_names_it(clients, parameter):
    for path in one_a_page():
        for nonsense in PARAMETERS[parameter]:
            status, said = told(clients["micro"], path, **{parameter: nonsense})
            assert status in (200, 400, 404), f"{path}: {parameter}={nonsense[:40]!r}"
            assert len(said) < 400, "a long address is not repeated whole"
            if parameter == "unit" and path != "/glossary" and not path.startswith("/store/"):
                assert status in (400, 404), f"{path} took {nonsense[:40]!r} for a unit"


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_list_is_not_arranged_by_nonsense_and_finds_none_of_it(clients, nonsense):
    client = clients["micro"]
    for query in ({"rows": nonsense, "find": "W1"}, {"rows": "orders", "by": nonsense}):
        status, said = told(client, "/orders", **query)
        assert status == 404, query
        assert said.strip()
        assert len(said) < 400
        assert (
            client.get("/export/orders.csv", query_string={**query, "metric": "revenue"}).status_code == 404
        )
    status, _ = told(client, "/orders", rows="orders", find=nonsense)
    assert status == 200
    page = client.get("/orders", query_string={"rows": "orders", "find": nonsense}).get_data(as_text=True)
    assert ("没有符合条件的记录。" in page) == bool(nonsense.strip("\x00"))


def test_a_list_that_is_narrowed_changes_nothing_beside_it(clients):
    """The sum of the orders, the cars by age: these are of all rows; the file says once what was looked for."""
    client = clients["micro"]
    orders = {"metric": "vehicles", "period": "2026-06", "rows": "orders", "by": "-amount", "find": "W1"}
    page = client.get("/orders", query_string=orders).get_data(as_text=True)
    assert "2 / 2 条" in page and "共 7 条，合计 7" in unescape(page).replace("\xa0", " ")
    saved = client.get("/export/orders.csv", query_string=orders).get_data(as_text=True)
    assert saved.count("含“W1”的行") == 1
    assert [line.split(",")[0] for line in saved.splitlines()[-2:]] == ["W1", "W12"]
    cars = {"rows": "open_orders", "by": "hours_in", "find": "nobody"}
    narrowed, whole = (
        re.search(
            r"在店车辆：时长与原因.*?</section>",
            client.get("/store/S1/today", query_string=query).get_data(True),
        )
        for query in (cars, {})
    )
    assert narrowed is not None and whole is not None and narrowed[0] == whole[0]


def test_a_store_is_of_the_kind_that_it_is(clients):
    """Whoever has chosen owned stores and goes on to a franchise sees it all the same."""
    for path in ("/store/S1", "/stations"):
        plain, owned, other = (
            told(clients["micro"], path, unit="store:S1", type=kind) for kind in ("", "direct", "franchise")
        )
        assert plain == owned == other
        page = clients["micro"].get(path, query_string={"unit": "store:S1"}).get_data(as_text=True)
        assert "较前期同周天" in page and "全部店型" not in page


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_hostile_path_is_refused_in_a_sentence(clients, nonsense):
    for path in (
        f"/metric/{nonsense}",
        f"/{nonsense}",
        f"/export/{nonsense}.csv",
        f"/export/orders.{nonsense}",
    ):
        answer = clients["micro"].get(path)
        assert answer.status_code in (200, 308, 400, 404), path[:60]
        assert "Traceback" not in answer.get_data(as_text=True)


def test_what_was_typed_comes_back_as_text_only(clients):
    page = (
        clients["micro"]
        .get("/", query_string={"unit": "store:<script>alert(1)</script>"})
        .get_data(as_text=True)
    )
    assert "<script>alert" not in page
    page = clients["odd"].get("/map", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "<b>" not in page.split("Untert")[1][:40]


def test_without_a_published_network_every_page_says_so(clients):
    for path in one_a_page():
        status, said = told(clients["unpublished"], path)
        assert status == 503, path
        assert said.strip()


def through_scripts(client: FlaskClient, search: str) -> TestResponse:
    """What Dash asks when a link leads to the map."""
    [routing] = [d for d in client.get("/_dash-dependencies").get_json() if "_pages_content" in d["output"]]
    values = {"pathname": "/map", "search": search, "data": None}
    asked = {
        "output": routing["output"],
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [{**one, "value": values[one["property"]]} for one in routing["inputs"]],
        "changedPropIds": ["_pages_location.search"],
    }
    return client.post("/_dash-update-component", json=asked)


def test_the_door_of_the_scripts_answers_like_the_door_of_the_browser(clients):
    for search, word in (("?unit=store:ghost", "ghost"), ("?period=2026-13", "2026-13"), ("", "S1")):
        answer = through_scripts(clients["micro"], search)
        assert answer.status_code == 200
        assert word in json.dumps(answer.get_json(), ensure_ascii=False)


def test_what_fails_outside_a_page_is_told_above_it(clients, monkeypatch):
    page = next(page for page in dash.page_registry.values() if page["path"] == "/map")
    monkeypatch.setitem(page, "title", lambda **_: 1 / 0)
    told = through_scripts(clients["micro"], "").get_json()["sideUpdate"]["notice"]["children"]
    assert (told["namespace"], told["type"]) == ("pitwall", "Page")
    assert "无法显示" in told["props"]["html"] and "ZeroDivision" not in json.dumps(told)
