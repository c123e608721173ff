"""Units against indicators as a listing: what the tables of regions and stores and the map say, for a file."""

from __future__ import annotations

from collections.abc import Sequence

from components import status_wording as words
from components import wording
from components.map_wording import PLACE
from components.region_strip import cells, worst_members
from kpi import catalog
from kpi.answer import Answer
from kpi.errors import BadRequest
from kpi.listing import Column, Kind, Listed, Listing, ListQuestion, Value
from kpi.metric import Unit
from kpi.organisation import BELOW
from kpi.question import Question
from kpi.text import Text, same
from kpi.verdict import Status, Verdict
from pages import _request
from pages._judging import Judge, judging
from pages._request import View

KEY = "members"
MOST_METRICS = 12
STATES = {
    **{reason.value: name for reason, name in wording.REASON.items()},
    **{status.value: name for status, name in wording.STATUS.items()},
}
TIERS = {tier.name: name for tier, name in words.TIER.items()}


def members(view: View, metrics: Sequence[str], split: str) -> Listed:
    """Each unit of the view with the value, the state and what it is judged by of every metric, worst first."""
    if split not in BELOW or not 0 < len(metrics) <= MOST_METRICS:
        raise BadRequest
    desk, scope = _request.desk(), _request.scope()
    only = view.only + (view.hour.only if view.hour else ())
    question = Question(metrics=tuple(metrics), period=view.period, split=split, only=only)
    answers = desk.ask(question, scope)
    judge = judging(view, metrics, split)
    names = desk.names(split, scope)
    places = {site.store_id: site.city for site in desk.sites(view.only, scope)} if split == "store" else {}
    cities = desk.names("city", scope) if places else {}
    rows = [
        {"unit": key, **_named("name", names.get(key)), **_named("city", cities.get(places.get(key, "")))}
        | {name: value for answer in answers.values() for name, value in _said(answer, key, judge).items()}
        for key in worst_members(cells(list(answers.values()), judge), list(names))
    ]
    listing = Listing(
        key=KEY,
        name=catalog.dimension(split).name,
        description=wording.BY_GAP,
        columns=tuple(_columns(list(answers.values()), split)),
        id_column="unit",
    )
    return Listed(listing, ListQuestion(listing=KEY, period=view.period), desk.as_of, tuple(rows))


def _named(column: str, name: Text | None) -> dict[str, Value]:
    return {f"{column}_zh": name.zh_cn if name else None, f"{column}_en": name.en if name else None}


def _said(answer: Answer, member: str, judge: Judge) -> dict[str, Value]:
    row, key = answer.by_member.get(member), answer.metric.key
    measured = row.now if row else answer.total.nothing
    verdict = judge(answer, measured, member)
    said: dict[str, Value] = {key: measured.value, f"{key}__state": _state(verdict), **_held(key, verdict)}
    if answer.metric.plan:
        said |= {f"{key}__plan": measured.plan, f"{key}__share": measured.judged}
    return said | {f"{key}__n": measured.n}


def _state(verdict: Verdict) -> str:
    """The status; of an unknown one the reason."""
    return verdict.reason.value if verdict.status is Status.UNKNOWN else verdict.status.value


def _held(key: str, verdict: Verdict) -> dict[str, Value]:
    """Since when it is so, and where the unit stands among all of its kind."""
    stored = verdict.stored
    place = stored.place if stored else None
    return {
        f"{key}__since": stored.since if stored else None,
        f"{key}__tier": place.tier.name if place and place.tier in words.TIER else None,
        f"{key}__rank_low": place.low if place else None,
        f"{key}__rank_high": place.high if place else None,
    }


def _columns(answers: Sequence[Answer], split: str) -> list[Column]:
    name = catalog.dimension(split).name
    columns = [
        Column("unit", wording.KEY_OF.filled(name=name)),
        Column("name_zh", name),
        Column("name_en", wording.IN_ENGLISH.filled(name=name)),
    ]
    if split == "store":
        columns += [Column("city_zh", PLACE), Column("city_en", wording.IN_ENGLISH.filled(name=PLACE))]
    return columns + [column for answer in answers for column in _of_metric(answer)]


def _of_metric(answer: Answer) -> list[Column]:
    """The value under its name; the days that answered for it stand there too when they are not those asked for."""
    metric, window = answer.metric, answer.window

    def named(word: Text) -> Text:
        return wording.ASPECT.filled(name=metric.name, aspect=word)

    days = same(f"{window.first} – {window.last}")
    name = metric.name if window == answer.question.period else named(days)

    planned = (
        [
            Column(f"{metric.key}__plan", named(wording.PLAN_WORD), metric.unit),
            Column(f"{metric.key}__share", named(wording.OF_PLAN_WORD), Unit.SHARE),
        ]
        if metric.plan
        else []
    )
    return [
        Column(metric.key, name, metric.unit),
        Column(f"{metric.key}__state", named(wording.STATE_WORD), Kind.TEXT, words=STATES),
        Column(f"{metric.key}__since", named(words.SINCE_DAY), Kind.DAY),
        Column(f"{metric.key}__tier", named(words.TIER_WORD), Kind.TEXT, words=TIERS),
        Column(f"{metric.key}__rank_low", named(words.RANK_LOW), Unit.COUNT),
        Column(f"{metric.key}__rank_high", named(words.RANK_HIGH), Unit.COUNT),
        *planned,
        Column(f"{metric.key}__n", named(wording.CASES_WORD), Unit.COUNT),
    ]
