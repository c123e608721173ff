"""What a load did, in figures and in calm words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from data_access.load import wording
from data_access.load.errors import shown
from kpi.catalog import METRICS
from kpi.text import Locale, Text, joined

NEEDS: dict[str, tuple[str, ...]] = {
    "vehicles": ("arrived_on",),
    "ftfr_30d": ("vehicle_id", "root_cause", "delivered_on"),
    "ftfr_48h": ("vehicle_id", "root_cause", "delivered_on"),
    "wo_completeness": ("delivered_on",),
    "cycle_time_h": ("delivered_at",),
    "queue_wait_min": ("work_started_at",),
    "cycle_median": ("delivered_at",),
    "cycle_p90": ("delivered_at",),
    "wait_median": ("work_started_at",),
    "wait_p90": ("work_started_at",),
    "on_time_delivery": ("promised_at", "delivered_at"),
    "revenue": ("settled_on", "labour_amount", "parts_amount"),
    "avg_ro_value": ("settled_on", "labour_amount", "parts_amount"),
    "cross_store_share": ("origin_store_id",),
}
"""Metrics that work orders alone can show, and the fields they need."""

_MOST_NAMES = 8


@dataclass(frozen=True)
class LoadReport:
    """One load. `read` = `loaded` + `quarantined`, always; `orders` counts what is there after it."""

    file: str
    read: int
    loaded: int
    replaced: int
    reasons: tuple[tuple[str, str, int], ...]  # reason code, column, rows; the first reason of each row
    quarantine: Path | None
    orders: int
    first_day: date
    last_day: date
    as_of: datetime
    stores: tuple[str, ...]
    fix_eligible: int
    comebacks: int
    known: frozenset[str]  # fields of which at least one order tells something
    handover_by_arrival: bool
    arrival_by_day: bool
    version: str | None

    @property
    def quarantined(self) -> int:
        return sum(count for _, _, count in self.reasons)

    def told(self, locale: Locale) -> str:
        """The report as text, one finding a line."""
        return "\n".join(line.in_(locale) for line in self._lines())

    def _lines(self) -> Iterator[Text]:
        read, loaded, quarantined = (f"{count:,}" for count in (self.read, self.loaded, self.quarantined))
        yield wording.READ.filled(file=shown(self.file), read=read, loaded=loaded, quarantined=quarantined)
        if self.replaced:
            yield wording.REPLACED.filled(replaced=f"{self.replaced:,}")
        for code, column, count in self.reasons:
            yield (wording.REASON if column else wording.REASON_OF_ROW).filled(
                count=f"{count:,}", code=code, column=shown(column)
            )
        if self.quarantine:
            yield wording.KEPT_IN.filled(path=self.quarantine)
        yield wording.REACH.filled(
            orders=f"{self.orders:,}",
            first=self.first_day,
            last=self.last_day,
            as_of=f"{self.as_of:%Y-%m-%d %H:%M}",
        )
        names = joined([shown(name, 40) for name in self.stores[:_MOST_NAMES]])
        more = len(self.stores) - _MOST_NAMES
        if more > 0:
            names = wording.MORE.filled(names=names, more=more)
        yield wording.STORES.filled(count=len(self.stores), names=names)
        yield from self._metrics()
        yield wording.PUBLISHED.filled(version=self.version) if self.version else wording.CHECKED_ONLY

    def _metrics(self) -> Iterator[Text]:
        if self.fix_eligible:
            yield wording.COMEBACKS.filled(eligible=f"{self.fix_eligible:,}", comebacks=f"{self.comebacks:,}")
        if self.arrival_by_day:
            yield wording.DAY_ONLY
        if self.handover_by_arrival:
            yield wording.HANDOVER_BY_ARRIVAL
        missing = {key: [name for name in needed if name not in self.known] for key, needed in NEEDS.items()}
        yield wording.SHOWN.filled(metrics=_names([key for key, lacks in missing.items() if not lacks]))
        for key, lacks in missing.items():
            if lacks:
                yield wording.NO_DATA.filled(metric=METRICS[key].name, fields=joined(lacks))
        yield wording.ELSEWHERE.filled(metrics=_names([key for key in METRICS if key not in NEEDS]))


def _names(keys: list[str]) -> Text:
    return joined([METRICS[key].name for key in keys])
