"""Signing in through a real OpenID Connect provider, a process of its own: the way in, and what must not be one."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from hashlib import sha256
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from app import create_app
from data_access.publish import Publisher
from operations.audit import Audit
from operations.people import People
from operations.state import open_state
from settings import Settings
from tests.contract import micro_network
from tests.contract.micro_network import AS_OF
from tests.entering import SECRET

PASSWORD = "correct-horse battery"
FAILED, REFUSED, DOWN = "could not be checked", "nobody has given it a role here", "does not answer"
ENGLISH = {"Accept-Language": "en"}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def provider():
    """Its address; it knows three people, one of whom has not verified the e-mail address."""
    issuer = f"http://localhost:{(port := free_port())}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                try:
                    requests.get(issuer, timeout=5)
                    break
                except requests.ConnectionError:
                    assert process.poll() is None, "the provider has stopped"
                    time.sleep(0.1)
            for subject, verified in (("wang", True), ("stranger", True), ("liar", False)):
                email = "wang@example.com" if subject == "liar" else f"{subject}@example.com"
                claims = {"email": email, "email_verified": verified}
                requests.put(f"{issuer}/users/{quote(subject)}", json=claims, timeout=5).raise_for_status()
            yield issuer
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def made(new_warehouse, tmp_path_factory):
    url = new_warehouse("duckdb")
    Publisher(url).publish(AS_OF, micro_network.fill_base, micro_network.fill_recent, note="mine")

    def make(issuer, client_id="pitwall"):
        state_url = f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.db'}"
        return create_app(
            Settings(
                warehouse_url=url, state_url=state_url, secret_key=SECRET, log_level="ERROR", clock=AS_OF,
                oidc_issuer=issuer, oidc_client_id=client_id, oidc_client_secret="between us",
            )
        )  # fmt: skip

    return make


@pytest.fixture(scope="module")
def one_app(made, provider):
    return made(provider)


@pytest.fixture
def app(one_app, tmp_path):
    """With a state database of its own that knows one person, who has no password."""
    state = one_app.extensions["state"] = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    People(state).add("wang@example.com", "Wang", "executive", "network", AS_OF, None)
    yield one_app
    state.close()


def led_back(client, subject="wang", wanted=""):
    """Where the provider sends the browser back to after its own form; the first half of the chain."""
    asked = client.get("/oidc/start", query_string={"next": wanted}, headers=ENGLISH)
    assert asked.status_code == 302, asked.text
    assert 'name="sub"' in requests.get(asked.location, timeout=5).text, "the provider's form"
    answer = requests.post(asked.location, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = answer.headers["Location"]
    assert back.startswith("http://localhost/oidc/back?")
    return back.removeprefix("http://localhost")


def come_in(client, subject="wang", wanted=""):
    return client.get(led_back(client, subject, wanted), headers=ENGLISH)


def stays_outside(client, answer, status, told):
    assert answer.status_code == status and told in answer.text and 'action="/sign-in"' in answer.text
    assert client.get("/version").status_code == 401


@pytest.fixture
def tokens(monkeypatch):
    """The provider's answers to us, in order; `tokens.instead` puts another id token into the next one."""

    class Tokens(list):
        instead = None

    heard, fetch = Tokens(), OAuth2Session.fetch_token

    def overheard(session, *args, **kwargs):
        token = fetch(session, *args, **kwargs)
        heard.append({**token, "verifier": kwargs.get("code_verifier")})
        if heard.instead is not None:
            token["id_token"] = heard.instead(token["id_token"])
        return token

    monkeypatch.setattr(OAuth2Session, "fetch_token", overheard)
    return heard


# --- the way in -------------------------------------------------------------------------------------------------------


def test_somebody_the_administrator_has_added_comes_in_and_is_known_from_then_on(app):
    client = app.test_client()
    assert 'href="/oidc/start?next=/stations' in client.get("/sign-in?next=/stations%3Fperiod%3D7d").text
    assert come_in(client, wanted="/stations?period=7d").location == "/stations?period=7d"
    assert client.get("/stations").status_code == 200
    newest = Audit(app.extensions["state"]).found()[0]
    assert (newest.act, newest.who) == ("signed_in", "wang@example.com")
    assert come_in(app.test_client()).location == "/"


