"""The words of people and their duties."""

from __future__ import annotations

from kpi.text import Text

REGION_ROLE = Text("{role}, {unit}", "{unit}{role}")
"""The Chinese name of the role begins with 大区, which the unit then names: 华北大区经理."""
STORE_ROLE = Text("{role}, {unit}", "{role} · {unit}")
PLAYLIST = Text("playlist", "轮播列表")
SCREEN = Text("screen", "大屏")
DEMO_WALL = Text("Network", "全国总览")
