"""SQL of the tables that follow from the derived orders: visits, vehicles, customers, stores and places."""

from __future__ import annotations

from collections.abc import Mapping

from data_access.load.typed import literal
from kpi.text import Text

_MOMENT = "(arrived_at, work_order_id)"


def _latest(name: str) -> str:
    """What the newest order that tells it says."""
    return f"arg_max({name}, {_MOMENT}) filter ({name} is not null) as {name}"


def _with_home(key: str) -> str:
    """The orders of a vehicle or customer with their home store: where they came most often, and of those last."""
    return (
        f"work_order join (select {key}, store_id as home_id from work_order where {key} is not null "
        f"group by {key}, store_id qualify row_number() over "
        f"(partition by {key} order by count(*) desc, max(arrived_at) desc, store_id) = 1) using ({key})"
    )


VISITS = f"""
select vehicle_id, arg_min(customer_id, {_MOMENT}) filter (customer_id is not null) as customer_id,
    arg_min(store_id, {_MOMENT}) as store_id, arrived_on as day, max(odometer_km) as odometer_km,
    case when count(labour_amount + parts_amount) = count(*) then sum(labour_amount + parts_amount) end as amount
from work_order where vehicle_id is not null group by vehicle_id, arrived_on order by store_id, day
"""

VEHICLES = f"""
select vehicle_id, any_value(home_id) as store_id,
    {_latest("customer_id")}, {_latest("plate")}, {_latest("model")}, {_latest("powertrain")},
    {_latest("interval_days")}, {_latest("interval_km")}
from {_with_home("vehicle_id")} group by vehicle_id order by store_id, vehicle_id
"""

CUSTOMERS = f"""
select customer_id, any_value(home_id) as store_id, {_latest("customer_name").replace("as customer_name", "as name")},
    {_latest("customer_phone").replace("as customer_phone", "as phone")},
    false as marketing_consent, false as hold_out, min(arrived_on) as created_on
from {_with_home("customer_id")} group by customer_id order by store_id, customer_id
"""
"""Consent that no file gave is no consent."""

STORES = f"""
select store_id, coalesce(store_name, store_id) as name_zh, coalesce(store_name, store_id) as name_en,
    region, province, city, live_on
from (select store_id, {_latest("store_name")}, {_latest("region")}, {_latest("province")}, {_latest("city")},
    min(arrived_on) as live_on from work_order group by store_id) order by store_id
"""


def places(names: Mapping[str, Text]) -> str:
    """Every region, province and city of the stores; a code that nobody named is its own name."""
    named = ", ".join(
        f"({literal(key)}, {literal(name.zh_cn)}, {literal(name.en)})" for key, name in names.items()
    )
    return f"""
        with stores as ({STORES}), used as (
            select region as place_id, 'region' as kind, null as parent_id, 1 as level from stores
            union all select province, 'province', region, 2 from stores
            union all select city, 'city', province, 3 from stores
        ), named(place_id, zh, en) as (values {named})
        select place_id, kind, coalesce(zh, place_id) as name_zh, coalesce(en, place_id) as name_en, parent_id
        from used left join named using (place_id)
        qualify row_number() over (partition by place_id order by level, parent_id) = 1 order by level, place_id
    """
