"""What a demo network's facts say about it, beside what the sources say: the calibration anchors of domain.md 1.8.

usage: python -m tests.load.calibration DIR     (DIR as made by `python -m seed --scale demo|full --out DIR`)
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from data_access.publish import Publisher
from seed.scale import RAMP_DAYS

Figures = dict[str, float]


@dataclass(frozen=True)
class Anchor:
    """What the sources name for a figure before and after the roll-out, and how far off is still the same story.

    None: the sources do not say. `within` is a share of the anchor.
    """

    before: float | None
    after: float | None
    within: float

    def misses(self, before: float, after: float, loose: float = 1.0) -> list[str]:
        """In words, the figures that stand too far from their anchor; `loose` multiplies how far they may."""
        within = self.within * loose
        pairs = (("before", before, self.before), ("after", after, self.after))
        return [
            f"{when}: {found:,.4g} instead of {told:,.4g} +-{within:.0%}"
            for when, found, told in pairs
            if told is not None and not abs(found - told) <= within * told
        ]


ANCHORS = {
    "bay utilisation, %": Anchor(52, 71, 0.08),
    "bay utilisation north, %": Anchor(38, None, 0.12),
    "bay utilisation east, %": Anchor(78, None, 0.05),
    "cycle time, h": Anchor(1.8, 1.0, 0.12),
    "cycle time south, h": Anchor(2.8, None, 0.12),
    "cycle time northwest, h": Anchor(0.9, None, 0.15),
    "output a store-day, yuan": Anchor(18_000, 25_000, 0.1),
    "output a technician-day southwest, yuan": Anchor(2_600, None, 0.12),
    "output a technician-day northeast, yuan": Anchor(4_200, None, 0.12),
    "vehicles a store-day": Anchor(20, 27, 0.1),
    "revenue a vehicle, yuan": Anchor(900, 925, 0.08),
    "CSI": Anchor(82, 90, 0.01),
    "FTFR within 30 days, %": Anchor(78, 92, 0.03),
    "inventory days": Anchor(45, 30, 0.08),
    "complete orders, %": Anchor(67, 95, 0.03),
    "root cause given, %": Anchor(58, None, 0.03),
    "CRM agrees with DMS, %": Anchor(72, 98, 0.02),
    "visits to another store, %": Anchor(0, 7.4, 0.15),
    "best to worst store by output a bay-day": Anchor(3, None, 99),
    "flagship: vehicles a day": Anchor(45, 65, 0.08),
    "flagship: bay utilisation, %": Anchor(52, 73, 0.10),
    "flagship: cycle time, h": Anchor(1.8, 0.9, 0.2),
    "flagship: CSI": Anchor(83, 92, 0.02),
    "flagship: visits from another store, %": Anchor(0, 18, 0.25),
}

SHARES = """
select 'bay utilisation, %' as figure, 100 * sum(worked) / sum(offered) as value from bays
union all select 'bay utilisation ' || region || ', %', 100 * sum(worked) / sum(offered) from bays group by region
union all select 'flagship: bay utilisation, %', 100 * sum(worked) / sum(offered) from bays where store_id = $flagship
union all select 'cycle time, h', avg(hours) from cycles
union all select 'cycle time ' || region || ', h', avg(hours) from cycles group by region
union all select 'flagship: cycle time, h', avg(hours) from cycles where store_id = $flagship
union all select 'output a store-day, yuan', (select sum(revenue) from settled) / (select sum(open_days) from bays)
union all
select 'output a technician-day ' || region || ', yuan', sum(revenue) / sum(days)
from settled join presence using (store_id, region) group by region
union all select 'vehicles a store-day', (select count(*) from arrived) / (select sum(open_days) from bays)
union all
select 'flagship: vehicles a day', (select count(*) from arrived where store_id = $flagship)
    / (select sum(open_days) from bays where store_id = $flagship)
