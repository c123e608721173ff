"""Runs questions on the current version and nothing else: time limit, row cap, read-only, errors translated.

Frames come back alike from every engine: dates and timestamps as datetime64[ns], integers as int64 (float64 where one
is missing), all other numbers as float64, flags as bool (object where one is missing), text as str. NULL is NaN, NaT or
None. A column whose type SQLAlchemy does not know (text of SQL) is float64 when it holds numbers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype
from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    DateTime,
    Dialect,
    Float,
    Integer,
    Numeric,
    Select,
    String,
)
from sqlalchemy.engine import Compiled, make_url
from sqlalchemy.types import NullType, TypeEngine

from data_access.errors import NothingPublished, TooManyRows
from data_access.readers import DuckDBReader, ServerReader
from data_access.storage import open_storage
from data_access.storage.duckdb_files import DuckDBFiles
from data_access.storage.version import Version
from kpi.errors import PitWallError

Query = Select[Any] | CompoundSelect[Any]
Values = Mapping[str, Any]
_LOG = logging.getLogger(__name__)
_TIME = "datetime64[ns]"
_FLOAT = np.dtype("float64")
_LOOK_EVERY = 1.0  # seconds between two looks at the pointer


class Reader(Protocol):
    """One engine, open for reading. Safe to use from many threads."""

    dialect: Dialect

    def open(self, version: Version) -> None:
        """Make a version readable. Raises WarehouseUnavailable."""

    def frame(self, query: Query, compiled: Compiled, values: Values, version: Version) -> pd.DataFrame:
        """All rows; `compiled` is the query in this dialect. Raises TooSlow, TooLarge, WarehouseUnavailable."""

    def close(self) -> None: ...


class Warehouse:
    """The read-only door to the warehouse. One per process, shared by its threads; not to be taken across a fork."""

    def __init__(
        self, url: str, *, seconds: float = 5, row_cap: int = 200_000, threads: int = 2, memory_mb: int = 400
    ) -> None:
        """`seconds` a query may take, `row_cap` rows it may return; `threads` and `memory_mb` limit DuckDB.

        Raises ValueError when the URL names no known engine; whether anything is published shows on first use.
        """
        self._storage = open_storage(url)
        self._row_cap = row_cap
        self._written: WeakKeyDictionary[Query, tuple[Query, Compiled]] = WeakKeyDictionary()
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._stamp: object = None
        self._version: Version | None = None
        self._reader: Reader
        if isinstance(self._storage, DuckDBFiles):
            self._reader = DuckDBReader(self._storage, seconds, threads, memory_mb)
        else:
            self._reader = ServerReader(make_url(url), self._storage, seconds)

    def version(self) -> Version:
        """The version to read now; looks at the pointer at most once a second.

        When the pointer or a new version cannot be read, the last good one stays. Raises NothingPublished,
        WarehouseUnavailable when there is none.
        """
        present = self._version
        if present is not None and time.monotonic() - self._looked_at < _LOOK_EVERY:
            return present
        if not self._looking.acquire(blocking=present is None):
            return present or self.version()
        try:
            return self._newest()
        finally:
            self._looking.release()

    def fetch(
        self, query: Query, values: Mapping[str, Any] = {}, version: Version | None = None
    ) -> pd.DataFrame:
        """The rows of `query` in the given version, by default the current one; `values` are bound to its open parameters.

        Raises TypeError (not a SELECT), TooSlow, TooLarge, TooManyRows, NothingPublished, WarehouseUnavailable.
        """
        if not isinstance(query, Select | CompoundSelect):
            raise TypeError(f"only SELECT is read from the warehouse, not {type(query).__name__}")
        frame = self._reader.frame(*self._write(query), values, version or self.version())
        if len(frame) > self._row_cap:
            raise TooManyRows(self._row_cap)
        return _alike(frame, query)

    def fingerprint(
        self, query: Query, values: Mapping[str, Any] = {}, version: Version | None = None
    ) -> str:
        """Equal for equal SQL, bound values and version, in every process: the key of a cached answer."""
        _, compiled = self._write(query)
        bound = sorted((name, repr(value)) for name, value in {**compiled.params, **values}.items())
        digest = blake2b(f"{compiled}\n{bound}".encode(), digest_size=16).hexdigest()
        return f"{(version or self.version()).name}:{digest}"

    def _write(self, query: Query) -> tuple[Query, Compiled]:
        """The query with the row cap and its SQL, written once: a key is asked for before the rows are."""
        written = self._written.get(query)
        if written is None:
            capped = query if query._has_row_limiting_clause else query.limit(self._row_cap + 1)
            compiled = capped.compile(
                dialect=self._reader.dialect, compile_kwargs={"render_postcompile": True}
            )
            written = self._written[query] = (capped, compiled)
        return written

    def close(self) -> None:
        """Let go of files and connections."""
        self._reader.close()

    def _newest(self) -> Version:
        try:
            stamp = self._storage.stamp()
            if self._version is None or stamp != self._stamp:
                current = self._storage.shelf().current
                if current is None:
                    raise NothingPublished
                self._reader.open(current)
                self._version, self._stamp = current, stamp
        except PitWallError as error:
            if self._version is None:
                raise
            _LOG.warning("still reading version %s: %s", self._version.name, error)
        self._looked_at = time.monotonic()
        assert self._version is not None
        return self._version


def _alike(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The frame with the column types that the module's docstring promises; changed in place."""
    dtypes = list(frame.dtypes)
    for position, column in enumerate(query.selected_columns):
        if dtypes[position] == _FLOAT and isinstance(column.type, NullType | Numeric | Float):
            continue  # most columns are sums, and taking each out of the frame costs more than the sum
        values = frame.iloc[:, position]
        wanted = _wanted(values, column.type)
        if wanted is not None and values.dtype != wanted:
            changed: Any = values.astype(wanted)
            frame.isetitem(position, changed)
    return frame


def _wanted(values: pd.Series[Any], kind: TypeEngine[Any]) -> Any:
    """The dtype that a column is to have; None leaves it as it is."""
    if isinstance(kind, Date | DateTime):
        return _TIME
    if isinstance(kind, Integer):
        return "float64" if values.isna().any() else "int64"
    if isinstance(kind, Numeric | Float):
        return "float64"
    if isinstance(kind, Boolean):
        return None if values.isna().any() else "bool"
    return "str" if isinstance(kind, String) else _guessed(values)


def _guessed(values: pd.Series[Any]) -> Any:
    if values.dtype != object:
        is_number = is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype)
        return "float64" if is_number else _TIME if is_datetime64_any_dtype(values.dtype) else None
    first = next((value for value in values if value is not None), None)
    if isinstance(first, date):
        return _TIME
    return "float64" if isinstance(first, Decimal | int | float) and not isinstance(first, bool) else None
