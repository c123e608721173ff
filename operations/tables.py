"""The state database: what people did. One class a table; operations/migrations builds them.

Times are naive network time, as everywhere in the product.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[dict[str, Any]]: JSON, str: String(200)}  # noqa: RUF012


class Person(Base):
    """Somebody who signs in. `units` are the parts of the network that the role is held for, comma-separated."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    units: Mapped[str] = mapped_column(Text, default="network")
    password_hash: Mapped[str | None]
    """None for people who come through the identity provider only."""
    identity: Mapped[str | None] = mapped_column(unique=True)
    """Issuer and subject at the identity provider."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignIn(Base):
    """A session that is open: its cookie holds the token, this table only the token's hash."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    view_role: Mapped[str | None]
    """When an administrator looks through the eyes of a role …"""
    view_units: Mapped[str | None] = mapped_column(Text)
    """… and the units it is held for."""


class Failure(Base):
    """Failed attempts to sign in: of a login, or from an address."""

    __tablename__ = "failure"

    subject: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class TargetOverride(Base):
    """From `valid_from` on, these limits replace a metric's declared ones for a unit and what lies below it.

    `good` and `critical` as in kpi.metric.Limits; a band has its upper ends in `good_high` and `critical_high`. A row is
    never changed: a later row of the same metric, unit and day takes its place, and an earlier day keeps its limits.
    """

    __tablename__ = "target_override"
    __table_args__ = (Index(None, "metric", "unit", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str]
    unit: Mapped[str]
    valid_from: Mapped[date]
    good: Mapped[float | None]
    critical: Mapped[float | None]
    good_high: Mapped[float | None]
    critical_high: Mapped[float | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """From `valid_from` on the declared limits hold again."""


class Playlist(Base):
    """Boards that a wall shows in turn; sizes follow from where its viewers stand and how wide the screen is."""

    __tablename__ = "playlist"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    boards: Mapped[list[dict[str, Any]]]
    """Each {"path": …, "unit": …}."""
    seconds: Mapped[int] = mapped_column(default=25)
    distance_m: Mapped[float] = mapped_column(default=5.0)
    width_mm: Mapped[int] = mapped_column(default=1660)
    language: Mapped[str] = mapped_column(default="zh-CN")
    theme: Mapped[str] = mapped_column(default="dark", server_default="dark")
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class KioskToken(Base):
    """Lets one screen read one playlist within one unit; it can do nothing else and can be revoked."""

    __tablename__ = "kiosk_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String(64))
    playlist_id: Mapped[int] = mapped_column(ForeignKey("playlist.id", ondelete="CASCADE"))
    unit: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what, when. Rows are only ever added; the database refuses to change one or to drop a young one."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    act: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]


class AuditRule(Base):
    """One row: entries older than `keep_from` may be pruned, younger ones may not."""

    __tablename__ = "audit_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    keep_from: Mapped[datetime]
