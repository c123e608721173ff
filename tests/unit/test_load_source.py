"""Files as people have them: every format and encoding reads alike; what cannot be read says why, and changes nothing."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.load import delimited
from data_access.load.errors import InputRefused
from data_access.load.mapping import parse_mapping
from data_access.schema import WORK_ORDER
from tests.unit.load_sample import HEADINGS, MAPPING, ROWS, Desk, csv_text, mapping, row

TEXT = csv_text(ROWS)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.load_rows(ROWS)
    return desk.publisher.by(WORK_ORDER, "work_order_id")


def spreadsheet(path: Path, sheet: str = "工单") -> Path:
    """The sample as a person's workbook: typed cells, an empty line, a cell beside the table."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(list(HEADINGS))
    page.append([None] * len(HEADINGS))
    for order in ROWS:
        cells: list[object] = [order[heading] or None for heading in HEADINGS]
        for index, heading in enumerate(HEADINGS):
            if order[heading] and "时间" in heading:
                cells[index] = datetime.fromisoformat(order[heading])
            elif order[heading] and heading in ("里程", "工时费", "配件费"):
                cells[index] = float(order[heading].replace(",", ""))
        page.append(cells)
    page.cell(row=3, column=len(HEADINGS) + 3, value="a note")
    book.create_sheet("说明")
    book.save(path)
    return path


def parquet(path: Path) -> Path:
    columns: dict[str, object] = {heading: [order[heading] or None for order in ROWS] for heading in HEADINGS}
    times = [datetime.fromisoformat(order["进厂时间"]) for order in ROWS]
    columns["进厂时间"] = pa.array(times, pa.timestamp("us"))
    columns["里程"] = pa.array([float(order["里程"]) if order["里程"] else None for order in ROWS])
    columns["VIN"] = pa.array([order["VIN"] for order in ROWS]).dictionary_encode()
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", TEXT.encode()),
        ("mark.csv", TEXT.encode("utf-8-sig")),
        ("GB.CSV", TEXT.encode("gb18030")),
        ("crlf.csv", b"\r\n\r\n" + TEXT.replace("\n", "\r\n").encode().rstrip()),
        ("a.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        (
            "gb.csv.gz",
            b"".join(gzip.compress(half.encode("gb18030"), mtime=0) for half in (TEXT[:500], TEXT[500:])),
        ),
    ],
)
def test_text_files_read_alike(desk: Desk, expected: dict[str, object], name: str, content: bytes) -> None:
    desk.load(desk.file(content, name))
    assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected


def test_other_delimiters(desk: Desk, expected: dict[str, object]) -> None:
    for number, (delimiter, written) in enumerate(((";", ";"), ("\t", "\\t"), ("|", "|"))):
        path = desk.file(csv_text(ROWS, delimiter=delimiter), f"{number}.csv")
        desk.load(path, mapping(f'[file]\ndelimiter = "{written}"'))
        assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected


def test_workbooks_read_alike(desk: Desk, expected: dict[str, object]) -> None:
    path = spreadsheet(desk.directory / "orders.xlsx")
    desk.load(path)
    assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected
    desk.load(path, mapping("[file]\nsheet = '工单'"))
    assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected


def test_rows_of_a_workbook_keep_their_numbers(desk: Desk) -> None:
    path = spreadsheet(desk.directory / "orders.xlsx")
    book = openpyxl.load_workbook(path)
    book["工单"].cell(row=5, column=HEADINGS.index("里程") + 1, value="far")
    book.save(path)
    assert [found["pitwall_row"] for found in desk.quarantine(desk.load(path))] == ["5"]


def test_parquet_reads_alike(desk: Desk, expected: dict[str, object]) -> None:
    desk.load(parquet(desk.directory / "orders.parquet"))
    assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected


def test_columns_may_come_in_any_order_and_others_beside_them(
    desk: Desk, expected: dict[str, object]
) -> None:
    headings = ("备注", *reversed(HEADINGS), "id", "ID", 'a"b', "备注 ")
    beside = {"备注": "two\nlines, and a “quote”", "id": "1", "ID": "2", 'a"b': "'; drop", "备注 ": ""}
    rows = [{**order, **beside} for order in ROWS]
    report = desk.load(desk.file(csv_text(rows, headings)))
    assert report.read == 8
    assert desk.publisher.by(WORK_ORDER, "work_order_id") == expected


def test_times_of_another_zone_become_the_networks(desk: Desk) -> None:
    desk.load_rows(ROWS[:1], "[file]\ntime_zone = 'UTC'")
    order = desk.publisher.by(WORK_ORDER, "work_order_id")["W1"]
    assert (order["arrived_at"], order["delivered_at"]) == (
        datetime(2026, 3, 1, 17),
        datetime(2026, 3, 1, 19),
    )


def test_a_format_of_its_own(desk: Desk) -> None:
    column = 'arrived_at = { column = "进厂时间", format = ["%d.%m.%Y %H:%M", "%Y年%m月%d日 %H时%M分"] }'
    rules = parse_mapping(MAPPING.replace('arrived_at = "进厂时间"', column))
    rows = [
        row(进厂时间="01.03.2026 09:00"),
        row(工单号="W9", 进厂时间="2026年3月1日 9时00分"),
        row(工单号="X"),
    ]
    report = desk.load(desk.file(csv_text(rows)), rules)
    assert {order["arrived_at"] for order in desk.publisher.rows(WORK_ORDER)} == {datetime(2026, 3, 1, 9)}
    assert report.reasons == (("not_a_time", "进厂时间", 1),)
    assert (
        "written as %d.%m.%Y %H:%M | %Y年%m月%d日 %H时%M分" in desk.quarantine(report)[0]["pitwall_says_en"]
    )


