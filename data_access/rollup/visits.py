"""Visits of vehicles in care, with when the next one is expected: what both rollups of customers start from.

Working them out costs more than all that is then done with them, so a publisher keeps them while it builds a base part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    select,
)
from sqlalchemy.sql.functions import Function

from data_access.dialects import add_days, add_months, days_between, moment, quotient
from data_access.rollup.additive import Part, Sql, whole
from data_access.schema import CUSTOMER, VEHICLE, VISIT

LONG_AGO, NEVER = date(1970, 1, 1), date(2100, 1, 1)
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


CARE_VISIT = Table(
    "care_visit",
    MetaData(),
    Column("store_id", String, nullable=False, comment="home store"),
    Column("customer_id", String, nullable=False),
    Column("vehicle_id", String, nullable=False),
    Column("several", Boolean, nullable=False, comment="the customer has more than one vehicle"),
    Column("day", Date, nullable=False),
    Column("sold_on", Date, nullable=False, comment="NEVER while owned"),
    Column(
        "previous_day", Date, nullable=False, comment="the vehicle's visit before; LONG_AGO for the first"
    ),
    Column("next_day", Date, nullable=False, comment="the one after while owned; NEVER for the last"),
    Column("due_on", Date, comment="when the next one is expected"),
    comment="A visit while the vehicle was its owner's. Kept only while the rollups of a base part are built.",
)


def care_visit(part: Part) -> Select[Any]:
    """The rows of CARE_VISIT."""
    vehicle, customer = part.of(VEHICLE), part.of(CUSTOMER)
    visit = _neighbours(part)
    owned = vehicle.join(customer, vehicle.c.customer_id == customer.c.customer_id)
    fleet = select(vehicle.c.customer_id).group_by(vehicle.c.customer_id).having(func.count() > 1).subquery()
    sold_on = func.coalesce(vehicle.c.sold_on, moment(NEVER))
    rows = (
        select(
            customer.c.store_id,
            vehicle.c.customer_id,
            vehicle.c.vehicle_id,
            fleet.c.customer_id.is_not(None).label("several"),
            sold_on.label("sold_on_"),
            vehicle.c.interval_days,
            vehicle.c.interval_km,
        )
        .select_from(owned.outerjoin(fleet, vehicle.c.customer_id == fleet.c.customer_id))
        .subquery()
    )
    runs = and_(visit.c.run_days >= _DAYS_OF_READINGS, visit.c.run_km > 0)
    sooner = rows.c.interval_km * visit.c.run_days < rows.c.interval_days * visit.c.run_km
    by_km = func.floor(quotient(rows.c.interval_km * visit.c.run_days, visit.c.run_km))
    expected = case((and_(runs, sooner), by_km), else_=rows.c.interval_days)
    return (
        select(
            rows.c.store_id,
            rows.c.customer_id,
            rows.c.vehicle_id,
            rows.c.several,
            visit.c.day,
            rows.c.sold_on_.label("sold_on"),
            visit.c.previous_day,
            case((visit.c.following_day < rows.c.sold_on_, visit.c.following_day), else_=moment(NEVER)).label(
                "next_day"
            ),
            add_days(visit.c.day, expected).label("due_on"),
        )
        .select_from(rows.join(visit, rows.c.vehicle_id == visit.c.vehicle_id))
        .where(visit.c.day < rows.c.sold_on_)
    )


def _neighbours(part: Part) -> FromClause:
    """Every visit with the days of the one before and the one after, and what the last odometer readings tell."""
    visit = part.of(VISIT)
    history = Window(visit.c.vehicle_id, visit.c.day)
    recent = Window(visit.c.vehicle_id, visit.c.day, (1 - _READINGS, 0))
    read_on = case((visit.c.odometer_km.is_not(None), visit.c.day))
    return (
        select(
            visit.c.vehicle_id,
            visit.c.day,
            history.over(func.lag(visit.c.day, 1, moment(LONG_AGO))).label("previous_day"),
            history.over(func.lead(visit.c.day, 1, moment(NEVER))).label("following_day"),
            days_between(recent.over(func.min(read_on)), visit.c.day).label("run_days"),
            (visit.c.odometer_km - recent.over(func.min(visit.c.odometer_km))).label("run_km"),
        )
        .where(visit.c.day <= moment(part.complete_day))
        .subquery()
    )


def months_over(day: Sql, months: int) -> Sql:
    """The first day on which a visit of `day` is more than some months ago."""
    return add_days(add_months(day, whole(months)), whole(1))
