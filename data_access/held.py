"""Rows of the table `status` become what the boards judge by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

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

    frame: pd.DataFrame

    def __getitem__(self, key: Key) -> StoredStatus:
        at = self._places[key]
        return _status({name: column[at] for name, column in self._columns.items()})

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self.frame)

    def state(self, key: Key) -> Status | None:
        """The status alone."""
        at = self._places.get(key)
        return None if at is None else Status(self._columns["state"][at])

    @cached_property
    def _places(self) -> Mapping[Key, int]:
        keys = zip(*(self.frame[name].tolist() for name in ("metric", "kind", "unit")), strict=True)
        return {key: at for at, key in enumerate(keys)}

    @cached_property
    def _columns(self) -> Mapping[str, Any]:
        return {str(name): _column(column) for name, column in self.frame.items()}


def _column(column: pd.Series[Any]) -> Any:
    """Days as dates, None where there is none."""
    values = column.to_numpy()
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
