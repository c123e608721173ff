"""The running day by hour, for the pages that plan it: what was worked, what is booked, what usually walks in."""

from __future__ import annotations

from components.html import Element
from components.load import HourLoad, hours_of_day
from components.today import today
from kpi.capacity import usual_by_hour
from kpi.catalog import metric
from kpi.metric import Band
from kpi.pace import OPEN, by_now
from kpi.question import Grain, Period, Question
from kpi.usual import UsualDays
from pages import _request
from pages._request import View

UTILISATION, WALK_INS, TO_COME = "bay_util_now", "walk_in_load", "booked_to_come"
HISTORY_DAYS = 56
MEASURES = ("revenue", "vehicles", "bay_minutes_worked", "bay_minutes_available")
"""What the metrics of the running day are sums of."""


def band() -> Band:
    """Between which shares of its bay time a day is neither idle nor overloaded."""
    limits = metric("bay_util").limits_on(_request.desk().as_of.date())
    if not isinstance(limits, Band):
        raise TypeError("bay utilisation is judged by a band")
    return limits


def rest_of_day(view: View) -> Element:
    """Hours that are over with what was worked in them, those ahead with what is booked and usually walks in."""
    desk, scope = _request.desk(), _request.scope()
    at = desk.as_of
    day = Period(at.date(), at.date())
    worked = desk.ask(Question(metrics=(UTILISATION,), period=day, split="hour", only=view.only), scope)
    to_come = desk.ask(Question(metrics=(TO_COME,), period=day, split="hour", only=view.only), scope)
    history = Question(
        metrics=(WALK_INS,),
        period=Period.ending(desk.last_complete_day, HISTORY_DAYS),
        grain=Grain.DAY,
        split="hour",
        only=view.only,
    )
    usual = usual_by_hour(desk.ask(history, scope)[WALK_INS], at.date())
    found = {int(hour): row.now for hour, row in worked[UTILISATION].by_member.items()}
    booked = {int(hour): row.now.numerator or 0.0 for hour, row in to_come[TO_COME].by_member.items()}
    most = max((one.denominator or 0.0 for one in found.values()), default=0.0)
    # Where hardly a bay is open, what is worked is the overtime of closed ones.
    open_hours = sorted(
        hour for hour, one in found.items() if most and (one.denominator or 0.0) >= OPEN * most
    )
    hours = [
        HourLoad(
            hour=hour,
            worked=found[hour].numerator or 0.0,
            booked=booked.get(hour, 0.0) if hour >= at.hour else 0.0,
            walk_ins=usual.get(hour, 0.0) * _ahead(hour, at.hour, at.minute),
            available=found[hour].denominator or 0.0,
        )
        for hour in open_hours
    ]
    return hours_of_day(hours, at.hour, band(), _request.reader())


def usual_days(view: View) -> UsualDays:
    """What the calendar makes of the days around today, at the view's unit."""
    return _request.desk().usual(MEASURES, view.unit, view.only, _request.scope())


def so_far_today(view: View, metrics: tuple[str, ...], usual: UsualDays) -> Element:
    """Today so far against what is expected by this minute."""
    desk = _request.desk()
    day = desk.as_of.date()
    question = Question(
        metrics=metrics,
        period=Period.ending(day, HISTORY_DAYS + 1),
        grain=Grain.DAY,
        split="hour",
        only=view.only,
    )
    answers = desk.ask(question, _request.scope()).values()
    paces = [by_now(answer, desk.as_of, usual) for answer in answers]
    return today(paces, desk.as_of, _request.reader(), usual)


def _ahead(hour: int, now: int, minute: int) -> float:
    """The share of an hour that is still to come."""
    return 0.0 if hour < now else 1.0 if hour > now else 1 - minute / 60
