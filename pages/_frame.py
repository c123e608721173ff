"""The frame that all boards share: navigation, filters from the address, the drill path, and how fresh the data is."""

from __future__ import annotations

from collections.abc import Sequence

import dash

from components import html, notice, shell, wall, wording
from components.html import Element
from kpi import catalog
from kpi.question import COMPARISONS, PERIODS
from kpi.text import Text
from pages import _request
from pages._request import View

NAMED_LATE_STORES = 12


def register_page(module: str, path: str, path_template: str | None = None, order: int | None = None) -> None:
    """Makes a page of a module: its title is the board's name in the reader's language.

    `order` comes first where another template would take the address for its own: the smaller one is looked at first.
    """
    name = catalog.BOARDS[path].name
    dash.register_page(
        module,
        path=path,
        path_template=path_template,
        order=order,
        title=lambda **_: name.in_(_request.reader().locale),
    )


def board(
    view: View,
    children: Sequence[Element | None],
    *,
    headline: Element | None = None,
    menus: Sequence[shell.Menu] = (),
    filters: bool = True,
    up: str | View | None = None,
    here: Text | None = None,
) -> Element:
    """A board of the view: its unit, days and comparison stand in the bar, after the board's own `menus`.

    Without `filters` the page is about now, so that days and comparison have no meaning. Its drill path leads to the
    page `up` (or those of the places themselves, as a view of one leads to them), by default to the board itself; `here`
    is a step below the unit.
    """
    reader = _request.reader()
    if reader.screen and headline:
        return _on_wall(view, children, headline)
    above, path = (up, None) if isinstance(up, View) else (view, up)
    crumbs = [(name, above.href(path, unit=str(unit))) for unit, name in view.lineage]
    crumbs += [(here, view.href())] if here else []
    bar = shell.filter_bar(
        [*menus, *(_menus(view) if filters else [])],
        reader,
        lambda name, value: view.href(**{name: value}),
        crumbs=crumbs,
        freshness=_freshness(),
        chips=view.chips if filters or view.is_place else (),
    )
    on_paper = html.P(reader.told(wording.SELECTED.filled(selection=view.told())), className="on-paper")
    return _page([on_paper, *children], view.path, view.href(), bar=bar, headline=headline)


def _on_wall(view: View, children: Sequence[Element | None], headline: Element) -> Element:
    """The board's frames, to stand among those of a playlist."""
    fresh = shell.freshness_told(_freshness(), _request.reader())
    key = f"{view.path} {view.unit}"
    shown = wall.frames(
        key, _board_of(view.path).name, view.lineage[-1][1], headline, children, fresh, _request.reader()
    )
    return html.Div(shown)


def plain(path: str, children: Sequence[Element | None], *, headline: Element | None = None) -> Element:
    """A page without filters."""
    return _page(children, path, path, headline=headline)


def problem(public: Text, reference: str | None) -> Element:
    """What stands where a page cannot: the reason, and the way to the other boards."""
    reader = _request.reader()
    header = _header("", "/")
    return shell.page(
        wording.PROBLEM, [notice.problem(public, reader, reference, titled=False)], reader, header=header
    )


def _page(
    children: Sequence[Element | None],
    path: str,
    back: str,
    *,
    bar: Element | None = None,
    headline: Element | None = None,
) -> Element:
    reader = _request.reader()
    header = _header(path, back)
    return shell.page(_board_of(path).name, children, reader, header=header, bar=bar, headline=headline)


def _header(path: str, back: str) -> Element:
    who = _request.who()
    return shell.header(
        who.role.menu(),
        path,
        _request.reader(),
        back=back,
        home=who.role.home,
        person=_request.title(),
        viewed=who.viewer is not None,
    )


def _board_of(path: str) -> catalog.Board:
    """The board of an address; one with a key in it (/metric/nps) is named by its beginning."""
    return catalog.BOARDS.get(path) or catalog.BOARDS["/" + path.split("/")[1]]


def _menus(view: View) -> list[shell.Menu]:
    periods = {key: name for key, (name, _) in PERIODS.items()}
    comparisons = {key: name for key, (name, _) in COMPARISONS.items()}
    types = {"": wording.ALL_STORE_TYPES, **catalog.STORE_TYPES}
    days = [
        shell.Menu("period", wording.PERIOD, periods, view.state["period"], view.days),
        shell.Menu("compare", wording.COMPARISON, comparisons, view.state["compare"]),
    ]
    if view.unit.kind == "store":
        return days
    return [*days, shell.Menu("type", catalog.dimension("store_type").name, types, view.state["type"])]


def _freshness() -> shell.Freshness:
    found = _request.desk().freshness(_request.scope())
    late = [shell.LateStore(feed.name, feed.extracted_at) for feed in found.late[:NAMED_LATE_STORES]]
    return shell.Freshness(found.as_of, found.completeness, late, len(found.late))
