"""The three engines for every test that asks for one: real DuckDB, PostgreSQL and ClickHouse, nothing to install."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pgserver
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, make_url, text

from app import create_app
from settings import Settings
from tests.entering import SECRET, signed_in

gc.freeze()
gc.set_threshold(50_000, 20, 100)
"""Looking for garbage in what was imported took an eighth of a run's time."""

ENGINES = ("duckdb", "postgresql", "clickhouse")
_NUMBERS = count(1)
_NO_COMPILER = "compile_expressions=0&compile_aggregate_expressions=0"
"""ClickHouse compiles an expression when it meets it the third time: of a handful of rows that is most of the work."""
NewWarehouse = Callable[[str], str]


class ReadAs(Protocol):
    def __call__(
        self, url: str, now: datetime, role: str = "executive", units: str = "network", **settings: Any
    ) -> FlaskClient: ...


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own, gone with it."""
    with tempfile.TemporaryDirectory(prefix="pitwall-pg-", ignore_cleanup_errors=True) as directory:
        server = pgserver.get_server(Path(directory) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def new_warehouse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewWarehouse:
    """Makes the URL of a new, empty warehouse on one of ENGINES."""
    held: list[Connection] = []

    def new(engine: str) -> str:
        if engine == "duckdb":
            return f"duckdb:///{tmp_path_factory.mktemp('warehouse')}"
        name = f"lab{next(_NUMBERS)}"
        if engine == "clickhouse":
            if not held:
                # An embedded ClickHouse forgets everything with its last connection, whenever that is collected.
                held.append(
                    create_engine("clickhousedb://default@localhost/default?interface=chdb").connect()
                )
            return f"clickhousedb://default@localhost/{name}?interface=chdb&{_NO_COMPILER}"
        server = str(request.getfixturevalue("postgresql_url"))
        admin = create_engine(
            make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        admin.dispose()
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return new


@pytest.fixture(scope="session")
def read_as(tmp_path_factory: pytest.TempPathFactory) -> ReadAs:
    """Somebody reading a warehouse through the web, signed in with a role."""

    def reading(
        url: str, now: datetime, role: str = "executive", units: str = "network", **settings: Any
    ) -> FlaskClient:
        state = f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.db'}"
        given = {"state_url": state, "secret_key": SECRET, "log_level": "ERROR", "clock": now, **settings}
        return signed_in(create_app(Settings(warehouse_url=url, **given)), role, units)

    return reading


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, new_warehouse: NewWarehouse) -> str:
    """A new, empty warehouse on each engine in turn."""
    return new_warehouse(request.param)
