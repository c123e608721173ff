"""Why a value is off: parts that add up to the gap exactly, along the organisation and along the formula.

Along the organisation a change of a ratio splits into each member's own rate and the mix between members (midpoint
weights, so that no order matters). A change of a sum is each member's change; with a volume it splits into how much
each member did more (volume), did more than the others (mix), and got more for each (rate). Against a target each
member counts by its weight. Along the formula every input counts by its Shapley value: what it adds, over all orders
in which the inputs could have moved; a product of many factors by log means (LMDI-I, Ang 2005).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial, isfinite, log

from kpi.answer import Answer, Measured
from kpi.metric import Level, Metric, NetScore, Spread, SpreadGap, Total


@dataclass(frozen=True)
class Share:
    """What one member adds to the gap: `rate` + `mix` + `volume`. A ratio has no volume, a bare sum only a rate."""

    member: str
    rate: float
    mix: float = 0.0
    volume: float = 0.0

    @property
    def whole(self) -> float:
        return self.rate + self.mix + self.volume


def together(shares: Sequence[Share], member: str = "") -> Share:
    """Several shares as one."""
    return Share(member, *(sum(getattr(s, part) for s in shares) for part in ("rate", "mix", "volume")))


def pair(measured: Measured) -> tuple[float, float]:
    """Numerator and denominator in the unit of the value."""
    scale = 100.0 if isinstance(measured.metric.formula, NetScore) else 1.0
    return scale * (measured.numerator or 0.0), measured.denominator or 0.0


def fraction(metric: Metric) -> tuple[str, str]:
    """What a ratio is made of: how its numerator and its denominator are summed."""
    formula = metric.formula
    if isinstance(formula, NetScore):
        return f"100 * ({formula.promoters} - {formula.detractors})", formula.answers
    parts = formula.parts()
    return parts["numerator"], parts["denominator"]


def members(answer: Answer) -> tuple[Mapping[str, Measured], Mapping[str, Measured]]:
    """Now and then by member; without a split, all of it under no name."""
    rows = answer.by_member if answer.question.split else dict(zip(("",), answer.rows, strict=False))
    then = {member: row.then for member, row in rows.items() if row.then is not None}
    return {member: row.now for member, row in rows.items()}, then


def values(of: Mapping[str, Measured]) -> dict[str, float]:
    """The values that are known."""
    return {member: one.value for member, one in of.items() if one.value is not None}


def splits(metric: Metric) -> bool:
    """Whether members' parts add up to the whole."""
    return not isinstance(metric.formula, Spread | SpreadGap)


def is_sum(metric: Metric) -> bool:
    formula = metric.formula
    return isinstance(formula, Total) or (isinstance(formula, Level) and formula.over is None)


def since(now: Mapping[str, Measured], then: Mapping[str, Measured]) -> list[Share]:
    """Each member's part in the change from `then` to `now`; the parts add up to the change of the total."""
    members = sorted({*now, *then})
    metric = next(iter([*now.values(), *then.values()])).metric
    a = {m: pair(then[m]) if m in then else (0.0, 0.0) for m in members}
    b = {m: pair(now[m]) if m in now else (0.0, 0.0) for m in members}
    if is_sum(metric):
        return [Share(m, b[m][0] - a[m][0]) for m in members]
    bottom_a, bottom_b = sum(d for _, d in a.values()), sum(d for _, d in b.values())
    if not bottom_a or not bottom_b:
        return []
    middle = (sum(n for n, _ in a.values()) / bottom_a + sum(n for n, _ in b.values()) / bottom_b) / 2
    return [_change_of_ratio(m, a[m], b[m], bottom_a, bottom_b, middle) for m in members]


def _change_of_ratio(
    member: str,
    a: tuple[float, float],
    b: tuple[float, float],
    bottom_a: float,
    bottom_b: float,
    middle: float,
) -> Share:
    weight_a, weight_b = a[1] / bottom_a, b[1] / bottom_b
    rate_a = a[0] / a[1] if a[1] else (b[0] / b[1] if b[1] else middle)
    rate_b = b[0] / b[1] if b[1] else rate_a
    # Numerators of a member without exposure (late corrections) belong to its rate.
    loose = (b[0] / bottom_b if not b[1] else 0.0) - (a[0] / bottom_a if not a[1] else 0.0)
    rate = (weight_a + weight_b) / 2 * (rate_b - rate_a) + loose
    return Share(member, rate, (weight_b - weight_a) * ((rate_a + rate_b) / 2 - middle))


