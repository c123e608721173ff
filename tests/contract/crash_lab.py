"""Publishers that are killed (SIGKILL) at every kind of moment, each in a process of its own. Run by test_crash.py.

    python -m tests.contract.crash_lab <url> <planned kills> <random kills>

A planned kill strikes just before the n-th call that the publishing code makes, counted over storage, publish and
verify, and spread evenly over a whole publication: between any two statements, file operations and steps. A random kill
strikes a process that publishes in a loop. After each, a new process reads the current version and checks that it is
one whole version, old or new. The parent never opens a database, so its children start clean.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from sqlalchemy import func, select

from data_access import schema
from data_access.publish import Draft, Publisher
from data_access.storage import open_storage
from data_access.warehouse import Warehouse
from tests.contract.micro_network import AS_OF, arrow, fill_base, order

BASE_ORDERS = 10
WATCHED = ("/data_access/storage/", "/data_access/publish.py", "/data_access/verify.py")


class _Watched(dict[str, bool]):
    """Whether a file is of the publishing code: looked for once a file, not at each of a publication's million calls."""

    def __missing__(self, file: str) -> bool:
        self[file] = any(part in file for part in WATCHED)
        return self[file]


def marked(number: int) -> Callable[[Draft], None]:
    """A recent part of `number` orders."""

    def fill(draft: Draft) -> None:
        orders = [order(f"M{number}-{i}", "S1", "07-01 09:00") for i in range(number)]
        draft.write(schema.WORK_ORDER, arrow(schema.WORK_ORDER, orders))

    return fill


def publish(url: str, number: int, after: Callable[[], None] = lambda: None) -> None:
    """The version of a number: every fifth one with a new base, too."""
    publisher = Publisher(url, wait=30)
    after()
    publisher.publish(AS_OF, fill_base if number % 5 == 1 else None, marked(number), str(number))


def strike_at(call: int, counted: list[int]) -> None:
    """Kill this process at the given call of the publishing code; count the calls until then."""

    watched = _Watched()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if watched[frame.f_code.co_filename] and event in ("call", "c_call"):
            counted[0] += 1
            if counted[0] == call:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)


def counted_calls(url: str, number: int) -> int:
    """Publish, and tell how many calls that took."""
    counted = [0]
    publish(url, number, lambda: strike_at(-1, counted))
    sys.setprofile(None)
    return counted[0]


def in_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Run in a fork: (exit status, what it returned)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answer = json.dumps(work())
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(answer) if answer else None


def look(url: str) -> dict[str, Any]:
    """The current version as a reader who starts now finds it, and whether it is whole."""
    reader = Warehouse(url, seconds=60)
    version = reader.version()
    facts = reader.fetch(select(func.count().label("n")).select_from(schema.WORK_ORDER)).iat[0, 0]
    rolled = reader.fetch(select(func.sum(schema.STORE_DAY.c.orders_arrived).label("n"))).iat[0, 0]
    reader.close()
    whole = int(facts) == int(rolled) == BASE_ORDERS + int(version.note)
    kept = [each.name for each in open_storage(url).shelf().versions]
    return {"number": int(version.note), "whole": whole, "kept": kept}


def main(url: str, planned: int, at_random: int) -> None:
    calls = {number: in_child(lambda n=number: counted_calls(url, n))[1] for number in (1, 2)}
    number, outcomes = 2, []
    for i in range(planned):
        number += 1
        call = _spread(i, planned, calls[1 if number % 5 == 1 else 2])
        status, _ = in_child(lambda n=number, call=call: publish(url, n, lambda: strike_at(call, [0])))
        outcomes.append({"killed": os.WIFSIGNALED(status), "tried": number, **in_child(lambda: look(url))[1]})
    for _ in range(at_random):
        outcomes.append(_struck_at_random(url, number))
        number += 100
    left, _ = in_child(lambda: publish(url, number + 1))
    sys.stdout.write(
        json.dumps(
            {"calls": calls, "outcomes": outcomes, "last": in_child(lambda: look(url))[1], "ended": left}
        )
    )


def _spread(i: int, planned: int, calls: int) -> int:
    """Evenly over the calls, the last ones (swap, sweep) included."""
    return 1 + (i * (calls - 1)) // max(planned - 1, 1)


def _struck_at_random(url: str, number: int) -> dict[str, Any]:
    child = os.fork()
    if child == 0:
        for step in range(1, 100):
            publish(url, number + step)
        os._exit(0)
    time.sleep(random.Random(number).uniform(0.2, 2.5))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return {"killed": True, "tried": None, **in_child(lambda: look(url))[1]}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
