"""Words a person reads, in every language the product speaks."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Locale(StrEnum):
    EN = "en"
    ZH_CN = "zh-CN"


class Text(NamedTuple):
    """One wording per language; a missing translation is a TypeError, not a blank label."""

    en: str
    zh_cn: str

    def in_(self, locale: Locale) -> str:
        return self.zh_cn if locale is Locale.ZH_CN else self.en

    def filled(self, **values: object) -> Text:
        """The same sentence with its {places} filled; a Text among the values speaks its own language."""

        def told(locale: Locale) -> dict[str, object]:
            return {
                name: value.in_(locale) if isinstance(value, Text) else value
                for name, value in values.items()
            }

        return Text(self.en.format(**told(Locale.EN)), self.zh_cn.format(**told(Locale.ZH_CN)))


def same(words: str) -> Text:
    """A name that is the same in every language (a number, a code)."""
    return Text(words, words)


LIST, CLAUSES = Text(", ", "、"), Text("; ", "；")


def joined(words: Iterable[Text | str], between: Text = LIST) -> Text:
    """The words in a row, with what stands between them in each language."""
    texts = [word if isinstance(word, Text) else same(word) for word in words]
    return Text(between.en.join(text.en for text in texts), between.zh_cn.join(text.zh_cn for text in texts))
