"""The gap to target or plan and the change, each split over the units below and over what the metric is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dash.development.base_component import Component

from components import wording
from components.glossary import summed
from components.why import Part, why
from kpi import catalog
from kpi.answer import Answer, Measured
from kpi.catalog.made_of import MADE_OF, Inputs, Product
from kpi.decompose import Share, against_target, by_input, by_volume, is_sum, pair, since, splits, together
from kpi.metric import Direction, Level, NetScore, Ratio
from kpi.question import Question
from kpi.text import Text
from kpi.verdict import Status, Verdict, green_limit
from pages import _request
from pages._board import Board

Members = Mapping[str, Measured]


def reasons(board: Board, answer: Answer, verdict: Verdict) -> list[Component]:
    """Nothing for a median, whose parts do not add up, or where there is no gap."""
    if not splits(answer.metric) or answer.total.value is None:
        return []
    return [*_against_target(board, answer, verdict), *_since(board, answer)]


def _against_target(board: Board, answer: Answer, verdict: Verdict) -> Iterator[Component]:
    metric, total = answer.metric, answer.total
    if not verdict.limits or verdict.status is Status.GOOD or metric.direction is Direction.NEUTRAL:
        return
    target = green_limit(verdict.limits, verdict.side)
    now, _ = _members(answer)
    if metric.plan is None:
        gap = (total.value or 0.0) - target
        yield from _drawn(board, answer, wording.GAP_TO_TARGET, gap, against_target(now, target), "target")
        return
    if total.plan is None:
        return
    gap = (total.value or 0.0) - target * total.plan
    shares = against_target(now, target)
    made = MADE_OF.get(metric.key)
    # A budget that flexes with volume has the volume taken out of it already.
    if isinstance(made, Product) and metric.plan.planned_volume is None:
        volumes, _ = _members(_asked(board, answer, made.volume))
        if volumes and all(one.plan for one in volumes.values()):
            planned = {member: target * (one.plan or 0.0) for member, one in now.items()}
            many, few = _values(volumes), {member: one.plan or 0.0 for member, one in volumes.items()}
            shares = by_volume(_values(now), planned, many, few)
            yield from _product(board, answer, wording.GAP_TO_PLAN_MADE, gap, shares, made)
    yield from _drawn(board, answer, wording.GAP_TO_PLAN, gap, shares, "target")


def _since(board: Board, answer: Answer) -> Iterator[Component]:
    before = answer.compared
    if before is None or before.value is None or answer.total.value is None:
        return
    gap = answer.total.value - before.value
    now, then = _members(answer)
    made, shares = MADE_OF.get(answer.metric.key), since(now, then)
    if isinstance(made, Product):
        many, few = map(_values, _members(_asked(board, answer, made.volume)))
        shares = by_volume(_values(now), _values(then), many, few)
        yield from _product(board, answer, wording.CHANGE_MADE, gap, shares, made)
    elif isinstance(made, Inputs):
        asked = [_asked(board, answer, key) for key in made.metrics]
        values = [[one.total.value, one.compared and one.compared.value] for one in asked]
        parts = _of_inputs(made, [b for b, _ in values], [a for _, a in values])
        links = [(one.metric.name, board.view.href(f"/metric/{one.metric.key}"), "") for one in asked]
        yield from _made(answer, wording.CHANGE_MADE, gap, parts, links)
    elif not is_sum(answer.metric):
        parts = by_input(lambda top, bottom: top / bottom, pair(answer.total), pair(before))
        yield from _made(answer, wording.CHANGE_MADE, gap, parts, _fraction(board, answer))
    yield from _drawn(board, answer, wording.CHANGE_BY_UNIT, gap, shares, "change")


def _asked(board: Board, answer: Answer, key: str) -> Answer:
    """Another metric over the same units and the very days of this answer."""
    question = Question(
        metrics=(key,),
        period=answer.window,
        compare=answer.compare_window,
        split=answer.question.split,
        only=board.view.only,
    )
    return _request.desk().ask(question, _request.scope())[key]


def _members(answer: Answer) -> tuple[Members, Members]:
    """Now and then by unit; at a store, which has no units below, all of it under no name."""
    rows = (
        answer.by_member
        if answer.question.split
        else dict.fromkeys([""], answer.rows[0])
        if answer.rows
        else {}
    )
    return (
        {member: row.now for member, row in rows.items()},
        {member: row.then for member, row in rows.items() if row.then is not None},
    )


def _values(members: Members) -> dict[str, float]:
    return {member: one.value for member, one in members.items() if one.value is not None}


def _of_inputs(made: Inputs, now: Sequence[float | None], then: Sequence[float | None]) -> list[float] | None:
    if None in now or None in then:
        return None
    return by_input(made.formula, [v or 0.0 for v in now], [v or 0.0 for v in then])


def _fraction(board: Board, answer: Answer) -> list[tuple[Text, str, str]]:
    """Numerator and denominator: their words, where they lead, and how they are summed."""
    formula, key = answer.metric.formula, answer.metric.key
    orders = _request.desk().made_of_orders(key)
    href = board.view.href("/orders", metric=key) if orders else f"/glossary#{key}"
    match formula:
        case Level():
            top, bottom = formula.level, formula.over or ""
        case NetScore():
            top, bottom = f"100 * ({formula.promoters} - {formula.detractors})", formula.answers
        case Ratio():
            top, bottom = formula.numerator, formula.denominator
        case _:
            return []
    return [(wording.NUMERATOR, href, summed(top)), (wording.DENOMINATOR, href, summed(bottom))]


def _made(
    answer: Answer,
    title: Text,
    gap: float,
    parts: Sequence[float] | None,
    named: Sequence[tuple[Text, str, str]],
) -> Iterator[Component]:
    if parts and len(parts) == len(named):
        shown = [
            Part(name, Share("", part), href, code)
            for part, (name, href, code) in zip(parts, named, strict=True)
        ]
        yield why(title, gap, shown, answer.metric, _request.reader(), name=f"made-{title.en}")


def _product(
    board: Board, answer: Answer, title: Text, gap: float, shares: Sequence[Share], made: Product
) -> Iterator[Component]:
    whole = together(shares)
    links = [
        (
            wording.VOLUME_OF.filled(name=catalog.metric(made.volume).name),
            board.view.href(f"/metric/{made.volume}"),
            "",
        ),
        (wording.MIX_OF_UNITS, board.view.href(), ""),
        (made.price_name, board.view.href(f"/metric/{made.price}"), ""),
    ]
    yield from _made(answer, title, gap, [whole.volume, whole.mix, whole.rate], links)


def _drawn(
    board: Board, answer: Answer, title: Text, gap: float, shares: Sequence[Share], name: str
) -> Iterator[Component]:
    """Over the units below; at a store there are none."""
    if shares and board.view.unit.below is not None:
        parts = [
            Part(board.name_of(s.member), s, board.href_of(s.member))
            if s.member
            else Part(wording.MIX_OF_UNITS, s)
            for s in shares
        ]
        yield why(title, gap, parts, answer.metric, _request.reader(), name=f"why-{name}")
