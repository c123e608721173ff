"""One metric, one number, one verdict: the piece every board is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from components import format, html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.state import bad_days, signals, state, until
from components.svg import Svg, bullet, sparkline
from kpi.answer import Answer, Measured
from kpi.metric import Band, Direction, Limits, Tier, Unit
from kpi.question import COMPARISONS
from kpi.text import Text
from kpi.verdict import Reason, Verdict, change, green_limit, interval

LEADS = {4: 4, 5: 2, 6: 3, 7: 3}
"""How many tiles of a first screen are written larger, by the number of tiles."""


def tile(
    answer: Answer,
    verdict: Verdict,
    reader: Reader,
    *,
    unit: str,
    series: Answer | None = None,
    lead: bool = False,
    days: int | None = None,
    note: Text | None = None,
    href: str | None = None,
) -> Element:
    """The answer's total with its verdict, move, limits and evidence.

    `unit` is the organisational unit it speaks of (network, region:north, store:…), `series` the same metric over
    time for the sparkline, `days` how long the status has lasted, `note` one more line, `href` where it leads.
    """
    metric, measured = answer.metric, answer.total
    neutral = verdict.reason is Reason.NO_TARGET
    names = ["tile", "neutral" if neutral else verdict.status.value]
    names += [name for name, said in (("large", lead), ("half", verdict.half)) if said]
    lasting = days or bad_days(verdict, until(answer))
    parts = [
        _head(answer, verdict, reader, lasting, href),
        _figure(answer, verdict, reader, series),
        _bullet(measured, verdict),
        signals(metric, verdict, reader, series),
        html.P(reader.told(note), className="aside") if note else None,
        _foot(answer, verdict, reader),
    ]
    value = measured.value
    return html.Article(
        [part for part in parts if part is not None],
        className=" ".join(names),
        **data(
            kpi=metric.key,
            unit=unit,
            status=verdict.status.value,
            value="" if value is None else f"{value:.10g}",
            as_of=answer.as_of.isoformat(),
            good_for=str(round(metric.tier.max_age.total_seconds())),
        ),
    )


def tile_grid(tiles: Sequence[Element]) -> Element:
    """Tiles in the order given, which is worst first."""
    return html.Section(list(tiles), className="tiles", **data(count=str(len(tiles))))


def _head(answer: Answer, verdict: Verdict, reader: Reader, days: int | None, href: str | None) -> Element:
    name, told = reader.told(answer.metric.name), reader.told(answer.metric.description)
    linked = (
        html.Link(name, href=href, className="whole", title=told) if href else html.Span(name, title=told)
    )
    return html.Div([html.H2(linked, className="name"), state(verdict, reader, days)], className="head")


def _figure(answer: Answer, verdict: Verdict, reader: Reader, series: Answer | None) -> Element:
    measured, unit = answer.total, answer.metric.unit
    written = format.shown(measured.value, unit, reader, beside=_limit_beside(measured, verdict))
    digits, word = html.Span(written.number, className="number"), html.Small(written.unit, className="unit")
    main = html.Div([html.P([digits, word], className="value")], className="main")
    side = html.Div([_move(answer, reader), _trend(series)], className="side")
    return html.Div([main, side], className="reading")


def _trend(series: Answer | None) -> Svg | None:
    values = [value for _, value in series.points] if series else []
    return Svg(sparkline(values), className="trend") if len(values) > 1 else None


def _limit_beside(measured: Measured, verdict: Verdict) -> float | None:
    """The limit a missed value must not be rounded onto."""
    if verdict.limits is None or not verdict.gap or measured.metric.plan:
        return None
    return green_limit(verdict.limits, verdict.side)


def _move(answer: Answer, reader: Reader) -> Element | None:
    found = change(answer.total, answer.compared)
    if found is None:
        return None
    label = comparison(answer, reader) if found.real else reader.told(wording.NO_CHANGE)
    moved = format.moved(found, answer.metric.unit, reader)
    return html.P([html.Span(moved, className="delta"), html.Small(label)], className="move")


def comparison(answer: Answer, reader: Reader) -> str:
    """What the answer is compared with: by its name, or by its days."""
    asked = answer.question
    for name, period_of in COMPARISONS.values():
        if asked.compare == period_of(asked.period):
            return reader.told(name)
    days = answer.compare_window or asked.compare
    if days is None:
        return ""
    first, last = format.day(days.first, reader), format.day(days.last, reader)
    return reader.told(wording.VERSUS.filled(first=first, last=last))


def _bullet(measured: Measured, verdict: Verdict) -> Svg | None:
    if verdict.limits is None:
        return None
    judged = None if verdict.reason is Reason.NO_DATA else measured.judged
    return Svg(bullet(judged, verdict.limits, measured.metric.direction), className="where")


def _foot(answer: Answer, verdict: Verdict, reader: Reader) -> Element:
    evidence = [html.Span(piece, className=name) for name, piece in _evidence(answer, verdict, reader)]
    target = html.Span(target_line(answer.total, verdict, reader), className="target")
    return html.Div([target, html.Span(evidence, className="evidence")], className="foot")


def target_line(measured: Measured, verdict: Verdict, reader: Reader) -> str:
    """The limit or the plan the value is judged by."""
    metric = measured.metric
    if verdict.limits is None:
        return reader.told(wording.NO_TARGET)
    if metric.plan:
        if measured.plan is None:
            return reader.told(wording.NO_PLAN)
        plan, share = format.phrase(measured.plan, metric.unit, reader), plan_share(measured, verdict, reader)
        return reader.told(wording.PLAN.filled(plan=plan, share=share))
    return _target(verdict.limits, metric.direction, metric.unit, reader)


@lru_cache
def _target(limits: Limits | Band, direction: Direction, unit: Unit, reader: Reader) -> str:
    """Written once for hundreds of stores that have the same."""
    return reader.told(wording.TARGET.filled(target=format.target(limits, direction, unit, reader)))


def plan_share(measured: Measured, verdict: Verdict, reader: Reader) -> str:
    """Actual over plan; a missed plan never reads 100 %."""
    beside = green_limit(verdict.limits, verdict.side) if verdict.limits and verdict.gap else None
    return format.phrase(measured.judged, Unit.SHARE, reader, beside=beside)


def _evidence(answer: Answer, verdict: Verdict, reader: Reader) -> list[tuple[str, str]]:
    """How certain and how fresh: class name and words of each piece."""
    metric, measured = answer.metric, answer.total
    pieces = []
    if measured.n and (metric.sampled or metric.n_min > 1):
        pieces.append(("n", reader.told(wording.SAMPLE.filled(n=format.count(measured.n)))))
    found = interval(measured)
    if found:
        half = format.half_width(found, metric.unit)
        pieces.append(("interval", reader.told(wording.PLUS_MINUS.filled(half=half))))
    return [*pieces, ("as-of", reader.told(_known_until(answer, verdict, reader)))]


def _known_until(answer: Answer, verdict: Verdict, reader: Reader) -> Text:
    metric, last = answer.metric, format.day(answer.window.last, reader)
    if verdict.reason is Reason.STALE or metric.tier is Tier.LIVE:
        return wording.AS_OF.filled(moment=format.moment(answer.as_of, reader))
    if metric.maturity_days:
        return wording.MATURE_UNTIL.filled(day=last)
    if answer.window.days != answer.question.period.days:
        return wording.DAYS_UNTIL.filled(days=answer.window.days, day=last)
    return wording.UNTIL.filled(day=last)
