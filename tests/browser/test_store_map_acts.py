"""The map and its list in a browser, without the rest of the product: zoom, search, card, keys, taps, sorting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from components.map_land import ProvinceShade
from components.markup import to_html
from components.reader import Reader
from components.store_map import StoreDot, store_map
from components.store_table import store_table
from kpi.text import Text, same
from kpi.verdict import Status

ASSETS = Path(__file__).parents[2] / "assets"
TITLE = same("NPS")
STORES = [
    ("S1", "Beijing West", "北京西店", 116.2, 39.9, Status.CRITICAL, 31.0),
    ("S2", "Beijing East", "北京东店", 116.5, 39.9, Status.CRITICAL, 33.0),
    ("S3", "Chengdu North", "成都北店", 104.1, 30.7, Status.WARNING, 38.0),
    ("S4", "Shanghai Bund", "上海外滩店", 121.5, 31.2, Status.GOOD, 52.0),
    ("S5", "Urumqi", "乌鲁木齐店", 87.6, 43.8, Status.GOOD, 47.0),
]
OpenMap = Callable[..., Page]


def dots(value_of_worst: float = 31.0) -> list[StoreDot]:
    return [
        StoreDot(
            key, Text(en, zh), x, y, status, f"{value_of_worst if key == 'S1' else value:.0f}", value=value
        )
        for key, en, zh, x, y, status, value in STORES
    ]


def drawn(**changes: float) -> str:
    shades = {
        "110000": ProvinceShade(2, 2, "north"),
        "150000": ProvinceShade(0, 1, "north"),
        "650000": ProvinceShade(0, 1),
    }
    shown = [
        store_map(
            dots(**changes),
            shades,
            Reader(),
            href_of=lambda key: f"#{key}",
            province_href=lambda key: f"#{key}",
            title=TITLE,
        ),
        store_table(dots(**changes), Reader(), href_of=lambda key: f"#{key}", title=TITLE, opened=True),
    ]
    return f'<div class="map-layout" style="height: 700px">{to_html(shown)}</div>'


@pytest.fixture
def open_map(chromium: Browser) -> Iterator[OpenMap]:
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_(**wishes: object) -> Page:
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | wishes))
        contexts.append(context)
        context.on("request", lambda request: problems.append(f"request: {request.url}"))
        context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
        page = context.new_page()
        style = "".join(path.read_text("utf-8") for path in sorted(ASSETS.glob("*.css")))
        head = f'<meta name="viewport" content="width=device-width"><style>{style}</style>'
        page.set_content(
            f'<!DOCTYPE html><html lang="zh-CN"><head>{head}</head><body><main>{drawn()}</main></body></html>'
        )
        for script in ("map.js", "tables.js"):
            page.add_script_tag(content=(ASSETS / script).read_text("utf-8"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def view(page: Page) -> list[float]:
    return [float(edge) for edge in (page.locator(".china").get_attribute("viewBox") or "").split()]


def dot(page: Page, key: str) -> str:
    return f".china .dot[href='#{key}']"


def settled(page: Page) -> None:
    page.wait_for_timeout(350)  # the glide of a zoom


def test_the_card_tells_of_the_store_under_the_pointer(open_map: OpenMap) -> None:
    page = open_map()
    page.locator(dot(page, "S3")).hover()
    assert page.locator(".about").inner_text().split("\n") == ["成都北店", "注意", "38"]
    page.mouse.move(40, 650)
    assert page.locator(".about").is_hidden()


def test_a_click_beside_a_dot_opens_its_store(open_map: OpenMap) -> None:
    page = open_map()
    spot = page.locator(dot(page, "S5")).bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + spot["width"] + 3, spot["y"] + spot["height"] / 2)
    page.wait_for_url("**#S5", timeout=5000)


def test_zooming_keeps_what_is_under_the_pointer_and_dots_near_their_size(open_map: OpenMap) -> None:
    page = open_map()
    place = page.locator(dot(page, "S4"))
    before = place.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    for _ in range(5):
        page.mouse.wheel(0, -120)
    page.wait_for_function("document.querySelector('.china').viewBox.baseVal.width < 2000")
    after = place.bounding_box()
    assert after is not None
    assert abs(after["x"] - before["x"]) < 6
    assert abs(after["y"] - before["y"]) < 6
    assert after["width"] < 1.6 * before["width"]
    page.locator("[data-zoom=all]").click()
    settled(page)
    assert view(page) == [0, 0, 5230, 4195]


def test_dragging_moves_the_map_and_opens_nothing(open_map: OpenMap) -> None:
    page = open_map()
    spot = page.locator(dot(page, "S3")).bounding_box()
    assert spot is not None
    page.mouse.move(spot["x"] + 3, spot["y"] + 4)
    page.mouse.down()
    page.mouse.move(spot["x"] - 80, spot["y"] - 50, steps=4)
    page.mouse.up()
    assert view(page)[0] > 300
    assert "#" not in page.url


def test_a_double_click_shows_the_region_and_then_the_province(open_map: OpenMap) -> None:
    page = open_map()
    double_click(page, "150000", 0.4, 0.76)
    assert 2500 < view(page)[2] < 3400
    double_click(page, "110000", 0.55, 0.3)
    assert view(page)[2] < 400


def test_a_click_on_a_province_offers_its_stores_alone(open_map: OpenMap) -> None:
    page = open_map()
    spot = page.locator("[data-adcode='150000']").bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + 0.4 * spot["width"], spot["y"] + 0.76 * spot["height"])
    assert page.locator(".about").inner_text().split("\n") == ["内蒙古", "1 家门店，无告警", "只看此省"]
    page.mouse.move(spot["x"] + 0.4 * spot["width"], spot["y"] + 0.74 * spot["height"], steps=3)
    page.locator(".about .go").click()
    page.wait_for_url("**#150000", timeout=5000)
    # One without stores has nothing to offer.
    spot = page.locator("[data-adcode='630000']").bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + 0.4 * spot["width"], spot["y"] + 0.5 * spot["height"])
    assert page.locator(".about").inner_text().split("\n") == ["青海", "无门店"]


def double_click(page: Page, adcode: str, x: float, y: float) -> None:
    """At a share of the province's width and height."""
    spot = page.locator(f"[data-adcode='{adcode}']").bounding_box()
    assert spot is not None
    page.mouse.dblclick(spot["x"] + x * spot["width"], spot["y"] + y * spot["height"])
    settled(page)


