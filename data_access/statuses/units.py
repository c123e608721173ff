"""The units that are judged, from the network down, and what each of them consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_access.statuses.sums import Floats, Sums
from kpi.organisation import BELOW, OrgUnit

Ints = NDArray[np.int64]

KINDS = tuple(BELOW)
HOMES = ("region", "province", "city", "store_id")
NORTHERN, SOUTHERN = ("north", "northeast", "northwest"), ("south", "southwest")
"""Climates of peers; the regions between them have a third."""


@dataclass(frozen=True)
class Units:
    """The units of one kind."""

    kind: str
    keys: list[str]
    of: Ints
    """(finest,) the unit that each finest row belongs to."""
    homes: list[dict[str, str]]
    """Of each unit: the region, province, city and store that contain it; '' for none."""
    peers: list[str]

    @cached_property
    def lineages(self) -> list[list[OrgUnit]]:
        """Of each unit, from the network down; a technician is judged as the store is."""
        pairs = list(zip(KINDS[1:], HOMES, strict=True))
        return [
            [OrgUnit(), *(OrgUnit(kind, home[column]) for kind, column in pairs if home[column])]
            for home in self.homes
        ]

    @cached_property
    def groups(self) -> Ints:
        """A number for each kind of peers."""
        found: Ints = np.unique(self.peers, return_inverse=True)[1]
        return found


def levels(sums: Sums, stores: Mapping[str, Mapping[str, Any]]) -> Iterator[Units]:
    """The network, its regions, provinces, cities and stores; technicians where they are the finest rows."""
    blank = dict.fromkeys(HOMES, "")
    of_store = [stores.get(store) or {} for _, store in sums.keys]
    for depth, kind in enumerate(KINDS):
        columns = HOMES[:depth]
        names = [tuple(str(home.get(column) or "") for column in columns) for home in of_store]
        order = sorted(set(names))
        place = {name: index for index, name in enumerate(order)}
        yield Units(
            kind=kind,
            keys=[name[-1] if name else "" for name in order],
            of=np.array([place[name] for name in names], dtype=np.int64),
            homes=[blank | dict(zip(columns, name, strict=True)) for name in order],
            peers=[
                _peers(stores[name[-1]]) if kind == "store" and name[-1] in stores else "" for name in order
            ],
        )
    if sums.finest == "technician":
        yield Units(
            kind="technician",
            keys=[key for key, _ in sums.keys],
            of=np.arange(len(sums.keys)),
            homes=[{column: str(home.get(column) or "") for column in HOMES} for home in of_store],
            peers=[_peers(home) if home else "" for home in of_store],
        )


def _peers(store: Mapping[str, Any]) -> str:
    """Size, type and climate: what makes stores alike."""
    region = store["region"]
    climate = "north" if region in NORTHERN else "south" if region in SOUTHERN else "middle"
    return " ".join(str(each) for each in (store["tier"], store["store_type"], climate) if each)


def added(part: Floats, units: Units) -> Floats:
    """The sums of the units; NaN where none of a unit's rows has any."""
    if len(units.keys) == len(part):
        found: Floats = part[np.argsort(units.of)]
        return found
    order = np.argsort(units.of, kind="stable")
    starts = np.searchsorted(units.of[order], np.arange(len(units.keys)))
    rows = part[order]
    missing = np.isnan(rows)
    total = np.add.reduceat(np.where(missing, 0.0, rows), starts, axis=0)
    return np.where(np.logical_and.reduceat(missing, starts, axis=0), np.nan, total)
