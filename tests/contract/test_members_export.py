"""Regions, stores and the map's list leave as files that say what the screen says. Truths from the micro network."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.conftest import ReadAs
from tests.contract.micro_network import AS_OF


@pytest.fixture(scope="module")
def client(micro_on: Callable[[str], str], read_as: ReadAs) -> FlaskClient:
    return read_as(micro_on("duckdb"), AS_OF)


def rows(client: FlaskClient, address: str, language: str = "en") -> tuple[list[str], list[dict[str, str]]]:
    """The lines that say what the file is, and its rows by heading."""
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    about = [line for line in lines if line.startswith(("#", '"#'))]
    return about, list(csv.DictReader(io.StringIO("\n".join(lines[len(about) :]))))


def test_stores_against_indicators_leave_with_units_states_and_plans(client):
    # June but for its last day, of which the stored status would speak: S1 settled W1 500, W2 150, W4 0 and W8 500,
    # 1,150 of 1,000 planned; S2 W5 10,000, W9 100 and W7 -200.
    about, found = rows(
        client, "/export/members.csv?metrics=revenue&split=store&period=2026-06-01..2026-06-29"
    )
    assert any("2026-06-01 – 2026-06-29" in line for line in about)
    by_store = {row["Store, key"]: row for row in found}
    assert by_store["S1"]["Service revenue (CNY)"] == "1150.0"
    assert by_store["S1"]["Service revenue: plan (CNY)"] == "1000.0"
    assert by_store["S1"]["Service revenue: of plan (share)"] == "1.15"
    assert by_store["S1"]["Service revenue: state"] == "On target"
    assert by_store["S2"]["Service revenue (CNY)"] == "9900.0"
    assert by_store["S2"]["Service revenue: state"] == "No target"  # nobody planned for it
    assert by_store["S1"]["Store (English)"] == "Store S1"


def test_the_box_of_the_screen_narrows_the_file_and_the_file_says_so(client):
    about, found = rows(
        client,
        "/export/members.csv?metrics=revenue&split=store&period=2026-06-01..2026-06-29&find=s2",
        "zh-CN",
    )
    assert [row["门店编号"] for row in found] == ["S2"]
    assert any("含“s2”的行" in line for line in about)
    _, none = rows(
        client, "/export/members.csv?metrics=revenue&split=store&period=2026-06-01..2026-06-29&find=nobody"
    )
    assert none == []


def test_an_xlsx_of_members_is_typed(client):
    answer = client.get(
        "/export/members.xlsx?metrics=revenue&split=region&period=2026-06-01..2026-06-29",
        headers={"Accept-Language": "en"},
    )
    sheet = load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    head = {cell.value: cell.column for cell in sheet[1]}
    money = sheet.cell(2, head["Service revenue (CNY)"])
    assert money.value == 11_050
    assert money.number_format == "#,##0.00"
    assert sheet.cell(2, head["Service revenue: of plan (share)"]).number_format == "0.0%"
    assert sheet.auto_filter.ref.startswith("A1:")


@pytest.mark.parametrize(
    "query",
    ["metrics=revenue&split=galaxy", "metrics=&split=store", "split=store", "metrics=revenu&split=store"],
)
def test_a_wrong_address_of_a_file_is_refused(client, query):
    assert client.get(f"/export/members.csv?{query}").status_code in (400, 404)


def test_a_file_holds_more_rows_than_a_screen_but_not_of_people(client, monkeypatch):
    days = "?period=2026-01-01..2026-06-29"
    for key in ("aged_parts", "technicians"):
        assert len(rows(client, f"/export/{key}.csv{days}")[1]) > 1, key
    monkeypatch.setattr("app.MOST_ROWS", {"csv": 1, "xlsx": 1})
    about, found = rows(client, f"/export/aged_parts.csv{days}")
    assert len(found) == 1 and any("1 (cut at the limit" in line for line in about)
    about, found = rows(client, f"/export/technicians.csv{days}")
    assert len(found) > 1 and not any("cut at the limit" in line for line in about)
    book = load_workbook(io.BytesIO(client.get(f"/export/aged_parts.xlsx{days}").get_data()))
    assert book.worksheets[0].max_row == 1 + 1
