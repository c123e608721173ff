"""Passwords: hashed with Argon2id, long rather than odd, and never the same cost for a guess as for nothing."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from operations.errors import WeakPassword

SHORTEST, LONGEST = 12, 128
TELLING = 4
"""A login shorter than this stands in any long password by chance."""
_HASHER = PasswordHasher()
_COMMON = (
    "password",
    "123456",
    "qwerty",
    "admin",
    "letmein",
    "iloveyou",
    "pitwall",
    "welcome",
    "abc123",
    "passw0rd",
)
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def hashed(password: str, login: str) -> str:
    """Raises WeakPassword with what would be right."""
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword
    holds_login = len(login) >= TELLING and login.casefold() in plain
    if holds_login or len(set(plain)) < 5 or _mostly_common(plain):
        raise WeakPassword
    return _HASHER.hash(password)


def _mostly_common(plain: str) -> bool:
    """A common password stays one with a few signs around it."""
    for word in _COMMON:
        plain = plain.replace(word, "")
    return len(plain) < SHORTEST // 2


def fits(password: str, kept: str | None) -> bool:
    """Takes as long for somebody who does not exist, so that the time tells nothing."""
    nobodys = _nobodys()
    try:
        return _HASHER.verify(kept or nobodys, password[: 4 * LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def random_password() -> str:
    """Twenty signs that cannot be mistaken for one another when read from a screen."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
