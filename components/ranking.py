"""The stores of a unit by one metric, worst first: value, target, state, and what another reading adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dash import dcc, html

from components import floor_wording as words
from components import format, wording
from components import status_wording as status_words
from components.attributes import aria, data
from components.reader import Reader
from components.state import bad_days, standing, state, until
from components.svg import Svg, bullet
from components.table_tools import ExportHref, sort_key, sortable, sorting, tools
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
) -> html.Section:
    """`answer` is split by store, without grain. Stores of `names` without a value stand last."""
    metric = answer.metric
    rows = {key: answer.by_member.get(key) for key in names}
    judged = {
        key: verdict_of(answer, row.now if row else answer.total.nothing, key) for key, row in rows.items()
    }
    order = sorted(names, key=lambda key: (*worst_first(metric, judged[key])[:2], _size(answer, key), key))
    known = [key for key in order if judged[key].reason is not Reason.NO_DATA]
    heads: Sequence[Text] = (
        words.RANK,
        wording.MEMBER,
        words.VALUE,
        words.STATE,
        words.MOVE,
        status_words.RANK,
        words.TARGET,
        words.CASES,
    )
    head = html.Tr([html.Th(sorting(reader.told(name)), scope="col") for name in heads])
    body = []
    for place, key in enumerate(order, 1):
        row, verdict = rows[key], judged[key]
        now = row.now if row else answer.total.nothing
        moved = change(now, row.then if row else None)
        body.append(
            html.Tr(
                [
                    html.Td(str(place) if key in known else format.NO_VALUE, **sort_key(place)),
                    html.Th(
                        dcc.Link(reader.told(names[key]), href=href_of(key)),
                        scope="row",
                        **sort_key(reader.told(names[key])),
                    ),
                    html.Td(
                        format.phrase(now.value, metric.unit, reader),
                        className="measure",
                        **sort_key(now.value),
                    ),
                    html.Td(
                        state(verdict, reader, bad_days(verdict, until(answer))),
                        className="neutral" if verdict.reason is Reason.NO_TARGET else verdict.status.value,
                        **sort_key(verdict.status.severity),
                    ),
                    html.Td(
                        format.moved(moved, metric.unit, reader) if moved else format.NO_VALUE,
                        className="measure",
                        **sort_key(moved.absolute if moved else None),
                    ),
                    _standing(verdict, reader),
                    html.Td(
                        Svg(bullet(now.judged, verdict.limits, metric.direction), className="where")
                        if verdict.limits and now.judged is not None
                        else "",
                        className=f"bars {verdict.status.value}",
                        **sort_key(verdict.shortfall),
                    ),
                    html.Td(
                        format.count(now.n) if now.n else format.NO_VALUE,
                        className="measure",
                        **sort_key(now.n),
                    ),
                ],
                **data(store=key, value="" if now.value is None else f"{now.value:.10g}"),
            )
        )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="rows ranking", **sortable(NAME))
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
    return html.Section([bar, frame], className="panel listing", **data(role="ranking"))


def _standing(verdict: Verdict, reader: Reader) -> html.Td:
    """Tier and rank interval among all stores, and whether the rank has really moved."""
    place = verdict.stored.place if verdict.stored else None
    if place is None:
        return html.Td(format.NO_VALUE, className="measure", **sort_key(None))
    tier = status_words.TIER.get(place.tier)
    moved = reader.told(status_words.MOVED_SIGN[place.moved])
    pieces = [reader.told(tier)] if tier else []
    told = " ".join([*pieces, f"{place.low}{format.RANGE}{place.high}", moved]).strip()
    return html.Td(told, className="measure", title=reader.told(standing(place)), **sort_key(place.rank))


def _size(answer: Answer, key: str) -> float:
    """Where nothing is judged the larger value stands first."""
    row = answer.by_member.get(key)
    return -(row.now.value or 0.0) if row else float("inf")