def test_the_request_carries_state_nonce_and_a_challenge_that_only_our_verifier_fits(app, tokens, provider):
    client = app.test_client()
    asked = parse_qs(urlsplit(client.get("/oidc/start").location).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert len(asked["state"][0]) >= 20 and len(asked["nonce"][0]) >= 20
    code = parse_qs(urlsplit(led_back(client)).query)
    with client.session_transaction() as session:
        kept = session[f"_state_oidc_{code['state'][0]}"]["data"]
    challenge = parse_qs(urlsplit(kept["url"]).query)["code_challenge"][0]
    client.get("/oidc/back", query_string=code)
    fits = base64.urlsafe_b64encode(sha256(tokens[0]["verifier"].encode()).digest()).rstrip(b"=").decode()
    assert challenge == fits


def test_signing_out_ends_our_session(app):
    client = app.test_client()
    come_in(client)
    client.get("/glossary")
    assert client.post("/sign-out", data={"csrf": client.get_cookie("_csrf_token").value}).status_code == 303
    assert client.get("/version").status_code == 401


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(app, elsewhere):
    client = app.test_client()
    assert "evil" not in client.get("/oidc/start", query_string={"next": elsewhere}).location
    assert come_in(client, wanted=elsewhere).location == "/"


def test_without_a_provider_there_is_neither_button_nor_door(made):
    client = made("").test_client()
    assert "/oidc/" not in client.get("/sign-in").text
    assert client.get("/oidc/start").status_code == 404


# --- who is refused ---------------------------------------------------------------------------------------------------


def test_somebody_nobody_has_added_is_refused_in_words_and_written_down(app):
    client = app.test_client()
    stays_outside(client, come_in(client, "stranger"), 403, REFUSED)
    entry = Audit(app.extensions["state"]).found()[0]
    assert (entry.act, entry.subject) == ("sign_in_failed", "?")
    chinese = client.get(led_back(client, "stranger"), headers={"Accept-Language": "zh-CN"})
    assert "尚未在此分配角色" in chinese.text


def test_an_address_that_was_not_verified_proves_nothing(app):
    client = app.test_client()
    stays_outside(client, come_in(client, "liar"), 403, REFUSED)


def test_a_barred_person_is_refused(app):
    come_in(app.test_client())
    people = People(app.extensions["state"])
    people.change("wang@example.com", role_key="executive", units="network", active=False)
    client = app.test_client()
    stays_outside(client, come_in(client), 403, REFUSED)


def test_an_account_with_a_password_is_never_taken_over(app):
    people = People(app.extensions["state"])
    people.add("stranger@example.com", "S", "administrator", "network", AS_OF, PASSWORD)
    client = app.test_client()
    stays_outside(client, come_in(client, "stranger"), 403, REFUSED)


def test_an_account_stays_with_the_subject_that_came_first(app, provider):
    come_in(app.test_client())
    claims = {"email": "wang@example.com", "email_verified": True}
    requests.put(f"{provider}/users/namesake", json=claims, timeout=5).raise_for_status()
    client = app.test_client()
    stays_outside(client, come_in(client, "namesake"), 403, REFUSED)


# --- forgeries --------------------------------------------------------------------------------------------------------


def test_a_wrong_state_is_refused(app):
    client = app.test_client()
    back = led_back(client)
    stays_outside(client, client.get(back + "x", headers=ENGLISH), 401, FAILED)
    stays_outside(client, client.get("/oidc/back?code=x", headers=ENGLISH), 401, FAILED)


def test_an_answer_that_another_browser_asked_for_is_refused(app):
    attacker, victim = app.test_client(), app.test_client()
    back = led_back(attacker)
    stays_outside(victim, victim.get(back, headers=ENGLISH), 401, FAILED)


def test_a_code_counts_once_even_with_the_cookie_of_the_first_time(app):
    client = app.test_client()
    back, before = led_back(client), client.get_cookie("pitwall").value
    assert client.get(back).status_code == 303
    thief = app.test_client()
    thief.set_cookie("pitwall", before)
    stays_outside(thief, thief.get(back, headers=ENGLISH), 401, FAILED)


def claims_of(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def unsigned(token):
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def signed_by_another(token):
    return jwt.encode({"alg": "RS256"}, claims_of(token), RSAKey.generate_key(2048))


def signed_with_the_shared_secret(token):
    return jwt.encode({"alg": "HS256"}, claims_of(token), OctKey.import_key("between us, long enough" * 3))


def altered(token):
    header, _, signature = token.split(".")
    body = json.dumps({**claims_of(token), "sub": "wang", "email": "wang@example.com"})
    return f"{header}.{base64.urlsafe_b64encode(body.encode()).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize(
    "forged", [unsigned, signed_by_another, signed_with_the_shared_secret, altered, lambda _: "nonsense"]
)
def test_a_forged_id_token_is_refused(app, tokens, forged):
    client = app.test_client()
    tokens.instead = forged
    stays_outside(client, come_in(client), 401, FAILED)


def test_a_real_id_token_of_an_earlier_sign_in_is_refused(app, tokens):
    come_in(app.test_client())
    earlier = tokens[0]["id_token"]
    client = app.test_client()
    tokens.instead = lambda _: earlier
    stays_outside(client, come_in(client), 401, FAILED)


def test_a_provider_that_offers_no_signature_is_not_believed(app, tokens):
    """Even when its own description allows unsigned tokens and such with a shared secret."""
    described = app.extensions["oidc"].load_server_metadata()
    before = described["id_token_signing_alg_values_supported"]
    described["id_token_signing_alg_values_supported"] = ["none", "HS256", "RS256"]
    try:
        client = app.test_client()
        tokens.instead = unsigned
        stays_outside(client, come_in(client), 401, FAILED)
        assert described["id_token_signing_alg_values_supported"] == ["RS256"]
    finally:
        described["id_token_signing_alg_values_supported"] = before


def test_a_real_id_token_for_another_program_is_refused(app, made, provider, tokens, monkeypatch):
    """With the very nonce that we sent, so that the audience alone gives it away."""
    other = made(provider, "another program").test_client()
    client = app.test_client()
    back = led_back(client)
    with client.session_transaction() as session:
        [nonce] = [kept["data"]["nonce"] for name, kept in session.items() if name.startswith("_state_oidc_")]
    with monkeypatch.context() as patched:
        patched.setattr("authlib.integrations.base_client.sync_app.generate_token", lambda _: nonce)
        come_in(other)
    foreign = tokens[0]["id_token"]
    assert claims_of(foreign)["aud"] in ("another program", ["another program"])
    assert claims_of(foreign)["nonce"] == nonce
    tokens.instead = lambda _: foreign
    stays_outside(client, client.get(back, headers=ENGLISH), 401, FAILED)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(made, provider):
    app = made(provider)
    app.extensions["oidc"].load_server_metadata()["issuer"] = "https://evil.example"
    client = app.test_client()
    stays_outside(client, client.get("/oidc/start", headers=ENGLISH), 401, FAILED)


def test_somebody_who_says_no_at_the_provider_is_outside(app):
    client = app.test_client()
    back = led_back(client)
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = client.get(f"/oidc/back?error=access_denied&state={state}", headers=ENGLISH)
    stays_outside(client, answer, 401, FAILED)


# --- a provider that is down ------------------------------------------------------------------------------------------


def test_a_dead_provider_is_told_and_passwords_go_on_working(made):
    app = made(f"http://localhost:{free_port()}")
    People(app.extensions["state"]).add("li", "Li", "executive", "network", AS_OF, PASSWORD)
    client = app.test_client()
    stays_outside(client, client.get("/oidc/start", headers=ENGLISH), 503, DOWN)
    told = client.get("/oidc/start", headers={"Accept-Language": "zh-CN"}).text
    assert "公司统一登录服务无响应" in told
    with client.session_transaction() as session:
        form = {"csrf": session["csrf"], "login": "li", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303


def test_a_provider_that_dies_halfway_is_told(app):
    client = app.test_client()
    back, described = led_back(client), app.extensions["oidc"].load_server_metadata()
    before = described["token_endpoint"]
    described["token_endpoint"] = f"http://localhost:{free_port()}/token"
    try:
        stays_outside(client, client.get(back, headers=ENGLISH), 503, DOWN)
    finally:
        described["token_endpoint"] = before
