"""ClickHouse: a part is a database of MergeTree tables, a version a database of views over its parts.

ClickHouse has no transactions across tables, so the pointer is one row: the newest revision in `<name>.shelf`, which
one INSERT adds at once or not at all. What a crash leaves behind is referred to by no revision and swept.

The lock is best effort: `CREATE DATABASE <name>_lock` fails when the database exists, which makes it a lock; its
comment says who holds it. The lock of a dead process on the same machine is taken over. One left by a machine that is
gone has to be dropped by hand: the error says so.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
from sqlalchemy import URL, Connection, Dialect, Select, Table
from sqlalchemy.exc import DBAPIError

from data_access.dialects import create_table, engine_for
from data_access.errors import PublishBusy, WarehouseUnavailable
from data_access.storage.layout import sort_key, tables_of
from data_access.storage.server import ServerWorkshop, connected, shelf_from
from data_access.storage.version import Shelf, Version

_NO_DATABASE, _NO_TABLE, _EXISTS = 81, 60, 82


class ClickHouseDatabases:
    """Where the versions of a warehouse lie on a ClickHouse server.

    The URL's database names the warehouse (`pitwall` when it is `default`); its parts are databases beside it.
    """

    def __init__(self, url: URL) -> None:
        self._name = "pitwall" if url.database in (None, "", "default") else str(url.database)
        self._engine = engine_for(url)
        self.dialect: Dialect = self._engine.dialect

    def schema_of(self, name: str) -> str:
        return f"{self._name}_{name}"

    def stamp(self) -> object:
        return self._document()

    def shelf(self) -> Shelf:
        return shelf_from(self._document())

    def _document(self) -> str | None:
        try:
            with connected(self._engine) as connection:
                newest = f"select document from {self._name}.shelf order by revision desc limit 1"
                return connection.exec_driver_sql(newest).scalar()
        except DBAPIError as error:
            if getattr(error.orig, "code", None) in (_NO_DATABASE, _NO_TABLE):
                return None
            raise WarehouseUnavailable(str(error.orig)) from error

    @contextmanager
    def publishing(self, wait: float) -> Iterator[ClickHouseWorkshop]:
        lock = self.schema_of("lock")
        with connected(self._engine) as connection:
            _take(connection, lock, wait)
            try:
                connection.exec_driver_sql(f"create database if not exists {self._name}")
                connection.exec_driver_sql(
                    f"create table if not exists {self._name}.shelf (revision UInt64, document String) "
                    "engine = ReplacingMergeTree(revision) order by tuple()"
                )
                yield ClickHouseWorkshop(connection, self.schema_of, self._name)
            finally:
                connection.exec_driver_sql(f"drop database if exists {lock}")


def _take(connection: Connection, lock: str, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            connection.exec_driver_sql(
                f"create database {lock} comment '{socket.gethostname()} {os.getpid()}'"
            )
        except DBAPIError as error:
            if getattr(error.orig, "code", None) != _EXISTS:
                raise WarehouseUnavailable(str(error.orig)) from error
        else:
            return
        holder = connection.exec_driver_sql(
            f"select comment from system.databases where name = '{lock}'"
        ).scalar()
        if _is_dead(str(holder or "")):
            connection.exec_driver_sql(f"drop database if exists {lock}")
        elif time.monotonic() >= deadline:
            raise PublishBusy(f"held by {holder}; if that process is gone for good: DROP DATABASE {lock}")
        else:
            time.sleep(0.05)


def _is_dead(holder: str) -> bool:
    host, _, process = holder.rpartition(" ")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class ClickHouseWorkshop(ServerWorkshop):
    """One publisher at work."""

    def __init__(self, connection: Connection, schema_of: Callable[[str], str], name: str) -> None:
        super().__init__(connection, schema_of)
        self._name = name

    def native(self, part: str) -> Any:
        client = self._client()
        client.database = self.schema_of(part)
        return client

    def create(self, part: str) -> None:
        schema = self.schema_of(part)
        self._run(f"create database {schema}")
        for table in tables_of(part):
            self._run(create_table(table, schema, self.dialect, sort_key(table)))

    def append(self, part: str, table: Table, rows: pa.Table) -> None:
        self._client().insert_arrow(table.name, rows, database=self.schema_of(part))

    def insert(self, target: Table, rows: Select[Any]) -> None:
        """ClickHouse works out what WITH names anew wherever the name stands: each is kept for a moment instead."""
        compiled: Any = rows.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True})
        named = list((compiled.ctes or {}).values())
        query = str(compiled).removeprefix("WITH " + ", \n".join(named) + "\n")
        steps = [each.split(" AS ", 1) for each in named]
        try:
            for name, step in steps:
                self._run(f"create temporary table {name} engine = Log as {step}")
            self._insert(target, rows, query)
        finally:
            for name, _ in steps:
                with suppress(DBAPIError):  # what went wrong before is to be told
                    self._run(f"drop temporary table if exists {name}")

    def seal(self, part: str) -> None:
        """MergeTree tables sort themselves, and an INSERT that returned is durable."""

    def show(self, version: Version) -> None:
        self._show(version, "database")

    def swap(self, shelf: Shelf) -> None:
        revision = int(self._run(f"select max(revision) from {self._name}.shelf").scalar() or 0) + 1
        row = pa.table({"revision": pa.array([revision], pa.uint64()), "document": [shelf.to_json()]})
        self._client().insert_arrow("shelf", row, database=self._name)

    def discard(self) -> None:
        """Nothing is open; `sweep` drops what is not referred to."""

    def sweep(self, shelf: Shelf) -> None:
        pattern = f"^{self._name}_(base|recent|foresight|v)_"
        found = self._run(f"select name from system.databases where match(name, '{pattern}')").fetchall()
        for name in {name for (name,) in found} - self._needed(shelf):
            with suppress(DBAPIError):  # the next publisher finds it again
                self._run(f"drop database {name}")

    def _client(self) -> Any:
        driver: Any = self._connection.connection.driver_connection
        return driver.client
