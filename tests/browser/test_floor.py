"""From the network down to the orders behind a number and back, as a regional and a store manager go."""

from __future__ import annotations

import json
import re

import pytest


def test_from_the_network_down_to_the_orders_and_back(open_page):
    page = open_page("/stations", locale="en")
    tiles = page.locator("[data-kpi]").evaluate_all("all => all.map(t => t.getBoundingClientRect().bottom)")
    assert len(tiles) == 7 and max(tiles) <= 900
    for kind in ("region", "province", "city", "store"):
        page.locator("[data-role=members] th a").last.click()
        page.locator(f"[data-kpi=bay_util][data-unit^='{kind}:']").first.wait_for()
    assert page.locator(".crumbs li").count() == 5
    store = page.locator("[data-kpi=bay_util]").first.get_attribute("data-unit")
    page.get_by_role("link", name="All indicators").click()
    page.wait_for_url(re.compile(r"/store/S\d+$"))
    row = page.locator("[data-role=kpis] [data-kpi=bay_util]")
    row.wait_for()
    assert row.get_attribute("data-unit") == store
    row.locator("th a").click()
    page.get_by_role("link", name="Work orders behind this number").click()
    said = page.locator("[data-role=sums]")
    said.wait_for()
    assert said.get_attribute("data-metric") == "bay_util"
    shared = page.url
    value = float(page.locator("[data-kpi=bay_util]").get_attribute("data-value"))
    whole = float(re.search(r"over ([\d,.]+),", said.inner_text()).group(1).replace(",", ""))
    assert float(said.get_attribute("data-top")) / whole == pytest.approx(value, rel=1e-4)
    page.go_back()
    page.wait_for_url(re.compile(r"/metric/bay_util"))
    page.go_back()
    page.wait_for_url(re.compile(r"/store/S\d+$"))
    row.wait_for()
    # The way up leads to the ranking of the region's stores.
    page.locator(".crumbs a").nth(1).click()
    page.wait_for_url(re.compile(r"/region/[a-z]+$"))
    page.locator("[data-role=ranking] tbody tr").first.wait_for()
    page.goto(shared)
    page.locator("[data-role=sums][data-metric=bay_util]").first.wait_for()


def test_the_store_with_long_waits_stands_in_the_first_screen_and_its_day_says_so(open_page, demo_dir):
    planted = json.loads((demo_dir / "truths" / "truths.json").read_text())["long_wait_today"]
    page = open_page("/stations")
    found = page.locator(f"[data-role=longest-waits] [data-store={planted}]")
    assert found.bounding_box()["y"] < 300
    found.locator("a").click()
    page.wait_for_url(re.compile(f"/store/{planted}/today$"))
    waits = page.locator("[data-listing=open_waits] tbody tr")
    waits.first.wait_for()
    longest = re.search(r"([\d.]+)\s*分钟", waits.first.inner_text())
    assert float(longest.group(1)) > 30


@pytest.mark.parametrize(
    "path", ["/store/S003/today", "/bookings?unit=store:S003", "/region/north", "/today"]
)
def test_a_page_of_the_floor_fits_a_phone(open_page, path):
    page = open_page(path, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "all => all.filter(t => t.offsetWidth > t.parentElement.clientWidth).map(t => t.dataset.sortable)"
    assert page.locator("table.listed").evaluate_all(wide) == []
