"""The demo network is the same for equal arguments, in every process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.demo_network import AS_OF, SEED

TABLES = (
    "store",
    "technician",
    "work_order",
    "part_line",
    "survey",
    "appointment",
    "stock_level",
    "attendance",
)


def contents(directory: Path) -> dict[str, tuple[int, int]]:
    """Rows and an order-free checksum of each table."""
    found = {}
    for path in sorted((directory / "warehouse").glob("*_00000*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as part:
            for table in TABLES:
                count, checksum = part.sql(
                    f"select count(*), coalesce(sum(hash(t)), 0) from {table} t"
                ).fetchall()[0]
                found[f"{path.name.split('_')[0]}.{table}"] = (count, checksum)
    return found


@pytest.mark.parametrize(("seed", "same"), [(SEED, True), ("12", False)])
def test_equal_arguments_make_equal_networks_and_another_seed_another(seeded_directory, tmp_path, seed, same):
    arguments = ["--scale", "tiny", "--as-of", AS_OF, "--seed", seed, "--out", str(tmp_path)]
    subprocess.run(
        [sys.executable, "-m", "seed", *arguments],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
    )
    assert (contents(tmp_path) == contents(seeded_directory)) is same
    assert contents(tmp_path)["base.work_order"][0] > 10_000
