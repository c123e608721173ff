"""The tokens of both themes: readable for everybody, and statuses that nobody confuses.

Colour vision after Machado, Oliveira and Fernandes (2009), severity 1; differences are CIEDE2000 (Sharma 2005).
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

CSS = (Path(__file__).parents[2] / "assets" / "10-tokens.css").read_text(encoding="utf-8")
BLOCKS = [
    dict(re.findall(r"--([\w-]+):\s*(#\w{6})\s*;", block))
    for block in re.findall(r"\{([^{}]*--bg[^{}]*)\}", CSS)
]
LIGHT, DARK, DARK_BY_SYSTEM = BLOCKS
THEMES = {"light": LIGHT, "dark": DARK}
STATUSES = ("critical", "warning", "good", "unknown")
VISION = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
LEAST_DIFFERENCE = 20


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.clip(to_xyz @ np.clip(rgb, 0, 1), 0, None) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, two: np.ndarray) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, two
    c_mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c_mean**7 / (c_mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    d_l, d_c, d_h = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    h_mean = (h1 + dh / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * np.cos(np.radians(h_mean - 30))
        + 0.24 * np.cos(np.radians(2 * h_mean))
        + 0.32 * np.cos(np.radians(3 * h_mean + 6))
        - 0.20 * np.cos(np.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    turn = (
        -2
        * np.sqrt(c_mean**7 / (c_mean**7 + 25**7))
        * np.sin(np.radians(60 * np.exp(-(((h_mean - 275) / 25) ** 2))))
    )
    return float(
        np.sqrt((d_l / s_l) ** 2 + (d_c / s_c) ** 2 + (d_h / s_h) ** 2 + turn * d_c / s_c * d_h / s_h)
    )


@pytest.mark.parametrize(
    ("one", "two", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ],
)
def test_the_difference_is_the_published_one(
    one: tuple[float, ...], two: tuple[float, ...], difference: float
) -> None:
    assert ciede2000(np.array(one), np.array(two)) == pytest.approx(difference, abs=1e-4)


def test_the_dark_theme_is_one_whoever_asks_for_it() -> None:
    assert DARK == DARK_BY_SYSTEM
    assert set(LIGHT) == set(DARK)


def test_the_palette_is_the_agreed_one() -> None:
    assert [LIGHT[s] for s in STATUSES] == ["#9A2D15", "#C58708", "#134A4F", "#818997"]
    assert [DARK[s] for s in STATUSES] == ["#EB5264", "#FFCC2F", "#70CEB5", "#7888A0"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_no_two_statuses_look_alike(theme: str, vision: str) -> None:
    seen = {s: lab(np.array(VISION[vision]) @ linear(THEMES[theme][s])) for s in STATUSES}
    apart = {pair: ciede2000(seen[pair[0]], seen[pair[1]]) for pair in combinations(STATUSES, 2)}
    assert {pair: round(d, 1) for pair, d in apart.items() if d < LEAST_DIFFERENCE} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", ["ink", "ink-2", "accent"])
@pytest.mark.parametrize("ground", ["bg", "panel", "raised", "critical-wash", "track", "hatch"])
def test_text_is_readable_on_every_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", [*STATUSES, "ink-3"])
def test_marks_are_seen_on_the_panels_they_stand_on(theme: str, mark: str) -> None:
    assert contrast(THEMES[theme][mark], THEMES[theme]["panel"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_a_red_mark_is_seen_on_its_wash(theme: str) -> None:
    assert contrast(THEMES[theme]["critical"], THEMES[theme]["critical-wash"]) >= 3


# --- without any colour ----------------------------------------------------------------------------------------------

MAP_CSS = (Path(__file__).parents[2] / "assets" / "map.css").read_text(encoding="utf-8")
TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def mixed(one: np.ndarray, two: np.ndarray, share: float) -> np.ndarray:
    """color-mix(in oklab, one share, two) of linear colours: the cube roots of the cone responses mix."""
    parts = [np.cbrt(np.array(TO_LMS) @ colour) for colour in (one, two)]
    return np.linalg.solve(np.array(TO_LMS), (share * parts[0] + (1 - share) * parts[1]) ** 3)


def test_half_black_half_white_is_the_published_mixture() -> None:
    # CSS Color 5: color-mix(in oklab, black, white) is oklab(50% 0 0), which is #636363
    grey = mixed(linear("#000000"), linear("#FFFFFF"), 0.5)
    assert grey == pytest.approx(linear("#636363"), abs=0.002)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("level", [0, 9, 16, 24, 33])
def test_an_alarm_is_seen_without_colours_on_every_province(theme: str, level: int) -> None:
    """By the square itself or by its edge, on land washed by any share of alarms (map.css)."""
    assert level == 0 or f"var(--critical) {level}%, var(--land)" in MAP_CSS
    assert "--land: color-mix(in oklab, var(--track) 82%, var(--ink-3))" in MAP_CSS
    assert ".dot.critical path, .legend .critical path { stroke: var(--alarm-edge); }" in MAP_CSS
    of = THEMES[theme]
    land = mixed(linear(of["track"]), linear(of["ink-3"]), 0.82)
    ground = float(mixed(linear(of["critical"]), land, level / 100) @ LUMINANCE)

    def against(colour: str) -> float:
        light, dark = sorted((luminance(colour), ground), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert max(against(of["critical"]), against(of["alarm-edge"])) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_no_grey_stands_out_more_than_the_alarm(theme: str) -> None:
    board = (Path(__file__).parents[2] / "assets" / "20-board.css").read_text(encoding="utf-8")
    assert ".shape.critical rect { stroke: var(--alarm-edge);" in board
    of, panel = THEMES[theme], THEMES[theme]["panel"]
    alarm = max(contrast(of["critical"], panel), contrast(of["alarm-edge"], panel))
    assert alarm >= contrast(of["warning"], panel)
