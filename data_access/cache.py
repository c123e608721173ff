"""Reuses the rows of a query already run. The data version is in the key, so an entry is right for ever."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import cache as once
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from flask_caching import Cache
from flask_caching.backends import SimpleCache
from redis import RedisError

Found = TypeVar("Found")
Remember = Callable[[str, Callable[[], Any]], Any]
KEEP_SECONDS = 24 * 3600
KEEP_BYTES = 96 * 1024 * 1024
PAUSE = 10
"""Seconds before a shared cache that did not answer is tried again."""
_STRIPES = 64
LOG = logging.getLogger("pitwall.cache")
ROOMS = ("kpi", "prediction", "data_access", "components", "pages")
"""Whose code makes what is kept."""


class MemoryCache(SimpleCache):
    """The cache of one process. Its threshold is in bytes: an answer may be a line or half a megabyte. The oldest go first."""

    def _over_threshold(self) -> bool:
        return sum(len(pickled) for _, pickled in self._cache.values()) > self._threshold


@once
def program() -> str:
    """Another for every change of the program: a shared cache still holds what an older one made, perhaps in another form."""
    home = Path(__file__).parents[1]
    files = (path for room in ROOMS for path in sorted((home / room).glob("**/*.py")))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Shelf:
    """The cache, or nothing for a while when it does not answer: then every question is run, and nobody waits for it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._shut_until = float("-inf")

    def get(self, key: str) -> Any:
        return self._try(lambda: self._cache.get(key))

    def set(self, key: str, found: Any) -> None:
        self._try(lambda: self._cache.set(key, found, timeout=KEEP_SECONDS))

    def _try(self, act: Callable[[], Any]) -> Any:
        if monotonic() < self._shut_until:
            return None
        try:
            return act()
        except RedisError as error:
            LOG.warning("goes on without the shared cache for %s s: %s", PAUSE, error)
            self._shut_until = monotonic() + PAUSE
            return None


def remembering(cache: Cache) -> Remember:
    """Looks a key up once: others who ask for the same meanwhile wait for the first and share what it found.

    `look_up` must not ask this same remember again: it would wait for itself. Each layer takes one of its own.
    """
    locks, shelf = [Lock() for _ in range(_STRIPES)], Shelf(cache)

    def remember(fingerprint: str, look_up: Callable[[], Found]) -> Found:
        key = hashlib.sha256(fingerprint.encode()).hexdigest()
        found: Found | None = shelf.get(key)
        if found is not None:
            return found
        with locks[int(key[:8], 16) % _STRIPES]:
            found = shelf.get(key)
            if found is None:
                found = look_up()
                shelf.set(key, found)
        return found

    return remember


def forgetting(_: str, look_up: Callable[[], Found]) -> Found:
    """No cache at all: every question is run."""
    return look_up()
