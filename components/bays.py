"""Every bay of a store at a glance: working, blocked, free."""

from __future__ import annotations

from collections import Counter

from dash import html

from components import format, wording
from components.attributes import data
from components.listing import cell_text
from components.reader import Reader
from components.svg import mark
from kpi.listing import Listed
from kpi.verdict import Status

MARKS = {
    "work": Status.GOOD,
    "wait_parts": Status.CRITICAL,
    "wait_approval": Status.WARNING,
    "free": Status.UNKNOWN,
}


def bays(listed: Listed, reader: Reader) -> html.Section:
    """`listed` is the listing bays_now of one store."""
    state, since = listed.listing.column("state"), listed.listing.column("started_at")
    counts = Counter(str(row["state"]) for row in listed.rows)
    told = " · ".join(
        f"{reader.told(state.words[key])} {counts[key]}" for key in MARKS if state.words and counts[key]
    )
    boxes = [
        html.Li(
            [
                html.B(str(row["bay_id"]).rsplit("-", 1)[-1]),
                html.Span([mark(MARKS[str(row["state"])]), cell_text(row["state"], state, reader)]),
                html.Small(
                    cell_text(row["started_at"], since, reader) if row["started_at"] else format.NO_VALUE
                ),
            ],
            className=str(row["state"]),
        )
        for row in listed.rows
    ]
    head = html.H2([reader.told(wording.BAYS_NOW), html.Small(told)])
    return html.Section([head, html.Ul(boxes, className="bays")], className="panel", **data(role="bays"))
