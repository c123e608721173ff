"""Spells between visits, with what was known two weeks into each: the material of the churn model, some stores at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import FromClause, Select, Table, and_, case, func, select

from data_access.dialects import add_days, day_of, days_between, moment, seconds_between
from data_access.rollup.additive import Part, whole
from data_access.rollup.call_candidate import may_be_called
from data_access.rollup.visits import LONG_AGO, care_visit
from data_access.schema import (
    APPOINTMENT,
    COMEBACK,
    COMPLAINT,
    CUSTOMER,
    CUSTOMER_STATE,
    STORE,
    SURVEY,
    VEHICLE,
    VISIT,
    WORK_ORDER,
)
from data_access.warehouse import Warehouse
from prediction.churn import SETTLED_DAYS, Spells

STORES_AT_ONCE = 40
LOW_CSI, LOW_NPS, LOW_SATISFACTION = 70, 6, 2
EPOCH = date(1970, 1, 1)
PEOPLE = (
    "vehicle_id", "customer_id", "store_id", "started", "vehicle_model", "revenue", "has_booking", "callable",
)  # fmt: skip
"""What is told of whose spells they are."""


def number(day: date) -> int:
    return (day - EPOCH).days


def store_groups(warehouse: Warehouse, size: int = STORES_AT_ONCE) -> list[tuple[str, ...]]:
    """All stores in groups, each a mix from all over the network, so that any one group is a fair sample."""
    stores = list(warehouse.fetch(select(STORE.c.store_id).order_by(STORE.c.store_id))["store_id"])
    count = -(-len(stores) // size)
    return [tuple(stores[place::count]) for place in range(count)]


def read_spells(
    warehouse: Warehouse, stores: Sequence[str], last: date, since: date
) -> tuple[pd.DataFrame, Spells]:
    """The spells of the vehicles at home in `stores` that had not ended before `since`; who they are, and their facts."""
    frame = warehouse.fetch(_spells(stores, last, since))
    frame = frame.sort_values(["vehicle_id", "started"], kind="stable").reset_index(drop=True)
    day = {
        name: _numbers(frame[name])
        for name in ("started", "next_day", "due_on", "served_on", "sold_on", "purchased_on")
    }
    warranty = _numbers(frame["warranty_ends_on"])
    return frame[[*PEOPLE]], Spells(
        started=day["started"],
        ended=day["next_day"],
        sold=day["sold_on"],
        due=np.clip(day["due_on"] - day["started"], 30.0, 730.0),
        served=np.where(np.isnan(day["served_on"]), day["started"], day["served_on"]),
        facts=Spells.facts_of(
            wait=_floats(frame["wait_minutes"]),
            low_score=_floats(frame["low_score"]),
            complaint=_floats(frame["complaints"]),
            comeback=_floats(frame["comebacks"]),
            since_warranty=day["started"] - warranty,
            age_days=day["started"] - day["purchased_on"],
            gap=_floats(frame["gap"]),
            due=np.clip(day["due_on"] - day["started"], 30.0, 730.0),
            visits=_floats(frame["place"]),
        ),
    )


def _numbers(values: pd.Series[Any]) -> Any:
    """Day numbers; NaN where there is none."""
    return ((values - pd.Timestamp(EPOCH)) / pd.Timedelta(days=1)).to_numpy(np.float64)


def _floats(values: pd.Series[Any]) -> Any:
    return values.astype("float64").to_numpy(np.float64)


def _spells(stores: Sequence[str], last: date, since: date) -> Select[Any]:
    home = select(VEHICLE.c.vehicle_id).where(VEHICLE.c.store_id.in_(sorted(stores)))

    def of(table: Table) -> FromClause:
        if table in (VISIT, VEHICLE):
            return select(table).where(table.c.vehicle_id.in_(home)).subquery()
        return table

    spell = care_visit(Part(of, _moment_after(last), last, is_base=True)).subquery()
    ordered = select(
        spell,
        func.row_number().over(partition_by=spell.c.vehicle_id, order_by=spell.c.day).label("place"),
        case(
            (spell.c.previous_day > moment(LONG_AGO), days_between(spell.c.previous_day, spell.c.day))
        ).label("gap"),
    ).subquery()
    felt, booked = _experience(home, last), _booked(last)
    vehicle, state = VEHICLE.c, CUSTOMER_STATE.c
    rows = (
        ordered.join(VEHICLE, vehicle.vehicle_id == ordered.c.vehicle_id)
        .outerjoin(felt, and_(felt.c.vehicle_id == ordered.c.vehicle_id, felt.c.arrived_on == ordered.c.day))
        .outerjoin(booked, booked.c.vehicle_id == ordered.c.vehicle_id)
        .outerjoin(CUSTOMER, CUSTOMER.c.customer_id == ordered.c.customer_id)
        .outerjoin(CUSTOMER_STATE, state.vehicle_id == ordered.c.vehicle_id)
    )
    return (
        select(
            ordered.c.vehicle_id,
            ordered.c.customer_id,
            ordered.c.store_id,
            ordered.c.day.label("started"),
            ordered.c.next_day,
            ordered.c.due_on,
            ordered.c.sold_on,
            ordered.c.place,
            ordered.c.gap,
            vehicle.purchased_on,
            vehicle.warranty_ends_on,
            felt.c.served_on,
            felt.c.wait_minutes,
            felt.c.comebacks,
            felt.c.complaints,
            felt.c.low_score,
            booked.c.vehicle_id.is_not(None).label("has_booking"),
            vehicle.model.label("vehicle_model"),
            state.revenue_24m.label("revenue"),
            case((may_be_called(CUSTOMER), 1), else_=0).label("callable"),
        )
        .select_from(rows)
        .where(ordered.c.next_day >= moment(since), ordered.c.due_on.is_not(None))
    )


def _moment_after(last: date) -> Any:
    return pd.Timestamp(last + timedelta(1)).to_pydatetime()


def _experience(home: Select[Any], last: date) -> FromClause:
    """What happened at a visit, what its customer said of it within two weeks, and when the last maintenance was."""
    order = WORK_ORDER.c
    soon = add_days(order.arrived_on, whole(SETTLED_DAYS))
    low = (
        (SURVEY.c.csi_score < LOW_CSI)
        | (SURVEY.c.nps_score <= LOW_NPS)
        | (SURVEY.c.satisfaction <= LOW_SATISFACTION)
    )
    said = (
        select(SURVEY.c.work_order_id, func.max(case((low, 1), else_=0)).label("low"))
        .where(SURVEY.c.answered_at.is_not(None), SURVEY.c.day <= moment(last))
        .group_by(SURVEY.c.work_order_id)
        .subquery()
    )
    # A survey is sent the day after the visit and a complaint follows it at once, so both are known two weeks later.
    told = (
        select(COMPLAINT.c.work_order_id, COMPLAINT.c.day).where(COMPLAINT.c.day <= moment(last)).subquery()
    )
    back = select(COMEBACK.c.work_order_id).distinct().subquery()
    rows = (
        WORK_ORDER.outerjoin(back, back.c.work_order_id == order.work_order_id)
        .outerjoin(told, and_(told.c.work_order_id == order.work_order_id, told.c.day <= soon))
        .outerjoin(said, said.c.work_order_id == order.work_order_id)
    )
    wait = seconds_between(order.arrived_at, order.work_started_at) / 60.0
    felt = (
        select(
            order.vehicle_id,
            order.arrived_on,
            func.max(case((order.service_kind == "maintenance", order.arrived_on))).label("maintained_on"),
            func.max(wait).label("wait_minutes"),
            func.count(back.c.work_order_id).label("comebacks"),
            func.count(told.c.work_order_id).label("complaints"),
            func.max(said.c.low).label("low_score"),
        )
        .select_from(rows)
        .where(order.vehicle_id.in_(home), order.arrived_on <= moment(last))
        .group_by(order.vehicle_id, order.arrived_on)
        .subquery()
    )
    until = func.max(felt.c.maintained_on).over(partition_by=felt.c.vehicle_id, order_by=felt.c.arrived_on)
    return select(felt, until.label("served_on")).subquery()


def _booked(last: date) -> FromClause:
    booking = APPOINTMENT.c
    return (
        select(booking.vehicle_id)
        .where(
            booking.day > moment(last), booking.status == "booked", day_of(booking.booked_at) <= moment(last)
        )
        .distinct()
        .subquery()
    )
