"""The churn score on real vehicles: who stays away for longer than its usual interval and 90 days?

Visits by vehicle of the City of Cincinnati's work orders. On the first of July of each year the hazard is learnt, from
half of the vehicles and from what had happened until then; it ranks the others, beside the days since the last visit.

usage: python -m tests.load.fleet_churn_bench fleet_work_orders.parquet
"""

from __future__ import annotations

import sys
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from prediction.churn import Spells
from prediction.churn_trial import SHORT_GRACE_DAYS, auc, lift, try_on

EPOCH = date(1970, 1, 1)
YEARS = range(2011, 2023)
FEWEST_GAPS = 3
"""A usual interval is the median of at least so many, all of them before the visit."""
SETTLED, LONGEST = 14, 400
NEVER = 1e9
VISITS = """
select asset_id, (created - date '1970-01-01')::double as day,
       lag(created) over vehicle is not null
           and created - lag(created) over vehicle <= 30 as comeback,
       (created - min(created) over vehicle)::double as age
from (select distinct asset_id, created from read_parquet($file) where asset_id is not null and created is not null)
window vehicle as (partition by asset_id order by created)
order by asset_id, created
"""


def spells_of(file: str) -> tuple[pd.Series, Spells]:
    """The vehicle of each spell, and the spells. Visits within a fortnight are one matter."""
    visits = duckdb.execute(VISITS, {"file": file}).df()
    gap = visits.groupby("asset_id")["day"].diff()
    visits = visits[~(gap < SETTLED)].reset_index(drop=True)
    by_vehicle = visits.groupby("asset_id")["day"]
    visits["gap"], visits["ended"] = by_vehicle.diff(), by_vehicle.shift(-1)
    gaps = visits.groupby("asset_id")["gap"]
    visits["usual"] = gaps.transform(lambda known: known.expanding(FEWEST_GAPS).median())
    visits["visits"] = visits.groupby("asset_id").cumcount() + 1.0
    known = visits[visits["usual"].notna() & (visits["usual"] <= LONGEST)].reset_index(drop=True)
    nothing = np.full(len(known), np.nan)
    due = known["usual"].to_numpy(float)
    facts = Spells.facts_of(
        wait=nothing, low_score=nothing, complaint=nothing, comeback=known["comeback"].to_numpy(float),
        since_warranty=np.full(len(known), -NEVER), age_days=known["age"].to_numpy(float),
        gap=known["gap"].to_numpy(float), due=due, visits=known["visits"].to_numpy(float),
    )  # fmt: skip
    spells = Spells(
        started=known["day"].to_numpy(float),
        ended=known["ended"].fillna(NEVER).to_numpy(float),
        sold=np.full(len(known), NEVER),
        due=due,
        served=known["day"].to_numpy(float),
        facts=facts,
    )
    return known["asset_id"], spells


def main(file: str) -> None:
    vehicles, spells = spells_of(file)
    learners = pd.util.hash_array(vehicles.to_numpy(object)) % 2 == 0
    print("| on | vehicles | stayed away | AUC | days since last visit | days past due | lift at 15 % |")
    print("|---|---|---|---|---|---|---|")
    for year in YEARS:
        day = float((date(year, 7, 1) - EPOCH).days)
        _, which, trial = try_on(spells, day, learners, SHORT_GRACE_DAYS)
        since = auc(day - spells.started[which], trial.away)
        figures = (auc(trial.chance, trial.away), since, auc(trial.overdue, trial.away))
        shown = " | ".join(f"{value:.3f}" for value in figures)
        print(
            f"| {year}-07-01 | {len(which):,} | {trial.away.mean():.1%} | {shown} "
            f"| {lift(trial.chance, trial.away):.2f} |"
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
