"""What a wall shows of a board, and how large: checked against the table of reading sizes that was worked out by hand."""

from __future__ import annotations

import pytest

from components import html, wall
from components.markup import to_html
from components.reader import Reader
from components.screen import NUMBER, Screen
from components.tile import tile, tile_grid
from kpi.text import Locale, Text, same
from tests.unit.components_sample import answer, verdict

INCHES = {55: 1218, 75: 1660, 98: 2170}
"""Width in mm of a 16:9 picture."""
FIXED = {"numerator": 34_862.0, "denominator": 41_208.0}


@pytest.mark.parametrize(
    ("inches", "pixels", "distance", "wanted"),
    [
        (55, 1920, 2, 26), (55, 1920, 3, 38), (55, 1920, 5, 64),
        (55, 3840, 2, 51), (55, 3840, 3, 77), (55, 3840, 5, 128),
        (75, 3840, 2, 38), (75, 3840, 3, 56), (75, 3840, 5, 94),
        (98, 3840, 2, 29), (98, 3840, 3, 43), (98, 3840, 5, 72),
    ],
)  # fmt: skip
def test_a_line_fills_twenty_minutes_of_arc(inches: int, pixels: int, distance: float, wanted: int) -> None:
    """The legibility table of 20 minutes: font size in pixels of the device, to the pixel."""
    screen = Screen(distance, INCHES[inches])
    assert screen.line_share(Locale.EN) * pixels == pytest.approx(wanted, abs=1.0)


def test_a_hanzi_fills_between_1_3_and_1_5_times_that_and_a_number_sixty_minutes() -> None:
    """At 5 m one minute of arc is 1.4544 mm; a hanzi fills 0.92 of its font size, a digit 0.72."""
    screen = Screen(5.0, 1660)
    hanzi = screen.line_mm(Locale.ZH_CN) * 0.92 / 1.4544
    assert 1.3 * 20 <= hanzi <= 1.5 * 20
    for locale in Locale:
        assert screen.line_mm(locale) * NUMBER * 0.72 / 1.4544 >= 59.9


@pytest.mark.parametrize(
    ("distance", "width", "locale", "tiles"),
    [
        (5.0, 1660, Locale.ZH_CN, 6),  # 37.5 lines wide: three of 11.5; 21.1 high: two of 7.5 under 5.2
        (5.0, 1660, Locale.EN, 6),  # 41.1 and 23.1
        (3.0, 1218, Locale.ZH_CN, 6),  # 45.8 and 25.8
        (5.0, 1218, Locale.ZH_CN, 2),  # 27.5 and 15.5: two beside each other, one row
        (3.0, 1660, Locale.EN, 8),
        (8.0, 1218, Locale.ZH_CN, 0),  # 17.2 lines: not one row
    ],
)
def test_how_many_tiles_can_be_read(distance: float, width: int, locale: Locale, tiles: int) -> None:
    assert Screen(distance, width).tiles(locale) == tiles


def framed(count: int, screen: Screen) -> list[str]:
    """The frames of a board of `count` tiles."""
    reader = Reader(Locale.EN, "dark", screen)
    fixed = answer("ftfr_30d", FIXED)
    tiles = [tile(fixed, verdict(fixed), reader, unit=f"store:{place}") for place in range(count)]
    parts = [html.Section("a list of names", className="listing"), tile_grid(tiles), None]
    made = wall.frames(
        "/x", same("Health"), Text("North", "华北"), html.H1("All calm."), parts, ["10:40"], reader
    )
    return [to_html(one) for one in made]


def test_tiles_that_do_not_fit_go_to_further_frames_of_equal_size_worst_first() -> None:
    seven = framed(7, Screen(5.0, 1660))
    assert [page.count("data-kpi") for page in seven] == [4, 3]
    assert 'data-unit="store:0"' in seven[0] and 'data-unit="store:6"' in seven[1]
    assert ['data-columns="2"' in seven[0], 'data-columns="3"' in seven[1]] == [True, True]
    assert [page.count("data-kpi") for page in framed(7, Screen(3.0, 1660))] == [7]
    assert [page.count("data-kpi") for page in framed(7, Screen(5.0, 1218))] == [2, 2, 2, 1]


def test_every_frame_says_what_it_is_and_holds_neither_lists_nor_links() -> None:
    for page in framed(7, Screen(5.0, 1660)):
        assert "All calm." in page and "Health" in page and "North" in page and "10:40" in page
        assert "a list of names" not in page and "<a " not in page
    [alone] = framed(0, Screen(5.0, 1660))
    assert "All calm." in alone


def test_a_tile_says_how_far_it_reaches_and_how_old_it_may_grow() -> None:
    """A metric of the day: 36 hours."""
    [page] = framed(1, Screen(5.0, 1660))
    assert 'data-as-of="2026-11-20T10:40:00"' in page and 'data-good-for="129600"' in page
