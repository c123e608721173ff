"""The boards, each with the question it answers. Navigation, page titles and the wall render this list."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.text import Text


@dataclass(frozen=True)
class Board:
    path: str
    name: Text
    question: Text
    in_menu: bool = True
    """False for pages that are only reached from others."""
    of_business: bool = True
    """False for pages about the product itself, which only the roles that name them may open."""


BOARDS = {
    board.path: board
    for board in (
        Board(
            "/",
            Text("Business health", "业务健康度"),
            Text(
                "Is the business healthy, are we on plan, which region is the problem?",
                "业务是否健康？是否达成计划？问题在哪个大区？",
            ),
        ),
        Board(
            "/churn",
            Text("Churn warning", "流失预警"),
            Text("How many are slipping, and whom do we call first?", "多少客户正在流失？先联系谁？"),
        ),
        Board(
            "/stations",
            Text("Efficiency", "运营效率"),
            Text("Where do bays stand idle and customers wait?", "哪里工位闲置、客户久等？"),
        ),
        Board(
            "/parts",
            Text("Parts", "配件周转"),
            Text(
                "What is tied up, what will stop a car, move or buy?",
                "占用多少资金？什么将停车？调拨还是采购？",
            ),
        ),
        Board(
            "/technicians",
            Text("Technicians", "技师绩效"),
            Text("Who needs coaching, who can mentor?", "谁需要辅导？谁能带教？"),
        ),
        Board(
            "/technician",
            Text("Technician", "技师"),
            Text("How does this technician stand, and what came back?", "这位技师表现如何？哪些工单返修？"),
            in_menu=False,
        ),
        Board(
            "/map",
            Text("Stores", "全国门店"),
            Text("Where is it well, and where not?", "哪里好，哪里不好？"),
        ),
        Board(
            "/csi",
            Text("Customer voice", "客户体验"),
            Text(
                "What drives complaints, which low scores are unanswered?", "投诉由何而起？哪些低分未回访？"
            ),
        ),
        Board(
            "/bookings",
            Text("Bookings", "预约产能"),
            Text("Bookings against capacity, today and ahead", "预约与产能：今日及未来"),
        ),
        Board(
            "/today",
            Text("Store today", "今日门店"),
            Text(
                "How full now, who waits, who comes, which cars are stuck?",
                "现在多满？谁在等？谁要来？哪些车卡住？",
            ),
            in_menu=False,
        ),
        Board(
            "/region",
            Text("Region", "大区"),
            Text("Which stores need me?", "哪些门店需要我？"),
            in_menu=False,
        ),
        Board(
            "/store",
            Text("Store", "门店"),
            Text("How does this store stand in everything?", "这家店各项指标如何？"),
            in_menu=False,
        ),
        Board(
            "/metric",
            Text("Why", "为什么"),
            Text(
                "Why is this number off, since when, and whose is it?",
                "这个数字为何偏离？从何时起？由谁造成？",
            ),
            in_menu=False,
        ),
        Board(
            "/orders",
            Text("Orders and bookings", "工单与预约明细"),
            Text("Which single orders or bookings make this number?", "这个数字由哪些工单或预约构成？"),
            in_menu=False,
        ),
        Board(
            "/wall",
            Text("Wall screens", "大屏轮播"),
            Text("Boards in turn, to be read from afar", "看板轮播，远处可读"),
        ),
        Board(
            "/order",
            Text("Work order", "工单"),
            Text("What happened with this order, and what went wrong?", "这张工单经过如何？哪里出了问题？"),
            in_menu=False,
        ),
        Board(
            "/admin",
            Text("Administration", "系统管理"),
            Text("Who may see what, and which targets hold?", "谁能看什么？执行哪些目标？"),
            of_business=False,
        ),
        Board(
            "/audit",
            Text("Audit", "审计"),
            Text("Who did what, and when?", "谁在何时做了什么？"),
            of_business=False,
        ),
        Board(
            "/glossary",
            Text("Glossary", "指标字典"),
            Text("What does each number mean, and when is it red?", "每个数字是什么意思？何时告警？"),
        ),
    )
}

ON_WALL = ("/", "/churn", "/stations", "/parts", "/csi", "/bookings", "/technicians")
"""Boards that say what they have to say in a sentence and tiles: a wall shows these, and no list."""
