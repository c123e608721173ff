"""The words a verdict is made of: what the status is, why, and on which side of the target."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"

    @property
    def severity(self) -> int:
        """Worst first: 0 is what a reader must see first."""
        return {"critical": 0, "warning": 1, "unknown": 2, "good": 3}[self.value]


class Reason(StrEnum):
    """Why a status is what it is; the position is the code in `kpi.status.Course.reason`."""

    ON_TARGET = "on_target"
    OFF_TARGET = "off_target"
    BEYOND_LIMIT = "beyond_limit"
    PERHAPS = "perhaps"  # beyond the red limit, but not often or surely enough
    WORSENING = "worsening"  # off target, but not confirmed yet
    RECOVERING = "recovering"  # better than the status says, but not confirmed yet
    IMMATURE = "immature"  # the period is not final: the last status holds
    NO_DATA = "no_data"
    STALE = "stale"
    POOR_QUALITY = "poor_quality"
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"


class Side(StrEnum):
    LOW = "low"
    HIGH = "high"
