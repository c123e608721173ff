"""What will happen, with how far it can be trusted beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from components import format, html, wording
from components import outlook_wording as words
from components.attributes import data
from components.floor_wording import LOADS
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element, mark, text
from components.tile import target_line
from kpi.answer import Answer
from kpi.capacity import Load
from kpi.metric import Band, Unit
from kpi.outlook import (
    MODELS,
    PARTS_METHODS,
    SCORES,
    Foretold,
    MonthEnd,
    Outlook,
    PartsTrust,
    ScoreTrust,
    Trust,
)
from kpi.text import CLAUSES, Text, joined, same
from kpi.verdict import Verdict

FULL, A_ROW = 0.85, 4
NAMED = 6
HALF = 50
"""Chances from one half are amber, from four in five red: as sure as the range is."""
SURE = 80


def month_ends(ends: Sequence[tuple[Outlook, MonthEnd]], reader: Reader) -> Element | None:
    """Where the month ends, a series each, and the chance to miss its plan."""
    if not ends:
        return None
    title = reader.told(words.MONTH_END.filled(day=format.day(ends[0][1].last, reader)))
    items = html.Ul([_month_end(outlook, end, reader) for outlook, end in ends])
    notes = [_trust(outlook, reader) for outlook, _ in ends[:1]]
    return html.Section(
        [html.H2(title), items, *notes], className="panel today outlook", **data(role="month-end")
    )


def _month_end(outlook: Outlook, end: MonthEnd, reader: Reader) -> Element:
    unit = outlook.series.unit
    number, shown_unit = format.shown(end.expected, unit, reader)
    plan = reader.told(words.PLAN.filled(plan=format.phrase(end.plan, unit, reader))) if end.plan else ""
    likely = reader.told(words.LIKELY.filled(range=format.between(end.low, end.high, unit, reader)))
    return html.Li(
        [
            html.Span(reader.told(outlook.series.name), className="name"),
            html.Span([number, html.Small(shown_unit)], className="reading"),
            Svg(_against_plan(end), className="where"),
            html.Span(_chance(end, reader), className="state"),
            html.Small(" · ".join(part for part in (likely, plan) if part), className="expected"),
        ],
        className=_status(end),
        **data(series=outlook.series.key, miss="" if end.miss is None else f"{end.miss:.4f}"),
    )


def _status(end: MonthEnd) -> str:
    chance = 100 * (end.miss or 0.0)
    return (
        "neutral"
        if end.miss is None
        else "critical"
        if chance >= SURE
        else "warning"
        if chance >= HALF
        else "good"
    )


def _chance(end: MonthEnd, reader: Reader) -> str:
    if end.miss is None:
        return ""
    chance = min(max(round(100 * end.miss), 1), 99)
    return reader.told(words.MISS.filled(chance=str(chance)))


def next_day(outlook: Outlook, each: Foretold, capacity: float, band: Band, reader: Reader) -> Element:
    """How full the bays will be on one day: `each` and `capacity` in bay hours, judged by the band of utilisation."""
    load = Load(each.day, each.mean, 0.0, capacity)
    called = load.called(each.day, band)
    mean, low, high = (round(value / capacity, 3) for value in (each.mean, each.low, each.high))
    likely = words.LIKELY.filled(range=format.between(low, high, Unit.SHARE, reader))
    hours = words.OF_HOURS.filled(
        mean=format.phrase(each.mean, Unit.HOURS, reader),
        capacity=format.phrase(capacity, Unit.HOURS, reader),
    )
    number, unit = format.shown(mean, Unit.SHARE, reader)
    item = html.Li(
        [
            html.Span([number, html.Small(unit)], className="reading"),
            Svg(_bullet(mean, low, high, band.critical), className="where"),
            html.Span(reader.told(LOADS[called]), className=f"load {called}"),
            html.Small(f"{reader.told(likely)} · {reader.told(hours)}", className="expected"),
        ],
        **data(load=called),
    )
    title = reader.told(words.NEXT_DAY.filled(day=format.day(each.day, reader)))
    return html.Section(
        [html.H2(title), html.Ul(item), _trust(outlook, reader)],
        className="panel today outlook",
        **data(role="next-day"),
    )


def _against_plan(end: MonthEnd) -> str:
    return _bullet(end.expected, end.low, end.high, (end.plan,) if end.plan else ())


def _bullet(expected: float, low: float, high: float, aims: Sequence[float]) -> str:
    """The range as a zone, the expected as a dot, what it is measured by as lines."""
    first, last = min(low, expected, *aims), max(high, expected, *aims)
    margin = max((last - first) * 0.15, 1e-9)

    def at(value: float) -> str:
        return f"{100 * (value - first + margin) / (last - first + 2 * margin):.2f}%"

    width = f"{100 * (high - low) / (last - first + 2 * margin):.2f}%"
    drawn = [
        element("rect", width="100%", class_="track"),
        element("rect", x=at(low), width=width, class_="zone"),
        element("circle", cx=at(expected), cy="50%", class_="here"),
    ]
    drawn += [element("line", x1=at(aim), x2=at(aim), y1="0", y2="100%", class_="aim") for aim in aims]
    return element("svg", "".join(drawn), class_="bullet")


def coming_days(outlook: Outlook, capacity: Mapping[date, float], reader: Reader) -> Element:
    """A column a day with its range, and the capacity it meets."""
    name = reader.told(outlook.series.name)
    title = reader.told(words.NEXT_DAYS.filled(name=name, days=str(len(outlook.days))))
    full = [each for each in outlook.days if capacity.get(each.day) and each.mean > FULL * capacity[each.day]]
    return html.Section(
        [
            html.H2(title),
            Svg(_columns(outlook.days, capacity, outlook.series.unit, reader), className="fan"),
            html.Div([html.Small(day) for day in _axis(outlook.days, reader)], className="axis"),
            html.P(_fullness(full, capacity, reader)) if capacity else None,
            _trust(outlook, reader),
        ],
        className="panel outlook",
        **data(role="outlook", series=outlook.series.key),
    )


def _axis(days: Sequence[Foretold], reader: Reader) -> list[str]:
    """The first day of each week, and the last of all."""
    return [format.day(each.day, reader) for each in (*days[:-1:7], days[-1])]


def _fullness(full: Sequence[Foretold], capacity: Mapping[date, float], reader: Reader) -> str:
    if not full:
        return reader.told(words.NO_OVERFLOW)
    fullest = sorted(full, key=lambda each: -each.mean / capacity[each.day])[:NAMED]
    named = [
        words.FULLNESS.filled(
            day=format.day(each.day, reader), share=round(100 * each.mean / capacity[each.day])
        )
        for each in sorted(fullest, key=lambda each: each.day)
    ]
    return reader.told(words.OVERFLOW.filled(days=joined(named)))


def score_trust(
    judged: Sequence[tuple[Answer, Verdict]],
    reader: Reader,
    href_of: Callable[[str], str],
    title: Text = words.SCORE,
    *more: Element,
) -> Element:
    """The score's measures in a row, each judged like any figure; `more` is said below them."""
    items = [
        html.Li(
            [
                html.Link(reader.told(answer.metric.name), href=href_of(answer.metric.key), className="name"),
                html.Span(format.phrase(answer.total.value, answer.metric.unit, reader), className="reading"),
                html.Span(
                    [mark(verdict.status), reader.told(wording.STATUS[verdict.status])], className="state"
                ),
                html.Small(target_line(answer.total, verdict, reader), className="expected"),
            ],
            className=verdict.status.value,
            **data(measure=answer.metric.key),
        )
        for answer, verdict in judged
    ]
    return html.Section(
        [html.H2(reader.told(title)), html.Ul(items), *more],
        className="panel today outlook" + (" many" if len(items) > A_ROW else ""),
        **data(role="score"),
    )


