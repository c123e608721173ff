"""The proof: every role walks every page, callback, export and route, with hostile inputs, and sees nothing of others.

Pages, callbacks, listings and routes are found where the program registers them, so a new one is walked without being
named here. What an answer holds is told by the marks of tests/contract/marked_network.py.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlencode

import dash
import pytest
from flask.testing import FlaskClient

import data_access.ask
import data_access.compile
import data_access.lists
from data_access.publish import Publisher
from kpi import catalog
from kpi.catalog.boards import ON_WALL
from kpi.catalog.roles import KIOSK
from kpi.catalog.roles import ROLES as PEOPLE
from kpi.listing import Personal, masked
from kpi.organisation import OrgUnit
from operations.audit import Audit
from operations.sign_ins import SignIns
from operations.walls import Playlist, Playlists, Screens, WallBoard
from tests.contract import marked_network
from tests.contract.marked_network import AS_OF, PLACES, STORES, names
from tests.entering import CSRF, signed_in

ROLES = PEOPLE | {KIOSK.key: KIOSK}
OWN, FOREIGN = "n1x7", "e1x7"
WALLS = {"wall-north": "region:north", "wall-foreign": f"store:{FOREIGN}", "wall-network": "network"}
"""Playlists of every board there is for walls: each board of one unit."""
WITHOUT_MARKS = {"aged_parts", "part_classes", "coaching", "mentors"}
"""Lists that name no store, or only whom many repairs make certain."""
METRICS = ("revenue", "nps", "stockout_rate")
"""Of each page that takes a metric; one a kind of source."""


@dataclass(frozen=True)
class Case:
    """Somebody, the stores that are theirs, and the personal columns that they may read on the screen and in files."""

    role: str
    units: str
    stores: frozenset[str]
    viewed_by_administrator: bool = False

    @property
    def clear(self) -> frozenset[Personal]:
        return frozenset() if self.viewed_by_administrator else ROLES[self.role].clear

    @property
    def clear_in_files(self) -> frozenset[Personal]:
        return frozenset() if self.viewed_by_administrator else ROLES[self.role].clear_in_files

    def __str__(self) -> str:
        return f"{self.role} {self.units}{' viewed' * self.viewed_by_administrator}"


ALL = frozenset(STORES)
NORTH = frozenset(store for store, (region, *_) in PLACES.items() if region == "north")
CASES = (
    Case("executive", "network", ALL),
    Case("regional_manager", "region:north", NORTH),
    Case("store_manager", f"store:{OWN}", frozenset({OWN})),
    Case("marketing", "network", ALL),
    Case("marketing", "region:north", NORTH),
    Case("supply_chain", "region:north", NORTH),
    Case("hr", "store:n2x7", frozenset({"n2x7"})),
    Case("data_steward", "network", ALL),
    Case("administrator", "network", ALL),
    Case("store_manager", "store:n2x7", frozenset({"n2x7"}), viewed_by_administrator=True),
    Case("kiosk", "region:north", NORTH),
    Case("kiosk", f"store:{OWN}", frozenset({OWN})),
)


@pytest.fixture(scope="module")
def network(new_warehouse):
    url = new_warehouse("duckdb")
    publisher = Publisher(url)
    publisher.publish(AS_OF, marked_network.fill_base, marked_network.fill_recent)
    publisher.foresee(marked_network.fill_foresight)
    return url


@pytest.fixture(scope="module")
def app(network, read_as):
    app = read_as(network, AS_OF).application
    for slug, unit in WALLS.items():
        boards = tuple(WallBoard(path, OrgUnit.parse(unit)) for path in ON_WALL)
        Playlists(app.extensions["state"]).save(Playlist(slug, slug, boards), "admin", AS_OF)
    return app


def client_of(app, case: Case) -> FlaskClient:
    """All cases in one process, so that what one has made to be remembered is offered to the next."""
    if case.role == KIOSK.key:
        return screen_of(app, case, "wall-network")
    if not case.viewed_by_administrator:
        return signed_in(app, case.role, case.units)
    client = signed_in(app, "administrator", "network", login="viewer")
    with client.session_transaction() as session:
        token = session["_user_id"]
    SignIns(app.extensions["state"]).view_as(token, case.role, case.units)
    return client


def screen_of(app, case: Case, slug: str) -> FlaskClient:
    """A screen that was let in to a playlist, through its door, with the secret that our own pages would send."""
    token = Screens(app.extensions["state"]).let_in("wall", slug, OrgUnit.parse(case.units), "admin", AS_OF)
    client = app.test_client()
    client.get(f"/kiosk/{token}")
    with client.session_transaction() as session:
        session["csrf"] = CSRF
    client.environ_base["HTTP_X_CSRFTOKEN"] = CSRF
    return client


# --- what an answer may hold ------------------------------------------------------------------------------------------


def check(case: Case, asked: str, body: str, *, file: bool = False) -> None:
    """Nothing of a foreign store, but what was asked for by name; nothing personal in full that needs a mask."""
    body = unasked(body, asked)
    for store in STORES:
        if store not in case.stores:
            for foreign in (store, names(store)["phone"], str(masked(names(store)["phone"]))):
                assert foreign not in body, (
                    f"{case} asked {asked} and read of {store}: {_around(body, foreign)}"
                )
        clear = case.clear_in_files if file else case.clear
        for kind in ("customer", "phone", "plate"):
            if Personal.CUSTOMER not in clear:
                assert names(store)[kind] not in body, f"{case} asked {asked} and read a {kind} in full"
        if Personal.TECHNICIAN not in clear:
            assert names(store)["technician"] not in body, (
                f"{case} asked {asked} and read a technician's name"
            )


def unasked(body: str, asked: str) -> str:
    """What came back beside the address that was asked for; nothing is said by repeating it."""
    path, _, query = asked.partition("?")
    echoes = [asked, path, query, unquote(query)] if len(path) > 1 else [asked, query, unquote(query)]
    for store in STORES:
        if store in asked:
            echoes += [f"store:{store}", f"store%3A{store}", f"/store/{store}", f"“{store}”", f"#{store}"]
            echoes += [f"“{part}”" for part in path.split("/") if store in part]
    for echo in sorted(filter(None, echoes), key=len, reverse=True):
        body = body.replace(echo, "")
    return body


def _around(body: str, found: str) -> str:
    place = body.index(found)
    return body[max(0, place - 120) : place + 80]


def text_of(answer) -> str:
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    if answer.mimetype == "application/json":
        return json.dumps(answer.get_json(), ensure_ascii=False)
    return answer.get_data().decode(errors="replace")


# --- what is asked ----------------------------------------------------------------------------------------------------


def filled(template: str) -> Iterator[str]:
    """The addresses of a page: what stands in brackets is filled with own and foreign keys of every kind."""
    if "<" not in template:
        yield template
    elif "<key>" in template:
        yield from (template.replace("<key>", metric) for metric in METRICS)
    else:
        for store in (OWN, FOREIGN):
            region = PLACES[store][0]
            known = {"store": store, "region": region, "technician": f"T{store}", "order": f"W{store}0"}
            yield re.sub(
                r"<(?:\w+:)?(\w+)>", lambda found, known=known: known.get(found[1], found[1] + "x"), template
            )


def pages() -> list[str]:
    return [
        path
        for page in dash.page_registry.values()
        for path in dict.fromkeys((page["path"], *filled(page["path_template"] or page["path"])))
    ]


HOSTILE: tuple[dict[str, str], ...] = (
    {},
    {"unit": f"store:{FOREIGN}"},
    {"unit": "region:east", "period": "2026-06"},
)


def walk_pages(client: FlaskClient, case: Case) -> int:
    seen = 0
    for path in pages():
        for query in HOSTILE if path.count("/") == 1 and case.stores != ALL else HOSTILE[:1]:
            answer = client.get(path, query_string=query)
            assert answer.status_code < 500, f"{case}: {path} {query}"
            check(case, f"{path}?{urlencode(query)}", text_of(answer))
            seen += answer.status_code == 200
            if answer.status_code == 200 and "<" not in path:
                assert ROLES[case.role].opens(path) or path == "/", f"{case} opened {path}"
    return seen


def walk_callbacks(client: FlaskClient, case: Case) -> int:
    """Every callback with every input and state set to what is not theirs; the pages' own with every page."""
    asked = 0
    for known in signed_in(client.application).get("/_dash-dependencies").get_json():
        if known.get("clientside_function"):
            continue
        routing = "_pages_content" in known["output"]
        for path in pages() if routing else [f"/store/{FOREIGN}"]:
            for search in (f"?unit=store:{FOREIGN}", "")[: 1 if case.stores == ALL else 2]:
                answer = client.post("/_dash-update-component", json=_call(known, path, search))
                assert answer.status_code < 500, f"{case}: {known['output']} for {path}{search}"
                check(case, path + search, text_of(answer))
                asked += 1
    return asked


