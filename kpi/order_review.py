"""What went wrong with one work order: facts against what was promised, worst first. Pure; the clock comes in.

Red is what failed, or still wants somebody to act; amber went wrong and is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpi.listing import Value
from kpi.metric import Unit
from kpi.text import Text
from kpi.verdict import Status

Record = Mapping[str, Value]
LONG_WAIT = 30.0
"""Minutes after which a wait is too long (domain.md 2.2 C)."""
LOW, DETRACTOR = 2.0, 6.0
_ORDER = (Status.CRITICAL, Status.WARNING)

CAME_BACK = Text("The same fault came back after {amount}", "同故障返修，间隔{amount}")
LATE_NOW = Text("The promise has passed by {amount}", "已超承诺 {amount}，尚未交车")
LATE = Text("Handed over {amount} later than promised", "晚于承诺 {amount} 交车")
OPEN_COMPLAINT = Text("A complaint is open", "投诉尚未关闭")
COMPLAINED = Text("The customer complained", "客户曾投诉")
LOW_OPEN = Text("A low score waits for a call", "低分尚未回访")
LOW_SCORE = Text("A low score", "低分评价")
DETRACTS = Text("The customer would not recommend us", "客户不愿推荐")
WAITS_NOW = Text("The customer has waited {amount} for work to begin", "已等待开工 {amount}")
WAITED = Text("Work began after {amount} of waiting", "等待 {amount} 才开工")
STOOD_PARTS = Text("Stood {amount} in the bay for want of parts", "工位内等配件 {amount}")
STOOD_APPROVAL = Text("Stood {amount} in the bay for an approval", "工位内等确认 {amount}")
RETURN = Text("It is itself the return of another repair", "本工单即为返修")
INCOMPLETE = Text("Required fields are missing", "必填项缺失")


@dataclass(frozen=True)
class Finding:
    """`amount` of a unit stands in the text, if any."""

    status: Status
    text: Text
    amount: float | None = None
    unit: Unit = Unit.HOURS


def review(
    order: Record,
    bays: Sequence[Record],
    surveys: Sequence[Record],
    complaints: Sequence[Record],
    now: datetime,
) -> list[Finding]:
    """All that is wrong with the order, the worst first."""
    found = [*_repair(order, now), *_voice(surveys, complaints), *_bay(bays)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.status))


def _repair(order: Record, now: datetime) -> Iterator[Finding]:
    promised, delivered = _time(order["promised_at"]), _time(order["delivered_at"])
    if order["return_id"] is not None:
        yield Finding(Status.CRITICAL, CAME_BACK, _number(order["hours_after"]))
    if promised and (delivered or now) > promised:
        late = _hours(promised, delivered or now)
        yield Finding(Status.WARNING, LATE, late) if delivered else Finding(Status.CRITICAL, LATE_NOW, late)
    waited = _number(order["waited"])
    if order["work_started_at"] is not None and waited is not None and waited > LONG_WAIT:
        yield Finding(Status.WARNING, WAITED, waited, Unit.MINUTES)
    if order["work_started_at"] is None and delivered is None and order["arrived_at"] is not None:
        starts = [moment for name in ("arrived_at", "slot_starts_at") if (moment := _time(order[name]))]
        waits = 60 * _hours(max(starts), now)
        if waits > LONG_WAIT:
            yield Finding(Status.CRITICAL, WAITS_NOW, waits, Unit.MINUTES)
    if order["return_of"] is not None:
        yield Finding(Status.WARNING, RETURN)
    if order["complete"] is False and delivered:
        yield Finding(Status.WARNING, INCOMPLETE)


def _voice(surveys: Sequence[Record], complaints: Sequence[Record]) -> Iterator[Finding]:
    for ticket in complaints:
        is_open = ticket["closed_at"] is None
        yield Finding(Status.CRITICAL, OPEN_COMPLAINT) if is_open else Finding(Status.WARNING, COMPLAINED)
    for survey in surveys:
        satisfied, votes = _number(survey["satisfaction"]), _number(survey["nps_score"])
        if satisfied is not None and satisfied <= LOW:
            called = survey["followed_up_at"] is not None
            yield Finding(Status.WARNING, LOW_SCORE) if called else Finding(Status.CRITICAL, LOW_OPEN)
        if votes is not None and votes <= DETRACTOR:
            yield Finding(Status.WARNING, DETRACTS)


def _bay(bays: Sequence[Record]) -> Iterator[Finding]:
    for state, text in (("wait_parts", STOOD_PARTS), ("wait_approval", STOOD_APPROVAL)):
        stood = sum(_number(row["minutes"]) or 0.0 for row in bays if row["state"] == state)
        if stood:
            yield Finding(Status.WARNING, text, stood, Unit.MINUTES)


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _time(value: Value) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