def _columns(days: Sequence[Foretold], capacity: Mapping[date, float], unit: Unit, reader: Reader) -> str:
    top = max([each.high for each in days] + [capacity.get(each.day, 0.0) for each in days]) or 1.0
    wide = 100 / len(days)
    drawn = []
    for place, each in enumerate(days):
        left, middle = place * wide, (place + 0.5) * wide
        inside = [
            element("title", text(_told(each, capacity.get(each.day), unit, reader))),
            element(
                "rect", x=f"{left + 0.15 * wide:.2f}%", width=f"{0.7 * wide:.2f}%", y=_up(each.mean, top),
                height=f"{100 * each.mean / top:.2f}%", class_="column",
            ),
            element(
                "line", x1=f"{middle:.2f}%", x2=f"{middle:.2f}%", y1=_up(each.low, top), y2=_up(each.high, top),
                class_="range",
            ),
        ]  # fmt: skip
        if capacity.get(each.day):
            at = _up(capacity[each.day], top)
            inside.append(
                element("line", x1=f"{left:.2f}%", x2=f"{left + wide:.2f}%", y1=at, y2=at, class_="aim")
            )
        drawn.append(element("g", "".join(inside)))
    return element("svg", "".join(drawn), class_="fan", role="img")


def _up(value: float, top: float) -> str:
    return f"{100 * (1 - value / top):.2f}%"


