"""Every metric as it is declared: meaning, formula, limits, owner, and how it is misread."""

from __future__ import annotations

from collections.abc import Sequence

from components import format, html, wording
from components import status_wording as words
from components.attributes import Content, aria
from components.html import Element
from components.reader import Reader
from kpi.catalog import METRICS, SOURCES
from kpi.metric import (
    Band,
    Direction,
    Formula,
    Level,
    Limits,
    Metric,
    NetScore,
    Plan,
    Ratio,
    Spread,
    SpreadGap,
    Total,
    Unit,
)
from kpi.text import Text, joined, same

Areas = Sequence[tuple[Text, Sequence[Metric]]]


def glossary(areas: Areas, reader: Reader) -> Element:
    """All areas with their metrics; each metric is an anchor of its key."""
    total = sum(len(metrics) for _, metrics in areas)
    contents = html.Nav(
        html.Ul([html.Li([html.B(reader.told(name)), _index(metrics, reader)]) for name, metrics in areas]),
        className="panel contents",
        **aria(label=reader.told(wording.GLOSSARY)),
    )
    sections = [
        html.Section([html.H2(reader.told(name)), *(_entry(metric, reader) for metric in metrics)])
        for name, metrics in areas
    ]
    lead = html.P(reader.told(wording.GLOSSARY_LEAD.filled(n=total)), className="lead-in")
    return html.Div([lead, contents, *sections], className="glossary")


def _index(metrics: Sequence[Metric], reader: Reader) -> Element:
    return html.Ul([html.Li(html.A(reader.told(metric.name), href=f"#{metric.key}")) for metric in metrics])


def _entry(metric: Metric, reader: Reader) -> Element:
    name = html.H3([html.A(reader.told(metric.name), href=f"#{metric.key}"), html.Code(metric.key)])
    facts = [
        part
        for label, value in _facts(metric, reader)
        for part in (html.Dt(reader.told(label)), html.Dd(value))
    ]
    mistake = html.P([html.B(reader.told(wording.MISTAKE)), reader.told(metric.mistake)], className="mistake")
    parts = [name, html.P(reader.told(metric.description)), html.Dl(facts), mistake]
    return html.Article(parts, id=metric.key, className="panel entry")


def _facts(metric: Metric, reader: Reader) -> list[tuple[Text, Content]]:
    days = [
        (wording.WINDOW, metric.rolling_days if metric.rolling_days > 1 else 0),
        (wording.MATURITY, metric.maturity_days),
    ]
    return [
        (wording.FORMULA, html.Code(formula(metric.formula))),
        *([(wording.AGAINST, html.Code(plan(metric.plan)))] if metric.plan else []),
        (wording.UNIT_WORD, reader.told(wording.UNIT_NAME[metric.unit])),
        (wording.DIRECTION_WORD, reader.told(wording.DIRECTION[metric.direction])),
        (wording.LIMITS, _limits(metric, reader)),
        *([(wording.SAMPLE_WORD, _sample(metric, reader))] if metric.n_min > 1 else []),
        *((label, reader.told(wording.DAYS_LONG.filled(n=n))) for label, n in days if n),
        (wording.REFRESH, reader.told(wording.TIER[metric.tier])),
        (wording.SOURCE, [reader.told(SOURCES[metric.source].name), " ", html.Code(metric.source)]),
        (wording.OWNER, reader.told(wording.OWNERS.get(metric.owner, same(metric.owner)))),
        *([(words.MOVES, _moves(metric, reader))] if metric.limits else []),
        *(
            (
                words.CHANGED,
                f"{format.full_day(change.on, reader)}{reader.told(wording.COLON)}{reader.told(change.what)}",
            )
            for change in metric.changes
        ),
        *([(wording.GUARD, _guard(metric.guard, reader))] if metric.guard else []),
    ]


def _moves(metric: Metric, reader: Reader) -> str:
    """How its status changes, in a sentence."""
    rules, planned = metric.rules, metric.plan is not None
    unit = Unit.SHARE if planned else metric.unit
    band = None if rules.deadband is None else format.distance(rules.deadband, unit, reader)
    said = words.MOVES_BY.filled(
        hold=rules.hold, within=rules.within, release=rules.release, settle=rules.settle,
        band=band or words.USUAL_BAND,
        period=words.PERIOD_OF[metric.period_days],
    )  # fmt: skip
    sure = words.NEEDS_EVIDENCE.filled(share=f"{rules.confidence:.0%}")
    return reader.told(joined([said, sure], wording.PIECE_END) if metric.sampled and not planned else said)


def _sample(metric: Metric, reader: Reader) -> str:
    return reader.told(wording.COUNTED.filled(n=format.count(metric.n_min), counted=metric.counted))


def _guard(key: str, reader: Reader) -> Element:
    return html.A(reader.told(METRICS[key].name), href=f"#{key}")


def _limits(metric: Metric, reader: Reader) -> Content:
    if not metric.limits:
        return reader.told(wording.NO_TARGET)
    return html.Ul([html.Li(_limit_line(metric, limits, reader)) for limits in metric.limits])


def _limit_line(metric: Metric, limits: Limits | Band, reader: Reader) -> str:
    unit = Unit.SHARE if metric.plan else metric.unit
    good = format.target(limits, metric.direction, unit, reader)
    if isinstance(limits, Band):
        band = format.between(*limits.critical, unit, reader)
        critical = reader.told(wording.OUTSIDE.filled(band=band))
    else:
        sign = "<" if metric.direction is Direction.HIGHER else ">"
        critical = f"{sign}{format.GAP}{format.limit(limits.critical, unit, reader)}"
    since_ever = limits.since.year <= 2000
    line = wording.ALWAYS_LINE if since_ever else wording.LIMIT_LINE
    return reader.told(line.filled(day=format.full_day(limits.since, reader), good=good, critical=critical))


def formula(made: Formula) -> str:
    """The arithmetic over summed columns, as code."""
    match made:
        case Total():
            return summed(made.total)
        case NetScore():
            return f"100 * ({summed(made.promoters)} - {summed(made.detractors)}) / {summed(made.answers)}"
        case Level():
            top = f"last_day({summed(made.level)})"
            return f"{top} / last_day({summed(made.over)})" if made.over else top
        case Spread():
            return f"quantile({made.q:g}, sum({made.of.key}_*))"
        case SpreadGap():
            these, those = (f"sum({made.of.key}_* if {group})" for group in (made.these, made.those))
            return f"quantile({made.q:g}, {these}) - quantile({made.q:g}, {those})"
        case Ratio():
            return f"{summed(made.numerator)} / {summed(made.denominator)}"


def plan(planned: Plan) -> str:
    """What the value is measured against, as code."""
    if planned.actual_volume and planned.planned_volume:
        return f"{summed(planned.total)} * {summed(planned.actual_volume)} / {summed(planned.planned_volume)}"
    return summed(planned.total)


def summed(sql: str) -> str:
    return f"sum({sql})"
