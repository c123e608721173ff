"""预约与产能: bookings against capacity, today and ahead. For regions and stores, live."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from components.floor_wording import BY_CHANNEL
from components.html import Element
from components.load import days_ahead, units_ahead
from components.region_strip import member_table
from kpi.answer import Answer
from kpi.capacity import ahead, ahead_of_each, usual_by_weekday, usual_by_weekday_of_each
from kpi.catalog import CHANNELS
from kpi.question import Grain, Period, Question
from pages import _frame, _request
from pages._board import Board, table
from pages._hours import band, rest_of_day
from pages._judging import judging
from pages._outlook import bay_hours_panel
from pages._request import View

METRICS = (
    "show_rate",
    "no_show_rate",
    "appointment_share",
    "cross_store_share",
    "referred_out_share",
    "bay_util",
    "queue_wait_min",
)
STANDING = "bookings_standing"
BY_CHANNELS = ("channel_no_show", STANDING)
BOOKED, WALK_INS = "booked_share", "walk_in_load"
DAYS, WEEK, HISTORY_DAYS, ROWS = 30, 7, 56, 20

_frame.register_page(__name__, "/bookings")


def layout(**query: Any) -> Element:
    view = _request.view("/bookings", query)
    Board.ahead(view, METRICS, _by_channel(view))
    board = Board.asked(view, METRICS)
    usual = _usual(view)
    parts = [
        board.tiles(),
        board.today_link(),
        rest_of_day(view),
        _units(view, board, usual),
        bay_hours_panel(view),
        _days(view, usual),
        _channels(view),
        board.members(),
        # Of more than a city they are too many to read: whom to call, only stores can say.
        table(view, "bookings_today", top=ROWS) if view.unit.below in (None, "store") else None,
        board.attention(),
    ]
    return _frame.board(view, parts, headline=board.headline())


def _usual(view: View) -> Answer:
    """What walk-ins took of the bay time, day by day, over the last weeks."""
    desk = _request.desk()
    period = Period.ending(desk.last_complete_day, HISTORY_DAYS)
    question = Question(
        metrics=(WALK_INS,), period=period, grain=Grain.DAY, split=view.unit.below, only=view.only
    )
    return desk.ask(question, _request.scope())[WALK_INS]


def _booked(view: View, days: int, split: str | None) -> Answer:
    desk = _request.desk()
    period = Period.ending(desk.as_of.date() + timedelta(days - 1), days)
    question = Question(metrics=(BOOKED,), period=period, grain=Grain.DAY, split=split, only=view.only)
    return desk.ask(question, _request.scope())[BOOKED]


def _days(view: View, usual: Answer) -> Element:
    """The coming days of the whole unit."""
    today = _request.desk().as_of.date()
    loads = ahead(_booked(view, DAYS, None), usual_by_weekday(usual, today))
    return days_ahead(loads, today, band(), _request.reader(), lambda day: _bookings(view, day))


def _units(view: View, board: Board, usual: Answer) -> Element | None:
    """The coming week of each unit below; at a store the days are all there is."""
    if view.unit.below is None:
        return None
    today = _request.desk().as_of.date()
    booked = _booked(view, WEEK, view.unit.below)
    return units_ahead(
        ahead_of_each(booked, usual_by_weekday_of_each(usual, today)),
        board.names,
        today,
        band(),
        _request.reader(),
        board.href_of,
        lambda member, day: _bookings(view, day, unit=f"{view.unit.below}:{member}"),
    )


def _bookings(view: View, day: date, **unit: str) -> str:
    """Where the single bookings of a day are listed."""
    return view.href("/orders", metric=STANDING, period=f"{day}..{day}", **unit)


def _by_channel(view: View) -> Question:
    return Question(metrics=BY_CHANNELS, period=view.period, split="channel", only=view.only)


def _channels(view: View) -> Element:
    """How the channels keep what they promise."""
    answers = _request.desk().ask(_by_channel(view), _request.scope())
    return member_table(
        list(answers.values()),
        judging(view, BY_CHANNELS),
        CHANNELS,
        _request.reader(),
        lambda _: None,
        title=BY_CHANNEL,
    )
