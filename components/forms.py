"""Forms that the server paints and a browser sends without any script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import html
from components.attributes import Content
from components.html import Element
from components.reader import Reader
from kpi.text import Text


def form(
    action: str, csrf: str, children: Sequence[Content], *, name: str = "", method: str = "post"
) -> Element:
    """A form of our own; `csrf` proves that it was."""
    secret = [html.Input(type="hidden", name="csrf", value=csrf)] if method == "post" else []
    return html.Form([*secret, *children], action=action, method=method, className=f"form {name}".strip())


def field(label: Text, reader: Reader, name: str, *, hint: Text | None = None, **props: Any) -> Element:
    """A labelled line of text."""
    parts = [html.Span(reader.told(label)), html.Input(name=name, **{"type": "text", **props})]
    return html.Label([*parts, html.Small(reader.told(hint))] if hint else parts, className="field")


def choice(label: Text, reader: Reader, name: str, choices: Mapping[str, Text], chosen: str = "") -> Element:
    options = [
        html.Option(reader.told(told), value=value, selected=value == chosen)
        for value, told in choices.items()
    ]
    return html.Label([html.Span(reader.told(label)), html.Select(options, name=name)], className="field")


def button(label: Text, reader: Reader, *, plain: bool = False, **props: Any) -> Element:
    return html.Button(
        reader.told(label), type="submit", className="button" if plain else "button main", **props
    )
