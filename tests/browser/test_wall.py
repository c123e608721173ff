"""A wall through days that go by in seconds: it turns, it never shows old numbers as fresh, and it recovers by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from tests.demo_network import AS_OF

WALL = "/wall/network"
STEP = 1_000
SHOWN = ".frame:not([hidden])"


@dataclass
class Line:
    """What the screen hears of the server: /version as it is told to be, the frames as they are, or changed."""

    now: str = AS_OF
    version: str = "1"
    status: int = 200
    cut: bool = False
    red: bool = False

    def version_of(self, route: Route) -> None:
        if self.cut:
            return route.abort()
        headers = {"X-Now": self.now, "ETag": f'"{self.version}"'}
        return route.fulfill(status=self.status, headers=headers, json={})

    def frames_of(self, route: Route) -> None:
        if self.cut:
            return route.abort()
        if self.status != 200:
            return route.fulfill(status=self.status)
        try:
            answer = route.fetch()
        except Error:  # the page that asked is gone
            return None
        body = re.sub(r'data-version="[^"]*"', f'data-version="{self.version}"', answer.text(), count=1)
        body = re.sub(r'data-now="[^"]*"', f'data-now="{self.now}"', body, count=1)
        if self.red:
            first, last = body.rsplit('<section class="frame"', 1)
            turned = re.sub(
                r'data-kpi="\w+"([^>]*) data-status="\w+"',
                r'data-kpi="new"\1 data-status="critical"',
                last,
                count=1,
            )
            body = f'{first}<section class="frame"{turned}'
        return route.fulfill(response=answer, body=body)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def wall(chromium: Browser, server: str, line: Line) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.clock.install()
    page.route("**/version", line.version_of)
    page.route("**/wall/*/frames", line.frames_of)
    page.goto(server + WALL)
    page.locator(f"{SHOWN} [data-kpi]").first.wait_for()
    until(page, "document.documentElement.dataset.connection === 'live'")
    yield page
    page.unroute_all(behavior="ignoreErrors")
    context.close()
    assert problems == []


def until(page: Page, condition: str, steps: int = 90) -> None:
    """Lets seconds go by until something is so."""
    for _ in range(steps):
        if page.evaluate(condition):
            return
        page.clock.run_for(STEP)
    raise AssertionError(f"not even after {steps} s: {condition}")


def aged(page: Page) -> tuple[int, int]:
    """How many tiles are grey, of how many."""
    return page.locator(".tile[data-aged]").count(), page.locator(".tile").count()


def connection(state: str) -> str:
    return f"document.documentElement.dataset.connection === '{state}'"


def place(page: Page) -> str:
    return page.locator(".place").inner_text()


def test_frames_turn_a_key_pauses_and_a_new_red_comes_first(wall: Page, line: Line) -> None:
    count = wall.locator(".frame").count()
    assert count >= 5
    first = int(place(wall).split(" / ")[0])
    until(wall, f"document.querySelector('.place').textContent === '{first % count + 1} / {count}'", 27)
    wall.keyboard.press("Space")
    wall.clock.run_for(60 * STEP)
    assert place(wall) == f"{first % count + 1} / {count}" and wall.locator(".paused").is_visible()
    wall.keyboard.press("ArrowRight")
    assert place(wall) == f"{(first + 1) % count + 1} / {count}"
    line.version, line.red = "2", True
    until(wall, "!document.querySelector('.news').hidden")
    assert place(wall) == f"{count} / {count}"
    wall.keyboard.press("Space")
    until(wall, f"document.querySelector('.place').textContent === '1 / {count}'", 60)
    assert wall.locator(".news").is_hidden()


def test_a_stopped_server_a_stopped_feed_and_midnight_never_look_fresh(wall: Page, line: Line) -> None:
    tiles = aged(wall)[1]
    assert aged(wall) == (0, tiles) and tiles >= 20
    line.cut = True
    until(wall, connection("lost"))
    assert aged(wall) == (tiles, tiles)
    assert wall.locator(f"{SHOWN} .tile").first.get_attribute("data-aged") == "数据延迟 10:40"
    assert wall.get_by_text("数据更新已中断").is_visible()
    word = wall.locator(f"{SHOWN} .tile .state").first
    assert word.evaluate("word => getComputedStyle(word).fontSize") == "0px", "no status is told any more"
    assert "10:40" in word.evaluate("word => getComputedStyle(word, '::after').content")
    line.cut = False
    until(wall, connection("live"))
    assert aged(wall) == (0, tiles)
    # The server answers, but nothing new comes: each tile has its own limit, of the day a day and a half.
    line.now = "2026-11-20T23:59:40"
    until(wall, "document.querySelector('.clock').textContent.endsWith('23:59')")
    daily = wall.locator(".tile[data-good-for='129600']")
    assert wall.locator(".tile[data-good-for='129600'][data-aged]").count() == 0 < daily.count()
    line.cut = True
    until(wall, "/21.*00:00$/.test(document.querySelector('.clock').textContent)", 30)
    line.cut, line.now = False, "2026-11-21T22:41:00"
    with wall.expect_navigation():  # the reload of the night that has gone by
        wall.clock.run_for(20 * STEP)
    wall.locator(f"{SHOWN} [data-kpi]").first.wait_for()
    until(wall, connection("late"))
    assert wall.locator(".tile[data-good-for='129600'][data-aged]").count() == daily.count()
    assert daily.first.get_attribute("data-aged") == "数据延迟 11-20 10:40"
    line.now = AS_OF
    until(wall, connection("live"))
    assert aged(wall)[0] == 0


def test_at_night_the_page_is_loaded_anew_and_only_while_somebody_answers(wall: Page, line: Line) -> None:
    wall.evaluate("window.old = true")
    line.now = "2026-11-21T04:00:30"
    line.status = 503
    wall.clock.run_for(40 * STEP)
    assert wall.evaluate("window.old") is True
    line.status = 200
    with wall.expect_navigation():
        wall.clock.run_for(40 * STEP)
    assert wall.evaluate("window.old") is None


def test_a_screen_that_is_shut_out_forgets_what_it_showed(wall: Page, line: Line) -> None:
    assert wall.evaluate("Object.keys(localStorage).length") == 1
    line.status = 401
    until(wall, "!document.querySelector('[data-kpi]')")
    assert wall.evaluate("Object.keys(localStorage).length") == 0
    link = wall.get_by_role("link", name="重新登录")
    assert link.is_visible() and link.get_attribute("href") == "/sign-in?next=%2Fwall%2Fnetwork"
    line.status = 200
    until(wall, "document.querySelector('[data-kpi]') !== null")
    assert not link.is_visible()


def test_a_screen_that_starts_while_nobody_answers_shows_what_it_kept_dated(
    chromium: Browser, server: str
) -> None:
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = context.new_page()
    page.goto(server + WALL)
    page.locator(f"{SHOWN} [data-kpi]").first.wait_for()
    value, tiles = (
        page.locator("[data-kpi=revenue]").get_attribute("data-value"),
        page.locator(".tile").count(),
    )
    page.close()
    context.set_offline(True)
    page = context.new_page()
    page.goto(server + WALL)
    page.locator(f"{SHOWN} [data-kpi]").first.wait_for()
    assert aged(page) == (tiles, tiles), "not for a moment without a word"
    assert page.locator("[data-kpi=revenue]").get_attribute("data-value") == value
    assert page.locator(".tile").first.get_attribute("data-aged") == "数据延迟 11-20 10:40"
    context.set_offline(False)
    page.wait_for_function(connection("live"), timeout=30_000)
    assert aged(page)[0] == 0
    context.close()
