"""A class of parts in the address: how much money a year goes through it, and how its demand comes (A-lumpy)."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.catalog.listings.parts import ABC, DEMAND_CLASSES
from kpi.errors import BadRequest
from kpi.text import Text, joined

_BAD_CLASS = Text(
    en="“{text}” is not a class of parts: use ABC class and pattern of demand, such as A-lumpy ({abc}; {patterns}).",
    zh_cn="“{text}”不是有效的配件分类：请使用“ABC-需求类型”，例如 A-lumpy（{abc}；{patterns}）。",
)


@dataclass(frozen=True)
class StockClass:
    """A cell of the matrix of stock, of each part at each store."""

    abc: str
    pattern: str

    @classmethod
    def parse(cls, text: str) -> StockClass:
        """Raises BadRequest with a sentence for the reader."""
        abc, _, pattern = text.partition("-")
        if abc not in ABC or pattern not in DEMAND_CLASSES:
            known = {"abc": joined(ABC), "patterns": joined(DEMAND_CLASSES)}
            raise BadRequest(public=_BAD_CLASS.filled(text=text[:60], **known))
        return cls(abc, pattern)

    def __str__(self) -> str:
        return f"{self.abc}-{self.pattern}"

    @property
    def told(self) -> Text:
        abc, pattern = ABC[self.abc], DEMAND_CLASSES[self.pattern]
        return Text(f"{abc.en} x {pattern.en}", f"{abc.zh_cn} × {pattern.zh_cn}")

    @property
    def only(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The filter of a ListQuestion that narrows to this class."""
        return (("abc", (self.abc,)), ("demand_class", (self.pattern,)))
