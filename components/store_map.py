"""The national map: every store in its place, coloured and shaped by its verdict, over provinces washed by their reds.

Drawn on the server as SVG; assets/map.js adds zoom, search, the card and the arrow keys. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from components import html, wording
from components import map_wording as words
from components import status_wording as words_of_status
from components.attributes import data
from components.html import Element
from components.map_land import STEPS, ProvinceShade, at, inset, land, names
from components.map_outline import Box, Floats, Outline, outline
from components.map_placing import spread
from components.reader import Reader
from components.svg import Svg, element, text
from components.wording import PIECE_END
from kpi.text import Text, joined
from kpi.verdict import Status

GAP = 46.0
"""No two dots are closer than this at the first zoom, in units of a drawing that shows the whole country (km)."""

_COVERS = {Status.GOOD: 1.0, Status.UNKNOWN: 1.0, Status.WARNING: 2.0, Status.CRITICAL: 6.0}
_KEEPS_SIZE = 0.85
"""Dots and names shrink in the drawing by this power of the zoom: 1 would keep their size on the screen; a close view
has room for slightly larger ones. assets/map.js knows it too."""

_BOUNDS = (73.0, 3.0, 136.0, 54.0)
"""West, south, east and north end of China: beyond them, coordinates are wrong or swapped."""

_NEAREST_SHARE = 0.12
"""The closest first view is this share of the whole country's width."""

_WHOLE_SHARE = 0.62
"""A first view wider than this share shows the whole country, and with it the inset; assets/map.js knows it too."""


@dataclass(frozen=True)
class StoreDot:
    """One store on the map. Longitude and latitude are WGS84 degrees; without them it stands in the list only.

    The texts are ready to be read.
    """

    store_id: str
    name: Text
    longitude: float | None
    latitude: float | None
    status: Status
    value_text: str
    state: Text | None = None
    """The word for the status, if more is known than its name: wording.REASON."""
    value: float | None = None
    """What the list sorts by; None comes last."""
    target_text: str = ""
    """What it is judged by, in words of its own: “target 68–85 %”, “98 % of plan”."""
    days: int | None = None
    """How long the status has lasted."""
    times: int | None = None
    """The how manieth time this quarter."""
    shortfall: float = 0.0
    """How far it is from its target, over the target: which of two of a status is the worse."""
    half: bool = False
    """A green whose guard is red."""
    place: Text | None = None
    peers: Text | None = None
    """The kind of store it is: those of the same kind are lit with it."""

    @property
    def word(self) -> Text:
        return self.state or wording.STATUS[self.status]

    @property
    def bad_days(self) -> int | None:
        """For how long it has been a bad one."""
        return self.days if self.status in (Status.CRITICAL, Status.WARNING) else None

    @property
    def lasting(self) -> Text:
        if not self.bad_days:
            return self.word
        said = words_of_status.LASTING.filled(state=self.word, days=self.bad_days)
        again = words_of_status.AGAIN.filled(times=self.times)
        return joined([said, again], PIECE_END) if self.times else said


def worst_first(stores: Sequence[StoreDot]) -> list[StoreDot]:
    """By status; within one by how far they are from their target, then as given."""
    return sorted(stores, key=lambda store: (store.status.severity, -store.shortfall))


def store_map(
    stores: Sequence[StoreDot],
    provinces: Mapping[str, ProvinceShade],
    reader: Reader,
    *,
    href_of: Callable[[str], str],
    province_href: Callable[[str], str] | None = None,
    title: Text,
    selected: str | None = None,
    id: str = "store-map",
) -> Element:
    """The map of `stores`, given worst first within each status. `provinces` are keyed by adcode (110000).

    It opens on the provinces that are given. `href_of` is the address of a store, `province_href` that of a province,
    `title` what the dots show.
    """
    china = outline()
    located, homes = _located(china, stores)
    view = _first_view(china, [china.provinces[code].box for code in provinces if code in china.provinces])
    scale = (view.width / china.frame.width) ** _KEEPS_SIZE
    placed = np.array(spread(tuple(map(tuple, homes.tolist())), GAP * scale)).reshape(-1, 2)
    moves = ((placed - homes) / scale).round().astype(int).tolist()
    weights = np.array([_COVERS[store.status] for store in located])
    layers = [
        *land(china, provinces, reader, province_href),
        names(china, provinces, placed, weights, scale, reader),
        _dots(located, homes.tolist(), moves, reader, href_of, selected),
    ]
    label = reader.told(words.MAP.filled(n=len(stores), title=title))
    drawing = element(
        "svg",
        "".join(layers),
        class_="china",
        viewBox=str(view),
        style=f"--s:{scale:.4f}",
        role="group",
        aria_label=f"{label}. {reader.told(words.HOW)}",
    )
    panel = element(
        "div", drawing + inset(china, reader) + '<div class="about" hidden=""></div>', class_="sea"
    )
    markup = _tools(reader, id) + panel + _legend(stores, len(stores) - len(located), reader)
    frame = {"map": id, "frame": str(china.frame), "near": "" if scale == 1 else "near"}
    return html.Section(Svg(markup, className="island"), className="panel store-map", **data(**frame))


def _located(china: Outline, stores: Sequence[StoreDot]) -> tuple[list[StoreDot], Floats]:
    """The stores whose coordinates lie in or near China, and (stores, 2) where in the drawing."""
    degrees = np.array([(s.longitude, s.latitude) for s in stores], dtype=float).reshape(-1, 2)
    west, south, east, north = _BOUNDS
    inside = np.all((degrees >= (west, south)) & (degrees <= (east, north)), axis=1)
    located = [store for store, known in zip(stores, inside, strict=True) if known]
    return located, china.projection.place(degrees[inside, 0], degrees[inside, 1]).round()


