"""How rows get into DuckDB: numbered batches become table `source`, lines that are no rows become table `broken`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from data_access.load.errors import InputRefused, shown
from kpi.text import Text

FIRST_ROW = 2
"""The number of the row below the header."""


def cells(count: int) -> list[str]:
    """The names of a file's columns in SQL: no heading of a file ever gets there."""
    return [f"c{index}" for index in range(count)]


def numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches with their rows' numbers in front."""
    first = FIRST_ROW
    for batch in batches:
        numbers = pa.array(np.arange(first, first + batch.num_rows))
        first += batch.num_rows
        yield pa.RecordBatch.from_arrays([numbers, *batch.columns], ["row", *batch.schema.names])


def create_source(
    connection: duckdb.DuckDBPyConnection, width: int, batches: Iterator[pa.RecordBatch]
) -> None:
    """Create table `source`: row, number, and `width` cells. Batches have `row` and the cells."""
    first = next(batches, None)
    if first is None:
        empty = "".join(f", {name} varchar" for name in cells(width))
        connection.execute(f"create table source (row bigint, number bigint{empty})")
        return

    def rest() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    connection.register("incoming", pa.RecordBatchReader.from_batches(first.schema, rest()))
    connection.execute("create table source as select row, row as number, * exclude (row) from incoming")
    connection.unregister("incoming")


def set_aside(connection: duckdb.DuckDBPyConnection, broken: list[tuple[int, str]]) -> None:
    """Put broken rows (number, line) into `broken`, and move the rows of `source` to the numbers they left free."""
    if not broken:
        return
    rows = pa.table({"row": [row for row, _ in broken], "line": [line for _, line in broken]})
    connection.register("set_aside", rows)
    connection.execute("insert into broken select row, row, line from set_aside")
    connection.unregister("set_aside")
    # The broken row number b with k broken ones before it stands before the good rows counted b - k and up.
    connection.execute("""
        create table moved as
        select s.* replace (row + coalesce(before, 0) as row, row + coalesce(before, 0) as number)
        from source s asof left join (
            select place, max(before) as before from (
                select row - row_number() over (order by row) + 1 as place, row_number() over (order by row) as before
                from broken
            ) group by place
        ) g on s.row >= g.place
    """)
    connection.execute("drop table source")
    connection.execute("alter table moved rename to source")


def refused(told: Text, path: Path, /, **more: object) -> InputRefused:
    return InputRefused(public=told.filled(file=shown(path.name), **more))


def first_line(error: BaseException) -> str:
    """What went wrong, in the words of the library that noticed."""
    lines = str(error).splitlines()
    return shown(lines[0] if lines else type(error).__name__, 160)
