"""`python -m seed.feed DIR`: plays the tape into the warehouse, as the stores' systems would deliver it.

Each pass publishes a new recent part with everything that happened from the day of as-of until now.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data_access.publish import Draft, Publisher
from data_access.storage.version import Version
from seed.tape import TapeEnded, reveal, tape_span

ENDED, USAGE = 3, 2


def warehouse_url(folder: Path) -> str:
    """Where `python -m seed --out folder` puts the warehouse unless told otherwise."""
    return f"duckdb:///{folder.resolve() / 'warehouse'}"


def fill(draft: Draft, tape: Path, now: datetime) -> None:
    """Writes what the tape shows at `now` into a recent part. Raises TapeEnded."""
    connection = duckdb.connect()
    try:
        for table, statement in reveal(tape, now, connection):
            draft.write(table, connection.execute(statement).to_arrow_table())
    finally:
        connection.close()


def advance(folder: Path, now: datetime, url: str | None = None) -> Version:
    """One pass: the warehouse of `folder` shows what is known at `now`. Raises TapeEnded, FileNotFoundError."""
    began, ends = tape_span(folder / "tape")
    if now > ends:
        raise TapeEnded(now, ends)
    if now < began:
        raise ValueError(f"{now} is before {began}, at which the demo network was generated")
    publisher = Publisher(url or warehouse_url(folder))
    return publisher.publish(now, None, lambda draft: fill(draft, folder / "tape", now), note="demo feed")


def needs_reseed(folder: Path, now: datetime) -> bool:
    """Whether there is no tape for `now`: none at all, one that has run out, or one that begins later."""
    try:
        began, ends = tape_span(folder / "tape")
    except FileNotFoundError:
        return True
    return not began <= now <= ends


def _clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m seed.feed", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="what `python -m seed --out DIR` made")
    parser.add_argument(
        "--every", type=float, default=60, metavar="SECONDS", help="pause between passes (default: 60)"
    )
    parser.add_argument("--once", action="store_true", help="one pass, then stop")
    parser.add_argument(
        "--now",
        type=datetime.fromisoformat,
        default=None,
        metavar="TIME",
        help="another time; implies --once",
    )
    parser.add_argument("--url", default=None, help="another warehouse than the DuckDB files in DIR")
    given = parser.parse_args(arguments)
    if given.every <= 0:
        parser.error("argument --every: a pause of more than 0 seconds is needed")
    while True:
        now = given.now or _clock()
        try:
            version = advance(given.folder, now, given.url)
        except TapeEnded as error:
            print(error, file=sys.stderr)
            return ENDED
        except FileNotFoundError:
            print(
                f"{given.folder} has no tape; make one with `python -m seed --out {given.folder}`",
                file=sys.stderr,
            )
            return USAGE
        except ValueError as error:
            print(error, file=sys.stderr)
            return USAGE
        print(f"{now}: published {version.name}", flush=True)
        if given.once or given.now is not None:
            return 0
        time.sleep(given.every)


if __name__ == "__main__":
    sys.exit(main())
