"""The sign-in door: with a password, through the identity provider, or, in a demo on this machine, with one click."""

from __future__ import annotations

from ipaddress import ip_address
from math import ceil
from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user

from access import wording
from access.document import document
from access.guard import csrf_token, desk, local, now, sign_ins, state, write_down
from components import html
from components import wording as words
from components.forms import button, field, form
from components.html import Element
from components.reader import Reader
from kpi.catalog.roles import ROLES
from kpi.errors import NotAllowed, PitWallError
from kpi.text import Locale, Text
from operations.audit import Act
from operations.errors import LockedOut, SignInRefused
from operations.lockout import Lockout
from operations.people import Account, Identity, People
from operations.titles import titled

_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def add_sign_in(server: Flask) -> None:
    server.add_url_rule("/sign-in", view_func=show, methods=["GET"])
    server.add_url_rule("/sign-in", "sign_in_with_password", with_password, methods=["POST"])
    server.add_url_rule("/enter", view_func=enter, methods=["POST"])


def show() -> ResponseReturnValue:
    if g.who is not None:
        return redirect(g.who.role.home)
    return page()


def with_password() -> ResponseReturnValue:
    login, password = request.form.get("login", "")[:200], request.form.get("password", "")
    address, people, lockout = request.remote_addr or "", People(state()), Lockout(state())
    try:
        if until := lockout.locked_until(login, address, now()):
            raise LockedOut(ceil((until - now()).total_seconds() / 60))
        account = people.with_password(login, password)
        if account is None:
            locks = lockout.failed(login, address, now())
            write_down(Act.LOCKED if locks else Act.SIGN_IN_FAILED, _known(people, login), address=address)
            raise SignInRefused
    except PitWallError as error:
        return page(error.public, error.http_status)
    lockout.succeeded(login, address)
    return welcome(account)


def enter() -> ResponseReturnValue:
    """One click in a demo: only on this machine, and only while the data are the demo's."""
    account = People(state()).find(request.form.get("as", "")) if demo_here() else None
    if account is None or not account.active:
        raise NotAllowed
    return welcome(account)


def welcome(account: Account) -> Response:
    """Opens a session. Whatever the browser brought along is forgotten, so that nobody else can know its secrets."""
    wanted = local(request.form.get("next", "") or session.get("next", ""))
    if g.who is not None:
        sign_ins().close(g.who.token)
    session.clear()
    token = sign_ins().open(account.login, now())
    who = Identity(account.login, account.role, account.units, token)
    login_user(who)
    csrf_token()
    g.who = who
    write_down(Act.SIGNED_IN, account.login, address=request.remote_addr or "")
    return redirect(wanted if wanted and wanted != "/" else account.role.home, 303)  # type: ignore[return-value]


def demo_here() -> bool:
    """Demo data, asked for from this machine, by its own name, and not through anything in between."""
    return bool(current_app.extensions["is_demo"]()) and _is_here()


def _is_here() -> bool:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    try:
        loopback = ip_address(request.environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return loopback and host in _HERE and not any(name in request.headers for name in _FORWARDED)


def _known(people: People, login: str) -> str:
    """A login that exists; what somebody typed instead may be a password."""
    return login.strip() if people.find(login) else "?"


# --- the page ---------------------------------------------------------------------------------------------------------


def page(problem: Text | None = None, status: int = 200, note: Text | None = None) -> Response:
    reader: Reader = g.reader
    wanted = local(request.values.get("next", "")) or ""
    demo = [_demo(reader, wanted)] if demo_here() else []
    card = [
        html.H1(reader.told(wording.SIGN_IN_TO)),
        html.P(reader.told(problem), className="wrong", role="alert") if problem else None,
        html.P(reader.told(note), className="note", role="status") if note else None,
        *demo,
        html.H2(reader.told(wording.OR_ACCOUNT)) if demo else None,
        _form(reader, wanted),
        _provider(reader, wanted),
        _language(reader),
    ]
    body = html.Div(
        [
            html.Header([html.B(words.BRAND.en), html.Small(reader.told(words.PRODUCT))], className="brand"),
            html.Main([part for part in card if part is not None], className="door-card"),
        ],
        className="door",
        lang=reader.locale.value,
    )
    return document(wording.SIGN_IN, body, status)


def _form(reader: Reader, wanted: str) -> Element:
    return form(
        "/sign-in",
        csrf_token(),
        [
            html.Input(type="hidden", name="next", value=wanted),
            field(wording.LOGIN, reader, "login", autoComplete="username", required=True, maxLength=60),
            field(
                wording.PASSWORD,
                reader,
                "password",
                type="password",
                autoComplete="current-password",
                required=True,
            ),
            button(wording.SIGN_IN, reader),
        ],
    )


def _provider(reader: Reader, wanted: str) -> Element | None:
    if "oidc" not in current_app.extensions:
        return None
    return html.P(
        html.A(
            reader.told(wording.WITH_PROVIDER),
            href="/oidc/start?next=" + quote(wanted, safe="/"),
            className="button",
        ),
        className="provider",
    )


def _demo(reader: Reader, wanted: str) -> Element:
    """A button a demo account, in the order of the catalogue."""
    known = {account.login: account for account in People(state()).every() if account.active}
    accounts = [known[key] for key in ROLES if key in known]
    rows = [
        html.Button(
            reader.told(titled(account.role, account.units, desk())),
            type="submit",
            name="as",
            value=account.login,
            className="button",
        )
        for account in accounts
    ]
    return form(
        "/enter",
        csrf_token(),
        [
            html.Input(type="hidden", name="next", value=wanted),
            html.P(reader.told(wording.DEMO)),
            html.Div(rows, className="roles"),
            html.Small(reader.told(wording.DEMO_NOTE)),
        ],
        name="demo",
    )


def _language(reader: Reader) -> Element:
    other = Locale.EN if reader.locale is Locale.ZH_CN else Locale.ZH_CN
    href = f"/preference?language={other.value}&back=/sign-in"
    return html.P(html.A(words.LANGUAGES[other], href=href, lang=other.value), className="language")
