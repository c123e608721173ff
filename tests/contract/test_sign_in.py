"""The doors: whoever is not known stays outside, and the usual attacks on signing in fail."""

from __future__ import annotations

import logging
import re
import stat
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app import create_app
from data_access.publish import Publisher
from operations import passwords, tables
from operations.audit import Audit
from operations.errors import BadPerson, WeakPassword
from operations.passwords import hashed
from operations.people import People
from operations.sign_ins import SignIns
from operations.state import open_state
from settings import Settings
from tests.contract import micro_network
from tests.contract.micro_network import AS_OF
from tests.entering import CSRF, SECRET, signed_in, with_session

PASSWORD = "correct-horse battery"
WRONG = "wrong-horse battery"


class Clock:
    """Time that a test can move."""

    def __init__(self) -> None:
        self.now: datetime = AS_OF

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Argon2 is slow on purpose; thirty guesses in a row need not be."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_nobodys", lambda: quick.hash("nobody's"))


@pytest.fixture(scope="module")
def warehouse(new_warehouse):
    url = new_warehouse("duckdb")
    Publisher(url).publish(AS_OF, micro_network.fill_base, micro_network.fill_recent, note="mine")
    return url


def made(warehouse, tmp_path, **more):
    settings = {"secret_key": SECRET, "log_level": "ERROR", "clock": AS_OF, **more}
    state_url = f"sqlite:///{tmp_path / 'state.db'}"
    return create_app(Settings(warehouse_url=warehouse, state_url=state_url, **settings))


@pytest.fixture(scope="module")
def one_app(warehouse, tmp_path_factory):
    return made(warehouse, tmp_path_factory.mktemp("app"))


@pytest.fixture
def app(one_app, tmp_path):
    """With a state database and a clock of its own."""
    state = one_app.extensions["state"] = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    one_app.extensions["clock"] = Clock()
    People(state).add("wang", "Wang", "executive", "network", AS_OF, PASSWORD)
    yield one_app
    state.close()


def secret(client):
    return re.search(r'name="csrf" type="hidden" value="([^"]+)"', client.get("/sign-in").text)[1]


def sign_in(client, login="wang", password=PASSWORD, **more):
    form = {"csrf": secret(client), "login": login, "password": password, **more}
    return client.post("/sign-in", data=form)


def session_cookie(client):
    return client.get_cookie("pitwall").value


# --- outside ----------------------------------------------------------------------------------------------------------


def test_without_a_session_every_door_is_shut_but_the_few_that_tell_nothing(app):
    client, opened = app.test_client(), set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "x", rule.rule)
        answer = client.get(path) if "GET" in rule.methods else client.post(path)
        if answer.status_code not in (401, 403):
            opened.add(rule.rule)
    assert opened == {
        "/healthz", "/readyz", "/preference", "/sign-in", "/assets/<path:filename>",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>", "/_favicon.ico",
    }  # fmt: skip
    assert client.get("/version").status_code == 401
    assert client.post("/_dash-update-component", json={}).status_code in (401, 403)


def test_whoever_comes_from_outside_is_led_to_the_page_they_wanted(app):
    client = app.test_client()
    asked = client.get("/stations?period=7d", headers={"Accept": "text/html,*/*"})
    assert asked.location == "/sign-in?next=/stations%3Fperiod%3D7d"
    assert sign_in(client, next="/stations?period=7d").location == "/stations?period=7d"
    assert client.get("/stations").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
     "evil.example", "///evil.example", "/a\\..\\evil"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_signing_in(app, elsewhere):
    client = app.test_client()
    assert "evil" not in client.get("/sign-in", query_string={"next": elsewhere}).text
    assert sign_in(client, next=elsewhere).location == "/"


# --- guessing ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_login_read_the_same(app):
    client = app.test_client()
    answers = [sign_in(client, password=WRONG), sign_in(client, login="nobody", password=WRONG)]
    told = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert [answer.status_code for answer in answers] == [401, 401] and len(told) == 1


