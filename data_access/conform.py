"""Brings incoming rows into the shape of a warehouse table, or says what is wrong with them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, String, Table

from data_access.errors import DraftRefused

_ARROW = {
    BigInteger: pa.int64(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    DateTime: pa.timestamp("us"),
    Double: pa.float64(),
    String: pa.string(),
}


def conformed(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with exactly the columns of `table`, in its order and types. Raises DraftRefused, naming every fault.

    A missing nullable column becomes NULL. Dictionary-encoded text stays so.
    """
    names = [column.name for column in table.columns]
    unknown = sorted(set(rows.column_names) - set(names))
    missing = [
        column.name
        for column in table.columns
        if not column.nullable and column.name not in rows.column_names
    ]
    if unknown or missing:
        raise DraftRefused(
            f"{table.name}: unknown columns {unknown}, missing columns {missing}; expected {names}"
        )
    return pa.table([_column(table, column, rows) for column in table.columns], names=names)


def _column(table: Table, column: Column[Any], rows: pa.Table) -> pa.ChunkedArray:
    wanted = _ARROW[type(column.type)]
    if column.name not in rows.column_names:
        return pa.chunked_array([pa.nulls(rows.num_rows, wanted)])
    values = rows.column(column.name)
    if not column.nullable and values.null_count:
        raise DraftRefused(
            f"{table.name}.{column.name}: {values.null_count} rows have no value, but one is required"
        )
    if values.type == wanted or (wanted == pa.string() and _is_text(values.type)):
        return values
    if _is_zoned(values.type):
        raise DraftRefused(f"{table.name}.{column.name}: expected naive local times, got {values.type}")
    try:
        return values.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DraftRefused(
            f"{table.name}.{column.name}: expected {wanted}, got {values.type} ({error})"
        ) from error


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _is_zoned(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) and kind.tz is not None)
