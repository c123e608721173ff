"""The hand-typed micro network, published once an engine; tests that share it only read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_access.publish import Draft, Fill, Publisher
from data_access.schema import DIMENSIONS, FACTS
from data_access.warehouse import Warehouse
from tests.conftest import ENGINES, NewWarehouse
from tests.contract.micro_network import AS_OF, fill_base, fill_recent


@pytest.fixture(scope="session", params=ENGINES)
def micro_url(request: pytest.FixtureRequest, new_warehouse: NewWarehouse) -> str:
    """A warehouse that holds the micro network."""
    url = new_warehouse(request.param)
    Publisher(url).publish(AS_OF, fill_base, fill_recent)
    return url


@pytest.fixture
def micro(micro_url: str) -> Iterator[Warehouse]:
    """The micro network, open for reading."""
    warehouse = Warehouse(micro_url, seconds=30)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def seeded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny demo network, as `python -m seed` leaves it."""
    out = tmp_path_factory.mktemp("seeded")
    seed = [
        "-m",
        "seed",
        "--scale",
        "tiny",
        "--as-of",
        "2026-11-20T10:40:00",
        "--seed",
        "11",
        "--out",
        str(out),
    ]
    done = subprocess.run(
        [sys.executable, *seed], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out


@pytest.fixture(scope="module", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seeded_url(engine_name: str, seeded_directory: Path, new_warehouse: NewWarehouse) -> str:
    """The tiny demo network on each engine in turn: the very same facts."""
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
def seeded_warehouse(seeded_url: str) -> Iterator[Warehouse]:
    warehouse = Warehouse(seeded_url, seconds=60)
    yield warehouse
    warehouse.close()
