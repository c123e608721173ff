"""Predictions are a part of their own: they come as a whole or not at all, and stay while the data move on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from data_access import foretold, schema
from data_access.ask import Desk
from data_access.errors import DraftRefused, NothingPublished
from data_access.publish import Draft, Fill, Publisher
from data_access.scope import Scope
from data_access.storage.version import Shelf
from data_access.warehouse import Warehouse
from kpi.catalog.model_quality import METRICS
from kpi.catalog.parts_quality import METRICS as OF_PARTS
from kpi.listing import Arrangement, ListQuestion, Personal
from kpi.organisation import OrgUnit
from kpi.question import Period, Question
from tests.conftest import ENGINES, NewWarehouse
from tests.contract.micro_network import (
    AS_OF,
    RECENT,
    arrow,
    customer,
    fill_base,
    fill_recent,
    order,
)


def expected(kind: str, member: str, mean: float, **other: Any) -> dict[str, Any]:
    limits = {"low_95": mean - 4, "low_80": mean - 2, "high_80": mean + 2, "high_95": mean + 4}
    row = {
        "kind": kind,
        "member": member,
        "series": "visits",
        "day": date(2026, 7, 2),
        "mean": mean,
        **limits,
    }
    return row | {"model": "profile_ets", **other}


def sums_to(network: float) -> Fill:
    """Forecasts of two stores of one region, with the network's as given; the stores say 12.34 + 5.01."""
    rows = [
        expected("network", "", network),
        expected("region", "north", 17.35),
        expected("store", "S1", 12.34),
        expected("store", "S2", 5.01),
    ]
    return lambda draft: draft.write(foretold.FORECAST_DAY, arrow(foretold.FORECAST_DAY, rows))


def means(url: str) -> list[float]:
    """What a reader who starts now sees, smallest first."""
    warehouse = Warehouse(url, seconds=30)
    try:
        day = foretold.FORECAST_DAY.c
        return [float(value) for value in warehouse.fetch(select(day.mean).order_by(day.mean))["mean"]]
    finally:
        warehouse.close()


@pytest.fixture(scope="module", params=ENGINES)
def facts(request: pytest.FixtureRequest, new_warehouse: NewWarehouse) -> str:
    """One warehouse of each engine, whose facts no test here changes: every one foretells anew what it asks for."""
    url = new_warehouse(request.param)
    Publisher(url).publish(AS_OF, fill_base, fill_recent)
    return url


@pytest.fixture
def publisher(facts: str) -> Publisher:
    return Publisher(facts)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_before_anything_was_foretold_there_are_no_rows(engine_url: str) -> None:
    Publisher(engine_url).publish(AS_OF, fill_base, fill_recent)
    warehouse = Warehouse(engine_url, seconds=30)
    try:
        for table in foretold.PREDICTIONS:
            frame = warehouse.fetch(select(table))
            assert len(frame) == 0 and list(frame.columns) == [column.name for column in table.columns]
    finally:
        warehouse.close()


def test_predictions_stay_while_the_data_move_on(facts: str, publisher: Publisher) -> None:
    publisher.foresee(sums_to(17.35))
    assert means(facts) == [5.01, 12.34, 17.35, 17.35]
    publisher.publish(AS_OF, None, fill_recent)
    publisher.publish(AS_OF, fill_base, fill_recent)
    assert means(facts) == [5.01, 12.34, 17.35, 17.35]
    warehouse = Warehouse(facts, seconds=30)
    try:  # and the facts are there as well
        count = warehouse.fetch(select(func.count().label("n")).select_from(schema.WORK_ORDER))
        assert count.at[0, "n"] == 13
    finally:
        warehouse.close()


def test_predictions_that_do_not_add_up_are_refused_and_the_old_ones_stand(
    facts: str, publisher: Publisher
) -> None:
    publisher.foresee(sums_to(17.35))
    with pytest.raises(DraftRefused, match="do not add up"):
        publisher.foresee(sums_to(17.36))
    assert means(facts) == [5.01, 12.34, 17.35, 17.35]


def test_a_forecast_outside_its_own_limits_and_an_unknown_store_are_refused(publisher: Publisher) -> None:
    test = {
        "day": date(2026, 6, 1),
        "series": "visits",
        "days": 30,
        "actual": 9.0,
        "error": 0.0,
        "scale": 1.0,
    }
    test |= {"absolute_error": 1.0, "naive_error": 2.0, "inside_80": 24, "inside_95": 28}

    def fill(draft: Draft) -> None:
        rows = [expected(kind, "", 5.0, low_80=6.0) for kind in ("network", "region", "store")]
        draft.write(foretold.FORECAST_DAY, arrow(foretold.FORECAST_DAY, rows))
        draft.write(foretold.FORECAST_TEST, arrow(foretold.FORECAST_TEST, [{"store_id": "S9", **test}]))

    with pytest.raises(DraftRefused) as refused:
        publisher.foresee(fill)
    assert "3 forecasts lie outside their own limits" in str(refused.value)
    assert "1 rows of forecast_test have no store" in str(refused.value)


