"""服务中心运营效率: where do bays and technicians stand idle, where do customers wait? For regional managers, daily."""

from __future__ import annotations

from typing import Any

from components import wording
from components.floor_now import longest_waits
from components.heat import by_weekday_and_hour, heat, one_hour
from components.html import Element
from components.losses import losses
from components.spreads import spreads
from kpi.catalog import metric
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import Board
from pages._hours import band
from pages._outlook import tomorrow_panel
from pages._request import View

METRICS = (
    "bay_util",
    "queue_wait_min",
    "cycle_time_h",
    "tech_utilisation",
    "tech_efficiency",
    "output_per_store_day",
    "output_per_tech_day",
)
MORE = ("tech_proficiency", "vehicles_per_day", "on_time_delivery", "wait_p90", "cycle_p90")

WORKED, OVERTIME = "bay_util", "bay_overtime"
LOSSES = (
    WORKED,
    "bay_loss_parts",
    "bay_loss_approval",
    "bay_loss_no_show",
    "bay_loss_technician",
    "bay_loss_no_work",
    OVERTIME,
)
WAITS = (
    ("queue_wait_min", "wait_median", "wait_p90"),
    ("cycle_time_h", "cycle_median", "cycle_p90"),
)
EFFECT = "appointment_effect"
BY_HOUR = ("bay_util_now", "vehicles_now", "revenue_now")
HEAT_DAYS = 28
LONGEST = 3
OPEN_SHARE = 0.25
"""Of the bay time of the fullest hour; an hour with less is left out of the strip."""

_frame.register_page(__name__, "/stations")


def layout(hour: str = "", **query: Any) -> Element:
    view = _request.view("/stations", query, hour=hour)
    Board.ahead(view, METRICS, _where_lost(view), _by_arrival(view))
    board = Board.asked(view, METRICS, MORE)
    parts = [
        _one_hour(view, board),
        _now(view),
        board.tiles(),
        board.today_link(),
        tomorrow_panel(view),
        _losses(view),
        board.attention(),
        board.members(),
        _waiting(view),
        _hours(view),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _now(view: View) -> Element:
    """The stores where customers wait longest at this minute."""
    listed = _request.desk().list(view.listing("stores_waiting"), _request.scope())
    return longest_waits(
        listed, LONGEST, _request.reader(), lambda store: view.page_of("store", store, "/today")
    )


def _where_lost(view: View) -> Question:
    return Question(metrics=LOSSES, period=view.period, compare=view.compare, only=view.only)


def _by_arrival(view: View) -> Question:
    keys = tuple(key for trio in WAITS for key in trio)
    return Question(metrics=keys, period=view.period, split="arrival", only=view.only)


def _losses(view: View) -> Element:
    """Where the bay minutes of the days went."""
    answers = _request.desk().ask(_where_lost(view), _request.scope())
    return losses(answers, WORKED, OVERTIME, _request.reader(), lambda key: view.href(f"/metric/{key}"))


def _waiting(view: View) -> Element:
    """Waiting as a distribution, with and without an appointment."""
    answers = _request.desk().ask(_by_arrival(view), _request.scope())
    return spreads(answers, WAITS, metric(EFFECT), _request.reader(), lambda key: view.href(f"/metric/{key}"))


def _hours(view: View) -> Element:
    """When the bays are full: the last four weeks, by weekday and hour."""
    question = Question(metrics=(BY_HOUR[0],), period=_weeks(), grain=Grain.DAY, split="hour", only=view.only)
    answer = _request.desk().ask(question, _request.scope())[BY_HOUR[0]]
    grid = by_weekday_and_hour(answer)
    most = max((one.denominator or 0.0 for one in grid.values()), default=0.0)
    # Where hardly a bay is open, what is worked is the overtime of closed ones.
    inside = {place: one for place, one in grid.items() if (one.denominator or 0.0) >= OPEN_SHARE * most}
    return heat(
        inside,
        answer.metric,
        band(),
        _request.reader(),
        wording.UTILISATION_BY_HOUR,
        href_of=None if _request.reader().screen else lambda hour: view.href(hour=str(hour)),
        chosen=view.hour,
    )


def _one_hour(view: View, board: Board) -> Element | None:
    """The hour of the week that was chosen in the strip, at the units below, or on its days at a store."""
    if view.hour is None:
        return None
    below = view.unit.below
    question = Question(
        metrics=BY_HOUR,
        period=_weeks(),
        grain=None if below else Grain.DAY,
        split=below,
        only=view.only + view.hour.only,
    )
    answers = list(_request.desk().ask(question, _request.scope()).values())
    days = f"{question.period.first}..{question.period.last}"
    return one_hour(
        answers,
        view.hour,
        band(),
        _request.reader(),
        names=board.names,
        away=view.href(hour=""),
        href_of=board.href_of,
        export_href=below and view.export_members(BY_HOUR, below, hour=str(view.hour), period=days),
    )


def _weeks() -> Period:
    return Period.ending(_request.desk().last_complete_day, HEAT_DAYS)
