"""Every board prints to clean A4 pages: nothing to click, the selection written out, no table cut, in every theme."""

from __future__ import annotations

import re

import pytest

A4_LANDSCAPE = "841.9"
UNWANTED = "header nav, .preferences, .skip, .tools-of-table, .exports, .tools, .zoom"


@pytest.mark.parametrize(
    ("path", "most_pages"),
    [("/", 1), ("/stations", 3), ("/map", 1), ("/metric/bay_util?unit=region:east", 3)],
)
def test_a_board_is_a_few_a4_pages_without_anything_to_click(open_page, path, most_pages):
    page = open_page(path, theme="dark", ready="main")
    pdf = page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type /Page\b(?!s)", pdf))
    assert 1 <= pages <= most_pages
    assert A4_LANDSCAPE.encode() in pdf
    page.emulate_media(media="print")
    assert page.locator(UNWANTED).locator("visible=true").count() == 0
    assert re.search(r"筛选：全国.*2026-11-01 – 2026-11-19", page.locator(".on-paper").inner_text())
    # Dark screens print dark ink on white paper.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 24, 29)"
    cut = "all => all.filter(s => s.scrollWidth > s.clientWidth + 1).map(s => s.ariaLabel)"
    page.set_viewport_size({"width": 1047, "height": 740})  # A4 less its margins
    assert page.locator("main .scroll").evaluate_all(cut) == []


def test_boards_of_long_tables_are_printed_on_few_pages(open_page):
    """No panel may leave most of a page blank because its table would not break."""
    page = open_page("/churn", ready="main")
    server = page.url.removesuffix("/churn")
    for path, most in {
        "/churn": 4,
        "/technicians": 5,
        "/store/S003": 4,
        "/store/S003/today": 4,
    }.items():
        page.goto(server + path)
        page.locator("main .panel").first.wait_for()
        pdf = page.pdf(prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type /Page\b(?!s)", pdf)) <= most, path
        # What may not be broken fits a page.
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 1047, "height": 740})  # A4 less its margins
        whole = page.locator("main > .panel").evaluate_all(
            "all => all.filter(p => getComputedStyle(p).breakInside === 'avoid').map(p => p.offsetHeight)"
        )
        assert max(whole, default=0) < 740, path
        page.emulate_media(media="screen")