def test_facts_cannot_be_slipped_in_with_predictions(publisher: Publisher) -> None:
    with pytest.raises(DraftRefused, match="not written to this part"):
        publisher.foresee(fill_recent)


def test_nothing_is_foretold_of_an_empty_warehouse(engine_url: str) -> None:
    with pytest.raises(NothingPublished):
        Publisher(engine_url).foresee(sums_to(17.35))


def test_going_back_brings_the_older_predictions_back(facts: str, publisher: Publisher) -> None:
    publisher.foresee(sums_to(17.35))
    publisher.foresee(lambda draft: None)
    assert means(facts) == []
    publisher.rollback()
    assert means(facts) == [5.01, 12.34, 17.35, 17.35]


def test_a_pointer_from_before_there_were_predictions_is_still_read() -> None:
    document = (
        '{"current": "000001_aa", "versions": [{"name": "000001_aa", "as_of": "2026-07-01T10:30:00", '
        '"complete_day": "2026-06-30", "base": "base_000001_aa", "recent": null, "note": ""}]}'
    )
    current = Shelf.from_json(document).current
    assert current is not None and current.foresight is None and current.parts == ("base_000001_aa",)


def choice(kind: str, model: str, chosen: bool, wape: float) -> dict[str, Any]:
    row = {"kind": kind, "series": "visits", "model": model, "chosen": chosen, "origins": 14, "wape": wape}
    return row | {"bias": 0.0, "inside_80": 0.8 if chosen else None, "inside_95": 0.95 if chosen else None}


def test_an_outlook_comes_with_its_trial_and_within_the_scope(facts: str, publisher: Publisher) -> None:
    def fill(draft: Draft) -> None:
        sums_to(17.35)(draft)
        kinds = ("network", "region", "store")
        rows = [choice(kind, "profile_ets", True, 0.18) for kind in kinds]
        rows += [choice(kind, "seasonal_naive", False, 0.28) for kind in kinds]
        draft.write(foretold.FORECAST_CHOICE, arrow(foretold.FORECAST_CHOICE, rows))

    publisher.foresee(fill)
    warehouse = Warehouse(facts, seconds=30)
    try:
        desk, everything = Desk(warehouse), Scope.everything()
        found = desk.outlook(OrgUnit("store", "S1"), "visits", everything)
        assert found is not None and [(day.mean, day.low, day.high) for day in found.days] == [
            (12.34, 10.34, 14.34)
        ]
        assert (found.trust.error, found.trust.naive_error, found.trust.held) == (0.18, 0.28, 0.8)
        assert desk.outlook(OrgUnit("city", "110100"), "visits", everything) is None
        assert desk.outlook(OrgUnit(), "revenue", everything) is None
        seen = {
            (str(unit), name): desk.outlook(unit, "visits", scope) is not None
            for unit in (
                OrgUnit(),
                OrgUnit("region", "north"),
                OrgUnit("store", "S1"),
                OrgUnit("store", "S2"),
            )
            for name, scope in (
                ("north", Scope.of_regions("north")),
                ("S1", Scope.of_stores("S1")),
                ("none", Scope()),
            )
        }
        allowed = {
            ("region:north", "north"),
            ("store:S1", "north"),
            ("store:S2", "north"),
            ("store:S1", "S1"),
        }
        assert {key for key, is_seen in seen.items() if is_seen} == allowed
    finally:
        warehouse.close()


