"""今日门店: how full now and for the rest of the day, who waits, who comes, which cars are stuck? For store managers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components import floor_wording as words
from components import html
from components.bays import bays
from components.floor_now import cars_by_age
from components.headline import said
from components.html import Element
from components.listing import listing
from kpi.listing import Listed, ListQuestion
from kpi.question import Period
from kpi.text import Text
from pages import _frame, _request
from pages._choose import stores_to_choose
from pages._hours import rest_of_day, so_far_today, usual_days
from pages._request import View

TODAY = ("bay_util_now", "vehicles_now", "revenue_now")
LONG_WAIT = 30.0
OPEN_SHOWN = 12
LISTS = (
    "bays_now",
    "open_waits",
    "bookings_today",
    "open_orders",
    "technicians_today",
    "low_scores",
    "open_complaints",
)
WAYS = ((words.STORE_BUTTON, "/store"), (words.BOOKINGS_BUTTON, "/bookings"))

_frame.register_page(__name__, "/today", path_template="/store/<store>/today", order=0)


def layout(store: str = "", **query: Any) -> Element:
    unit = f"store:{store}" if store else str(query.get("unit") or _request.who().home)
    view = _request.view("/today", query, is_place=True, unit=unit)
    if view.unit.kind != "store":
        return stores_to_choose(view, "/today")
    view = replace(view, path=_request.address("store", view.unit.member, "/today"))
    found = {key: _listed(view.listing(key)) for key in LISTS}
    parts = [
        bays(found["bays_now"], _request.reader()),
        rest_of_day(view),
        _shown(view, found["open_waits"]),
        _shown(view, found["bookings_today"]),
        cars_by_age(found["open_orders"], _request.reader()),
        _shown(view, _listed(view.arranged_listing("open_orders"), OPEN_SHOWN), top=OPEN_SHOWN),
        _shown(view, found["technicians_today"]),
        _shown(view, found["low_scores"], told=words.SINCE_YESTERDAY),
        _shown(view, found["open_complaints"]),
        so_far_today(view, TODAY, usual_days(view)),
        _ways(view),
    ]
    return _frame.board(view, parts, headline=said(_sentence(found), _request.reader()), filters=False)


def _days() -> Period:
    """Today and yesterday."""
    return Period.ending(_request.desk().as_of.date(), 2)


def _listed(asked: ListQuestion, most: int | None = None) -> Listed:
    return _request.desk().list(replace(asked, period=_days()), _request.scope(), most)


def _shown(view: View, listed: Listed, *, top: int | None = None, told: Text | None = None) -> Element:
    key, name = listed.listing.key, listed.listing.name
    title = Text(f"{name.en}, {told.en}", f"{name.zh_cn}（{told.zh_cn}）") if told else name
    return listing(
        listed.of_one_store(),
        _request.reader(),
        href_of=view.thing,
        export_href=view.export(key, period=str(_days())),
        arrange=view.arrange(key),
        top=top,
        title=title,
    )


def _sentence(found: dict[str, Listed]) -> Text:
    """The day of the store in one sentence."""
    states = [str(row["state"]) for row in found["bays_now"].rows]
    waits = [float(row["waited"] or 0.0) for row in found["open_waits"].rows]  # type: ignore[arg-type]
    return words.DAY_SAID.filled(
        bays=len(states),
        free=states.count("free"),
        blocked=sum(state.startswith("wait") for state in states),
        waiting=len(waits),
        late=sum(waited > LONG_WAIT for waited in waits),
        come=len(found["bookings_today"].rows),
    )


def _ways(view: View) -> Element:
    reader = _request.reader()
    hrefs = (view.page_of("store", view.unit.member), view.href("/bookings"))
    links = [
        html.Link(reader.told(name), href=href, className="button")
        for (name, _), href in zip(WAYS, hrefs, strict=True)
    ]
    return html.P(links, className="actions")
