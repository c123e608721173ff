"""Judges a published network as a publish would, and prints seconds, processor seconds, memory in MB and rows.

usage: python -m tests.load.verdicts URL     (tests/load/bench.py runs it; nothing is published)
"""

from __future__ import annotations

import resource
import sys
import time

from data_access.publish import Publisher


def main(url: str) -> None:
    publisher = Publisher(url)
    started, processor = time.perf_counter(), time.process_time()
    rows = publisher.rehearse().num_rows
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.2f} {processor:.2f} {memory:.0f} {rows}")


if __name__ == "__main__":
    main(sys.argv[1])
