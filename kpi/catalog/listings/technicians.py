"""Technicians by quality first: who needs coaching, who can mentor. Tiers, never a public bottom list."""

from __future__ import annotations

from kpi.catalog.listings.orders import STORE_COLUMNS
from kpi.listing import Column, Kind, Listing, Personal
from kpi.metric import Unit
from kpi.text import Text

SKILLS = {
    "apprentice": Text("Apprentice", "学徒"),
    "junior": Text("Junior", "初级"),
    "senior": Text("Senior", "高级"),
    "master": Text("Master", "技师长"),
}

TIERS = {
    "a": Text("A, leading", "A 领先"),
    "b": Text("B, solid", "B 良好"),
    "c": Text("C, middle", "C 中等"),
    "d": Text("D, to support", "D 待支持"),
    "none": Text("Too few cases", "样本不足"),
}
ROOT_CAUSES = {
    "routine": Text("Routine", "常规"),
    "wear": Text("Wear", "磨损"),
    "diagnosis": Text("Diagnosis", "诊断"),
    "workmanship": Text("Workmanship", "施工"),
    "part_quality": Text("Part quality", "配件质量"),
    "parts_unavailable": Text("Part not available", "缺件"),
    "design": Text("Design", "设计"),
    "accident": Text("Accident", "事故"),
}
_WHO = (
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
)
_REWORK = Column("rework", Text("Rework rate", "返修率"), Unit.SHARE)
_REPAIRS = Column("repairs", Text("Repairs", "维修单"), Unit.COUNT)
_EXPECTED = Column("expected", Text("To be expected", "应有返修率"), Unit.SHARE)
_INDEX = Column("index", Text("Rework index", "返修指数"), Unit.NUMBER)
_RANGE = (
    Column("index_low", Text("Index, low", "指数下限"), Unit.NUMBER),
    Column("index_high", Text("Index, high", "指数上限"), Unit.NUMBER),
)
_EFFICIENCY = Column("efficiency", Text("Efficiency", "效率"), Unit.SHARE)
_UTILISATION = Column("utilisation", Text("Utilisation", "利用率"), Unit.SHARE)
_RATING = Column("rating", Text("Rating", "评分"), Unit.RATING)
_ANSWERS = Column("answers", Text("Answers", "评价数"), Unit.COUNT)
_TIER = Column("tier", Text("Tier", "梯队"), words=TIERS)

LISTINGS = (
    Listing(
        key="technicians",
        name=Text("Technicians by tier", "技师梯队"),
        description=Text(
            "Points: 50 quality, 30 efficiency, 20 rating, of 90 days. Quality is rework over what skill and store lead to "
            "expect, chance taken out (index 1 is as expected; 0 is 100 points, 2 is none); efficiency 70 to 130 %; rating 3 "
            "to 5. When rework is with 90 % certainty above 1.2 times the expected, efficiency points do not count. Tiers and "
            "ranks are among all of the same skill; the range holds the true rank with 90 % certainty. Below 30 repairs nobody "
            "is judged.",
            "综合分=质量50+效率30+评分20（近90天）。质量为返修与按级别和门店应有水平之比，已剔除偶然（1为应有水平，0得满分，2得零分）；"
            "效率70 %–130 %计分；评分3–5计分。返修有90 %把握高于应有1.2倍时，效率不计分。梯队与名次在同级别技师中评定，"
            "名次区间以90 %把握包含真实名次；维修单不足30不评。",
        ),
        id_column="technician_id",
        columns=(
            *_WHO,
            _TIER,
            Column("rank_low", Text("Rank, from", "名次自"), Unit.COUNT),
            Column("rank_high", Text("Rank, to", "名次至"), Unit.COUNT),
            Column("peers", Text("Of", "同级人数"), Unit.COUNT),
            Column("total", Text("Points", "综合分"), Unit.SCORE),
            Column("quality_points", Text("Quality points", "质量分"), Unit.SCORE, on_screen=False),
            Column("efficiency_points", Text("Efficiency points", "效率分"), Unit.SCORE, on_screen=False),
            Column("rating_points", Text("Rating points", "评分分"), Unit.SCORE, on_screen=False),
            Column("gate", Text("Quality gate closed", "质量门槛未过"), Kind.FLAG),
            _INDEX,
            _REWORK,
            _REPAIRS,
            _EFFICIENCY,
            _UTILISATION,
            _RATING,
            _ANSWERS,
        ),
    ),
    Listing(
        key="coaching",
        name=Text("To coach", "辅导名单"),
        description=Text(
            "Whose repairs come back, with 90 % certainty, more than 1.2 times as often as those of colleagues of the same "
            "skill in the same store. The most certain help first. For a plan of coaching, not for punishment.",
            "返修有90 %把握高于同店同级同事1.2倍的技师，差距最大者在前。用于制定辅导计划，不用于处罚。",
        ),
        id_column="technician_id",
        columns=(
            *_WHO,
            _INDEX,
            *_RANGE,
            _REWORK,
            _EXPECTED,
            Column("returned", Text("Came back", "返修单"), Unit.COUNT),
            _REPAIRS,
            _EFFICIENCY,
            _UTILISATION,
        ),
    ),
    Listing(
        key="mentors",
        name=Text("Can mentor", "带教名单"),
        description=Text(
            "Tier A of their skill, and with 90 % certainty less than 0.85 of the rework to be expected.",
            "同级A梯队，且返修有90 %把握低于应有水平的0.85倍。",
        ),
        id_column="technician_id",
        columns=(*_WHO, _INDEX, *_RANGE, _REWORK, _EXPECTED, _REPAIRS, _EFFICIENCY, _RATING, _ANSWERS),
    ),
    Listing(
        key="rework_orders",
        name=Text("Orders behind the rework", "返修背后的工单"),
        description=Text(
            "Repairs that came back with the same fault within 30 days, charged to who did the failing operation.",
            "30天内同故障返修的工单，归因到实施该项目的技师。",
        ),
        id_column="work_order_id",
        columns=(
            Column("work_order_id", Text("Order", "工单号"), links="order"),
            *STORE_COLUMNS,
            Column("technician_id", Text("Technician", "技师"), links="technician"),
            Column("delivered_at", Text("Handed over", "交车"), Kind.TIME),
            Column("op_code", Text("Operation", "项目")),
            Column("fault_code", Text("Fault", "故障")),
            Column("root_cause", Text("Root cause", "根因"), words=ROOT_CAUSES),
            Column("returned_at", Text("Came back", "返修进厂"), Kind.TIME),
            Column("days_after", Text("After", "间隔"), Unit.DAYS),
            Column("return_id", Text("Order of the return", "返修工单"), links="order"),
        ),
    ),
)