def _told(each: Foretold, capacity: float | None, unit: Unit, reader: Reader) -> str:
    told = reader.told(
        words.DAY.filled(
            day=format.day(each.day, reader),
            mean=format.phrase(each.mean, unit, reader),
            range=format.between(each.low, each.high, unit, reader),
        )
    )
    if not capacity:
        return told
    share = reader.told(words.OF_CAPACITY.filled(share=str(round(100 * each.mean / capacity))))
    return f"{told} · {share}"


def _trust(outlook: Outlook, reader: Reader) -> Element:
    return html.Small(trust_line(outlook.trust, reader), className="trust", **data(role="trust"))


def trust_line(trust: Trust, reader: Reader) -> str:
    """The model's name, its error against the naive one, and how often its range held."""
    return reader.told(
        words.TRUST.filled(
            model=reader.told(MODELS.get(trust.model, same(trust.model))),
            origins=str(trust.origins),
            error=f"{100 * trust.error:.1f}",
            naive=f"{100 * trust.naive_error:.1f}",
            held="–" if trust.held is None else f"{100 * trust.held:.0f}",
        )
    )


def parts_trust_line(trust: PartsTrust, classes: Mapping[str, Text], reader: Reader) -> Element:
    """The methods of each class of demand, their error against the naive one, and how often the range held."""
    methods = [
        words.OF_CLASS.filled(
            demand=classes[kind],
            methods=joined([PARTS_METHODS.get(name, name) for name in trust.methods[kind]], words.PLUS),
        )
        for kind in classes
        if kind in trust.methods
    ]
    told = words.PARTS_TRUST.filled(
        methods=joined(methods, CLAUSES),
        origins=str(trust.origins),
        error=f"{100 * trust.error:.1f}",
        naive=f"{100 * trust.naive_error:.1f}",
        held=f"{100 * trust.held:.0f}",
    )
    return html.Small(reader.told(told), className="trust", **data(role="trust"))


def score_trust_line(trust: ScoreTrust, reader: Reader) -> Element:
    """Which model ranks, and how it did beside the rule when it was tried."""
    shares = ("auc", "rule_auc", "expected", "away")
    told = words.SCORE_TRUST.filled(
        model=reader.told(SCORES.get(trust.model, same(trust.model))),
        day=format.full_day(trust.day, reader),
        grace_days=str(trust.grace_days),
        customers=format.count(trust.customers),
        lift=f"{trust.lift:.2f}",
        rule_lift=f"{trust.rule_lift:.2f}",
        **{name: f"{100 * getattr(trust, name):.1f}" for name in shares},
    )
    return html.Small(reader.told(told), className="trust", **data(role="trust"))
