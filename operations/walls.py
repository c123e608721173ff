"""Walls: which boards a screen shows in turn, and which screens have been let in to show them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kpi.catalog.boards import BOARDS, ON_WALL
from kpi.catalog.roles import KIOSK
from kpi.errors import UnknownName
from kpi.organisation import OrgUnit
from kpi.text import Locale
from operations import tables
from operations.errors import BadPlaylist
from operations.people import Identity
from operations.sign_ins import digest
from operations.state import State
from operations.wording import PLAYLIST, SCREEN

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST_BOARDS = 8
SECONDS, DISTANCE_M, WIDTH_MM = (10, 600), (0.5, 30.0), (200, 20_000)
WALL_THEMES = ("dark", "light")


@dataclass(frozen=True)
class WallBoard:
    path: str
    unit: OrgUnit = field(default_factory=OrgUnit)


@dataclass(frozen=True)
class Playlist:
    """`distance_m` is where its readers stand, `width_mm` how wide the picture is."""

    slug: str
    name: str
    boards: tuple[WallBoard, ...]
    seconds: int = 25
    distance_m: float = 5.0
    width_mm: int = 1660
    locale: Locale = Locale.ZH_CN
    theme: str = "dark"

    def check(self) -> None:
        """Raises BadPlaylist with what would be right."""
        if not SLUG.fullmatch(self.slug) or not self.name.strip():
            raise BadPlaylist.name()
        if not 0 < len(self.boards) <= MOST_BOARDS or any(one.path not in ON_WALL for one in self.boards):
            raise BadPlaylist.boards(MOST_BOARDS)
        limits = ((self.seconds, SECONDS), (self.distance_m, DISTANCE_M), (self.width_mm, WIDTH_MM))
        if not all(low <= value <= high for value, (low, high) in limits) or self.theme not in WALL_THEMES:
            raise BadPlaylist.sizes(SECONDS, DISTANCE_M, WIDTH_MM)


@dataclass(frozen=True)
class Playlists:
    state: State

    def every(self) -> tuple[Playlist, ...]:
        with self.state.read() as session:
            return tuple(
                map(_playlist, session.scalars(select(tables.Playlist).order_by(tables.Playlist.slug)))
            )

    def find(self, slug: str) -> Playlist:
        with self.state.read() as session:
            return _playlist(_row(session, slug))

    def save(self, playlist: Playlist, who: str, now: datetime) -> None:
        """Makes one, or changes the one of that slug. Raises BadPlaylist; then nothing has changed."""
        playlist.check()
        with self.state.change() as session:
            row = session.scalar(select(tables.Playlist).where(tables.Playlist.slug == playlist.slug))
            if row is None:
                row = tables.Playlist(slug=playlist.slug)
                session.add(row)
            row.name, row.seconds = playlist.name.strip()[:100], playlist.seconds
            row.distance_m, row.width_mm = playlist.distance_m, playlist.width_mm
            row.language, row.theme = playlist.locale.value, playlist.theme
            row.boards = [{"path": one.path, "unit": str(one.unit)} for one in playlist.boards]
            row.changed_by, row.changed_at = who, now

    def drop(self, slug: str) -> None:
        """Its screens go with it."""
        with self.state.change() as session:
            row = _row(session, slug)
            session.execute(delete(tables.KioskToken).where(tables.KioskToken.playlist_id == row.id))
            session.delete(row)


@dataclass(frozen=True)
class LetIn:
    """A screen that was let in, as administrators see it."""

    id: int
    name: str
    slug: str
    unit: OrgUnit
    made_by: str
    made_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Screens:
    """The address of a screen holds a random token, this database only its hash."""

    state: State

    def every(self) -> tuple[LetIn, ...]:
        query = select(tables.KioskToken, tables.Playlist.slug).join(tables.Playlist)
        with self.state.read() as session:
            return tuple(
                _let_in(row, slug)
                for row, slug in session.execute(query.order_by(tables.KioskToken.id.desc()))
            )

    def let_in(self, name: str, slug: str, unit: OrgUnit, who: str, now: datetime) -> str:
        """The token, told once. Raises BadPlaylist or UnknownName."""
        if not name.strip() or not name.isprintable():
            raise BadPlaylist.screen()
        if unit.kind not in KIOSK.held_for:
            raise BadPlaylist.unit()
        token = secrets.token_urlsafe(32)
        with self.state.change() as session:
            row = _row(session, slug)
            session.add(
                tables.KioskToken(
                    name=name.strip()[:100],
                    token_hash=digest(token),
                    playlist_id=row.id,
                    unit=str(unit),
                    made_by=who,
                    made_at=now,
                )
            )
        return token

    def revoke(self, number: int, now: datetime) -> LetIn:
        with self.state.change() as session:
            row = session.get(tables.KioskToken, number)
            if row is None:
                raise UnknownName(SCREEN, str(number), ())
            row.revoked_at = row.revoked_at or now
            slug = session.scalars(
                select(tables.Playlist.slug).where(tables.Playlist.id == row.playlist_id)
            ).one()
            return _let_in(row, slug)

    def at(self, token_hash: str) -> LetIn | None:
        """The screen of a token, also one that has been shut out."""
        query = select(tables.KioskToken, tables.Playlist.slug).join(tables.Playlist)
        with self.state.read() as session:
            found = session.execute(query.where(tables.KioskToken.token_hash == token_hash)).first()
            return _let_in(*found) if found else None

    def who(self, token_hash: str) -> tuple[Identity, str] | None:
        """Who a screen is, and its playlist; None once it has been shut out."""
        with self.state.engine.connect() as connection:
            row = connection.execute(_LOOK_UP.where(tables.KioskToken.token_hash == token_hash)).first()
        if row is None:
            return None
        opens = KIOSK.pages | {one.path for one in _boards(row.boards)} if KIOSK.pages else None
        unit = OrgUnit.parse(row.unit)
        return Identity(f"screen {row.name}", replace(KIOSK, pages=opens), (unit,)), row.slug


_LOOK_UP = (
    select(tables.KioskToken.name, tables.KioskToken.unit, tables.Playlist.slug, tables.Playlist.boards)
    .join(tables.Playlist)
    .where(tables.KioskToken.revoked_at.is_(None))
)


def _row(session: Session, slug: str) -> tables.Playlist:
    row = session.scalar(select(tables.Playlist).where(tables.Playlist.slug == slug))
    if row is None:
        raise UnknownName(PLAYLIST, slug, session.scalars(select(tables.Playlist.slug)))
    return row


def _playlist(row: tables.Playlist) -> Playlist:
    locale = Locale(row.language) if row.language in set(Locale) else Locale.ZH_CN
    return Playlist(
        row.slug, row.name, _boards(row.boards), row.seconds, row.distance_m, row.width_mm, locale, row.theme
    )


def _boards(kept: Sequence[dict[str, Any]]) -> tuple[WallBoard, ...]:
    """Boards that are no longer known are left out."""
    return tuple(WallBoard(one["path"], OrgUnit.parse(one["unit"])) for one in kept if one["path"] in BOARDS)


def _let_in(row: tables.KioskToken, slug: str) -> LetIn:
    return LetIn(row.id, row.name, slug, OrgUnit.parse(row.unit), row.made_by, row.made_at, row.revoked_at)