def _first_view(china: Outline, boxes: Sequence[Box]) -> Box:
    """A rectangle of the frame's proportions around the boxes; the whole frame when they fill most of it."""
    frame = china.frame
    if not boxes:
        return frame
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    share = max((right - left) / frame.width, (bottom - top) / frame.height) * 1.15
    if share > _WHOLE_SHARE:
        return frame
    share = max(share, _NEAREST_SHARE)
    width, height = share * frame.width, share * frame.height
    return Box((left + right - width) / 2, (top + bottom - height) / 2, width, height)


# --- the dots -----------------------------------------------------------------------------------------------------------


def _dots(
    stores: Sequence[StoreDot],
    homes: Sequence[Sequence[float]],
    moves: Sequence[Sequence[int]],
    reader: Reader,
    href_of: Callable[[str], str],
    selected: str | None,
) -> str:
    """Links, worst last so that nothing hides a red. One of them, the worst, can be reached by Tab."""
    given = {store.store_id: place for place, store in enumerate(stores)}
    drawn = []
    order = worst_first(stores)[::-1]
    for store in order:
        place = given[store.store_id]
        told = {
            "class": f"dot {store.status.value}" + (" selected" if store.store_id == selected else ""),
            "href": href_of(store.store_id),
            "tabindex": "0" if store is order[-1] else "-1",
            "transform": at(homes[place]),
            **_told(store, reader),
        }
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in told.items())
        drawn.append(f"<a{attributes}>{_shape(store.status, *moves[place], half=store.half)}</a>")
    return element("g", "".join(drawn), class_="dots")


def _told(store: StoreDot, reader: Reader) -> dict[str, str]:
    """What a screen reader hears, the card shows and the search looks through."""
    name, state = reader.told(store.name), reader.told(store.lasting)
    note = [store.target_text, *(reader.told(piece) for piece in (store.place, store.peers) if piece)]
    others = [other for other in dict.fromkeys(store.name) if other != name]
    return {
        "aria-label": reader.told(words.SAID).format(name=name, state=state, value=store.value_text),
        "data-key": store.store_id,
        "data-name": name,
        "data-state": state,
        "data-value": store.value_text,
        "data-note": " · ".join(filter(None, note)),
        **({"data-find": others[0]} if others else {}),
        **({"data-peers": reader.told(store.peers)} if store.peers else {}),
    }


def _shape(status: Status, x: int = 0, y: int = 0, *, half: bool = False) -> str:
    """The status's mark around a place, as wide as the gap between dots or less; half of it for a green that counts so."""
    if half:
        return f'<path d="M{x} {y - 15}a15 15 0 0 0 0 30z"/>'
    match status:
        case Status.CRITICAL:
            return f'<path d="M{x - 19} {y - 19}h38v38h-38z"/>'
        case Status.WARNING:
            return f'<path d="M{x} {y - 22}l22 38h-44z"/>'
        case Status.GOOD:
            return f'<circle cx="{x}" cy="{y}" r="13"/>'
        case Status.UNKNOWN:
            return f'<path d="M{x - 17} {y - 5}h34v10h-34z"/>'


# --- around the map -----------------------------------------------------------------------------------------------------


def _tools(reader: Reader, id: str) -> str:
    """Search and zoom; both need the script."""
    found = f"{id}-found"
    box = element(
        "input",
        type="search",
        placeholder=reader.told(words.SEARCH),
        aria_label=reader.told(words.SEARCH),
        autocomplete="off",
        spellcheck="false",
        role="combobox",
        aria_expanded="false",
        aria_controls=found,
        aria_autocomplete="list",
        data_none=reader.told(words.NONE_FOUND),
    )
    options = (
        f'<ul id="{text(found)}" role="listbox" hidden="" aria-label="{text(reader.told(words.FOUND))}"></ul>'
    )
    buttons = "".join(
        element(
            "button",
            sign,
            type="button",
            data_zoom=way,
            aria_label=reader.told(name),
            title=reader.told(name),
        )
        for way, sign, name in (
            ("in", "+", words.ZOOM_IN),
            ("out", "\N{MINUS SIGN}", words.ZOOM_OUT),
            ("all", "\N{ANTICLOCKWISE OPEN CIRCLE ARROW}", words.ZOOM_RESET),
        )
    )
    search = element("div", box + options, class_="search")
    zoom = element("div", buttons, class_="zoom", role="group", aria_label=reader.told(words.ZOOM))
    return element(
        "div",
        search + zoom,
        class_="tools",
        data_open=reader.told(words.OPEN),
        data_narrow=reader.told(words.NARROW),
    )


def _legend(stores: Sequence[StoreDot], unlocated: int, reader: Reader) -> str:
    items = []
    for status in sorted(Status, key=lambda status: status.severity):
        count = sum(store.status is status for store in stores)
        shape = f'<svg viewBox="-24 -24 48 48" aria-hidden="true">{_shape(status)}</svg>'
        word = text(reader.told(wording.STATUS[status]))
        items.append(f'<li class="{status.value}">{shape}{word} <b>{count}</b></li>')
    bounds = ["0", *(f"{step:.0%}".removesuffix("%") for step in STEPS)]
    ramp = "".join(f'<i class="wash-{level}">{bound}</i>' for level, bound in enumerate(bounds, 1))
    share = f'<span class="ramp">{text(reader.told(words.SHARE))}<i class="wash-0"></i>{ramp} %</span>'
    if unlocated:
        told = text(reader.told(words.UNLOCATED[unlocated > 1].filled(n=unlocated)))
        items.append(f'<li class="unlocated">{told}</li>')
    credit = f"<small>{text(reader.told(words.CREDIT))}</small>"
    return f'<div class="legend"><ul>{"".join(items)}</ul>{share}{credit}</div>'
