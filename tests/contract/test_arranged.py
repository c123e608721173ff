"""Lists as a reader wants them, in an order and with words, of all rows there are: worked out by hand, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data_access.ask import Desk
from data_access.lists import BUILDERS
from data_access.scope import Scope
from kpi import catalog
from kpi.listing import Arrangement, Kind, Listed, ListQuestion, Personal
from kpi.metric import Unit
from kpi.question import Period
from kpi.verdict import Status

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
MASKED = Scope.everything()
CLEAR = replace(MASKED, clear=frozenset(Personal))
METRIC = {"orders": "vehicles", "bookings": "show_rate"}


@pytest.fixture
def desk(micro):
    return Desk(micro)


def rows(
    desk: Desk, key: str, by: str = "", find: str = "", scope: Scope = MASKED, limit: int = 50
) -> Listed:
    how = Arrangement(key, by, find) if by or find else None
    order = "W1" if key.startswith("order") and key not in ("orders", "order_proposal") else None
    question = ListQuestion(
        listing=key, period=JUNE, metric=METRIC.get(key), order=order, limit=limit, arranged=how
    )
    return desk.list(question, scope)


def ids(listed: Listed) -> list[object]:
    return [row[listed.listing.id_column] for row in listed.rows]


def test_orders_by_amount_and_with_words(desk):
    """The newest first: W12, W9, W5, W6, W8, W2, W1. W5 cost 10,000, W1 and W8 500, W2 150, W9 100; of W6 and W12 nobody
    knows yet. W5, W6 and W9 came to S2, W5 and W12 for their bodies."""
    assert ids(rows(desk, "orders")) == ["W12", "W9", "W5", "W6", "W8", "W2", "W1"]
    assert ids(rows(desk, "orders", "-amount")) == ["W5", "W8", "W1", "W2", "W9", "W12", "W6"]
    assert ids(rows(desk, "orders", "amount")) == ["W9", "W2", "W8", "W1", "W5", "W12", "W6"]
    assert ids(rows(desk, "orders", find="w1")) == ["W12", "W1"]
    assert ids(rows(desk, "orders", find="S2 店")) == ["W9", "W5", "W6"]
    assert ids(rows(desk, "orders", "amount", "钣喷")) == ["W5", "W12"]
    assert not rows(desk, "orders", find="s1 w9").rows
    assert not rows(desk, "orders", find="%").rows
    assert ids(rows(desk, "orders", "-amount", scope=Scope.of_stores("S1"))) == ["W8", "W1", "W2", "W12"]
    cut = rows(desk, "orders", "-amount", limit=2)
    assert ids(cut) == ["W5", "W8"]
    assert not cut.complete


def test_orders_that_are_added_up_from_several_rows_each(desk):
    """On 1 June bays were worked in for W1 (70 minutes) and twice for W2 (60 and 25): 85."""

    def of_bays(by: str, find: str = "") -> list[object]:
        how = Arrangement("orders", by, find)
        day = Period(date(2026, 6, 1), date(2026, 6, 1))
        only = (("store", ("S1",)),)
        return ids(
            desk.list(
                ListQuestion(listing="orders", period=day, only=only, metric="bay_util", arranged=how), MASKED
            )
        )

    assert of_bays("top") == ["W1", "W2"]
    assert of_bays("-top") == ["W2", "W1"]
    assert of_bays("-top", "w1") == ["W1"]


def test_judged_rows_too(desk):
    """T3 billed twice what it clocked, T1 1.17, T2 0.77; T2 alone is a junior."""
    assert ids(rows(desk, "technicians", "-efficiency")) == ["T3", "T1", "T2"]
    assert ids(rows(desk, "technicians", "efficiency", "t")) == ["T2", "T1", "T3"]
    assert ids(rows(desk, "technicians", find="t2")) == ["T2"]
    junior = catalog.listing("technicians").column("skill").words["junior"]
    assert ids(rows(desk, "technicians", find=junior.zh_cn)) == ["T2"]
    assert not rows(desk, "technicians", find=f"t1 {junior.zh_cn}").rows
    assert ids(rows(desk, "technicians", "efficiency", limit=1)) == ["T2"]


def test_what_is_masked_is_neither_searched_nor_sorted_by(desk):
    assert rows(desk, "call_list").rows[0]["phone"] == "138****0000"
    assert not rows(desk, "call_list", find="0000").rows
    assert rows(desk, "call_list", find="0000", scope=CLEAR).rows
    assert not rows(desk, "technicians", find="李").rows
    assert ids(rows(desk, "technicians", find="李", scope=CLEAR)) == ["T2"]
    assert ids(rows(desk, "technicians", "-technician")) == ids(rows(desk, "technicians"))


@pytest.mark.parametrize("key", sorted(BUILDERS))
def test_every_list_is_put_in_the_order_of_each_kind_of_column(desk, key):
    as_given = rows(desk, key, scope=CLEAR)
    shown = [column for column in catalog.listing(key).columns if column.on_screen]
    kinds = {
        ("measure" if isinstance(column.reads, Unit) else column.reads, bool(column.words)): column
        for column in shown
    }
    for place, column in enumerate(kinds.values()):
        by = ("-" if place % 2 else "") + column.key
        found = rows(desk, key, by, scope=CLEAR)
        assert sorted(map(str, ids(found))) == sorted(map(str, ids(as_given))), by
        values = [row[column.key] for row in found.rows]
        known = [value for value in values if value is not None]
        assert values == known + [None] * (len(values) - len(known)), f"{by}: what is not known stands last"
        if column.reads is Kind.STATUS:
            known = [Status(value).severity for value in known]
        elif column.words:
            known = [list(column.words).index(value) for value in known]
        assert known == sorted(known, reverse=by.startswith("-")), by
