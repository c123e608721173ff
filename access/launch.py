"""What has to be so before the first request is answered: a secret key, cookies that stay ours, accounts in a demo."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import cast

import click
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from access import wording
from data_access.ask import Desk
from data_access.scope import Scope
from kpi.errors import PitWallError
from kpi.text import Text
from operations.demo import keep_passwords, kept_secret, make_accounts

LOG = logging.getLogger("pitwall.access")
SHORTEST_KEY, CANNOT_START = 32, 4
LARGEST_REQUEST = 1_000_000
"""Bytes. What pages send is far smaller; files come in by the command line."""


class Cookies(SecureCookieSessionInterface):
    """Sent back over TLS alone once they came over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """What a browser may keep is the same whichever cookies it sends; what anybody may keep sets none."""
        if response.cache_control.public:
            return
        super().save_session(app, session, response)
        if response.cache_control.private and response.cache_control.max_age:
            response.vary.discard("cookie")


def prepare(server: Flask, secret_key: str, proxies: int, state_url: str) -> None:
    """Ends the program with a sentence when it would not be safe to go on."""
    server.extensions["is_demo"] = lambda: _is_demo(server)
    server.session_interface = Cookies()
    server.config.update(
        SECRET_KEY=_secret(server, secret_key, state_url),
        SESSION_COOKIE_NAME="pitwall",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
    )
    if proxies:
        fixed = ProxyFix(server.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        server.wsgi_app = fixed  # type: ignore[method-assign]
    if _is_demo(server):
        _open_demo(server, state_url)


def _secret(server: Flask, secret_key: str, state_url: str) -> str | None:
    """The key of the settings; a demo makes one of its own. A command needs none: it opens no session."""
    if secret_key:
        return secret_key if len(secret_key) >= SHORTEST_KEY else _refuse(wording.SHORT_KEY)
    if _is_demo(server):
        return kept_secret(_beside(state_url, "secret"))
    return None if os.environ.get("FLASK_RUN_FROM_CLI") == "true" else _refuse(wording.NO_KEY)


def _refuse(why: Text) -> str:
    """With the status at which gunicorn stops altogether instead of trying again for ever."""
    click.echo(f"{why.en}\n{why.zh_cn}", err=True)
    sys.exit(CANNOT_START)


def _is_demo(server: Flask) -> bool:
    """The warehouse itself says so: `python -m seed` writes it into every version that it publishes."""
    try:
        return _desk(server).note.startswith("demo")
    except PitWallError:
        return False


def _open_demo(server: Flask, state_url: str) -> None:
    desk, known = _desk(server), server.extensions
    store = next(
        iter(desk.names("store", Scope.of_regions("north")) or desk.names("store", Scope.everything())), ""
    )
    passwords = make_accounts(known["state"], store, known["clock"]())
    if not passwords:
        return
    path = _beside(state_url, "accounts.txt")
    keep_passwords(passwords, path)
    lines = [f"  {login:<18} {password}" for login, password in passwords.items()]
    click.echo("\n".join((wording.DEMO_ACCOUNTS.filled(path=path).en, *lines)), err=True)


def _beside(state_url: str, name: str) -> Path:
    """A file beside an SQLite state; with a database elsewhere, in var/."""
    url = make_url(state_url)
    folder = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path("var")
    return folder / name


def _desk(server: Flask) -> Desk:
    return cast(Desk, server.extensions["desk"])
