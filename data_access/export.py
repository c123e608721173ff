"""A listing leaves the house: CSV and XLSX with typed columns, units, and the filter that made it.

Text that a spreadsheet would run as a formula is disarmed (a leading apostrophe, as OWASP advises).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from kpi.listing import FOUND, LONGEST_FIND, Column, Kind, Listed, Value, plain
from kpi.metric import Unit
from kpi.text import CLAUSES, Locale, Text, joined, same

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNITS = {
    Unit.MONEY: Text("CNY", "元"),
    Unit.SHARE: Text("share", "占比"),
    Unit.HOURS: Text("h", "小时"),
    Unit.MINUTES: Text("min", "分钟"),
    Unit.DAYS: Text("days", "天"),
}
_FORMATS = {
    Unit.MONEY: "#,##0.00",
    Unit.SHARE: "0.0%",
    Unit.COUNT: "#,##0",
    Unit.NUMBER: "#,##0.00",
    Kind.DAY: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm",
}
_FILTER, _AS_OF, _ROWS = Text("Filter", "筛选条件"), Text("Data as of", "数据截至"), Text("Rows", "行数")
_CUT = Text("cut at the limit: narrow the filter for the rest", "已达上限，请缩小筛选范围以获取其余行")
CENTS = 2
_WITH = Text("{name} ({more})", "{name}（{more}）")
_YES_NO = {True: Text("yes", "是"), False: Text("no", "否")}


def as_csv(listed: Listed, filters: Text, locale: Locale) -> bytes:
    """UTF-8 with a byte-order mark, so that spreadsheets read Chinese; the filter stands in lines that begin with #."""
    out = io.StringIO()
    writer = csv.writer(out)
    for name, told in _about(listed, filters, locale):
        writer.writerow([f"# {name}: {told}"])
    writer.writerow(_header(listed.listing.columns, locale))
    for row in _rows(listed, locale):
        writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(listed: Listed, filters: Text, locale: Locale) -> bytes:
    """One sheet of typed rows with a header that stays and filters, one sheet that says what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(listed.listing.name.in_(locale)))
    sheet.freeze_panes = "A2"
    columns = listed.listing.columns
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(listed.rows) + 1}"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 24 if column.reads is Kind.TEXT else 16
    sheet.append(_header(columns, locale))
    for row in _rows(listed, locale):
        sheet.append([_cell(sheet, column, value) for column, value in zip(columns, row, strict=True)])
    about = book.create_sheet(_FILTER.in_(locale))
    about.column_dimensions["B"].width = 80
    for name, told in _about(listed, filters, locale):
        about.append([name, told])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(name: str) -> str:
    """Spreadsheets take no more than 31 characters, and some of them not at all."""
    return re.sub(r"[\[\]:*?/\\]+ ?", " ", name)[:31]


def found_in(listed: Listed, find: str, filters: Text, locale: Locale) -> tuple[Listed, Text]:
    """The rows in which every word of `find` occurs, and the filter told with it; all of them when it is empty."""
    words = plain(find).split()
    if not words:
        return listed, filters
    rows = tuple(
        row
        for row, told in zip(listed.rows, _rows(listed, locale), strict=True)
        if all(word in plain(" ".join(map(str, told))) for word in words)
    )
    return replace(listed, rows=rows), joined(
        [filters, FOUND.filled(find=find.strip()[:LONGEST_FIND])], CLAUSES
    )


def _cell(sheet: object, column: Column, value: Value) -> object:
    form = _FORMATS.get(column.reads)
    if value is None or form is None:
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = form
    return cell


def _about(listed: Listed, filters: Text, locale: Locale) -> Iterable[tuple[str, str]]:
    yield listed.listing.name.in_(locale), listed.listing.description.in_(locale)
    yield _FILTER.in_(locale), filters.in_(locale)
    yield _AS_OF.in_(locale), f"{listed.as_of:%Y-%m-%d %H:%M}"
    rows = same(str(len(listed.rows)))
    yield _ROWS.in_(locale), (rows if listed.complete else _WITH.filled(name=rows, more=_CUT)).in_(locale)


def _header(columns: Sequence[Column], locale: Locale) -> list[str]:
    def named(column: Column) -> str:
        unit = _UNITS.get(column.reads) if isinstance(column.reads, Unit) else None
        return (_WITH.filled(name=column.name, more=unit) if unit else column.name).in_(locale)

    return [named(column) for column in columns]


def _rows(listed: Listed, locale: Locale) -> Iterable[list[Value]]:
    for row in listed.rows:
        yield [_told(column, row[column.key], locale) for column in listed.listing.columns]


def _told(column: Column, value: Value, locale: Locale) -> Value:
    if column.reads is Kind.FLAG and value is not None:
        return _YES_NO[bool(value)].in_(locale)
    if column.words and isinstance(value, str):
        value = column.words[value].in_(locale) if value in column.words else value
    if column.reads is Unit.MONEY and isinstance(value, float):
        return round(value, CENTS)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
