"""What PostgreSQL and ClickHouse have in common: schemas on a server, and views that join a version's parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Date, Dialect, Engine, Select, String, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from data_access.dialects import create_table
from data_access.errors import WarehouseUnavailable
from data_access.storage.layout import filled_tables, table_in, understood, views_of
from data_access.storage.version import Shelf, Version

Named = Callable[[str], str]


def connected(engine: Engine) -> Connection:
    """A connection. Raises WarehouseUnavailable."""
    try:
        return engine.connect()
    except DBAPIError as error:
        raise WarehouseUnavailable(str(error.orig)) from error


def shelf_from(document: str | None) -> Shelf:
    """Raises WarehouseUnavailable when the pointer is damaged."""
    try:
        return Shelf() if document is None else Shelf.from_json(document)
    except ValueError as error:
        raise WarehouseUnavailable(f"the pointer to the current version is damaged: {error}") from error


def _column(values: Sequence[Any], kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, String):
        return list(values)
    if isinstance(kind, Date):
        return np.array([day.toordinal() for day in values], dtype=np.int64)
    return np.array(values, dtype=np.float64)


class ServerWorkshop:
    """The part of a publisher's work that is the same SQL on every server."""

    def __init__(self, connection: Connection, schema_of: Named) -> None:
        self._connection = connection
        self.schema_of = schema_of
        self.dialect: Dialect = connection.dialect

    def open(self, part: str) -> None:
        """Every schema of the server is readable already."""

    def insert(self, target: Table, rows: Select[Any]) -> None:
        self._insert(target, rows, self._text(rows))

    def _insert(self, target: Table, rows: Select[Any], query: str) -> None:
        names = ", ".join(column.name for column in rows.selected_columns)
        self._run(f"insert into {target.schema}.{target.name} ({names}) {query}")

    def stage(self, part: str, table: Table, rows: Select[Any]) -> Table:
        """Kept in the part's schema while it is built."""
        staged = table_in(table, self.schema_of(part))
        self._run(create_table(table, self.schema_of(part), self.dialect))
        self.insert(staged, rows)
        return staged

    def unstage(self, staged: Table) -> None:
        self._run(f"drop table {staged.schema}.{staged.name}")

    def rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._run(self._text(query))]

    def columns(self, query: Select[Any]) -> list[Any]:
        found = list(zip(*self.rows(query), strict=True)) or [()] * len(query.selected_columns)
        pairs = zip(found, query.selected_columns, strict=True)
        return [_column(values, column.type) for values, column in pairs]

    def _show(self, version: Version, make_schema: str) -> None:
        schema = self.schema_of(version.views)
        filled: set[str] = set()
        if version.recent is not None:
            recent = self.schema_of(version.recent)
            filled = {name for (name,) in self.rows(filled_tables(recent, self._tables(recent)))}
        present = self._tables(self.schema_of(version.base))
        foreseen = (
            understood(version.foresight, self._columns(version.foresight)) if version.foresight else ()
        )
        self._run(f"create {make_schema} {schema}")
        for name, view in views_of(version, self.schema_of, present, filled, foreseen).items():
            self._run(f"create view {schema}.{name} as {self._text(view)}")

    def _tables(self, schema: str) -> set[str]:
        found = self._run(f"select table_name from information_schema.tables where table_schema = '{schema}'")
        return {str(name) for (name,) in found}

    def _columns(self, part: str) -> dict[str, list[str]]:
        schema = self.schema_of(part)
        columns: dict[str, list[str]] = {}
        for table, column in self._run(
            f"select table_name, column_name from information_schema.columns where table_schema = '{schema}'"
        ):
            columns.setdefault(str(table), []).append(str(column))
        return columns

    def _needed(self, shelf: Shelf) -> set[str]:
        return {
            self.schema_of(name) for name in (*shelf.parts, *(version.views for version in shelf.versions))
        }

    def _text(self, query: Any) -> str:
        return str(query.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True}))

    def _run(self, sql: str) -> Any:
        return self._connection.exec_driver_sql(sql)
