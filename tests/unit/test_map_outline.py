"""China's shapes and the projection: complete, light, and each store in its own province."""

from __future__ import annotations

import re
from math import hypot

import pytest

from components.map_outline import SHAPES, outline

# Longitude, latitude, and x, y in kilometres as pyproj 3.7.2 has them
# (+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84, then x + 2690, 5985 - y).
CITIES = {
    "110000": (116.4074, 39.9042, 3647.00, 1640.92),  # Beijing
    "650000": (87.6168, 43.8256, 1312.85, 1133.38),  # Urumqi
    "460000": (110.3312, 20.0311, 3257.22, 3901.55),  # Haikou
    "230000": (126.6420, 45.7570, 4352.95, 856.04),  # Harbin
    "540000": (91.1409, 29.6456, 1367.53, 2760.65),  # Lhasa
    "710000": (121.5654, 25.0330, 4353.92, 3228.23),  # Taipei
}
ADCODES = {
    *(
        "110000",
        "120000",
        "130000",
        "140000",
        "150000",
        "210000",
        "220000",
        "230000",
        "310000",
        "320000",
        "330000",
    ),
    *(
        "340000",
        "350000",
        "360000",
        "370000",
        "410000",
        "420000",
        "430000",
        "440000",
        "450000",
        "460000",
        "500000",
    ),
    *("510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000"),
    *("710000", "810000", "820000"),
}


@pytest.mark.parametrize("adcode", CITIES)
def test_a_place_is_where_the_projection_library_has_it(adcode: str) -> None:
    longitude, latitude, x, y = CITIES[adcode]
    (place,) = outline().projection.place([longitude], [latitude])
    assert place == pytest.approx((x, y), abs=0.01)


@pytest.mark.parametrize("adcode", CITIES)
def test_a_capital_lies_inside_the_shape_of_its_province_and_of_no_other(adcode: str) -> None:
    _, _, x, y = CITIES[adcode]
    assert [code for code, p in outline().provinces.items() if _inside(x, y, p.path)] == [adcode]


def _points(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each part of a path of movetos and relative linetos."""
    parts = []
    for part in filter(None, path.split("M")):
        start, _, steps = part.rstrip("z").partition("l")
        if not steps:
            continue  # an islet smaller than its outline is wide
        x, y = map(int, re.findall(r"-?\d+", start))
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        points = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        parts.append(points)
    return parts


def _inside(x: float, y: float, path: str) -> bool:
    crossings = 0
    for points in _points(path):
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossings += 1
    return crossings % 2 == 1


def test_there_are_34_provinces_and_ten_dashes() -> None:
    assert set(outline().provinces) == ADCODES
    assert outline().line.count("M") == 10


@pytest.mark.parametrize(
    ("longitude", "latitude", "layer"),
    [
        (112.28, 3.97, "reefs"),  # Zengmu Ansha, the southernmost
        (112.34, 16.83, "reefs"),  # Yongxing Dao in the Paracels
        (117.76, 15.15, "reefs"),  # Huangyan Dao
        (123.47, 25.74, "islets"),  # Diaoyu Dao
    ],
)
def test_far_islands_are_drawn(longitude: float, latitude: float, layer: str) -> None:
    (place,) = outline().projection.place([longitude], [latitude])
    path = getattr(outline(), layer)
    starts = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)", path)]
    assert min(hypot(x - place[0], y - place[1]) for x, y in starts) < 15


def test_the_shapes_are_light() -> None:
    assert SHAPES.stat().st_size <= 120_000


def test_neighbours_share_their_border() -> None:
    hebei, beijing = (_corners(outline().provinces[code].path) for code in ("130000", "110000"))
    border = _points(outline().borders["110000", "130000"])
    assert len(border[0]) > 20
    assert {point for points in border for point in points} <= hebei & beijing


def _corners(path: str) -> set[tuple[int, int]]:
    return {point for points in _points(path) for point in points}
