"""What keeps a row out, and how it comes back: reasons, the quarantine file, corrections, repeated orders."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.load.errors import InputRefused
from data_access.schema import COMEBACK, CUSTOMER, SYNC_RUN, WORK_ORDER
from tests.unit.load_sample import HEADINGS, ROWS, Desk, csv_text, mapping, row


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


REFUSED = [
    ("工单号", "", "missing_value"),
    ("门店", "NULL", "missing_value"),
    ("进厂时间", "　", "missing_value"),
    ("付费类型", "", "missing_value"),
    ("付费类型", "赠送", "unknown_value"),
    ("业务类型", "repair", "unknown_value"),  # the contract's word is not the file's
    ("大区", "华西", "unknown_value"),
    ("进厂时间", "2026-02-30 09:00", "not_a_time"),
    ("进厂时间", "2026-03-01", "not_a_time"),  # a day without a time of day
    ("进厂时间", "01/03/2026 09:00", "not_a_time"),  # which of them is the month is not guessed
    ("进厂时间", "epoch", "not_a_time"),
    ("进厂时间", "46082.375", "not_a_time"),
    ("进厂时间", "1999-12-31 23:59", "implausible_year"),
    ("承诺交车", "3026-03-01 12:00", "implausible_year"),
    ("结算时间", "2026-04-01 08:01", "in_the_future"),
    ("交车时间", "2026-03-01 08:59", "times_out_of_order"),
    ("开工时间", "2026-03-01 11:30", "times_out_of_order"),
    ("里程", "12k", "not_a_number"),
    ("里程", "nan", "not_a_number"),
    ("里程", "1_000", "not_a_number"),
    ("里程", "-1", "out_of_range"),
    ("里程", "1e300", "out_of_range"),
    ("工时费", "1,20", "not_a_number"),
    ("工时费", "300000000", "out_of_range"),
    ("工时(分)", "-30", "out_of_range"),
    ("VIN", "L" * 201, "too_long"),
    ("VIN", "LV\n1", "control_character"),
    ("门店名", "浦东\x00店", "control_character"),
    ("门店名", "浦东\x1b[2J店", "control_character"),
]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The quarantine file of a file with all of REFUSED below the sample."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    rows = [row(**{"工单号": f"X{i}", column: cell}) for i, (column, cell, _) in enumerate(REFUSED)]
    report = desk.load_rows([*ROWS, *rows], "[rules]\nmost_rejected = 1.0")
    assert (report.read, report.loaded, report.quarantined) == (8 + len(REFUSED), 8, len(REFUSED))
    assert sum(count for *_, count in report.reasons) == len(REFUSED)
    return desk.quarantine(report)


@pytest.mark.parametrize(
    "number", range(len(REFUSED)), ids=[f"{reason}-{i}" for i, (*_, reason) in enumerate(REFUSED)]
)
def test_a_row_that_does_not_fit_is_kept_with_the_reason(refused: list[dict[str, str]], number: int) -> None:
    column, cell, reason = REFUSED[number]
    kept = refused[number]
    assert kept["pitwall_row"] == str(10 + number)
    assert kept["pitwall_reason"].split("; ")[0] == reason
    assert column in kept["pitwall_says_en"]
    assert column in kept["pitwall_says_zh"]
    assert "{" not in kept["pitwall_says_en"] + kept["pitwall_says_zh"]
    own = {heading: kept[heading] for heading in HEADINGS}
    assert own == row(**{"工单号": f"X{number}", column: f"'{cell}" if cell.startswith("-") else cell})


FITTING: list[tuple[str, str, dict[str, Any]]] = [
    ("进厂时间", "2026/3/1 9:00", {"arrived_at": datetime(2026, 3, 1, 9)}),
    ("进厂时间", "2026-03-01T09:00:00.7", {"arrived_at": datetime(2026, 3, 1, 9)}),
    ("进厂时间", "2026-03-01T01:00:00Z", {"arrived_at": datetime(2026, 3, 1, 9)}),
    ("进厂时间", "2026-03-01 02:00:00+01:00", {"arrived_at": datetime(2026, 3, 1, 9)}),
    ("里程", " 10,000　", {"odometer_km": 10000}),
    ("里程", "10000.4", {"odometer_km": 10000}),
    ("里程", "N/A", {"odometer_km": None}),
    ("工时费", "-1,234,567.89", {"labour_amount": -1234567.89}),  # a refund; a separator loses no figure
    ("工时费", "0", {"labour_amount": 0.0}),
    ("门店名", "=HYPERLINK(1)", {"store_id": "S1"}),
    ("故障", "=1+1", {"root_cause": "=1+1"}),
    ("VIN", " lv 1", {"vehicle_id": sha256(b"LV1").hexdigest()[:16]}),
    ("承诺交车", "2026-12-31 12:00", {"promised_at": datetime(2026, 12, 31, 12)}),
]


def test_what_fits_is_understood(desk: Desk) -> None:
    report = desk.load_rows(
        [row(**{"工单号": f"Y{i}", column: cell}) for i, (column, cell, _) in enumerate(FITTING)]
    )
    assert report.quarantined == 0
    orders = desk.publisher.by(WORK_ORDER, "work_order_id")
    told = [{name: orders[f"Y{i}"][name] for name in expected} for i, (*_, expected) in enumerate(FITTING)]
    assert told == [expected for *_, expected in FITTING]


def test_all_that_is_wrong_with_a_row_is_told_at_once(desk: Desk) -> None:
    report = desk.load_rows([*ROWS[1:], row(里程="far", 工时费="much", 付费类型="赠送")])
    assert report.reasons == (("not_a_number", "里程", 1),)
    (kept,) = desk.quarantine(report)
    assert kept["pitwall_reason"] == "not_a_number; unknown_value; not_a_number"
    assert kept["pitwall_says_en"] == (
        "“far” in “里程” is not a number. “赠送” in “付费类型” is not known; expected one of 自费, 保修, 内部. "
        "“much” in “工时费” is not a number."
    )
    assert kept["pitwall_says_zh"] == (
        "“里程”中的“far”不是数字。“付费类型”中的“赠送”未定义；应为以下之一：自费, 保修, 内部。“工时费”中的“much”不是数字。"
    )


def test_the_quarantine_file_says_that_it_is_utf_8(desk: Desk) -> None:
    report = desk.load_rows([*ROWS, row(工单号="X", 里程="far")])
    assert report.quarantine is not None
    assert report.quarantine.parent == desk.directory / "loads" / "quarantine"
    assert report.quarantine.read_bytes().startswith(
        b"\xef\xbb\xbf"
    )  # without it a spreadsheet garbles Chinese


def test_a_cell_of_ten_megabytes_costs_one_row(desk: Desk) -> None:
    report = desk.load_rows([*ROWS[1:], row(VIN="L" * 10_000_000)])
    assert report.reasons == (("too_long", "VIN", 1),)
    (kept,) = (line for line in (report.quarantine or Path()).read_text("utf-8-sig").splitlines()[1:])
    assert "longer than 200 characters (10000000)" in kept
    assert len(kept) > 10_000_000


def test_lines_that_are_no_rows_are_kept_with_their_numbers(desk: Desk) -> None:
    lines = csv_text(ROWS).splitlines()
    lines[2:2] = ["W9,S1"]
    lines[5:5] = [",".join(["x"] * 30), "=1+1,2"]
    report = desk.load(desk.file("\n".join(lines) + "\n"))
    assert (report.read, report.loaded) == (11, 8)
    assert report.reasons == (("broken_row", "", 3),)
    kept = desk.quarantine(report)
    assert [(row["pitwall_row"], row["pitwall_line"][:7]) for row in kept] == [
        ("3", "W9,S1"),
        ("6", "x,x,x,x"),
        ("7", "'=1+1,2"),
    ]
    assert kept[0]["pitwall_says_en"].startswith("The row does not have the 22 fields of the header")


def test_rows_keep_the_numbers_of_their_file_when_others_are_broken(desk: Desk) -> None:
    lines = csv_text([*ROWS, row(工单号="X", 里程="far")]).splitlines()
    lines[3:3] = ["broken", "broken"]
    lines[8:8] = ["broken"]
    report = desk.load(desk.file("\n".join(lines)))
    assert [row["pitwall_row"] for row in desk.quarantine(report)] == ["4", "5", "9", "13"]


# --- formulas -------------------------------------------------------------------------------------------------------

FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "'=1", "''", "\tx", "'quoted'"]


def test_formulas_are_harmless_in_the_quarantine_file_and_come_back_as_they_were(desk: Desk) -> None:
    rows = [row(工单号=f"F{i}", 客户号=f"F{i}", 客户=text, 里程="wrongkm") for i, text in enumerate(FORMULAS)]
    report = desk.load_rows([*ROWS, *rows])
    assert [found["客户"] for found in desk.quarantine(report)] == [f"'{text}" for text in FORMULAS]
    again = desk.load(corrected(desk, report.quarantine, wrongkm="1"), append=True)
    assert (again.read, again.loaded) == (8, 8)
    customers = desk.publisher.by(CUSTOMER, "customer_id")
    assert [customers[f"F{i}"]["name"] for i in range(8)] == [text.strip() for text in FORMULAS]


# --- corrections ----------------------------------------------------------------------------------------------------


def corrected(desk: Desk, path: Path | None, **cells: str) -> Path:
    """The quarantine file with some cells typed anew in every row, as a person would save it."""
    assert path is not None
    text = path.read_text("utf-8-sig")
    for wrong, right in cells.items():
        text = text.replace(wrong, right)
    return desk.file(text.encode("gb18030"), "corrected.csv")


def test_corrected_rows_are_added_once(desk: Desk) -> None:
    report = desk.load_rows([row(里程="wrongkm"), *ROWS[1:]])
    assert [found["parent_work_order_id"] for found in desk.publisher.rows(COMEBACK)] == ["W4"]
    path = corrected(desk, report.quarantine, wrongkm="10000")
    for replaced in (0, 1):  # loading it again replaces what it brought
        again = desk.load(path, append=True)
        assert (again.read, again.loaded, again.quarantined, again.replaced) == (1, 1, 0, replaced)
        assert again.orders == 8
        assert sorted(desk.publisher.by(WORK_ORDER, "work_order_id")) == [f"W{i}" for i in range(1, 9)]
        assert len(desk.publisher.rows(WORK_ORDER)) == 8
        assert sorted(found["parent_work_order_id"] for found in desk.publisher.rows(COMEBACK)) == [
            "W1",
            "W4",
        ]
        assert {run["verified"] for run in desk.publisher.rows(SYNC_RUN)} == {True}


def test_what_is_still_wrong_stays_in_quarantine_under_its_first_number(desk: Desk) -> None:
    report = desk.load_rows([*ROWS, row(工单号="X1", 里程="wrongkm"), row(工单号="X2", 里程="far")])
    again = desk.load(corrected(desk, report.quarantine, wrongkm="5"), append=True)
    assert (again.read, again.loaded, again.quarantined) == (2, 1, 1)
    assert [(found["pitwall_row"], found["工单号"]) for found in desk.quarantine(again)] == [("11", "X2")]


def test_a_broken_line_is_corrected_by_filling_in_its_cells(desk: Desk) -> None:
    report = desk.load(desk.file(csv_text(ROWS) + "W9,S1\nW10\n"))
    lines = (report.quarantine or Path()).read_text("utf-8-sig").splitlines()
    filled = ",".join(row(工单号="W9", 配件费="0").values())
    lines[1] = f'10,broken_row,,,"W9,S1",{filled}'
    again = desk.load(desk.file("\n".join(lines), "corrected.csv"), append=True)
    assert (again.read, again.loaded, again.quarantined, again.orders) == (2, 1, 1, 9)
    assert [(found["pitwall_row"], found["pitwall_line"]) for found in desk.quarantine(again)] == [
        ("11", "W10")
    ]


def test_a_quarantine_file_is_never_loaded_in_place_of_everything(desk: Desk) -> None:
    report = desk.load_rows([*ROWS, row(工单号="X1", 里程="far")])
    with pytest.raises(InputRefused, match="--append"):
        desk.load(report.quarantine or Path())
    assert len(desk.publisher.kept) == 1


def test_only_what_was_loaded_here_can_be_appended_to(desk: Desk) -> None:
    with pytest.raises(InputRefused, match="not loaded from a file here"):
        desk.load_rows(ROWS, append=True)
    desk.load_rows(ROWS)
    for path in (desk.directory / "loads").glob("orders-*"):
        path.unlink()
    with pytest.raises(InputRefused, match="not loaded from a file here"):
        desk.load_rows(ROWS, append=True)


def test_appending_follows_the_version_that_is_shown(desk: Desk) -> None:
    """After a roll-back, what was published later is not in what is appended to."""
    desk.load_rows(ROWS[:4])
    desk.load_rows(ROWS[4:6], append=True)
    desk.publisher.kept.pop()
    assert desk.load_rows(ROWS[6:], append=True).orders == 6


def test_a_newer_row_replaces_the_order(desk: Desk) -> None:
    desk.load_rows(ROWS)
    report = desk.load_rows([{**ROWS[7], "交车时间": "2026-03-31 19:00"}], append=True)
    assert (report.loaded, report.replaced, report.orders) == (1, 1, 8)
    order = desk.publisher.by(WORK_ORDER, "work_order_id")["W8"]
    assert (order["status"], order["delivered_on"]) == ("delivered", date(2026, 3, 31))


# --- the whole file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "loaded"), [("first", [1, 2]), ("last", [3, 4]), ("none", [])])
def test_repeated_orders(desk: Desk, rule: str, loaded: list[int]) -> None:
    twice = [row(工单号=key, 里程=str(km)) for key, km in (("D1", 1), ("D2", 2), ("D1", 3), ("D2", 4))]
    bad = row(工单号="D1", 里程="far")  # a row that does not fit makes no other one a repetition
    report = desk.load_rows([bad, *twice, *ROWS], f"[rules]\nduplicates = '{rule}'")
    orders = desk.publisher.by(WORK_ORDER, "work_order_id")
    assert [orders[key]["odometer_km"] for key in ("D1", "D2") if key in orders] == loaded
    assert (report.read, report.loaded) == (13, 8 + len(loaded))
    assert {code: count for code, _, count in report.reasons} == {
        "repeated_order": 4 - len(loaded), "not_a_number": 1,
    }  # fmt: skip


def test_nothing_is_published_of_a_file_of_which_most_does_not_fit(desk: Desk) -> None:
    desk.load_rows(ROWS)
    wrong = [row(工单号=f"X{i}", 进厂时间=f"{i:02}/03/2026 09:00") for i in range(1, 10)]
    with pytest.raises(
        InputRefused, match=r"9 of 17 rows .* most_rejected = 0.5 .* “…” in “进厂时间” is not a time"
    ) as refused:
        desk.load_rows([*ROWS, *wrong])
    assert "17 行中有 9 行不合格" in refused.value.public.zh_cn
    with pytest.raises(InputRefused, match="Not one of the 9 rows"):
        desk.load_rows(wrong, append=True)
    assert len(desk.publisher.kept) == 1
    assert desk.load_rows([*ROWS, *wrong], "[rules]\nmost_rejected = 0.9").loaded == 8


def test_checking_publishes_nothing(desk: Desk) -> None:
    report = desk.load_rows(ROWS, publish=False)
    assert (report.loaded, report.version) == (8, None)
    assert desk.publisher.kept == []


def test_a_failed_publish_leaves_what_was_there(desk: Desk) -> None:
    desk.load_rows(ROWS[:5])
    before = desk.publisher.kept[-1]
    desk.publisher.fails = True
    with pytest.raises(OSError, match="no space"):
        desk.load_rows(ROWS)
    desk.publisher.fails = False
    assert desk.publisher.kept == [before]
    assert (
        desk.load_rows(ROWS[5:], append=True).orders == 8
    )  # what the standing version was made of is still there
    kept = {version.note.split()[1] for version in desk.publisher.versions()}
    assert {path.stem.removeprefix("orders-") for path in (desk.directory / "loads").glob("orders-*")} == kept


def test_a_directory_that_cannot_be_written_is_told_before_anything_is_published(desk: Desk) -> None:
    (desk.directory / "loads").write_text("a file where the directory should be")
    for rows in (ROWS, [*ROWS, row(里程="far")]):
        with pytest.raises(InputRefused, match="cannot be written"):
            desk.load_rows(rows)
    assert desk.publisher.kept == []


CELLS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[+-]?[0-9]{0,25}[.,]?[0-9]{0,5}([eE][0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(Z|[+-][0-9]{4})?)?", fullmatch=True),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.dictionaries(st.sampled_from(HEADINGS), CELLS, max_size=4), min_size=1, max_size=12)
)
def test_whatever_the_cells_hold_every_row_is_loaded_or_kept(
    tmp_path_factory: Any, changes: list[dict[str, str]]
) -> None:
    rows = [row(**{"工单号": f"H{i}", **each}) for i, each in enumerate(changes)]
    desk = Desk(tmp_path_factory.mktemp("desk"))
    # Surrogates cannot be written, and a lone carriage return ends a line of the file as the test writes it.
    text = csv_text([*ROWS, *rows]).encode("utf-8", "replace").replace(b"\r", b"?")
    report = desk.load(desk.file(text), mapping("[rules]\nmost_rejected = 1.0"))
    assert report.read == len(ROWS) + len(rows)
    assert report.loaded + report.quarantined == report.read
    assert len(desk.publisher.rows(WORK_ORDER)) == report.loaded
    if report.quarantine:
        assert len(desk.quarantine(report)) == report.quarantined
