"""What lies under the dots of the map: provinces washed by their share of red stores, borders, names, the inset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components import map_wording as words
from components.map_outline import Box, Floats, Outline, Province
from components.map_placing import free_place
from components.reader import Reader
from components.svg import element, text
from kpi.text import Text

STEPS = (0.1, 0.25, 0.5)
"""Shares of red stores at which the wash of a province becomes stronger: a tenth, a quarter, half of them. A store is red
far more often than a region is: lower steps paint half the country alike where one region alone is ill."""

FEW = 5
"""Judged stores below which a province never gets more than the palest wash: one red store of two says little."""

NAME_SIZE = 80.0
"""Height of a province's name."""

ROOM = 23.0
"""Kept free around a name."""

_MOST_COVERED = 2.0
"""A name that would cover more than this is left out: the card and the list tell it too."""


@dataclass(frozen=True)
class ProvinceShade:
    """How a province's stores stand. `region` joins provinces whose common outline is drawn stronger."""

    critical: int
    judged: int
    region: str = ""

    @property
    def share(self) -> float | None:
        """Share of judged stores that are critical."""
        return self.critical / self.judged if self.judged else None

    @property
    def level(self) -> int:
        """0 … 4, the strength of the wash."""
        if not self.critical or not self.share:
            return 0
        return 1 if self.judged < FEW else 1 + sum(self.share > step for step in STEPS)

    @property
    def told(self) -> Text:
        if not self.judged:
            return words.NO_STORES
        told = words.PROVINCE if self.critical else words.PROVINCE_CALM
        return told.filled(critical=self.critical, judged=self.judged)


def land(
    china: Outline,
    provinces: Mapping[str, ProvinceShade],
    reader: Reader,
    href_of: Callable[[str], str] | None = None,
) -> list[str]:
    """`href_of` is where a province with stores leads, once its card is open."""
    shapes = [
        _province(
            province, provinces.get(code), reader, href_of(code) if href_of and code in provinces else None
        )
        for code, province in china.provinces.items()
    ]
    regions = {code: shade.region for code, shade in provinces.items() if shade.region}
    strong = [
        path
        for (one, other), path in china.borders.items()
        if one in regions and other in regions and regions[one] != regions[other]
    ]
    hainan = provinces.get("460000")
    return [
        element("path", class_="islets", d=china.islets),
        element("g", "".join(shapes), class_="provinces"),
        element("path", class_=f"islets {_wash(hainan)}", d=china.reefs),
        element("path", class_="regions", d="".join(strong)) if strong else "",
        element("path", class_="line", d=china.line),
    ]


def _wash(shade: ProvinceShade | None) -> str:
    return "plain" if shade is None or not shade.judged else f"wash-{shade.level}"


def _province(province: Province, shade: ProvinceShade | None, reader: Reader, href: str | None) -> str:
    note = shade.told if shade else words.NO_STORES
    return element(
        "path",
        class_=_wash(shade),
        data_adcode=province.adcode,
        data_region=shade.region if shade and shade.region else None,
        data_name=reader.told(province.name),
        data_note=reader.told(note),
        data_href=href,
        data_box=str(province.box),
        d=province.path,
    )


def names(
    china: Outline,
    provinces: Mapping[str, ProvinceShade],
    dots: Floats,
    weights: Floats,
    scale: float,
    reader: Reader,
) -> str:
    """Provinces with red stores, and how many: the most first, each where it covers the least weight of dots.

    `dots` are (stores, 2) places and `weights` (stores,) what covering each costs; `scale` is the size of what is written.
    """
    drawn: list[str] = []
    taken: list[Box] = []
    for code, shade in sorted(provinces.items(), key=lambda item: (-item[1].critical, item[0])):
        province = china.provinces.get(code)
        if province is None or not shade.critical:
            continue
        name = reader.told(province.name)
        size = (_width(f"{name} {shade.critical}") * scale, (NAME_SIZE + ROOM) * scale)
        place = free_place(province.labels, size, dots, weights, taken, _MOST_COVERED, china.frame)
        if place is None:
            continue
        taken.append(place)
        words_ = text(name) + element("tspan", str(shade.critical), dx=".3em")
        centre = (place.left + place.width / 2, place.top + place.height / 2)
        drawn.append(element("g", element("text", words_), transform=at(centre)))
    return element("g", "".join(drawn), class_="names", aria_hidden="true") if drawn else ""


def _width(name: str) -> float:
    """About how wide a name is with a dot's room around it; a Chinese character is as wide as it is high."""
    return NAME_SIZE * sum(1.0 if letter > "\u2e80" else 0.55 for letter in name) + ROOM


def at(place: Sequence[float]) -> str:
    return f"translate({place[0]:.0f} {place[1]:.0f})"


def inset(china: Outline, reader: Reader) -> str:
    layers = (
        element("path", class_="land", d=china.inset_land)
        + element("path", class_="islets", d=china.reefs)
        + element("path", class_="line", d=china.line)
    )
    name = reader.told(words.SEA)
    drawing = element("svg", layers, viewBox=str(china.inset), role="img", aria_label=name)
    return element("div", drawing + element("span", text(name), aria_hidden="true"), class_="inset")
