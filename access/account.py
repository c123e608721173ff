"""Your account: who you are here, what you may see, a new password, and the ways out."""

from __future__ import annotations

from flask import Flask, Response, g, redirect, request, session
from flask.typing import ResponseReturnValue

from access import wording
from access.document import document
from access.guard import csrf_token, desk, now, sign_ins, state, write_down
from access.sign_in import page as sign_in_page
from components import html, shell
from components.forms import button, field, form
from components.html import Element
from components.reader import Reader
from kpi.errors import PitWallError
from kpi.text import Text
from operations.audit import Act
from operations.errors import LockedOut, SignInRefused
from operations.lockout import Lockout
from operations.people import Identity, People
from operations.titles import titled, units_told


def add_account(server: Flask) -> None:
    server.add_url_rule("/account", "account", show, methods=["GET"])
    server.add_url_rule("/account/password", "new_password", new_password, methods=["POST"])
    server.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    server.add_url_rule("/sign-out-everywhere", "sign_out_everywhere", sign_out_everywhere, methods=["POST"])
    server.add_url_rule("/view-as/stop", "stop_viewing", stop_viewing, methods=["GET"])


def header(current: str, back: str) -> Element:
    """The navigation of whoever is asking."""
    who: Identity = g.who
    return shell.header(
        who.role.menu(),
        current,
        g.reader,
        back=back,
        home=who.role.home,
        person=titled(who.role, who.units, desk()),
        viewed=who.viewer is not None,
    )


def show(problem: Text | None = None, status: int = 200) -> Response:
    who, reader, csrf = g.who, g.reader, csrf_token()
    account = People(state()).find(who.login)
    facts = html.Dl(
        [
            html.Dt(reader.told(wording.LOGIN)),
            html.Dd(who.login),
            html.Dt(reader.told(wording.ROLE)),
            html.Dd([reader.told(who.role.name), html.Small(reader.told(who.role.sees))]),
            html.Dt(reader.told(wording.UNITS)),
            html.Dd(reader.told(units_told(who.units, desk()))),
        ],
        className="facts",
    )
    parts = [
        html.P(reader.told(problem), className="wrong", role="alert") if problem else None,
        html.Section([facts, _ways_out(reader, csrf)], className="panel account"),
        _password(reader, csrf) if account and account.has_password and not who.viewer else None,
    ]
    tree = shell.page(wording.ACCOUNT, parts, reader, header=header("/account", "/account"))
    return document(wording.ACCOUNT, tree, status)


def new_password() -> ResponseReturnValue:
    """The old one has to be known: a browser left open is not enough."""
    login, address, lockout = g.who.login, request.remote_addr or "", Lockout(state())
    try:
        if until := lockout.locked_until(login, address, now()):
            raise LockedOut(round((until - now()).total_seconds() / 60) or 1)
        if People(state()).with_password(login, request.form.get("old", "")) is None:
            lockout.failed(login, address, now())
            raise SignInRefused
        People(state()).set_password(login, request.form.get("new", ""))
    except PitWallError as error:
        return show(error.public, error.http_status)
    write_down(Act.PERSON_CHANGED, login, changed="password")
    session.clear()
    return sign_in_page(note=wording.PASSWORD_CHANGED)


def sign_out() -> ResponseReturnValue:
    sign_ins().close(g.who.token)
    write_down(Act.SIGNED_OUT)
    session.clear()
    return redirect("/sign-in", 303)


def sign_out_everywhere() -> ResponseReturnValue:
    closed = sign_ins().close_all(g.who.login)
    write_down(Act.SIGNED_OUT_EVERYWHERE, sessions=closed)
    session.clear()
    return redirect("/sign-in", 303)


def stop_viewing() -> ResponseReturnValue:
    """Only ever gives less than before, so a link will do."""
    if g.who.viewer:
        sign_ins().view_as(g.who.token, None)
        return redirect("/admin")
    return redirect(g.who.role.home)


def _ways_out(reader: Reader, csrf: str) -> Element:
    return html.Div(
        [
            form("/sign-out", csrf, [button(wording.SIGN_OUT, reader)]),
            form("/sign-out-everywhere", csrf, [button(wording.SIGN_OUT_EVERYWHERE, reader, plain=True)]),
        ],
        className="actions",
    )


def _password(reader: Reader, csrf: str) -> Element:
    old = field(
        wording.OLD_PASSWORD, reader, "old", type="password", autoComplete="current-password", required=True
    )
    new = field(
        wording.NEW_PASSWORD,
        reader,
        "new",
        hint=wording.PASSWORD_RULE,
        type="password",
        autoComplete="new-password",
        required=True,
        minLength=12,
        maxLength=128,
    )
    heading = html.H2(reader.told(wording.CHANGE_PASSWORD))
    return html.Section(
        [heading, form("/account/password", csrf, [old, new, button(wording.CHANGE_PASSWORD, reader)])],
        className="panel account",
    )
