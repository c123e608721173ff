"""Where a store stands among its peers, told without naming one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.answer import Answer
from kpi.metric import Direction

FEWEST = 5
"""Among fewer peers a share would tell whose value it is."""


@dataclass(frozen=True)
class Standing:
    """The share of `of` other stores that this one is better than (higher than, where neither side is better)."""

    share: float
    of: int


def standing(answer: Answer, store: str) -> Standing | None:
    """`answer` is split by store, without grain. None where the store has no value or too few peers have one."""
    enough = (row for row in answer.by_member.items() if row[1].now.n >= answer.metric.n_min)
    judged = ((member, row.now.judged) for member, row in enough)
    values = {member: value for member, value in judged if value is not None}
    own = values.pop(store, None)
    if own is None or len(values) < FEWEST:
        return None
    sign = -1.0 if answer.metric.direction is Direction.LOWER else 1.0
    # A peer with the same value is half beaten: a store like all others stands in the middle.
    beaten = sum(
        1.0 if sign * own > sign * value else 0.5 if own == value else 0.0 for value in values.values()
    )
    return Standing(beaten / len(values), len(values))


def standings(answers: Mapping[str, Answer], store: str) -> Mapping[str, Standing | None]:
    return {key: standing(answer, store) for key, answer in answers.items()}
