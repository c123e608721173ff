"""The accounts of a demo network: one a role, with random passwords, made once and told once."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kpi.catalog.roles import ROLES
from operations import tables
from operations.passwords import hashed, random_password
from operations.state import State
from operations.wording import DEMO_WALL

REGION = "north"


def make_accounts(state: State, store: str, now: datetime) -> dict[str, str]:
    """Logins and passwords of the new accounts; nothing when there are people already."""
    with state.read() as session:
        if session.scalar(select(tables.Person.id).limit(1)) is not None:
            return {}
    units = {"network": "network", "region": f"region:{REGION}", "store": f"store:{store}"}
    passwords = {key: random_password() for key in ROLES}
    rows = [
        tables.Person(
            login=key,
            name=held.name.en,
            role=key,
            units=units[held.held_for[0]],
            password_hash=hashed(passwords[key], key),
            created_at=now,
            active=True,
        )
        for key, held in ROLES.items()
    ]
    try:
        with state.change() as session:
            session.add_all(rows)
            session.add(_wall(now))
    except IntegrityError:  # another web worker was quicker
        return {}
    return passwords


def _wall(now: datetime) -> tables.Playlist:
    """What a wall of the demo shows."""
    boards = [{"path": path, "unit": "network"} for path in ("/", "/stations", "/parts", "/csi", "/churn")]
    return tables.Playlist(
        slug="network",
        name=f"{DEMO_WALL.zh_cn} {DEMO_WALL.en}",
        boards=boards,
        changed_by="demo",
        changed_at=now,
    )


def keep_passwords(passwords: dict[str, str], path: Path) -> None:
    """For their owner's eyes alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{login}\t{password}\n" for login, password in passwords.items()))


def kept_secret(path: Path) -> str:
    """The demo's own secret key: made once, the same for every web worker and after a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write(random_password() + random_password())
    with suppress(FileExistsError):
        os.link(mine, path)  # whole or not at all
    mine.unlink()
    return path.read_text()
