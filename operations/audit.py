"""The audit trail: who signed in, saw personal data, exported, changed a target or a role. Only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update

from operations.state import State
from operations.tables import AuditEntry, AuditRule

KEEP = timedelta(days=400)
"""A year and the month in which it is audited."""
SHOWN = 500


class Act(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    VIEWED_AS = "viewed_as"
    SAW_PERSONAL = "saw_personal"
    EXPORTED = "exported"
    REFUSED = "refused"
    PERSON_CHANGED = "person_changed"
    TARGET_CHANGED = "target_changed"
    PLAYLIST_CHANGED = "playlist_changed"
    KIOSK_MADE = "kiosk_made"
    KIOSK_REVOKED = "kiosk_revoked"


@dataclass(frozen=True)
class Entry:
    """`subject` is what was acted on (an address, a person, a metric); `detail` never holds personal data."""

    at: datetime
    who: str
    role: str
    act: Act
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    state: State

    def write(self, entry: Entry) -> None:
        row = AuditEntry(
            at=entry.at,
            who=entry.who[:200],
            role=entry.role,
            act=entry.act.value,
            subject=entry.subject[:200],
            detail=dict(entry.detail),
        )
        with self.state.change() as session:
            session.add(row)

    def found(
        self, *, who: str = "", act: str = "", since: datetime | None = None, limit: int = SHOWN
    ) -> tuple[Entry, ...]:
        """The newest entries first, narrowed by person, act and time."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if who:
            query = query.where(AuditEntry.who == who)
        if act:
            query = query.where(AuditEntry.act == act)
        if since:
            query = query.where(AuditEntry.at >= since)
        with self.state.read() as session:
            return tuple(
                Entry(row.at, row.who, row.role, Act(row.act), row.subject, row.detail)
                for row in session.scalars(query)
            )

    def prune(self, now: datetime) -> int:
        """Drops what is older than KEEP; the database refuses to drop anything younger. Returns how many went."""
        keep_from = now - KEEP
        with self.state.change() as session:
            session.execute(update(AuditRule).values(keep_from=keep_from))
            return session.execute(delete(AuditEntry).where(AuditEntry.at < keep_from)).rowcount  # type: ignore[attr-defined,no-any-return]
