"""Where versions lie: files of DuckDB, schemas of PostgreSQL, databases of ClickHouse. Chosen by the warehouse's URL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Dialect, Select, Table, make_url
from sqlalchemy.exc import ArgumentError

from data_access.dialects import CLICKHOUSE, DUCKDB, POSTGRESQL
from data_access.storage.version import Shelf, Version

Found = list[str] | NDArray[np.int64] | NDArray[np.float64]
"""One column of what was found."""


class Workshop(Protocol):
    """One publisher at work on new parts. A part is a schema that holds all tables of the contract."""

    dialect: Dialect

    @property
    def schema_of(self) -> Callable[[str], str]:
        """The schema name, in SQL, of a part or of a version's views."""

    def native(self, part: str) -> Any:
        """The driver's own connection, with the part's tables as plain names, for bulk SQL."""

    def create(self, part: str) -> None:
        """Make a new part with all tables empty."""

    def open(self, part: str) -> None:
        """Make a finished part readable here."""

    def append(self, part: str, table: Table, rows: pa.Table) -> None:
        """Add rows whose columns are those of `table`, in its order and types."""

    def insert(self, target: Table, rows: Select[Any]) -> None:
        """Add what a query finds."""

    def stage(self, part: str, table: Table, rows: Select[Any]) -> Table:
        """Keep what a query finds for the rollups of a part. It is no table of the part."""

    def unstage(self, staged: Table) -> None:
        """Let go of what was kept."""

    def rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        """What a query finds."""

    def columns(self, query: Select[Any]) -> list[Found]:
        """What a query finds, by column: text as it is, days as ordinals, all else as numbers with NaN for NULL."""

    def seal(self, part: str) -> None:
        """Finish a part: order, indexes, statistics, durable on disk."""

    def show(self, version: Version) -> None:
        """Prepare what readers of a new version need; nobody sees it yet."""

    def swap(self, shelf: Shelf) -> None:
        """Make `shelf` what readers see, at once."""

    def discard(self) -> None:
        """Let go of unfinished parts."""

    def sweep(self, shelf: Shelf) -> None:
        """Remove all that no version of the shelf needs."""


class Storage(Protocol):
    """Where the versions of one warehouse lie."""

    dialect: Dialect

    def schema_of(self, name: str) -> str:
        """The schema name, in SQL, of a part or of a version's views."""

    def stamp(self) -> object:
        """Changes whenever another version becomes current; None while nothing is published."""

    def shelf(self) -> Shelf:
        """The kept versions; empty when nothing was ever published. Raises WarehouseUnavailable."""

    def publishing(self, wait: float) -> AbstractContextManager[Workshop]:
        """The exclusive right to publish. Raises PublishBusy after `wait` seconds."""


def open_storage(url: str) -> Storage:
    """The storage that a warehouse URL names. Raises ValueError with what would be right."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError(f"{_shown(url)} is not a database URL; {_FORMS}") from error
    backend = parsed.get_backend_name()
    if backend == DUCKDB and parsed.database not in (None, "", ":memory:"):
        from data_access.storage.duckdb_files import DuckDBFiles

        return DuckDBFiles(Path(str(parsed.database)))
    if backend == POSTGRESQL:
        from data_access.storage.postgresql_schemas import PostgreSQLSchemas

        return PostgreSQLSchemas(parsed)
    if backend == CLICKHOUSE:
        from data_access.storage.clickhouse_databases import ClickHouseDatabases

        return ClickHouseDatabases(parsed)
    raise ValueError(f"{_shown(url)} names no warehouse that PitWall knows; {_FORMS}")


_FORMS = (
    "use duckdb:///<directory>, postgresql+psycopg://<user>:<password>@<host>/<database> "
    "or clickhousedb://<user>:<password>@<host>:<port>/default"
)


def _shown(url: str) -> str:
    """The URL's scheme only: the rest may hold a password."""
    return f"“{url.split(':', 1)[0][:30]}:…”"
