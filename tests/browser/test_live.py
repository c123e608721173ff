"""A page that newer data redraws under its reader: nothing of where he was may be lost."""

from __future__ import annotations

NEWER = """
document.dispatchEvent(new CustomEvent('pitwall:moving'));
window.dash_clientside.set_props('version', {data: 'another'});
"""
"""What assets/live.js does when /version tells of newer data."""


def test_a_redraw_keeps_scroll_focus_and_what_is_open(open_page):
    page = open_page("/store/S003/today")
    page.locator("#hours-as-table summary").click()
    link = page.locator("[data-listing=open_orders] .exports a").nth(1)
    link.scroll_into_view_if_needed()
    link.focus()
    scrolled = page.evaluate("window.scrollY")
    assert scrolled > 200
    page.evaluate("document.querySelector('main').dataset.old = 'yes'")
    page.evaluate(NEWER)
    page.wait_for_function("document.querySelector('main') && !document.querySelector('main').dataset.old")
    assert page.evaluate("window.scrollY") == scrolled
    assert page.evaluate("document.getElementById('hours-as-table').open")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == link.get_attribute("href")
    assert "open_orders.xlsx" in focused


def test_a_redraw_keeps_what_is_being_typed(open_page):
    page = open_page("/orders?metric=revenue", ready="[data-listing=orders] tbody tr")
    box = page.locator("[data-listing=orders]").get_by_role("searchbox")
    box.type("W10")
    page.evaluate("document.querySelector('main').dataset.old = 'yes'")
    page.evaluate(NEWER)
    page.wait_for_function("document.querySelector('main') && !document.querySelector('main').dataset.old")
    page.keyboard.type("3")
    assert box.input_value() == "W103"
