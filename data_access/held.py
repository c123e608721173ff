"""Rows of the table `status` become what the boards judge by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_datetime64_any_dtype, is_string_dtype

from kpi.glance import NOTHING, Stored
from kpi.metric import Band, Direction, Limits, Metric
from kpi.ranking import Tier
from kpi.state import Reason, Side, Status
from kpi.stored import Place, StoredStatus
from kpi.variation import Assurance, Variation

Key = tuple[str, str, str]
"""Metric key, kind of unit and unit key."""
_SEVERITY = {status.value: status.severity for status in Status}


@dataclass(frozen=True, eq=False)
class Words:
    """A column of text, each word written once: thousands of rows say a few words, and the cache reads them every time."""

    codes: NDArray[np.int64]
    words: tuple[str, ...]

    @classmethod
    def of(cls, column: pd.Series[Any]) -> Words:
        codes, words = pd.factorize(column)
        return cls(codes, tuple(map(str, words)))

    def __getitem__(self, at: int) -> str | None:
        code = self.codes[at]
        return None if code < 0 else self.words[code]

    def is_(self, word: str) -> NDArray[np.bool_]:
        at = self.words.index(word) if word in self.words else None
        return np.zeros(len(self.codes), np.bool_) if at is None else self.codes == at


@dataclass(frozen=True, eq=False)
class Held(Mapping[Key, StoredStatus]):
    """What is stored of some metrics at some units. A board asks thousands of states and reads a hundred rows whole:
    the rows stay columns, and one becomes a StoredStatus when it is asked for."""

    columns: Mapping[str, Any]
    """Words for text, else arrays; days as datetime64."""

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Held:
        return cls({str(name): _column(column) for name, column in frame.items()})

    def __getitem__(self, key: Key) -> StoredStatus:
        metric, kind, unit = key
        at = self._units(metric, kind)[unit]
        return _status({name: _plain(column[at]) for name, column in self.columns.items()})

    def __iter__(self) -> Iterator[Key]:
        metric, kind, unit = (self.columns[name] for name in ("metric", "kind", "unit"))
        return ((metric[at], kind[at], unit[at]) for at in range(len(self)))

    def __len__(self) -> int:
        return len(self.columns["unit"].codes)

    def stored(self, metric: Metric, kind: str, units: Sequence[str | None]) -> Stored:
        """The statuses alone of some units, in their order."""
        places = self._units(metric.key, kind)
        rows = [(place, places[unit]) for place, unit in enumerate(units) if unit and unit in places]
        known, at = np.array(rows, np.int64).reshape(-1, 2).T
        state = self.columns["state"]
        severities = np.array([_SEVERITY[word] for word in state.words], np.int64)
        severity, (low, high) = np.full(len(units), NOTHING), np.full((2, len(units)), np.nan)
        severity[known] = severities[state.codes[at]]
        low[known], high[known] = self.columns["good"][at], self.columns["good_high"][at]
        alone, higher = np.isnan(high), metric.direction is Direction.HIGHER
        good = np.where(alone & (not higher), -np.inf, low), np.where(alone, np.inf if higher else low, high)
        return Stored(severity, good)

    def _units(self, metric: str, kind: str) -> Mapping[str, int]:
        """In which row each unit stands."""
        found = self._places.get((metric, kind))
        if found is None:
            unit = self.columns["unit"]
            here = np.flatnonzero(
                self.columns["metric"].is_(metric) & self.columns["kind"].is_(kind)
            ).tolist()
            found = self._places[metric, kind] = {unit.words[unit.codes[at]]: at for at in here}
        return found

    @cached_property
    def _places(self) -> dict[tuple[str, str], Mapping[str, int]]:
        return {}


def _column(column: pd.Series[Any]) -> Any:
    if is_string_dtype(column):
        return Words.of(column)
    values = column.to_numpy()
    return values.astype("datetime64[D]") if is_datetime64_any_dtype(column) else values


def _plain(value: Any) -> Any:
    """A day as such, None where there is none."""
    return value.item() if isinstance(value, np.datetime64) else value


def _status(row: Mapping[str, Any]) -> StoredStatus:
    return StoredStatus(
        status=Status(row["state"]),
        reason=Reason(row["reason"]),
        day=row["day"],
        since=row["since"],
        previous=Status(row["previous"]),
        times=int(row["times"]),
        side=Side(row["side"]) if row["side"] else None,
        value=_number(row["value"]),
        n=int(row["n"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        probability=_number(row["probability"]),
        variation=Variation(int(row["variation"])),
        assurance=Assurance(int(row["assurance"])),
        guard_red=bool(row["guard_red"]),
        limits=_limits(row),
        place=_place(row),
    )


def _limits(row: Mapping[str, Any]) -> Limits | Band:
    since, good, critical = row["limits_since"], float(row["good"]), float(row["critical"])
    if np.isnan(row["good_high"]):
        return Limits(good, critical, since)
    return Band((good, float(row["good_high"])), (critical, float(row["critical_high"])), since)


def _place(row: Mapping[str, Any]) -> Place | None:
    if np.isnan(row["rank"]):
        return None
    return Place(
        shrunken=float(row["shrunken"]),
        rank=int(row["rank"]),
        low=int(row["rank_low"]),
        high=int(row["rank_high"]),
        of=int(row["ranked"]),
        tier=Tier(int(row["tier"])),
        peers=row["peers"],
        apart=int(row["apart"]),
        moved=int(row["moved"]),
    )


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
