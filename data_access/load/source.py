"""Reads a file into DuckDB: table `source` with `row`, `number` and the cells c0, c1 …, and table `broken`.

`row` is a row's place in this file, as a spreadsheet shows it: the header is row 1; empty lines of a CSV are not
counted. `number` is its place in the file it first came from, which differs in a quarantine file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet

from data_access.load import errors as say
from data_access.load.delimited import read_delimited
from data_access.load.errors import InputRefused, shown
from data_access.load.guard import unguarded, unguarded_heading
from data_access.load.intake import cells, create_source, first_line, numbered, refused
from data_access.load.mapping import FileOptions
from data_access.load.sheet import read_sheet

FORMATS = ".csv, .csv.gz, .xlsx, .parquet"
QUARANTINE_COLUMNS = ("pitwall_row", "pitwall_reason", "pitwall_says_en", "pitwall_says_zh", "pitwall_line")
"""What stands before a file's own columns in its quarantine file."""


@dataclass(frozen=True)
class Source:
    """What was read. `headings` are the file's own, in order; `rows` counts good and broken ones."""

    name: str
    digest: str
    headings: tuple[str, ...]
    rows: int
    is_quarantine: bool


def read_source(connection: duckdb.DuckDBPyConnection, path: Path, options: FileOptions) -> Source:
    """Fill the tables `source` and `broken`. Raises InputRefused, saying what is wrong and what would be right."""
    digest = _digest(path)
    connection.execute("create table broken (row bigint, number bigint, line varchar)")
    match _format(path):
        case "parquet":
            headings = _read_parquet(connection, path)
        case "xlsx":
            headings = read_sheet(connection, path, options.sheet)
        case kind:
            mark = QUARANTINE_COLUMNS[0]
            headings = read_delimited(connection, path, options, zipped=kind == "csv.gz", mark=mark)
    is_quarantine = bool(headings) and headings[0].strip() == QUARANTINE_COLUMNS[0]
    if is_quarantine:
        headings = _unpacked(connection, headings)
    rows = _count(connection, "source") + _count(connection, "broken")
    if not rows:
        raise refused(say.EMPTY, path)
    return Source(path.name, digest, tuple(headings), rows, is_quarantine)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except FileNotFoundError:
        raise InputRefused(public=say.NOT_FOUND.filled(file=shown(path, 200))) from None
    except IsADirectoryError:
        raise InputRefused(public=say.DIRECTORY.filled(file=shown(path, 200))) from None
    except (OSError, ValueError) as error:
        raise refused(say.NOT_READABLE, path, why=first_line(error)) from None


def _format(path: Path) -> str:
    name = path.name.lower()
    for kind in ("csv.gz", "csv", "xlsx", "parquet"):
        if name.endswith(f".{kind}"):
            return kind
    raise refused(say.UNKNOWN_FORMAT, path, right=FORMATS)


def _read_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            headings = list(file.schema_arrow.names)
            names = cells(len(headings))
            batches = (pa.RecordBatch.from_arrays(batch.columns, names) for batch in file.iter_batches())
            create_source(connection, len(names), numbered(batches))
    except (pa.ArrowException, OSError, duckdb.Error) as error:
        raise refused(say.DAMAGED, path, why=first_line(error)) from None
    return headings


def _unpacked(connection: duckdb.DuckDBPyConnection, headings: list[str]) -> list[str]:
    """A quarantine file as the file it came from: its own columns, cells and row numbers.

    A broken line whose fields nobody filled in stays broken.
    """
    places = {heading.strip(): index for index, heading in enumerate(headings)}
    own = [index for index, heading in enumerate(headings) if heading.strip() not in QUARANTINE_COLUMNS]
    row = "row, coalesce(try_cast(c0 as bigint), row) as number"
    line = f"c{places[QUARANTINE_COLUMNS[-1]]}" if QUARANTINE_COLUMNS[-1] in places else "null"
    filled = " || ".join(f"coalesce(cast(c{index} as varchar), '')" for index in own) or "''"
    still_broken = f"coalesce(cast({line} as varchar), '') <> '' and {filled} = ''"
    connection.execute(f"insert into broken select {row}, {unguarded(line)} from source where {still_broken}")
    columns = "".join(f", {unguarded(f'c{index}')} as c{place}" for place, index in enumerate(own))
    connection.execute(
        f"create table unpacked as select {row}{columns} from source where not ({still_broken})"
    )
    connection.execute("drop table source")
    connection.execute("alter table unpacked rename to source")
    return [unguarded_heading(headings[index]) for index in own]