def _call(known: dict, path: str, search: str) -> dict:
    values = {"pathname": path, "search": search, "hash": f"#{FOREIGN}", "href": path + search}

    def told(one: dict) -> dict:
        identity = json.loads(one["id"]) if one["id"].startswith("{") else one["id"]
        return {"id": identity, "property": one["property"], "value": values.get(one["property"], FOREIGN)}

    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in known["output"].strip(".").split("...")
    ]
    return {
        "output": known["output"],
        "outputs": outputs if len(outputs) > 1 else outputs[0],
        "inputs": [told(one) for one in known["inputs"]],
        "state": [told(one) for one in known.get("state", [])],
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in known["inputs"]],
    }


def walk_exports(client: FlaskClient, case: Case) -> int:
    """Every list as every kind of file; and the tables of units, by every kind of unit."""
    left = 0
    keys = [
        (key, {"metric": METRICS[0], "order": f"W{store}0"})
        for key in catalog.LISTINGS
        for store in ((OWN, FOREIGN) if key.startswith("order") and key != "orders" else (OWN,))
    ]
    keys += [
        ("members", {"metrics": "revenue,nps", "split": split})
        for split in ("region", "province", "city", "store")
    ]
    keys += [
        ("why", {"metric": "revenue", "table": table})
        for table in ("target", "made-plan", "change", "made-change")
    ]
    for key, query in keys:
        for kind in ("csv", "xlsx"):
            for unit in ("network", f"store:{FOREIGN}") if kind == "csv" else ("region:east",):
                answer = client.get(
                    f"/export/{key}.{kind}", query_string={**query, "unit": unit, "period": "2026-06"}
                )
                assert answer.status_code in (200, 400, 401, 403, 404), f"{case}: {key}.{kind} at {unit}"
                check(case, f"/export/{key}.{kind}?unit={unit}", text_of(answer), file=True)
                left += answer.status_code == 200
    return left


