"""Words of the wall: what a screen says that nobody touches."""

from __future__ import annotations

from kpi.text import Text

WALLS = Text("Wall screens", "大屏轮播")
WALLS_NOTE = Text(
    "Boards in turn, with letters that can be read from afar. Space pauses, the arrow keys turn the pages.",
    "看板轮流显示，字号按观看距离计算。空格键暂停，左右方向键翻页。",
)
NO_WALLS = Text("No playlist has been made yet.", "尚未建立轮播列表。")
PAUSED = Text("paused", "已暂停")
NEW_ALERT = Text("New alert", "新告警")
LOADING = Text("Loading …", "加载中…")
PLAYED = Text(
    "{boards} boards, {seconds} s each, read from {distance} m on a picture {width} mm wide",
    "{boards} 个看板，每屏 {seconds} 秒；观看距离 {distance} 米，画面宽 {width} 毫米",
)
SHUT_OUT = Text(
    "This screen may not show data any more: it was shut out, or the session has ended.",
    "此屏幕已无权显示数据：链接已停用，或登录已过期。",
)
"""What stands on a screen once the server has refused it."""
NO_SCREEN = Text(
    "This address lets no screen in: it was shut out, or never let in. The administrator can make a new one.",
    "此链接无效：已被停用或从未启用。请联系管理员重新生成。",
)
NOT_SHOWN = Text(
    "This board cannot be shown here: its unit does not exist or is not this screen's. The administrator can mend it.",
    "此处无法显示该看板：所列单位不存在，或不在此屏幕的可见范围内。请联系管理员修改轮播列表。",
)
