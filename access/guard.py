"""Stands before every request: who is asking, is the request their own, and may they pass this door at all.

What somebody may see beyond the door is the scope's (data_access/scope.py) and the role's (kpi/role.py) to say.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hmac import compare_digest
from typing import Any, cast
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from access import headers
from components.reader import Reader
from data_access.ask import Desk
from data_access.scope import Scope
from kpi.errors import PitWallError
from kpi.text import Locale
from operations.audit import Act, Audit, Entry
from operations.errors import ForgedRequest, NotSignedIn
from operations.people import Identity
from operations.sign_ins import SignIns
from operations.state import State
from operations.walls import Screens

OPEN = frozenset({"/healthz", "/readyz", "/preference", "/sign-in", "/enter", "/oidc/start", "/oidc/back"})
KIOSK_DOOR = "/kiosk/"
OPEN_BELOW = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
"""Doors that need nobody: nothing behind them tells anything about the business."""
CSRF_FIELD, CSRF_COOKIE, CSRF_HEADER = "csrf", "_csrf_token", "X-CSRFToken"
"""The cookie is readable by our own scripts alone; Dash sends it back in the header."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def stand_guard(server: Flask) -> None:
    manager = LoginManager(server)
    manager.session_protection = (
        None  # a session is a row in the state database; an address may change on the way
    )
    manager.user_loader(lambda token: sign_ins().who(token, now()))
    server.before_request(_meet)
    server.after_request(_see_off)
    server.after_request(headers.harden)
    server.register_error_handler(PitWallError, refusal)


def state() -> State:
    return cast(State, current_app.extensions["state"])


def desk() -> Desk:
    return cast(Desk, current_app.extensions["desk"])


def sign_ins() -> SignIns:
    return SignIns(state())


def now() -> datetime:
    return cast(datetime, current_app.extensions["clock"]())


def write_down(act: Act, subject: str = "", **detail: Any) -> None:
    """Into the audit trail, in the name of whoever is asking."""
    who: Identity | None = g.get("who")
    name, role = (who.login, who.role.key) if who else ("", "")
    if who and who.viewer:
        detail["viewed_as"] = [role, *map(str, who.units)]
    Audit(state()).write(Entry(now(), name, role, act, subject, detail))


def csrf_token() -> str:
    """The secret that our own pages send back with every change."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def local(address: str) -> str | None:
    """The address when it leads to a page of this site; nobody is sent elsewhere after signing in."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and address.isprintable()
    return address if ours and not address.startswith(("//", "/\\")) and "\\" not in address else None


def _meet() -> ResponseReturnValue | None:
    g.reader = _reader()
    g.who, g.screen = None, None
    g.scope = Scope()
    path = request.path
    if path.startswith(OPEN_BELOW):
        return None
    g.who = _identity()
    if g.who is None and _is_of_walls(path):
        g.who, g.screen = Screens(state()).who(str(session.get("screen", ""))) or (None, None)
    if g.who is not None:
        g.scope = g.who.scope
    if request.method not in _SAFE:
        _refuse_forged()
    if path in OPEN or path.startswith(KIOSK_DOOR):
        return None
    if g.who is None:
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            wanted = request.full_path if request.query_string else path
            return redirect(f"/sign-in?next={quote(wanted, safe='/')}" if wanted != "/" else "/sign-in")
        raise NotSignedIn
    who: Identity = g.who
    if path == "/" and request.method == "GET" and not who.role.opens("/"):
        return redirect(who.role.home)
    return None


def _is_of_walls(path: str) -> bool:
    """The only addresses at which a screen is anybody."""
    return path in ("/version", "/wall") or path.startswith("/wall/")


def _identity() -> Identity | None:
    if current_user.is_authenticated:
        return cast(Identity, current_user._get_current_object())
    return None


def _reader() -> Reader:
    language = request.cookies.get("language") or request.accept_languages.best_match(
        list(Locale), Locale.ZH_CN
    )
    theme = request.cookies.get("theme", "auto")
    return Reader(
        locale=Locale(language) if language in set(Locale) else Locale.ZH_CN,
        theme=theme if theme in ("light", "dark") else "auto",
    )


def _refuse_forged() -> None:
    """A change comes from one of our own pages, with the secret that only they can read."""
    origin = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if foreign or (origin and urlsplit(origin).netloc != request.host):
        raise ForgedRequest(f"from {origin or 'another site'}")
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""
    kept = str(session.get("csrf", ""))
    if not kept or not compare_digest(given.encode(), kept.encode()):
        raise ForgedRequest


def refusal(error: PitWallError) -> ResponseReturnValue:
    """What a door answers that lets nobody through: words for a reader, a sentence for a program."""
    response = Response(
        error.public.in_(g.reader.locale), error.http_status, content_type="text/plain; charset=utf-8"
    )
    if error.http_status == 403 and g.get("who") is not None:
        write_down(Act.REFUSED, request.path)
    return response


def _see_off(response: Response) -> Response:
    """Personal data that left is written down; a page takes the secret for its changes with it."""
    seen = g.get("seen")
    if seen and response.status_code == 200 and g.get("who") is not None:
        write_down(Act.SAW_PERSONAL, g.get("page", request.path), lists=sorted(seen))
    if g.get("who") is not None and response.mimetype == "text/html":
        token = csrf_token()
        if request.cookies.get(CSRF_COOKIE) != token:
            response.set_cookie(CSRF_COOKIE, token, samesite="Strict", secure=request.is_secure)
    return response