def walk_routes(client: FlaskClient, case: Case) -> None:
    """Every other address the program answers, with foreign keys in its places."""
    for rule in client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/assets", "/_dash-component-suites")):
            continue
        if rule.rule == "/view-as/stop":
            continue
        path = re.sub(r"<[^>]*>", FOREIGN, rule.rule)
        for query in ({}, {"unit": f"store:{FOREIGN}", "next": f"/store/{FOREIGN}"}):
            answer = client.get(path, query_string=query)
            assert answer.status_code < 500, f"{case}: {path}"
            if case.role != "administrator":
                check(case, f"{path}?{urlencode(query)}", text_of(answer))


def walk_walls(client: FlaskClient, case: Case) -> int:
    """Every playlist; a screen comes to each through a door of its own, and stands before the others'."""
    seen = 0
    for slug in WALLS:
        own = screen_of(client.application, case, slug) if case.role == KIOSK.key else client
        for other in WALLS:
            answer = own.get(f"/wall/{other}/frames")
            assert answer.status_code < 500, f"{case}: {other}"
            body = text_of(answer)
            check(case, f"/wall/{other}/frames", body)
            for store in STORES:
                assert names(store)["technician"] not in body, "nobody stands on a wall by name"
            seen += "data-kpi" in body
            if case.role == KIOSK.key:
                assert (answer.status_code == 200) == (other == slug), f"{case} of {slug} at {other}"
    return seen


# --- the proof --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nobody_sees_more_than_is_theirs(app, case):
    client, role = client_of(app, case), ROLES[case.role]
    assert (walk_pages(client, case) > 0) == (role is not KIOSK)
    assert walk_callbacks(client, case) > 0
    exported = walk_exports(client, case)
    assert (exported > 0) == (role.listings != frozenset() or role.opens("/metric"))
    assert (walk_walls(client, case) > 0) == role.opens("/wall")
    walk_routes(client, case)