def test_five_failures_lock_the_login_for_a_quarter_of_an_hour_even_for_the_right_password(app):
    clock, attacker, owner = app.extensions["clock"], app.test_client(), app.test_client()
    for _ in range(5):
        assert sign_in(attacker, password=WRONG).status_code == 401
    assert sign_in(attacker, password=WRONG).status_code == 429
    assert sign_in(owner).status_code == 429
    clock.now += timedelta(minutes=14)
    assert sign_in(owner).status_code == 429
    clock.now += timedelta(minutes=2)
    assert sign_in(owner).status_code == 303
    assert [entry.act for entry in Audit(app.extensions["state"]).found()][:2] == ["signed_in", "locked"]


def test_four_failures_and_a_success_do_not_add_up(app):
    client = app.test_client()
    for _ in range(2):
        for _ in range(4):
            sign_in(client, password=WRONG)
        assert sign_in(app.test_client()).status_code == 303


def test_one_password_tried_on_many_logins_locks_the_address(app):
    attacker = app.test_client()
    for number in range(30):
        sign_in(attacker, login=f"login{number}", password=WRONG)
    assert sign_in(attacker, login="another", password=WRONG).status_code == 429
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere).status_code == 303


@pytest.mark.parametrize(
    "weak", ["short", "x" * 129, "aaaaaaaaaaaaaa", "Password123456", "wang-wang-2026!", "123456123456"]
)
def test_a_password_that_is_easy_to_guess_is_refused(weak):
    with pytest.raises(WeakPassword):
        hashed(weak, "wang")


def test_passwords_are_kept_as_argon2_alone(app):
    with app.extensions["state"].read() as session:
        kept = session.scalars(select(tables.Person.password_hash)).one()
    assert kept.startswith("$argon2id$") and PASSWORD not in kept


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_that_somebody_else_planted_is_worth_nothing_after_signing_in(app):
    attacker, victim = app.test_client(), app.test_client()
    planted_secret = secret(attacker)
    planted = session_cookie(attacker)
    victim.set_cookie("pitwall", planted)
    form = {"csrf": planted_secret, "login": "wang", "password": PASSWORD}
    assert victim.post("/sign-in", data=form).status_code == 303
    assert session_cookie(victim) != planted
    assert attacker.get("/", headers={"Accept": "text/html"}).status_code == 302
    victim.get("/glossary")
    assert victim.get_cookie("_csrf_token").value != planted_secret


def test_a_cookie_signed_with_another_key_is_nobody(app, warehouse, tmp_path):
    (tmp_path / "other").mkdir()
    other = made(warehouse, tmp_path / "other", secret_key="another key, just as long as the right one")
    forged = session_cookie(signed_in(other))
    client = app.test_client()
    client.set_cookie("pitwall", forged)
    assert client.get("/version").status_code == 401
    assert with_session(app, "a token that was never given out").get("/version").status_code == 401


def test_signing_out_ends_the_session_at_the_server_not_only_in_the_browser(app):
    client = signed_in(app)
    stolen = session_cookie(client)
    assert client.get("/version").status_code == 200
    assert client.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("pitwall", stolen)
    assert thief.get("/version").status_code == 401


def test_signing_out_everywhere_reaches_every_device_and_nobody_else(app):
    desk, phone, other = (
        signed_in(app, login="li"),
        signed_in(app, login="li"),
        signed_in(app, login="zhao"),
    )
    assert desk.post("/sign-out-everywhere").status_code == 303
    assert [client.get("/version").status_code for client in (desk, phone, other)] == [401, 401, 200]


def test_a_session_ends_after_a_working_day(app):
    client, clock = signed_in(app), app.extensions["clock"]
    clock.now += timedelta(hours=11, minutes=59)
    assert client.get("/version").status_code == 200
    clock.now += timedelta(minutes=2)
    assert client.get("/version").status_code == 401


