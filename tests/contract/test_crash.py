"""A publisher that dies, at whatever moment, leaves the old version or the new one, whole and readable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from data_access.publish import Publisher

ROOT = Path(__file__).parents[2]


def killed_publishers(url: str, planned: int, at_random: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.contract.crash_lab", url, str(planned), str(at_random)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("engine_url", "planned", "at_random"),
    [("duckdb", 26, 4), ("postgresql", 6, 1)],
    indirect=["engine_url"],
)
def test_kill_9_at_any_moment(engine_url: str, planned: int, at_random: int) -> None:
    lab = killed_publishers(engine_url, planned, at_random)
    outcomes = lab["outcomes"]
    assert len(outcomes) == planned + at_random
    assert all(outcome["killed"] for outcome in outcomes)
    assert [outcome for outcome in outcomes if not outcome["whole"]] == []
    by_plan = outcomes[:planned]
    fell_back = [each for each in by_plan if each["number"] < each["tried"]]
    assert by_plan[0] in fell_back  # killed at the first call: the old version stands
    assert by_plan[-1]["number"] == by_plan[-1]["tried"]  # killed at the last: the new one is there
    assert lab["ended"] == 0  # and the next publisher completes,
    assert lab["last"]["whole"]
    assert Publisher(engine_url).current().name == lab["last"]["kept"][0]  # type: ignore[union-attr]
    if engine_url.startswith("duckdb"):  # having swept what the dead ones left behind
        files = {path.stem for path in Path(str(make_url(engine_url).database)).glob("*.duckdb*")}
        assert files == {part for version in Publisher(engine_url).versions() for part in version.parts}