# --- what cannot be read --------------------------------------------------------------------------------------------


def refusal(desk: Desk, path: Path, extra: str = "") -> str:
    """What is told; nothing was published and nothing is left behind but the file."""
    before = len(desk.publisher.kept)
    with pytest.raises(InputRefused) as refused:
        desk.load(path, mapping(extra))
    assert len(desk.publisher.kept) == before
    assert not (desk.directory / "loads" / "quarantine").exists()
    public = refused.value.public
    assert public.zh_cn != public.en
    assert "{" not in public.en + public.zh_cn
    return public.en


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "“a.csv” holds no rows below its header."),
        ("a.csv", b"\xef\xbb\xbf\n\n", "holds no rows below its header"),
        ("a.csv", csv_text([]).encode(), "holds no rows below its header"),
        ("a.csv", csv_text([]).encode().rstrip(), "holds no rows below its header"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "holds no rows below its header"),
        ("a.csv", TEXT.encode("utf-16"), "is neither UTF-8 nor GB18030 text. Save it as CSV UTF-8."),
        ("a.csv.gz", gzip.compress(TEXT.encode() * 50, mtime=0)[:-400], "is damaged or not complete (Compressed file ended"),
        ("a.csv.gz", TEXT.encode(), "is damaged or not complete (Not a gzipped file"),
        ("a.parquet", TEXT.encode(), "is damaged or not complete (Parquet magic bytes not found"),
        ("a.parquet", b"", "is damaged or not complete"),
        ("a.xlsx", TEXT.encode(), "is damaged or not complete (File is not a zip file)"),
        ("a.xls", TEXT.encode(), "a format that is not read. Right would be: .csv, .csv.gz, .xlsx, .parquet."),
        ("a", TEXT.encode(), "a format that is not read"),
        ("a.csv", (TEXT + 'W9,"S1,x\nW10,S1\n').encode(), "the quotation mark opened in row 10 is never closed"),
        ("a.csv", TEXT.replace("进厂时间", "到厂时间").encode(), "which [columns] arrived_at names. The nearest are: 到厂时间"),
        ("a.csv", b"a,b\n1,2\n", "has no column “工单号”, which [columns] work_order_id names. Its columns are: a, b."),
        ("a.csv", TEXT.replace("车型", "VIN").encode(), "has 2 columns called “VIN”, which [columns] vehicle_id names"),
        ("a.csv", TEXT.replace("大区", "区").encode(), "has no column “大区”, which [stores] region names"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused(desk: Desk, name: str, content: bytes, told: str) -> None:
    assert told in refusal(desk, desk.file(content, name))


def test_an_encoding_that_is_not_the_files(desk: Desk) -> None:
    gb, utf8 = desk.file(TEXT.encode("gb18030"), "gb.csv"), desk.file(TEXT.encode(), "utf8.csv")
    assert "is not UTF-8, as [file] encoding says" in refusal(desk, gb, "[file]\nencoding = 'utf-8'")
    assert "is not GB18030, as [file] encoding says" in refusal(desk, utf8, "[file]\nencoding = 'gb18030'")
    assert desk.load(gb, mapping("[file]\nencoding = 'gb18030'")).loaded == 8
    assert desk.load(utf8, mapping("[file]\nencoding = 'utf-8'")).loaded == 8


def test_a_sheet_that_is_not_there(desk: Desk) -> None:
    path = spreadsheet(desk.directory / "orders.xlsx", sheet="工单明细")
    told = refusal(desk, path, "[file]\nsheet = '工单'")
    assert told == "“orders.xlsx” has no sheet “工单”. It has: 工单明细."
    assert "holds no rows" in refusal(desk, path, "[file]\nsheet = '说明'")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_half_written_file(desk: Desk, kept: float) -> None:
    for path in (parquet(desk.directory / "orders.parquet"), spreadsheet(desk.directory / "orders.xlsx")):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * kept)])
        assert "is damaged or not complete" in refusal(desk, path)


def test_a_workbook_with_a_broken_sheet(desk: Desk) -> None:
    path = spreadsheet(desk.directory / "orders.xlsx")
    content = bytearray(path.read_bytes())
    content[300:600] = bytes(300)
    path.write_bytes(bytes(content))
    assert "is damaged or not complete" in refusal(desk, path)


def test_what_is_no_file(desk: Desk) -> None:
    desk.load_rows(ROWS)
    assert "There is no file “" in refusal(desk, desk.directory / "missing.csv")
    assert "is a directory; name one file in it" in refusal(desk, desk.directory)
    (desk.directory / "folder.csv").mkdir()
    assert "is a directory" in refusal(desk, desk.directory / "folder.csv")


def test_a_row_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_LONGEST_ROW", 1)
    long = {**ROWS[0], "客户": "x" * 3_000_000}
    assert "has a row longer than 1 MB" in refusal(desk, desk.file(csv_text([*ROWS[1:], long])))


def test_names_of_a_file_cannot_write_to_the_terminal(desk: Desk) -> None:
    told = refusal(desk, desk.file(b"\x1b[2Ja,b\n1,2\n"))
    assert "\x1b" not in told
