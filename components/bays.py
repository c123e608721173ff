"""Every bay of a store at a glance: working, blocked, free."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.listing import cell_text
from components.reader import Reader
from components.svg import mark
from kpi.listing import Listed, Value
from kpi.verdict import Status

MARKS = {
    "work": Status.GOOD,
    "wait_parts": Status.CRITICAL,
    "wait_approval": Status.WARNING,
    "free": Status.UNKNOWN,
}


def bays(listed: Listed, reader: Reader) -> Element:
    """`listed` is the listing bays_now of one store."""
    state = listed.listing.column("state")
    counts = Counter(str(row["state"]) for row in listed.rows)
    told = " · ".join(
        f"{reader.told(state.words[key])} {counts[key]}" for key in MARKS if state.words and counts[key]
    )
    boxes = [
        html.Li(
            [
                html.B(str(row["bay_id"]).rsplit("-", 1)[-1]),
                html.Span([mark(MARKS[str(row["state"])]), cell_text(row["state"], state, reader)]),
                html.Small(_since(row["started_at"], listed, reader)),
            ],
            className=str(row["state"]),
        )
        for row in listed.rows
    ]
    head = html.H2([reader.told(wording.BAYS_NOW), html.Small(told)])
    return html.Section([head, html.Ul(boxes, className="bays")], className="panel", **data(role="bays"))


def _since(started: Value, listed: Listed, reader: Reader) -> str:
    """Of today the time is enough."""
    if not isinstance(started, datetime):
        return format.NO_VALUE
    today = started.date() == listed.as_of.date()
    return format.clock(started) if today else format.moment(started, reader)
