"""Reuses the rows of a query already run. The data version is in the key, so an entry is right for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from flask_caching import Cache
from flask_caching.backends import SimpleCache

Found = TypeVar("Found")
Remember = Callable[[str, Callable[[], Any]], Any]
KEEP_SECONDS = 24 * 3600
KEEP_BYTES = 96 * 1024 * 1024
_STRIPES = 64


class MemoryCache(SimpleCache):
    """The cache of one process. Its threshold is in bytes: an answer may be a line or half a megabyte. The oldest go first."""

    def _over_threshold(self) -> bool:
        return sum(len(pickled) for _, pickled in self._cache.values()) > self._threshold


def remembering(cache: Cache) -> Remember:
    """Looks a key up once: others who ask for the same meanwhile wait for the first and share what it found.

    `look_up` must not ask this same remember again: it would wait for itself. Each layer takes one of its own.
    """
    locks = [Lock() for _ in range(_STRIPES)]

    def remember(fingerprint: str, look_up: Callable[[], Found]) -> Found:
        key = hashlib.sha256(fingerprint.encode()).hexdigest()
        found: Found | None = cache.get(key)
        if found is not None:
            return found
        with locks[int(key[:8], 16) % _STRIPES]:
            found = cache.get(key)
            if found is None:
                found = look_up()
                cache.set(key, found, timeout=KEEP_SECONDS)
        return found

    return remember


def forgetting(_: str, look_up: Callable[[], Found]) -> Found:
    """No cache at all: every question is run."""
    return look_up()
