"""The hand-typed micro network, published once an engine; tests that share it only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import duckdb
import pytest

from data_access import publish
from data_access.publish import Draft, Fill, Publisher
from data_access.schema import DIMENSIONS, FACTS, STORE_DAY
from data_access.warehouse import Warehouse
from tests import demo_network
from tests.conftest import ENGINES, NewWarehouse
from tests.contract.micro_network import AS_OF, fill_base, fill_recent


@pytest.fixture(scope="session")
def micro_on(new_warehouse: NewWarehouse) -> Callable[[str], str]:
    """A warehouse that holds the micro network, by its engine."""

    @cache
    def published(engine: str) -> str:
        url = new_warehouse(engine)
        Publisher(url).publish(AS_OF, fill_base, fill_recent)
        return url

    return published


@pytest.fixture(params=ENGINES)
def micro_url(request: pytest.FixtureRequest, micro_on: Callable[[str], str]) -> str:
    """The micro network on each engine in turn."""
    return micro_on(request.param)


@pytest.fixture
def micro(micro_url: str) -> Iterator[Warehouse]:
    """The micro network, open for reading."""
    warehouse = Warehouse(micro_url, seconds=30)
    yield warehouse
    warehouse.close()


@pytest.fixture
def sums_of_stores_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication makes one rollup instead of fifteen: for how versions come and go, whatever was summed in them."""
    monkeypatch.setattr(publish, "BASE_STAGES", {})
    for rollups in ("BASE_ROLLUPS", "RECENT_ROLLUPS"):
        monkeypatch.setattr(publish, rollups, {STORE_DAY: getattr(publish, rollups)[STORE_DAY]})


@pytest.fixture(scope="session")
def seeded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny demo network, as `python -m seed` leaves it."""
    return demo_network.made(tmp_path_factory)


@pytest.fixture(scope="module", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def seeded_on(seeded_directory: Path, new_warehouse: NewWarehouse) -> Callable[[str], str]:
    """The tiny demo network, by its engine: the very same facts."""
    return cache(partial(_seeded, seeded_directory, new_warehouse))


def _seeded(seeded_directory: Path, new_warehouse: NewWarehouse, engine_name: str) -> str:
    made = f"duckdb:///{seeded_directory}/warehouse"
    version = Publisher(made).current()
    assert version is not None
    if engine_name == "duckdb":
        return made

    def copied(part: str) -> Fill:
        def fill(draft: Draft) -> None:
            with duckdb.connect(f"{seeded_directory}/warehouse/{part}.duckdb", read_only=True) as source:
                for table in (*DIMENSIONS, *FACTS):
                    draft.write(table, source.sql(f"select * from {table.name}").to_arrow_table())

        return fill

    url = new_warehouse(engine_name)
    Publisher(url).publish(version.as_of, copied(version.base), copied(version.recent))
    return url


@pytest.fixture(scope="module")
def seeded_url(engine_name: str, seeded_on: Callable[[str], str]) -> str:
    """The tiny demo network on each engine in turn."""
    return seeded_on(engine_name)


@pytest.fixture(scope="module")
def seeded_warehouse(seeded_url: str) -> Iterator[Warehouse]:
    warehouse = Warehouse(seeded_url, seconds=60)
    yield warehouse
    warehouse.close()
