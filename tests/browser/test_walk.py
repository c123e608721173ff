"""From the network's number down to the work orders that make it and back: by keyboard alone, and on a phone."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page

WORDS = {
    "zh-CN": {"orders": "数字背后的工单", "all": "全国"},
    "en": {"orders": "Work orders behind this number", "all": "Whole network"},
}


def enter(page: Page, target: Locator) -> None:
    """Tab to it, as somebody without a mouse does, and press Enter."""
    target.first.wait_for()
    for _ in range(200):
        if target.first.evaluate("target => target === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError("it cannot be reached with the Tab key")
    seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none' || "
                         "getComputedStyle(document.activeElement, '::after').outlineStyle !== 'none'")  # fmt: skip
    assert seen, "whoever has no mouse must see where they are"
    page.keyboard.press("Enter")


def arrived(page: Page, unit: str) -> None:
    page.locator(f"[data-kpi=revenue][data-unit^='{unit}']").first.wait_for()


def explained(page: Page) -> None:
    """The metric's own page stands: the address changes first, while the board's links can still be followed."""
    page.wait_for_url(re.compile(r"/metric/revenue$"))
    page.locator("[data-role=history]").wait_for()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_networks_number_to_its_orders_and_back_by_keyboard_alone(open_page, language):
    page = open_page("/", locale=language)
    words = WORDS[language]
    enter(page, page.locator("[data-kpi=revenue] a"))
    explained(page)
    trail = [page.url]
    for unit in ("region:", "province:", "city:", "store:"):
        enter(page, page.locator("[data-role=members] th a"))
        arrived(page, unit)
        trail.append(page.url)
    assert words["all"] in page.locator(".crumbs").inner_text()
    number = float(page.locator("[data-kpi=revenue]").first.get_attribute("data-value") or "nan")
    enter(page, page.get_by_role("link", name=words["orders"]))
    page.wait_for_url(re.compile(r"/orders\?"))
    page.locator("[data-listing=orders] tbody tr").first.wait_for()
    counted = page.locator("[data-listing=orders] tbody tr").evaluate_all(
        "rows => rows.map(row => Number([...row.cells].at(-2).dataset.sort))"
    )
    shown = page.locator("[data-listing=orders] h2 small").inner_text()
    if len(counted) == int(re.findall(r"[\d,]+", shown)[-1].replace(",", "")):
        assert sum(counted) == pytest.approx(number)
    # Sorting is on the way, by keyboard as well: of more orders than are here it is a step of its own, and back from it.
    trail.append(page.url)
    enter(page, page.locator("[data-listing=orders] th .sort"))
    page.locator("[data-listing=orders] th[aria-sort=ascending]").wait_for()
    if page.url == trail[-1]:
        trail.pop()
    for address in reversed(trail):
        page.go_back()
        page.wait_for_url(address)
    arrived(page, "network")
    enter(page, page.locator(".brand"))
    page.locator("[data-kpi=nps]").first.wait_for()


def test_a_chip_takes_a_filter_away_and_the_back_button_brings_it_again(open_page):
    page = open_page("/?unit=region:east&type=direct", locale="en")
    chips = page.locator(".chips a")
    assert [chip.split(":")[0].strip() for chip in chips.all_inner_texts()] == ["East", "Owned stores"]
    enter(page, chips)
    arrived(page, "network")
    assert [chip.split(":")[0].strip() for chip in chips.all_inner_texts()] == ["Owned stores"]
    page.go_back()
    arrived(page, "region:")
    assert chips.count() == 2


def test_a_link_leads_on_within_the_document_and_a_new_tab_is_a_new_tab(open_page):
    page = open_page("/", locale="en")
    page.evaluate("window.scrollTo(0, 300); window.document_ = 'the first'")
    link = page.locator(".boards a[href^='/csi']")
    with page.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url("**/csi")
    assert page.url.endswith("/")
    link.click()
    page.locator("[data-kpi=csi]").first.wait_for()
    page.wait_for_function("document.title.startsWith('Customer voice')")
    assert page.url.endswith("/csi")
    assert page.evaluate("[window.document_, window.scrollY]") == ["the first", 0]
    page.go_back()
    page.locator("[data-kpi=revenue]").first.wait_for()
    assert page.evaluate("window.document_") == "the first"


def test_a_click_shows_that_it_was_heard_until_the_next_page_stands(open_page):
    page = open_page("/", locale="en")
    held = []
    page.route(re.compile("_dash-update-component"), lambda route: held.append(route))
    page.locator(".boards a[href^='/csi']").click()
    page.wait_for_function("document.documentElement.dataset.going === ''")
    page.wait_for_timeout(700)
    bar = "parseFloat(new DOMMatrix(getComputedStyle(document.documentElement, '::before').transform).a)"
    assert 0 < page.evaluate(bar) < 1
    for route in held:
        route.continue_()
    page.locator("[data-kpi=csi]").first.wait_for()
    assert page.evaluate("'going' in document.documentElement.dataset") is False


def test_a_cell_and_a_week_narrow_to_what_they_say(open_page):
    page = open_page("/", locale="en")
    cell = page.locator("[data-role=members] tbody tr").first.locator("td a").first
    value = cell.inner_text()
    cell.click()
    page.wait_for_url(re.compile(r"/metric/\w+\?unit=region:"))
    page.locator("[data-role=history] a").first.wait_for()
    assert value.split()[0] in page.locator("main").inner_text()
    week = page.locator("[data-role=history] a").last
    week.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"period=2026-\d\d-\d\d\.\.2026"))
    first, last = re.findall(r"2026-\d\d-\d\d", page.url)
    assert date.fromisoformat(last) - date.fromisoformat(first) == timedelta(6)
    page.locator(".chips", has_text=f"{first} – {last}").wait_for()


def test_a_cell_of_the_week_narrows_to_its_hour_and_goes_down_with_it(open_page):
    page = open_page("/stations", locale="en")
    cell = page.locator("[data-role=heat] td a").first
    value = cell.inner_text().rstrip("!")
    hour = (cell.get_attribute("title") or "").split(": ")[0]
    cell.focus()
    page.keyboard.press("Enter")
    table = page.locator("[data-role=hour]")
    table.locator("h2", has_text=hour).wait_for()
    assert page.locator("[data-role=heat] td.chosen").inner_text().rstrip("!") == value
    shares = table.locator("td:nth-child(2)").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.sort))"
    )
    assert (
        shares == sorted(shares, reverse=True)
        and shares[-1] <= float(value) / 100 + 0.005 <= shares[0] + 0.01
    )
    with page.expect_download() as caught:
        table.get_by_role("link", name="CSV").click()
    about = caught.value.path().read_text("utf-8-sig")
    assert any(hour in line for line in about.splitlines() if line.startswith(("#", '"#')))
    assert len(about.splitlines()) > len(shares)
    for unit in ("region:", "province:", "city:", "store:"):
        table.locator("th a").first.click()
        page.locator(f"[data-kpi=bay_util][data-unit^='{unit}']").first.wait_for()
    assert table.locator("tbody tr").count() == 4  # weeks
    table.get_by_role("link", name="Whole week").click()
    table.wait_for(state="detached")
    assert page.locator("[data-kpi=bay_util][data-unit^='store:']").count()


def test_a_cell_of_the_stock_leads_to_its_parts_and_leaves_with_their_file(open_page):
    page = open_page("/parts", locale="en")
    cell = page.locator("[data-role=stock-matrix] td a").first
    of = (cell.get_attribute("title") or "").split(": ")[0]
    cell.focus()
    page.keyboard.press("Enter")
    table = page.locator("[data-listing=class_parts]")
    table.locator("h2", has_text=f"Parts of one class: {of}").wait_for()
    assert page.locator("[data-role=stock-matrix] td.chosen a").get_attribute("title").startswith(f"{of}: ")
    with page.expect_download() as caught:
        table.get_by_role("link", name="CSV").click()
    lines = caught.value.path().read_text("utf-8-sig").splitlines()
    assert any(of in line for line in lines if line.startswith(("#", '"#')))
    abc, pattern = of.split(" x ")
    rows = list(csv.DictReader(line for line in lines if not line.startswith(("#", '"#'))))
    assert rows and {(row["ABC"], row["Demand"]) for row in rows} == {(abc, pattern)}
    # What means something to one board stays there, and a chip takes it away.
    assert "stock=" not in page.get_by_role("link", name="Efficiency", exact=True).first.get_attribute("href")
    page.locator(".chips a", has_text=of).click()
    table.wait_for(state="detached")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_province_is_found_and_chosen_on_the_map_by_keyboard_alone(open_page, language):
    page = open_page("/map", locale=language)
    shapes = page.locator(".china [data-href]")
    shapes.first.wait_for()
    clicked = shapes.evaluate_all("all => all.map(shape => shape.dataset.href)")
    menu = page.locator(".filter", has_text={"zh-CN": "全部省份", "en": "All provinces"}[language])
    enter(page, menu.locator("summary"))
    offered = menu.locator(".sheet a[href*='province:']")
    hrefs = offered.evaluate_all("all => all.map(link => link.getAttribute('href'))")
    assert sorted(hrefs) == sorted(clicked)
    washes = [page.locator(f".china [data-href='{href}']").get_attribute("class") for href in hrefs]
    assert washes == sorted(washes, reverse=True) and washes[0] > washes[-1], "the reddest first"
    stores, href = page.locator(".china .dot").count(), offered.first.get_attribute("href")
    enter(page, offered)
    page.wait_for_url(f"**{href}")
    page.wait_for_function("before => document.querySelectorAll('.china .dot').length < before", arg=stores)
    assert page.locator(".china .dot").count()
    enter(page, page.locator(".crumbs a"))
    page.wait_for_function("all => document.querySelectorAll('.china .dot').length === all", arg=stores)


def test_on_a_phone_from_the_network_to_a_store_and_its_orders(open_page):
    page = open_page("/", width=390, height=844)
    page.locator("[data-kpi=revenue] a").first.click()
    explained(page)
    for unit in ("region:", "province:", "city:", "store:"):
        page.locator("[data-role=members] th a").first.click()
        arrived(page, unit)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, unit
    page.get_by_role("link", name=WORDS["zh-CN"]["orders"]).click()
    page.locator("[data-listing=orders] tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


TABLES = ("/", "/stations?hour=6-10", "/parts", "/csi", "/bookings", "/metric/revenue", "/region/east")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_no_table_lies_off_the_edge_and_each_value_has_its_name(open_page, language):
    page = open_page(TABLES[0], width=390, height=844, locale=language)
    wide = """all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.closest('section').dataset.role)"""
    nameless = "all => all.filter(cell => getComputedStyle(cell, '::before').content.length < 4).length"
    for path in TABLES:
        page.goto(urljoin(page.url, path))
        page.locator("[data-role=members], [data-role=ranking]").first.wait_for()
        page.wait_for_function("!document.getElementById('first-paint')")
        assert page.locator(".scroll").evaluate_all(wide) == [], path
        values = page.locator(".cards tbody td:not(.place)")
        assert values.count(), path
        assert values.evaluate_all(nameless) == 0, path


def test_headings_stand_where_what_they_head_stands(open_page):
    apart = """() => Array.from(document.querySelectorAll('main table')).flatMap(table => {
        const heads = Array.from(table.tHead?.rows ?? []).at(-1)?.cells ?? []
        const rows = Array.from(table.tBodies).flatMap(body => Array.from(body.rows))
        const row = rows.find(row => row.cells.length === heads.length)
        const edge = cell => {
            const style = getComputedStyle(cell), side = {start: 'left', end: 'right'}[style.textAlign] || style.textAlign
            return [side, side === 'center' ? 0 : parseFloat(style.getPropertyValue(`padding-${side}`))]
        }
        return Array.from(heads).filter((head, at) => {
            if (!row || !head.innerText.trim()) return false
            const [side, room] = edge(head), [other, its] = edge(row.cells[at])
            return side !== other || Math.abs(room - its) > 1.5
        }).map(head => head.innerText)
    })"""
    for path in ("/region/east", "/churn", "/parts", "/store/S003"):
        assert open_page(path).evaluate(apart) == [], path


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_a_stores_indicators_show_their_target_and_peers(open_page, language):
    page = open_page("/store/S003", width=390, height=844, locale=language)
    rows = page.locator("[data-role=kpis] tbody tr:not(.area)")
    assert rows.count() > 10
    for place in (1, 2, 3, 6):  # name, value, state, target
        box = rows.first.locator(f":nth-child({place})").first.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390, place
    # A store without peers is compared with nobody, which takes no line; one with peers has a line of it.
    peers = rows.first.locator("td:nth-child(7)")
    assert peers.evaluate("cell => cell.textContent") == "–" and peers.bounding_box() is None
    peers.evaluate("cell => { cell.className = ''; cell.textContent = 'better than 32 % of 143'; }")
    box = peers.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.locator("[data-role=kpis] .scroll").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_unit_and_a_day_to_come_lead_to_their_bookings(open_page):
    page = open_page("/bookings", locale="en")
    units = page.locator("[data-role=units-ahead]")
    unit = units.locator("tbody th a").first.inner_text()
    cell = units.locator("tbody tr").first.locator("td a").nth(1)  # tomorrow
    day = units.locator("thead th").nth(2).evaluate("cell => cell.firstChild.textContent")
    cell.click()
    rows = page.locator("[data-listing=bookings] tbody tr")
    rows.first.wait_for()
    assert unit in page.locator(".crumbs").inner_text()
    assert all(day in row for row in rows.all_inner_texts())
