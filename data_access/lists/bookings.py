"""The single bookings behind a metric: each with what it adds to the numerator and the denominator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, select, true

from data_access.derived import BOOKING
from data_access.dialects import moment
from data_access.errors import NotMadeOfOrders
from data_access.lists.orders import NEWEST, NOTHING
from data_access.lists.store import STORE_COLUMNS
from data_access.schema import APPOINTMENT, STORE
from kpi import catalog
from kpi.listing import ListQuestion

_ONE: ColumnElement[Any] = literal_column("1")
_ZERO: ColumnElement[Any] = literal_column("0")
BEHIND_BOOKINGS = {
    "show_rate": (BOOKING.c.arrived, BOOKING.c.due),
    "no_show_rate": (BOOKING.c.missed, BOOKING.c.due),
    "channel_no_show": (BOOKING.c.missed, BOOKING.c.due),
    "bookings_standing": (BOOKING.c.stands, NOTHING),
    "bay_loss_no_show": (BOOKING.c.missed_minutes, BOOKING.c.missed),
}
"""What each booking adds to the metric. Of the bay time of no-shows it is what was planned; others may have filled it."""


def bookings_behind(question: ListQuestion, as_of: datetime, newest: bool = False) -> Select[Any]:
    """Bookings of `question.metric`, the newest slot first; those that add nothing to either part stay away.

    With `newest` only those of the period's last days."""
    metric = catalog.metric(question.metric or "")
    if metric.key not in BEHIND_BOOKINGS:
        raise NotMadeOfOrders(metric.name)
    top, bottom = BEHIND_BOOKINGS[metric.key]
    window = metric.window(question.period, as_of.date() - timedelta(1))
    first = max(window.first, window.last - NEWEST + timedelta(1)) if newest else window.first
    booking, row = BOOKING.c, APPOINTMENT.c
    counts = case((func.abs(top) + func.coalesce(func.abs(bottom), 0) > 0, _ONE), else_=_ZERO) == 1
    return (
        select(
            row.appointment_id,
            *STORE_COLUMNS,
            row.slot_starts_at,
            row.channel,
            row.service_kind,
            row.planned_hours,
            row.status,
            row.cancelled_at,
            top.label("top"),
            bottom.label("bottom"),
        )
        .select_from(
            APPOINTMENT.join(BOOKING, booking.appointment_id == row.appointment_id).join(
                STORE, STORE.c.store_id == row.store_id
            )
        )
        .where(
            and_(booking.day.between(first, window.last), row.day.between(first, window.last)),
            # Metrics of what came of the slots know none that lie ahead; those of single bookings count them.
            true() if metric.source == "booking" else row.slot_starts_at <= moment(as_of),
            counts,
        )
        .order_by(row.slot_starts_at.desc(), row.appointment_id)
    )
