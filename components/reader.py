"""Who is reading: decides how an answer looks and in which language it speaks, never what it says."""

from __future__ import annotations

from dataclasses import dataclass

from components.screen import Screen
from kpi.text import Locale, Text

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Reader:
    """`theme` is one of THEMES; auto follows the reader's system. `screen` is the wall that is read from afar, if one is."""

    locale: Locale = Locale.ZH_CN
    theme: str = "auto"
    screen: Screen | None = None

    def told(self, text: Text) -> str:
        """A text in the reader's language; no line begins with its per cent."""
        return text.in_(self.locale).replace(" %", "\N{NO-BREAK SPACE}%")