def by_volume(
    now: Mapping[str, float],
    then: Mapping[str, float],
    volume: Mapping[str, float],
    before: Mapping[str, float],
) -> list[Share]:
    """A change of sums (money) over members that did `volume` now and `before`: volume, mix and rate (price).

    A member's three parts add up to its own change. Volume counts at the average price of all; mix is what the added
    volume is worth more or less than that, and is nought when all grow alike; rate is the member's own price.
    """
    members = sorted({*now, *then, *volume, *before})
    sums = [[each.get(m, 0.0) for m in members] for each in (now, then, volume, before)]
    middle = _middle_price(*(sum(each) for each in sums))
    if middle is None:
        return [Share(m, b - a) for m, b, a, *_ in zip(members, *sums, strict=True)]
    found = []
    for member, b, a, many, few in zip(members, *sums, strict=True):
        own = _middle_price(b, a, many, few)
        grown = many - few
        mix = grown * ((own if own is not None else middle) - middle)
        found.append(Share(member, b - a - grown * middle - mix, mix, grown * middle))
    return found


def _middle_price(now: float, then: float, volume: float, before: float) -> float | None:
    """Halfway between the two prices; the one that is known when the other had no volume."""
    prices = [top / bottom for top, bottom in ((now, volume), (then, before)) if bottom]
    return sum(prices) / len(prices) if prices else None


def by_input(
    formula: Callable[..., float], now: Sequence[float], then: Sequence[float]
) -> list[float] | None:
    """What each input of a formula adds to its change (Shapley); None where the formula has no value on the way."""
    parts = [0.0] * len(now)
    try:
        for order in permutations(range(len(now))):
            held = list(then)
            before = formula(*held)
            for place in order:
                held[place] = now[place]
                after = formula(*held)
                parts[place] += after - before
                before = after
    except ZeroDivisionError:
        return None
    shares = [part / factorial(len(now)) for part in parts]
    return shares if all(map(isfinite, shares)) else None


def against_target(now: Mapping[str, Measured], target: float) -> list[Share]:
    """Each member's part in the gap to a target; for a metric with a plan, in the gap of value to plan x target."""
    if not now:
        return []
    metric = next(iter(now.values())).metric
    if metric.plan is not None:
        own = [Share(m, (one.value or 0.0) - target * (one.plan or 0.0)) for m, one in sorted(now.items())]
        # Plans that flex with volume do not add up: what is left is owed to where the volume went.
        left = sum(one.plan or 0.0 for one in now.values()) - (metric.plan.value(_added(now)) or 0.0)
        return [*own, Share("", 0.0, mix=target * left)] if metric.plan.planned_volume else own
    pairs = {m: pair(one) for m, one in now.items()}
    bottom = sum(d for _, d in pairs.values())
    if is_sum(metric) or not bottom:
        return []
    return [Share(m, (n - target * d) / bottom) for m, (n, d) in sorted(pairs.items())]


def _added(members: Mapping[str, Measured]) -> dict[str, float]:
    names = {name for one in members.values() for name in one.sums}
    return {name: sum(one.sums.get(name) or 0.0 for one in members.values()) for name in names}


def factors(now: Sequence[float], then: Sequence[float]) -> list[float]:
    """Each factor's part in the change of a product (all factors positive), by logarithmic mean; adds up exactly."""
    if len(now) != len(then) or any(value <= 0 for value in [*now, *then]):
        raise ValueError("a product is split over equally many positive factors")
    product_now, product_then = _product(now), _product(then)
    same = product_now == product_then
    weight = product_now if same else (product_now - product_then) / log(product_now / product_then)
    return [weight * log(b / a) for a, b in zip(then, now, strict=True)]


def _product(values: Sequence[float]) -> float:
    product = 1.0
    for value in values:
        product *= value
    return product
