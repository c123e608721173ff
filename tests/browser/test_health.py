"""The first board as its readers meet it: every size, language and theme, by mouse, by keyboard and by machine."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

SIZES = {"laptop": (1440, 900), "wall": (1920, 1080), "wall 4K": (3840, 2160), "phone": (390, 844)}
LOOKS = [("zh-CN", "light"), ("zh-CN", "dark"), ("en", "light"), ("en", "dark")]
CUT = """
[...document.querySelectorAll("[data-kpi] .number, [data-kpi] .state")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline").length
"""
SEVERITY = {"critical": 0, "warning": 1, "unknown": 2, "good": 3}


@pytest.mark.parametrize(("locale", "theme"), LOOKS)
def test_the_board_reads_at_every_size_in_both_languages_and_themes(open_page, locale, theme):
    page = open_page("/", locale=locale, theme=theme)
    headline = page.locator("[data-role=headline]").inner_text()
    assert bool(re.search(r"[\u4e00-\u9fff]", headline)) is (locale == "zh-CN")
    assert page.locator("html").get_attribute("data-theme") == theme
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        # Nothing is wider than the screen, and no tile's text is cut.
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(CUT) == 0, name


def test_at_most_seven_tiles_stand_in_the_first_screen_worst_first(open_page):
    page = open_page("/")
    tiles = page.locator("[data-kpi]")
    assert 5 <= tiles.count() <= 7
    untargeted = "all => all.map(t => t.classList.contains('neutral') ? 'neutral' : t.dataset.status)"
    statuses = [(SEVERITY | {"neutral": 4})[status] for status in tiles.evaluate_all(untargeted)]
    assert statuses == sorted(statuses)
    bottoms = tiles.evaluate_all("all => all.map(t => t.getBoundingClientRect().bottom)")
    assert max(bottoms) <= 900


def test_a_tile_carries_what_tools_rely_on(open_page):
    page = open_page("/")
    found = page.locator("[data-kpi]").evaluate_all("all => all.map(t => ({...t.dataset}))")
    assert {tile["kpi"] for tile in found} >= {
        "revenue",
        "cost",
        "gross_margin",
        "nps",
        "ftfr_30d",
        "ftfr_48h",
    }
    for tile in found:
        assert tile["unit"] == "network"
        assert tile["status"] in SEVERITY
        assert tile["asOf"] == "2026-11-20T10:40:00"
        assert tile["value"] == "" or float(tile["value"]) is not None


def test_every_tile_says_its_state_in_shape_and_word_and_its_age(open_page):
    page = open_page("/")
    for tile in page.locator("[data-kpi]").all():
        assert tile.locator(".state svg").count() == 1
        assert re.search(
            r"正常|注意|告警|样本不足|数据延迟|无数据|无目标", tile.locator(".state").inner_text()
        )
        assert (
            "11-" in tile.locator(".evidence").inner_text() or "10-" in tile.locator(".evidence").inner_text()
        )


@pytest.mark.parametrize(
    ("path", "theme"), [("/", "light"), ("/", "dark"), ("/?unit=region:east", "light"), ("/glossary", "dark")]
)
def test_axe_finds_nothing_to_object_to(open_page, path, theme):
    page = open_page(path, theme=theme, ready="main")
    # Ten entries of the glossary stand for its ninety, of which each is looked at as long.
    page.evaluate("[...document.querySelectorAll('.entry')].slice(10).forEach(entry => entry.remove())")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_first_screen_needs_no_chart_library_and_less_than_a_megabyte(chromium, server):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, addresses = [], []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(server)
    page.wait_for_load_state("networkidle")
    context.close()
    assert sum(sizes) <= 1_000_000
    assert not [address for address in addresses if "plotly" in address or "async-community" in address]


def test_the_numbers_are_in_the_html_before_any_script_runs(chromium, server):
    context = chromium.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(server)
    assert page.locator("[data-role=headline]").is_visible()
    assert page.locator("[data-kpi]").count() >= 5
    page.locator("nav.boards a[href='/stations']").first.click()
    page.locator("[data-kpi=bay_util]").first.wait_for()
    context.close()


def test_a_region_leads_down_and_back_and_the_address_can_be_shared(open_page):
    page = open_page("/", locale="en")
    network = page.locator("[data-kpi=revenue]").get_attribute("data-value")
    link = page.locator("[data-role=members] th a").first
    region = link.inner_text()
    link.click()
    page.locator("[data-kpi=revenue][data-unit^='region:']").wait_for()
    assert region in page.locator(".crumbs").inner_text()
    assert page.locator("[data-kpi=revenue]").get_attribute("data-value") != network
    shared = page.url
    page.go_back()
    page.locator("[data-kpi=revenue][data-unit=network]").wait_for()
    assert page.locator("[data-kpi=revenue]").get_attribute("data-value") == network
    page.goto(shared)
    page.locator("[data-kpi=revenue][data-unit^='region:']").first.wait_for()


def test_filters_are_used_by_keyboard_alone(open_page):
    page = open_page("/", locale="en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    summary = page.locator(".filters summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"period="))
    page.locator("[data-kpi=revenue]").first.wait_for()


def test_language_and_theme_are_remembered(open_page):
    page = open_page("/", locale="zh-CN", theme="light")
    page.locator("a.language").click()
    page.locator("html[lang=en]").wait_for()
    page.reload()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_browsers_language_decides_at_first(open_page):
    assert open_page("/", locale="en", remembered=False).locator("html").get_attribute("lang") == "en"
    assert open_page("/", locale="fr-FR", remembered=False).locator("html").get_attribute("lang") == "zh-CN"


@pytest.fixture(scope="module")
def english(chromium, server):
    """One page for one address after the other."""
    context = chromium.new_context(locale="en")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("path", "status", "hint"),
    [
        ("/?period=28", 404, "28d"),
        ("/?period=2026-02-30..2026-03-01", 400, "YYYY-MM"),
        ("/?unit=planet:earth", 400, "region:"),
        ("/?unit=store:S9999", 404, "Store"),
        ("/?compare=yesterday", 404, "comparison"),
        ("/?type=kiosk", 404, "Store type"),
        ("/parts?stock=Z-lumpy", 400, "A-lumpy"),
        ("/nowhere", 404, "/nowhere"),
    ],
)
def test_a_wrong_address_gets_a_clear_message_and_its_status(english, server, path, status, hint):
    response = english.goto(server + path)
    english.wait_for_load_state("networkidle")
    assert response is not None
    assert response.status == status
    told = english.locator("[role=alert]:visible").first.inner_text()
    assert hint in told
    assert "Traceback" not in english.content()