def test_barring_a_person_and_changing_a_role_take_effect_at_once(app):
    client, people = signed_in(app, login="li"), People(app.extensions["state"])
    people.change("li", role_key="supply_chain", units="network", active=True)
    assert client.get("/churn").status_code == 403
    people.change("li", role_key="supply_chain", units="network", active=False)
    assert client.get("/version").status_code == 401


def test_a_new_password_needs_the_old_one_and_ends_every_session(app):
    client, other = app.test_client(), app.test_client()
    for each in (client, other):
        assert sign_in(each).status_code == 303
        each.get("/glossary")
    token = client.get_cookie("_csrf_token").value
    new = "three unrelated words"
    refused = client.post("/account/password", data={"csrf": token, "old": WRONG, "new": new})
    assert refused.status_code == 401
    client.post("/account/password", data={"csrf": token, "old": PASSWORD, "new": new})
    assert other.get("/version").status_code == 401
    assert sign_in(app.test_client(), password=new).status_code == 303
    assert sign_in(app.test_client()).status_code == 401


def test_the_last_administrator_cannot_be_taken_away(app):
    people = People(app.extensions["state"])
    people.add("root", "Root", "administrator", "network", AS_OF, None)
    with pytest.raises(BadPerson):
        people.change("root", role_key="executive", units="network", active=True)
    with pytest.raises(BadPerson):
        people.change("root", role_key="administrator", units="network", active=False)


# --- forged requests --------------------------------------------------------------------------------------------------

DASH = {"output": "_pages_content.children", "inputs": [], "changedPropIds": []}


@pytest.mark.parametrize("path", ["/sign-out", "/sign-out-everywhere", "/account/password", "/enter"])
@pytest.mark.parametrize("token", ["", "guessed", CSRF + "x"])
def test_a_change_without_our_secret_is_refused(app, path, token):
    client = signed_in(app)
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    assert client.post(path, data={"csrf": token}).status_code == 403
    assert client.get("/version").status_code == 200


def test_dashs_own_door_wants_the_secret_too(app):
    client = signed_in(app)
    client.environ_base["HTTP_X_CSRFTOKEN"] = "guessed"
    assert client.post("/_dash-update-component", json=DASH).status_code == 403
    client.environ_base.pop("HTTP_X_CSRFTOKEN")
    assert client.post("/_dash-update-component", json=DASH).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_request_from_another_site_is_refused_even_with_the_secret(app, headers):
    client = signed_in(app)
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/version").status_code == 200


def test_nobody_can_be_signed_in_without_wanting_it(app):
    form = {"login": "wang", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=form).status_code == 403


# --- cookies, headers, sizes, logs ------------------------------------------------------------------------------------


def test_cookies_and_headers_over_tls_behind_a_proxy(warehouse, tmp_path):
    app = made(warehouse, tmp_path, proxies=1)
    People(app.extensions["state"]).add("wang", "Wang", "executive", "network", AS_OF, PASSWORD)
    client = app.test_client()
    client.environ_base |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "198.51.100.9"}
    given = sign_in(client)
    [cookie] = [line for line in given.headers.getlist("Set-Cookie") if line.startswith("pitwall=")]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert given.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert Audit(app.extensions["state"]).found()[0].detail["address"] == "198.51.100.9"


def test_every_answer_forbids_frames_foreign_scripts_and_keeping(app):
    client = signed_in(app)
    for path in ("/", "/glossary", "/sign-in", "/account", "/version", "/nowhere", "/export/orders.csv"):
        headers = client.get(path).headers
        assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"] or path == "/version"
        assert "Strict-Transport-Security" not in headers
    [scripts] = re.findall(r"script-src ([^;]+)", client.get("/").headers["Content-Security-Policy"])
    assert "unsafe" not in scripts and "'self'" in scripts


def test_frames_are_allowed_where_the_settings_name_them(warehouse, tmp_path):
    app = made(warehouse, tmp_path, frame_ancestors="https://intranet.example")
    headers = app.test_client().get("/sign-in").headers
    assert "frame-ancestors https://intranet.example" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_a_request_larger_than_any_page_sends_is_refused(app):
    client = signed_in(app)
    large = client.post("/_dash-update-component", data=b" " * 1_000_001, content_type="application/json")
    assert large.status_code == 413


