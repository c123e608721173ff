"""Rows of the table `status` become what the boards judge by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpi.metric import Band, Limits
from kpi.ranking import Tier
from kpi.state import Reason, Side, Status
from kpi.stored import Place, StoredStatus
from kpi.variation import Assurance, Variation

Held = Mapping[tuple[str, str, str], StoredStatus]
"""By metric key, kind of unit and unit key."""


def held(frame: pd.DataFrame) -> Held:
    """Every row, by what it speaks of."""
    return {(row["metric"], row["kind"], row["unit"]): _status(row) for row in frame.to_dict("records")}


def _status(row: Mapping[Any, Any]) -> StoredStatus:
    return StoredStatus(
        status=Status(row["state"]),
        reason=Reason(row["reason"]),
        day=row["day"].date(),
        since=None if pd.isna(row["since"]) else row["since"].date(),
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


def _limits(row: Mapping[Any, Any]) -> Limits | Band:
    since, good, critical = row["limits_since"].date(), float(row["good"]), float(row["critical"])
    if pd.isna(row["good_high"]):
        return Limits(good, critical, since)
    return Band((good, float(row["good_high"])), (critical, float(row["critical_high"])), since)


def _place(row: Mapping[Any, Any]) -> Place | None:
    if pd.isna(row["rank"]):
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
    return None if pd.isna(value) else float(value)
