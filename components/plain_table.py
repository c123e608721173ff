"""A table of texts, for pages about people and their doings."""

from __future__ import annotations

from collections.abc import Sequence

from components import html
from components.attributes import Content, aria
from components.html import Element
from components.reader import Reader
from kpi.text import Text


def plain_table(
    title: Text, heads: Sequence[Text], rows: Sequence[Sequence[Content]], reader: Reader
) -> Element:
    head = html.Tr([html.Th(reader.told(name), scope="col") for name in heads])
    body = [html.Tr([html.Td(cell) for cell in row]) for row in rows]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="rows")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label=reader.told(title)))
