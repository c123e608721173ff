"""The next 30 days of every store, region and the network, day by day, and how such forecasts did before.

Every model foretells from points in the past (rolling origins); each level takes the one that erred least, and the
levels are made to agree. What is shown of a model was measured on days that it had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from prediction import intervals, reconcile
from prediction.calendar import Calendar
from prediction.history import Flags, Floats, Whole, as_table, require
from prediction.intervals import Errors
from prediction.levels import MODELS, SINGLE, WEEK, Model
from prediction.profile import fit

STORE, REGION, NETWORK = "store", "region", "network"
LEVELS = (STORE, REGION, NETWORK)
NAIVE = "seasonal_naive"
AHEAD = 30
BETWEEN_ORIGINS = 28
MOST_ORIGINS = 14
FEWEST_ORIGINS = 4
FEWEST_DAYS = 84
"""Days before the first origin."""
FEWEST_KNOWN = 28
"""Known days that a series needs to be foretold at all."""
LAGS = 15
LAG_DAYS = 364
LEVEL_DAYS = 56

ShapeAt = Callable[[int], Floats]
"""The calendar's shape (origin + AHEAD, stores), learnt from the days before an origin."""


@dataclass(frozen=True)
class Network:
    """What is known of the days and places; days reach AHEAD beyond the last known one."""

    calendar: Calendar
    kinds: int
    """kinds of holidays"""
    is_open: Flags
    """(days + AHEAD, stores)"""
    region: Whole
    """(stores,)"""

    @property
    def regions(self) -> int:
        return int(self.region.max(initial=0)) + 1

    @property
    def days(self) -> int:
        return len(self.calendar) - AHEAD


@dataclass(frozen=True)
class Score:
    """Errors of one model on one level, over all origins."""

    origins: int
    wape: float
    festival_wape: float | None
    bias: float


@dataclass(frozen=True)
class Level:
    """One level's forecast and its trial. Arrays are (AHEAD, series) or (origins, AHEAD, series)."""

    mean: Floats
    limits: Floats
    """(4, AHEAD, series)"""
    model: str
    scores: Mapping[str, Score]
    errors: Errors
    naive: Floats
    inside_80: Floats
    inside_95: Floats


@dataclass(frozen=True)
class Outlook:
    """A series foretold. `enough` tells the stores that have history enough; the others' forecasts mean nothing."""

    levels: Mapping[str, Level]
    origins: tuple[int, ...]
    enough: Flags
    scale: Floats
    """(stores,) mean absolute step of the seasonal naive before the first origin"""


def origins(first: int, days: int, calendar: Calendar) -> list[int]:
    """Days from which the past is foretold again, oldest first: evenly spaced, and around one more Spring Festival."""
    last = days - AHEAD
    even = [last - BETWEEN_ORIGINS * back for back in range(MOST_ORIGINS)]
    around = np.flatnonzero(calendar.festival[: even[-1]] == 0) if even[-1] > 0 else np.array([], np.int64)
    more = [int(around[-1]) + offset for offset in (-20, -6, 8)] if len(around) else []
    return sorted({origin for origin in even + more if first + FEWEST_DAYS <= origin <= last})


def shapes(counts: Floats, network: Network) -> ShapeAt:
    """What the calendar makes of each store's day; each origin is learnt once."""
    counts, known = as_table(counts), dict[int, Floats]()

    def at(origin: int) -> Floats:
        if origin not in known:
            shape = fit(counts[:origin], network.calendar[:origin], network.region, network.kinds)
            days = origin + AHEAD
            known[origin] = shape.of(network.calendar[:days]) * network.is_open[:days]
        return known[origin]

    return at


def following(counts: Floats, leader: Floats, leader_shape: ShapeAt, network: Network, first: int) -> ShapeAt:
    """The shape of what follows visits: money is settled, and bays are held, on the day of a visit and some days after.

    How much on which day is learnt from the network's sums; what the calendar does beside that, from the rest. So a
    series of a few months takes over what many years of visits know of the year. `first` is its first known day.
    """
    counts, leader, known = as_table(counts), as_table(leader), dict[int, Floats]()

    def at(origin: int) -> Floats:
        if origin not in known:
            lags = _lags(np.nansum(counts[first:origin], axis=1), np.nansum(leader[:origin], axis=1), first)
            base = _delayed(leader_shape(origin), lags)
            own = fit(
                counts[first:origin], network.calendar[first:origin], network.region, network.kinds,
                np.maximum(base[first:origin], 0.0),
            )  # fmt: skip
            known[origin] = base * own.of(network.calendar[: origin + AHEAD])
        return known[origin]

    return at


def _lags(total: Floats, leader: Floats, first: int) -> Floats:
    """Weights, sum 1, of today's and earlier days' visits in what happens today."""
    at_once: Floats = np.eye(1, LAGS)[0]
    days = np.arange(max(first, LAGS), first + len(total))[-LAG_DAYS:]
    if len(days) < 3 * LAGS:
        return at_once
    table = np.stack([leader[days - lag] for lag in range(LAGS)], axis=1)
    weight = 1 / np.sqrt(np.maximum(total[days - first], total.mean() * 0.05 + 1e-9))
    found, _ = nnls(table * weight[:, None], total[days - first] * weight)
    return np.asarray(found / found.sum(), np.float64) if found.sum() > 0 else at_once


def _delayed(shape: Floats, lags: Floats) -> Floats:
    found = np.zeros_like(shape)
    for lag, weight in enumerate(lags):
        if weight > 0:
            found[lag:] += weight * shape[: len(shape) - lag]
            found[:lag] += weight * shape[:lag]
    return found


