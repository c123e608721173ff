"""How PitWall is served: gunicorn reads this by itself, in the directory in which it is started."""

from __future__ import annotations

import gc
import os
from typing import Any

import duckdb

# Before anything loads NumPy. A second thread of its linear algebra waits for the first one busily: for each map it took
# 100 ms of a core that others need, and the map was not ready sooner.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

workers = 2
threads = 4
graceful_timeout = 10
control_socket_disable = True


def on_starting(_arbiter: Any) -> None:
    """What is imported here is imported once and shared by the workers: half the work of a start, and less memory."""
    import app  # noqa: F401

    # Importing DuckDB opens a connection with a thread that no fork takes along: a worker would wait for it when it ends.
    duckdb.default_connection().close()
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """Of what is loaded by now nothing becomes garbage. To look through it again and again would cost a reader of every
    eleventh board 0.2 s."""
    gc.collect()
    gc.freeze()
