"""Today's partial day against what was to be expected by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from components import floor_wording, format, html, wording
from components import status_wording as words
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element, mark
from kpi.metric import Metric, Tier, Unit
from kpi.month import MonthPace
from kpi.pace import Hour, Pace
from kpi.text import Locale, Text, same
from kpi.usual import UsualDays


def today(paces: Sequence[Pace], until: datetime, reader: Reader, usual: UsualDays | None = None) -> Element:
    """A strip of three or four figures; `until` is the newest event of the day. A day that is no ordinary one, and one
    whose calendar is assumed, say so."""
    title: list[Element | str] = [reader.told(wording.TODAY.filled(moment=format.clock(until)))]
    notes = _notes(until.date(), usual) if usual else []
    title += [html.Small(reader.told(note), className="day") for note in notes]
    items = html.Ul([_item(pace, until, reader) for pace in paces])
    parts = [html.H2(title), items, None if reader.screen else _by_hour(paces, until.hour, reader)]
    return html.Section(parts, className="panel today", **data(role="today"))


def _notes(day: date, usual: UsualDays) -> list[Text]:
    name, found = usual.name(day), []
    if name is not None:
        found.append(words.HOLIDAY.get(name, same(name)))
    elif not usual.is_ordinary(day):
        found.append(
            words.MAKE_UP_DAY if not usual.is_rest(day) and day.weekday() > 4 else words.NEAR_FESTIVAL
        )
    if not usual.is_open(day):
        found.append(words.CLOSED_TODAY)
    return [*found, words.ASSUMED_DAY] if usual.is_assumed(day) else found


def paced(pace: MonthPace, metric: Metric) -> Text:
    """Where the month stands: what of its plan is reached, what should be by now, and where it ends at this pace."""

    def said(reader: Reader) -> dict[str, str]:
        shares = {"due": pace.due, "reached": pace.reached, "projected": pace.projected}
        written = {name: format.phrase(share, Unit.SHARE, reader) for name, share in shares.items()}
        return written | {"plan": format.phrase(pace.plan, metric.unit, reader)}

    en, zh = (words.MONTH_PACE.filled(**said(Reader(locale))) for locale in (Locale.EN, Locale.ZH_CN))
    return Text(en.en, zh.zh_cn)


def _item(pace: Pace, until: datetime, reader: Reader) -> Element:
    number, unit = format.shown(pace.value, pace.metric.unit, reader)
    status = pace.status
    word = reader.told(wording.PACE[pace.place])
    return html.Li(
        [
            html.Span(reader.told(pace.metric.name), className="name"),
            html.Span([number, html.Small(unit)], className="reading"),
            Svg(_range(pace), className="where"),
            html.Span([mark(status) if status else None, word], className="state"),
            html.Small(_expected(pace, reader), className="expected"),
            _close(pace, reader),
        ],
        className=status.value if status else "neutral",
        **data(as_of=until.isoformat(), good_for=str(round(Tier.LIVE.max_age.total_seconds()))),
    )


def _expected(pace: Pace, reader: Reader) -> str:
    if pace.low is None or pace.high is None:
        return ""
    low, high = _ends(pace.low, pace.high, pace.metric, reader)
    return reader.told(wording.EXPECTED.filled(low=low, high=high))


def _ends(low: float, high: float, metric: Metric, reader: Reader) -> tuple[str, str]:
    """Of a range, whose unit is named once where both have the same."""
    first, last = (format.shown(_whole(end, metric), metric.unit, reader) for end in (low, high))
    return first.number if first.unit == last.unit else first.phrase, last.phrase


def _whole(value: float, metric: Metric) -> float:
    """Nobody expects half a car."""
    return round(value) if metric.unit is Unit.COUNT else value


def _close(pace: Pace, reader: Reader) -> Element | None:
    """Where the day will end, and how far off such words were before."""
    close, unit = pace.close, pace.metric.unit
    if close is None:
        return None
    low, high = _ends(close.low, close.high, pace.metric, reader)
    value = format.phrase(_whole(close.expected, pace.metric), unit, reader)
    said = [reader.told(wording.CLOSE.filled(value=value, low=low, high=high))]
    title = None
    if close.error is not None and close.naive_error is not None:
        error, naive = (
            format.phrase(share, Unit.SHARE, reader) for share in (close.error, close.naive_error)
        )
        said.append(reader.told(wording.CLOSE_OFF.filled(error=error)))
        title = reader.told(wording.CLOSE_TRUST.filled(error=error, naive=naive))
    return html.Small(" · ".join(said), className="close", title=title)


def _by_hour(paces: Sequence[Pace], now: int, reader: Reader) -> Element | None:
    """The hours of the day, those to come with what is expected of each; None where nothing is."""
    every = [{each.hour: each for each in pace.hours} for pace in paces]
    if not any(each.expected is not None for hours in every for each in hours.values()):
        return None
    names = [html.Th(reader.told(pace.metric.name), scope="colgroup", colSpan=2) for pace in paces]
    head = html.Tr([html.Th(reader.told(floor_wording.HOUR), scope="col"), *names])
    rows = [
        html.Tr(
            [html.Th(f"{hour}:00", scope="row")]
            + [
                cell
                for pace, hours in zip(paces, every, strict=True)
                for cell in _hour(hours.get(hour), pace.metric, reader)
            ],
            className="past" if hour < now else "now" if hour == now else "next",
        )
        for hour in sorted({hour for hours in every for hour in hours})
    ]
    table = html.Table([html.Thead(head), html.Tbody(rows)])
    note = html.P(reader.told(wording.HOURS_AHEAD), className="note")
    return html.Details(
        [html.Summary(reader.told(wording.BY_HOUR)), html.Div(table, className="scroll", tabIndex=0), note],
        className="by-hour",
        id="today-by-hour",
    )


def _hour(hour: Hour | None, metric: Metric, reader: Reader) -> tuple[Element, Element]:
    """What an hour brought or will bring, and how sure that is."""
    value = None if hour is None else hour.value if hour.expected is None else _whole(hour.expected, metric)
    said = ""
    if hour is not None and hour.low is not None and hour.high is not None:
        low, high = _ends(hour.low, hour.high, metric, reader)
        so_far = format.phrase(hour.value, metric.unit, reader)
        told = wording.HOUR_AHEAD if hour.value is None else wording.HOUR_RUNNING
        said = reader.told(told.filled(so_far=so_far, low=low, high=high))
    return html.Td(format.phrase(value, metric.unit, reader)), html.Td(said, className="range")


def _range(pace: Pace) -> str:
    """The expected range as a zone, the value as a dot."""
    if pace.low is None or pace.high is None:
        return element("svg", element("rect", width="100%", class_="track"), class_="bullet")
    spread = max(pace.high - pace.low, 1e-9)
    first, last = pace.low - spread, pace.high + spread
    drawn = [
        element("rect", width="100%", class_="track"),
        element("rect", x="33.33%", width="33.33%", class_="zone"),
    ]
    if pace.value is not None:
        at = 2 + 96 * min(max((pace.value - first) / (last - first), 0.0), 1.0)
        drawn.append(element("circle", cx=f"{at:.2f}%", cy="50%", class_="here"))
    return element("svg", "".join(drawn), class_="bullet")
