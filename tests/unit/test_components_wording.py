"""The product's words: complete, in both languages, with the same places to fill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

import pytest

from components import wording
from kpi.catalog import METRICS
from kpi.metric import Direction, Tier, Unit
from kpi.text import Text
from kpi.verdict import Reason, Status

CHINESE = re.compile(r"[\u3400-\u9fff]")


def texts(value: Any, name: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(part, f"{name}[{key}]")
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from texts(part, f"{name}[{place}]")


TEXTS = [found for name, value in vars(wording).items() if name.isupper() for found in texts(value, name)]


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_every_text_speaks_both_languages(name: str, text: Text) -> None:
    assert not CHINESE.search(text.en)
    assert bool(text.en) or name.startswith("UNIT[")  # a count and a currency have no word after the digits
    assert bool(text.zh_cn) or name in ("UNIT[count]", "UNIT[number]")
    assert places(text.en) == places(text.zh_cn)


def places(words: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(words) if place}


def test_every_state_has_a_word() -> None:
    assert set(wording.REASON) == set(Reason)
    assert set(wording.STATUS) == set(Status)
    assert set(wording.UNIT) == set(wording.UNIT_NAME) == set(Unit)
    assert set(wording.DIRECTION) == set(Direction)
    assert set(wording.TIER) == set(Tier)


def test_statuses_have_words_of_their_own() -> None:
    assert len({text.zh_cn for text in wording.STATUS.values()}) == len(Status)
    assert len({text.en for text in wording.STATUS.values()}) == len(Status)


def test_every_owner_has_a_name() -> None:
    assert {metric.owner for metric in METRICS.values()} <= set(wording.OWNERS)