def test_arrow_keys_go_from_the_worst_store_to_the_best_and_enter_opens(open_map: OpenMap) -> None:
    page = open_map()
    page.locator(".china .dot[tabindex='0']").focus()
    walked = []
    for _ in range(5):
        walked.append(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("ArrowRight")
    assert walked == ["#S1", "#S2", "#S3", "#S4", "#S5"]
    assert page.locator(".china .dot[tabindex='0']").count() == 1
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**#S1", timeout=5000)


@pytest.mark.parametrize("typed", ["北京", "beijing", "BEI wes", "s2"])
def test_search_finds_names_in_both_languages(open_map: OpenMap, typed: str) -> None:
    page = open_map()
    page.locator(".search input").fill(typed)
    expected = {"北京": ["S1", "S2"], "beijing": ["S1", "S2"], "BEI wes": ["S1"], "s2": ["S2"]}[typed]
    found = page.evaluate(
        "[...document.querySelectorAll('.china .hit')].map(d => d.getAttribute('href').slice(1)).sort()"
    )
    assert found == expected
    assert page.locator(".store-list tbody tr:visible").count() == len(expected)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{expected[0]}", timeout=5000)


def test_a_search_without_result_says_so(open_map: OpenMap) -> None:
    page = open_map()
    page.locator(".search input").fill("zzz")
    assert page.locator(".search li").all_inner_texts() == ["没有匹配的门店"]
    page.keyboard.press("Escape")
    assert page.locator(".store-list tbody tr:visible").count() == 5


def test_the_list_sorts_by_a_column_and_back(open_map: OpenMap) -> None:
    page = open_map()

    def order() -> list[str]:
        return page.evaluate(
            "[...document.querySelectorAll('tbody a')].map(a => a.getAttribute('href').slice(1))"
        )

    value = page.get_by_role("button", name="数值")
    value.click()
    assert order() == ["S1", "S2", "S3", "S5", "S4"]
    value.click()
    assert order() == ["S4", "S5", "S3", "S2", "S1"]
    page.get_by_role("button", name="状态").click()
    assert order() == ["S1", "S2", "S3", "S4", "S5"]


def test_a_redraw_with_newer_data_keeps_view_search_and_order(open_map: OpenMap) -> None:
    page = open_map()
    page.locator("[data-zoom=in]").click()
    settled(page)
    page.locator(".search input").fill("beijing")
    page.get_by_role("button", name="数值").click(click_count=2)
    before = view(page)
    page.evaluate("markup => document.querySelector('main').innerHTML = markup", drawn(value_of_worst=12.0))
    assert view(page) == before
    assert page.locator(".search input").input_value() == "beijing"
    assert page.locator("tbody tr:visible a").all_inner_texts() == ["北京东店", "北京西店"]
    assert "12" in (page.locator(dot(page, "S1")).get_attribute("aria-label") or "")


def test_on_a_phone_the_first_tap_tells_and_the_second_opens(open_map: OpenMap) -> None:
    page = open_map(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    spot = page.locator(dot(page, "S5")).bounding_box()
    assert spot is not None
    page.touchscreen.tap(spot["x"] + spot["width"] + 8, spot["y"])
    assert page.locator(".about b").inner_text() == "乌鲁木齐店"
    assert "#" not in page.url
    page.locator(".about .go").tap()
    page.wait_for_url("**#S5")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
