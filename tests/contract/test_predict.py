"""The nightly run: what it reads on every engine, that it goes on where it was stopped, and what readers then see."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

from data_access import foretold, schema
from data_access.errors import NightBusy
from data_access.predict import command
from data_access.predict.command import Step, is_fresh, predict
from data_access.predict.customers import number, read_spells, store_groups
from data_access.predict.days import read_days
from data_access.predict.part_weeks import read_catalogue, read_totals, read_weeks, visits_of_weeks
from data_access.publish import Publisher
from data_access.warehouse import Warehouse
from prediction.churn import SETTLED_DAYS


def test_days_are_read_alike_on_every_engine(micro: Warehouse) -> None:
    days = read_days(micro)
    assert (days.stores, days.regions, days.last) == (("S1", "S2"), ("north",), date(2026, 6, 30))
    assert days.day(days.network.days - 1) == date(2026, 6, 30)
    assert days.network.is_open.shape == (days.network.days + 30, 2)
    closed = days.network.days - 1 - (date(2026, 6, 30) - date(2026, 6, 2)).days
    assert not days.network.is_open[closed, 0] and days.network.is_open[closed, 1]
    assert days.counts["revenue"][-1].tolist() == micro_revenue(micro, date(2026, 6, 30))


def test_demand_for_parts_is_read_alike_on_every_engine(micro: Warehouse) -> None:
    """What single live stores were asked for, and what all were, from the same rows."""
    known = replace(read_catalogue(micro), mondays=(date(2026, 6, 15), date(2026, 6, 22)))
    by_part, by_store = read_totals(micro, known)
    week = schema.PART_WEEK.c
    rows = micro.fetch(select(week.store_id, week.day, week.quantity))
    inside = rows["day"].between("2026-06-15", "2026-06-28") & rows["store_id"].isin(known.stores["store_id"])
    total = rows["quantity"][inside].sum()
    assert total > 0 and by_part.sum() == by_store.sum() == total
    weeks = read_weeks(micro, known, tuple(known.stores["store_id"]))
    table = np.nan_to_num(weeks.demand)
    for at, store in enumerate(known.stores["store_id"]):
        assert table[:, weeks.store == at].sum() == by_store[:, at].sum(), store
    assert by_part.sum(axis=0)[np.unique(weeks.part)].sum() == total


def micro_revenue(micro: Warehouse, day: date) -> list[float]:
    order = schema.WORK_ORDER.c
    paid = func.sum(order.labour_amount + order.parts_amount).label("paid")
    counted = order.order_type.in_(("customer_pay", "warranty", "insurance"))
    query = select(order.store_id, paid).where(order.settled_on == day, counted).group_by(order.store_id)
    found = micro.fetch(query).set_index("store_id")["paid"]
    return [float(found.get(store, 0.0)) for store in ("S1", "S2")]


@pytest.fixture(scope="module")
def tiny(seeded_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the tiny network that may be published to."""
    copy = tmp_path_factory.mktemp("tiny") / "warehouse"
    shutil.copytree(seeded_directory / "warehouse", copy)
    return f"duckdb:///{copy}"


def test_a_night_foretells_what_has_history_and_says_what_has_not(tiny: str, tmp_path: Path) -> None:
    told: list[str] = []
    warehouse = Warehouse(tiny, seconds=60, row_cap=10**8)
    assert not is_fresh(warehouse)
    predict(warehouse, Publisher(tiny), tmp_path, quiet=True, note=told.append)
    warehouse.close()
    warehouse = Warehouse(tiny, seconds=60)
    assert is_fresh(warehouse)
    day = foretold.FORECAST_DAY.c
    frame = warehouse.fetch(select(foretold.FORECAST_DAY))
    whom_to_call_is_told_of_each_customer_once(warehouse)
    warehouse.close()
    assert set(frame["series"]) == {"visits"}  # 790 days of visits, but 60 of everything else
    assert [text.split(":")[0] for text in told if "too little history" in text] == [
        "revenue",
        "bookings",
        "bay_hours",
        "parts",
    ]
    assert frame.groupby("kind")["member"].nunique().to_dict() == {"network": 1, "region": 7, "store": 11}
    assert frame["day"].min().date() == date(2026, 11, 20) and frame["day"].nunique() == 30
    sums = frame.groupby(["kind", "day"])[day.mean.name].sum().unstack("kind").round(2)
    assert (sums["store"] == sums["network"]).all() and (sums["region"] == sums["network"]).all()


def whom_to_call_is_told_of_each_customer_once(warehouse: Warehouse) -> None:
    """Consenting customers outside the control group, about the car of the worst band and then the most value at risk."""
    risk, state, customer = foretold.CUSTOMER_RISK, schema.CUSTOMER_STATE.c, schema.CUSTOMER.c
    scored = warehouse.fetch(
        select(
            risk,
            state.revenue_24m,
            state.last_visit_on.label("last_visit"),
            (customer.marketing_consent & ~customer.hold_out).label("may"),
        )
        .join(schema.CUSTOMER_STATE, state.vehicle_id == risk.c.vehicle_id)
        .join(schema.CUSTOMER, customer.customer_id == risk.c.customer_id)
    )
    assert len(scored) > 1_000
    assert scored["value"].to_list() == pytest.approx((scored["revenue_24m"].clip(lower=0) / 2).to_list())
    assert (scored["last_visit_on"] == scored["last_visit"]).all()
    worst = {
        who: min(
            zip(
                cars["band"].map(["red", "amber", "blue", "none"].index),
                -cars["chance"] * cars["value"],
                cars["vehicle_id"],
                strict=True,
            )
        )[2]
        for who, cars in scored.groupby("customer_id")
    }
    assert len(worst) < len(scored)  # some have two
    chosen = scored["vehicle_id"] == scored["customer_id"].map(worst)
    assert (scored["to_call"] == (chosen & scored["may"])).all()


