"""Who will stay away, as rows of the warehouse: every customer's chance with its reasons, and how the score did before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Table, func, select

from data_access.foretold import CHURN_TEST, CUSTOMER_RISK
from data_access.predict.customers import EPOCH, number, read_spells, store_groups
from data_access.rollup.visits import NEVER
from data_access.schema import WORK_ORDER
from data_access.warehouse import Warehouse
from prediction import churn, churn_trial
from prediction.churn import ACTIVE_DAYS, BANDS, REASONS, SPARSE_FIT_DAYS
from prediction.history import TooLittleHistory

MODEL = "hazard_logit"
STEPS = 20
"""About how often `told` is called."""
TOP_SHARE = 0.15
TOLD = np.array([*REASONS, ""])

Rows = Mapping[Table, pa.Table]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def foresee_churn(warehouse: Warehouse, told: Callable[[], object], note: Callable[[str], object]) -> Rows:
    """The rows; none, and a note, where there is too little history."""
    last = warehouse.version().as_of.date() - timedelta(1)
    today = float(number(last))
    groups = store_groups(warehouse)
    grace = churn_trial.grace_for((last - _first_recorded(warehouse, last)).days)
    closed = churn_trial.closed_after(grace)
    since = last - timedelta(2 * closed + SPARSE_FIT_DAYS + ACTIVE_DAYS // 2)
    people, spells = read_spells(warehouse, groups[0], last, since)
    told()
    half = pd.util.hash_array(people["customer_id"].to_numpy(object)) % 2 == 0
    try:
        _, earlier = churn_trial.try_on_all(spells, today - 2 * closed, half, grace)
        told()
        tried_on, trial = churn_trial.try_on_all(spells, today - closed, half, grace)
        told()
        hazard = churn.fit(spells, today)
        told()
    except TooLittleHistory as error:
        note(f"churn: {error}")
        return {}
    then = churn_trial.recalibrated(trial.chance, *churn_trial.halfway(earlier.chance, earlier.away))
    tried = churn_trial.Trial(then, trial.away, trial.overdue)
    stores = people["store_id"].to_numpy(object)[tried_on]
    test = _test(stores, tried).assign(day=EPOCH + timedelta(today - closed), grace_days=int(grace))
    correction = churn_trial.halfway(trial.chance, trial.away)
    found = []
    for group in groups:
        found.append(_scored(warehouse, group, last, hazard, correction, grace))
        told()
    risk = pd.concat(found, ignore_index=True)
    risk["band"] = np.array(BANDS)[
        churn.bands(risk["chance"].to_numpy(), -risk["days_overdue"].to_numpy(np.float64))
    ]
    risk["to_call"] &= _foremost(risk)
    risk = risk.sort_values(["store_id", "vehicle_id"], kind="stable")
    return {
        CUSTOMER_RISK: pa.Table.from_pandas(risk.assign(day=last, model=MODEL), preserve_index=False),
        CHURN_TEST: pa.Table.from_pandas(test, preserve_index=False),
    }


def _scored(
    warehouse: Warehouse,
    stores: tuple[str, ...],
    last: date,
    hazard: churn.Hazard,
    correction: tuple[float, float],
    grace: float,
) -> pd.DataFrame:
    """Chance and reasons of everybody at home in some stores who is to be scored today."""
    today = float(number(last))
    people, spells = read_spells(warehouse, stores, last, NEVER)
    which = np.flatnonzero(spells.eligible(today))
    people, spells = people.iloc[which], spells.take(which)
    until = spells.deadline(today, grace)
    told = TOLD[hazard.reasons(spells, today, until)[0]]
    chance = churn_trial.recalibrated(hazard.stays_away(spells, today, until), *correction)
    booked = people["has_booking"].to_numpy(bool)
    return pd.DataFrame(
        {
            "vehicle_id": people["vehicle_id"].to_numpy(object),
            "customer_id": people["customer_id"].to_numpy(object),
            "store_id": people["store_id"].to_numpy(object),
            # Who has booked has as good as come.
            "chance": np.round(np.where(booked, 0.0, chance), 4),
            "days_overdue": np.floor(today - spells.started - spells.due).astype(np.int64),
            "last_visit_on": people["started"].to_numpy(),
            "vehicle_model": people["vehicle_model"].to_numpy(object),
            "value": np.fmax(people["revenue"].to_numpy(np.float64), 0.0) / 2.0,
            "to_call": people["callable"].to_numpy(bool),
            **{
                f"reason_{place + 1}": pd.Series(told[:, place]).replace("", None).to_numpy(object)
                for place in range(3)
            },
        }
    )


def _foremost(risk: pd.DataFrame) -> Flags:
    """Of each customer's vehicles the one of the worst band, then with the most value at risk: nobody is called twice."""
    band = risk["band"].map({name: place for place, name in enumerate(BANDS)})
    ordered = risk.assign(band=band, at_risk=-risk["chance"] * risk["value"]).sort_values(
        ["band", "at_risk", "vehicle_id"]
    )
    first = ordered.index[~ordered["customer_id"].duplicated()]
    return np.asarray(risk.index.isin(first))


def _first_recorded(warehouse: Warehouse, last: date) -> date:
    """The day of the first work order; of earlier visits it is known that they were, but not how."""
    first = warehouse.fetch(select(func.min(WORK_ORDER.c.arrived_on).label("day")))["day"].to_list()[0]
    return last if pd.isna(first) else pd.Timestamp(first).date()


def _test(stores: NDArray[Any], trial: churn_trial.Trial) -> pd.DataFrame:
    """The trial's additive parts, a row a store. Those of the slope are taken where the whole network's lies: exact of all,
    one step of Newton away for a part."""
    chance, away = trial.chance, trial.away
    share = away.mean()
    intercept, slope = churn_trial.calibration(chance, away) if 0 < share < 1 else (0.0, 1.0)
    meant, logit = churn_trial.recalibrated(chance, intercept, slope), churn.logit(chance)
    information = meant * (1 - meant) + 1e-12
    centred = logit - np.average(logit, weights=information)
    information *= np.square(centred)
    called, ruled = _top(chance), _top(trial.overdue)
    table = pd.DataFrame(
        {
            "store_id": stores,
            "customers": 1,
            "away": away.astype(np.int64),
            "chance": chance,
            "square_error": np.square(chance - away),
            "base_square_error": np.square(share - away),
            "called": called.astype(np.int64),
            "called_away": (called & away).astype(np.int64),
            "rule_called_away": (ruled & away).astype(np.int64),
            "called_expected": called * share,
            "slope_gain": (away - meant) * centred + slope * information,
            "slope_information": information,
        }
    )
    sums = table.groupby("store_id", sort=True).sum()
    for store, rows in table.groupby("store_id").indices.items():
        gone = away[rows]
        pairs = int(gone.sum() * (~gone).sum())
        sums.loc[store, "pairs"] = pairs
        for name, score in (("concordant", chance[rows]), ("rule_concordant", trial.overdue[rows])):
            sums.loc[store, name] = churn_trial.auc(score, gone) * pairs if pairs else 0.0
    sums["pairs"] = sums["pairs"].astype(np.int64)
    return sums.reset_index()


def _top(score: Floats) -> Flags:
    found = np.zeros(len(score), bool)
    found[np.argsort(-score, kind="stable")[: max(round(len(score) * TOP_SHARE), 1)]] = True
    return found
