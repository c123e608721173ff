"""Joins settings, warehouse, desk and pages into one web application; holds the error edge; nothing else.

`gunicorn 'app:create_app()'` serves it; `flask --app app …` runs the management commands.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
from dataclasses import replace
from datetime import datetime
from functools import partial, wraps
from html import escape
from pathlib import Path
from typing import Any, cast

from dash import Dash, Input, dcc, html, page_container, page_registry, set_props
from dash._pages import _path_to_page
from dash._utils import interpolate_str
from flask import (
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    has_request_context,
    jsonify,
    redirect,
    request,
)
from flask_caching import Cache

from access import guard, launch
from access.account import add_account
from access.admin import add_admin
from access.sign_in import add_sign_in
from access.wall import add_wall
from access.wall_admin import add_wall_admin
from components import notice, wording
from components.markup import Page
from data_access.ask import Desk
from data_access.cache import KEEP_BYTES, Remember, program, remembering
from data_access.commands import rollback_command, versions_command
from data_access.export import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx, found_in
from data_access.load.command import load_command, loads_directory
from data_access.predict.command import predict_command
from data_access.publish import Publisher
from data_access.warehouse import Warehouse
from kpi import catalog
from kpi.errors import BadSetting, NotAllowed, PitWallError, UnknownName
from kpi.listing import ListQuestion
from kpi.metric import Tier
from kpi.text import Locale, Text
from operations.audit import Act
from operations.commands import kiosk, users
from operations.errors import StateUnavailable
from operations.state import State, open_state
from operations.targets import Targets
from pages import _frame, _members, _request, _why, _why_file
from settings import Settings

LOG = logging.getLogger("pitwall")
_HERE = "<!--first-paint-->"
YEAR = 365 * 24 * 3600
NIGHT_MEMORY_MB = 1500
INDEX = """<!DOCTYPE html>
<html lang="{language}" data-theme="{theme}" {version}>
  <head>{{%metas%}}<title>{{%title%}}</title><link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">{{%css%}}</head>
  <body><div id="first-paint" data-of="{of}">{first_paint}</div>{{%app_entry%}}
    <footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer></body>
</html>"""


class PitWall(Dash):
    """Dash, with the page already painted in the HTML: numbers are readable before any script has arrived."""

    def interpolate_index(self, **parts: Any) -> str:
        page, variables = _path_to_page(request.path.strip("/"))
        layout = page["layout"] if page else missing_page
        first_paint = layout(**{**request.args.to_dict(), **(variables or {})})
        title = page["title"]() if page else "PitWall"
        told = {"language": g.reader.locale, "theme": g.reader.theme, "version": _version_attributes()}
        frame = INDEX.format(first_paint=_HERE, of=first_paint.of, **told)
        # Replaced last, so that nothing in the page is taken for one of Dash's own placeholders.
        whole = interpolate_str(frame, **{**parts, "title": escape(title)})
        return whole.replace(_HERE, first_paint.html)


def _version_attributes() -> str:
    """What assets/live.js compares later versions with; nothing while there is no version."""
    try:
        version = _desk().warehouse.version()
    except PitWallError:
        return ""
    now = current_app.extensions["clock"]()
    return (
        f'data-version="{version.name}" data-now="{now.isoformat()}" data-as-of="{version.as_of.isoformat()}"'
    )


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or _settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    server = Flask(__name__)
    server.config.update(
        SEND_FILE_MAX_AGE_DEFAULT=YEAR, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=4
    )
    warehouse = Warehouse(
        settings.warehouse_url,
        seconds=settings.query_seconds,
        row_cap=settings.query_rows,
        memory_mb=settings.warehouse_memory_mb,
    )
    cache = _cache(server, settings)
    server.extensions["desk"] = Desk(warehouse, remembering(cache), on_clear=_note_clear)
    server.extensions["state"] = _state(settings)
    server.extensions["paint"] = remembering(cache)
    server.extensions["clock"] = settings.now
    targets = Targets(server.extensions["state"])
    server.extensions["publisher"] = lambda: Publisher(settings.warehouse_url, overrides=targets.every)
    server.extensions["night_warehouse"] = partial(
        Warehouse, settings.warehouse_url, seconds=3600, row_cap=10**9, memory_mb=NIGHT_MEMORY_MB
    )
    server.extensions["loads"] = loads_directory(settings.warehouse_url, Path(server.instance_path) / "loads")
    for command in (load_command, predict_command, versions_command, rollback_command, users, kiosk):
        server.cli.add_command(command)
    server.extensions["frame_ancestors"] = settings.frame_ancestors
    launch.prepare(server, settings.secret_key, settings.proxies, settings.state_url)
    guard.stand_guard(server)
    add_sign_in(server)
    if settings.oidc_issuer:
        # A start without company accounts need not wait for their libraries.
        from access.provider import add_provider

        add_provider(
            server,
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_login_claim,
        )
    add_account(server)
    add_admin(server)
    add_wall(server)
    add_wall_admin(server)
    _add_routes(server)
    server.extensions["inline_scripts"] = _add_dash(server).csp_hashes
    return server


def _settings() -> Settings:
    """The environment's settings; a wrong one ends the program with a sentence, not a trace."""
    try:
        return Settings.read(os.environ)
    except BadSetting as error:
        sys.exit(f"{error.public.en}\n{error.public.zh_cn}")


