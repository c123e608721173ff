"""The rollups of technicians and parts: technician_day and part_week."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Select, and_, func, select

from data_access.dialects import period_start
from data_access.rollup.additive import Part, Sql, count_if, leg, rollup_of
from data_access.schema import (
    ATTENDANCE,
    COMEBACK,
    LABOUR_LINE,
    PART_REQUEST,
    SURVEY,
    TECHNICIAN_DAY,
    WORK_ORDER,
)  # fmt: skip

_KEYS = ("technician_id", "store_id", "day")


def technician_day(part: Part) -> Select[Any]:
    """Additive parts of a technician's day. Lines of all order types count: an internal job also takes hours."""
    attendance, line, comeback = part.of(ATTENDANCE), part.of(LABOUR_LINE), part.of(COMEBACK)
    legs = [
        leg(attendance, _by_day(attendance), attended_hours=func.sum(attendance.c.attended_hours)),
        leg(
            line,
            _by_day(line),
            (line.c.technician_id.is_not(None),),
            clock_hours=func.sum(line.c.clock_hours),
            billed_hours=func.sum(line.c.billed_hours),
            revenue=func.sum(line.c.amount),
        ),
        _eligible(part),
        leg(
            comeback,
            _by_day(comeback),
            (comeback.c.technician_id.is_not(None),),
            returned_30d=count_if(comeback.c.hours_after <= 30 * 24),
        ),
        _rating(part),
    ]
    return rollup_of(TECHNICIAN_DAY, _KEYS, legs)


def part_week(part: Part) -> Select[Any]:
    """Demand for a part at a store in a week; `day` is the Monday."""
    rows = part.of(PART_REQUEST)
    keys = [rows.c.store_id, rows.c.part_no, period_start("week", rows.c.day)]
    named = [column.label(name) for column, name in zip(keys, ("store_id", "part_no", "day"), strict=True)]
    measures = ("quantity", "lines", "lines_filled", "lines_emergency", "lines_lost")
    sums = [func.sum(rows.c[name]).label(f"{name}_") for name in measures]
    weeks = select(*(column.label(f"{column.name}_") for column in named), *sums).group_by(*keys).subquery()
    renamed = [weeks.c[f"{name}_"].label(name) for name in ("store_id", "part_no", "day", *measures)]
    return select(*renamed).order_by(weeks.c.store_id_, weeks.c.day_)


def _by_day(rows: FromClause) -> dict[str, Sql]:
    return {"technician_id": rows.c.technician_id, "store_id": rows.c.store_id, "day": rows.c.day}


def _eligible(part: Part) -> Select[Any]:
    """Eligible repairs by handover day and the technician of the main operation, which is the first line."""
    order, line = part.of(WORK_ORDER), part.of(LABOUR_LINE)
    main = and_(
        order.c.work_order_id == line.c.work_order_id, line.c.line_no == 1, line.c.technician_id.is_not(None)
    )
    keys = {"technician_id": line.c.technician_id, "store_id": order.c.store_id, "day": order.c.delivered_on}
    eligible = (order.c.fix_eligible, order.c.delivered_on.is_not(None))
    return leg(order.join(line, main), keys, eligible, fix_eligible=func.count())


def _rating(part: Part) -> Select[Any]:
    survey = part.of(SURVEY)
    rating = survey.c.satisfaction
    answered = and_(survey.c.kind == "2h", rating.is_not(None), survey.c.technician_id.is_not(None))
    return leg(
        survey,
        _by_day(survey),
        (answered,),
        rating_answers=func.count(),
        rating_sum=func.sum(rating),
        rating_sum_squared=func.sum(rating * rating),
    )
