"""Why is it red, on real rows: the parts that a page shows add up to the gap that its own number has."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from kpi import catalog
from tests.conftest import ReadAs
from tests.contract.micro_network import AS_OF

SECTION = re.compile(r'<section[^>]*data-gap="([^"]+)"[^>]*>(.*?)</section>', re.DOTALL)
PART = re.compile(r'data-share="([^"]+)"')


@pytest.fixture(scope="module")
def client(micro_on: Callable[[str], str], read_as: ReadAs) -> FlaskClient:
    return read_as(micro_on("duckdb"), AS_OF)


def gaps(client: FlaskClient, metric: str, **query: str) -> list[tuple[str, float, list[float]]]:
    """Of each table: its title, the gap it explains, and its parts."""
    answer = client.get(f"/metric/{metric}", query_string=query, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return [
        (
            re.sub(r"<[^>]+>", "", re.search(r"<h2>(.*?)<small>", drawn)[1]),
            float(gap),
            [float(part) for part in PART.findall(drawn.split("<tfoot>")[0])],
        )
        for gap, drawn in SECTION.findall(answer.get_data(as_text=True))
    ]


FOUR_WEEKS = "2026-06-29..2026-07-26"
"""Compared with 1 to 28 June."""


def test_the_parts_of_every_gap_of_every_metric_add_up_to_it(client):
    seen = 0
    for metric in catalog.METRICS:
        for title, gap, parts in gaps(client, metric, unit="city:110100", period=FOUR_WEEKS):
            assert sum(parts) == pytest.approx(gap, rel=1e-9, abs=1e-9), f"{metric}: {title}"
            seen += 1
    assert seen > 20


def test_a_fall_in_revenue_is_told_by_volume_mix_and_price_and_by_store(client):
    """June 1-28: S1 1,150 from 3 visits (W1, W2, W8), S2 9,800 from 2 (W5, W6); then S1 300 from 2 (W11, W12), S2 100
    from 2 (W9, W10). Five visits at 2,190 become four at 100: on average 1,145, so one visit less is -1,145. It was
    missed at S1, where a visit brings (383.33 + 150) / 2 = 266.67 only: +878.33. The rest is the price."""
    found = {
        title: (gap, parts)
        for title, gap, parts in gaps(client, "revenue", period=FOUR_WEEKS, unit="city:110100")
    }
    gap, parts = found["Change, by what it is made of"]
    assert gap == pytest.approx(400 - 10_950)
    assert parts == [pytest.approx(-10_283.3333333), pytest.approx(-1_145), pytest.approx(878.3333333)]
    assert found["Change, by unit"] == (gap, [pytest.approx(-9_700), pytest.approx(-850)])


def test_at_a_store_the_formula_alone_tells_why(client):
    found = gaps(client, "avg_ro_value", period=FOUR_WEEKS, unit="store:S1")
    # 1,150 over 4 orders (W1, W2, W4, W8) became 300 over 1 (W11): 287.5 to 300.
    # The numerator: (300 - 1,150) x (1/4 + 1/1) / 2 = -531.25; the denominator gives it back and 12.5 more.
    assert [title for title, _, _ in found] == ["Change, by what it is made of"]
    assert found[0][1] == pytest.approx(12.5)
    assert sorted(found[0][2]) == [pytest.approx(-531.25), pytest.approx(543.75)]


def test_a_split_leaves_as_a_file_with_all_its_parts_typed_and_the_days_that_answered(client):
    """The fall in revenue by store, as above: -9,700 at S2 and -850 at S1 are all of the -10,550."""
    address = "/export/why.{kind}?metric=revenue&table=change&unit=city:110100&period=" + FOUR_WEEKS
    answer = client.get(address.format(kind="csv"), headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    about = [line for line in lines if line.startswith(("#", '"#'))]
    assert "2026-06-29 – 2026-07-26 against 2026-06-01 – 2026-06-28" in about[0] and "−¥10.6K" in about[0]
    assert "2026-06-29 – 2026-07-26" in about[1]
    found = list(csv.DictReader(io.StringIO("\n".join(lines[len(about) :]))))
    assert [(row["Unit, key"], float(row["Part of the gap (CNY)"])) for row in found] == [
        ("S2", pytest.approx(-9_700)),
        ("S1", pytest.approx(-850)),
    ]
    book = load_workbook(io.BytesIO(client.get(address.format(kind="xlsx")).get_data()))
    head = {cell.value: cell.column for cell in book.worksheets[0][1]}
    cell = book.worksheets[0].cell(2, head["对差距的贡献（元）"])
    assert (cell.value, cell.number_format) == (pytest.approx(-9_700), "#,##0.00")


def test_what_a_change_is_made_of_leaves_as_a_file_too(client):
    answer = client.get(
        f"/export/why.csv?metric=revenue&table=made-change&unit=city:110100&period={FOUR_WEEKS}",
        headers={"Accept-Language": "en"},
    )
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[-3:]
    by_name = {row[2]: float(row[4]) for row in rows}
    assert by_name["Mix between units"] == 878.33  # to the cent
    assert sum(by_name.values()) == pytest.approx(-10_550, abs=0.02)


@pytest.mark.parametrize(
    "query", ["metric=revenue&table=galaxy", "metric=revenu&table=change", "table=change", ""]
)
def test_a_wrong_address_of_a_split_is_refused(client, query):
    assert client.get(f"/export/why.csv?{query}").status_code == 404
