"""The stores of a unit by one metric, worst first: value, target, state, and what another reading adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components import floor_wording as words
from components import format, html, wording
from components import status_wording as status_words
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.state import apart, bad_days, standing, state, until
from components.svg import Svg, bullet
from components.table_tools import ExportHref, sort_key, sortable, sorting, tools, unfold
from components.tile import target_line
from kpi.answer import Answer, Measured
from kpi.text import Text
from kpi.verdict import Reason, Verdict, change, worst_first

NAME = "ranking"


def ranking(
    answer: Answer,
    verdict_of: Callable[[Answer, Measured, str | None], Verdict],
    names: Mapping[str, Text],
    reader: Reader,
    href_of: Callable[[str], str],
    *,
    export_href: ExportHref | None = None,
) -> Element:
    """`answer` is split by store, without grain. Stores of `names` without a value stand last."""
    metric = answer.metric
    rows = {key: answer.by_member.get(key) for key in names}
    judged = {
        key: verdict_of(answer, row.now if row else answer.total.nothing, key) for key, row in rows.items()
    }
    order = sorted(names, key=lambda key: (*worst_first(metric, judged[key])[:2], _size(answer, key), key))
    known = [key for key in order if judged[key].reason is not Reason.NO_DATA]
    # Of a band nobody is ranked: it is to be kept to.
    ranked = any(verdict.stored and verdict.stored.place for verdict in judged.values())
    heads: Sequence[tuple[Text, str | None]] = (
        (words.RANK, None),
        (wording.MEMBER, None),
        (words.VALUE, "measure"),
        (words.STATE, None),
        (words.MOVE, "measure"),
        *([(status_words.RANK, "measure")] if ranked else []),
        (words.TARGET, None),
        (words.CASES, "measure"),
    )
    head = html.Tr([html.Th(sorting(reader.told(name)), scope="col", className=kind) for name, kind in heads])

    def cell(name: Text, shown: Content, by: object, kind: str = "measure", **more: Any) -> Element:
        return html.Td(shown, className=kind, **sort_key(by), **data(label=reader.told(name)), **more)

    body = []
    for place, key in enumerate(order, 1):
        row, verdict, name = rows[key], judged[key], reader.told(names[key])
        now = row.now if row else answer.total.nothing
        moved = change(now, row.then if row else None)
        standing_of, where, rank = _standing(verdict, reader)
        remark = apart(metric, verdict, reader)
        seen = "neutral" if verdict.reason is Reason.NO_TARGET else verdict.status.value
        drawn = (
            Svg(bullet(now.judged, verdict.limits, metric.direction), className="where")
            if verdict.limits and now.judged is not None
            else ""
        )
        body.append(
            html.Tr(
                [
                    cell(words.RANK, str(place) if key in known else format.NO_VALUE, place, "place"),
                    html.Th(html.Link(name, href=href_of(key)), scope="row", **sort_key(name)),
                    cell(words.VALUE, format.phrase(now.value, metric.unit, reader), now.value),
                    cell(
                        words.STATE,
                        [
                            state(verdict, reader, bad_days(verdict, until(answer))),
                            html.Small(reader.told(remark)) if remark else None,
                        ],
                        verdict.status.severity,
                        seen,
                    ),
                    cell(
                        words.MOVE,
                        format.moved(moved, metric.unit, reader) if moved else format.NO_VALUE,
                        moved.absolute if moved else None,
                    ),
                    *([cell(status_words.RANK, standing_of, rank, title=where)] if ranked else []),
                    cell(words.TARGET, drawn, verdict.shortfall, f"bars {verdict.status.value}"),
                    cell(words.CASES, format.count(now.n) if now.n else format.NO_VALUE, now.n),
                ],
                **data(store=key, value="" if now.value is None else f"{now.value:.10g}"),
            )
        )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="rows cards ranking", **sortable(NAME))
    frame = html.Div(
        table, className="scroll", tabIndex=0, role="region", **aria(label=reader.told(words.RANKING))
    )
    title = html.H2(
        [
            reader.told(words.RANKING),
            html.Small(target_line(answer.total, verdict_of(answer, answer.total, None), reader)),
        ]
    )
    bar = html.Div([title, tools(NAME, len(order), reader, export_href)], className="listing-head")
    if not order:
        frame = html.Div(html.P(reader.told(wording.EMPTY), className="empty"))
    return html.Section(
        [bar, frame, *unfold(len(order), reader)], className="panel listing", **data(role="ranking")
    )


def _standing(verdict: Verdict, reader: Reader) -> tuple[str, str | None, int | None]:
    """Tier and rank interval among all stores, and whether the rank has really moved; in words; and the rank."""
    place = verdict.stored.place if verdict.stored else None
    if place is None:
        return format.NO_VALUE, None, None
    tier = status_words.TIER.get(place.tier)
    moved = reader.told(status_words.MOVED_SIGN[place.moved])
    pieces = [reader.told(tier)] if tier else []
    told = " ".join([*pieces, f"{place.low}{format.RANGE}{place.high}", moved]).strip()
    return told, reader.told(standing(place)), place.rank


def _size(answer: Answer, key: str) -> float:
    """Where nothing is judged the larger value stands first."""
    row = answer.by_member.get(key)
    return -(row.now.value or 0.0) if row else float("inf")
