"""Where administrators edit playlists, let screens in and shut them out; every change is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from access import wall_wording as words
from access.account import header
from access.admin import for_administrators, section
from access.admin_wording import SAVED
from access.document import document
from access.guard import csrf_token, now, state, write_down
from components import html, shell, wording
from components.forms import button, choice, field, form
from components.html import Element
from components.plain_table import plain_table
from components.reader import Reader
from components.screen import Screen
from kpi.catalog.boards import BOARDS, ON_WALL
from kpi.organisation import OrgUnit
from kpi.text import Locale, Text, same
from operations.audit import Act
from operations.errors import BadPlaylist
from operations.walls import (
    DISTANCE_M,
    MOST_BOARDS,
    SECONDS,
    WALL_THEMES,
    WIDTH_MM,
    LetIn,
    Playlist,
    Playlists,
    Screens,
    WallBoard,
)

PATH = "/admin/walls"
NEW = Playlist("", "", tuple(WallBoard(path) for path in ON_WALL[:3]))
THEMES = {theme: wording.THEMES[theme] for theme in WALL_THEMES}


def add_wall_admin(server: Flask) -> None:
    for path, view, methods in (
        (PATH, show, ["GET"]),
        (f"{PATH}/playlist", save_playlist, ["POST"]),
        (f"{PATH}/playlist/drop", drop_playlist, ["POST"]),
        (f"{PATH}/screen", let_in, ["POST"]),
        (f"{PATH}/screen/revoke", shut_out, ["POST"]),
    ):
        server.add_url_rule(path, path.strip("/"), for_administrators(view, show), methods=methods)


def show(problem: Text | None = None, status: int = 200, address: Element | None = None) -> Response:
    reader, csrf = g.reader, csrf_token()
    saved = request.args.get("saved") is not None and problem is None
    playlists = Playlists(state()).every()
    listed = [_playlist(one, reader, csrf) for one in playlists]
    parts: list[Element | None] = [
        html.P(reader.told(problem), className="wrong", role="alert") if problem else None,
        html.P(reader.told(SAVED), className="note", role="status") if saved else None,
        address,
        section(words.SCREENS, _screens(playlists, reader, csrf), reader),
        section(words.PLAYLISTS, [_note(words.PLAYLISTS_NOTE, reader), *listed], reader),
        section(words.NEW_PLAYLIST, [_edit(NEW, reader, csrf)], reader),
    ]
    title = words.WALLS_ADMIN
    return document(title, shell.page(title, parts, reader, header=header("/admin", PATH)), status)


# --- what is done -----------------------------------------------------------------------------------------------------


def save_playlist() -> ResponseReturnValue:
    given = request.form
    units = given.getlist("unit")
    boards = [
        WallBoard(path, OrgUnit.parse(unit.strip() or "network"))
        for path, unit in zip(given.getlist("board"), units, strict=False)
        if path
    ]
    locale = given.get("language", "")
    playlist = Playlist(
        given.get("slug", "").strip(),
        given.get("name", ""),
        tuple(boards),
        round(_number("seconds")),
        _number("distance"),
        round(_number("width")),
        Locale(locale) if locale in set(Locale) else Locale.ZH_CN,
        given.get("theme", ""),
    )
    playlist.check()
    _legible(playlist)
    Playlists(state()).save(playlist, g.who.login, now())
    shown = [f"{one.path} {one.unit}" for one in playlist.boards]
    size = f"{playlist.seconds} s, {playlist.distance_m:g} m, {playlist.width_mm} mm"
    write_down(Act.PLAYLIST_CHANGED, playlist.slug, boards=shown, size=size)
    return redirect(f"{PATH}?saved", 303)


def drop_playlist() -> ResponseReturnValue:
    slug = request.form.get("slug", "")
    Playlists(state()).drop(slug)
    write_down(Act.PLAYLIST_CHANGED, slug, dropped=True)
    return redirect(f"{PATH}?saved", 303)


def let_in() -> ResponseReturnValue:
    """The address is told in the answer itself: it stands in no other place, and nowhere for a second time."""
    given = request.form
    unit = OrgUnit.parse(given.get("unit", "").strip() or "network")
    token = Screens(state()).let_in(given.get("name", ""), given.get("slug", ""), unit, g.who.login, now())
    name = given["name"].strip()[:100]
    write_down(Act.KIOSK_MADE, name, playlist=given["slug"], unit=str(unit))
    told = html.P(g.reader.told(words.ADDRESS.filled(name=name)))
    address = html.Code(f"{request.host_url}kiosk/{token}")
    return show(address=html.Div([told, address], className="note address", role="status"))


def shut_out() -> ResponseReturnValue:
    number = request.form.get("id", "")
    screen = Screens(state()).revoke(int(number) if number.isdecimal() and len(number) < 10 else 0, now())
    write_down(Act.KIOSK_REVOKED, screen.name, playlist=screen.slug, unit=str(screen.unit))
    return redirect(f"{PATH}?saved", 303)


def _number(name: str) -> float:
    """Raises BadPlaylist for what is none; too large or too small ones are told by Playlist.check."""
    try:
        number = float(request.form.get(name, ""))
    except ValueError:
        number = -1.0
    if not -1e9 < number < 1e9:
        number = -1.0
    return number


def _legible(playlist: Playlist) -> None:
    """Raises BadPlaylist when from there not one tile could be read."""
    width, distance = playlist.width_mm, playlist.distance_m
    if _fit(playlist):
        return
    while not Screen(distance, width).tiles(playlist.locale):
        width += 1
    raise BadPlaylist.too_far(width, distance * playlist.width_mm / width)


def _fit(playlist: Playlist) -> int:
    return Screen(playlist.distance_m, playlist.width_mm).tiles(playlist.locale)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _note(text: Text, reader: Reader) -> Element:
    return html.P(reader.told(text), className="lead-in")


def _playlist(playlist: Playlist, reader: Reader, csrf: str) -> Element:
    told = f"{playlist.name} · /wall/{playlist.slug} · " + reader.told(words.FITS.filled(n=_fit(playlist)))
    drop = form(
        f"{PATH}/playlist/drop",
        csrf,
        [html.Input(type="hidden", name="slug", value=playlist.slug), button(words.DROP, reader, plain=True)],
    )
    return html.Details([html.Summary(told), _edit(playlist, reader, csrf), drop], className="playlist")


def _edit(playlist: Playlist, reader: Reader, csrf: str) -> Element:
    slug = (
        [html.Input(type="hidden", name="slug", value=playlist.slug)]
        if playlist.slug
        else [field(words.SLUG, reader, "slug", hint=words.SLUG_HINT, required=True, maxLength=40)]
    )
    languages = {locale.value: same(name) for locale, name in wording.LANGUAGES.items()}
    sizes = [
        (words.SECONDS, "seconds", playlist.seconds, SECONDS, 1),
        (words.DISTANCE, "distance", playlist.distance_m, DISTANCE_M, 0.1),
        (words.WIDTH, "width", playlist.width_mm, WIDTH_MM, 1),
    ]
    fields: list[Any] = [
        *slug,
        field(words.PLAYLIST_NAME, reader, "name", value=playlist.name, required=True, maxLength=100),
        *(
            field(name, reader, key, type="number", value=f"{value:g}", min=low, max=high, step=step, required=True,
                  hint=words.WIDTHS if key == "width" else None)
            for name, key, value, (low, high), step in sizes
        ),
        choice(words.LANGUAGE, reader, "language", languages, playlist.locale.value),
        choice(words.THEME, reader, "theme", THEMES, playlist.theme),
    ]  # fmt: skip
    boards = html.Ol(
        [_board(place, playlist, reader) for place in range(MOST_BOARDS)], className="board-list"
    )
    save = button(words.SAVE if playlist.slug else words.ADD, reader)
    return form(
        f"{PATH}/playlist", csrf, [html.Div(fields, className="form inline"), boards, save], name="wall-form"
    )


def _board(place: int, playlist: Playlist, reader: Reader) -> Element:
    chosen = playlist.boards[place] if place < len(playlist.boards) else None
    names = {"": words.NO_BOARD, **{path: BOARDS[path].name for path in ON_WALL}}
    return html.Li(
        [
            choice(words.BOARD.filled(n=place + 1), reader, "board", names, chosen.path if chosen else ""),
            field(words.UNIT_OF_BOARD, reader, "unit", value=str(chosen.unit) if chosen else "network"),
        ]
    )


def _screens(playlists: Sequence[Playlist], reader: Reader, csrf: str) -> list[Element]:
    rows = [_screen(one, reader, csrf) for one in Screens(state()).every()]
    heads = [words.SCREEN_NAME, words.PLAYLIST, words.SHOWS, words.SINCE, words.STATE]
    shown = (
        plain_table(words.SCREENS, heads, rows, reader)
        if rows
        else html.P(reader.told(words.NO_SCREENS), className="empty")
    )
    if not playlists:
        return [_note(words.SCREENS_NOTE, reader), shown]
    add = form(
        f"{PATH}/screen",
        csrf,
        [
            field(words.SCREEN_NAME, reader, "name", required=True, maxLength=100, autoComplete="off"),
            choice(words.PLAYLIST, reader, "slug", {one.slug: same(one.name) for one in playlists}),
            field(words.SHOWS, reader, "unit", value="network"),
            button(words.LET_IN, reader),
        ],
        name="inline",
    )
    return [_note(words.SCREENS_NOTE, reader), add, shown]


def _screen(screen: LetIn, reader: Reader, csrf: str) -> list[Any]:
    if screen.revoked_at:
        held: Any = reader.told(words.CLOSED.filled(moment=f"{screen.revoked_at:%Y-%m-%d %H:%M}"))
    else:
        number = html.Input(type="hidden", name="id", value=str(screen.id))
        stop = form(f"{PATH}/screen/revoke", csrf, [number, button(words.SHUT_OUT, reader, plain=True)])
        held = html.Div([reader.told(words.OPEN), stop], className="actions")
    since = f"{screen.made_at:%Y-%m-%d %H:%M}, {screen.made_by}"
    return [html.B(screen.name), screen.slug, str(screen.unit), since, held]
