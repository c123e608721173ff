"""How tests come in: as a role in a process of their own, or through the demo's one-click door of a served network."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from flask import Flask
from flask.testing import FlaskClient

from operations import tables
from operations.sign_ins import SignIns
from operations.state import State

SECRET = "a secret key for tests, and nothing but tests"
CSRF = "the secret that our own pages send back"


def signed_in(app: Flask, role: str = "executive", units: str = "network", login: str = "") -> FlaskClient:
    """A client with an open session of somebody who holds a role, which sends the CSRF secret by itself."""
    state: State = app.extensions["state"]
    login = login or f"{role} {units}"
    now = app.extensions["clock"]()
    with state.change() as session:
        if session.query(tables.Person).filter_by(login=login).first() is None:
            session.add(
                tables.Person(login=login, name=login, role=role, units=units, created_at=now, active=True)
            )
    return with_session(app, SignIns(state).open(login, now))


def with_session(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["csrf"] = token, CSRF
    client.environ_base["HTTP_X_CSRFTOKEN"] = CSRF
    return client


def enter(address: str, role: str = "executive") -> list[dict[str, str]]:
    """The cookies of somebody who entered a served demo network with one click."""
    jar = CookieJar()
    opener(jar, address, role)
    return [{"name": cookie.name, "value": cookie.value or "", "url": address} for cookie in jar]


def opener(jar: CookieJar, address: str, role: str = "executive") -> OpenerDirector:
    """Asks in the name of somebody who entered a served demo network with one click."""
    asking = build_opener(HTTPCookieProcessor(jar))
    with asking.open(f"{address}/sign-in", timeout=30) as answer:
        secret = re.search(r'name="csrf" type="hidden" value="([^"]+)"', answer.read().decode())
    assert secret is not None, "the sign-in page has a form"
    form = urlencode({"csrf": secret[1], "as": role}).encode()
    with asking.open(Request(f"{address}/enter", form, {"Origin": address}), timeout=30):
        pass
    assert any(cookie.name == "pitwall" for cookie in jar)
    return asking
