"""How PitWall is served: gunicorn reads this by itself, in the directory in which it is started."""

from __future__ import annotations

import gc
from typing import Any

workers = 2
threads = 4
graceful_timeout = 10
control_socket_disable = True


def post_worker_init(_worker: Any) -> None:
    """Of what is loaded by now nothing becomes garbage. To look through it again and again would cost a reader of every
    eleventh board 0.2 s."""
    gc.collect()
    gc.freeze()
