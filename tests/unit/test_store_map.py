"""The national map and its list: every store once, worst on top, no dot behind another, nothing escapes its quotes."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations
from math import hypot

import numpy as np
import pytest

from components.map_land import ProvinceShade
from components.map_outline import outline
from components.markup import to_html
from components.reader import Reader
from components.store_map import GAP, StoreDot, store_map, worst_first
from components.store_table import store_table
from kpi.text import Locale, Text, same
from kpi.verdict import Status

TITLE = Text("First-time fix rate", "首次修复率")
ZH, EN = Reader(Locale.ZH_CN), Reader(Locale.EN)
HOSTILE = "</svg><script>alert('\"&')</script>"


class _Tags(HTMLParser):
    """Start tags with their attributes, and the texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def dots(self) -> list[dict[str, str]]:
        return [a for a in self.of("a") if a.get("class", "").startswith("dot ")]


def href_of(store_id: str) -> str:
    return f"/store/{store_id}"


def dot(number: int, status: Status = Status.GOOD, **changes: object) -> StoreDot:
    """A store in Beijing, unless said otherwise."""
    given: dict[str, object] = {
        "store_id": f"S{number:03d}",
        "name": Text(f"Store {number}", f"{number}号店"),
        "longitude": 116.4,
        "latitude": 39.9,
        "status": status,
        "value_text": f"{number} %",
        "value": float(number),
    }
    return StoreDot(**(given | changes))  # type: ignore[arg-type]


STATUSES = (Status.GOOD, Status.CRITICAL, Status.WARNING, Status.UNKNOWN)


def network() -> list[StoreDot]:
    """600 stores, 15 to a city: one city where all stand in the same spot, the others a few kilometres apart."""
    rng = np.random.default_rng(5)
    stores = []
    for number in range(600):
        city = number // 15
        longitude, latitude = 104 + 1.3 * (city % 8), 24 + 3 * (city // 8)
        if city:
            longitude, latitude = longitude + rng.normal(0, 0.05), latitude + rng.normal(0, 0.05)
        status = STATUSES[number % 4]
        stores.append(dot(number, status, longitude=longitude, latitude=latitude))
    return stores


def drawn(
    stores: list[StoreDot], provinces: dict[str, ProvinceShade] | None = None, reader: Reader = ZH
) -> str:
    return to_html(store_map(stores, provinces or {}, reader, href_of=href_of, title=TITLE))


def listed(stores: list[StoreDot], reader: Reader = ZH) -> str:
    return to_html(store_table(stores, reader, href_of=href_of, title=TITLE))


def test_the_map_shows_all_34_provinces_the_far_islands_and_the_ten_dashes() -> None:
    tags = _Tags(drawn([dot(1)]))
    china = outline()
    assert len({a["data-adcode"] for a in tags.of("path") if "data-adcode" in a}) == 34
    layers = [(a["class"], a["d"]) for a in tags.of("path") if "class" in a]
    assert layers.count(("line", china.line)) == 2, "on the map and in the inset"
    assert [d for _, d in layers].count(china.reefs) == 2
    assert [d for _, d in layers].count(china.islets) == 1


def test_every_store_is_drawn_once_with_its_status_word() -> None:
    stores = network()
    dots = _Tags(drawn(stores)).dots()
    assert Counter(a["href"] for a in dots) == Counter(href_of(store.store_id) for store in stores)
    word = {"good": "正常", "critical": "告警", "warning": "注意", "unknown": "无法判断"}
    by_href = {a["href"]: a for a in dots}
    for store in stores:
        told = by_href[href_of(store.store_id)]
        assert told["class"] == f"dot {store.status.value}"
        assert told["aria-label"] == f"{store.name.zh_cn}，{word[store.status.value]}，{store.value_text}"


def test_reds_are_drawn_last_and_the_worst_of_all_on_top() -> None:
    dots = _Tags(drawn(network())).dots()
    order = [a["class"].split()[1] for a in dots]
    assert [status for at, status in enumerate(order) if not at or order[at - 1] != status] == [
        "good",
        "unknown",
        "warning",
        "critical",
    ]
    assert dots[-1]["href"] == "/store/S001", "the first critical store of those given"
    assert [a["href"] for a in dots if a["tabindex"] == "0"] == ["/store/S001"]


def test_each_status_has_its_own_shape() -> None:
    html = drawn([dot(at, status, longitude=100 + at) for at, status in enumerate(STATUSES)])
    shapes = dict(re.findall(r'<a class="dot (\w+)".*?>(<[^>]*/>)</a>', html))
    assert len(set(shapes.values())) == len(shapes) == 4


def test_no_two_dots_touch_at_the_first_zoom() -> None:
    html = drawn(network())
    assert 'style="--s:1.0000"' in html
    centres = _centres(html)
    assert len(centres) == 600
    # Homes and moves are written in whole units.
    closest = min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(centres, 2))
    assert closest > GAP - 1.5


