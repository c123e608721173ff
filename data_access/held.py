"""Rows of the table `status` become what the boards judge by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_string_dtype

from kpi.metric import Band, Limits
from kpi.ranking import Tier
from kpi.state import Reason, Side, Status
from kpi.stored import Place, StoredStatus
from kpi.variation import Assurance, Variation

Key = tuple[str, str, str]
"""Metric key, kind of unit and unit key."""


@dataclass(frozen=True, eq=False)
class Held(Mapping[Key, StoredStatus]):
    """What is stored of some metrics at some units. A board asks thousands of states and reads a hundred rows whole:
    the rows stay columns, and one becomes a StoredStatus when it is asked for."""

    columns: Mapping[str, Any]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Held:
        return cls({str(name): _column(column) for name, column in frame.items()})

    def __getitem__(self, key: Key) -> StoredStatus:
        metric, kind, unit = key
        at = self._units(metric, kind)[unit]
        return _status({name: column[at] for name, column in self.columns.items()})

    def __iter__(self) -> Iterator[Key]:
        return zip(*(self.columns[name].tolist() for name in ("metric", "kind", "unit")), strict=True)

    def __len__(self) -> int:
        return len(self.columns["unit"])

    def states(self, metric: str, kind: str) -> dict[str, Status]:
        """The statuses alone, by unit."""
        state = self.columns["state"]
        return {unit: Status(state[at]) for unit, at in self._units(metric, kind).items()}

    def _units(self, metric: str, kind: str) -> Mapping[str, int]:
        """In which row each unit stands."""
        found = self._places.get((metric, kind))
        if found is None:
            here = np.flatnonzero((self.columns["metric"] == metric) & (self.columns["kind"] == kind))
            units = self.columns["unit"][here].tolist()
            found = self._places[metric, kind] = dict(zip(units, here.tolist(), strict=True))
        return found

    @cached_property
    def _places(self) -> dict[tuple[str, str], Mapping[str, int]]:
        return {}


def _column(column: pd.Series[Any]) -> Any:
    """Days as dates, None where there is none."""
    values = column.to_numpy(dtype=object) if is_string_dtype(column) else column.to_numpy()
    return values.astype("datetime64[D]").astype(object) if is_datetime64_any_dtype(column) else values


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
