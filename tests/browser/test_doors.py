"""The way in as a person meets it: open the address, one click, board, under the product's own content policy."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.fixture
def visitor(chromium, server):
    """Somebody who has not signed in, in a browser that keeps to the policy; nothing may be said on its console."""
    context = chromium.new_context(signed_in=False, bypass_csp=False, locale="zh-CN")
    page, problems = context.new_page(), []
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


@pytest.mark.parametrize(
    ("role", "board"), [("executive", "/"), ("store_manager", "/today"), ("hr", "/technicians")]
)
def test_one_click_leads_to_the_roles_own_board_and_from_there_on(visitor, server, role, board):
    visitor.goto(server)
    assert visitor.url == f"{server}/sign-in"
    visitor.locator(f"button[value={role}]").click()
    visitor.wait_for_url(f"{server}{board}")
    visitor.locator("#first-paint").wait_for(state="detached")
    # The next page comes through Dash's own door, with the secret against forgery.
    visitor.locator("nav.boards a[href='/map']").click()
    visitor.locator(".store-map svg").first.wait_for()
    assert visitor.locator("a.person").is_visible()


def test_signing_out_leaves_nothing_to_go_back_to(visitor, server):
    visitor.goto(f"{server}/stations")
    visitor.locator("button[value=executive]").click()
    visitor.wait_for_url(f"{server}/stations")
    visitor.locator("#first-paint").wait_for(state="detached")
    visitor.locator("a.person").click()
    visitor.locator("form[action='/sign-out'] button").click()
    visitor.wait_for_url(f"{server}/sign-in")
    visitor.go_back()
    visitor.go_back()
    assert visitor.locator("[data-kpi]").count() == 0


def test_on_a_phone_who_did_what_is_read_without_moving_sideways(visitor, server):
    visitor.set_viewport_size({"width": 390, "height": 844})
    visitor.goto(server)
    visitor.locator("button[value=administrator]").click()
    visitor.goto(f"{server}/audit")
    assert visitor.locator(".rows tbody tr").count()
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert visitor.locator(".scroll").evaluate_all(wide) == 0
    value = visitor.locator(".rows tbody td:nth-child(2)").first
    assert value.evaluate("cell => getComputedStyle(cell, '::before').content").startswith('"人员')


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to_at_the_door(chromium, server, theme):
    context = chromium.new_context(signed_in=False, color_scheme=theme)
    page = context.new_page()
    page.goto(server)
    found = Axe().run(page)
    context.close()
    assert found.violations_count == 0, found.generate_report()
