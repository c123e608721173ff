"""Sums of a metric's parts over many units and periods become readings for the status machine. Pure and set-wise.

The same arithmetic as `Metric.formula` and `kpi.verdict`, for arrays: (units, periods) unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.histogram import Histogram
from kpi.hysteresis import Rules
from kpi.metric import Direction, Level, Mean, Metric, NetScore, Proportion, Rate, Spread, SpreadGap, Total
from kpi.shrinkage import Normal, Posterior, flat_proportions, flat_rates
from kpi.status import Readings
from kpi.targets import LimitsOver
from kpi.variation import SCREEN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sums = Mapping[str, Floats]

SCREENED_FROM = 4
"""Ranges that are needed to know which further one is out of the ordinary."""
SIGMA = 1.128
"""Mean range of two draws from a standard normal: from a mean moving range to a standard deviation."""


@dataclass(frozen=True)
class Periods:
    """The periods that are judged, ascending. Day numbers, (periods,) each."""

    last: Ints
    known: Ints
    """The day on which a period was final: the last day, and the metric's maturity after it."""

    def __len__(self) -> int:
        return len(self.last)

    @property
    def quarters(self) -> Ints:
        """The number of the quarter in which each was known."""
        days = [date.fromordinal(int(day)) for day in self.known]
        return np.array([4 * day.year + (day.month - 1) // 3 for day in days], dtype=np.int64)


def _part(sums: Sums, name: str) -> Floats:
    return _known(sums[name])


def _known(values: Floats) -> Floats:
    """0 for what is not known; several times faster than nan_to_num, which looks for infinities as well."""
    return np.where(np.isnan(values), 0.0, values)


def _divided(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom != 0, top / bottom, np.nan)


def values(metric: Metric, sums: Sums) -> Floats:
    """As `metric.formula.value`; NaN for no value."""
    formula = metric.formula
    if isinstance(formula, Spread | SpreadGap):
        return _spread(formula, sums)
    top, bottom = _part(sums, "numerator"), _part(sums, "denominator")
    if isinstance(formula, Total) or (isinstance(formula, Level) and formula.over is None):
        return np.where(bottom != 0, top, np.nan)
    value = _divided(top, bottom) * (100.0 if isinstance(formula, NetScore) else 1.0)
    return np.where(_part(sums, "known") != 0, value, np.nan) if "known" in sums else value


def _spread(formula: Spread | SpreadGap, sums: Sums) -> Floats:
    columns = formula.of.columns
    if isinstance(formula, SpreadGap):
        these, those = (
            quantiles(formula.of, [sums[f"{group}_{name}"] for name in columns], formula.q)
            for group in ("these", "those")
        )
        return these - those
    return quantiles(formula.of, [sums[name] for name in columns], formula.q)


def quantiles(of: Histogram, counts: Sequence[Floats], q: float) -> Floats:
    """As `Histogram.quantile`, of many groups at once; `counts` are those of each bin."""
    table = _known(np.stack(counts, axis=-1))
    reached = np.cumsum(table, axis=-1)
    total = reached[..., -1]
    low, high = (np.array(ends) for ends in zip(*(of.bounds(at) for at in range(len(of.edges))), strict=True))
    place = np.maximum(q * (total - 1), 0.0)
    below = np.floor(place)

    def observation(rank: Floats) -> Floats:
        bin_ = np.argmax(reached > rank[..., None], axis=-1)
        inside = np.take_along_axis(table, bin_[..., None], -1)[..., 0]
        before = np.take_along_axis(reached, bin_[..., None], -1)[..., 0] - inside
        found: Floats = low[bin_] + (high - low)[bin_] * (rank - before + 0.5) / np.maximum(inside, 1.0)
        return found

    first, second = observation(below), observation(np.minimum(below + 1, np.maximum(total - 1, 0.0)))
    return np.where(total > 0, first + (place - below) * (second - first), np.nan)


def counts(metric: Metric, sums: Sums) -> Floats:
    """What n counts."""
    return _part(sums, "n" if metric.n else "denominator")


def judged(metric: Metric, sums: Sums) -> Floats:
    """What the limits speak of: the value, or its ratio to plan."""
    value = values(metric, sums)
    if metric.plan is None:
        return value
    plan = _part(sums, "plan")
    if metric.plan.planned_volume is not None:
        plan = plan * _known(_divided(_part(sums, "plan_actual"), _part(sums, "plan_volume")))
    return _divided(value, plan)


def posterior(metric: Metric, sums: Sums) -> Posterior | None:
    """What each group's own sample says of the true value; None for a census."""
    if not metric.sampled:
        return None
    top, bottom = _part(sums, "numerator"), _part(sums, "denominator")
    match metric.formula:
        case Proportion():
            return flat_proportions(top, bottom)
        case Rate():
            return flat_rates(top, bottom)
        case NetScore():
            return Normal(*_net_score(top, bottom, _part(sums, "squares")))
        case Mean():
            return Normal(_divided(top, bottom), _mean_error(top, bottom, _part(sums, "squares")))
        case _:
            return None


def _net_score(top: Floats, answers: Floats, decided: Floats) -> tuple[Floats, Floats]:
    """Adjusted Wald in points, as `statistics.nps`."""
    n = np.where(answers > 0, answers + 3, np.nan)
    promoters, detractors = ((decided + top) / 2 + 0.75) / n, ((decided - top) / 2 + 0.75) / n
    variance = np.maximum(promoters + detractors - (promoters - detractors) ** 2, 0.0) / n
    return 100 * (promoters - detractors), 100 * np.sqrt(variance)


def _mean_error(top: Floats, count: Floats, squares: Floats) -> Floats:
    """Standard error of means. The spread of single cases is a unit's own, drawn towards that of all by eight cases, so
    that a group of one or two has an error too."""
    inside = np.maximum(squares - _known(_divided(top * top, count)), 0.0)
    free = np.maximum(count - 1, 0.0)
    common = inside.sum() / max(free.sum(), 1.0)
    variance = (inside + 8 * common) / (free + 8)
    return np.sqrt(_divided(variance, count))


def noise(value: Floats) -> Floats:
    """Standard deviation of a census from period to period, of the past alone: what a period says must not change when the
    next one arrives. Ranges far beyond their mean so far (a holiday week) are left out, as the control chart does; 0 before
    there are two ranges."""
    units = len(value)
    last, total, seen = np.full(units, np.nan), np.zeros(units), np.zeros(units)
    found = np.zeros(value.shape)
    for period in range(value.shape[1]):
        now = value[:, period]
        ranges = np.abs(now - last)
        usual = (seen < SCREENED_FROM) | (ranges < SCREEN * total / np.maximum(seen, 1))
        kept = ~np.isnan(ranges) & usual
        total, seen = total + np.where(kept, ranges, 0.0), seen + kept
        last = np.where(np.isnan(now), last, now)
        found[:, period] = np.where(seen >= 2, total / np.maximum(seen, 1) / SIGMA, 0.0)
    return found


def rules(metric: Metric) -> Rules:
    """The metric's own rules; its smallest sample is meant for the window a board shows, the machine looks at `within`."""
    own = metric.rules
    days = own.within * metric.period_days
    return own.needing(metric.n_min * min(1.0, days / max(metric.rolling_days, 1)))


def breaks(metric: Metric, periods: Periods) -> list[int]:
    """Where another version of the limits or of the formula begins: the first period that ends under it."""
    starts = sorted({*(limits.since for limits in metric.limits), *(change.on for change in metric.changes)})
    places = [int(np.searchsorted(periods.last, start.toordinal())) for start in starts]
    return [place for place in places if 0 < place < len(periods)]


def readings(
    metric: Metric,
    sums: Sums,
    periods: Periods,
    *,
    limits: LimitsOver,
    fresh: ArrayLike = True,
    trusted: ArrayLike = True,
) -> Readings:
    """What the status machine reads."""
    good, critical = limits.good, limits.critical
    value = judged(metric, sums)
    known = posterior(metric, sums)
    if known is None or metric.plan is not None:
        return Readings(
            value,
            counts(metric, sums),
            good,
            critical,
            noise(value),
            fresh=fresh,
            trusted=trusted,
            period=periods.known,
        )
    low, high = (np.broadcast_to(limit, value.shape) for limit in good)
    return Readings(
        value,
        counts(metric, sums),
        good,
        critical,
        _known(known.sd),
        np.where(np.isfinite(low), _below(known, low), np.nan),
        np.where(np.isfinite(high), 1 - _below(known, high), np.nan),
        fresh=fresh,
        trusted=trusted,
        period=periods.known,
    )


def _below(known: Posterior, limit: Floats) -> Floats:
    return known.below(np.where(np.isfinite(limit), limit, 0.0))


def together(sums: Sums, periods: int) -> dict[str, Floats]:
    """(units,) the sums of the last so many periods."""
    return {name: np.nansum(part[:, -periods:], axis=1) for name, part in sums.items()}


def last_level(sums: Sums) -> dict[str, Floats]:
    """(units,) a level in the last period: it does not add over time. Nothing where there is no period."""
    return {name: part[:, -1] if part.shape[1] else np.full(len(part), np.nan) for name, part in sums.items()}


def higher_is_better(metric: Metric) -> bool:
    return metric.direction is not Direction.LOWER
