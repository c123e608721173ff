"""Technicians by quality first: who needs coaching, who can mentor. Tiers, never a public bottom list."""

from __future__ import annotations

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Listing, Personal
from kpi.metric import Unit
from kpi.text import Text

SKILLS = {
    "apprentice": Text("Apprentice", "学徒"),
    "junior": Text("Junior", "初级"),
    "senior": Text("Senior", "高级"),
    "master": Text("Master", "技师长"),
}

LISTINGS = (
    Listing(
        key="technicians",
        name=Text("Technicians", "技师"),
        description=Text(
            "Rework, efficiency and rating of the last 90 mature days, with what each is counted in.",
            "近90天(成熟期后)的返修率、效率与评分,并列出各自样本量。",
        ),
        id_column="technician_id",
        columns=(
            Column("technician_id", Text("No.", "工号"), links="technician"),
            Column(
                "technician",
                Text("Technician", "技师"),
                personal=Personal.TECHNICIAN,
                links="technician",
                link_key="technician_id",
            ),
            *STORE_COLUMNS,
            Column("skill", Text("Skill", "级别"), words=SKILLS),
            Column("rework", Text("Rework rate", "返修率"), Unit.SHARE),
            Column("repairs", Text("Repairs", "维修单"), Unit.COUNT),
            Column("efficiency", Text("Efficiency", "效率"), Unit.SHARE),
            Column("rating", Text("Rating", "评分"), Unit.RATING),
            Column("answers", Text("Answers", "评价数"), Unit.COUNT),
        ),
    ),
)
