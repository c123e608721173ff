"""The wall: the door of a screen, what lies behind it and what does not, and how playlists are edited."""

from __future__ import annotations

import re

import pytest

from data_access.publish import Publisher
from kpi.organisation import OrgUnit
from operations import tables
from operations.audit import Audit
from operations.sign_ins import digest
from operations.walls import Playlist, Playlists, Screens, WallBoard
from tests.contract import marked_network
from tests.contract.marked_network import AS_OF, PLACES, STORES, names
from tests.entering import CSRF, signed_in

NETWORK, NORTH = OrgUnit(), OrgUnit("region", "north")
BOARDS = (WallBoard("/"), WallBoard("/stations", OrgUnit("region", "east")), WallBoard("/technicians"))
FORM = {"slug": "lobby", "name": "Lobby", "seconds": "25", "distance": "5", "width": "1660", "language": "en",
        "theme": "dark", "board": ["/", "/parts", ""], "unit": ["network", "region:north", "network"]}  # fmt: skip


@pytest.fixture(scope="module")
def app(new_warehouse, read_as):
    url = new_warehouse("duckdb")
    publisher = Publisher(url)
    publisher.publish(AS_OF, marked_network.fill_base, marked_network.fill_recent)
    app = read_as(url, AS_OF).application
    for slug in ("all", "other"):
        Playlists(app.extensions["state"]).save(Playlist(slug, slug, BOARDS), "admin", AS_OF)
    return app


def let_in(app, slug="all", unit=NETWORK, name="Lobby"):
    return Screens(app.extensions["state"]).let_in(name, slug, unit, "admin", AS_OF)


def screen(app, token):
    """A screen that has come through the door."""
    client = app.test_client()
    assert client.get(f"/kiosk/{token}").location == "/wall/all"
    return client


# --- the door ---------------------------------------------------------------------------------------------------------


def test_a_token_is_exchanged_for_a_cookie_and_stands_nowhere(app, caplog):
    token, client = let_in(app), app.test_client()
    answer = client.get(f"/kiosk/{token}")
    assert (answer.status_code, answer.location) == (302, "/wall/all")
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("pitwall=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" in cookie  # it survives a reboot
    assert token not in str(answer.headers) + answer.text + caplog.text
    assert client.get("/wall/all").status_code == client.get("/wall/all/frames").status_code == 200
    with app.extensions["state"].read() as session:
        kept = [row.token_hash for row in session.query(tables.KioskToken)]
    assert digest(token) in kept and token not in kept
    assert token not in str(Audit(app.extensions["state"]).found())


@pytest.mark.parametrize("token", ["", "x" * 43, "../admin", "%00", "' or 1=1 --"])
def test_a_token_that_nobody_gave_opens_nothing(app, token):
    client = app.test_client()
    assert client.get(f"/kiosk/{token}").status_code in (403, 404)
    assert client.get("/wall/all/frames").status_code == 401


def test_after_revocation_neither_token_nor_cookie_opens_anything(app):
    state = app.extensions["state"]
    token = let_in(app, name="Stolen")
    client = screen(app, token)
    version = client.get("/version").headers["ETag"]
    number = next(one.id for one in Screens(state).every() if one.name == "Stolen")
    Screens(state).revoke(number, AS_OF)
    for path in ("/wall/all", "/wall/all/frames", "/wall", "/version"):
        assert client.get(path, headers={"If-None-Match": version}).status_code == 401, path
    again = client.get(f"/kiosk/{token}")
    assert again.status_code == 403 and token not in again.text
    told = Audit(state).found()[0]
    assert (told.act, told.subject, told.detail) == ("refused", "/kiosk", {"screen": "Stolen"})
    assert app.test_client().get(f"/kiosk/{token}").status_code == 403


def test_a_cookie_cannot_be_made_up(app):
    """What is in it is signed; and a hash that is known is not the token."""
    token = let_in(app)
    client = app.test_client()
    client.set_cookie("pitwall", f'{{"screen": "{digest(token)}"}}')
    assert client.get("/wall/all/frames").status_code == 401
    assert client.get(f"/kiosk/{digest(token)}").status_code == 403


def test_a_screen_opens_its_wall_and_nothing_else(app):
    client = screen(app, let_in(app))
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "x", rule.rule)
        if "GET" in rule.methods and not path.startswith(
            ("/assets", "/_dash-component", "/_favicon", "/kiosk")
        ):
            status = client.get(path).status_code
            opened = {"/wall", "/version", "/healthz", "/readyz", "/preference", "/sign-in"}
            assert status in ((200, 302) if path in opened else (401, 403, 404)), f"{path}: {status}"
    assert client.get("/wall/other").status_code == client.get("/wall/other/frames").status_code == 403
    with client.session_transaction() as session:
        session["csrf"] = CSRF
    for path in ("/_dash-update-component", "/admin/walls/screen", "/sign-out", "/account/password"):
        assert client.post(path, headers={"X-CSRFToken": CSRF}).status_code == 401, path


