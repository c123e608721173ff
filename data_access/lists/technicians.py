"""Technicians with their quality, efficiency and rating; whom to coach, who can mentor; the rework behind a technician.

Rows are a reader's own; what they are judged against is everybody of the same skill in the network, so that a region's
filter changes nobody's tier. That judgement is made once a data version and period (kpi/technician_score.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Date, Select, and_, bindparam, case, func, literal_column, select

from data_access.dialects import quotient
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import COMEBACK, LABOUR_LINE, STORE, TECHNICIAN, TECHNICIAN_DAY, WORK_ORDER
from kpi.catalog import metric
from kpi.listing import ListQuestion
from kpi.ranking import Tier
from kpi.technician_score import Scores, Work, score

SKILLS = ("apprentice", "junior", "senior", "master")
_QUALITY = ("fix_eligible", "returned_30d")
_HOURS = (
    "attended_hours",
    "clock_hours",
    "billed_hours",
    "rating_sum",
    "rating_answers",
    "rating_sum_squared",
)


def technicians(_question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """Who there is, by number; what they did is known of everybody."""
    who = TECHNICIAN.c
    return (
        select(who.technician_id, who.name.label("technician"), *STORE_COLUMNS, who.skill)
        .select_from(TECHNICIAN.join(STORE, STORE.c.store_id == who.store_id))
        .order_by(who.technician_id)
    )


def everybody(question: ListQuestion, as_of: datetime) -> tuple[Select[Any], Mapping[str, date]]:
    """The sums of all technicians of the network over the days that answer for the period, by number and without names:
    what each is judged against. One SELECT for all periods, and their days."""
    last = as_of.date() - timedelta(1)
    quality = metric("rework_rate_tech").window(question.period, last)
    hours = metric("efficiency_tech").window(question.period, last)
    return _everybody(), {
        "quality_first": quality.first,
        "quality_last": quality.last,
        "hours_first": hours.first,
        "hours_last": hours.last,
        "first": min(quality.first, hours.first),
    }


@cache
def _everybody() -> Select[Any]:
    day = TECHNICIAN_DAY.c

    def bound(name: str) -> BindParameter[date]:
        return bindparam(name, None, Date())

    quality = day.day.between(bound("quality_first"), bound("quality_last"))
    hours = day.day.between(bound("hours_first"), bound("hours_last"))

    def summed(name: str, inside: Any) -> Any:
        return func.sum(case((inside, day[name]), else_=literal_column("0"))).label(f"{name}_")

    made = (
        select(
            day.technician_id,
            *(summed(name, quality) for name in _QUALITY),
            *(summed(name, hours) for name in _HOURS),
        )
        .where(day.day.between(bound("first"), bound("hours_last")))
        .group_by(day.technician_id)
        .subquery("made")
    )
    return (
        select(TECHNICIAN.c.technician_id, TECHNICIAN.c.store_id, TECHNICIAN.c.skill, *list(made.c)[1:])
        .select_from(made.join(TECHNICIAN, TECHNICIAN.c.technician_id == made.c.technician_id))
        .order_by(TECHNICIAN.c.technician_id)
    )


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """What each technician did and what is said of it, by number."""
    if frame.empty:
        return pd.DataFrame(columns=["technician_id", *_DID, *_JUDGED])
    sums = {name: frame[f"{name}_"].fillna(0).to_numpy(np.float64) for name in (*_QUALITY, *_HOURS)}
    known = {skill: code for code, skill in enumerate(SKILLS)}
    made = score(
        Work(
            skill=np.array(frame["skill"].map(known).fillna(len(SKILLS)), np.int64),
            store=pd.factorize(frame["store_id"])[0].astype(np.int64),
            repairs=sums["fix_eligible"],
            returned=sums["returned_30d"],
            billed_hours=sums["billed_hours"],
            clock_hours=sums["clock_hours"],
            rating_sum=sums["rating_sum"],
            rating_answers=sums["rating_answers"],
            rating_squares=sums["rating_sum_squared"],
        )
    )
    return pd.DataFrame({"technician_id": frame["technician_id"], **_did(sums), **_said(made)})


_DID = ("rework", "repairs", "returned", "efficiency", "utilisation", "rating", "answers")


def _did(sums: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    def over(top: str, bottom: str) -> NDArray[np.float64]:
        found = np.full(len(sums[top]), np.nan)
        np.divide(sums[top], sums[bottom], out=found, where=sums[bottom] != 0)
        return found

    columns = (
        over("returned_30d", "fix_eligible"), sums["fix_eligible"], sums["returned_30d"],
        over("billed_hours", "clock_hours"), over("clock_hours", "attended_hours"),
        over("rating_sum", "rating_answers"), sums["rating_answers"],
    )  # fmt: skip
    return dict(zip(_DID, columns, strict=True))


_JUDGED = (
    "expected", "index", "index_low", "index_high", "gate", "proven", "quality_points", "efficiency_points",
    "rating_points", "total", "tier", "rank", "rank_low", "rank_high", "peers",
)  # fmt: skip


def _said(made: Scores) -> Mapping[str, Any]:
    tiers = np.array(
        [tier.name.lower() for tier in (*list(Tier)[1:], Tier.NONE)]
    )  # Tier.NONE is -1: the last
    columns = (
        made.expected, made.index, made.index_low, made.index_high, made.gated, made.proven, made.quality,
        made.efficiency, made.rating, made.total, tiers[made.standing.tier], made.standing.rank, made.standing.low,
        made.standing.high, made.peers,
    )  # fmt: skip
    return dict(zip(_JUDGED, columns, strict=True))


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Best first; who cannot be judged comes last."""
    return frame.sort_values(["total", "technician_id"], ascending=[False, True], na_position="last")


