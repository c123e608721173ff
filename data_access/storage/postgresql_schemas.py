"""PostgreSQL: a part is a schema of tables, a version a schema of views over its parts.

A publisher works in one transaction, from the first new table to the pointer: a crash rolls all of it back, and
readers see the old state until the commit. The pointer is the one row of `pitwall.shelf`. Old schemas are dropped
afterwards, each when nobody reads it any more; one that is still read is left to the next publisher.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from pyarrow import csv
from sqlalchemy import URL, Connection, Dialect, Table, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from data_access.dialects import create_table, engine_for
from data_access.errors import PublishBusy, WarehouseUnavailable
from data_access.storage.layout import sort_key, store_key, tables_of
from data_access.storage.server import ServerWorkshop, connected, shelf_from
from data_access.storage.version import Shelf, Version

_LOCK = 7_265_600  # the advisory lock of PitWall's publishers in a database
_PREFIX = "pitwall_"


class PostgreSQLSchemas:
    """Where the versions of a warehouse lie in a PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        self._engine = engine_for(url)
        self.dialect: Dialect = self._engine.dialect

    def schema_of(self, name: str) -> str:
        return f"{_PREFIX}{name}"

    def stamp(self) -> object:
        return self._document()

    def shelf(self) -> Shelf:
        return shelf_from(self._document())

    def _document(self) -> str | None:
        try:
            with connected(self._engine) as connection:
                return connection.execute(text("select document from pitwall.shelf")).scalar()
        except ProgrammingError:  # no such table: nothing was ever published here
            return None
        except DBAPIError as error:
            raise WarehouseUnavailable(str(error.orig)) from error

    @contextmanager
    def publishing(self, wait: float) -> Iterator[PostgreSQLWorkshop]:
        with connected(self._engine) as connection:
            _take(connection, wait)
            try:
                yield PostgreSQLWorkshop(connection, self.schema_of)
            finally:
                connection.invalidate()  # closes the session, and with it ends transaction and lock


def _take(connection: Connection, wait: float) -> None:
    deadline = time.monotonic() + wait
    while not connection.execute(text(f"select pg_try_advisory_lock({_LOCK})")).scalar():
        if time.monotonic() >= deadline:
            raise PublishBusy
        time.sleep(0.05)
    connection.execute(text("create schema if not exists pitwall"))
    connection.execute(text("create table if not exists pitwall.shelf (document text not null)"))
    connection.commit()


class PostgreSQLWorkshop(ServerWorkshop):
    """One publisher at work, inside one transaction."""

    def native(self, part: str) -> Any:
        self._run(f"set local search_path to {self.schema_of(part)}")
        return self._connection.connection.driver_connection

    def create(self, part: str) -> None:
        schema = self.schema_of(part)
        self._run(
            "; ".join(
                [
                    f"create schema {schema}",
                    *(create_table(each, schema, self.dialect) for each in tables_of(part)),
                ]
            )
        )

    def append(self, part: str, table: Table, rows: pa.Table) -> None:
        columns = [
            each.cast(pa.string()) if pa.types.is_dictionary(each.type) else each for each in rows.columns
        ]
        target = f"{self.schema_of(part)}.{table.name} ({', '.join(rows.column_names)})"
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"copy {target} from stdin (format csv)") as copy:
            for batch in pa.table(columns, names=rows.column_names).to_batches(100_000):
                block = io.BytesIO()
                csv.write_csv(batch, block, csv.WriteOptions(include_header=False))
                copy.write(block.getbuffer())

    def seal(self, part: str) -> None:
        schema = self.schema_of(part)
        for table in tables_of(part):
            for key in dict.fromkeys((store_key(table), sort_key(table), ("work_order_id",))):
                if key and set(key) <= set(table.c.keys()):
                    self._run(f"create index on {schema}.{table.name} ({', '.join(key)})")
        self._run("; ".join(f"analyze {schema}.{table.name}" for table in tables_of(part)))

    def show(self, version: Version) -> None:
        self._show(version, "schema")

    def swap(self, shelf: Shelf) -> None:
        self._run("delete from pitwall.shelf")
        self._connection.execute(
            text("insert into pitwall.shelf values (:document)"), {"document": shelf.to_json()}
        )
        self._connection.commit()

    def discard(self) -> None:
        self._connection.rollback()

    def sweep(self, shelf: Shelf) -> None:
        pattern = f"^{_PREFIX}(base|recent|foresight|v)_"
        found = self._run(
            f"select nspname from pg_namespace where nspname ~ '{pattern}' order by nspname desc"
        ).fetchall()
        self._connection.commit()
        for name in {name for (name,) in found} - self._needed(shelf):
            try:
                self._run("set local lock_timeout = '500ms'")
                self._run(f"drop schema {name} cascade")
                self._connection.commit()
            except OperationalError:  # still read: the next publisher finds it again
                self._connection.rollback()
