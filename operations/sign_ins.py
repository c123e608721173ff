"""Open sessions. The browser holds a random token, this database only its hash, and one look-up a request decides."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from kpi.catalog.roles import ROLES
from kpi.organisation import OrgUnit
from operations.people import Identity, told, units_of
from operations.state import State
from operations.tables import Person, SignIn

LASTS = timedelta(hours=12)
"""A working day; then the password is asked for again."""
_LOOK_UP = (
    select(Person.login, Person.role, Person.units, SignIn.ends_at, SignIn.view_role, SignIn.view_units)
    .join(SignIn, SignIn.person_id == Person.id)
    .where(Person.active.is_(True))
)


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class SignIns:
    state: State

    def open(self, login: str, now: datetime) -> str:
        """A new session of a person; the token to put into the cookie."""
        token = secrets.token_urlsafe(32)
        with self.state.change() as session:
            session.execute(delete(SignIn).where(SignIn.ends_at < now))
            person = session.scalars(select(Person.id).where(Person.login == login)).one()
            session.add(SignIn(token_hash=digest(token), person_id=person, began_at=now, ends_at=now + LASTS))
        return token

    def who(self, token: str, now: datetime) -> Identity | None:
        """Whose session this is; None when it has ended, was closed, or never was."""
        with self.state.engine.connect() as connection:
            row = connection.execute(_LOOK_UP.where(SignIn.token_hash == digest(token))).first()
        if row is None or row.ends_at <= now or row.role not in ROLES:
            return None
        if row.view_role in ROLES and ROLES[row.role].administers:
            units = _units(row.view_units)
            return Identity(row.login, ROLES[row.view_role], units, token, viewer=row.login)
        return Identity(row.login, ROLES[row.role], _units(row.units), token)

    def close(self, token: str) -> None:
        with self.state.change() as session:
            session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))

    def close_all(self, login: str) -> int:
        """Every session of a person, on every device."""
        person = select(Person.id).where(Person.login == login).scalar_subquery()
        with self.state.change() as session:
            return session.execute(delete(SignIn).where(SignIn.person_id == person)).rowcount  # type: ignore[attr-defined,no-any-return]

    def view_as(self, token: str, role_key: str | None, units: str = "") -> None:
        """Lets the session of an administrator look through the eyes of a role; None ends it."""
        granted = told(units_of(units, ROLES[role_key])) if role_key else None
        with self.state.change() as session:
            session.execute(
                update(SignIn)
                .where(SignIn.token_hash == digest(token))
                .values(view_role=role_key, view_units=granted)
            )


def _units(text: str) -> tuple[OrgUnit, ...]:
    return tuple(OrgUnit.parse(part) for part in text.split(","))
