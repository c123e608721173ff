"""Units against indicators in one table to scan: where is it wrong?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from components import format, html, wording
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from components.state import apart, bad_days, lasting, standing, until
from components.svg import mark
from components.table_tools import ExportHref, sort_key, sortable, sorting, tools, unfold
from components.tile import plan_share
from kpi.answer import Answer, Measured
from kpi.glance import CRITICAL, UNKNOWN, WARNING, Glance
from kpi.metric import Metric, Unit
from kpi.text import Text, same
from kpi.verdict import Reason, Status, Verdict, green_limit

MOST_COLUMNS = 8
"""More members than this are written as rows."""

_UNIT_IN_HEADING = (Unit.POINTS, Unit.SCORE, Unit.RATING, Unit.HOURS, Unit.MINUTES, Unit.DAYS)
"""Named once; the others change from cell to cell or are a mere sign."""

CellHref = Callable[[str, str], str]
Judge = Callable[[Answer, Measured, str | None], Verdict]
"""Judges a value of a member, or of all together (None)."""
GlanceOf = Callable[[Answer], Glance]
"""What it says of every member, told at less cost."""


@dataclass(frozen=True)
class Cell:
    metric: Metric
    measured: Measured
    verdict: Verdict
    until: date
    """The day up to which its status has lasted."""


Cells = Mapping[str, Mapping[str, Cell]]
"""By member, then by metric key; a member that an answer does not know has no cell there."""


def member_table(
    answers: Sequence[Answer],
    verdict_of: Judge,
    names: Mapping[str, Text],
    reader: Reader,
    href_of: Callable[[str], str | None],
    *,
    title: Text = wording.REGIONS,
    most: int | None = None,
    glance_of: GlanceOf | None = None,
    export_href: ExportHref | None = None,
    cell_href: CellHref | None = None,
) -> Element:
    """Answers split by one dimension, without grain. Members stand worst first, metrics in the order given.

    `names` gives the words for a member's key (a key without a name stands for itself), `href_of` the page of a
    member or None. Up to MOST_COLUMNS members are columns, more are rows; `most` keeps only the worst (with `glance_of` only
    these are judged in full), and `export_href` is where all of them leave as a file. `cell_href` is where the value
    of a member (key, metric's key) leads.
    """
    few = _worst([glance_of(answer) for answer in answers], list(names), most) if most and glance_of else None
    found = cells(answers, verdict_of, few)
    members = worst_members(found, list(names))[:most]
    metrics = [answer.metric for answer in answers]

    def named(member: str) -> str:
        return reader.told(names.get(member, same(member)))

    def cell(member: str, metric: Metric) -> Element:
        href = cell_href(member, metric.key) if cell_href else None
        label = named(member) if across else " ".join(_heading(metric, reader))
        return _cell(found[member].get(metric.key), label, reader, href)

    def heading(member: str) -> Element:
        name = named(member)
        href = href_of(member)
        return html.Th(
            html.Link(name, href=href) if href else name, scope="col" if across else "row", **sort_key(name)
        )

    across = len(members) <= MOST_COLUMNS
    if across:
        head = html.Tr([_corner(wording.INDICATOR, reader), *map(heading, members)])
        body = [html.Tr([_metric_heading(m, reader, "row"), *(cell(k, m) for k in members)]) for m in metrics]
    else:
        unit = html.Th(sorting(reader.told(wording.MEMBER)), scope="col", className="corner")
        head = html.Tr([unit, *(_metric_heading(m, reader, "col") for m in metrics)])
        body = [html.Tr([heading(k), *(cell(k, m) for m in metrics)]) for k in members]
    name = "members" if most is None else "attention"
    titled = html.H2([reader.told(title), html.Small(reader.told(wording.BY_GAP))])
    offered = tools(name, len(members) if not across else 1, reader, export_href)
    caption = html.Caption(reader.told(title), className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(head), html.Tbody(body)],
        className="members cards",
        **sortable(name, across=across),
    )
    # A region that scrolls sideways must be reachable by keyboard.
    frame = html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label=reader.told(title)))
    return html.Section(
        [
            html.Div([titled, offered], className="listing-head"),
            frame,
            *(unfold(len(members), reader) if not across else []),
        ],
        className="panel strip",
        **data(role="members"),
    )


def worst_members(found: Cells, order: Sequence[str] = ()) -> list[str]:
    """Most alerts first, then most to watch, then the largest total shortfall; those without data come last.

    Equals stand as in `order`.
    """
    place = {member: index for index, member in enumerate(order)}

    def key(member: str) -> tuple[bool, int, int, float, int, str]:
        verdicts = [cell.verdict for cell in found[member].values()]
        known = any(verdict.status is not Status.UNKNOWN for verdict in verdicts)
        critical = sum(verdict.status is Status.CRITICAL for verdict in verdicts)
        warning = sum(verdict.status is Status.WARNING for verdict in verdicts)
        shortfall = sum(verdict.shortfall for verdict in verdicts)
        return not known, -critical, -warning, -shortfall, place.get(member, len(place)), member

    return sorted(found, key=key)


def cells(
    answers: Sequence[Answer], verdict_of: Judge, among: Collection[str] | None = None
) -> dict[str, dict[str, Cell]]:
    """What there is to show of each member, or of those `among`."""
    found: dict[str, dict[str, Cell]] = {}
    for answer in answers:
        last = until(answer)
        members = answer.by_member
        for member in members if among is None else among:
            if member in members:
                row = members[member]
                cell = Cell(answer.metric, row.now, verdict_of(answer, row.now, member), last)
                found.setdefault(member, {})[answer.metric.key] = cell
    return found


def _worst(glances: Sequence[Glance], order: Sequence[str], most: int) -> set[str]:
    """The first of `worst_members`, by their columns."""
    named = dict.fromkeys(order)
    named |= dict.fromkeys(member for told in glances for member in told.members if member is not None)
    place = {member: at for at, member in enumerate(named)}
    known, critical, warning, there = np.zeros((4, len(place)), np.int64)
    shortfall = np.zeros(len(place))
    for told in glances:
        whose = np.array([member is not None for member in told.members], np.bool_)
        at = np.array([place[member] for member in told.members if member is not None], np.int64)
        severity = told.severity[whose]
        there[at] = 1
        known[at] |= severity != UNKNOWN
        critical[at] += severity == CRITICAL
        warning[at] += severity == WARNING
        shortfall[at] += told.shortfall[whose]
    ranked = np.lexsort((-shortfall, -warning, -critical, 1 - known, 1 - there))
    members = list(place)
    return {members[at] for at in ranked[: min(most, int(there.sum()))]}


def _corner(text: Text, reader: Reader) -> Element:
    return html.Th(html.Span(reader.told(text), className="visually-hidden"), scope="col", className="corner")


def _heading(metric: Metric, reader: Reader) -> list[str]:
    """Its name and, where the cells do not tell it, its unit."""
    if metric.plan:
        return [reader.told(wording.OF_PLAN_NAME.filled(name=metric.name))]
    unit = [reader.told(wording.UNIT[metric.unit])] if metric.unit in _UNIT_IN_HEADING else []
    return [reader.told(metric.name), *unit]


def _metric_heading(metric: Metric, reader: Reader, scope: str) -> Element:
    name, *unit = _heading(metric, reader)
    return html.Th(
        sorting([name, *map(html.Small, unit)]), scope=scope, title=reader.told(metric.description)
    )


def _cell(cell: Cell | None, label: str, reader: Reader, href: str | None) -> Element:
    """`label` names the value where a narrow screen writes the row as lines."""
    told = data(label=label)
    if cell is None or cell.verdict.reason is Reason.NO_DATA:
        return html.Td(
            [mark(Status.UNKNOWN), reader.told(wording.REASON[Reason.NO_DATA])],
            className="unknown",
            **sort_key(None),
            **told,
        )
    reason, status = cell.verdict.reason, cell.verdict.status
    told |= sort_key(cell.measured.judged if cell.metric.plan else cell.measured.value)
    if reason is Reason.NO_TARGET:
        return html.Td(_linked(_shown(cell, reader), href), className="neutral", **told)
    word = reader.told(lasting(cell.verdict, bad_days(cell.verdict, cell.until)))
    if status is Status.UNKNOWN:
        return html.Td([mark(status), html.Span(_linked(word, href))], className=status.value, **told)
    heard = html.Span(word, className="visually-hidden")
    shape = mark(status, half=cell.verdict.half)
    said = _said(cell, word, reader)
    shown = [shape, heard, html.Span(_linked(_shown(cell, reader), href))]
    return html.Td(shown, className=status.value, title=said, **told)


def _said(cell: Cell, word: str, reader: Reader) -> str:
    """More about a cell, for the pointer: how long, why not what the value says, and where the unit stands."""
    stored, remark = cell.verdict.stored, apart(cell.metric, cell.verdict, reader)
    place = standing(stored.place) if stored and stored.place else None
    return " · ".join([word, *(reader.told(each) for each in (remark, place) if each)])


def _linked(shown: str, href: str | None) -> Content:
    return html.Link(shown, href=href) if href else shown


def _shown(cell: Cell, reader: Reader) -> str:
    metric, verdict = cell.metric, cell.verdict
    if metric.plan:
        return plan_share(cell.measured, verdict, reader)
    beside = green_limit(verdict.limits, verdict.side) if verdict.limits and verdict.gap else None
    written = format.shown(cell.measured.value, metric.unit, reader, beside=beside)
    return written.number if metric.unit in _UNIT_IN_HEADING else written.phrase