def test_weeks_are_worth_the_visits_that_come_in_them(tiny: str) -> None:
    """A year until the eighth of February 2026; the weeks to come hold a Spring Festival, of which no visit is known yet."""
    warehouse = Warehouse(tiny, seconds=60, row_cap=10**8)
    last = date(2026, 2, 8)
    mondays = tuple(last - timedelta(7 * back + 6) for back in range(51, -1, -1))
    known = replace(read_catalogue(warehouse), mondays=mondays)
    worth = visits_of_weeks(warehouse, known)(52)
    visit = schema.VISIT.c
    came = warehouse.fetch(select(visit.day, func.count().label("visits")).group_by(visit.day))
    warehouse.close()
    week = (came["day"] - pd.Timestamp(mondays[0])).dt.days // 7
    by_week = came.groupby(week)["visits"].sum().reindex(range(56)).to_numpy()
    assert worth.shape == (56, len(known.stores))
    assert worth[:52].mean(axis=0) == pytest.approx(np.ones(len(known.stores)), abs=0.02)
    foretold_share, true_share = worth[52:].mean(axis=1), by_week[52:] / by_week[:52].mean()
    assert foretold_share == pytest.approx(true_share, abs=0.25)
    assert foretold_share[1] < 0.6 < foretold_share[2]  # the week of the festival, and the one after


def noting(worked: list[str]) -> Callable[..., Step]:
    """Makes steps that write their name down, and do nothing else or fail."""

    def step(name: str, fails: bool = False) -> Step:
        def work(*_: Any) -> dict[Any, Any]:
            worked.append(name)
            if fails:
                raise KeyboardInterrupt
            return {}

        return Step(name, 1, work)

    return step


def test_a_run_that_was_stopped_goes_on_where_it_was(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    step = noting(worked)
    warehouse, publisher = Warehouse(tiny), Publisher(tiny)
    before = publisher.current()
    monkeypatch.setattr(command, "_steps", lambda: (step("one"), step("two", fails=True)))
    with pytest.raises(KeyboardInterrupt):
        predict(warehouse, publisher, tmp_path, quiet=True)
    assert publisher.current() == before
    monkeypatch.setattr(command, "_steps", lambda: (step("one"), step("two")))
    predict(warehouse, publisher, tmp_path, quiet=True)
    warehouse.close()
    assert worked == ["one", "two", "two"]
    assert publisher.current() != before and list(tmp_path.iterdir()) == []


def test_what_another_program_has_finished_is_done_again(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    step = noting(worked)
    warehouse = Warehouse(tiny)
    monkeypatch.setattr(command, "_steps", lambda: (step("one"), step("two", fails=True)))
    with pytest.raises(KeyboardInterrupt):
        predict(warehouse, Publisher(tiny), tmp_path, quiet=True)
    monkeypatch.setattr(command, "program", lambda: "of tomorrow")
    monkeypatch.setattr(command, "_steps", lambda: (step("one"), step("two")))
    predict(warehouse, Publisher(tiny), tmp_path, quiet=True)
    warehouse.close()
    assert worked == ["one", "two", "one", "two"]


def test_a_second_run_at_the_same_time_is_refused_and_takes_nothing_away(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, publisher, refused = Warehouse(tiny), Publisher(tiny), []

    def meanwhile(*_: Any) -> dict[Any, Any]:
        with pytest.raises(NightBusy):
            predict(warehouse, publisher, tmp_path, quiet=True)
        refused.append(publisher.current())
        return {}

    monkeypatch.setattr(command, "_steps", lambda: (Step("one", 1, meanwhile),))
    before = publisher.current()
    predict(warehouse, publisher, tmp_path, quiet=True)
    warehouse.close()
    assert refused == [before] and publisher.current() != before


def test_what_is_known_of_a_spell_two_weeks_on_never_changes_afterwards(tiny: str) -> None:
    """Leakage: looking back from a month later tells nothing more of what a score could have known then."""
    warehouse = Warehouse(tiny, seconds=60, row_cap=10**8)
    then, now = date(2026, 10, 20), date(2026, 11, 19)
    stores = [store for group in store_groups(warehouse) for store in group]
    people, facts = {}, {}
    for last in (then, now):
        who, spells = read_spells(warehouse, stores, last, date(2026, 1, 1))
        known = spells.started <= number(then) - SETTLED_DAYS
        people[last] = [*zip(who["vehicle_id"][known], spells.started[known], spells.due[known], strict=True)]
        facts[last] = np.column_stack([spells.served, spells.facts])[known]
    warehouse.close()
    assert len(people[then]) > 5_000 and set(people[then]) <= set(people[now])
    place = {key: row for row, key in enumerate(people[now])}
    np.testing.assert_array_equal(facts[now][[place[key] for key in people[then]]], facts[then])
