"""The roles of product.md. A role is a permission, never a person: who holds one, and for which units, is in the state."""

from __future__ import annotations

from kpi.errors import UnknownName
from kpi.listing import Personal
from kpi.role import Role, by_key
from kpi.text import Text

_WHY = frozenset({"/metric", "/glossary"})
"""From a tile to what it is made of, and what it means."""
_OPERATION = frozenset({"/quality", "/value", "/glossary"})
_ANYWHERE = ("network", "region", "store")

ROLES = by_key(
    (
        Role(
            key="executive",
            name=Text("Executive", "总裁"),
            sees=Text("Every board of the whole network; no personal data.", "全国所有看板；不含个人信息。"),
            held_for=("network",),
        ),
        Role(
            key="regional_manager",
            name=Text("Regional manager", "大区经理"),
            sees=Text(
                "Every board, for the own regions and their stores; no personal data.",
                "所属大区及其门店的所有看板；不含个人信息。",
            ),
            held_for=("region",),
        ),
        Role(
            key="store_manager",
            name=Text("Store manager", "门店经理"),
            sees=Text(
                "Every board, for the own store alone; its technicians by name, customers masked.",
                "仅本店的所有看板；显示本店技师姓名，客户信息脱敏。",
            ),
            held_for=("store",),
            home="/today",
            clear=frozenset({Personal.TECHNICIAN}),
            clear_in_files=frozenset({Personal.TECHNICIAN}),
        ),
        Role(
            key="marketing",
            name=Text("Marketing", "市场部"),
            sees=Text(
                "Customers and their voice; masked on the screen, in full only in the call list that leaves as a logged file.",
                "客户流失与体验看板；页面脱敏，仅外呼名单文件含完整信息，并记入审计。",
            ),
            held_for=_ANYWHERE,
            home="/churn",
            pages=frozenset({"/churn", "/csi", "/order", "/bookings", "/map"}) | _WHY,
            listings=frozenset({"call_list", "low_scores", "open_complaints", "bookings_today"}),
            clear_in_files=frozenset({Personal.CUSTOMER}),
        ),
        Role(
            key="supply_chain",
            name=Text("Supply chain", "供应链"),
            sees=Text("Parts and stock; no personal data.", "配件与库存；不含个人信息。"),
            held_for=("network", "region"),
            home="/parts",
            pages=frozenset({"/parts", "/map"}) | _WHY,
            listings=frozenset(
                {
                    "parts_at_risk",
                    "stop_risk",
                    "order_proposal",
                    "aged_parts",
                    "dead_parts",
                    "part_classes",
                    "class_parts",
                    "transfers",
                }
            ),
        ),
        Role(
            key="hr",
            name=Text("HR and service manager", "人事与服务经理"),
            sees=Text(
                "Technicians by name within the own units, and how the workshops run.",
                "所辖范围内的技师（实名）及车间运营。",
            ),
            held_for=_ANYWHERE,
            home="/technicians",
            pages=frozenset({"/technicians", "/technician", "/order", "/stations", "/map"}) | _WHY,
            listings=frozenset({"technicians", "coaching", "mentors", "rework_orders"}),
            clear=frozenset({Personal.TECHNICIAN}),
            clear_in_files=frozenset({Personal.TECHNICIAN}),
        ),
        Role(
            key="data_steward",
            name=Text("Data steward", "数据管理员"),
            sees=Text(
                "Whether the data can be trusted, and what each number means.",
                "数据是否可信，以及各指标的含义。",
            ),
            held_for=("network",),
            home="/glossary",
            pages=_OPERATION,
            listings=frozenset(),
        ),
        Role(
            key="administrator",
            name=Text("Administrator", "系统管理员"),
            sees=Text(
                "People, roles, targets, screens and the audit trail; no customers. May look through the eyes of any role.",
                "人员、角色、目标、大屏与审计；不含客户信息。可按任意角色预览。",
            ),
            held_for=("network",),
            home="/admin",
            pages=_OPERATION | {"/admin", "/audit"},
            listings=frozenset(),
            administers=True,
        ),
    )
)

KIOSK = Role(
    key="kiosk",
    name=Text("Wall screen", "大屏"),
    sees=Text("The boards of one playlist; no personal data.", "一个轮播列表中的看板；不含个人信息。"),
    held_for=_ANYWHERE,
    home="/wall",
    pages=frozenset({"/wall"}),
    listings=frozenset(),
)


def role(key: str) -> Role:
    if key not in ROLES:
        raise UnknownName(Text("role", "角色"), key, ROLES)
    return ROLES[key]
