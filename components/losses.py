"""Where the available bay minutes went: parts that add up to them exactly, each leading one step deeper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from components import floor_wording as words
from components import format, html
from components.attributes import data
from components.html import Element
from components.reader import Reader
from components.svg import Svg, element
from kpi.answer import Answer
from kpi.metric import Unit
from kpi.text import Text, same
from kpi.verdict import Change

MINUTES_OF_HOUR = 60.0


def losses(
    answers: Mapping[str, Answer],
    worked: str,
    overtime: str,
    reader: Reader,
    href_of: Callable[[str], str],
) -> Element:
    """Shares of the same bay minutes. `worked` names the part that is no loss, `overtime` the one that is taken off."""
    first = answers[worked]
    available = first.total.denominator or 0.0
    if not available:
        empty = html.P(reader.told(words.NO_BAYS), className="empty")
        return html.Section(
            [html.H2(reader.told(words.WHERE_BAY_TIME_WENT)), empty], className="panel losses-panel"
        )
    lost = [key for key in answers if key not in (worked, overtime)]
    lost.sort(key=lambda key: -_share(answers[key], available))
    order = [worked, *lost]
    rows = [_row(answers[key], available, reader, href_of(key), worked=key == worked) for key in order]
    if _share(answers[overtime], available) > 0.0005:
        rows.append(_row(answers[overtime], available, reader, href_of(overtime), sign=-1))
    foot = html.Tr(
        [
            html.Th(reader.told(words.AVAILABLE), scope="row"),
            html.Td(format.phrase(1.0, Unit.SHARE, reader)),
            html.Td(format.phrase(available / MINUTES_OF_HOUR, Unit.HOURS, reader)),
            html.Td(""),
            html.Td(""),
        ]
    )
    heads: Sequence[Text] = (
        same(""),
        words.SHARE_OF_BAY_TIME,
        words.BAY_HOURS,
        words.AGAINST_BEFORE,
        same(""),
    )
    head = html.Tr([html.Th(reader.told(name), scope="col") for name in heads])
    table = html.Table([html.Thead(head), html.Tbody(rows), html.Tfoot(foot)], className="losses")
    told = words.OF_AVAILABLE.filled(
        hours=format.phrase(available / MINUTES_OF_HOUR, Unit.HOURS, reader),
        days=format.span(first.window, reader),
    )
    heading = html.H2([reader.told(words.WHERE_BAY_TIME_WENT), html.Small(reader.told(told))])
    return html.Section(
        [heading, html.Div(table, className="scroll", tabIndex=0)],
        className="panel losses-panel",
        **data(role="losses", available=f"{available:.10g}"),
    )


def _share(answer: Answer, available: float) -> float:
    return (answer.total.numerator or 0.0) / available


def _row(
    answer: Answer, available: float, reader: Reader, href: str, *, worked: bool = False, sign: int = 1
) -> Element:
    minutes = sign * (answer.total.numerator or 0.0)
    share = minutes / available
    name = reader.told(words.WORKED if worked else answer.metric.name)
    bar = element(
        "rect", x="0", y="20%", width=f"{100 * max(share, 0):.2f}%", height="60%", fill="currentColor"
    )
    return html.Tr(
        [
            html.Th(html.Link(name, href=href, title=reader.told(answer.metric.description)), scope="row"),
            html.Td(format.phrase(share, Unit.SHARE, reader)),
            html.Td(format.phrase(minutes / MINUTES_OF_HOUR, Unit.HOURS, reader)),
            html.Td(_moved(answer, sign, reader), className="piece"),
            html.Td(
                Svg(
                    element("svg", bar, class_="share"),
                    className="share-bar good" if worked else "share-bar with",
                ),
                className="bars",
            ),
        ],
        **data(part=answer.metric.key, minutes=f"{minutes:.10g}"),
    )


def _moved(answer: Answer, sign: int, reader: Reader) -> str:
    now, then = answer.total.value, answer.compared.value if answer.compared else None
    if now is None or then is None:
        return format.NO_VALUE
    return format.moved(Change(sign * (now - then), None, real=abs(now - then) >= 0.0005), Unit.SHARE, reader)
