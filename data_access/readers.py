"""How each engine opens a version and answers a query from it. Raw frames; the warehouse makes them alike."""

from __future__ import annotations

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import URL, Compiled, CompoundSelect, Dialect, Select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data_access.dialects import engine_for, is_timeout
from data_access.errors import TooLarge, TooSlow, WarehouseUnavailable
from data_access.storage import Storage
from data_access.storage.duckdb_files import DuckDBFiles, text_of
from data_access.storage.layout import filled_tables, understood, views_of
from data_access.storage.version import Version

Query = Select[Any] | CompoundSelect[Any]
_KEPT_OPEN = 3  # versions that stay readable after the pointer has moved on


class DuckDBReader:
    """One in-memory DuckDB per process, to which the files of the open versions are attached, read-only.

    Every version is a schema of views over its files. A new version only attaches what is new: the base stays warm in
    memory while recent parts come and go. Each query has its own cursor, so any number may run at once.
    """

    def __init__(self, files: DuckDBFiles, seconds: float, threads: int, memory_mb: int) -> None:
        self.dialect: Dialect = files.dialect
        self._files = files
        self._seconds = seconds
        self._opening = threading.Lock()
        self._open: OrderedDict[str, Version] = OrderedDict()
        spill = os.path.join(tempfile.gettempdir(), f"pitwall-{os.getpid()}")
        self._root = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": f"{memory_mb}MB",
                "temp_directory": spill,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._root.execute("set allowed_directories = ?", [[str(files.directory), spill]])
        self._root.execute("set enable_external_access = false")

    def open(self, version: Version) -> None:
        """Make `version` readable and let go of the oldest ones. Raises WarehouseUnavailable."""
        with self._opening:
            if version.name in self._open:
                return
            try:
                self._attach(version)
            except duckdb.Error as error:
                raise WarehouseUnavailable(f"version {version.name}: {error}") from error
            self._open[version.name] = version
            while len(self._open) > _KEPT_OPEN:
                self._detach(self._open.popitem(last=False)[1])

    def frame(
        self, _query: Query, compiled: Compiled, values: Mapping[str, Any], version: Version
    ) -> pd.DataFrame:
        cursor = self._root.cursor()
        alarm = threading.Timer(self._seconds, cursor.interrupt)
        alarm.daemon = True
        alarm.start()
        try:
            cursor.execute(f"set search_path = '{version.views}'")
            cursor.execute(str(compiled), _values(compiled, values))
            return cursor.df()
        except duckdb.InterruptException as error:
            raise TooSlow(f"stopped after {self._seconds} s") from error
        except duckdb.OutOfMemoryException as error:
            raise TooLarge(str(error).partition("\n")[0]) from error
        except duckdb.Error as error:
            raise WarehouseUnavailable(str(error)) from error
        finally:
            alarm.cancel()
            cursor.close()

    def close(self) -> None:
        self._root.close()

    def _attach(self, version: Version) -> None:
        attached = {
            name for (name,) in self._root.execute("select database_name from duckdb_databases()").fetchall()
        }
        for part in set(version.parts) - attached:
            path = str(self._files.file(part)).replace("'", "''")
            self._root.execute(f"attach '{path}' as {part} (read_only)")
        filled: set[str] = set()
        if version.recent is not None:
            counted = text_of(filled_tables(version.recent, self._tables(version.recent)))
            filled = {name for (name,) in self._root.execute(counted).fetchall()}
        self._root.execute(f"create or replace schema {version.views}")
        foreseen = (
            understood(version.foresight, self._columns(version.foresight)) if version.foresight else ()
        )
        for name, view in views_of(version, str, self._tables(version.base), filled, foreseen).items():
            self._root.execute(f"create view {version.views}.{name} as {text_of(view)}")

    def _tables(self, part: str) -> set[str]:
        found = self._root.execute("select table_name from duckdb_tables() where database_name = ?", [part])
        return {name for (name,) in found.fetchall()}

    def _columns(self, part: str) -> dict[str, list[str]]:
        found = self._root.execute(
            "select table_name, list(column_name) from duckdb_columns() where database_name = ? group by 1",
            [part],
        )
        return dict(found.fetchall())

    def _detach(self, version: Version) -> None:
        self._root.execute(f"drop schema {version.views} cascade")
        needed = {part for other in self._open.values() for part in other.parts}
        for part in set(version.parts) - needed:
            self._root.execute(f"detach {part}")


def _values(compiled: Compiled, values: Mapping[str, Any]) -> list[Any]:
    bound = {**compiled.params, **values}
    return [bound[name] for name in compiled.positiontup or ()]  # type: ignore[attr-defined]


class ServerReader:
    """PostgreSQL and ClickHouse: the version's schema of views, on a pool of read-only connections."""

    def __init__(self, url: URL, storage: Storage, seconds: float) -> None:
        self._engine = engine_for(url, seconds)
        self._storage = storage
        self._seconds = seconds
        self.dialect: Dialect = self._engine.dialect

    def open(self, version: Version) -> None:
        """The server keeps all versions readable."""

    def frame(
        self, query: Query, _compiled: Compiled, values: Mapping[str, Any], version: Version
    ) -> pd.DataFrame:
        schema = {"schema_translate_map": {None: self._storage.schema_of(version.views)}}
        try:
            with self._engine.connect() as connection:
                found = connection.execute(query, values, execution_options=schema)
                return pd.DataFrame.from_records([tuple(row) for row in found], columns=list(found.keys()))
        except DBAPIError as error:
            if is_timeout(error):
                raise TooSlow(f"stopped after {self._seconds} s") from error
            raise WarehouseUnavailable(str(error.orig)) from error
        except SQLAlchemyError as error:
            raise WarehouseUnavailable(str(error)) from error

    def close(self) -> None:
        self._engine.dispose()