def test_the_marks_are_there_to_be_seen(app):
    """So that the proof is not empty: every store stands on the map, every list has rows, each role its own names."""
    executive = client_of(app, CASES[0])
    everything = text_of(executive.get("/map?metric=bay_util"))
    assert all(store in everything for store in STORES)
    for key in set(catalog.LISTINGS) - WITHOUT_MARKS:
        order = f"W{OWN}now" if key == "order_bays" else f"W{OWN}0"
        rows = "".join(
            text_of(executive.get(f"/export/{key}.csv?metric={metric}&period=2026-06&order={order}"))
            for metric in ("revenue", "show_rate")
        )
        assert any(store in rows for store in STORES), f"the list {key} has no rows in the marked network"
    manager = client_of(app, CASES[2])
    assert names(OWN)["technician"] in text_of(manager.get("/technicians"))
    marketing = client_of(app, CASES[3])
    called = text_of(marketing.get("/export/call_list.csv"))
    assert names(OWN)["phone"] in called and names(FOREIGN)["customer"] in called
    assert str(masked(names(OWN)["phone"])) in text_of(marketing.get("/churn"))


def test_a_cookie_of_yesterday_or_of_another_role_opens_nothing(app):
    """The role is looked up at every request: nothing in the cookie says what may be seen."""
    client = client_of(app, CASES[2])
    with client.session_transaction() as session:
        session["role"], session["units"], session["scope"] = "executive", "network", "everything"
    check(CASES[2], "/map", text_of(client.get("/map")))
    SignIns(app.extensions["state"]).close_all(f"{CASES[2].role} {CASES[2].units}")
    assert client.get("/map").status_code == 401


def test_what_personal_data_was_seen_and_what_left_is_written_down(app):
    marketing = client_of(app, CASES[3])
    marketing.get("/export/call_list.csv")
    left = Audit(app.extensions["state"]).found(act="exported")[0]
    assert (left.who, left.subject) == ("marketing network", "call_list") and left.detail["clear"] is True
    assert left.detail["rows"] > 0
    manager = client_of(app, CASES[2])
    for _ in range(2):  # what is painted from memory is a look as well
        manager.get("/technicians")
    looks = Audit(app.extensions["state"]).found(who="store_manager store:n1x7", act="saw_personal")
    assert len(looks) >= 2 and looks[0].detail["lists"] == ["technicians"]
    trail = str(Audit(app.extensions["state"]).found(limit=100_000))
    assert not any(value in trail for store in STORES for value in names(store).values())


# --- a leak that is planted is found ----------------------------------------------------------------------------------


def unscoped_list(monkeypatch, _app):
    monkeypatch.setattr(data_access.lists, "limit_to", lambda _scope, _store, query: query)


def unscoped_boards(monkeypatch, _app):
    monkeypatch.setattr(data_access.compile, "limit_to", lambda _scope, _store, query: query)
    # Put together anew: what was remembered with a scope has one, and what is made now must not be remembered.
    monkeypatch.setattr(data_access.compile, "_select", data_access.compile._select.__wrapped__)
    for name in ("selects", "compile_statuses", "compile_freshness"):
        monkeypatch.setattr(data_access.ask, name, getattr(data_access.compile, name).__wrapped__)


def unmasked_columns(monkeypatch, _app):
    monkeypatch.setattr(data_access.ask, "masked", lambda value: value)


def pages_remembered_for_everybody(monkeypatch, app):
    paint = app.extensions["paint"]
    monkeypatch.setitem(app.extensions, "paint", lambda key, make: paint(key.split("Reader(")[0], make))


@pytest.mark.parametrize(
    "leak", [unscoped_list, unscoped_boards, unmasked_columns, pages_remembered_for_everybody]
)
def test_a_planted_leak_is_found(network, read_as, monkeypatch, leak):
    app = read_as(network, AS_OF).application
    leak(monkeypatch, app)
    executive, manager = client_of(app, CASES[0]), client_of(app, CASES[2])
    looks(executive, CASES[0])
    with pytest.raises(AssertionError, match="read"):
        looks(manager, CASES[2])


def looks(client: FlaskClient, case: Case) -> None:
    """The part of the walk that meets every plant."""
    for path in ("/map", "/churn", "/parts"):
        body = text_of(client.get(path))
        if case is not CASES[0]:
            check(case, path, body)