def test_the_models_quality_is_asked_like_any_metric(facts: str, publisher: Publisher) -> None:
    shared = {"series": "visits", "error": 1.0, "scale": 40.0, "inside_95": 29}
    tests = [
        {"store_id": "S1", "day": date(2026, 5, 1), "days": 30, "actual": 300.0, "absolute_error": 30.0,
         "naive_error": 60.0, "inside_80": 24, **shared},
        {"store_id": "S2", "day": date(2026, 4, 1), "days": 10, "actual": 100.0, "absolute_error": 20.0,
         "naive_error": 20.0, "inside_80": 6, **shared},
        {"store_id": "S1", "day": date(2026, 5, 1), "days": 30, "actual": 9e9, "absolute_error": 9e9,
         "naive_error": 60.0, "inside_80": 0, **(shared | {"series": "revenue"})},
    ]  # fmt: skip
    trial = {
        "store_id": "S1", "day": date(2026, 2, 1), "grace_days": 180, "customers": 400, "away": 100, "chance": 98.0,
        "square_error": 60.0, "base_square_error": 75.0, "concordant": 24_000.0, "rule_concordant": 20_000.0,
        "pairs": 30_000, "called": 60, "called_away": 45, "rule_called_away": 40, "called_expected": 15.0,
        "slope_gain": 19.0, "slope_information": 20.0,
    }  # fmt: skip
    scored = {
        "vehicle_id": "V1", "customer_id": "C1", "store_id": "S1", "day": date(2026, 6, 30), "chance": 0.5, "band": "red",
        "days_overdue": 9, "reason_1": None, "reason_2": None, "reason_3": None, "model": "hazard_logit",
        "last_visit_on": date(2026, 3, 2), "value": 100.0, "to_call": True,
    }  # fmt: skip

    def fill(draft: Draft) -> None:
        draft.write(foretold.FORECAST_TEST, arrow(foretold.FORECAST_TEST, tests))
        draft.write(foretold.CHURN_TEST, arrow(foretold.CHURN_TEST, [trial]))
        draft.write(foretold.CUSTOMER_RISK, arrow(foretold.CUSTOMER_RISK, [scored]))

    publisher.foresee(fill)
    warehouse = Warehouse(facts, seconds=30)
    try:
        trust = Desk(warehouse).score_trust(Scope.of_stores("S2"))
        assert trust is not None and (trust.model, trust.day, trust.grace_days, trust.customers) == (
            "hazard_logit", date(2026, 2, 1), 180, 400,
        )  # fmt: skip
        told = (trust.auc, trust.rule_auc, trust.lift, trust.rule_lift, trust.expected, trust.away)
        assert told == pytest.approx((0.8, 2 / 3, 3.0, 8 / 3, 0.245, 0.25))
        keys = tuple(metric.key for metric in METRICS)
        period = Period(date(2026, 6, 29), date(2026, 6, 30))
        answers = Desk(warehouse).ask(Question(metrics=keys, period=period), Scope.everything())
        assert {key: answer.total.value for key, answer in answers.items()} == pytest.approx(
            {
                "forecast_wape": 50 / 400, "forecast_value_added": 50 / 80, "forecast_mase": 50 / 80,
                "interval_80_held": 30 / 40, "churn_auc": 0.8, "churn_lift": 3.0, "churn_brier_skill": 0.2,
                "churn_calibration": 0.95,
            }
        )  # fmt: skip
    finally:
        warehouse.close()


def test_the_advice_on_parts_is_judged_by_sums_over_sums(facts: str, publisher: Publisher) -> None:
    tried = [
        {"store_id": "S1", "day": date(2026, 5, 1), "series": 90, "actual": 300.0, "error": 20.0, "absolute_error": 60.0,
         "naive_error": 80.0, "inside_80": 80, "promised_80": 78.0},
        {"store_id": "S2", "day": date(2026, 5, 1), "series": 10, "actual": 100.0, "error": -12.0, "absolute_error": 40.0,
         "naive_error": 45.0, "inside_80": 5, "promised_80": 8.0},
    ]  # fmt: skip
    replayed = [
        {"store_id": "S1", "day": date(2026, 5, 1), "days": 56, "lines": 150.0, "lines_served": 144.0, "done_lines": 135.0,
         "stock_value": 4000.0, "done_stock_value": 5000.0, "asked_cost": 1000.0},
        {"store_id": "S2", "day": date(2026, 5, 1), "days": 56, "lines": 50.0, "lines_served": 46.0, "done_lines": 47.0,
         "stock_value": 2000.0, "done_stock_value": 1000.0, "asked_cost": 400.0},
    ]  # fmt: skip

    def fill(draft: Draft) -> None:
        draft.write(foretold.PART_TEST, arrow(foretold.PART_TEST, tried))
        draft.write(foretold.PART_REPLAY, arrow(foretold.PART_REPLAY, replayed))

    publisher.foresee(fill)
    warehouse = Warehouse(facts, seconds=30)
    try:
        keys = tuple(metric.key for metric in OF_PARTS)
        period = Period(date(2026, 6, 29), date(2026, 6, 30))
        answers = Desk(warehouse).ask(Question(metrics=keys, period=period), Scope.everything())
        assert {key: answer.total.value for key, answer in answers.items()} == pytest.approx(
            {
                "parts_forecast_wape": 100 / 400, "parts_value_added": 100 / 125, "parts_forecast_bias": 8 / 400,
                "parts_interval_held": 85 / 86, "advised_fill_rate": 190 / 200, "advised_fill_gain": 8 / 200,
                "advised_inventory_days": 6000 * 7 / 1400, "advised_stock_ratio": 1.0,
            }
        )  # fmt: skip
    finally:
        warehouse.close()


