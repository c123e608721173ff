"""Names of places, people, models and parts, read from the data files beside this one."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES: dict[str, Any] = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))


def table(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
