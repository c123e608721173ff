"""A tree of elements as HTML text, and the Dash component that carries a page of it.

Pages are drawn here and not in the browser: they are read and linked, and no part of them changes by itself. Dash would
build each of a board's thousands of elements as a component with a place in its store, which takes seconds where the
browser reads the same HTML in hundredths of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from typing import Any

from dash.development.base_component import Component

from components.html import Element
from components.svg import Svg

_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_RENAMED = {
    "className": "class",
    "htmlFor": "for",
}
_NAMES = frozenset(
    {
        "action", "alt", "autoComplete", "className", "colSpan", "dateTime", "disabled", "download",
        "hidden", "href", "hrefLang", "htmlFor", "id", "inputMode", "lang", "max", "maxLength", "method",
        "min", "minLength", "name", "open", "placeholder", "rel", "required", "role", "rowSpan", "scope", "selected",
        "src", "step", "tabIndex", "target", "title", "type", "value",
    }
)  # fmt: skip
_UNSAFE_SCHEME = re.compile(r"^[\s\x00-\x1f]*(javascript|data|vbscript)[\s\x00-\x1f]*:", re.IGNORECASE)
_ACTED_ON = ("<a ", "<input")
"""What in a drawing a reader can act on; such a drawing is neither an image nor decoration."""
_ADDRESSES = frozenset({"href", "src", "action"})

Tree = Any
"""An element, a drawing, a text, a number, None, or a list of those."""


def to_html(tree: Tree) -> str:
    """The tree as HTML."""
    kind = type(tree)
    if kind is str:
        return escape(tree)
    if kind is Element:
        return _tag(tree.tag, tree.props, to_html(tree.children))
    if tree is None or kind is bool:
        return ""
    if kind is Svg:
        return _drawing(tree)
    if kind is list or (isinstance(tree, Sequence) and not isinstance(tree, str)):
        return "".join([to_html(part) for part in tree])
    return escape(str(tree))


class Page(Component):
    """A page as HTML; assets/pitwall.js puts it in its place. `of` is the same for the same text."""

    _namespace = "pitwall"
    _type = "Page"

    def __init__(self, tree: Tree) -> None:
        self._prop_names = ["html", "of"]
        self._valid_wildcard_attributes = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties = []
        html = to_html(tree)
        of = sha256(html.encode()).hexdigest()[:16]
        super().__init__(html=html, of=of)  # type: ignore[no-untyped-call]


def _drawing(drawn: Svg) -> str:
    title = drawn.props.get("title")
    acted_on = any(mark in drawn.markup for mark in _ACTED_ON)
    named = {"role": "group" if acted_on else "img", "aria-label": title} if title else {}
    if not title and not acted_on:
        named = {"aria-hidden": "true"}
    return _tag(drawn.tag, drawn.props | named, drawn.markup)


def _tag(tag: str, props: Mapping[str, Any], content: str) -> str:
    written = "".join([_attribute(name, value) for name, value in sorted(props.items())])
    return f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{content}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or (name in _ADDRESSES and _UNSAFE_SCHEME.match(str(value))):
        return ""
    written, spelt_out = _written(name)
    if value is True or value is False:
        if not spelt_out:
            return f' {written}=""' if value else ""
        value = str(value).lower()
    return f' {written}="{escape(value if type(value) is str else str(value))}"'


@cache
def _written(name: str) -> tuple[str, bool]:
    """An attribute's name in HTML, and whether its truth is spelt out. Raises TypeError for one that is misspelt."""
    if name.startswith(("data-", "aria-")):
        return name, True
    if name not in _NAMES:
        raise TypeError(f"no element has an attribute {name}")
    return _RENAMED.get(name, name.lower()), False
