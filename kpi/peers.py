"""Where a store stands among its peers, told without naming one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kpi.answer import Answer
from kpi.metric import Direction
from kpi.weekly import counts, judged

FEWEST = 5
"""Among fewer peers a share would tell whose value it is."""


@dataclass(frozen=True)
class Standing:
    """The share of `of` other stores that this one is better than (higher than, where neither side is better)."""

    share: float
    of: int


def standing(answer: Answer, store: str) -> Standing | None:
    """`answer` is split by store, without grain. None where the store has no value or too few peers have one."""
    values = judged(answer.metric, answer.sums)
    values = np.where(np.round(counts(answer.metric, answer.sums)) >= answer.metric.n_min, values, np.nan)
    here = np.array([member == store for member in answer.members], dtype=bool)
    own, others = values[here], values[~here]
    others = others[~np.isnan(others)]
    if not len(own) or np.isnan(own[0]) or len(others) < FEWEST:
        return None
    ahead = own[0] < others if answer.metric.direction is Direction.LOWER else own[0] > others
    # A peer with the same value is half beaten: a store like all others stands in the middle.
    return Standing(float((ahead + 0.5 * (own[0] == others)).mean()), len(others))


def standings(answers: Mapping[str, Answer], store: str) -> Mapping[str, Standing | None]:
    return {key: standing(answer, store) for key, answer in answers.items()}
