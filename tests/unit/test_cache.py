"""Looked up once, also when many ask at the same time."""

from __future__ import annotations

from threading import Barrier, Thread
from time import sleep

import pytest
from flask import Flask
from flask_caching import Cache

from data_access import cache as cache_module
from data_access.cache import program, remembering


@pytest.fixture
def remember():
    return remembering(Cache(Flask(__name__), config={"CACHE_TYPE": "SimpleCache"}))


def test_the_first_who_asks_looks_up_for_all(remember):
    looked, found, together = [], [], Barrier(8)

    def look_up():
        looked.append(1)
        sleep(0.05)
        return {"rows": 3}

    def ask():
        together.wait()
        found.append(remember("revenue v1", look_up))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(looked) == 1
    assert found == [{"rows": 3}] * 8


def test_another_version_is_another_entry(remember):
    assert remember("revenue v1", lambda: 1) == 1
    assert remember("revenue v2", lambda: 2) == 2
    assert remember("revenue v1", lambda: 3) == 1


def test_a_failure_is_not_remembered(remember):
    def fail():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        remember("revenue v1", fail)
    assert remember("revenue v1", lambda: 5) == 5


def test_two_layers_may_ask_each_other_without_waiting_for_ever():
    cache = Cache(Flask(__name__), config={"CACHE_TYPE": "SimpleCache"})
    paint, answer = remembering(cache), remembering(cache)
    for place in range(200):  # more than there are locks
        assert paint(f"page {place}", lambda place=place: answer(f"query {place}", lambda: place)) == place


def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_goes_first():
    config = {"CACHE_TYPE": "data_access.cache.MemoryCache", "CACHE_THRESHOLD": 10_000}
    remember = remembering(Cache(Flask(__name__), config=config))
    looked = []
    for name in ("one", "two", "three", "four", "one", "four"):
        remember(name, lambda name=name: looked.append(name) or "x" * 4_000)
    assert looked == ["one", "two", "three", "four", "one"], (
        "three of 4,000 are kept before the next comes in"
    )


def test_another_program_has_another_name_in_a_shared_cache(monkeypatch, tmp_path):
    (tmp_path / "kpi").mkdir()
    (tmp_path / "data_access").mkdir()
    module = tmp_path / "kpi" / "answer.py"
    monkeypatch.setattr(cache_module, "__file__", str(tmp_path / "data_access" / "cache.py"))
    names = set()
    for text in ("one = 1", "one = 2", "one = 2"):
        module.write_text(text)
        names.add(program.__wrapped__())
    assert len(names) == 2
