"""Stores and the units that contain them, as SELECTs and what becomes of their rows: names, sites, what lies above a unit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from data_access import schema
from data_access.compile import once
from data_access.scope import Scope, limit_to
from kpi import catalog
from kpi.organisation import BELOW, OrgUnit, Site
from kpi.text import Text

Only = tuple[tuple[str, tuple[str, ...]], ...]


@once
def above(unit: OrgUnit, scope: Scope) -> Select[Any]:
    """One store of a unit: it knows all the units above."""
    store = schema.STORE
    kinds = {kind: store.c[catalog.dimension(kind).column] for kind in BELOW if kind != "network"}
    query = select(*(column.label(kind) for kind, column in kinds.items())).where(
        kinds[unit.kind] == unit.member
    )
    return limit_to(scope, store, query.order_by(store.c.store_id).limit(1))


@once
def tier(store_id: str, scope: Scope) -> Select[Any]:
    store = schema.STORE
    return limit_to(scope, store, select(store.c.tier).where(store.c.store_id == store_id))


@once
def sites(only: Only, scope: Scope) -> Select[Any]:
    store = schema.STORE
    columns = ("store_id", "name_en", "name_zh", "longitude", "latitude", "region", "province", "city")
    query = (
        select(*(store.c[name] for name in (*columns, "store_type", "tier")))
        .where(store.c.live_on.is_not(None))
        .order_by(store.c.store_id)
    )
    for key, members in only:
        query = query.where(store.c[catalog.dimension(key).column].in_(sorted(members)))
    return limit_to(scope, store, query)


@once
def names(kind: str, scope: Scope) -> Select[Any]:
    store, place = schema.STORE, schema.PLACE
    if kind == "store":
        query = select(store.c.store_id.label("key"), store.c.name_en, store.c.name_zh)
        return limit_to(scope, store, query.order_by(store.c.store_id))
    column = store.c[catalog.dimension(kind).column]
    # A place that nobody named stands for itself, as its stores must still be found.
    query = (
        select(
            column.label("key"),
            func.coalesce(func.max(place.c.name_en), column).label("name_en"),
            func.coalesce(func.max(place.c.name_zh), column).label("name_zh"),
        )
        .select_from(store.outerjoin(place, place.c.place_id == column))
        .where(column.is_not(None))
        .group_by(column)
        .order_by(column)
    )
    return limit_to(scope, store, query)


def sites_of(frame: Any) -> tuple[Site, ...]:
    return tuple(
        Site(
            row.store_id,
            Text(row.name_en, row.name_zh),
            row.longitude,
            row.latitude,
            row.region,
            row.province,
            row.city,
            row.store_type,
            row.tier,
        )
        for row in frame.itertuples(index=False)
    )


def names_of(frame: Any) -> dict[str, Text]:
    return {row.key: Text(row.name_en, row.name_zh) for row in frame.itertuples(index=False)}
