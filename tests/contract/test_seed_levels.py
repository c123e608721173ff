"""A demo network tells the story of the sources (domain.md 1.8). Sixty of its stores are made and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from components.map_land import ProvinceShade
from data_access.chinese_calendar import as_date
from kpi.catalog import metric
from seed.chunk import chunk_starts, generate
from seed.network import build_network
from seed.rows import plain
from seed.scale import RAMP_DAYS, SCALES, Run
from tests.load.calibration import ANCHORS, Figures, measure

OF_A_SAMPLE = 1.5
"""Sixty stores of 600 may stand further off than all of them."""


@pytest.fixture(scope="module")
def measured() -> tuple[Figures, Figures]:
    """Figures before and after the roll-out: the flagship and its neighbours, and three stores out of every thirty."""
    scale = replace(SCALES["demo"], tape_days=1)
    run, few = (Run(replace(scale, chunk=chunk), datetime(2026, 11, 24, 10, 40), 1) for chunk in (15, 3))
    rows: dict[str, list[pa.Table]] = {}
    for output in (generate(run, 0), *(generate(few, begin) for begin in chunk_starts(few)[10::10])):
        for name, pieces in output.base.items():
            rows.setdefault(name, []).extend(plain(piece) for piece in pieces)
    network = build_network(run)
    flagship = str(network.store_id[network.flagship])
    with duckdb.connect() as facts:
        for name, pieces in rows.items():
            facts.register(name, pa.concat_tables(pieces))
        before = measure(facts, as_date(run.first), as_date(run.wave_start(0) - 1), flagship)
        last: date = as_date(run.today - 1)
        after = measure(facts, as_date(run.wave_start(2)) + timedelta(RAMP_DAYS + 1), last, flagship)
    return before, after


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_store_with_long_waits_is_open_on_a_sunday(seed):
    """A quarter of the small ones are not: the wait that the demo promises would be nowhere to be seen."""
    run = Run(SCALES["demo"], datetime(2026, 11, 29, 14), seed)
    network = build_network(run)
    assert network.opening(np.array([network.faults.long_wait_today]))[0, network.day_index(run.today)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_low_region_alone_has_the_strongest_wash_of_the_map(seed):
    """By the levels of its stores after the roll-out, judged by the limits of bay utilisation."""
    network = build_network(Run(SCALES["demo"], datetime(2026, 11, 29, 14), seed))
    low, high = metric("bay_util").limits_on(date(2026, 11, 29)).critical
    red = {"critical": Counter(), "judged": Counter()}
    for store in np.flatnonzero(network.live):
        red["judged"][network.province[store]] += 1
        red["critical"][network.province[store]] += not low <= network.levels.utilisation[store, 1] <= high
    region = dict(zip(network.province, network.region, strict=True))
    wash = {code: ProvinceShade(red["critical"][code], red["judged"][code]).level for code in region}
    reddest = {code for code, level in wash.items() if level == max(wash.values())}
    assert reddest == {code for code, where in region.items() if where == network.faults.low_region}


@pytest.mark.parametrize("figure", ANCHORS)
def test_the_network_before_and_after_the_roll_out_is_the_one_of_the_sources(measured, figure):
    before, after = measured
    assert ANCHORS[figure].misses(before[figure], after[figure], loose=OF_A_SAMPLE) == []