def test_a_person_who_opens_a_screens_address_stays_who_they_are(app):
    client = signed_in(app, "executive")
    client.get(f"/kiosk/{let_in(app, slug='other')}")
    assert client.get("/").status_code == client.get("/wall/all/frames").status_code == 200


# --- what it shows ------------------------------------------------------------------------------------------------------


def test_a_screen_shows_its_unit_alone_and_nobody_by_name(app):
    """A board that lies outside of the screen's unit says so, and the others stand."""
    page = screen(app, let_in(app, unit=NORTH)).get("/wall/all/frames").text
    foreign = [store for store, (region, *_) in PLACES.items() if region != "north"]
    assert not any(store in page for store in foreign)
    assert page.count('data-unit="region:north"') >= 7 and 'data-unit="network"' not in page
    assert "region:east" not in page and page.count("无法显示") == 1
    for client in (
        screen(app, let_in(app)),
        signed_in(app, "hr_free", "network") if False else signed_in(app),
    ):
        page = client.get("/wall/all/frames").text
        assert page.count("data-kpi") >= 15
        assert not any(value in page for store in STORES for value in names(store).values())
        assert not any(store in page for store in STORES), "a wall has no lists of stores"
    manager = signed_in(app, "store_manager", "store:n1x7")
    assert names("n1x7")["technician"] not in manager.get("/wall/all/frames").text


def test_the_page_itself_holds_no_number_and_may_be_kept(app):
    """So that a screen can start from it when nobody answers; what it shows then is what it kept, dated."""
    answer = screen(app, let_in(app)).get("/wall/all")
    assert "data-kpi" not in answer.text and "max-age=604800" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert not re.search(r"<script(?! src=)", answer.text)


def test_what_the_page_needs_may_be_kept_as_well(app):
    """Else a screen starts without its scripts; and an answer that any cache may keep carries nobody's cookie."""
    client = screen(app, let_in(app))
    for address in re.findall(r'(?:src|href)="(/assets/[^"]+)"', client.get("/wall/all").text):
        answer = client.get(address)
        assert (answer.status_code, answer.cache_control.max_age) == (200, 31536000), address
        assert "Cookie" not in answer.headers.get("Vary", "") and "Set-Cookie" not in answer.headers, address


def test_who_may_open_a_wall(app):
    assert signed_in(app, "executive").get("/wall").text.count('href="/wall/') == 2
    assert app.test_client().get("/wall/all", headers={"Accept": "text/html"}).location.startswith("/sign-in")
    for role in ("supply_chain", "data_steward", "administrator"):
        assert signed_in(app, role).get("/wall/all/frames").status_code == 403, role
    assert signed_in(app).get("/wall/none").status_code == 404


# --- playlists and screens are edited in the interface -------------------------------------------------------------------


