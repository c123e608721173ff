"""From orders as files tell them to the contract: statuses, days, flags, comebacks, and how fresh each store is.

Table `orders` has one row an order and every field of fields.py, from this file and, when appending, from earlier
ones. What no file tells stays NULL: only what follows from the rows themselves is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa
from sqlalchemy import Table

from data_access.load.dimensions import CUSTOMERS, STORES, VEHICLES, VISITS, places
from data_access.load.mapping import OrderMapping
from data_access.load.typed import literal, one_of
from data_access.schema import COMEBACK, CUSTOMER, PLACE, STORE, SYNC_RUN, VEHICLE, VISIT, WORK_ORDER
from kpi.catalog.sources import REGIONS
from kpi.text import Text

SOURCE_SYSTEM = "dms"
_DONE = ("delivered", "settled")
_COMPLETE = (
    "vehicle_id", "customer_id", "delivered_on", "odometer_km", "root_cause", "labour_amount", "parts_amount",
)  # fmt: skip
"""What an order's header has to tell besides its arrival (domain.md 2.2 G; the technician stands on the lines)."""

_BATCH = 1_000_000


@dataclass(frozen=True)
class Derivation:
    """How orders become the contract's tables: the mapping's rules, and the times of the load."""

    mapping: OrderMapping
    as_of: datetime
    loaded_at: datetime

    def build(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create `work_order` (with the store, vehicle and customer fields still on it) and `comeback`."""
        connection.execute(f"create table work_order as {self._work_orders()}")
        connection.execute(f"create table comeback as {self._comebacks()}")

    def tables(self, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Table, pa.Table]]:
        """The rows of every table that the orders can fill. Needs `build`, and `refused` (store_id, refused)."""
        own = ", ".join(column.name for column in WORK_ORDER.columns if column.name != "appointment_id")
        names = {**REGIONS, **{key: Text(place.en, place.zh) for key, place in self.mapping.places.items()}}
        queries = {
            PLACE: places(names),
            STORE: STORES,
            CUSTOMER: CUSTOMERS,
            VEHICLE: VEHICLES,
            WORK_ORDER: f"select {own} from work_order order by store_id, arrived_on, work_order_id",
            COMEBACK: "from comeback",
            VISIT: VISITS,
            SYNC_RUN: self._sync_runs(),
        }
        for table, query in queries.items():
            for batch in connection.execute(query).to_arrow_reader(_BATCH):
                yield table, pa.Table.from_batches([batch])

    def _work_orders(self) -> str:
        by_arrival = self.mapping.rules.handover_day == "arrival"
        handover = f"case when {one_of('status', _DONE)} then arrived_on end" if by_arrival else "null"
        repair = (
            " and ".join(one_of(name, words) for name, words in self.mapping.rules.repair.items()) or "true"
        )
        complete = " and ".join(f"{name} is not null" for name in _COMPLETE)
        return f"""
            with dated as (
                select * replace (arrived_at::date as arrived_on, coalesce(delivered_at::date, delivered_on) as delivered_on,
                    coalesce(settled_at::date, settled_on) as settled_on, coalesce(drop_off = 'true', false) as drop_off)
                from orders
            ), told as (
                select * replace (coalesce(status, case when settled_on is not null then 'settled'
                    when delivered_on is not null then 'delivered' when work_ended_at is not null then 'ready'
                    when work_started_at is not null then 'working' else 'waiting' end) as status)
                from dated
            ), handed_over as (
                select * replace (coalesce(delivered_on, {handover}) as delivered_on) from told
            ), later as (
                select work_order_id from orders where vehicle_id is not null qualify row_number() over (
                    partition by vehicle_id, arrived_at::date order by arrived_at, work_order_id) > 1
            )
            select *, coalesce({repair}, false) as is_repair,
                coalesce(is_repair and order_type in ('customer_pay', 'warranty')
                    and root_cause is not null and vehicle_id is not null, false) as fix_eligible,
                {complete} as complete, later.work_order_id is null as first_of_visit
            from handed_over left join later using (work_order_id)
        """

    def _comebacks(self) -> str:
        """The next repair of the same vehicle with the same fault, when it came within 30 days of the handover.

        A handover known to the day only ends with that day, so a second order of the same day is no return.
        """
        return """
            with parents as (
                select *, coalesce(delivered_at, delivered_on + interval 1 day - interval 1 second) as left_at,
                    coalesce(delivered_at, delivered_on::timestamp) as handed_over_at
                from work_order where fix_eligible and delivered_on is not null
            ), returns as (
                select vehicle_id, root_cause, arrived_at, min(work_order_id) as work_order_id
                from work_order where is_repair group by all
            )
            select p.work_order_id as parent_work_order_id, r.work_order_id, p.store_id, p.delivered_on as day,
                r.arrived_at as returned_at, date_diff('second', p.handed_over_at, r.arrived_at) / 3600.0 as hours_after
            from parents p asof join returns r
                on p.vehicle_id = r.vehicle_id and p.root_cause = r.root_cause and p.left_at < r.arrived_at
            where r.arrived_at <= p.handed_over_at + interval 30 days
            order by p.store_id, p.delivered_on
        """

    def _sync_runs(self) -> str:
        """One run a store: it is as fresh as the file, also when its own last order is older."""
        as_of, loaded_at = (
            literal(moment.isoformat(" ", "seconds")) for moment in (self.as_of, self.loaded_at)
        )
        return f"""
            select '{SOURCE_SYSTEM}' as source, store_id, date {literal(self.as_of.date())} as day,
                timestamp {as_of} as extracted_at, timestamp {loaded_at} as loaded_at,
                loaded + coalesce(refused, 0) as rows_source, loaded as rows_loaded,
                coalesce(refused, 0) = 0 as verified
            from (select store_id, count(*) as loaded from work_order group by 1)
            left join refused using (store_id) order by store_id
        """
