"""The rollup of low scores: the few answers that are cases, apart from the millions that are not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from data_access.rollup.additive import Part
from data_access.schema import LOW_ANSWER, SURVEY

LOW = 2
"""Of 5: who answers so is to be called within a day (domain.md 2.2 B)."""


def low_answer(part: Part) -> Select[Any]:
    """The low answers of the two-hour survey, as they are."""
    survey = part.of(SURVEY).c
    return select(*(survey[column.name] for column in LOW_ANSWER.columns)).where(
        survey.kind == "2h", survey.satisfaction <= LOW, survey.answered_at.is_not(None)
    )
