"""技师: how does this technician stand, since when, and which repairs came back? Reached from lists of technicians."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components import wording
from components.history import history
from components.html import Element
from components.listing import listing
from components.table_tools import ExportHref
from components.tile import tile, tile_grid
from kpi.answer import Answer
from kpi.errors import BadRequest, UnknownName
from kpi.listing import Listed, Value
from kpi.question import Grain, Period, Question
from kpi.text import same
from kpi.verdict import judge
from pages import _frame, _request
from pages._request import View

METRICS = ("rework_rate_tech", "efficiency_tech", "utilisation_tech", "tech_rating")
DRAWN = ("rework_rate_tech", "efficiency_tech")
MONTHS_OF_DAYS = 396
REWORK = "rework_orders"

_frame.register_page(__name__, "/technician", path_template="/technician/<who>")


def layout(who: str = "", **query: Any) -> Element:
    view, standing = _found(who, query)
    reader, desk, scope = _request.reader(), _request.desk(), _request.scope()
    only = (*view.only, ("technician", (who,)))
    answers = desk.ask(Question(metrics=METRICS, period=view.period, compare=view.compare, only=only), scope)
    months = desk.ask(
        Question(
            metrics=METRICS,
            period=Period.ending(desk.last_complete_day, MONTHS_OF_DAYS),
            grain=Grain.MONTH,
            only=only,
        ),
        scope,
    )
    behind = replace(view.arranged_listing(REWORK), only=only)
    parts: list[Element | None] = [
        _tiles(answers, months, who),
        listing(standing, reader, href_of=view.thing, title=wording.STANDING, note=True),
        listing(
            desk.list(behind, scope).of_one_store(),
            reader,
            href_of=view.thing,
            export_href=_files(view, who),
            arrange=view.arrange(REWORK),
            note=True,
        ),
        *(
            history(months[key], reader, wording.HISTORY_OF.filled(name=months[key].metric.name))
            for key in DRAWN
        ),
    ]
    return _frame.board(view, parts, up="/technicians", here=same(who))


def _files(view: View, who: str) -> ExportHref | None:
    """The rework of this technician as a file, for whoever may take it along."""
    if not _request.role().exports(REWORK):
        return None
    return view.export(REWORK, technician=who)


def _found(who: str, query: Mapping[str, Any]) -> tuple[View, Listed]:
    """The page's view, which is that of the technician's store, and the technician's own row among all of the skill."""
    if not who:
        raise BadRequest(public=wording.CHOOSE_A_TECHNICIAN)
    path = f"/technician/{who}"
    asked = replace(_request.view(path, query).listing("technicians"), only=())
    listed = _request.desk().list(asked, _request.scope())
    mine: tuple[Mapping[str, Value], ...] = tuple(row for row in listed.rows if row["technician_id"] == who)
    if not mine:
        raise UnknownName(wording.TECHNICIAN, who, [str(row["technician_id"]) for row in listed.rows])
    view = _request.view(path, {**query, "unit": f"store:{mine[0]['store_id']}"})
    return view, replace(listed, rows=mine)


def _tiles(answers: Mapping[str, Answer], months: Mapping[str, Answer], who: str) -> Element:
    reader = _request.reader()
    return tile_grid(
        [
            tile(
                answer,
                judge(answer.total, day=answer.window.last, as_of=answer.as_of, now=_request.now()),
                reader,
                unit=f"technician:{who}",
                series=months[key],
            )
            for key, answer in answers.items()
        ]
    )