def coaching(frame: pd.DataFrame) -> pd.DataFrame:
    """Whose quality is certainly below what was to be expected, the farthest first."""
    below = frame[frame["gate"].eq(True)]
    return below.sort_values(["index", "technician_id"], ascending=[False, True])


def mentors(frame: pd.DataFrame) -> pd.DataFrame:
    """The best tier whose quality is certainly better than was to be expected, the best first."""
    best = frame[frame["proven"].eq(True) & frame["tier"].eq("a")]
    return best.sort_values(["index", "technician_id"])


def rework_orders(question: ListQuestion, as_of: datetime) -> Select[Any]:
    """Repairs that came back, charged to who did the failing operation, the newest first."""
    window = metric("rework_rate_tech").window(question.period, as_of.date() - timedelta(1))
    back, order, line = COMEBACK.c, WORK_ORDER.c, LABOUR_LINE.c
    # The store is the parent's as well as the comeback's: naming it lets the engine read that store's rows alone.
    first = and_(order.store_id == back.store_id, order.work_order_id == back.parent_work_order_id)
    main = and_(
        line.store_id == back.store_id, line.work_order_id == back.parent_work_order_id, line.line_no == 1
    )
    query = (
        select(
            back.parent_work_order_id.label("work_order_id"),
            *STORE_COLUMNS,
            back.technician_id,
            order.delivered_at,
            line.op_code,
            line.fault_code,
            back.returned_at,
            quotient(back.hours_after, literal_column("24.0")).label("days_after"),
            back.work_order_id.label("return_id"),
            order.root_cause,
        )
        .select_from(
            COMEBACK.join(STORE, STORE.c.store_id == back.store_id)
            .join(WORK_ORDER, first)
            .outerjoin(LABOUR_LINE, main)
        )
        .where(back.day.between(window.first, window.last), back.hours_after <= 30 * 24)
        .order_by(back.returned_at.desc(), back.parent_work_order_id)
    )
    for key, members in question.only:
        if key == "technician":
            query = query.where(back.technician_id.in_(sorted(members)))
    return query
