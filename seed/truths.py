"""What is planted: written beside the warehouse for tests and judges; the product never reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from data_access.chinese_calendar import as_date
from seed import rows
from seed.fleet import NEVER
from seed.ledger import Writer
from seed.network import Network
from seed.parts import NEVER as NEVER_DIES
from seed.parts import Parts
from seed.visits import Simulation, Visits

KINDS = ("ordinary", "reworker", "mentor")


def of_chunk(writer: Writer, simulation: Simulation, visits: Visits) -> None:
    """Planted truths about the vehicles and technicians of a chunk."""
    writer.out.add_truth("vehicle", _vehicles(writer, simulation, visits))
    writer.out.add_truth("technician", _technicians(writer))


def _vehicles(writer: Writer, simulation: Simulation, visits: Visits) -> pa.Table:
    """Of every vehicle known on the last complete day: chance of leaving after its last visit, and whether it left.

    leave_probability: the planted chance to leave after the last visit; left_on: the day of the visit after which the
    owner stays away, NULL for loyal ones; next_visit_on: the true next visit, NULL when none comes before the horizon.
    """
    fleet, run = simulation.truth, writer.world.network.run
    if fleet is None:
        raise RuntimeError("the simulation has not passed the day of as-of")
    later = visits.day >= run.today
    coming = np.full(len(simulation.fleet), NEVER)
    np.minimum.at(coming, visits.vehicle[later], visits.day[later])
    coming = coming[: len(fleet)]
    seen = np.flatnonzero(fleet.visits > 0)
    return pa.table(
        {
            "vehicle_id": writer.vehicle(seen),
            "store_id": writer.stores(fleet.home[seen]),
            "last_visit_on": rows.dates(fleet.last[seen]),
            "leave_probability": rows.numbers(fleet.leave_probability[seen]),
            "left_on": rows.dates(fleet.left[seen]),
            "sold_on": rows.dates(np.where(fleet.sold[seen] < run.today, fleet.sold[seen], -1)),
            "next_visit_on": rows.dates(np.where(coming[seen] < NEVER, coming[seen], -1)),
        }
    )


def _technicians(writer: Writer) -> pa.Table:
    staff = writer.world.staff
    return pa.table(
        {
            "technician_id": pa.array(writer.technician_ids),
            "store_id": writer.stores(staff.store - writer.world.stores[0]).cast(pa.string()),
            "kind": rows.pick(KINDS, staff.kind).cast(pa.string()),
            "failing_factor": rows.numbers(staff.failing),
            "rating_shift": rows.numbers(staff.liking),
        }
    )


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat(sep=" ")


def of_network(network: Network, parts: Parts) -> dict[str, Any]:
    """The planted faults of stores and parts, in names the warehouse knows."""
    run, faults = network.run, network.faults

    def name(store: int) -> str:
        return str(network.store_id[store])

    return {
        "as_of": run.as_of.isoformat(sep=" "),
        "scale": run.scale.name,
        "seed": run.seed,
        "tape_ends": run.tape_end_time().isoformat(sep=" "),
        "flagship": name(network.flagship),
        "never_live": [name(s) for s in np.flatnonzero(network.wave < 0)],
        "waves": [
            {
                "wave": w + 1,
                "starts_on": as_date(run.wave_start(w)).isoformat(),
                "stores": [name(s) for s in np.flatnonzero(network.wave == w)],
            }
            for w in range(3)
        ],
        "low_utilisation_region": faults.low_region,
        "slow_region": faults.slow_region,
        "below_plan_region": faults.below_plan_region,
        "bad_first_time_fix": [
            {"store_id": name(s), "since": as_date(d).isoformat()}
            for s, d in zip(faults.bad_fix, faults.bad_fix_since, strict=True)
        ],
        "overloaded": [name(s) for s in faults.overloaded],
        "long_wait_today": name(faults.long_wait_today),
        "stopped_reporting": [
            {
                "store_id": name(s),
                "stopped_at": _moment(int(a)),
                "resumes_at": _moment(int(b)) if b >= 0 else None,
            }
            for s, a, b in zip(faults.stopped, faults.stopped_at, faults.resumes_at, strict=True)
        ],
        "late_feeds": [
            {"store_id": name(s), "seconds": int(x)}
            for s, x in zip(faults.late, faults.late_seconds, strict=True)
        ],
        "dying_parts": [
            {
                "part_no": str(parts.part_no[p]),
                "since": as_date(parts.dies_on[p]).isoformat(),
                "superseded_by": str(parts.part_no[parts.successor[p]]) if parts.successor[p] >= 0 else None,
            }
            for p in np.flatnonzero((parts.dies_on < NEVER_DIES) & (parts.dies_on >= run.first))
        ],
        "dead_parts": [str(parts.part_no[p]) for p in np.flatnonzero(parts.dies_on < run.first)],
    }


def write(folder: Path, network: Network, parts: Parts) -> None:
    """`truths.json` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(of_network(network, parts), indent=1, ensure_ascii=False)
    (folder / "truths.json").write_text(text + "\n", encoding="utf-8")
