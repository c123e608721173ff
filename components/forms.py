"""Forms that the server paints and a browser sends without any script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from components.attributes import Content
from components.reader import Reader
from kpi.text import Text


class Input(Component):
    """An <input>: Dash has none of its own that is drawn on the server. Not for pages that Dash draws."""

    _namespace = "dash_html_components"
    _type = "Input"

    def __init__(self, **props: Any) -> None:
        self._prop_names = list(props)
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(**props)  # type: ignore[no-untyped-call]


def form(
    action: str, csrf: str, children: Sequence[Content], *, name: str = "", method: str = "post"
) -> html.Form:
    """A form of our own; `csrf` proves that it was."""
    secret = [Input(type="hidden", name="csrf", value=csrf)] if method == "post" else []
    return html.Form([*secret, *children], action=action, method=method, className=f"form {name}".strip())


def field(label: Text, reader: Reader, name: str, *, hint: Text | None = None, **props: Any) -> html.Label:
    """A labelled line of text."""
    parts = [html.Span(reader.told(label)), Input(name=name, **{"type": "text", **props})]
    return html.Label([*parts, html.Small(reader.told(hint))] if hint else parts, className="field")


def choice(
    label: Text, reader: Reader, name: str, choices: Mapping[str, Text], chosen: str = ""
) -> html.Label:
    options = [
        html.Option(reader.told(told), value=value, selected=value == chosen)
        for value, told in choices.items()
    ]
    return html.Label([html.Span(reader.told(label)), html.Select(options, name=name)], className="field")


def button(label: Text, reader: Reader, *, plain: bool = False, **props: Any) -> html.Button:
    return html.Button(
        reader.told(label), type="submit", className="button" if plain else "button main", **props
    )
