"""What every table does in a browser, without the rest of the product: sort, narrow, leave; by keyboard and by mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from components import html
from components.listing import listing
from components.markup import to_html
from components.reader import Reader
from components.region_strip import member_table
from kpi.catalog import REGIONS
from kpi.listing import Column, Kind, Listed, Listing, ListQuestion
from kpi.metric import Unit
from kpi.question import Period
from kpi.text import same
from tests.unit.components_sample import split, verdict

ASSETS = Path(__file__).parents[2] / "assets"
CARS = Listing(
    key="cars",
    name=same("Cars"),
    description=same("Cars."),
    id_column="car",
    columns=(
        Column("car", same("Car")),
        Column("hours", same("Hours"), Unit.HOURS),
        Column("state", same("State"), Kind.STATUS),
    ),
)
HOURS = (9.5, None, 10.0, 100.0, 2.0, 1.0, 3.0, 4.0)
STATES = ("good", "warning", "critical", "good", "good", "unknown", "good", "good")
GIVEN = [f"车 {n}" for n in (10, 9, 8, 7, 6, 5, 4, 3)]


def drawn() -> str:
    rows = tuple(
        {"car": car, "hours": hours, "state": state}
        for car, hours, state in zip(GIVEN, HOURS, STATES, strict=True)
    )
    day = Period(date(2026, 11, 1), date(2026, 11, 19))
    listed = Listed(CARS, ListQuestion(listing="cars", period=day), datetime(2026, 11, 20, 10, 40), rows)
    bays = split(
        "bay_util",
        {
            key: {"numerator": top, "denominator": 100, "n": 100}
            for key, top in (("north", 38), ("east", 78), ("south", 55))
        },
    )

    def href(kind: str) -> str:
        return f"/export/cars.{kind}?unit=store:S1"

    parts = [
        listing(listed, Reader(), href_of=lambda *_: None, export_href=href),
        member_table([bays], lambda of, value, _: verdict(of, value), REGIONS, Reader(), lambda _: None),
    ]
    return to_html(html.Main(parts))


@pytest.fixture
def tables(chromium: Browser) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(viewport={"width": 1440, "height": 900})
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    page = context.new_page()
    shown = f'<!DOCTYPE html><html lang="zh-CN"><body>{drawn()}</body></html>'
    page.route("**/*", lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
    page.goto("http://127.0.0.1:9/board")
    page.add_script_tag(content=(ASSETS / "tables.js").read_text("utf-8"))
    yield page
    context.close()
    assert problems == []


def cars(page: Page) -> list[str]:
    return page.locator("table.rows tbody tr:visible td:first-child").all_inner_texts()


def test_a_heading_sorts_up_down_and_back_by_keyboard_alone(tables):
    head = tables.locator("table.rows th", has_text="Hours")
    head.get_by_role("button").focus()
    tables.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    # As numbers (9.5 before 10), and what is not known last.
    assert cars(tables) == [f"车 {n}" for n in (5, 6, 4, 3, 10, 8, 7, 9)]
    tables.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert cars(tables) == [f"车 {n}" for n in (7, 8, 10, 3, 4, 6, 5, 9)]
    tables.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert cars(tables) == GIVEN


def test_a_phone_shows_five_rows_until_all_are_wanted_or_looked_through(tables):
    for sheet in ("00-bootstrap.min.css", "50-lists.css"):
        tables.add_style_tag(content=(ASSETS / sheet).read_text("utf-8"))
    all_rows = tables.get_by_role("checkbox", name="显示全部 8 行")
    assert len(cars(tables)) == 8
    assert not all_rows.is_visible()
    tables.set_viewport_size({"width": 390, "height": 844})
    assert cars(tables) == GIVEN[:5]
    tables.get_by_role("searchbox").fill("4.0")  # the eighth
    assert cars(tables) == ["车 3"]
    tables.get_by_role("searchbox").fill("")
    all_rows.focus()
    tables.keyboard.press("Space")
    assert cars(tables) == GIVEN


def test_words_sort_as_a_reader_counts_and_states_by_how_bad_they_are(tables):
    tables.get_by_role("button", name="Car", exact=True).click()
    assert cars(tables) == [f"车 {n}" for n in (3, 4, 5, 6, 7, 8, 9, 10)]
    tables.get_by_role("button", name="State", exact=True).click()
    assert cars(tables)[:3] == ["车 8", "车 9", "车 5"]  # alert, watch, no verdict
    assert tables.locator("table.rows [aria-sort]").count() == 1


def test_the_box_narrows_counts_and_leaves_with_the_file(tables):
    box = tables.get_by_role("searchbox")
    box.fill("正常 车")
    assert len(cars(tables)) == 5
    assert tables.locator(".find output").inner_text() == "5 / 8"
    link = tables.get_by_role("link", name="XLSX")
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    link.click()
    assert link.get_attribute("href") == "/export/cars.xlsx?unit=store%3AS1&find=%E6%AD%A3%E5%B8%B8+%E8%BD%A6"
    box.fill("zzz")
    assert cars(tables) == []
    assert tables.locator(".find output").inner_text() == "没有符合条件的记录。"
    box.press("Escape")
    assert cars(tables) == GIVEN
    link.click()
    assert link.get_attribute("href") == "/export/cars.xlsx?unit=store%3AS1"


def test_a_row_of_an_indicator_puts_the_regions_in_order(tables):
    def regions() -> list[str]:
        return tables.locator("table.members thead th").all_inner_texts()[1:]

    assert regions() == ["华北", "华南", "华东"]
    button = tables.locator("table.members tbody th button")
    button.click()
    button.click()
    assert regions() == ["华东", "华南", "华北"]
    cells = tables.locator("table.members td").all_inner_texts()
    assert [cell[2:6] for cell in cells] == ["78.0", "55.0", "38.0"]
    button.click()
    assert regions() == ["华北", "华南", "华东"]


def test_newer_data_keeps_the_order_and_the_box(tables):
    tables.get_by_role("button", name="Hours").click()
    tables.get_by_role("searchbox").fill("正常")
    before = cars(tables)
    tables.evaluate("markup => document.querySelector('main').outerHTML = markup", drawn())
    tables.wait_for_function("document.querySelector('[data-finds]').value === '正常'")
    assert cars(tables) == before == [f"车 {n}" for n in (6, 4, 3, 10, 7)]
    # Dash changes a cell in place: the row finds its new place.
    tables.locator("table.rows tr", has_text="车 7").locator("td").nth(1).evaluate(
        "cell => cell.dataset.sort = '1'"
    )
    tables.wait_for_function(
        "document.querySelector('table.rows tbody tr:not([hidden]) td').textContent === '车 7'"
    )
