"""Slows guessing down: a login and an address are each locked for a while after too many failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from operations.state import State
from operations.tables import Failure

MOST_FOR_A_LOGIN, MOST_FROM_AN_ADDRESS = 5, 30
WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Lockout:
    """Counts in the state database, so that all web workers count together. Logins are kept as hashes."""

    state: State

    def locked_until(self, login: str, address: str, now: datetime) -> datetime | None:
        """When the next attempt will be heard; None: now."""
        with self.state.read() as session:
            rows = session.scalars(select(Failure).where(Failure.subject.in_(_subjects(login, address))))
            locks = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
        return max(locks, default=None)

    def failed(self, login: str, address: str, now: datetime) -> bool:
        """Writes a failure down; True when it locks the login or the address."""
        locks = False
        with self.state.change() as session:
            session.execute(delete(Failure).where(Failure.last_at < now - _FORGOTTEN_AFTER))
            for subject, most in _subjects(login, address).items():
                row = session.get(Failure, subject, with_for_update=True)
                if row is None:
                    row = Failure(subject=subject, times=0, last_at=now)
                    session.add(row)
                row.times = row.times + 1 if now - row.last_at <= WITHIN else 1
                row.last_at = now
                if row.times >= most:
                    row.locked_until, row.times, locks = now + LOCKED_FOR, 0, True
        return locks

    def succeeded(self, login: str, address: str) -> None:
        """The person knows the password: their own failures are forgiven, the address's are not."""
        mine = next(iter(_subjects(login, address)))
        with self.state.change() as session:
            session.execute(delete(Failure).where(Failure.subject == mine))


def _subjects(login: str, address: str) -> dict[str, int]:
    name = sha256(login.strip().casefold().encode()).hexdigest()
    return {f"login {name}": MOST_FOR_A_LOGIN, f"address {address}"[:200]: MOST_FROM_AN_ADDRESS}