def _state(settings: Settings) -> State:
    """Without it nobody can be known, so nothing is served."""
    try:
        return open_state(settings.state_url)
    except StateUnavailable as error:
        sys.exit(f"{error.public.en}\n{error.public.zh_cn}\n{error}")


def _cache(server: Flask, settings: Settings) -> Cache:
    if settings.cache_url:
        shared = {"CACHE_REDIS_URL": settings.cache_url, "CACHE_OPTIONS": {"socket_timeout": 1}}
        return Cache(server, config={"CACHE_TYPE": "RedisCache", "CACHE_KEY_PREFIX": program(), **shared})
    return Cache(
        server, config={"CACHE_TYPE": "data_access.cache.MemoryCache", "CACHE_THRESHOLD": KEEP_BYTES}
    )


def _add_dash(server: Flask) -> Dash:
    app = PitWall(
        __name__,
        server=server,
        use_pages=True,
        include_pages_meta=False,
        compress=True,
        title="PitWall",
        update_title="",
        suppress_callback_exceptions=True,
        routing_callback_inputs={"version": Input("version", "data")},
        on_error=tell_reader,
        assets_path_ignore=["wall"],
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    boards = server.extensions["boards"] = {}
    for page in page_registry.values():
        board = for_whom_it_is(page["path_template"] or page["path"], painted_once(page["layout"]))
        boards[page["path"]], page["layout"] = board, edge(board)
    app.layout = html.Div([dcc.Store(id="version"), html.Div(id="notice", role="alert"), page_container])
    return app


# --- who may see it -------------------------------------------------------------------------------------------------


def for_whom_it_is(path: str, layout: Any) -> Any:
    """A page behind both of its doors, the address and Dash's own request: the role decides."""

    @wraps(layout)
    def allowed(**query: Any) -> Any:
        g.page = path
        if not _request.role().opens(path):
            raise NotAllowed
        return layout(**query)

    return allowed


def _note_clear(listing: str) -> None:
    """Personal data is about to leave unmasked: access/guard.py writes it down with the answer."""
    if has_request_context():
        g.setdefault("seen", set()).add(listing)


# --- painting -------------------------------------------------------------------------------------------------------


def painted_once(layout: Any) -> Any:
    """A page is a function of its address, its reader, the data version and the targets that people have set: the first
    who asks has it made.

    Dash's own request, which follows each first paint, gets the same.
    """

    @wraps(layout)
    def painted(**query: Any) -> Any:
        query.pop("version", None)
        desk = _desk()
        # Time enters a page only as the age of its data, which matters at the tiers' limits.
        age = current_app.extensions["clock"]() - desk.as_of
        stale = [tier.value for tier in Tier if age > tier.max_age]
        who = (g.who.role.key, g.who.units, g.who.viewer is not None, g.scope.sorted())
        asked = (layout.__module__, sorted(query.items()), g.reader, who, stale)
        paint: Remember = current_app.extensions["paint"]
        targets = Targets(current_app.extensions["state"]).stamp()

        def make() -> tuple[Page, set[str]]:
            return Page(layout(**query)), g.get("seen", set())

        page, g.seen = paint(f"{desk.warehouse.version().name}:{targets}:{asked}", make)
        return page

    return painted


# --- the error edge -------------------------------------------------------------------------------------------------


def edge(layout: Any) -> Any:
    """A page, or in its place what went wrong, in the reader's words and with the right HTTP status."""

    @wraps(layout)
    def guarded(**query: Any) -> Any:
        try:
            return layout(**query)
        except Exception as error:
            public, status, reference = explain(error)
            if request.method == "GET":
                after_this_request(lambda response: _with_status(response, status))
            return Page(_frame.problem(public, reference))

    return guarded


def explain(error: Exception) -> tuple[Text, int, str | None]:
    """What may be told, the status, and the reference number under which the log keeps what may not."""
    if isinstance(error, PitWallError):
        LOG.info("refused %s: %s", request.path, error)
        if error.http_status == NotAllowed.http_status:
            guard.write_down(Act.REFUSED, g.get("page", request.path))
        return error.public, error.http_status, None
    reference = secrets.token_hex(4)
    LOG.error("failure %s at %s", reference, request.path, exc_info=error)
    return PitWallError.public, 500, reference


def tell_reader(error: Exception) -> None:
    """Dash's edge: a callback that fails leaves the page standing and says so."""
    public, _, reference = explain(error)
    set_props("notice", {"children": Page(notice.problem(public, g.reader, reference))})


def _with_status(response: Response, status: int) -> Response:
    response.status_code = status
    return response


@edge
def missing_page(**_: Any) -> Any:
    raise UnknownName(wording.PAGE, request.path, [page["path"] for page in page_registry.values()])


# --- routes beside the pages ----------------------------------------------------------------------------------------


def _add_routes(server: Flask) -> None:
    server.add_url_rule("/healthz", view_func=_health)
    server.add_url_rule("/readyz", view_func=_ready)
    server.add_url_rule("/version", view_func=_version)
    server.add_url_rule("/preference", view_func=_preference)
    server.add_url_rule("/export/<key>.<any(csv,xlsx):kind>", view_func=_export)


def _desk() -> Desk:
    return cast(Desk, current_app.extensions["desk"])


def _health() -> Response:
    return jsonify(status="up")


def _ready() -> tuple[Response, int]:
    try:
        as_of = _desk().as_of
    except PitWallError as error:
        return jsonify(status="down", reason=error.public.en), 503
    return jsonify(status="ready", as_of=as_of.isoformat(), age_seconds=_age(as_of)), 200


def _age(as_of: datetime) -> int:
    return round((current_app.extensions["clock"]() - as_of).total_seconds())


def _version() -> Response:
    """The data version as an ETag: the one small request that all screens repeat."""
    version = _desk().warehouse.version()
    response = jsonify(version=version.name, as_of=version.as_of.isoformat(), age_seconds=_age(version.as_of))
    response.set_etag(version.name)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Now"] = current_app.extensions["clock"]().isoformat()
    return response.make_conditional(request)


def _export(key: str, kind: str) -> Response:
    """A listing as a file, under the same filters and the same scope as on the page."""
    try:
        view = _request.view(
            "/", request.args, **{name: request.args.get(name, "") for name in _request.OF_ONE_BOARD}
        )
        _refuse_export(key)
        if key == _members.KEY:
            metrics = request.args.get("metrics", "").split(",")
            listed = _members.members(view, metrics, request.args.get("split", ""))
        elif key == _why.KEY:
            listed = _why_file.as_listing(view, request.args.get("metric", ""), request.args.get("table", ""))
        else:
            listed = _desk().list(_asked_rows(view, key, kind), g.who.file_scope)
        find = "" if view.arranged else request.args.get("find", "")
        listed, narrowed = found_in(listed, find, view.told(), g.reader.locale)
    except PitWallError as error:
        return guard.refusal(error)
    guard.write_down(
        Act.EXPORTED, key, kind=kind, unit=str(view.unit), rows=len(listed.rows), clear=bool(g.get("seen"))
    )
    made, content_type = (as_csv, CSV_TYPE) if kind == "csv" else (as_xlsx, XLSX_TYPE)
    response = Response(made(listed, narrowed, g.reader.locale), content_type=content_type)
    name = f"pitwall-{key}-{str(view.unit).replace(':', '-')}-{view.period.first}-{view.period.last}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


MOST_ROWS = {"csv": 50_000, "xlsx": 10_000}
"""Of a list that names nobody, such as a network's order proposal; a list of persons stays as short as on screen."""


def _asked_rows(view: _request.View, key: str, kind: str) -> ListQuestion:
    """Which rows of a listing: of the view, behind a metric, of one order, of one technician."""
    metric, order, who = (request.args.get(name) for name in ("metric", "order", "technician"))
    asked = replace(view.arranged_listing(key, metric), order=order)
    if not catalog.listing(key).names_people:
        asked = replace(asked, limit=MOST_ROWS[kind])
    return replace(asked, only=(*asked.only, ("technician", (who,)))) if who else asked


def _refuse_export(key: str) -> None:
    """Numbers may leave with whoever may open them; lists as the role says."""
    role = _request.role()
    if not (role.opens("/metric") if key in (_members.KEY, _why.KEY) else role.exports(key)):
        raise NotAllowed


def _preference() -> Any:
    """Remembers the reader's language or theme and returns to where they were (only within this site)."""
    back = request.args.get("back", "/")
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = redirect(back if local else "/")
    for name, allowed in (("language", set(map(str, Locale))), ("theme", {"light", "dark", "auto"})):
        if (chosen := request.args.get(name)) in allowed:
            response.set_cookie(
                name, str(chosen), max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
            )
    return response
