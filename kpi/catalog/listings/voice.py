"""Customers who must be called back: low scores and open complaints."""

from __future__ import annotations

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Kind, Listing
from kpi.metric import Unit
from kpi.text import Text

CAUSES = {
    "price": Text("Price", "价格"),
    "quality": Text("Quality", "质量"),
    "attitude": Text("Attitude", "态度"),
    "time": Text("Time", "时间"),
    "other": Text("Other", "其他"),
}
SEVERITIES = {"normal": Text("Normal", "一般"), "severe": Text("Severe", "严重")}

LISTINGS = (
    Listing(
        key="low_scores",
        name=Text("Low scores not called back", "未回访的低分"),
        description=Text(
            "Answers of 1 or 2 of 5 without a follow-up, the oldest first. Call within 24 hours.",
            "1–2分且尚未回访的评价，最久者在前；应在24小时内回访。",
        ),
        id_column="survey_id",
        columns=(
            Column("survey_id", Text("Survey", "问卷号")),
            *STORE_COLUMNS,
            Column("work_order_id", Text("Order", "工单号"), links="order"),
            Column("answered_at", Text("Answered", "评价时间"), Kind.TIME),
            Column("satisfaction", Text("Score", "评分"), Unit.RATING),
            Column("hours_open", Text("Open for", "已过"), Unit.HOURS, elapsed=True),
        ),
    ),
    Listing(
        key="open_complaints",
        name=Text("Open complaints", "未关闭投诉"),
        description=Text(
            "Tickets not closed, severe ones first, then the oldest.",
            "未关闭的投诉单，严重者在前，其次按时间。",
        ),
        id_column="complaint_id",
        columns=(
            Column("complaint_id", Text("Ticket", "投诉单号")),
            *STORE_COLUMNS,
            Column("work_order_id", Text("Order", "工单号"), links="order"),
            Column("received_at", Text("Received", "受理时间"), Kind.TIME),
            Column("cause", Text("Cause", "原因"), words=CAUSES),
            Column("severity", Text("Severity", "严重程度"), words=SEVERITIES),
            Column("hours_open", Text("Open for", "已过"), Unit.HOURS, elapsed=True),
        ),
    ),
)
