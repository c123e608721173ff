"""People, the roles they hold and for which units; and what somebody who has signed in may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data_access.scope import Scope
from kpi.catalog.roles import KIOSK, ROLES, role
from kpi.organisation import OrgUnit
from kpi.role import NOTHING_PERSONAL, Role
from operations import tables
from operations.errors import BadPerson
from operations.passwords import fits, hashed
from operations.state import State

LONGEST_LOGIN = 60


@dataclass(frozen=True)
class Identity:
    """Somebody at the door, as far as the product needs to know them. `units` is what their role is held for."""

    login: str
    role: Role
    units: tuple[OrgUnit, ...]
    token: str = ""
    """Of the session; empty for a screen."""
    viewer: str | None = None
    """The administrator who looks through these eyes."""

    @property
    def scope(self) -> Scope:
        """An administrator who looks on sees the other's rows, but no personal data."""
        clear = NOTHING_PERSONAL if self.viewer else self.role.clear
        return replace(_rows(self.units), clear=clear)

    @property
    def file_scope(self) -> Scope:
        clear = NOTHING_PERSONAL if self.viewer else self.role.clear_in_files
        return replace(_rows(self.units), clear=clear)

    @property
    def home(self) -> OrgUnit:
        """Where the drill path of this person begins."""
        return self.units[0] if len(self.units) == 1 else OrgUnit()

    # What Flask-Login asks of a user.
    is_authenticated, is_active, is_anonymous = True, True, False

    def get_id(self) -> str:
        return self.token


def _rows(units: Sequence[OrgUnit]) -> Scope:
    members = {kind: [unit.member for unit in units if unit.kind == kind] for kind in ("region", "store")}
    if any(unit.kind == "network" for unit in units):
        return Scope.everything()
    if members["store"]:
        return Scope.of_stores(*members["store"])
    return Scope.of_regions(*members["region"])


def units_of(text: str, held: Role) -> tuple[OrgUnit, ...]:
    """From `network` or `region:north, region:east`. Raises BadPerson when the role is not held for such units."""
    units = tuple(OrgUnit.parse(part.strip()) for part in text.split(",") if part.strip())
    if not units or len({unit.kind for unit in units}) > 1 or units[0].kind not in held.held_for:
        raise BadPerson.units(held)
    return units


def told(units: Sequence[OrgUnit]) -> str:
    return ",".join(map(str, units))


@dataclass(frozen=True)
class Account:
    """A person as administrators see them."""

    login: str
    name: str
    role: Role
    units: tuple[OrgUnit, ...]
    active: bool
    has_password: bool


@dataclass(frozen=True)
class People:
    state: State

    def every(self) -> tuple[Account, ...]:
        with self.state.read() as session:
            rows = session.scalars(select(tables.Person).order_by(tables.Person.login))
            return tuple(map(_account, rows))

    def find(self, login: str) -> Account | None:
        with self.state.read() as session:
            row = _by_login(session, login)
            return _account(row) if row else None

    def add(
        self, login: str, name: str, role_key: str, units: str, now: datetime, password: str | None
    ) -> Account:
        """Raises BadPerson, WeakPassword or UnknownName; then nothing has changed."""
        login = login.strip()
        if not 0 < len(login) <= LONGEST_LOGIN or not name.strip() or not login.isprintable():
            raise BadPerson
        held = role(role_key)
        row = tables.Person(
            login=login,
            name=name.strip()[:100],
            role=role_key,
            units=told(units_of(units, held)),
            password_hash=hashed(password, login) if password else None,
            created_at=now,
            active=True,
        )
        try:
            with self.state.change() as session:
                session.add(row)
        except IntegrityError as error:
            raise BadPerson.taken(login) from error
        return _account(row)

    def change(self, login: str, *, role_key: str, units: str, active: bool) -> None:
        """A change of role or rows takes effect at the person's next request; one who is barred is signed out."""
        held = role(role_key)
        granted = told(units_of(units, held))
        with self.state.change() as session:
            row = _by_login(session, login)
            if row is None:
                raise BadPerson
            if row.role == "administrator" and not (active and held.administers):
                self._keep_one_administrator(session, row)
            row.role, row.units, row.active = role_key, granted, active
            if not active:
                session.execute(delete(tables.SignIn).where(tables.SignIn.person_id == row.id))

    def set_password(self, login: str, password: str) -> None:
        """Ends every session of the person: whoever knew the old one is out."""
        kept = hashed(password, login)
        with self.state.change() as session:
            row = _by_login(session, login)
            if row is None:
                raise BadPerson
            row.password_hash = kept
            session.execute(delete(tables.SignIn).where(tables.SignIn.person_id == row.id))

    def with_password(self, login: str, password: str) -> Account | None:
        """The active person whose password this is; takes as long when there is none."""
        with self.state.read() as session:
            row = _by_login(session, login)
        right = fits(password, row.password_hash if row else None)
        return _account(row) if row and right and row.active else None

    def with_identity(self, identity: str, login: str) -> Account | None:
        """The person behind an identity of the provider. The first time it is bound to the login it comes with."""
        with self.state.change() as session:
            row = session.scalar(select(tables.Person).where(tables.Person.identity == identity))
            if row is None:
                row = _by_login(session, login)
                if row is None or row.identity is not None or row.password_hash is not None:
                    return None
                row.identity = identity
            return _account(row) if row.active else None

    @staticmethod
    def _keep_one_administrator(session: Session, row: tables.Person) -> None:
        others = select(tables.Person.id).where(
            tables.Person.role == "administrator", tables.Person.active.is_(True), tables.Person.id != row.id
        )
        if session.scalar(others) is None:
            raise BadPerson.last_administrator()


def _by_login(session: Session, login: str) -> tables.Person | None:
    return session.scalar(select(tables.Person).where(tables.Person.login == login.strip()))


def _account(row: tables.Person) -> Account:
    held = ROLES.get(row.role, KIOSK)
    units = tuple(OrgUnit.parse(part) for part in row.units.split(","))
    return Account(row.login, row.name, held, units, row.active, row.password_hash is not None)
