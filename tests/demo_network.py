"""The tiny demo network, made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

AS_OF, SEED = "2026-11-20T10:40:00", "7"


def made(factory: pytest.TempPathFactory) -> Path:
    """A copy of one's own of the network as of AS_OF, as `python -m seed` leaves it."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    network = shared / "network"
    with (shared / f"{network.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not network.exists():
            making = shared / f"{network.name}.making"
            command = [
                "-m",
                "seed",
                "--scale",
                "tiny",
                "--as-of",
                AS_OF,
                "--seed",
                SEED,
                "--out",
                str(making),
            ]
            root = Path(__file__).parents[1]
            done = subprocess.run(
                [sys.executable, *command], cwd=root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"seeding failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
            making.rename(network)
    return Path(shutil.copytree(network, factory.mktemp("network") / network.name))