def _centres(html: str) -> list[tuple[float, float]]:
    """Home plus move of every dot, from the first point of its shape."""
    corner = {"critical": (19, 19), "warning": (0, 22), "unknown": (17, 5)}
    home = r'<a class="dot (\w+)"[^>]*translate\((-?\d+) (-?\d+)\)[^>]*>'
    shape = r'<(?:path d="M(-?\d+) (-?\d+)|circle cx="(-?\d+)" cy="(-?\d+))'
    centres = []
    for status, x, y, left, top, cx, cy in re.findall(home + shape, html):
        dx, dy = corner.get(status, (0, 0))
        centres.append((int(x) + int(left or cx) + dx, int(y) + int(top or cy) + dy))
    return centres


def test_positions_do_not_depend_on_the_verdicts() -> None:
    stores = network()
    calm = [dot(n, Status.GOOD, longitude=s.longitude, latitude=s.latitude) for n, s in enumerate(stores)]
    assert sorted(_centres(drawn(stores))) == sorted(_centres(drawn(calm)))


def test_a_name_cannot_leave_its_attribute() -> None:
    hostile = dot(
        1, Status.CRITICAL, store_id="x", name=same(HOSTILE), value_text=HOSTILE, place=same(HOSTILE)
    )
    html = to_html(
        store_map([hostile], {}, ZH, href_of=lambda _: f'/"><script>{HOSTILE}', title=same(HOSTILE))
    )
    html += to_html(
        store_table([hostile], ZH, href_of=lambda _: f'/"><script>{HOSTILE}', title=same(HOSTILE))
    )
    tags = _Tags(html)
    assert tags.of("script") == []
    assert tags.dots()[0]["data-name"] == HOSTILE
    assert HOSTILE in "".join(tags.texts), "the list tells the name as it is"


def test_search_finds_the_name_in_the_other_language_too() -> None:
    assert _Tags(drawn([dot(7)])).dots()[0]["data-find"] == "Store 7"
    assert _Tags(drawn([dot(7)], reader=EN)).dots()[0]["data-find"] == "7号店"
    assert "data-find" not in _Tags(drawn([dot(7, name=same("PitWall 7"))])).dots()[0]


def test_the_card_is_told_state_since_when_target_and_place() -> None:
    store = dot(3, Status.CRITICAL, days=6, target_text="目标 ≥ 90 %", place=Text("Tangshan", "唐山"))
    (told,) = _Tags(drawn([store])).dots()
    assert told["data-state"] == "告警 6\N{NO-BREAK SPACE}天"
    assert told["data-note"] == "目标 ≥ 90 % · 唐山"
    (english,) = _Tags(drawn([store], reader=EN)).dots()
    assert english["aria-label"] == "Store 3, Alert, 6\N{NO-BREAK SPACE}d, 3 %"


def test_good_news_needs_no_days() -> None:
    (told,) = _Tags(drawn([dot(3, Status.GOOD, days=6)])).dots()
    assert told["data-state"] == "正常"


def test_the_chosen_store_is_marked() -> None:
    html = to_html(store_map([dot(1), dot(2)], {}, ZH, href_of=href_of, title=TITLE, selected="S002"))
    assert [a["href"] for a in _Tags(html).dots() if a["class"].endswith("selected")] == ["/store/S002"]


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        (None, None),
        (116.4, None),
        (39.9, 116.4),
        (0.0, 0.0),
        (float("nan"), 39.9),
        (116.4, 60.0),
        (145.0, 43.0),
        (116.4, -39.9),
    ],
)
def test_a_store_without_usable_coordinates_is_counted_and_listed(
    longitude: float | None, latitude: float | None
) -> None:
    stores = [dot(1), dot(2, Status.CRITICAL, longitude=longitude, latitude=latitude)]
    tags = _Tags(drawn(stores))
    assert [a["href"] for a in tags.dots()] == ["/store/S001"]
    assert "1 家门店缺少有效坐标，见列表" in tags.texts
    assert len(_Tags(listed(stores)).of("a")) == 2


def test_an_empty_map_is_still_a_map() -> None:
    tags = _Tags(drawn([]))
    assert tags.dots() == []
    assert not any("缺少有效坐标" in words for words in tags.texts)
    assert "0 家门店地图：首次修复率" in tags.of("svg")[0]["aria-label"]


@pytest.mark.parametrize(
    ("critical", "judged", "level"),
    [
        (0, 30, 0),
        (1, 30, 1),
        (2, 40, 1),
        (4, 40, 1),
        (5, 40, 2),
        (10, 40, 2),
        (11, 40, 3),
        (20, 40, 3),
        (21, 40, 4),
        (40, 40, 4),
        (2, 2, 1),
        (0, 0, 0),
    ],
)
def test_a_province_is_washed_by_its_share_of_reds(critical: int, judged: int, level: int) -> None:
    assert ProvinceShade(critical, judged).level == level


