"""The gap to target or plan and the change, each split over the units below and over what the metric is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components import wording
from components.glossary import summed
from components.html import Element
from components.why import Part, Split, why
from kpi import catalog
from kpi.answer import Answer
from kpi.catalog.made_of import MADE_OF, Inputs, Product
from kpi.decompose import (
    Share,
    against_target,
    by_input,
    by_volume,
    fraction,
    is_sum,
    members,
    pair,
    since,
    splits,
    together,
    values,
)  # fmt: skip
from kpi.metric import Direction
from kpi.question import Question
from kpi.text import Text
from kpi.verdict import Status, Verdict, green_limit
from pages import _request
from pages._board import Board

KEY = "why"
"""Of the files that these tables leave as."""
TARGET, MADE_PLAN = "target", "made-plan"
SINCE = CHANGE, MADE_CHANGE = "change", "made-change"
"""The tables, as an address names them; those that compare."""


def reasons(board: Board, answer: Answer, verdict: Verdict) -> list[Element]:
    metric, view = answer.metric, board.view
    return [
        why(
            split,
            metric,
            _request.reader(),
            side=verdict.side,
            export_href=view.export(KEY, metric=metric.key, table=split.key),
        )
        for split in splits_of(board, answer, verdict)
    ]


def splits_of(board: Board, answer: Answer, verdict: Verdict) -> list[Split]:
    """Nothing for a median, whose parts do not add up, or where there is no gap."""
    if not splits(answer.metric) or answer.total.value is None:
        return []
    found = _Reasons(board, answer, verdict)
    return [*found.against_target(), *found.since()]


@dataclass(frozen=True)
class _Reasons:
    board: Board
    answer: Answer
    verdict: Verdict

    def against_target(self) -> Iterator[Split]:
        metric, total, verdict = self.answer.metric, self.answer.total, self.verdict
        if not verdict.limits or verdict.status is Status.GOOD or metric.direction is Direction.NEUTRAL:
            return
        target = green_limit(verdict.limits, verdict.side)
        now, _ = members(self.answer)
        shares = against_target(now, target)
        if metric.plan is None:
            gap = (total.value or 0.0) - target
            yield from self._by_unit(wording.GAP_TO_TARGET, gap, shares, TARGET)
        elif total.plan is not None:
            gap = (total.value or 0.0) - target * total.plan
            made = MADE_OF.get(metric.key)
            # A budget that flexes with volume has the volume taken out of it already.
            if isinstance(made, Product) and metric.plan.planned_volume is None:
                volumes, _ = members(self._asked(made.volume))
                if volumes and all(one.plan for one in volumes.values()):
                    planned = {member: target * (one.plan or 0.0) for member, one in now.items()}
                    few = {member: one.plan or 0.0 for member, one in volumes.items()}
                    shares = by_volume(values(now), planned, values(volumes), few)
                    yield from self._product(wording.GAP_TO_PLAN_MADE, gap, shares, made, MADE_PLAN)
            yield from self._by_unit(wording.GAP_TO_PLAN, gap, shares, TARGET)

    def since(self) -> Iterator[Split]:
        answer, before = self.answer, self.answer.compared
        if before is None or before.value is None or answer.total.value is None:
            return
        gap = answer.total.value - before.value
        now, then = members(answer)
        made, shares = MADE_OF.get(answer.metric.key), since(now, then)
        if isinstance(made, Product):
            many, few = map(values, members(self._asked(made.volume)))
            shares = by_volume(values(now), values(then), many, few)
            yield from self._product(wording.CHANGE_MADE, gap, shares, made, MADE_CHANGE)
        elif isinstance(made, Inputs):
            asked = [self._asked(key) for key in made.metrics]
            ends = [(one.total.value, one.compared and one.compared.value) for one in asked]
            links = [(one.metric.name, self._metric(one.metric.key), "") for one in asked]
            if all(None not in pair_ for pair_ in ends):
                parts = by_input(made.formula, [b or 0.0 for b, _ in ends], [a or 0.0 for _, a in ends])
                yield from self._made(wording.CHANGE_MADE, gap, parts, links, MADE_CHANGE)
        elif not is_sum(answer.metric):
            parts = by_input(lambda top, bottom: top / bottom, pair(answer.total), pair(before))
            yield from self._made(wording.CHANGE_MADE, gap, parts, self._fraction(), MADE_CHANGE)
        yield from self._by_unit(wording.CHANGE_BY_UNIT, gap, shares, CHANGE)

    def _asked(self, key: str) -> Answer:
        """Another metric over the same units and the very days of this answer."""
        question = Question(
            metrics=(key,),
            period=self.answer.window,
            compare=self.answer.compare_window,
            split=self.answer.question.split,
            only=self.board.view.only,
        )
        return _request.desk().ask(question, _request.scope())[key]

    def _metric(self, key: str) -> str:
        return self.board.view.href(f"/metric/{key}")

    def _fraction(self) -> list[tuple[Text, str, str]]:
        """Numerator and denominator: their words, where they lead, and how they are summed."""
        key = self.answer.metric.key
        orders = _request.desk().made_of_orders(key)
        href = self.board.view.href("/orders", metric=key) if orders else f"/glossary#{key}"
        names = (wording.NUMERATOR, wording.DENOMINATOR)
        return [
            (name, href, summed(sql)) for name, sql in zip(names, fraction(self.answer.metric), strict=True)
        ]

    def _product(
        self, title: Text, gap: float, shares: Sequence[Share], made: Product, key: str
    ) -> Iterator[Split]:
        whole = together(shares)
        counted = wording.VOLUME_OF.filled(name=catalog.metric(made.volume).name)
        links = [
            (counted, self._metric(made.volume), ""),
            (wording.MIX_OF_UNITS, self.board.view.href(), ""),
            (made.price_name, self._metric(made.price), ""),
        ]
        yield from self._made(title, gap, [whole.volume, whole.mix, whole.rate], links, key)

    def _made(
        self,
        title: Text,
        gap: float,
        parts: Sequence[float] | None,
        links: Sequence[tuple[Text, str, str]],
        key: str,
    ) -> Iterator[Split]:
        if parts:
            shown = [
                Part(name, Share("", part), *rest) for part, (name, *rest) in zip(parts, links, strict=True)
            ]
            yield Split(key, title, gap, shown, wording.MADE_OF)

    def _by_unit(self, title: Text, gap: float, shares: Sequence[Share], key: str) -> Iterator[Split]:
        """Over the units below; at a store there are none."""
        below = self.board.view.unit.below
        if shares and below is not None:
            yield Split(key, title, gap, [self._unit(share) for share in shares])

    def _unit(self, share: Share) -> Part:
        if not share.member:
            return Part(wording.MIX_OF_UNITS, share)
        return Part(self.board.name_of(share.member), share, self.board.href_of(share.member))
