"""Predictions are a part of their own: they come as a whole or not at all, and stay while the data move on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from data_access import foretold, schema
from data_access.errors import DraftRefused, NothingPublished
from data_access.publish import Draft, Fill, Publisher
from data_access.storage.version import Shelf
from data_access.warehouse import Warehouse
from tests.contract.micro_network import AS_OF, arrow, fill_base, fill_recent


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


@pytest.fixture
def publisher(engine_url: str) -> Iterator[Publisher]:
    made = Publisher(engine_url)
    made.publish(AS_OF, fill_base, fill_recent)
    return made


def test_before_anything_was_foretold_there_are_no_rows(engine_url: str, publisher: Publisher) -> None:
    warehouse = Warehouse(engine_url, seconds=30)
    try:
        for table in foretold.PREDICTIONS:
            frame = warehouse.fetch(select(table))
            assert len(frame) == 0 and list(frame.columns) == [column.name for column in table.columns]
    finally:
        warehouse.close()


def test_predictions_stay_while_the_data_move_on(engine_url: str, publisher: Publisher) -> None:
    publisher.foresee(sums_to(17.35))
    assert means(engine_url) == [5.01, 12.34, 17.35, 17.35]
    publisher.publish(AS_OF, None, fill_recent)
    publisher.publish(AS_OF, fill_base, fill_recent)
    assert means(engine_url) == [5.01, 12.34, 17.35, 17.35]
    warehouse = Warehouse(engine_url, seconds=30)
    try:  # and the facts are there as well
        count = warehouse.fetch(select(func.count().label("n")).select_from(schema.WORK_ORDER))
        assert count.at[0, "n"] == 13
    finally:
        warehouse.close()


def test_predictions_that_do_not_add_up_are_refused_and_the_old_ones_stand(
    engine_url: str, publisher: Publisher
) -> None:
    publisher.foresee(sums_to(17.35))
    with pytest.raises(DraftRefused, match="do not add up"):
        publisher.foresee(sums_to(17.36))
    assert means(engine_url) == [5.01, 12.34, 17.35, 17.35]


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


def test_going_back_brings_the_older_predictions_back(engine_url: str, publisher: Publisher) -> None:
    publisher.foresee(sums_to(17.35))
    publisher.foresee(lambda draft: None)
    assert means(engine_url) == []
    publisher.rollback()
    assert means(engine_url) == [5.01, 12.34, 17.35, 17.35]


def test_a_pointer_from_before_there_were_predictions_is_still_read() -> None:
    document = (
        '{"current": "000001_aa", "versions": [{"name": "000001_aa", "as_of": "2026-07-01T10:30:00", '
        '"complete_day": "2026-06-30", "base": "base_000001_aa", "recent": null, "note": ""}]}'
    )
    current = Shelf.from_json(document).current
    assert current is not None and current.foresight is None and current.parts == ("base_000001_aa",)
