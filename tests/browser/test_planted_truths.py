"""What is wrong with the demo network on purpose stands on the first screen of the board that asks for it.

Twelve stores of two months hold these truths. They are too small for the low region (two stores that have just gone live:
tests/contract/test_seed_levels.py), for dying parts (four months without a sale) and for a technician who is surely worse
than the others. The store with long waits has a test beside its day (test_floor.py).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator

from kpi.catalog import REGIONS

HEIGHT = 900


@pytest.fixture(scope="module")
def planted(demo_dir) -> dict[str, Any]:
    return json.loads((demo_dir / "truths" / "truths.json").read_text())


def on_first_screen(found: Locator) -> bool:
    box = found.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= HEIGHT


def test_the_slow_region_comes_first_in_the_sentence_of_the_stations_board(open_page, planted):
    page = open_page("/stations", height=HEIGHT)
    said = page.locator("h1")
    assert on_first_screen(said)
    first = said.inner_text().split("：")[1].split("，")[0]
    assert first.startswith(REGIONS[planted["slow_region"]].zh_cn + "排队等待"), first


def test_the_region_below_plan_is_seen_to_be_the_furthest_below(open_page, planted):
    page = open_page("/", height=HEIGHT)
    regions = page.locator("[data-role=members] thead th a").all_inner_texts()
    row = page.locator("[data-role=members] tbody tr", has_text="售后收入")
    assert on_first_screen(row)
    shares = row.locator("td").evaluate_all("cells => cells.map(cell => Number(cell.dataset.sort))")
    lowest = shares.index(min(shares))
    assert regions[lowest] == REGIONS[planted["below_plan_region"]].zh_cn
    assert "critical" in (row.locator("td").nth(lowest).get_attribute("class") or "")


def test_what_is_seen_first_of_the_parts_is_planted_as_dead(open_page, planted):
    page = open_page("/parts", height=HEIGHT)
    rows = page.locator("[data-listing=aged_parts] tbody tr").all()
    seen = [row.locator("td").first.inner_text() for row in rows if on_first_screen(row)]
    dying = [part["part_no"] for part in planted["dying_parts"]]
    assert len(seen) >= 3 and set(seen) <= {*planted["dead_parts"], *dying}


def test_who_has_not_reported_is_named_from_the_first_screen(open_page, planted):
    page = open_page("/stations", height=HEIGHT)
    silent = [store["store_id"] for store in (*planted["stopped_reporting"], *planted["late_feeds"])]
    late = page.locator(".late")
    assert on_first_screen(late.locator("summary"))
    late.locator("summary").click()
    assert str(len(silent)) in late.locator("summary").inner_text().split("·")[-1]
    assert late.locator("li").count() == len(silent)
