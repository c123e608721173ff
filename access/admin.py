"""Administration: people and roles, targets and limits, looking through other eyes, and the audit trail."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from access import admin_wording as words
from access import wording
from access.account import header
from access.document import document
from access.guard import csrf_token, desk, now, sign_ins, state, write_down
from access.wall_wording import TO_WALLS, WALLS_ADMIN
from components import html, shell
from components.forms import button, choice, field, form
from components.html import Element
from components.plain_table import plain_table
from components.reader import Reader
from kpi import catalog
from kpi.catalog.roles import ROLES, role
from kpi.errors import BadRequest, NotAllowed, PitWallError
from kpi.metric import Band, Limits
from kpi.organisation import OrgUnit
from kpi.text import Text, same
from operations.audit import KEEP, SHOWN, Act, Audit
from operations.people import People, told
from operations.targets import Override, Targets

ROLE_NAMES = {key: held.name for key, held in ROLES.items()}


def add_admin(server: Flask) -> None:
    for path, view, methods in (
        ("/admin", show, ["GET"]),
        ("/admin/people", add_person, ["POST"]),
        ("/admin/person", change_person, ["POST"]),
        ("/admin/targets", set_target, ["POST"]),
        ("/admin/view-as", view_as, ["POST"]),
        ("/audit", audit, ["GET"]),
    ):
        server.add_url_rule(path, path.strip("/"), for_administrators(view, show), methods=methods)


def for_administrators(
    view: Callable[[], ResponseReturnValue], page: Callable[[Text, int], ResponseReturnValue]
) -> Callable[[], ResponseReturnValue]:
    """Nobody else, and not while looking through other eyes. What goes wrong is told above the page."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        if not g.who.role.administers:
            raise NotAllowed
        try:
            return view()
        except PitWallError as error:
            return page(error.public, error.http_status)

    return guarded


def show(problem: Text | None = None, status: int = 200) -> Response:
    reader, csrf = g.reader, csrf_token()
    saved = request.args.get("saved") is not None and problem is None
    parts = [
        html.P(reader.told(problem), className="wrong", role="alert") if problem else None,
        html.P(reader.told(words.SAVED), className="note", role="status") if saved else None,
        section(words.PEOPLE, [_people(reader, csrf)], reader),
        section(words.NEW_PERSON, [_new_person(reader, csrf)], reader),
        section(words.VIEW_AS, [_note(words.VIEW_AS_NOTE, reader), _view_as(reader, csrf)], reader),
        section(
            words.TARGETS,
            [_note(words.TARGETS_NOTE, reader), _new_target(reader, csrf), _targets(reader)],
            reader,
        ),
        section(words.ROLES_TITLE, [_roles(reader)], reader),
        section(
            WALLS_ADMIN, [html.A(reader.told(TO_WALLS), href="/admin/walls", className="button")], reader
        ),
    ]
    title = catalog.BOARDS["/admin"].name
    return document(title, shell.page(title, parts, reader, header=header("/admin", "/admin")), status)


# --- what is done -----------------------------------------------------------------------------------------------------


def add_person() -> ResponseReturnValue:
    given = request.form
    account = People(state()).add(
        given.get("login", ""), given.get("name", ""), given.get("role", ""), given.get("units", ""), now(),
        given.get("password") or None,
    )  # fmt: skip
    write_down(Act.PERSON_CHANGED, account.login, added=account.role.key, units=told(account.units))
    return redirect("/admin?saved", 303)


def change_person() -> ResponseReturnValue:
    login, people = request.form.get("login", ""), People(state())
    before = people.find(login)
    active = request.form.get("active") == "yes"
    people.change(
        login, role_key=request.form.get("role", ""), units=request.form.get("units", ""), active=active
    )
    after = people.find(login)
    if before and after:
        write_down(
            Act.PERSON_CHANGED,
            login,
            before=[before.role.key, told(before.units), before.active],
            after=[after.role.key, told(after.units), after.active],
        )
    return redirect("/admin?saved", 303)


