"""The words of the national map and of the list of stores beside it."""

from __future__ import annotations

from kpi.text import Text

MAP = Text("Map of {n} stores: {title}", "{n} 家门店地图：{title}")
HOW = Text(
    "Arrow keys go through the stores, worst first; Enter opens one. Plus and minus zoom, 0 shows everything.",
    "方向键按由差到好逐店浏览，回车进入门店；加号、减号缩放，0 恢复全图。",
)
LIST = Text("List", "列表")
LIST_OF = Text("{n} stores, worst first: {title}", "{n} 家门店，最差在前：{title}")
STORES = Text("stores", "门店")

SEARCH = Text("Find a store", "查找门店")
FOUND = Text("Stores found", "找到的门店")
NONE_FOUND = Text("No store of that name", "没有匹配的门店")
ZOOM = Text("Zoom", "缩放")
ZOOM_IN = Text("Zoom in", "放大")
ZOOM_OUT = Text("Zoom out", "缩小")
ZOOM_RESET = Text("Show everything", "恢复全图")
OPEN = Text("Open the store", "进入门店")
NARROW = Text("Only this province", "只看此省")

SHARE = Text("Stores on alert in the province", "省内告警门店占比")
NO_STORES = Text("no stores", "无门店")
PROVINCE = Text("{critical} of {judged} stores on alert", "{judged} 家中 {critical} 家告警")
PROVINCE_CALM = Text("{judged} stores, none on alert", "{judged} 家门店，无告警")
ALL_PROVINCES = Text("All provinces", "全部省份")
PROVINCE_SAID = Text("{name}: {note}", "{name}：{note}")
UNLOCATED = (
    Text("1 store has no usable coordinates: see the list", "1 家门店缺少有效坐标，见列表"),
    Text("{n} stores have no usable coordinates: see the list", "{n} 家门店缺少有效坐标，见列表"),
)
SEA = Text("South China Sea", "南海诸岛")
CREDIT = Text(
    "Shapes: Tianditu. Internal use: this map has no approval number.", "底图：天地图；仅供内部使用，无审图号"
)

STATE = Text("State", "状态")
STORE = Text("Store", "门店")
PLACE = Text("Place", "所在地")
VALUE = Text("Value", "数值")
TARGET = Text("Target", "目标")
DAYS = Text("Days", "天数")
SAID = Text("{name}, {state}, {value}", "{name}，{state}，{value}")