def foresee(
    counts: Floats,
    network: Network,
    shape_at: ShapeAt,
    first: int = 0,
    told: Callable[[], object] = lambda: None,
) -> Outlook:
    """The outlook of a series (days, stores), NaN where a store was shut or is not known; `first` is its first day.

    `told` is called after every origin. Raises TooLittleHistory where fewer than four origins have a history.
    """
    counts = as_table(counts)
    require("days of history", FEWEST_DAYS + FEWEST_ORIGINS * BETWEEN_ORIGINS + AHEAD, network.days - first)
    points = origins(first, network.days, network.calendar)
    enough = (~np.isnan(counts[first:])).sum(axis=0) >= FEWEST_KNOWN
    require("stores with history", 1, int(enough.sum()))
    trials = []
    for origin in points:
        trials.append(_all_say(counts[first:origin], shape_at(origin)[first:], network, enough))
        told()
    truth = {level: [] for level in LEVELS}  # type: dict[str, list[Floats]]
    for origin in points:
        for level, table in _tables(counts[origin : origin + AHEAD], network, enough).items():
            truth[level].append(table)
    festival = np.stack([network.calendar.near_festival[origin : origin + AHEAD] for origin in points])
    actual = {level: np.stack(tables) for level, tables in truth.items()}
    scores = {level: _scores(trials, level, actual[level], festival) for level in LEVELS}
    chosen = {level: _least(scores[level]) for level in LEVELS}
    agreed = [_agreed({level: trial[level][chosen[level]] for level in LEVELS}, network) for trial in trials]
    now = _all_say(counts[first:], shape_at(network.days)[first:], network, enough, chosen)
    told()
    means = _agreed({level: now[level][chosen[level]] for level in LEVELS}, network)
    exact = dict(
        zip(LEVELS, reconcile.to_the_cent(means[STORE], network.region, network.regions), strict=True)
    )
    ahead = network.calendar.near_festival[network.days :]
    found = {}
    for level in LEVELS:
        errors = Errors(np.stack([each[level] for each in agreed]), actual[level], festival)
        limits = intervals.learn(errors).limits(exact[level], ahead)
        naive = np.stack([trial[level][NAIVE] for trial in trials])
        found[level] = Level(
            exact[level], limits, chosen[level], scores[level], errors, naive, *intervals.held(errors)
        )
    return Outlook(found, tuple(points), enough, _naive_step(counts[first : points[0]]))


def _all_say(
    counts: Floats, shape: Floats, network: Network, enough: Flags, only: Mapping[str, str] | None = None
) -> dict[str, dict[str, Floats]]:
    """What each model says on each level. The shape of a sum is that of its stores, weighed by their level."""
    shape = shape * enough
    level = np.nan_to_num(counts[-LEVEL_DAYS:]).mean(axis=0)
    tables = _tables(counts, network, enough)
    weighed = _tables(shape * level, network, enough)
    weighed[STORE] = shape
    said: dict[str, dict[str, Floats]] = {}
    for name in LEVELS:
        models: dict[str, Model] = MODELS if name == STORE else {**MODELS, **SINGLE}
        wanted = models if only is None else {only[name]: models[only[name]]}
        relative = weighed[name] if name == STORE else _relative(weighed[name])
        said[name] = {
            key: model(tables[name], relative) * _is_due(relative, len(counts))
            for key, model in wanted.items()
        }
    return said


def _is_due(shape: Floats, days: int) -> Floats:
    return (shape[days:] > 0).astype(np.float64)


def _relative(shape: Floats) -> Floats:
    """Mean about 1, so that a quiet day is told from an ordinary one."""
    mean = shape.mean(axis=0)
    return shape / np.where(mean > 0, mean, 1.0)


def _tables(counts: Floats, network: Network, enough: Flags) -> dict[str, Floats]:
    """The table of each level; a shut store adds nothing to its region."""
    stores = np.where(enough, counts, np.nan)
    filled = np.where(np.isnan(stores), 0.0, stores)
    regions = np.stack(
        [filled[:, network.region == place].sum(axis=1) for place in range(network.regions)], axis=1
    )
    return {STORE: stores, REGION: regions, NETWORK: regions.sum(axis=1, keepdims=True)}


def _agreed(said: Mapping[str, Floats], network: Network) -> dict[str, Floats]:
    found = reconcile.agreed(said[STORE], said[REGION], said[NETWORK], network.region)
    return dict(zip(LEVELS, found, strict=True))


def _scores(
    trials: Sequence[Mapping[str, Mapping[str, Floats]]], level: str, actual: Floats, festival: Flags
) -> dict[str, Score]:
    known = ~np.isnan(actual)
    around = known & festival[:, :, None]
    found = {}
    for model in trials[0][level]:
        said = np.stack([trial[level][model] for trial in trials])
        error = np.where(known, said - np.nan_to_num(actual), 0.0)
        total, total_around = actual[known].sum(), actual[around].sum()
        found[model] = Score(
            origins=len(trials),
            wape=_ratio(np.abs(error).sum(), total),
            festival_wape=_ratio(np.abs(error)[around].sum(), total_around) if total_around > 0 else None,
            bias=_ratio(error.sum(), total),
        )
    return found


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


def _least(scores: Mapping[str, Score]) -> str:
    return min(scores, key=lambda model: np.nan_to_num(scores[model].wape, nan=np.inf))


def _naive_step(history: Floats) -> Floats:
    step = np.abs(history[WEEK:] - history[:-WEEK])
    known = ~np.isnan(step)
    return np.asarray(np.where(known, step, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1), np.float64)
