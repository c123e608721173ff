"""HTML elements, spelt as Dash spells its own: what components are made of and markup.py writes.

Plain objects: pages reach the browser as text (markup.Page), so nothing here needs what a Dash component is for, and to
make one of those takes ten times as long.
"""

from __future__ import annotations

from functools import partial
from typing import Any


class Element:
    """A tag, what stands inside it and its attributes: className, htmlFor, colSpan … (markup.py knows which there are)."""

    __slots__ = ("children", "props", "tag")

    def __init__(self, tag: str, children: Any = None, **props: Any) -> None:
        self.tag = tag
        self.children = children
        self.props = props

    def __getattr__(self, name: str) -> Any:
        try:
            return self.props[name]
        except KeyError:
            raise AttributeError(f"<{self.tag}> has no {name}") from None


A = partial(Element, "a")
Article = partial(Element, "article")
B = partial(Element, "b")
Br = partial(Element, "br")
Button = partial(Element, "button")
Caption = partial(Element, "caption")
Code = partial(Element, "code")
Dd = partial(Element, "dd")
Details = partial(Element, "details")
Div = partial(Element, "div")
Dl = partial(Element, "dl")
Dt = partial(Element, "dt")
Form = partial(Element, "form")
H1 = partial(Element, "h1")
H2 = partial(Element, "h2")
H3 = partial(Element, "h3")
Header = partial(Element, "header")
Img = partial(Element, "img")
Input = partial(Element, "input", None)
Label = partial(Element, "label")
Li = partial(Element, "li")
Main = partial(Element, "main")
Nav = partial(Element, "nav")
Ol = partial(Element, "ol")
Option = partial(Element, "option")
P = partial(Element, "p")
Section = partial(Element, "section")
Select = partial(Element, "select")
Small = partial(Element, "small")
Span = partial(Element, "span")
Summary = partial(Element, "summary")
Table = partial(Element, "table")
Tbody = partial(Element, "tbody")
Td = partial(Element, "td")
Tfoot = partial(Element, "tfoot")
Th = partial(Element, "th")
Thead = partial(Element, "thead")
Time = partial(Element, "time")
Tr = partial(Element, "tr")
Ul = partial(Element, "ul")
Wbr = partial(Element, "wbr")


def Link(children: Any = None, **props: Any) -> Element:
    """From page to page: assets/pitwall.js follows it without loading a new document."""
    return Element("a", children, **{"data-link": "", **props})