def scored(
    vehicle: str, customer: str, store: str, chance: float, band: str, value: float, *reasons: str
) -> dict[str, Any]:
    told = dict(zip(("reason_1", "reason_2", "reason_3"), (*reasons, None, None, None), strict=False))
    return told | {
        "vehicle_id": vehicle, "customer_id": customer, "store_id": store, "chance": chance, "band": band, "value": value,
        "day": date(2026, 6, 30), "days_overdue": 9, "last_visit_on": date(2026, 3, 2), "to_call": True,
        "vehicle_model": "M1", "model": "hazard_logit",
    }  # fmt: skip


def called(
    url: str, *rows: dict[str, Any], limit: int = 5_000, scope: Scope = Scope.everything(), **how: str
) -> tuple[Mapping[str, Any], ...]:
    """The call list of a reader who starts now, where these were scored."""
    Publisher(url).foresee(
        lambda draft: draft.write(foretold.CUSTOMER_RISK, arrow(foretold.CUSTOMER_RISK, list(rows)))
    )
    with closing(Warehouse(url, seconds=30)) as warehouse:
        arranged = Arrangement("risk_list", **how) if how else None
        month = Period(date(2026, 6, 1), date(2026, 6, 30))
        question = ListQuestion(listing="risk_list", period=month, limit=limit, arranged=arranged)
        return Desk(warehouse).list(question, scope).rows


def test_who_is_to_be_called_by_the_model_and_why(facts: str) -> None:
    """V8 may bring CNY 3,000 a year, V1 450, V3 100. C8 is left alone and C9 has not consented, now, whatever the night
    knew; V6 is not likely to stay away; C7 is not called about a second car."""
    rows = [
        scored("V1", "C1", "S1", 0.8, "red", 450.0, "complaint", "waited", "rare"),
        scored("V6", "C5", "S2", 0.9, "none", 900.0, "overdue"),
        scored("V8", "C7", "S2", 0.5, "red", 3_000.0, "overdue"),
        scored("V9", "C7", "S2", 0.4, "amber", 3_000.0, "overdue") | {"to_call": False},
        scored("V10", "C8", "S2", 0.9, "red", 900.0, "overdue"),
        scored("V11", "C9", "S2", 0.9, "red", 900.0, "overdue"),
        scored("V3", "C3", "S1", 0.3, "amber", 100.0, "overdue"),
    ]

    def told() -> list[tuple[Any, ...]]:
        names = ("vehicle_id", "at_risk", "reason_1", "reason_2", "reason_3")
        return [tuple(row[name] for name in names) for row in called(facts, *rows)]

    assert told() == [
        ("V8", 1500, "overdue", "valuable", None),
        ("V1", 360, "complaint", "waited", "rare"),
        ("V3", 30, "overdue", "unbooked", None),
    ]
    assert [row["vehicle_id"] for row in called(facts, *rows, limit=1)] == ["V8"]
    rows[2]["reason_1"] = rows[6]["reason_1"] = None
    assert [row[2:] for row in told()[::2]] == [("unbooked", "valuable", None), ("unbooked", "due", None)]
    rows[6]["days_overdue"] = 30
    assert told()[2][2:] == ("unbooked", "overdue", None)


