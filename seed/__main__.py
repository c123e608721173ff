"""`python -m seed`: generates a demo network of service stores, deterministically for equal arguments."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kpi.errors import PitWallError
from seed.build import build
from seed.scale import SCALES, Run

EARLIEST, LATEST = datetime(2022, 1, 1), datetime(2028, 9, 30)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not a time; write it like 2026-11-20 or 2026-11-20T14:30"
        ) from None
    if moment.tzinfo is not None:
        raise argparse.ArgumentTypeError(
            f"“{text}” has a time zone; give local time of the network (UTC+8) without one"
        )
    if len(text) <= 10:
        moment = moment.replace(hour=14, minute=30)
    if not EARLIEST <= moment <= LATEST:
        raise argparse.ArgumentTypeError(
            f"{text} is outside {EARLIEST:%Y-%m-%d} … {LATEST:%Y-%m-%d}, which the calendar covers"
        )
    return moment


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"“{text}” is not a seed; use a whole number from 0 to 2147483647")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m seed", description=__doc__)
    made.add_argument("--scale", choices=sorted(SCALES), default="demo", help="how large (default: demo)")
    made.add_argument(
        "--as-of", type=_moment, default=None, metavar="TIME",
        help="local time up to which the warehouse knows; a bare date means 14:30 (default: now in China)",
    )  # fmt: skip
    made.add_argument(
        "--seed", type=_seed, default=1, metavar="N", help="another number, another network (default: 1)"
    )
    made.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for warehouse, tape and truths"
    )
    made.add_argument("--url", default=None, help="another warehouse than DuckDB files in DIR")
    made.add_argument("--quiet", action="store_true", help="no progress bar")
    return made


def main(arguments: list[str] | None = None) -> int:
    asked = parser()
    given = asked.parse_args(arguments)
    if given.out.exists() and not given.out.is_dir():
        asked.error(f"argument --out: {given.out} is a file; name a folder")
    as_of = given.as_of or datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)
    try:
        version = build(Run(SCALES[given.scale], as_of, given.seed), given.out, given.url, given.quiet)
    except PitWallError as error:
        sys.exit(f"{error.public.en}\n{error.public.zh_cn}\n{error}")
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}")
    print(f"{given.scale} network as of {as_of} published as {version.name} in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
