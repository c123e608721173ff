"""What boards say of the future: they ask what the nightly run has foretold, and fit nothing themselves."""

from __future__ import annotations

from datetime import date, timedelta

from components import outlook_wording as words
from components.html import Element
from components.outlook import (
    coming_days,
    month_ends,
    next_day,
    parts_trust_line,
    score_trust,
    score_trust_line,
)
from kpi.catalog import parts_quality
from kpi.catalog.listings.parts import DEMAND_CLASSES
from kpi.outlook import Outlook, last_of_month, month_end
from kpi.question import Grain, Period, Question
from pages import _request
from pages._hours import band
from pages._judging import judging
from pages._request import View

MINUTES_OF_HOUR = 60
SCORE = ("churn_auc", "churn_lift", "churn_brier_skill", "churn_calibration")
ADVICE = tuple(metric.key for metric in parts_quality.METRICS)
MADE = {"revenue": "revenue", "visits": "vehicles"}
"""The metric that tells what was made of a series until now."""


def month_end_panel(view: View) -> Element | None:
    """Where the running month ends, against its plan. Nothing where a store type narrows the view."""
    if view.kinds:
        return None
    desk, scope = _request.desk(), _request.scope()
    today = desk.as_of.date()
    month = Period(today.replace(day=1), last_of_month(today))
    ends = []
    for series, key in MADE.items():
        outlook = desk.outlook(view.unit, series, scope)
        if outlook is None:
            continue
        made = 0.0
        if today > month.first:
            so_far = Question(
                metrics=(key,), period=Period(month.first, today - timedelta(1)), only=view.only
            )
            made = desk.ask(so_far, scope)[key].total.value or 0.0
        plan = desk.ask(Question(metrics=(key,), period=month, only=view.only), scope)[key].total.plan
        end = month_end(outlook, made, today, plan)
        if end is not None:
            ends.append((outlook, end))
    return month_ends(ends, _request.reader())


def bay_hours_panel(view: View) -> Element | None:
    """The coming days' bay hours against what the bays can give."""
    desk, scope = _request.desk(), _request.scope()
    outlook = None if view.kinds else desk.outlook(view.unit, "bay_hours", scope)
    if outlook is None:
        return None
    return coming_days(outlook, _capacity(view, outlook), _request.reader())


def tomorrow_panel(view: View) -> Element | None:
    """How full the bays will be tomorrow. Nothing where a store type narrows the view, or all is closed."""
    desk, scope = _request.desk(), _request.scope()
    outlook = None if view.kinds else desk.outlook(view.unit, "bay_hours", scope)
    tomorrow = desk.as_of.date() + timedelta(1)
    found = outlook.within(tomorrow, tomorrow) if outlook else ()
    if outlook is None or not found:
        return None
    capacity = _capacity(view, outlook).get(tomorrow)
    return next_day(outlook, found[0], capacity, band(), _request.reader()) if capacity else None


def _capacity(view: View, outlook: Outlook) -> dict[date, float]:
    """Bay hours that the days of an outlook offer."""
    days = Period(outlook.days[0].day, outlook.days[-1].day)
    question = Question(metrics=("booked_share",), period=days, grain=Grain.DAY, only=view.only)
    found = _request.desk().ask(question, _request.scope())["booked_share"].series
    return {day: (measured.denominator or 0.0) / MINUTES_OF_HOUR for day, measured in found}


def score_panel(view: View) -> Element | None:
    """How the churn score did when it was tried on the past; None where nobody is scored yet."""
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    period = Period.ending(desk.last_complete_day, 1)
    answers = desk.ask(Question(metrics=SCORE, period=period, only=view.only), scope)
    trust = desk.score_trust(scope)
    if trust is None or all(answer.total.value is None for answer in answers.values()):
        return None
    judge = judging(view, SCORE, view.unit.kind)
    judged = [(answer, judge(answer, answer.total)) for answer in answers.values()]
    line = score_trust_line(trust, reader)
    return score_trust(judged, reader, lambda key: view.href(f"/metric/{key}"), words.SCORE, line)


def advice_panel(view: View) -> Element | None:
    """How demand for parts was foretold before, and what following the advice would have led to; None without one."""
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    trust = desk.parts_trust(scope)
    if trust is None:
        return None
    period = Period.ending(desk.last_complete_day, 1)
    answers = desk.ask(Question(metrics=ADVICE, period=period, only=view.only), scope)
    judge = judging(view, ADVICE, view.unit.kind)
    judged = [(answer, judge(answer, answer.total)) for answer in answers.values()]
    line = parts_trust_line(trust, DEMAND_CLASSES, reader)
    return score_trust(judged, reader, lambda key: view.href(f"/metric/{key}"), words.PARTS, line)