@pytest.mark.usefixtures("sums_of_stores_alone")
def test_who_booked_came_or_was_contacted_since_the_night_is_not_called(engine_url: str) -> None:
    """C4 has booked for tomorrow; C2 had, and cancelled this morning; C7 came at nine; C1 was contacted twice this week, of
    C3 nothing is known."""

    def today(draft: Draft) -> None:
        here = order("W90", "S2", "07-01 09:00", vehicle_id="V8", customer_id="C7")
        draft.write(schema.WORK_ORDER, arrow(schema.WORK_ORDER, [here]))
        draft.write(schema.APPOINTMENT, arrow(schema.APPOINTMENT, RECENT[schema.APPOINTMENT]))
        contacts = {
            "C1": ("Zorn", 2), "C2": ("Adams", 1), "C3": ("Zimmer", None), "C4": ("Beck", 0), "C7": ("Cole", 0),
        }  # fmt: skip
        told = [
            customer(key, "S1") | {"name": name, "contacts_7d": times}
            for key, (name, times) in contacts.items()
        ]
        draft.write(schema.CUSTOMER, arrow(schema.CUSTOMER, told))

    Publisher(engine_url).publish(AS_OF, fill_base, today)
    cars = (
        ("V1", "C1", "S1"),
        ("V2", "C2", "S1"),
        ("V3", "C3", "S1"),
        ("V4", "C4", "S1"),
        ("V8", "C7", "S2"),
    )
    rows = [scored(*car, 0.5, "red", 100.0, "overdue") | {"days_overdue": at} for at, car in enumerate(cars)]
    rows[-1]["days_overdue"] = -1

    def cars_of(**wish: Any) -> list[Any]:
        return [row["vehicle_id"] for row in called(engine_url, *rows, **wish)]

    assert cars_of() == ["V2", "V3"]
    # Only some are drawn before it is known who may be called: the first in the order that is asked for.
    clear = replace(Scope.everything(), clear=frozenset(Personal))
    assert cars_of(limit=1, scope=clear, by="-customer") == ["V3"]
    assert cars_of(limit=1, scope=clear, by="customer") == ["V2"]
    assert cars_of(limit=1, scope=clear, find="zimm") == ["V3"]
    assert cars_of(limit=1, by="-days_overdue") == ["V3"]
    assert cars_of(find="zimm") == []  # who sees no names finds none


def advised(store: str, part: str, chance: float, **other: Any) -> dict[str, Any]:
    row = {
        "store_id": store, "part_no": part, "day": date(2026, 6, 30), "demand_class": "lumpy", "abc": "A",
        "weekly": 2.75, "chance": chance, "target": 0.98, "level": 5.0, "quantity": 1.0, "on_order": 0.0, "moved": 0.0,
        "giver_id": None, "km": None, "bought": 0.0,
    }  # fmt: skip
    return row | other


def test_the_lists_of_advice_begin_with_what_matters_most(facts: str, publisher: Publisher) -> None:
    # P1 (CNY 10) and P4 (CNY 20) stop a car; P2 (CNY 100) and P3 (CNY 5) do not.
    rows = [
        advised("S1", "P1", 0.35, moved=4.0, giver_id="S2", km=12.5),
        advised("S1", "P2", 0.90, bought=3.0),
        advised("S2", "P1", 0.20),
        advised("S2", "P3", 0.10, bought=7.0),
        advised("S2", "P4", 0.55, bought=1.0),
    ]
    publisher.foresee(lambda draft: draft.write(foretold.PART_ADVICE, arrow(foretold.PART_ADVICE, rows)))
    warehouse = Warehouse(facts, seconds=30)

    def shown(listing: str, scope: Scope, *columns: str) -> list[tuple[Any, ...]]:
        question = ListQuestion(listing=listing, period=Period(date(2026, 6, 1), date(2026, 6, 30)))
        return [tuple(row[name] for name in columns) for row in desk.list(question, scope).rows]

    try:
        desk, everything = Desk(warehouse), Scope.everything()
        assert shown("stop_risk", everything, "row_id", "chance", "criticality", "lead_time_days") == [
            ("S2-P4", 0.55, "stops_car", 5),
            ("S1-P1", 0.35, "stops_car", 7),
            ("S2-P1", 0.20, "stops_car", 7),
            ("S1-P2", 0.90, "cosmetic", 14),
        ]
        columns = ("row_id", "moved", "giver_zh", "km", "bought", "cost")
        assert shown("order_proposal", everything, *columns) == [
            ("S1-P1", 4, "S2 店", 12.5, 0, 0),
            ("S1-P2", 0, None, None, 3, 300),
            ("S2-P3", 0, None, None, 7, 35),
            ("S2-P4", 0, None, None, 1, 20),
        ]
        assert shown("order_proposal", Scope.of_stores("S2"), "row_id") == [("S2-P3",), ("S2-P4",)]
        # Who may not see S2 learns that pieces are to be had, not from whom.
        assert shown("order_proposal", Scope.of_stores("S1"), *columns) == [
            ("S1-P1", 4, None, 12.5, 0, 0),
            ("S1-P2", 0, None, None, 3, 300),
        ]
    finally:
        warehouse.close()


@pytest.mark.parametrize(
    "nonsense", [{"chance": 1.2}, {"bought": -1.0}, {"moved": 2.0, "giver_id": None}], ids=str
)
def test_advice_that_makes_no_sense_is_refused(publisher: Publisher, nonsense: dict[str, Any]) -> None:
    row = advised("S1", "P1", 0.5) | nonsense
    with pytest.raises(DraftRefused, match="1 pieces of advice on parts make no sense"):
        publisher.foresee(lambda draft: draft.write(foretold.PART_ADVICE, arrow(foretold.PART_ADVICE, [row])))
