"""A list of which only the first rows are on the screen: order and box reach all of them, and the reader stays in place."""

from __future__ import annotations

import csv
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

ORDERS = "/orders?metric=revenue"
AMOUNT, NUMBER = "金额（元）", "工单号"


def file_of(page: Page) -> list[dict[str, str]]:
    """The rows of the list as they leave, in the list's own order."""
    href = page.locator("[data-listing=orders] .exports a").first.get_attribute("href")
    answer = page.request.get(urlsplit(page.url)._replace(path="", query="").geturl() + str(href))
    lines = answer.body().decode("utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture
def orders(open_page) -> Page:
    return open_page(ORDERS, ready="[data-listing=orders] tbody tr")


def first_cells(page: Page) -> list[str]:
    return page.locator("[data-listing=orders] tbody tr td:first-child").all_inner_texts()


def test_a_heading_puts_all_rows_in_order_and_keeps_place_and_focus(orders):
    everything = file_of(orders)
    assert len(everything) > 200
    heading = orders.locator("[data-listing=orders] th a", has_text="金额")
    heading.scroll_into_view_if_needed()
    orders.evaluate("window.scrollTo(0, 180)")
    heading.focus()
    orders.keyboard.press("Enter")
    expect(orders.locator("th[aria-sort=ascending]")).to_be_visible()
    orders.keyboard.press("Enter")
    expect(orders.locator("th[aria-sort=descending]")).to_be_visible()
    assert orders.evaluate("window.scrollY") == 180
    assert orders.evaluate("document.activeElement.closest('th').ariaSort") == "descending"
    dearest = sorted(everything, key=lambda row: -float(row[AMOUNT] or "-inf"))
    assert first_cells(orders)[0] in {row[NUMBER] for row in dearest if row[AMOUNT] == dearest[0][AMOUNT]}
    assert [row[AMOUNT] for row in file_of(orders)[:50]] == [row[AMOUNT] for row in dearest[:50]]
    orders.go_back()
    expect(orders.locator("th[aria-sort=ascending]")).to_be_visible()


def test_the_box_looks_through_rows_that_are_not_on_the_screen(orders):
    last = file_of(orders)[-1][NUMBER]
    assert last not in first_cells(orders)
    box = orders.locator("[data-listing=orders]").get_by_role("searchbox")
    box.fill(last)
    box.press("Enter")
    expect(orders.locator("[data-listing=orders] tbody tr")).to_have_count(1)
    assert first_cells(orders) == [last]
    assert parse_qs(urlsplit(orders.url).query)["find"] == [last]
    assert [row[NUMBER] for row in file_of(orders)] == [last]
    expect(orders.locator(".chips")).to_contain_text(last)
    expect(box).to_be_focused()
    box.fill("")
    expect(orders.locator("[data-listing=orders] tbody tr")).to_have_count(200)
    box.fill("zzz")
    box.press("Enter")
    expect(orders.locator("[data-listing=orders]")).to_contain_text("没有符合条件的记录。")
    expect(box).to_have_value("zzz")


def test_it_needs_no_script(chromium, server):
    page = chromium.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(server + ORDERS)
    page.locator("[data-listing=orders] th a", has_text="金额").click()
    assert "by=amount" in page.url
    box = page.locator("[data-listing=orders]").get_by_role("searchbox")
    box.fill("zzz")
    box.press("Enter")
    expect(page.locator("[data-listing=orders]")).to_contain_text("没有符合条件的记录。")
    page.context.close()
