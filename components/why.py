"""Why a value is off: who and what adds how much to the gap. The parts add up to the gap, and each leads one step down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element
from components.table_tools import ExportHref, exports, sort_key, sortable, sorting
from kpi.decompose import Share, is_sum, together
from kpi.metric import Direction, Metric
from kpi.text import Text
from kpi.verdict import Side

SHOWN = 12
_PIECES = (
    ("volume", (wording.BY_VOLUME, wording.BY_VOLUME)),
    ("mix", (wording.MIX, wording.MIX)),
    ("rate", (wording.OWN_RATE, wording.BY_PRICE)),
)
"""Of a share, and its words for a ratio and for a sum."""


@dataclass(frozen=True)
class Part:
    """A unit or an input of the formula with its share of the gap. `code` is how it is summed, if it has no better name."""

    name: Text
    share: Share
    href: str | None = None
    code: str = ""


@dataclass(frozen=True)
class Split:
    """A gap and the parts that add up to it, in the metric's unit. `key` tells the tables of a page apart."""

    key: str
    title: Text
    gap: float
    parts: Sequence[Part]
    of: Text = wording.MEMBER
    """What it is split into."""

    def ordered(self, metric: Metric, side: Side | None) -> list[Part]:
        """Largest against the reader first: what pulls to the bad side. `side` is where the value misses a band."""
        bad = _bad_side(metric, side)
        return sorted(self.parts, key=lambda part: -bad * part.share.whole if bad else -abs(part.share.whole))


def why(
    split: Split,
    metric: Metric,
    reader: Reader,
    *,
    side: Side | None = None,
    export_href: ExportHref | None = None,
) -> Element:
    """The largest parts, the others as one; the file has them all."""
    ordered = split.ordered(metric, side)
    if len(ordered) > SHOWN:
        rest = [part.share for part in ordered[SHOWN:]]
        others = Part(wording.OTHERS.filled(n=len(rest)), together(rest))
        ordered = [*ordered[:SHOWN], others]
    whole = Part(wording.SUM, together([part.share for part in split.parts]))
    table = _Table(
        metric,
        reader,
        pieces_of(split.parts, metric),
        max((abs(p.share.whole) for p in ordered), default=0.0) or 1.0,
        _bad_side(metric, side),
        split.of,
    )
    heading = html.H2([reader.told(split.title), html.Small(format.signed(split.gap, metric.unit, reader))])
    offered = exports(export_href, reader) if export_href else None
    drawn = html.Table(
        [
            html.Thead(table.head()),
            html.Tbody([table.row(part) for part in ordered]),
            html.Tfoot(table.row(whole)),
        ],
        className="why",
        **sortable(split.key),
    )
    return html.Section(
        [
            html.Div([heading, offered], className="listing-head"),
            html.Div(
                drawn, className="scroll", tabIndex=0, role="region", **aria(label=reader.told(split.title))
            ),
        ],
        className="panel",
        **data(role="why", gap=f"{split.gap:.12g}"),
    )


def _bad_side(metric: Metric, side: Side | None) -> float:
    """The sign of a part that makes it worse; 0 where neither does, as inside a band."""
    match metric.direction:
        case Direction.HIGHER:
            return -1.0
        case Direction.LOWER:
            return 1.0
        case Direction.BAND:
            return {Side.LOW: -1.0, Side.HIGH: 1.0, None: 0.0}[side]
        case _:
            return 0.0


def pieces_of(parts: Sequence[Part], metric: Metric) -> list[tuple[str, Text]]:
    """The columns beside the whole, and their words; none when one of them is all of it."""
    found = [(piece, words) for piece, words in _PIECES if any(getattr(part.share, piece) for part in parts)]
    return [(piece, words[is_sum(metric)]) for piece, words in found] if len(found) > 1 else []


@dataclass(frozen=True)
class _Table:
    metric: Metric
    reader: Reader
    pieces: Sequence[tuple[str, Text]]
    widest: float
    bad: float
    of: Text

    def head(self) -> Element:
        names = [
            self.of,
            wording.PART_OF_GAP,
            *(words for _, words in self.pieces),
        ]
        heads = [html.Th(sorting(self.reader.told(name)), scope="col") for name in names]
        return html.Tr([*heads, html.Th("", className="bars")])

    def row(self, part: Part) -> Element:
        share, against = part.share, "against" if part.share.whole * self.bad > 0 else "with"
        bar = html.Td(
            Svg(_bar(share.whole / self.widest), className=f"share-bar {against}"), className="bars"
        )
        pieces = [self._amount(getattr(share, piece), "piece") for piece, _ in self.pieces]
        named = html.Th(self._named(part), scope="row", **sort_key(self.reader.told(part.name)))
        return html.Tr([named, self._amount(share.whole), *pieces, bar], **data(share=f"{share.whole:.12g}"))

    def _named(self, part: Part) -> Content:
        told = self.reader.told(part.name)
        shown: Content = html.Link(told, href=part.href) if part.href else told
        return [shown, html.Code(part.code)] if part.code else shown

    def _amount(self, amount: float, kind: str = "whole") -> Element:
        return html.Td(
            format.signed(amount, self.metric.unit, self.reader), className=kind, **sort_key(amount)
        )


def _bar(part: float) -> str:
    """A bar from the middle: left takes away, right adds."""
    width = 50 * min(abs(part), 1.0)
    x = 50 - width if part < 0 else 50.0
    bar = element("rect", x=f"{x:.2f}%", y="20%", width=f"{width:.2f}%", height="60%", fill="currentColor")
    middle = element("line", x1="50%", x2="50%", y1="0", y2="100%", class_="axis")
    return element("svg", bar + middle, class_="share")
