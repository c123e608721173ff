"""How large a wall must write: sizes follow from where its readers stand and how wide the screen is (domain.md 3.2).

A letter is legible when it fills an angle: 20 minutes of arc for digits and Latin letters, more for the many strokes of
a hanzi, 60 for the number itself. The unit of everything on a wall is the height of its line of text, 1 rem.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan

from kpi.text import Locale

MINUTES = {Locale.EN: 20.0, Locale.ZH_CN: 28.0}
FILLED = {Locale.EN: 0.72, Locale.ZH_CN: 0.92}
"""Of the font size: the height of a digit or a capital letter, and of a hanzi."""
NUMBER = 3.0
"""Font size of a tile's number, in lines: 60 minutes."""
PROPORTION = 9 / 16

TILE = (11.5, 7.5)
"""Least width and height of a tile, in lines: a number of four digits with its unit; name, number, state, foot."""
GAP, EDGE, ABOVE = 0.4, 0.6, 5.2
"""Between tiles; left and right of them; board, sentence and the lower edge."""
MOST_COLUMNS, MOST_ROWS = 4, 2


@dataclass(frozen=True)
class Screen:
    distance_m: float
    width_mm: int

    def line_mm(self, locale: Locale) -> float:
        """Font size of a line of text that can be read from the distance."""
        angle = radians(MINUTES[locale] / 60)
        return 2000 * self.distance_m * tan(angle / 2) / FILLED[locale]

    def line_share(self, locale: Locale) -> float:
        """The same as a share of the screen's width."""
        return self.line_mm(locale) / self.width_mm

    def columns(self, locale: Locale) -> int:
        """How many tiles fit beside each other; 0 when not even one does."""
        width = 1 / self.line_share(locale)
        return min(MOST_COLUMNS, int((width - 2 * EDGE + GAP) / (TILE[0] + GAP)))

    def rows(self, locale: Locale) -> int:
        height = PROPORTION / self.line_share(locale)
        return min(MOST_ROWS, int((height - ABOVE + GAP) / (TILE[1] + GAP)))

    def tiles(self, locale: Locale) -> int:
        """How many tiles the screen shows at a time."""
        return self.columns(locale) * self.rows(locale)
