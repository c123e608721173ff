"""All indicators of one store in one table: value, history, target, state, and where it stands among its peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components import floor_wording as words
from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.state import apart, state
from components.svg import Svg, sparkline
from components.tile import target_line
from kpi.answer import Answer
from kpi.metric import Direction
from kpi.peers import Standing
from kpi.text import Text
from kpi.verdict import Reason, Verdict, change


@dataclass(frozen=True)
class KpiRow:
    answer: Answer
    verdict: Verdict
    trend: Answer
    standing: Standing | None


def kpi_table(
    areas: Sequence[tuple[Text, Sequence[KpiRow]]], reader: Reader, href_of: Callable[[str], str], unit: str
) -> Element:
    """Areas in their order; inside one, rows in the order given."""
    heads = (
        wording.INDICATOR,
        words.VALUE,
        words.STATE,
        words.MOVE,
        words.THIRTEEN_WEEKS,
        words.TARGET,
        words.PEERS,
    )
    head = html.Tr([html.Th(reader.told(name), scope="col") for name in heads])
    bodies = []
    for name, rows in areas:
        title = html.Tr(html.Th(reader.told(name), scope="rowgroup", colSpan=len(heads)), className="area")
        bodies.append(html.Tbody([title, *(_row(row, reader, href_of, unit) for row in rows)]))
    table = html.Table([html.Thead(head), *bodies], className="rows kpis")
    return html.Section(
        [html.H2(reader.told(words.ALL_KPIS)), html.Div(table, className="scroll", tabIndex=0)],
        className="panel listing",
        **data(role="kpis"),
    )


def _row(row: KpiRow, reader: Reader, href_of: Callable[[str], str], unit: str) -> Element:
    answer, verdict = row.answer, row.verdict
    metric, measured = answer.metric, answer.total
    status = "neutral" if verdict.reason is Reason.NO_TARGET else verdict.status.value
    values = [value for _, value in row.trend.points]
    moved = change(measured, answer.compared)
    name = html.Link(
        reader.told(metric.name), href=href_of(metric.key), title=reader.told(metric.description)
    )
    remark = apart(metric, verdict, reader, row.trend)
    cells = [
        html.Th(name, scope="row"),
        html.Td(format.phrase(measured.value, metric.unit, reader), className="measure value-cell"),
        html.Td(
            [state(verdict, reader), html.Small(reader.told(remark)) if remark else None], className=status
        ),
        html.Td(format.moved(moved, metric.unit, reader) if moved else format.NO_VALUE, className="measure"),
        html.Td(Svg(sparkline(values), className="trend") if len(values) > 1 else "", className="bars"),
        html.Td(target_line(measured, verdict, reader)),
        html.Td(_among(row.standing, metric.direction, reader), className="" if row.standing else "alone"),
    ]
    marks: Mapping[str, str] = {
        "kpi": metric.key,
        "unit": unit,
        "status": verdict.status.value,
        "value": "" if measured.value is None else f"{measured.value:.10g}",
        "as_of": answer.as_of.isoformat(),
    }
    return html.Tr(cells, **data(**marks))


def _among(standing: Standing | None, direction: Direction, reader: Reader) -> str:
    if standing is None:
        return format.NO_VALUE
    judged = direction in (Direction.HIGHER, Direction.LOWER)
    form = words.BETTER_THAN if judged else words.HIGHER_THAN
    share = f"{100 * standing.share:.0f}{format.GAP}%"
    return reader.told(form.filled(share=share, n=standing.of))
