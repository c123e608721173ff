"""The rows that did not fit, as a CSV beside the warehouse: why, and the row itself, so that it can be corrected.

UTF-8 with a mark, so that a spreadsheet opens it rightly; a cell that could run as a formula gets an apostrophe in
front, which is taken off again when the corrected file is loaded with --append.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.csv

from data_access.load import errors as say
from data_access.load.check import Fault
from data_access.load.errors import InputRefused, shown
from data_access.load.guard import guarded, guarded_heading
from data_access.load.source import QUARANTINE_COLUMNS, Source
from data_access.load.typed import literal

_LONGEST_VALUE = 60


def write_quarantine(
    connection: duckdb.DuckDBPyConnection, source: Source, faults: list[Fault], directory: Path
) -> Path | None:
    """Write table `rejected` to a file named after the source; None (and no file) when nothing was rejected.

    Raises InputRefused when the directory cannot be written.
    """
    path = directory / f"{_stem(source.name)}-{source.digest}.csv"
    try:
        if connection.execute("select 1 from rejected limit 1").fetchone() is None:
            path.unlink(missing_ok=True)
            return None
        rows = connection.execute(_query(source, faults)).to_arrow_table()
        headings = [*QUARANTINE_COLUMNS, *(guarded_heading(heading) for heading in source.headings)]
        directory.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".next")
        with fresh.open("wb") as file:
            file.write(b"\xef\xbb\xbf")
            pyarrow.csv.write_csv(rows.rename_columns(headings), file)
        fresh.rename(path)
    except OSError as error:
        told = say.CANNOT_KEEP.filled(path=shown(error.filename or path, 200), why=shown(error.strerror))
        raise InputRefused(public=told) from None
    return path


def _stem(name: str) -> str:
    """The source's name without its ending, with letters that every file system takes."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name.split(".")[0])
    return plain[:60].removeprefix("quarantine_") or "rows"


def _query(source: Source, faults: list[Fault]) -> str:
    def joined(gap: str, told: list[str]) -> str:
        cases = (
            f"case when list_contains(r.faults, {place}) then {words} end" for place, words in enumerate(told)
        )
        return f"concat_ws({literal(gap)}, {', '.join(cases)})"

    def sentence(words: str, fault: Fault) -> str:
        return f"replace({literal(words)}, '{{value}}', coalesce(left({fault.value}, {_LONGEST_VALUE}), ''))"

    columns = {
        "pitwall_row": "coalesce(s.number, b.number)",
        "pitwall_reason": joined("; ", [literal(fault.code) for fault in faults]),
        "pitwall_says_en": joined(" ", [sentence(fault.says.en, fault) for fault in faults]),
        "pitwall_says_zh": joined("", [sentence(fault.says.zh_cn, fault) for fault in faults]),
        "pitwall_line": f"coalesce({guarded('b.line')}, '')",
        **{f"c{index}": f"coalesce({guarded(f'c{index}')}, '')" for index in range(len(source.headings))},
    }
    chosen = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    return f"select {chosen} from rejected r left join source s using (row) left join broken b using (row) order by r.row"
