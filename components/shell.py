"""The frame around every page: brand, navigation, preferences, filters, place and freshness. Links only, no scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import THEMES, Reader
from components.svg import mark
from kpi.metric import Unit
from kpi.text import Locale, Text
from kpi.verdict import Reason, Status

HrefOf = Callable[[str, str], str]
"""The address of this view with one filter (name, value) changed."""

Nav = Sequence[tuple[str, Text]]
WITHOUT_SCRIPTS = frozenset({"/admin", "/audit", "/wall"})
"""Pages that Dash has no part in: the browser fetches them whole."""
SHOWN = 7
"""Boards named in the header itself; the others stand under “more”."""


@dataclass(frozen=True)
class Menu:
    """One filter: its name in the address, its label, its values with their words, and the chosen value."""

    name: str
    label: Text
    choices: Mapping[str, Text]
    chosen: str
    other: Text | None = None
    """What is said of a chosen value that is none of the choices."""


@dataclass(frozen=True)
class LateStore:
    name: Text
    seen: datetime | None
    """Its newest event; None when it has not reported for weeks."""


@dataclass(frozen=True)
class Freshness:
    """How far the data reaches, what share of the expected reports has come, and who is late."""

    as_of: datetime
    complete: float | None = None
    late: Sequence[LateStore] = ()
    late_count: int | None = None
    """How many are late, when `late` names only some of them."""


def page(
    title: Text,
    children: Sequence[Element | None],
    reader: Reader,
    *,
    header: Element | None = None,
    bar: Element | None = None,
    headline: Element | None = None,
) -> Element:
    """A whole page. Without a `headline` the title is its heading."""
    heading = html.H1(reader.told(title), className="title") if headline is None else headline
    content = [part for part in (heading, *children) if part is not None]
    late = data(word=reader.told(wording.REASON[Reason.STALE]))
    lost = html.Div(
        [mark(Status.UNKNOWN), reader.told(wording.LOST), html.Time()],
        className="lost",
        role="status",
        **late,
    )
    again = html.A(reader.told(wording.SIGN_IN_AGAIN), href="/sign-in", className="again")
    ended = html.Div([reader.told(wording.SESSION_ENDED), again], className="ended", role="alert")
    frame = [
        html.A(reader.told(wording.SKIP), href="#main", className="skip"),
        lost,
        ended,
        header,
        bar,
        html.Main(content, id="main", tabIndex=-1),
    ]
    return html.Div(
        [part for part in frame if part is not None],
        className="page",
        lang=reader.locale.value,
    )


def header(
    nav: Nav,
    current: str,
    reader: Reader,
    *,
    back: str,
    home: str = "/",
    person: Text | None = None,
    viewed: bool = False,
) -> Element:
    """Brand, boards, language and appearance. `current` is the path of this page, `back` its whole address.

    `viewed` marks the page of an administrator who looks through the eyes of `person`.
    """
    first, rest = nav[:SHOWN], nav[SHOWN:]
    boards = [_board(path, name, current, reader) for path, name in first]
    if rest:
        more = html.Ul([_board(path, name, current, reader) for path, name in rest])
        inside = current in dict(rest)
        boards.append(html.Li(_menu(reader.told(wording.MORE), more, "more current" if inside else "more")))
    account = [html.Li(html.A(reader.told(wording.ACCOUNT), href="/account"))] if person else []
    every = html.Ul([*(_board(path, name, current, reader) for path, name in nav), *account])
    label = reader.told(wording.MAIN_NAVIGATION)
    parts = [
        html.Link(
            [html.B(wording.BRAND.en), html.Small(reader.told(wording.PRODUCT))], href=home, className="brand"
        ),
        html.Nav(html.Ul(boards), className="boards", **aria(label=label)),
        html.Div(
            [
                _language(reader, back),
                _theme(reader, back),
                _person(person, reader) if person else None,
                html.Nav(_menu(reader.told(wording.MENU), every, "compact"), **aria(label=label)),
            ],
            className="preferences",
        ),
    ]
    top = html.Header(parts, className="top")
    return html.Div([_viewing(person, reader), top], className="tops") if viewed and person else top


def _person(person: Text, reader: Reader) -> Element:
    """Who is signed in, and the way to their account."""
    return html.A(
        reader.told(person), href="/account", className="person", title=reader.told(wording.ACCOUNT)
    )


def _viewing(person: Text, reader: Reader) -> Element:
    told = reader.told(wording.VIEWING_AS.filled(person=person))
    stop = html.A(reader.told(wording.STOP_VIEWING), href="/view-as/stop", className="button")
    return html.Div([told, stop], className="viewing", role="status")


def filter_bar(
    menus: Sequence[Menu],
    reader: Reader,
    href_of: HrefOf,
    *,
    crumbs: Sequence[tuple[Text, str | None]] = (),
    freshness: Freshness | None = None,
    chips: Sequence[tuple[Text, str]] = (),
) -> Element:
    """Where you are, what you see, and how fresh it is, in one line. `chips` name what narrows the view, and the
    address of the view without it.
    """
    filters = html.Div(
        [_filter(menu, reader, href_of) for menu in menus],
        className="filters",
        role="group",
        **aria(label=reader.told(wording.FILTERS)),
    )
    parts = [
        breadcrumb(crumbs, reader) if crumbs else None,
        filters if menus else None,
        _chips(chips, reader) if chips else None,
        freshness_line(freshness, reader) if freshness else None,
    ]
    return html.Section(
        [part for part in parts if part is not None], className="bar", **aria(label=reader.told(wording.VIEW))
    )


def _chips(chips: Sequence[tuple[Text, str]], reader: Reader) -> Element:
    items = [
        html.Li(
            html.Link(
                [reader.told(name), html.Span(reader.told(wording.TAKE_AWAY), className="visually-hidden")],
                href=href,
                title=reader.told(wording.WITHOUT.filled(name=name)),
            )
        )
        for name, href in chips
    ]
    return html.Ul(items, className="chips", **aria(label=reader.told(wording.NARROWED_TO)))


def breadcrumb(crumbs: Sequence[tuple[Text, str | None]], reader: Reader) -> Element:
    """The units from the network down to this one; the last is where you are."""
    items = []
    for place, (name, href) in enumerate(crumbs):
        told, last = reader.told(name), place == len(crumbs) - 1
        if last:
            items.append(html.Li(told, **aria(current="page")))
        else:
            items.append(html.Li(html.Link(told, href=href) if href else told))
    return html.Nav(html.Ol(items), className="crumbs", **aria(label=reader.told(wording.BREADCRUMB)))


def freshness_line(freshness: Freshness, reader: Reader) -> Element:
    """How far the data reaches; opens to name the stores that have not reported."""
    told, late = freshness_told(freshness, reader), _late(freshness)
    stamp = data(as_of=freshness.as_of.isoformat(), role="freshness")
    if not late:
        return html.Div(" · ".join(told), className="fresh", **stamp)
    rows = [
        html.Li([html.Span(reader.told(s.name)), html.Small(_last_seen(s, reader))]) for s in freshness.late
    ]
    unnamed = late - len(rows)
    if unnamed > 0:
        rows.append(html.Li(reader.told(wording.AND_MORE[unnamed > 1].filled(n=format.count(unnamed)))))
    return html.Div(_menu(" · ".join(told), html.Ul(rows), "late"), className="fresh", **stamp)


def freshness_told(freshness: Freshness, reader: Reader) -> list[str]:
    """How far the data reaches, how complete it is, how many are late."""
    told = [reader.told(wording.DATA_UNTIL.filled(moment=format.moment(freshness.as_of, reader)))]
    if freshness.complete is not None:
        share = format.phrase(freshness.complete, Unit.SHARE, reader, beside=1.0)
        told.append(reader.told(wording.COMPLETE.filled(share=share)))
    if late := _late(freshness):
        told.append(reader.told(wording.LATE_STORES[late > 1].filled(n=format.count(late))))
    return told


def _late(freshness: Freshness) -> int:
    return freshness.late_count if freshness.late_count is not None else len(freshness.late)


def _last_seen(store: LateStore, reader: Reader) -> str:
    if store.seen is None:
        return reader.told(wording.NEVER_SEEN)
    return reader.told(wording.LAST_SEEN.filled(moment=format.moment(store.seen, reader)))


def _board(path: str, name: Text, current: str, reader: Reader) -> Element:
    if path == current:
        return html.Li(html.A(reader.told(name), href=path, **aria(current="page")))
    link = html.A if path in WITHOUT_SCRIPTS else html.Link
    return html.Li(link(reader.told(name), href=path))


def _menu(summary: Content, content: Element, name: str) -> Element:
    return html.Details(
        [html.Summary(summary), html.Div(content, className="sheet")], className=f"menu {name}"
    )


def _filter(menu: Menu, reader: Reader, href_of: HrefOf) -> Element:
    chosen = menu.choices.get(menu.chosen, menu.other)
    summary = [
        html.Small(reader.told(menu.label)),
        html.Span(reader.told(chosen) if chosen else menu.chosen),
    ]
    choices = [
        html.Li(
            html.Link(reader.told(name), href=href_of(menu.name, value)),
            **(aria(current="true") if value == menu.chosen else {}),
        )
        for value, name in menu.choices.items()
    ]
    return _menu(summary, html.Ul(choices), "filter")


def _language(reader: Reader, back: str) -> Element:
    other = Locale.EN if reader.locale is Locale.ZH_CN else Locale.ZH_CN
    return html.A(
        wording.LANGUAGES[other],
        href=f"/preference?language={other.value}&back={quote(back, safe='')}",
        className="language",
        lang=other.value,
        hrefLang=other.value,
    )


def _theme(reader: Reader, back: str) -> Element:
    choices = [
        html.Li(
            html.A(
                reader.told(wording.THEMES[theme]),
                href=f"/preference?theme={theme}&back={quote(back, safe='')}",
            ),
            **(aria(current="true") if theme == reader.theme else {}),
        )
        for theme in THEMES
    ]
    return _menu(reader.told(wording.THEME), html.Ul(choices), "theme")