union all
select 'revenue a vehicle, yuan', (select sum(revenue) from settled) / (select count(*) from arrived)
union all
select 'visits to another store, %', 100 * avg((origin_store_id <> store_id)::int) from arrived
union all
select 'flagship: visits from another store, %', 100 * avg((origin_store_id <> store_id)::int)
from arrived where store_id = $flagship
union all select 'CSI', avg(csi_score) from survey where day between $first and $last
union all
select 'flagship: CSI', avg(csi_score) from survey where day between $first and $last and store_id = $flagship
union all
select 'FTFR within 30 days, %', 100 - 100 * (select count(*) from comeback where day between $first and $last)
    / (select count(*) from work_order where fix_eligible and delivered_on between $first and $last)
union all
select 'inventory days',
    (select sum(stock_value) / count(distinct day) from stock_balance where day between $first and $last)
    / (select sum(cost) from part_line where day between $first and $last) * ($last::date - $first::date + 1)
union all
select 'complete orders, %', 100 * avg(complete::int) from work_order where delivered_on between $first and $last
union all
select names.figure, 100 - 100 * sum(rows_failed) / sum(rows_checked)
from quality_result
join (values ('root_cause_present', 'root cause given, %'), ('crm_dms_match', 'CRM agrees with DMS, %'))
    as names (check_key, figure) using (check_key)
where day between $first and $last group by names.figure
union all
select 'best to worst store by output a bay-day', max(output) / min(output)
from (select revenue / offered as output from settled join bays using (store_id, region))
"""

PARTS = """
with offers as (
    select store_id, sum(bay_minutes) as offered, count(*) filter (is_open) as open_days
    from store_opening where day between $first and $last group by store_id),
works as (
    select store_id, sum(epoch(ended_at - started_at)) / 60 as worked
    from bay_session where state = 'work' and day between $first and $last group by store_id),
bays as (select * from offers join works using (store_id) join store using (store_id)),
cycles as (
    select store_id, region, epoch(delivered_at - arrived_at) / 3600 as hours
    from work_order join store using (store_id) where not drop_off and delivered_on between $first and $last),
settled as (
    select store_id, region, sum(labour_amount + parts_amount) as revenue
    from work_order join store using (store_id) where settled_on between $first and $last group by all),
presence as (
    select store_id, region, count(*) filter (attended_hours > 0) as days
    from attendance join store using (store_id) where day between $first and $last group by all),
arrived as (
    select store_id, coalesce(origin_store_id, store_id) as origin_store_id
    from work_order where first_of_visit and arrived_on between $first and $last)
"""


def measure(facts: duckdb.DuckDBPyConnection, first: date, last: date, flagship: str) -> Figures:
    """Figures of the days `first` … `last` by the names of ANCHORS, straight from the fact tables."""
    values = {"first": first, "last": last, "flagship": flagship}
    return dict(facts.execute(PARTS + SHARES, values).fetchall())


def main(directory: str) -> None:
    version = Publisher(f"duckdb:///{Path(directory).resolve()}/warehouse").current()
    if version is None:
        raise SystemExit(f"{directory} holds no warehouse: python -m seed --out {directory}")
    truths = json.loads(Path(directory, "truths/truths.json").read_text(encoding="utf-8"))
    waves = [date.fromisoformat(wave["starts_on"]) for wave in truths["waves"]]
    with duckdb.connect(f"{directory}/warehouse/{version.base}.duckdb", read_only=True) as facts:
        first, last = facts.sql("select min(arrived_on), max(arrived_on) from work_order").fetchall()[0]
        before = measure(facts, first, waves[0] - timedelta(1), truths["flagship"])
        after = measure(facts, waves[-1] + timedelta(RAMP_DAYS + 1), last, truths["flagship"])
    print("| figure | before | source | after | source |\n|---|---|---|---|---|")
    for figure, anchor in ANCHORS.items():
        told = ["" if value is None else f"{value:,}" for value in (anchor.before, anchor.after)]
        off = "; ".join(anchor.misses(before[figure], after[figure]))
        print(f"| {figure} | {before[figure]:,.4g} | {told[0]} | {after[figure]:,.4g} | {told[1]} | {off}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
