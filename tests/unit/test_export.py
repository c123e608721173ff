"""What leaves as a file is typed, disarmed, and says which filter made it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from data_access.export import as_csv, as_xlsx
from kpi.catalog import LISTINGS
from kpi.listing import Column, Kind, Listed, Listing, ListQuestion, masked
from kpi.metric import Unit
from kpi.question import Period
from kpi.text import Locale, Text, same

FILTERS = Text("Whole network; 2026-11-01 – 2026-11-19", "全国；2026-11-01 – 2026-11-19")
LISTING = Listing(
    key="orders",
    name=Text("Orders", "工单"),
    description=Text("All of them.", "全部。"),
    id_column="id",
    columns=(
        Column("id", Text("No.", "编号")),
        Column("amount", Text("Amount", "金额"), Unit.MONEY),
        Column("arrived_at", Text("Arrived", "进厂"), Kind.TIME),
        Column("due", Text("Due", "到期"), Kind.DAY),
        Column("late", Text("Late", "超时"), Kind.FLAG),
        Column("kind", Text("Kind", "类型"), words={"repair": Text("Repair", "维修")}),
    ),
)
ROWS = (
    {
        "id": "=HYPERLINK(1)",
        "amount": -12.5,
        "arrived_at": datetime(2026, 11, 3, 9, 5),
        "due": date(2026, 12, 1),
        "late": True,
        "kind": "repair",
    },
    {"id": "+86", "amount": None, "arrived_at": None, "due": None, "late": None, "kind": "unheard"},
)


@pytest.fixture
def listed():
    question = ListQuestion(listing="orders", period=Period(date(2026, 11, 1), date(2026, 11, 19)))
    return Listed(LISTING, question, datetime(2026, 11, 20, 10, 40), ROWS)


def test_a_csv_reads_back_in_the_readers_language(listed):
    text = as_csv(listed, FILTERS, Locale.ZH_CN).decode("utf-8-sig")
    about = [line for line in text.splitlines() if line.startswith(("#", '"#'))]
    assert any("全国" in line for line in about)
    assert any("2026-11-20 10:40" in line for line in about)
    rows = list(csv.reader(io.StringIO("\n".join(text.splitlines()[len(about) :]))))
    assert rows[0] == ["编号", "金额（元）", "进厂", "到期", "超时", "类型"]
    assert rows[1] == ["'=HYPERLINK(1)", "-12.5", "2026-11-03 09:05:00", "2026-12-01", "是", "维修"]
    assert rows[2] == ["'+86", "", "", "", "", "unheard"]


def test_an_xlsx_keeps_numbers_and_dates_as_what_they_are(listed):
    book = load_workbook(io.BytesIO(as_xlsx(listed, FILTERS, Locale.EN)))
    rows = list(book["Orders"].iter_rows(values_only=True))
    assert rows[0] == ("No.", "Amount (CNY)", "Arrived", "Due", "Late", "Kind")
    assert rows[1] == (
        "'=HYPERLINK(1)",
        -12.5,
        datetime(2026, 11, 3, 9, 5),
        datetime(2026, 12, 1),
        "yes",
        "Repair",
    )
    assert rows[2] == ("'+86", None, None, None, None, "unheard")
    about = dict(book["Filter"].iter_rows(values_only=True))
    assert about["Filter"] == FILTERS.en


def test_personal_values_tell_people_apart_but_do_not_reach_them():
    assert masked("13812345678") == "138****5678"
    assert masked("欧阳修文") == "欧**"
    assert masked("V0123456789abcdef") == "…abcdef"
    assert masked(None) is None
    assert same("x") == Text("x", "x")


@pytest.mark.parametrize("key", LISTINGS)
@pytest.mark.parametrize("locale", Locale)
def test_a_lists_name_is_fit_for_the_title_of_a_sheet(key, locale):
    assert not set(LISTINGS[key].name.in_(locale)) & set(":\\/?*[]")
