"""China as the map draws it: province shapes, the ten-dash line, and the projection that puts a store on them.

Everything comes from assets/map/china.json. One unit of the drawing is one kilometre, y runs downwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi.text import Text

Floats = NDArray[np.float64]
SHAPES = Path(__file__).parents[1] / "assets" / "map" / "china.json"


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.left:.0f} {self.top:.0f} {self.width:.0f} {self.height:.0f}"


@dataclass(frozen=True)
class Province:
    adcode: str
    name: Text
    path: str
    box: Box
    """Around its largest part."""
    labels: Floats
    """(places, 3) where its name may stand: x, y, and how far it reaches to either side before it meets a border."""


@dataclass(frozen=True)
class Projection:
    """Albers' equal-area conic on the ellipsoid (Snyder, USGS 1395, 14-1 to 14-12)."""

    e2: float
    n: float
    c: float
    a: float
    meridian: float
    x0: float
    y0: float

    def place(self, longitude: ArrayLike, latitude: ArrayLike) -> Floats:
        """(stores, 2) the place in the drawing of WGS84 degrees."""
        sine = np.sin(np.radians(latitude))
        e = np.sqrt(self.e2)
        ratio = np.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
        q = (1 - self.e2) * (sine / (1 - self.e2 * sine * sine) - ratio)
        radius = self.a * np.sqrt(self.c - self.n * q) / self.n
        angle = self.n * np.radians(np.asarray(longitude) - self.meridian)
        rho0 = -self.y0
        return np.column_stack([self.x0 + radius * np.sin(angle), radius * np.cos(angle) - rho0])


@dataclass(frozen=True)
class Outline:
    frame: Box
    """What is seen at first."""
    provinces: Mapping[str, Province]
    """By adcode: all 34."""
    islets: str
    """Islands too small for a border around them."""
    reefs: str
    """Hainan's islands in the South China Sea."""
    line: str
    """The ten dashes."""
    borders: Mapping[tuple[str, str], str]
    """The common border of two neighbours, by their adcodes in order."""
    inset: Box
    """What the inset of the South China Sea shows."""
    inset_land: str
    projection: Projection


@cache
def outline() -> Outline:
    """The shapes that the product ships."""
    raw = json.loads(SHAPES.read_text(encoding="utf-8"))
    width, height = raw["frame"]
    return Outline(
        frame=Box(0, 0, width, height),
        provinces={entry["adcode"]: _province(entry) for entry in raw["provinces"]},
        islets=raw["islets"],
        reefs=raw["reefs"],
        line=raw["line"],
        borders={_pair(key.split()): path for key, path in raw["borders"].items()},
        inset=Box(*raw["inset"]["frame"]),
        inset_land=raw["inset"]["land"],
        projection=Projection(**raw["projection"]),
    )


def _pair(adcodes: Sequence[str]) -> tuple[str, str]:
    first, second = adcodes
    return first, second


def _province(entry: Mapping[str, Any]) -> Province:
    return Province(
        entry["adcode"],
        Text(entry["en"], entry["zh"]),
        entry["path"],
        Box(*entry["box"]),
        np.array(entry["labels"], dtype=float),
    )