def test_neither_the_log_nor_the_trail_holds_a_password(app, caplog):
    with caplog.at_level(logging.DEBUG):
        client = app.test_client()
        sign_in(client, password="a secret slip of the hand")
        sign_in(client, login="a secret slip of the hand", password=WRONG)
        sign_in(client)
    trail = str(Audit(app.extensions["state"]).found())
    assert "slip" not in caplog.text + trail and PASSWORD not in caplog.text + trail


def test_the_first_administrator_is_made_on_the_command_line(app):
    asked = app.test_cli_runner().invoke(
        args=["users", "add", "root", "--role", "administrator", "--password", "three unrelated words"]
    )
    assert asked.exit_code == 0, asked.output
    assert sign_in(app.test_client(), "root", "three unrelated words").location == "/admin"
    weak = app.test_cli_runner().invoke(
        args=["users", "add", "x", "--role", "administrator", "--password", "weak"]
    )
    assert weak.exit_code == 1 and "12 to 128" in weak.output
    assert "root" in app.test_cli_runner().invoke(args=["users", "list"]).output


# --- where it starts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "too short"])
def test_without_a_secret_key_only_a_demo_network_starts(warehouse, tmp_path, key, capfd):
    with pytest.raises(SystemExit) as stopped:
        made(warehouse, tmp_path, secret_key=key)
    assert stopped.value.code == 4, "at which gunicorn does not try again"
    assert "PITWALL_SECRET_KEY" in capfd.readouterr().err


@pytest.fixture
def demo(new_warehouse, tmp_path, capfd):
    url = new_warehouse("duckdb")
    Publisher(url).publish(AS_OF, micro_network.fill_base, micro_network.fill_recent, note="demo micro")
    app = made(url, tmp_path, secret_key="")
    return app, url, capfd.readouterr().err


def test_the_first_start_of_a_demo_makes_one_account_a_role_and_tells_it_once(demo, tmp_path, capfd):
    app, url, told = demo
    accounts = tmp_path / "accounts.txt"
    told_once = dict(line.split("\t") for line in accounts.read_text().splitlines())
    assert set(told_once) == {
        "executive", "regional_manager", "store_manager", "marketing", "supply_chain", "hr", "data_steward", "administrator",
    }  # fmt: skip
    assert all(login in told and password in told for login, password in told_once.items())
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert sign_in(app.test_client(), "hr", told_once["hr"]).location == "/technicians"
    made(url, tmp_path, secret_key="")
    assert "hr" not in capfd.readouterr().err


def one_click(app, role="hr", host="localhost", **environ):
    client = app.test_client()
    client.environ_base |= environ
    page = client.get("/sign-in", base_url=f"http://{host}").text
    token = re.search(r'name="csrf" type="hidden" value="([^"]+)"', page)[1]
    answer = client.post("/enter", base_url=f"http://{host}", data={"csrf": token, "as": role})
    assert ('action="/enter"' in page) == (answer.status_code == 303)
    return answer


def test_one_click_enters_a_demo_from_this_machine_alone(demo):
    app, _, _ = demo
    assert one_click(app).location == "/technicians"
    for elsewhere in (
        {"REMOTE_ADDR": "192.0.2.7"},
        {"host": "pitwall.example"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ):
        assert one_click(app, **elsewhere).status_code == 403


def test_one_click_knows_the_demos_accounts_alone(demo):
    app, _, _ = demo
    client = app.test_client()
    assert client.post("/enter", data={"csrf": secret(client), "as": "nobody"}).status_code == 403


def test_one_click_does_not_exist_beside_real_data(app):
    People(app.extensions["state"]).add("hr", "HR", "hr", "network", AS_OF, None)
    assert one_click(app).status_code == 403


def test_a_screen_that_never_was_signed_in_has_no_name(app):
    assert SignIns(app.extensions["state"]).who("", AS_OF) is None
