"""Opens the state database: SQLite in WAL mode or PostgreSQL, migrated to the newest shape before anybody reads it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from operations.errors import StateUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 5_417_600
"""Any number, the same in every process: PostgreSQL's name for “one migrates, the others wait”."""
_WAIT_MS = 5_000


@dataclass(frozen=True)
class State:
    """Sessions on the state database. Every write is one transaction: `with state.change() as session`."""

    engine: Engine
    read: sessionmaker[Session]

    def change(self) -> AbstractContextManager[Session]:
        return self.read.begin()

    def close(self) -> None:
        self.engine.dispose()


def open_state(address: str) -> State:
    """The state database at a URL, created and migrated as needed. Raises StateUnavailable."""
    url = make_url(address)
    try:
        engine = (
            _sqlite(url) if url.get_backend_name() == "sqlite" else create_engine(url, pool_pre_ping=True)
        )
        with _alone(engine):
            _migrate(engine)
    except (SQLAlchemyError, OSError) as error:
        raise StateUnavailable(str(error)) from error
    return State(engine, sessionmaker(engine, expire_on_commit=False))


def _sqlite(url: URL) -> Engine:
    """Readable by the service's own user alone: it holds password hashes."""
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _: Any) -> None:
        for pragma in (
            "journal_mode=wal",
            "synchronous=normal",
            "foreign_keys=on",
            f"busy_timeout={_WAIT_MS}",
        ):
            connection.execute(f"pragma {pragma}")

    return engine


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Several web workers start at once; one of them migrates."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
            yield
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with open(f"{database}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
