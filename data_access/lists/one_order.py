"""One work order and what belongs to it. The first SELECT finds it inside the scope; the others follow it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, Table, and_, case, literal_column, select

from data_access.dialects import quotient, seconds_between
from data_access.errors import NoOrderNamed
from data_access.lists.store import STORE_COLUMNS
from data_access.rollup.store import wait_minutes
from data_access.schema import (
    APPOINTMENT,
    BAY_SESSION,
    COMEBACK,
    COMPLAINT,
    CUSTOMER,
    LABOUR_LINE,
    PART,
    PART_LINE,
    STORE,
    SURVEY,
    TECHNICIAN,
    VEHICLE,
    WORK_ORDER,
)
from kpi.listing import ListQuestion


def _asked(question: ListQuestion) -> str:
    if not question.order:
        raise NoOrderNamed
    return question.order


def order(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    """At most one row, or one a first order where it is the return of several."""
    asked, one = _asked(question), WORK_ORDER.c
    car = _joined(VEHICLE, "vehicle_id", asked)
    owner = _joined(CUSTOMER, "customer_id", asked)
    booking = _joined(APPOINTMENT, "appointment_id", asked)
    back = select(COMEBACK).where(COMEBACK.c.parent_work_order_id == asked).subquery("back")
    first = select(COMEBACK).where(COMEBACK.c.work_order_id == asked).subquery("first")
    rows = (
        WORK_ORDER.join(STORE, STORE.c.store_id == one.store_id)
        .outerjoin(owner, owner.c.customer_id == one.customer_id)
        .outerjoin(car, car.c.vehicle_id == one.vehicle_id)
        .outerjoin(booking, booking.c.appointment_id == one.appointment_id)
        .outerjoin(back, back.c.parent_work_order_id == one.work_order_id)
        .outerjoin(first, first.c.work_order_id == one.work_order_id)
    )
    own = (
        "work_order_id", "status", "service_kind", "order_type", "root_cause", "labour_amount", "parts_amount",
        "arrived_at", "work_started_at", "work_ended_at", "promised_at", "delivered_at", "settled_at", "odometer_km",
        "complete",
    )  # fmt: skip
    return (
        select(
            *(one[name] for name in own),
            *STORE_COLUMNS,
            (one.labour_amount + one.parts_amount).label("amount"),
            booking.c.slot_starts_at,
            case((one.work_started_at.is_not(None), wait_minutes(WORK_ORDER, booking))).label("waited"),
            car.c.model,
            car.c.powertrain,
            car.c.plate,
            owner.c.name.label("customer"),
            owner.c.phone,
            back.c.work_order_id.label("return_id"),
            back.c.returned_at,
            back.c.hours_after,
            first.c.parent_work_order_id.label("return_of"),
        )
        .select_from(rows)
        .where(one.work_order_id == asked)
        .order_by(first.c.parent_work_order_id)
    )


def _joined(table: Table, key: str, order: str) -> Subquery:
    """The rows of a large table that the order names: joined whole, millions would be held to find one."""
    named = select(WORK_ORDER.c[key]).where(WORK_ORDER.c.work_order_id == order)
    return select(table).where(table.c[key].in_(named)).subquery(f"its_{table.name}")


def _of_order(question: ListQuestion, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Rows of a table that name the order."""
    return _rows(question, table, table.join(STORE, STORE.c.store_id == table.c.store_id), *columns)


def _rows(
    question: ListQuestion, table: Table, rows: FromClause, *columns: ColumnElement[Any]
) -> Select[Any]:
    return (
        select(table.c.work_order_id, STORE.c.store_id, *columns)
        .select_from(rows)
        .where(table.c.work_order_id == _asked(question))
    )


def order_labour(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    line, who = LABOUR_LINE.c, TECHNICIAN.c
    rows = LABOUR_LINE.join(STORE, STORE.c.store_id == line.store_id).outerjoin(
        TECHNICIAN, and_(who.technician_id == line.technician_id, who.store_id == line.store_id)
    )
    names = ("line_no", "technician_id", "op_code", "fault_code", "standard_hours", "billed_hours")
    columns = [line[name] for name in (*names, "clock_hours", "amount")]
    return _rows(question, LABOUR_LINE, rows, *columns, who.name.label("technician"), who.skill).order_by(
        line.line_no
    )


def order_parts(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    line, part = PART_LINE.c, PART.c
    rows = PART_LINE.join(STORE, STORE.c.store_id == line.store_id).outerjoin(
        PART, part.part_no == line.part_no
    )
    columns = (line.line_no, line.part_no, line.quantity, line.amount, part.category)
    names = (part.name_zh.label("part_zh"), part.name_en.label("part_en"))
    return _rows(question, PART_LINE, rows, *columns, *names).order_by(line.line_no)


def order_bays(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    held = BAY_SESSION.c
    minutes = quotient(seconds_between(held.started_at, held.ended_at), literal_column("60.0"))
    columns = (held.bay_id, held.state, held.started_at, held.ended_at, minutes.label("minutes"))
    return _of_order(question, BAY_SESSION, *columns).order_by(held.started_at, held.bay_id)


def order_surveys(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    names = ("survey_id", "kind", "sent_at", "answered_at", "satisfaction", "nps_score", "csi_score")
    columns = [SURVEY.c[name] for name in (*names, "followed_up_at")]
    return _of_order(question, SURVEY, *columns).order_by(SURVEY.c.sent_at, SURVEY.c.survey_id)


def order_complaints(question: ListQuestion, _as_of: datetime) -> Select[Any]:
    names = ("complaint_id", "received_at", "cause", "severity", "closed_at")
    columns = [COMPLAINT.c[name] for name in names]
    return _of_order(question, COMPLAINT, *columns).order_by(
        COMPLAINT.c.received_at, COMPLAINT.c.complaint_id
    )