def test_a_playlist_is_made_changed_and_dropped_and_each_is_written_down(app):
    admin, state = signed_in(app, "administrator"), app.extensions["state"]
    assert admin.post("/admin/walls/playlist", data=FORM).status_code == 303
    made = Playlists(state).find("lobby")
    assert made.boards == (WallBoard("/"), WallBoard("/parts", NORTH))
    admin.post("/admin/walls/playlist", data=FORM | {"seconds": "40", "board": ["/csi"], "unit": [""]})
    assert Playlists(state).find("lobby").boards == (WallBoard("/csi"),)
    told = Audit(state).found()[0]
    assert (told.act, told.subject) == ("playlist_changed", "lobby")
    assert told.detail == {"boards": ["/csi network"], "size": "40 s, 5 m, 1660 mm"}
    assert "/wall/lobby" in admin.get("/admin/walls").text
    assert signed_in(app).get("/wall/lobby/frames").text.count('data-seconds="40"') == 1
    let_in(app, "lobby", name="Goes")
    admin.post("/admin/walls/playlist/drop", data={"slug": "lobby"})
    assert "lobby" not in [one.slug for one in Playlists(state).every()]
    assert "Goes" not in [one.name for one in Screens(state).every()]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "Lobby!"}, "small letters"),
        ({"name": " "}, "name"),
        ({"board": [""], "unit": [""]}, "1 to 8 boards"),
        ({"board": ["/orders"]}, "out of the list"),
        ({"unit": ["planet:earth", ""]}, "is not a unit"),
        ({"seconds": "1"}, "10 to 600 seconds"),
        ({"seconds": "nan"}, "10 to 600 seconds"),
        ({"distance": "far"}, "0.5 to 30 m"),
        ({"distance": "8", "width": "1218"}, "mm wide"),
        ({"theme": "pink"}, "seconds"),
    ],
)
def test_a_wrong_playlist_is_told_and_changes_nothing(app, wrong, said):
    admin = signed_in(app, "administrator")
    admin.set_cookie("language", "en")
    before = Playlists(app.extensions["state"]).every()
    answer = admin.post("/admin/walls/playlist", data=FORM | wrong)
    assert answer.status_code == 400 and said in re.search(r'class="wrong"[^>]*>([^<]+)', answer.text)[1]
    assert Playlists(app.extensions["state"]).every() == before


def test_a_screen_is_let_in_and_shut_out_in_the_interface(app):
    admin, state = signed_in(app, "administrator"), app.extensions["state"]
    made = admin.post("/admin/walls/screen", data={"name": "Hall", "slug": "all", "unit": "region:north"})
    token = re.search(r"/kiosk/([\w-]{43})", made.text)[1]
    assert token not in admin.get("/admin/walls").text and "no-store" in made.headers["Cache-Control"]
    told = Audit(state).found()[0]
    assert (told.act, told.subject) == ("kiosk_made", "Hall")
    assert told.detail == {"playlist": "all", "unit": "region:north"}
    client = screen(app, token)
    number = re.search(r'name="id" type="hidden" value="(\d+)"', admin.get("/admin/walls").text)[1]
    admin.post("/admin/walls/screen/revoke", data={"id": number})
    assert client.get("/wall/all/frames").status_code == 401
    assert (Audit(state).found()[0].act, Audit(state).found()[0].subject) == ("kiosk_revoked", "Hall")
    for data in (
        {"name": "", "slug": "all"},
        {"name": "x", "slug": "none"},
        {"name": "x", "slug": "all", "unit": "city:1"},
    ):
        assert admin.post("/admin/walls/screen", data=data).status_code in (400, 404)
    assert admin.post("/admin/walls/screen/revoke", data={"id": "9" * 30}).status_code == 404


def test_a_screen_is_let_in_and_shut_out_by_command(app):
    run, state = app.test_cli_runner().invoke, app.extensions["state"]
    made = run(args=["kiosk", "add", "Cellar", "--playlist", "all", "--unit", "region:north"])
    client = screen(app, made.output.strip().removeprefix("/kiosk/"))
    assert client.get("/wall/all/frames").status_code == 200
    told = Audit(state).found()[0]
    assert (told.act, told.who, told.subject) == ("kiosk_made", "command line", "Cellar")
    [line] = [line for line in run(args=["kiosk", "list"]).output.splitlines() if "Cellar" in line]
    assert line.split()[1:] == ["Cellar", "all", "region:north"]
    assert run(args=["kiosk", "revoke", line.split()[0]]).exit_code == 0
    assert client.get("/wall/all/frames").status_code == 401
    assert "shut out" in run(args=["kiosk", "list"]).output
    assert run(args=["kiosk", "add", "x", "--playlist", "none"]).exit_code == 1
    assert run(args=["kiosk", "revoke", "999999"]).exit_code == 1


def test_nobody_else_edits_walls(app):
    for role in ("executive", "data_steward"):
        client = signed_in(app, role)
        assert client.get("/admin/walls").status_code == 403
        for path in ("playlist", "playlist/drop", "screen", "screen/revoke"):
            assert client.post(f"/admin/walls/{path}", data=FORM).status_code == 403
