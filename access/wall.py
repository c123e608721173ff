"""The wall: the door through which a screen comes in, and the boards of a playlist, to be read from afar.

A screen comes with a token in its address, leaves with a cookie, and is sent on, so that the token stays nowhere. What
it then gets is one playlist within one unit: its page, the frames in it, and /version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, g, redirect, session
from flask.typing import ResponseReturnValue

from access.account import header
from access.document import document, scripts, styles
from access.guard import desk, now, refusal, state, write_down
from components import html, shell, wall, wording
from components import wall_wording as words
from components.attributes import data
from components.markup import to_html
from components.reader import Reader
from components.screen import Screen
from kpi import catalog
from kpi.catalog.boards import BOARDS
from kpi.errors import NotAllowed, PitWallError
from kpi.role import NOTHING_PERSONAL
from operations.audit import Act
from operations.sign_ins import digest
from operations.walls import Playlist, Playlists, Screens, WallBoard

UNAVAILABLE = 500
"""From this status on it is not the board that is at fault, and the screen keeps what it shows."""
KEPT_SECONDS = 7 * 24 * 3600


def add_wall(server: Flask) -> None:
    server.add_url_rule("/kiosk/<token>", "kiosk", let_in)
    server.add_url_rule("/wall", "walls", walls)
    server.add_url_rule("/wall/<slug>", "wall", page)
    server.add_url_rule("/wall/<slug>/frames", "wall_frames", frames)


def let_in(token: str) -> ResponseReturnValue:
    """The door. Whoever has signed in as a person stays who they are."""
    g.page = "/kiosk"
    screen = Screens(state()).at(digest(token))
    if screen is None or screen.revoked_at:
        if screen:
            write_down(Act.REFUSED, "/kiosk", screen=screen.name)
        body = html.Div(
            html.Main(html.P(g.reader.told(words.NO_SCREEN)), className="door-card"), className="door"
        )
        return document(words.WALLS, body, NotAllowed.http_status)
    session["screen"] = digest(token)
    session.permanent = True
    return redirect(f"/wall/{screen.slug}")


def walls() -> ResponseReturnValue:
    """The playlists there are; a screen has one."""
    if g.screen:
        return redirect(f"/wall/{g.screen}")
    _refuse_others()
    reader: Reader = g.reader
    items = [
        html.Li([html.A(one.name, href=f"/wall/{one.slug}"), html.Small(reader.told(_told(one)))])
        for one in Playlists(state()).every()
    ]
    shown = html.Ul(items) if items else html.P(reader.told(words.NO_WALLS), className="empty")
    note = html.P(reader.told(words.WALLS_NOTE), className="lead-in")
    section = html.Section([note, shown], className="panel walls")
    tree = shell.page(words.WALLS, [section], reader, header=header("/wall", "/wall"))
    return document(words.WALLS, tree)


def _told(playlist: Playlist) -> Any:
    return words.PLAYED.filled(
        boards=len(playlist.boards),
        seconds=playlist.seconds,
        distance=f"{playlist.distance_m:g}",
        width=playlist.width_mm,
    )


def page(slug: str) -> ResponseReturnValue:
    """The empty page of a wall: no number is in it, so the browser may keep it and start from it when nobody answers."""
    playlist = _playlist(slug)
    g.reader = _reader(playlist)
    response = Response(_shell(), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def frames(slug: str) -> ResponseReturnValue:
    """Every frame of a playlist as of now, as a piece of HTML."""
    playlist = _playlist(slug)
    g.reader, g.scope = _reader(playlist), replace(g.scope, clear=NOTHING_PERSONAL)
    try:
        version = desk().warehouse.version()
        shown = [_shown(board) for board in playlist.boards]
    except PitWallError as error:
        return refusal(error)
    reader: Reader = g.reader
    told = data(
        version=version.name,
        now=now().isoformat(),
        seconds=str(playlist.seconds),
        line=wall.line(reader),
        page=_fingerprint(),
        theme=playlist.theme,
    )
    signs = "".join(map(to_html, wall.signs(reader)))
    around = to_html(html.Div("|", id="screen", className="screen", lang=reader.locale.value, **told))
    opening, closing = around.split("|")
    response = Response(opening + signs + "".join(shown) + closing, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(board: WallBoard) -> str:
    """The frames of a board; one that is at fault does not take the others with it."""
    layout = cast(dict[str, Callable[..., Any]], current_app.extensions["boards"])[board.path]
    try:
        return cast(str, layout(unit=str(board.unit)).html)
    except PitWallError as error:
        if error.http_status >= UNAVAILABLE:
            raise
        return to_html(wall.trouble(board.path, BOARDS[board.path].name, g.reader))


def _playlist(slug: str) -> Playlist:
    """A screen has its own playlist and no other."""
    if g.screen is None:
        _refuse_others()
    elif slug != g.screen:
        raise NotAllowed
    return Playlists(state()).find(slug)


def _refuse_others() -> None:
    g.page = "/wall"
    if not g.who.role.opens("/wall"):
        raise NotAllowed


def _reader(playlist: Playlist) -> Reader:
    screen = Screen(playlist.distance_m, playlist.width_mm)
    return Reader(playlist.locale, playlist.theme, screen)


_PAGE = """<!DOCTYPE html>
<html lang="{language}" data-theme="{theme}" class="on-wall" data-page="{fingerprint}">
  <head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} · PitWall</title><link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">{styles}</head>
  <body>{body}{scripts}</body>
</html>"""


def _shell() -> str:
    parts = _parts()
    return _PAGE.format(fingerprint=_fingerprint(), **parts)


def _fingerprint() -> str:
    """Of the page: a browser that kept an older one learns by it that there is another."""
    return sha256(repr(_parts()).encode()).hexdigest()[:16]


def _parts() -> dict[str, str]:
    reader: Reader = g.reader
    folder = Path(current_app.root_path) / "assets"
    again = [
        html.P(reader.told(words.SHUT_OUT)),
        html.A(reader.told(wording.SIGN_IN_AGAIN), href="/sign-in", className="button again"),
    ]
    body = [
        html.Div(html.P(reader.told(words.LOADING), className="loading"), id="wall"),
        html.Div(again, className="ended", role="alert"),
    ]
    return {
        "language": reader.locale.value,
        "theme": reader.theme,
        "title": reader.told(catalog.BOARDS["/wall"].name),
        "styles": styles(folder) + styles(folder / "wall"),
        "scripts": scripts(folder / "live.js", folder / "wall" / "wall.js"),
        "body": to_html(body),
    }
