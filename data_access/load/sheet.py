"""Reads XLSX: the rows of a sheet as the text that a CSV export of the same sheet would have."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from data_access.load import errors as say
from data_access.load.errors import listed, shown
from data_access.load.intake import cells, create_source, first_line, refused

_BATCH = 20_000
_DAMAGE = (
    zipfile.BadZipFile, InvalidFileException, zlib.error, OSError, KeyError, ValueError, SyntaxError, EOFError,
    pa.ArrowException, duckdb.Error,
)  # fmt: skip


def read_sheet(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str) -> list[str]:
    """Fill `source` from the named sheet, or the first; returns the headings. Raises InputRefused."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        pages = {page.title: page for page in book.worksheets}
        if sheet and sheet not in pages:
            near = get_close_matches(sheet, pages, n=3) or list(pages)[:10]
            raise refused(say.NO_SHEET, path, sheet=shown(sheet), sheets=listed(near))
        rows = _rows(pages[sheet] if sheet else next(iter(pages.values())))
        _, headings = next(rows, (1, []))
        if not headings:
            raise refused(say.EMPTY, path)
        create_source(connection, len(headings), _batches(rows, len(headings)))
        book.close()
    except _DAMAGE as error:
        raise refused(say.DAMAGED, path, why=first_line(error)) from None
    return headings


def _rows(page: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row that has a cell, with its number in the sheet."""
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _batches(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[pa.RecordBatch]:
    chunk: list[list[Any]] = []
    for number, texts in rows:
        chunk.append([number, *texts[:width], *[""] * (width - len(texts))])
        if len(chunk) == _BATCH:
            yield _batch(chunk, width)
            chunk = []
    if chunk:
        yield _batch(chunk, width)


def _batch(rows: Sequence[Sequence[Any]], width: int) -> pa.RecordBatch:
    kinds = [pa.int64(), *[pa.string()] * width]
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    return pa.RecordBatch.from_arrays(columns, ["row", *cells(width)])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):  # a sheet keeps times as fractions of a day: round them to the second
        return (value + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=None).isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
