"""A board as a wall shows it: its sentence and its tiles, worst first, as many at a time as can be read from afar.

assets/wall/wall.js turns the frames, assets/live.js greys what has grown old. No links, no lists, no personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from components import html, wording
from components import wall_wording as words
from components.attributes import data
from components.headline import said
from components.html import Element
from components.reader import Reader
from components.svg import mark
from kpi.text import Text
from kpi.verdict import Reason, Status


def frames(
    key: str,
    name: Text,
    place: Text,
    headline: Element,
    parts: Sequence[Element | None],
    fresh: Sequence[str],
    reader: Reader,
) -> list[Element]:
    """The frames of a board: its tiles in groups of equal size. `key` tells the board from others of the playlist."""
    tiles = [tile for part in parts if part and _named(part, "tiles") for tile in part.children]
    screen = reader.screen
    room = max(1, screen.tiles(reader.locale)) if screen else len(tiles)
    groups = _groups(tiles, room)
    return [
        _frame(f"{key}#{number}", name, place, [headline, _grid(group, reader)], fresh, reader)
        for number, group in enumerate(groups, 1)
    ]


def trouble(key: str, name: Text, reader: Reader) -> Element:
    """What stands in for a board that cannot be shown; it names nothing that may not be known here."""
    sentence = said(words.NOT_SHOWN, reader)
    return _frame(f"{key}#1", name, Text("", ""), [sentence], (), reader)


def signs(reader: Reader) -> list[Element]:
    """What stands over every frame: that updates have stopped, which frame of how many, and the clock."""
    word = data(word=reader.told(wording.REASON[Reason.STALE]))
    lost = html.Div(
        [mark(Status.UNKNOWN), reader.told(wording.LOST), html.Time()],
        className="lost",
        role="status",
        **word,
    )
    sign = html.P(
        [
            html.Span(reader.told(words.NEW_ALERT), className="news", hidden=True),
            html.Span(reader.told(words.PAUSED), className="paused", hidden=True),
            html.Span(className="place"),
            html.Time(className="clock"),
        ],
        className="signs",
    )
    return [lost, sign]


def _frame(
    key: str, name: Text, place: Text, parts: Sequence[Element], fresh: Sequence[str], reader: Reader
) -> Element:
    head = html.Header(
        [html.B(reader.told(name)), html.Span(reader.told(place)), *map(html.Small, fresh)], className="board"
    )
    return html.Section([head, *parts], className="frame", hidden=True, **data(frame=key))


def _groups(tiles: Sequence[Element], room: int) -> list[Sequence[Element]]:
    """As few groups as the room allows, as equal as can be; without tiles one, which shows the sentence alone."""
    number = max(1, ceil(len(tiles) / room))
    size = ceil(len(tiles) / number)
    return [tiles[size * place : size * (place + 1)] for place in range(number)]


def _grid(tiles: Sequence[Element], reader: Reader) -> Element:
    """As square as the screen's columns allow."""
    most = reader.screen.columns(reader.locale) if reader.screen else len(tiles)
    rows = ceil(len(tiles) / max(1, most))
    columns = ceil(len(tiles) / max(1, rows))
    return html.Section(list(tiles), className="tiles", **data(columns=str(columns)))


def _named(part: Element, name: str) -> bool:
    return name in str(getattr(part, "className", "")).split()


def line(reader: Reader) -> str:
    """The height of a line of text as a share of the picture's width: all sizes of a wall follow from it."""
    return f"{reader.screen.line_share(reader.locale):.6f}" if reader.screen else ""
