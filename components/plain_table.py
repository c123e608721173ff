"""A table of texts, for pages about people and their doings."""

from __future__ import annotations

from collections.abc import Sequence

from components import html
from components.attributes import Content, aria, data
from components.html import Element
from components.reader import Reader
from kpi.text import Text


def plain_table(
    title: Text, heads: Sequence[Text], rows: Sequence[Sequence[Content]], reader: Reader
) -> Element:
    names = [reader.told(name) for name in heads]
    head = html.Tr([html.Th(name, scope="col") for name in names])
    body = [
        html.Tr([html.Td(cell, **data(label=name)) for name, cell in zip(names, row, strict=True)])
        for row in rows
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="rows")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label=reader.told(title)))