def view_as() -> ResponseReturnValue:
    held, units = role(request.form.get("role", "")), request.form.get("units", "")
    sign_ins().view_as(g.who.token, held.key, units)
    write_down(Act.VIEWED_AS, held.key, units=units)
    return redirect(held.home, 303)


def set_target() -> ResponseReturnValue:
    given = request.form
    metric, unit = catalog.metric(given.get("metric", "")), OrgUnit.parse(given.get("unit", ""))
    why = given.get("why", "").strip()
    if not why:
        raise BadRequest(public=words.WHY_NEEDED)
    desk().lineage(unit, g.scope)
    day, limits = _day(given.get("from", "")), _limits(given)
    Targets(state()).set(Override(metric.key, unit, day, limits, g.who.login, now(), why[:500]))
    write_down(
        Act.TARGET_CHANGED,
        metric.key,
        unit=str(unit),
        since=day.isoformat(),
        limits=_limits_told(limits),
        why=why[:500],
    )
    return redirect("/admin?saved", 303)


def _limits(given: Any) -> Limits | Band | None:
    good, critical, good_high, critical_high = (
        _number(given.get(name, "")) for name in ("good", "critical", "good_high", "critical_high")
    )
    if good is None or critical is None:
        if (good, critical, good_high, critical_high) == (None,) * 4:
            return None
        raise BadRequest(public=words.BAD_NUMBER.filled(text=""))
    if good_high is None or critical_high is None:
        return Limits(good, critical)
    return Band((good, good_high), (critical, critical_high))


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadRequest(public=words.BAD_NUMBER.filled(text=text[:20]))
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(public=words.BAD_DAY.filled(text=text[:20])) from None


def _limits_told(limits: Limits | Band | None) -> str:
    if isinstance(limits, Band):
        return f"{limits.critical[0]:g} / {limits.good[0]:g}–{limits.good[1]:g} / {limits.critical[1]:g}"
    return f"{limits.good:g} / {limits.critical:g}" if limits else ""


# --- what is shown ----------------------------------------------------------------------------------------------------


def section(title: Text, parts: Sequence[Element], reader: Reader) -> Element:
    return html.Section([html.H2(reader.told(title)), *parts], className="panel admin")


def _note(text: Text, reader: Reader) -> Element:
    return html.P(reader.told(text), className="lead-in")


def _people(reader: Reader, csrf: str) -> Element:
    states = {"yes": words.ACTIVE, "no": words.BARRED}
    rows = []
    for account in People(state()).every():
        change = form(
            "/admin/person",
            csrf,
            [
                html.Input(type="hidden", name="login", value=account.login),
                choice(wording.ROLE, reader, "role", ROLE_NAMES, account.role.key),
                field(words.UNITS, reader, "units", value=told(account.units)),
                choice(words.STATE, reader, "active", states, "yes" if account.active else "no"),
                button(words.SAVE, reader, plain=True),
            ],
            name="inline",
        )
        rows.append([html.B(account.login), account.name, change])
    return plain_table(words.PEOPLE, [wording.LOGIN, words.NAME, wording.ROLE], rows, reader)


def _new_person(reader: Reader, csrf: str) -> Element:
    return form(
        "/admin/people",
        csrf,
        [
            field(wording.LOGIN, reader, "login", required=True, maxLength=60, autoComplete="off"),
            field(words.NAME, reader, "name", required=True, maxLength=100, autoComplete="off"),
            choice(wording.ROLE, reader, "role", ROLE_NAMES),
            field(words.UNITS, reader, "units", hint=words.UNITS_HINT, value="network"),
            field(
                words.FIRST_PASSWORD, reader, "password", hint=wording.PASSWORD_RULE, type="password",
                autoComplete="new-password",
            ),
            button(words.ADD, reader),
        ],
        name="inline",
    )  # fmt: skip


def _view_as(reader: Reader, csrf: str) -> Element:
    names = {key: name for key, name in ROLE_NAMES.items() if not ROLES[key].administers}
    return form(
        "/admin/view-as",
        csrf,
        [
            choice(wording.ROLE, reader, "role", names),
            field(words.UNITS, reader, "units", hint=words.UNITS_HINT, value="network"),
            button(words.VIEW, reader),
        ],
        name="inline",
    )


