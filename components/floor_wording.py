"""The words of the shop floor: stations, bookings, regions, a store and its day."""

from __future__ import annotations

from kpi.text import Text, same

WHERE_BAY_TIME_WENT = Text("Why utilisation is what it is", "利用率高低的原因")
OF_AVAILABLE = Text("{hours} bay hours available, {days}", "可用工位 {hours}，{days}")
WORKED = Text("Worked", "施工")
AVAILABLE = Text("Available", "可用合计")
SHARE_OF_BAY_TIME = Text("Share", "占比")
BAY_HOURS = Text("Bay hours", "工位小时")
AGAINST_BEFORE = Text("Change", "变化")
NO_BAYS = Text(
    "No bays are known here, so there is no bay time to account for.", "此处没有工位数据，无法分解工位时间。"
)

WAITING = Text("Waiting and time in the shop", "等待与在店时长")
MEAN, MEDIAN, P90 = Text("Mean", "均值"), Text("Median", "中位数"), same("P90")
ALL_VISITS = Text("All", "全部")
SAVED_BY_BOOKING = Text(
    "An appointment saves {minutes} of waiting (median).", "预约使等待中位数缩短 {minutes}。"
)
COST_BY_BOOKING = Text(
    "An appointment does not shorten waiting: {minutes} longer (median).",
    "预约未缩短等待：中位数反而多 {minutes}。",
)

WAITING_NOW = Text("Most long waits now", "此刻超时等待最多")
NOBODY_WAITS = Text("Nobody waits longer than 30 minutes now.", "此刻无人等待超过30分钟。")
WAITS_OF_STORE = Text("{n} over 30 min, longest {longest}", "{n} 人超30分钟，最长 {longest}")

BOOKED_AHEAD = Text("The next 30 days: bookings against bay time", "未来30天：预约与工位产能")
BOOKED_WEEK = Text("The next 7 days, by unit", "未来7天，按单位")
BOOKED = Text("Booked", "已预约")
USUAL_WALK_INS = Text("Usual walk-ins", "往常散客")
CAPACITY = Text("Available", "可用")
EXPECTED_LOAD = Text("Expected", "预计")
DAY = Text("Day", "日期")
LOADS = {
    "overflow": Text("overflow", "爆满"),
    "full": Text("full", "偏满"),
    "fits": Text("fits", "正常"),
    "idle": Text("idle", "空闲"),
    "open": Text("still open", "可约"),
    "closed": Text("closed", "休业"),
}
LOAD_RULE = Text(
    "Expected = booked + what walk-ins usually bring on that weekday (last 8 weeks). Overflow above {high}, idle below {low} "
    "within {days} days.",
    "预计=已预约+同周天散客往常用量（近8周）。高于 {high} 为爆满；{days} 天内低于 {low} 为空闲。",
)
DAYS_AHEAD = Text("days of overflow: {overflow}, idle: {idle}", "{overflow} 天爆满，{idle} 天空闲")
BY_CHANNEL = Text("By channel", "按渠道")
ROWS_OF = Text("{n} bookings", "{n} 个预约")

REST_OF_DAY = Text(
    "Today by hour: worked, then booked and usual walk-ins", "今日分时：已施工，及后续预约与往常散客"
)
HOUR = Text("Hour", "小时")
SO_FAR = Text("Worked", "已施工")
TO_COME = Text("Booked", "预约")
NO_HOURS = Text("No bay time is known for today.", "今日没有工位时间数据。")
LOAD_OF_HOUR = Text("{hour}: {share} of bay time", "{hour}：占工位时间 {share}")

RANKING = Text("Stores, worst first", "门店排行（由差到好）")
RANK = Text("Place", "名次")
CASES = Text("Cases", "样本")
ALL_KPIS = Text("All indicators of this store", "本店全部指标")
THIRTEEN_WEEKS = Text("13 weeks", "近13周")
VALUE = Text("Value", "当前值")
TARGET = Text("Target", "目标")
STATE = Text("State", "状态")
MOVE = Text("Change", "变化")
PEERS = Text("Among peers", "同类门店中")
BETTER_THAN = Text("better than {share} of {n}", "优于 {n} 店中的 {share}")
HIGHER_THAN = Text("higher than {share} of {n}", "高于 {n} 店中的 {share}")
TODAY_BUTTON = Text("This store today", "今日门店")
TECHNICIANS_BUTTON = Text("Its technicians", "本店技师")
STATIONS_BUTTON = Text("Efficiency", "运营效率")
BOOKINGS_BUTTON = Text("Bookings", "预约产能")
STORE_BUTTON = Text("All indicators", "全部指标")
RANKING_BUTTON = Text("Ranking of stores", "门店排行")

CHOOSE = Text("Which store?", "请选择门店")
CHOOSE_LEAD = Text(
    "Today is the day of one store. The ones with the longest waits stand first; all others are below, by region.",
    "今日看板以单店为单位。等待最久的门店在前，其余按大区列出。",
)
STORES_OF = Text("{name}: {n} stores", "{name}：{n} 店")

IN_REPAIR = Text("Cars in the shop, by age and cause", "在店车辆：时长与原因")
AGES = (
    Text("under 2 h", "2小时内"),
    Text("2–4 h", "2–4小时"),
    Text("4–24 h", "4–24小时"),
    Text("over 24 h", "超24小时"),
)
NO_CARS = Text("No car is in the shop.", "店内无车。")
CAUSE = Text("Cause", "原因")
NO_TECHNICIANS = Text("No attendance is known for today.", "今日没有考勤数据。")
TECHNICIANS_NOW = Text(
    "Technicians: {present} of {scheduled} present", "技师：到岗 {present} / 排班 {scheduled}"
)
DAY_SAID = Text(
    "{free} of {bays} bays free, {blocked} blocked; {waiting} waiting, {late} over 30 minutes; {come} bookings to come",
    "{bays} 个工位中 {free} 空闲、{blocked} 停滞；{waiting} 人等待，{late} 人超30分钟；{come} 个预约待到",
)
SINCE_YESTERDAY = Text("since yesterday", "昨日以来")

ADDED_UP = Text(
    "{n} rows add up to {top} over {bottom}: {value}.",
    "共 {n} 条：分子合计 {top}÷分母合计 {bottom}={value}。",
)
ADDED_UP_TOP = Text(
    "{n} rows add up to {top}; over {bottom}, which is not made of single rows, that is {value}.",
    "共 {n} 条：分子合计 {top}；分母 {bottom} 并非由单据构成，二者相除得 {value}。",
)
ADDED_UP_SUM = Text("{n} rows add up to {value}.", "共 {n} 条，合计 {value}。")
COUNTED_ROWS = Text(
    "{n} rows; the number is a quantile of them: {value}.", "共 {n} 条；该指标为其分位数：{value}。"
)
CUT = Text(
    "Only the first {n} are listed: narrow to a store or to fewer days, and the rows add up to the number.",
    "仅列出前 {n} 条：请缩小到单店或更短期间，明细合计即等于该数字。",
)