def test_provinces_without_stores_stay_plain() -> None:
    tags = _Tags(drawn([], {"130000": ProvinceShade(21, 40), "140000": ProvinceShade(0, 0)}))
    classes = {a["data-adcode"]: a["class"] for a in tags.of("path") if "data-adcode" in a}
    assert classes["130000"] == "wash-4"
    assert classes["140000"] == classes["540000"] == "plain"


def test_only_borders_between_regions_are_drawn_stronger() -> None:
    provinces = {
        "110000": ProvinceShade(0, 5, "north"),
        "130000": ProvinceShade(0, 5, "north"),
        "370000": ProvinceShade(0, 5, "east"),
    }
    (strong,) = (a["d"] for a in _Tags(drawn([], provinces)).of("path") if a.get("class") == "regions")
    assert strong == outline().borders["130000", "370000"]


def test_only_provinces_with_reds_are_named() -> None:
    provinces = {"130000": ProvinceShade(3, 40), "140000": ProvinceShade(0, 20)}
    names = re.findall(r"<text>(\w+)<tspan[^>]*>(\d+)</tspan></text>", drawn([], provinces))
    assert names == [("河北", "3")]


def test_it_opens_on_the_provinces_that_are_given() -> None:
    def view(*codes: str) -> list[float]:
        html = drawn([dot(1)], {code: ProvinceShade(0, 5) for code in codes})
        return [float(edge) for edge in re.findall(r'class="china" viewBox="([^"]*)"', html)[0].split()]

    frame = outline().frame
    assert view() == view(*outline().provinces) == [0, 0, frame.width, frame.height]
    left, top, width, height = view("130000")
    hebei = outline().provinces["130000"].box
    assert left <= hebei.left
    assert top <= hebei.top
    assert left + width >= hebei.left + hebei.width
    assert top + height >= hebei.top + hebei.height
    assert width < 0.35 * frame.width
    assert width / height == pytest.approx(frame.width / frame.height, rel=0.01)


def test_the_map_names_its_source_and_that_it_lacks_approval() -> None:
    assert "底图：天地图；仅供内部使用，无审图号" in _Tags(drawn([])).texts


def test_the_legend_counts_each_status() -> None:
    html = drawn(network())
    assert re.findall(r'<li class="(\w+)">.*?<b>(\d+)</b>', html) == [
        ("critical", "150"),
        ("warning", "150"),
        ("unknown", "150"),
        ("good", "150"),
    ]


# --- the list -----------------------------------------------------------------------------------------------------------


def test_the_list_says_the_same_worst_first() -> None:
    stores = network()
    tags = _Tags(listed(stores))
    assert [a["href"] for a in tags.of("a")] == [href_of(s.store_id) for s in worst_first(stores)]
    assert [a["href"] for a in _Tags(drawn(stores)).dots()] == [a["href"] for a in tags.of("a")][::-1]
    order = [a["class"] for a in tags.of("tr")[1:]]
    assert order == ["critical"] * 150 + ["warning"] * 150 + ["unknown"] * 150 + ["good"] * 150
    assert [tags.texts.count(word) for word in ("告警", "注意", "无法判断", "正常")] == [150] * 4


def test_of_two_reds_the_one_farther_from_its_target_comes_first() -> None:
    stores = [
        dot(1, Status.CRITICAL, shortfall=0.1), dot(2, Status.GOOD), dot(3, Status.CRITICAL, shortfall=0.4),
        dot(4, Status.CRITICAL, shortfall=0.4),
    ]  # fmt: skip
    assert [a["href"] for a in _Tags(listed(stores)).of("a")] == [
        href_of(stores[at].store_id) for at in (2, 3, 0, 1)
    ]


def test_a_column_that_nobody_fills_is_left_out() -> None:
    def heads(*stores: StoreDot) -> list[str]:
        return re.findall(r'<button type="button" class="sort">([^<]*)</button>', listed(list(stores), EN))

    assert heads(dot(1)) == ["State", "Store", "Value"]
    assert heads(dot(1, Status.CRITICAL, days=3, place=same("Xi'an"))) == [
        "State",
        "Store",
        "Place",
        "Value",
        "Days",
    ]
    assert heads(dot(1, target_text="90 %"), dot(2, target_text="80 %")) == [
        "State",
        "Store",
        "Value",
        "Target",
    ]


def test_a_target_that_all_share_is_told_once() -> None:
    texts = _Tags(listed([dot(1, target_text="目标 ≥ 90 %"), dot(2, target_text="目标 ≥ 90 %")])).texts
    assert texts.count("目标 ≥ 90 %") == 1


def test_numbers_sort_by_value_and_not_by_their_text() -> None:
    cells = [
        a for a in _Tags(listed([dot(1, value=0.846), dot(2, value=None)])).of("td") if a["class"] == "amount"
    ]
    assert [a.get("data-sort") for a in cells] == ["0.846", ""]


def test_the_list_is_folded_until_asked_for() -> None:
    assert "open" not in _Tags(listed([dot(1)])).of("details")[0]
    opened = to_html(store_table([dot(1)], ZH, href_of=href_of, title=TITLE, opened=True))
    assert "open" in _Tags(opened).of("details")[0]