def _new_target(reader: Reader, csrf: str) -> Element:
    metrics = {key: metric.name for key, metric in catalog.METRICS.items() if metric.limits}
    tomorrow = (now().date() + timedelta(1)).isoformat()
    numbers = (
        (words.GOOD, "good"),
        (words.CRITICAL, "critical"),
        (words.GOOD_HIGH, "good_high"),
        (words.CRITICAL_HIGH, "critical_high"),
    )
    return form(
        "/admin/targets",
        csrf,
        [
            choice(words.METRIC, reader, "metric", metrics),
            field(words.UNIT, reader, "unit", value="network"),
            field(words.FROM_DAY, reader, "from", type="date", value=tomorrow, required=True),
            *(field(name, reader, key, inputMode="decimal") for name, key in numbers),
            field(words.WHY, reader, "why", required=True, maxLength=500),
            button(words.SAVE, reader),
        ],
        name="inline",
    )


def _targets(reader: Reader) -> Element:
    rows = [
        [
            reader.told(catalog.METRICS[one.metric].name) if one.metric in catalog.METRICS else one.metric,
            str(one.unit),
            one.valid_from.isoformat(),
            _limits_told(one.limits) or reader.told(words.DECLARED),
            one.why,
            f"{one.who}, {one.when:%Y-%m-%d %H:%M}",
        ]
        for one in Targets(state()).every()
    ]
    if not rows:
        return html.P(reader.told(words.NONE_SET), className="empty")
    limits = Text(f"{words.GOOD.en} / {words.CRITICAL.en}", f"{words.GOOD.zh_cn} / {words.CRITICAL.zh_cn}")
    heads = [words.METRIC, words.UNIT, words.FROM_DAY, limits, words.WHY, words.SET_BY]
    return plain_table(words.TARGETS, heads, rows, reader)


def _roles(reader: Reader) -> Element:
    terms: list[Element] = []
    for held in ROLES.values():
        terms += [html.Dt(reader.told(held.name)), html.Dd(reader.told(held.sees))]
    return html.Dl(terms, className="facts")


# --- the audit trail --------------------------------------------------------------------------------------------------


def audit() -> ResponseReturnValue:
    reader, asked = g.reader, request.args
    since = _day(asked["since"]) if asked.get("since") else None
    trail = Audit(state())
    trail.prune(now())
    moment = datetime.combine(since, time.min) if since else None
    entries = trail.found(who=asked.get("who", ""), act=asked.get("act", ""), since=moment)
    rows = [
        [
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.who or "–",
            reader.told(words.ACTS[one.act]),
            one.subject,
            " · ".join(f"{name}: {_written(value)}" for name, value in sorted(one.detail.items())),
        ]
        for one in entries
    ]
    heads = [words.WHEN, words.WHO, words.ACT, words.SUBJECT, words.DETAIL]
    title = catalog.BOARDS["/audit"].name
    shown = plain_table(title, heads, rows, reader) if rows else html.P(reader.told(words.NOTHING_FOUND))
    kept = words.KEPT.filled(n=SHOWN, days=KEEP.days)
    parts = [html.Section([_filter(reader), _note(kept, reader), shown], className="panel admin")]
    return document(title, shell.page(title, parts, reader, header=header("/audit", "/audit")))


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _filter(reader: Reader) -> Element:
    asked = request.args
    people = {"": words.ANYBODY, **{one.login: same(one.login) for one in People(state()).every()}}
    acts = {"": words.ANYTHING, **{act.value: name for act, name in words.ACTS.items()}}
    return form(
        "/audit",
        "",
        [
            choice(words.WHO, reader, "who", people, asked.get("who", "")),
            choice(words.ACT, reader, "act", acts, asked.get("act", "")),
            field(words.SINCE_DAY, reader, "since", type="date", value=asked.get("since", "")),
            button(words.SHOW, reader, plain=True),
        ],
        name="inline",
        method="get",
    )
