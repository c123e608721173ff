"""Why a value is off: who adds how much to the gap. The parts add up to the gap, and each leads one step down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dash import dcc, html

from components import format, wording
from components.attributes import data
from components.reader import Reader
from components.svg import Svg, element
from kpi.decompose import Share
from kpi.metric import Direction, Metric
from kpi.text import Text, same

SHOWN = 12


def why(
    title: Text,
    gap: float,
    shares: Sequence[Share],
    metric: Metric,
    names: Mapping[str, Text],
    reader: Reader,
    href_of: Callable[[str], str],
) -> html.Section:
    """`gap` and the shares are in the metric's unit.

    Largest against the reader first: the members that pull the value to its bad side.
    """
    bad = -1.0 if metric.direction is Direction.HIGHER else 1.0
    if metric.direction in (Direction.BAND, Direction.NEUTRAL):
        bad = 1.0 if gap > 0 else -1.0
    ordered = sorted(shares, key=lambda share: -bad * share.whole)
    first, rest = ordered[:SHOWN], ordered[SHOWN:]
    widest = max((abs(share.whole) for share in ordered), default=0.0) or 1.0
    rows = [_row(share, metric, names, reader, href_of, widest, bad) for share in first]
    if rest:
        others = Share("", sum(s.rate for s in rest), sum(s.mix for s in rest))
        word = wording.OTHERS.filled(n=len(rest))
        rows.append(_row(others, metric, {"": word}, reader, None, widest, bad))
    mixed = any(share.mix for share in shares)
    heads = [wording.MEMBER, wording.PART_OF_GAP, *([wording.OWN_RATE, wording.MIX] if mixed else []), None]
    head = html.Tr([html.Th(reader.told(text) if text else "", scope="col") for text in heads])
    total = Share("", sum(s.rate for s in shares), sum(s.mix for s in shares))
    foot = _row(total, metric, {"": wording.SUM}, reader, None, widest, bad)
    table = html.Table(
        [html.Thead(head), html.Tbody(rows), html.Tfoot(foot)], className="why" + (" mixed" if mixed else "")
    )
    heading = html.H2([reader.told(title), html.Small(signed(gap, metric, reader))])
    return html.Section(
        [heading, html.Div(table, className="scroll")],
        className="panel",
        **data(role="why", gap=f"{gap:.12g}"),
    )


def signed(amount: float, metric: Metric, reader: Reader) -> str:
    sign = "+" if amount > 0 else format.MINUS if amount < 0 else "±"
    return sign + format.distance(abs(amount), metric.unit, reader)


def _row(
    share: Share,
    metric: Metric,
    names: Mapping[str, Text],
    reader: Reader,
    href_of: Callable[[str], str] | None,
    widest: float,
    bad: float,
) -> html.Tr:
    name = reader.told(names.get(share.member, same(share.member)))
    cells = [
        html.Th(dcc.Link(name, href=href_of(share.member)) if href_of else name, scope="row"),
        html.Td(signed(share.whole, metric, reader)),
    ]
    pieces = [html.Td(signed(part, metric, reader), className="piece") for part in (share.rate, share.mix)]
    against = "against" if share.whole * bad > 0 else "with"
    bar = html.Td(Svg(_bar(share.whole / widest), className=f"bar {against}"), className="bars")
    return html.Tr([*cells, *pieces, bar], **data(share=f"{share.whole:.12g}"))


def _bar(part: float) -> str:
    """A bar from the middle: left takes away, right adds."""
    width = 50 * min(abs(part), 1.0)
    x = 50 - width if part < 0 else 50.0
    bar = element("rect", x=f"{x:.2f}%", y="20%", width=f"{width:.2f}%", height="60%", fill="currentColor")
    middle = element("line", x1="50%", x2="50%", y1="0", y2="100%", class_="axis")
    return element("svg", bar + middle, class_="share")
