"""全国门店: where is it well, where not? 600 stores by any metric, coloured and shaped by its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from components import format, html, map_wording, wording
from components.headline import counted
from components.html import Element
from components.reader import Reader
from components.shell import Menu
from components.state import bad_days, times, until, word
from components.store_map import ProvinceShade, StoreDot, store_map, worst_first
from components.store_table import store_table
from components.tile import target_line
from kpi import catalog
from kpi.answer import Answer
from kpi.metric import Direction
from kpi.organisation import Site
from kpi.question import Question
from kpi.text import Text
from kpi.verdict import Status
from pages import _frame, _request
from pages._judging import Judge, judging

SHOWN_FIRST = "bay_util"
BY_STORE = {
    key: metric.name
    for key, metric in catalog.METRICS.items()
    if metric.source in ("store_day", "store_time", "customer_day")
    and metric.direction is not Direction.NEUTRAL
    and metric.limits
}
"""Metrics that a store is judged by."""

_frame.register_page(__name__, "/map")


def layout(metric: str = SHOWN_FIRST, **query: Any) -> Element:
    view = _request.view("/map", query, metric=metric)
    desk, scope, reader = _request.desk(), _request.scope(), _request.reader()
    answer = desk.ask(Question(metrics=(metric,), period=view.period, split="store", only=view.only), scope)[
        metric
    ]
    sites = desk.sites(view.only, scope)
    cities = desk.names("city", scope)
    judge = judging(view, (metric,), "store")
    dots = worst_first([_dot(site, answer, judge, cities[site.city], reader) for site in sites])
    name = answer.metric.name
    shades = _shades(sites, dots)
    provinces = {} if view.unit.kind in ("province", "city", "store") else shades

    # The map and its list lead to the same 600 places.
    hrefs = {site.store_id: view.href("/", unit=f"store:{site.store_id}", metric="") for site in sites}
    drawn = [
        store_map(
            dots,
            shades,
            reader,
            href_of=hrefs.__getitem__,
            province_href=(lambda province: view.href(unit=f"province:{province}")) if provinces else None,
            title=name,
        ),
        store_table(
            dots,
            reader,
            href_of=hrefs.__getitem__,
            title=name,
            export_href=view.export_members([metric], "store"),
        ),
    ]
    said = counted(name, Counter(dot.status for dot in dots), reader)
    sizes = {"": wording.ALL_STORE_SIZES, **catalog.STORE_SIZES}
    of_size = Menu("tier", catalog.dimension("tier").name, sizes, view.state["tier"])
    menus = [
        Menu("metric", wording.INDICATOR, BY_STORE, metric),
        *([] if view.unit.kind == "store" else [of_size]),
        *([_narrowing(str(view.unit), provinces)] if provinces else []),
    ]
    return _frame.board(view, [html.Div(drawn, className="map-layout")], headline=said, menus=menus)


def _narrowing(unit: str, provinces: Mapping[str, ProvinceShade]) -> Menu:
    """What a click on a province does, for those without a mouse: the strongest wash first."""
    names = _request.desk().names("province", _request.scope())
    choices = {unit: map_wording.ALL_PROVINCES}
    for code, shade in sorted(
        provinces.items(), key=lambda item: (-item[1].level, -(item[1].share or 0.0), item[0])
    ):
        choices[f"province:{code}"] = map_wording.PROVINCE_SAID.filled(name=names[code], note=shade.told)
    return Menu("unit", catalog.dimension("province").name, choices, unit)


def _dot(site: Site, answer: Answer, judge: Judge, city: Text, reader: Reader) -> StoreDot:
    row = answer.by_member.get(site.store_id)
    measured = row.now if row else answer.total.nothing
    verdict = judge(answer, measured, site.store_id)
    return StoreDot(
        store_id=site.store_id,
        name=site.name,
        longitude=site.longitude,
        latitude=site.latitude,
        status=verdict.status,
        value_text=format.phrase(measured.value, answer.metric.unit, reader),
        state=word(verdict),
        days=bad_days(verdict, until(answer)),
        times=times(verdict),
        shortfall=verdict.shortfall,
        half=verdict.half,
        value=measured.value,
        target_text=target_line(measured, verdict, reader),
        place=city,
        peers=_peers(site.tier, site.store_type),
    )


@cache
def _peers(tier: str, store_type: str) -> Text | None:
    """Stores are compared with those of their size and ownership."""
    size, kind = catalog.STORE_SIZES.get(tier), catalog.STORE_TYPES.get(store_type)
    return wording.KIND_OF_STORE.filled(size=size, kind=kind) if size and kind else None


def _shades(sites: Sequence[Site], dots: Sequence[StoreDot]) -> dict[str, ProvinceShade]:
    """Share of red stores in each province."""
    status = {dot.store_id: dot.status for dot in dots}
    judged = Counter(site.province for site in sites if status[site.store_id] is not Status.UNKNOWN)
    red = Counter(site.province for site in sites if status[site.store_id] is Status.CRITICAL)
    return {
        site.province: ProvinceShade(red[site.province], judged[site.province], site.region) for site in sites
    }
