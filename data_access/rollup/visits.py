"""Visits of vehicles in care, with when the next one is expected: what both rollups of customers start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, and_, case, func, select
from sqlalchemy.sql.functions import Function

from data_access.dialects import add_days, add_months, days_between, moment, quotient
from data_access.rollup.additive import Part, Sql, whole
from data_access.schema import CUSTOMER, VEHICLE, VISIT

NEVER = date(2100, 1, 1)
_READINGS = 4  # odometer readings that tell how far a vehicle runs in a day
_DAYS_OF_READINGS = 30  # the least days between the first and the last of them


@dataclass(frozen=True)
class Window:
    """Rows of the same kind in their order, from some rows before to some rows after (None is without end)."""

    of: Sql
    order: Sql
    rows: tuple[int | None, int | None] | None = None

    def over(self, function: Function[Any]) -> Sql:
        return function.over(partition_by=self.of, order_by=self.order, rows=self.rows)


def visits(part: Part) -> CTE:
    """Visits while the vehicle was its owner's, with the home store, the next visit and when that is expected."""
    visit, vehicle, customer = part.of(VISIT), part.of(VEHICLE), part.of(CUSTOMER)
    owned = vehicle.join(customer, vehicle.c.customer_id == customer.c.customer_id)
    sold_on = func.coalesce(vehicle.c.sold_on, moment(NEVER))
    history = Window(visit.c.vehicle_id, visit.c.day)
    recent = Window(visit.c.vehicle_id, visit.c.day, (1 - _READINGS, 0))
    read_on = case((visit.c.odometer_km.is_not(None), visit.c.day))
    rows = (
        select(
            customer.c.store_id,
            vehicle.c.customer_id,
            vehicle.c.vehicle_id,
            visit.c.day,
            sold_on.label("sold_on_"),
            vehicle.c.interval_days,
            vehicle.c.interval_km,
            history.over(func.lead(visit.c.day, 1, moment(NEVER))).label("next_day_"),
            days_between(recent.over(func.min(read_on)), visit.c.day).label("run_days"),
            (visit.c.odometer_km - recent.over(func.min(visit.c.odometer_km))).label("run_km"),
        )
        .select_from(owned.join(visit, vehicle.c.vehicle_id == visit.c.vehicle_id))
        .where(visit.c.day <= moment(part.complete_day), visit.c.day < sold_on)
        .subquery()
    )
    runs = and_(rows.c.run_days >= _DAYS_OF_READINGS, rows.c.run_km > 0)
    sooner = rows.c.interval_km * rows.c.run_days < rows.c.interval_days * rows.c.run_km
    by_km = func.floor(quotient(rows.c.interval_km * rows.c.run_days, rows.c.run_km))
    expected = case((and_(runs, sooner), by_km), else_=rows.c.interval_days)
    return select(
        rows.c.store_id,
        rows.c.customer_id,
        rows.c.vehicle_id,
        rows.c.day,
        rows.c.sold_on_.label("sold_on"),
        rows.c.next_day_.label("next_day"),
        add_days(rows.c.day, expected).label("due_on"),
        _months_over(rows.c.day, 12).label("year_over"),
        _months_over(rows.c.day, 24).label("two_years_over"),
    ).cte("visits")


def _months_over(day: Sql, months: int) -> Sql:
    """The first day on which a visit of `day` is more than some months ago."""
    return add_days(add_months(day, whole(months)), whole(1))
