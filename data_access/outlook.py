"""Forecasts of a unit as SELECTs. Those of a region or the network are for who may see all of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, false, func, or_, select

from data_access.compile import once
from data_access.dialects import quotient
from data_access.foretold import CHURN_TEST, CUSTOMER_RISK, FORECAST_CHOICE, FORECAST_DAY
from data_access.schema import STORE
from data_access.scope import Scope, limit_to
from kpi.organisation import OrgUnit
from kpi.outlook import ALL_CLASSES, SERIES, Foretold, Outlook, PartsTrust, ScoreTrust, Trust

LEVELS = ("network", "region", "store")
NAIVE = "seasonal_naive"


@once
def compile_days(unit: OrgUnit, series: str, scope: Scope) -> Select[Any]:
    """day, mean, low_80, high_80; no row for a unit beyond the scope, or one that is no level of its own."""
    day = FORECAST_DAY.c
    query = (
        select(day.day, day.mean, day.low_80, day.high_80)
        .where(day.kind == unit.kind, day.member == (unit.member or ""), day.series == series)
        .order_by(day.day)
    )
    if unit.kind == "store":
        return limit_to(scope, STORE, query.join(STORE, STORE.c.store_id == day.member))
    return query if _whole(unit, scope) else query.where(false())


def _whole(unit: OrgUnit, scope: Scope) -> bool:
    """Whether every row of the unit may be seen: a sum tells of all that is in it."""
    if not scope.bounded:
        return True
    return unit.kind == "region" and scope.stores is None and unit.member in (scope.regions or ())


@once
def compile_trust(kind: str, series: str) -> Select[Any]:
    """The chosen model of a level and the naive one."""
    choice = FORECAST_CHOICE.c
    wanted: ColumnElement[bool] = or_(choice.chosen.is_(True), choice.model == NAIVE)
    return select(choice.model, choice.chosen, choice.origins, choice.wape, choice.inside_80).where(
        choice.kind == kind, choice.series == series, wanted
    )


@once
def compile_methods(series: str) -> Select[Any]:
    """Which model each kind of a series got, and the forecast that all of them are held against."""
    choice = FORECAST_CHOICE.c
    return (
        select(choice.kind, choice.model, choice.chosen, choice.origins, choice.wape, choice.inside_80)
        .where(choice.series == series)
        .order_by(choice.kind, choice.model)
    )


@once
def compile_score() -> Select[Any]:
    """One row: the fields of ScoreTrust, NULL where nobody was scored."""
    tried, total = CHURN_TEST.c, func.sum
    model = select(func.max(CUSTOMER_RISK.c.model)).scalar_subquery()
    return select(
        model.label("model"),
        func.max(tried.day).label("day"),
        func.max(tried.grace_days).label("grace_days"),
        total(tried.customers).label("customers"),
        quotient(total(tried.concordant), total(tried.pairs)).label("auc"),
        quotient(total(tried.rule_concordant), total(tried.pairs)).label("rule_auc"),
        quotient(total(tried.called_away), total(tried.called_expected)).label("lift"),
        quotient(total(tried.rule_called_away), total(tried.called_expected)).label("rule_lift"),
        quotient(total(tried.chance), total(tried.customers)).label("expected"),
        quotient(total(tried.away), total(tried.customers)).label("away"),
    )


def score_trust(frame: pd.DataFrame) -> ScoreTrust | None:
    """None where the score was not tried."""
    if frame.isna().to_numpy().any():
        return None
    row: dict[Any, Any] = frame.to_dict("records")[0]
    counts = {name: int(row[name]) for name in ("grace_days", "customers")}
    return ScoreTrust(**row | counts | {"day": row["day"].date()})


def days_of(frame: pd.DataFrame) -> tuple[Foretold, ...]:
    rows = zip(*(frame[name].to_list() for name in ("day", "mean", "low_80", "high_80")), strict=True)
    return tuple(Foretold(day.date(), mean, low, high) for day, mean, low, high in rows)


def trust_of(frame: pd.DataFrame) -> tuple[Trust, ...]:
    """The chosen model's, or nothing where none was chosen."""
    chosen = frame[frame["chosen"].astype(bool)]
    naive = frame[frame["model"] == NAIVE]["wape"].to_list()
    return tuple(
        Trust(
            model=str(best["model"]),
            origins=int(best["origins"]),
            error=float(best["wape"]),
            naive_error=float(naive[0]) if naive else float("nan"),
            held=None if pd.isna(best["inside_80"]) else float(best["inside_80"]),
        )
        for best in chosen.head(1).to_dict("records")
    )


def outlook_of(series: str, days: tuple[Foretold, ...], trust: tuple[Trust, ...]) -> Outlook | None:
    """None where nothing was foretold."""
    return Outlook(SERIES[series], days, trust[0]) if days and trust else None


def parts_trust(choices: pd.DataFrame) -> PartsTrust | None:
    """None where nothing was tried."""
    everything = choices[choices["kind"] == ALL_CLASSES]
    best, naive = (
        everything[everything["chosen"].astype(bool)],
        everything[~everything["chosen"].astype(bool)],
    )
    if best.empty or naive.empty:
        return None
    classes = choices[(choices["kind"] != ALL_CLASSES) & choices["chosen"].astype(bool)]
    return PartsTrust(
        methods={
            str(kind): tuple(str(model).split("+"))
            for kind, model in zip(classes["kind"], classes["model"], strict=True)
        },
        origins=int(best["origins"].iloc[0]),
        error=float(best["wape"].iloc[0]),
        naive_error=float(naive["wape"].iloc[0]),
        held=float(best["inside_80"].iloc[0]),
    )
