"""Words of the pages where playlists are edited and screens are let in."""

from __future__ import annotations

from kpi.text import Text

WALLS_ADMIN = Text("Wall screens and playlists", "大屏与轮播列表")
TO_WALLS = Text("Edit playlists, let screens in or shut them out", "编辑轮播列表，接入或停用大屏")
PLAYLISTS, NEW_PLAYLIST = Text("Playlists", "轮播列表"), Text("New playlist", "新建轮播列表")
PLAYLISTS_NOTE = Text(
    "Boards in their order, each for a part of the network. Sizes follow from where people stand and how wide the "
    "picture is: what cannot be read from there is spread over more frames. A red that is new comes first.",
    "按顺序列出看板及其单位。字号按观看距离与画面宽度计算，放不下的卡片分到下一屏；新出现的告警优先显示。",
)
SLUG, SLUG_HINT = Text("Address", "地址"), Text("small letters, digits, hyphens", "小写字母、数字、连字符")
PLAYLIST_NAME = Text("Name", "名称")
BOARD, NO_BOARD = Text("Board {n}", "看板 {n}"), Text("–", "–")
UNIT_OF_BOARD = Text("for", "单位")
SECONDS = Text("Seconds a frame", "每屏秒数")
DISTANCE = Text("Read from, m", "观看距离（米）")
WIDTH = Text("Picture width, mm", "画面宽度（毫米）")
LANGUAGE, THEME = Text("Language", "语言"), Text("Appearance", "外观")
FITS = Text("{n} tiles fit on a frame", "每屏可容纳 {n} 张卡片")
SAVE, ADD, DROP = (
    Text("Save", "保存"),
    Text("Add", "新增"),
    Text("Delete, with its screens", "删除（连同其大屏）"),
)
WIDTHS = Text(
    "55 inches: 1218 mm, 75: 1660, 86: 1904, 98: 2170.",
    "55 英寸：1218 毫米；75 英寸：1660；86 英寸：1904；98 英寸：2170。",
)

SCREENS, NEW_SCREEN = Text("Screens", "大屏"), Text("Let a screen in", "接入大屏")
SCREENS_NOTE = Text(
    "A screen reads one playlist within one unit, without personal data, and can do nothing else. Its address is told "
    "once; whoever has it can read what the screen shows, until it is shut out.",
    "每块大屏只能查看一个轮播列表及一个单位，不含个人信息，也不能执行任何操作。链接仅显示一次；在停用前，持有链接者可查看大屏内容。",
)
SCREEN_NAME, PLAYLIST, SHOWS = (
    Text("Name", "名称"),
    Text("Playlist", "轮播列表"),
    Text("Shows at most", "可见范围"),
)
LET_IN, SHUT_OUT = Text("Let in", "接入"), Text("Shut out", "停用")
SINCE, STATE = Text("Let in", "接入时间"), Text("State", "状态")
OPEN, CLOSED = Text("may read", "可查看"), Text("shut out {moment}", "已停用 {moment}")
NO_SCREENS = Text("No screen has been let in.", "尚未接入大屏。")
ADDRESS = Text(
    "Open this address once on the screen “{name}”. It is not shown again.",
    "请在大屏“{name}”上打开此链接一次；链接不再显示。",
)
