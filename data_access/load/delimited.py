"""Reads CSV and CSV.GZ: finds the encoding, then parses; a line with too many or too few fields is set aside."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zlib
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa
import pyarrow.csv

from data_access.load import errors as say
from data_access.load.intake import cells, create_source, first_line, numbered, refused, set_aside
from data_access.load.mapping import FileOptions

_LONGEST_ROW = 64  # MB: one block of the parser, and so the longest row
_CHUNK = 1 << 20


def read_delimited(
    connection: duckdb.DuckDBPyConnection, path: Path, options: FileOptions, *, zipped: bool, mark: str
) -> list[str]:
    """Fill `source` and `broken`; returns the headings. A file whose first heading is `mark` has commas.

    Raises InputRefused.
    """
    with tempfile.TemporaryFile() as plain:
        _to_utf8(path, zipped, options.encoding, plain)
        delimiter = options.delimiter
        if _headings(plain, path, ",")[0].strip() == mark:
            delimiter = ","
        headings = _headings(plain, path, delimiter)
        _parse(connection, plain, path, headings, delimiter)
    return headings


def _to_utf8(path: Path, zipped: bool, said: str, plain: IO[bytes]) -> None:
    """The file as plain UTF-8 that ends with a line break; tries one encoding after the other."""
    for encoding in (said,) if said == "utf-8" else ("utf-8", "gb18030"):
        plain.seek(0)
        plain.truncate()
        try:
            ascii_only = _transcode(path, zipped, "utf-8-sig" if encoding == "utf-8" else encoding, plain)
        except UnicodeDecodeError:
            continue
        if said == "gb18030" and encoding == "utf-8" and not ascii_only:
            raise refused(say.OTHER_ENCODING, path, said="GB18030")
        return
    if said == "utf-8":
        raise refused(say.OTHER_ENCODING, path, said="UTF-8")
    raise refused(say.NEITHER_ENCODING, path)


def _transcode(path: Path, zipped: bool, encoding: str, plain: IO[bytes]) -> bool:
    ascii_only = True
    try:
        with gzip.open(path) if zipped else path.open("rb") as raw:
            text = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="")
            while chunk := text.read(_CHUNK):
                ascii_only = ascii_only and chunk.isascii()
                plain.write((chunk if plain.tell() else chunk.lstrip("\r\n")).encode())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refused(say.DAMAGED, path, why=first_line(error)) from None
    plain.write(b"\n")
    return ascii_only


def _headings(plain: IO[bytes], path: Path, delimiter: str) -> list[str]:
    plain.seek(0)
    text = io.TextIOWrapper(plain, encoding="utf-8", newline="")
    try:
        headings = next((row for row in csv.reader(text, delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise refused(say.DAMAGED, path, why=first_line(error)) from None
    finally:
        text.detach()
    if not headings:
        raise refused(say.EMPTY, path)
    return headings


def _parse(
    connection: duckdb.DuckDBPyConnection, plain: IO[bytes], path: Path, headings: list[str], delimiter: str
) -> None:
    broken: list[tuple[int, str]] = []

    def note(row: Any) -> str:
        broken.append((row.number, row.text))
        return "skip"

    names = cells(len(headings))
    # One thread: only then does the parser tell the numbers of broken rows.
    reading = pa.csv.ReadOptions(
        use_threads=False, block_size=_LONGEST_ROW << 20, column_names=names, skip_rows_after_names=1
    )
    parsing = pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note)
    as_text = pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    plain.seek(0)
    try:
        with pa.csv.open_csv(plain, reading, parsing, as_text) as batches:
            create_source(connection, len(names), numbered(batches))
    except (pa.ArrowInvalid, duckdb.Error) as error:
        if "straddling" in str(error):
            raise refused(say.LONG_ROW, path, limit=_LONGEST_ROW) from None
        raise refused(say.DAMAGED, path, why=first_line(error)) from None
    for number, line in broken:
        if line.count('"') % 2:
            raise refused(say.OPEN_QUOTE, path, row=number)
    set_aside(connection, broken)
