"""The product's own words: buttons, headings, states and the pieces sentences are made of."""

from __future__ import annotations

from kpi.metric import Direction, Tier, Unit
from kpi.text import Locale, Text, same
from kpi.verdict import Reason, Status

BRAND = same("PitWall")
PRODUCT = Text("After-sales command center", "售后指挥舱")
SKIP = Text("Skip to content", "跳到内容")
MENU = Text("Menu", "菜单")
MORE = Text("More", "更多")
MAIN_NAVIGATION = Text("Boards", "看板导航")
BREADCRUMB = Text("Where you are", "当前位置")
FILTERS = Text("Filters", "筛选")
THEME = Text("Appearance", "外观")
LANGUAGES = {Locale.ZH_CN: "中文", Locale.EN: "English"}
"""Each in its own language."""
THEMES = {
    "auto": Text("As the system", "跟随系统"),
    "light": Text("Light", "浅色"),
    "dark": Text("Dark", "深色"),
}
NETWORK = Text("Whole network", "全国")
OWN_UNITS = Text("Your units", "所辖单位")
ACCOUNT = Text("Your account", "我的账户")
VIEWING_AS = Text("You are looking through the eyes of: {person}.", "您正以“{person}”的身份预览。")
STOP_VIEWING = Text("Stop", "结束预览")

STATUS = {
    Status.GOOD: Text("On target", "正常"),
    Status.WARNING: Text("Watch", "注意"),
    Status.CRITICAL: Text("Alert", "告警"),
    Status.UNKNOWN: Text("No verdict", "无法判断"),
}
REASON = {
    Reason.ON_TARGET: STATUS[Status.GOOD],
    Reason.OFF_TARGET: STATUS[Status.WARNING],
    Reason.BEYOND_LIMIT: STATUS[Status.CRITICAL],
    Reason.PERHAPS: STATUS[Status.WARNING],
    Reason.WORSENING: STATUS[Status.GOOD],
    Reason.RECOVERING: STATUS[Status.WARNING],
    Reason.IMMATURE: Text("Not final yet", "尚未成熟"),
    Reason.POOR_QUALITY: Text("Data in doubt", "数据存疑"),
    Reason.NO_DATA: Text("No data", "无数据"),
    Reason.TOO_FEW: Text("Too few cases", "样本不足"),
    Reason.STALE: Text("Data late", "数据延迟"),
    Reason.NO_TARGET: Text("No target", "无目标"),
}

UNIT = {
    Unit.COUNT: Text("", ""),
    Unit.MONEY: Text("", "元"),
    Unit.SHARE: same("%"),
    Unit.POINTS: Text("pts", "分"),
    Unit.SCORE: Text("pts", "分"),
    Unit.RATING: Text("of 5", "分"),
    Unit.HOURS: Text("h", "小时"),
    Unit.MINUTES: Text("min", "分钟"),
    Unit.DAYS: Text("days", "天"),
    Unit.NUMBER: Text("", ""),
}
ONE_DAY = Text("day", "天")
UNIT_NAME = {
    Unit.COUNT: Text("count", "数量"),
    Unit.MONEY: Text("CNY", "人民币元"),
    Unit.SHARE: Text("share, %", "占比 %"),
    Unit.POINTS: Text("points, -100 to 100", "分（-100 至 100）"),
    Unit.SCORE: Text("score, 0 to 100", "分（0–100）"),
    Unit.RATING: Text("rating, 1 to 5", "评分（1–5）"),
    Unit.HOURS: Text("hours", "小时"),
    Unit.MINUTES: Text("minutes", "分钟"),
    Unit.DAYS: Text("days", "天"),
    Unit.NUMBER: Text("number", "数值"),
}
SHARE_POINTS = Text("pp", "个点")
DIRECTION = {
    Direction.HIGHER: Text("higher is better", "越高越好"),
    Direction.LOWER: Text("lower is better", "越低越好"),
    Direction.BAND: Text("best inside a band", "区间内最佳"),
    Direction.NEUTRAL: Text("neither good nor bad by itself", "不评判好坏"),
}
TIER = {
    Tier.LIVE: Text("live", "实时"),
    Tier.DAILY: Text("daily", "每日"),
    Tier.WEEKLY: Text("weekly", "每周"),
    Tier.MONTHLY: Text("monthly", "每月"),
}

TARGET = Text("Target {target}", "目标 {target}")
PLAN = Text("Plan {plan} · {share}", "计划 {plan} · {share}")
NO_TARGET = Text("No target set", "未设目标")
NO_PLAN = Text("No plan known", "无计划数据")
NO_CHANGE = Text("no real change", "无显著变化")
VERSUS = Text("vs {first} – {last}", "较 {first} 至 {last}")
SAMPLE = same("n = {n}")
COUNTED = same("{n} {counted}")
PLUS_MINUS = same("± {half}")
UNTIL = Text("to {day}", "至 {day}")
DAYS_UNTIL = Text("{days} d to {day}", "{days} 天至 {day}")
MATURE_UNTIL = Text("mature to {day}", "已成熟至 {day}")
AS_OF = Text("as of {moment}", "截至 {moment}")

NEED_ACTION = (
    Text("1 needs attention now: {items}.", "1 项需立即关注：{items}。"),
    Text("{n} need attention now: {items}.", "{n} 项需立即关注：{items}。"),
)
NEED_CARE = (
    Text("No alerts; 1 to watch: {items}.", "无告警，1 项需留意：{items}。"),
    Text("No alerts; {n} to watch: {items}.", "无告警，{n} 项需留意：{items}。"),
)
ALL_CALM = (
    Text("All on target: {items}.", "全部正常：{items}。"),
    Text("All {n} on target, among them {items}.", "{n} 项全部正常，其中{items}。"),
)
NOTHING_ALARMING = (
    Text("Nothing alarming; 1 cannot be judged: {items}.", "未见异常，1 项暂无法判断：{items}。"),
    Text("Nothing alarming; {n} cannot be judged: {items}.", "未见异常，{n} 项暂无法判断：{items}。"),
)
NOTHING_KNOWN = Text("Nothing can be judged yet: {items}.", "目前无法判断：{items}。")
NOTHING_ASKED = Text("There is nothing to judge here.", "此处没有可评判的指标。")
AND_MORE = (Text("1 more", "另有 1 项"), Text("{n} more", "另有 {n} 项"))
COLON = Text(": ", "：")
PIECE_END = Text(", ", "，")
AND = Text(" and ", "、")
PLACED = Text("{place} {name}", "{place}{name}")
VALUED = Text("{name} at {value}", "{name} {value}")
AT_SHARE = Text("{name} at {share} of plan", "{name}为计划的\N{NO-BREAK SPACE}{share}")
WITH_TARGET = Text("{name} at {value} (target {target})", "{name} {value}（目标 {target}）")
BELOW = Text("{gap} below target", "低于目标\N{NO-BREAK SPACE}{gap}")
ABOVE = Text("{gap} above target", "高于目标\N{NO-BREAK SPACE}{gap}")
OF_PLAN = Text("{share} of plan", "为计划的\N{NO-BREAK SPACE}{share}")
SINCE = Text("for {days}\N{NO-BREAK SPACE}days", "已\N{NO-BREAK SPACE}{days}\N{NO-BREAK SPACE}天")
DRAGGED = (Text("{places} weighs most", "{places}拖累最大"), Text("{places} weigh most", "{places}拖累最大"))
MISSING = Text("{name}: {reason}", "{name}{reason}")
MISSING_ALIKE = Text("{n} with {reason}", "{n} 项{reason}")
TALLY = Text("Status of all items", "各状态数量")

REGIONS = Text("Regions", "各大区")
BY_GAP = Text("worst first, by gap to target", "按与目标的差距排序")
INDICATOR = Text("Indicator", "指标")
MEMBER = Text("Unit", "单位")
OF_PLAN_NAME = Text("{name}, % of plan", "{name}（计划完成率）")
CELL = Text("{value}, {state}", "{value}，{state}")

TODAY = Text("Today until {moment}", "今日至 {moment}")
EXPECTED = Text("expected {low}–{high}", "应有 {low}–{high}")
CLOSE = Text("by close {value} ({low}–{high})", "预计全天 {value}（{low}–{high}）")
BY_HOUR = Text("By hour", "逐小时")
HOUR_AHEAD = Text("{low}–{high}", "{low}–{high}")
HOUR_RUNNING = Text("{low}–{high}, {so_far} so far", "{low}–{high}，已有 {so_far}")
HOURS_AHEAD = Text(
    "Hours to come in grey: what they brought on like days, and the range of four in five.",
    "灰色为未到的小时：同类日该小时的完成量，及五天中约四天所在的区间。",
)
CLOSE_OFF = Text("off by {error} on like days", "同类日平均误差 {error}")
CLOSE_TRUST = Text(
    "So far plus what like days still brought after this hour; four in five days end in the range. On those days this was "
    "off by {error}, taking every day for the usual one by {naive}.",
    "已完成部分 + 同类日此刻之后的完成量；五天中约四天落在区间内。在这些日子上平均误差 {error}，若一律按平常日估计则为 {naive}。",
)
PACE = {
    "within": Text("as expected", "符合预期"),
    "below": Text("below expected", "低于预期"),
    "above": Text("above expected", "高于预期"),
    "none": Text("no data yet", "暂无数据"),
}

DATA_UNTIL = Text("Data as of {moment}", "数据截至 {moment}")
COMPLETE = Text("{share} complete", "完整 {share}")
LATE_STORES = (
    Text("1 store has not reported", "1 店未上报"),
    Text("{n} stores have not reported", "{n} 店未上报"),
)
LAST_SEEN = Text("last report {moment}", "最近上报 {moment}")
NEVER_SEEN = Text("no report for five weeks", "五周以上未上报")
LOST = Text("Updates have stopped. The figures shown are those of ", "数据更新已中断，当前显示的数据截至 ")
SESSION_ENDED = Text(
    "Your session has ended; the figures shown are no longer brought up to date.",
    "登录已过期，当前显示的数据不再更新。",
)
SIGN_IN_AGAIN = Text("Sign in again", "重新登录")

PROBLEM = Text("This could not be shown", "无法显示")
REFERENCE = Text("Reference {reference}", "参考编号 {reference}")
TRY_AGAIN = Text("Try again", "重试")
LOADING = Text("Loading", "加载中")
EMPTY = Text("Nothing here for this selection", "当前筛选没有数据")

GLOSSARY = Text("Metric glossary", "指标字典")
GLOSSARY_LEAD = Text(
    "{n} metrics. Every board, rank, alert and export renders these definitions and no others.",
    "共 {n} 个指标。所有看板、排名、告警与导出都使用此处的同一份定义。",
)
FORMULA = Text("Formula", "公式")
UNIT_WORD = Text("Unit", "单位")
DIRECTION_WORD = Text("Direction", "方向")
LIMITS = Text("Limits", "目标与红线")
SOURCE = Text("Source", "来源")
OWNER = Text("Owner", "责任人")
SAMPLE_WORD = Text("Smallest sample", "最小样本")
MATURITY = Text("Matures after", "成熟期")
WINDOW = Text("Rolling window", "滚动窗口")
REFRESH = Text("Refreshed", "更新")
GUARD = Text("Guarded by", "制衡指标")
MISTAKE = Text("Common mistake", "常见误用")
AGAINST = Text("Judged over", "对照计划")
OWNERS = {
    "CEO": Text("CEO", "总裁"),
    "CFO": Text("CFO", "财务负责人"),
    "COO": Text("COO", "运营负责人"),
    "CSI manager": Text("CSI manager", "客户满意度经理"),
    "data steward": Text("data steward", "数据管理员"),
    "marketing": Text("marketing", "市场部"),
    "regional manager": Text("regional manager", "大区经理"),
    "service manager": Text("service manager", "服务经理"),
    "store manager": Text("store manager", "店长"),
    "supply chain": Text("supply chain", "供应链"),
}
LIMIT_LINE = Text("since {day}: on target {good}, alert {critical}", "自 {day}：达标 {good}，告警 {critical}")
ALWAYS_LINE = Text("on target {good}, alert {critical}", "达标 {good}，告警 {critical}")
DAYS_LONG = Text("{n} days", "{n} 天")
OUTSIDE = Text("outside {band}", "{band} 之外")

PERIOD = Text("Period", "期间")
COMPARISON = Text("Compared", "对比")
ALL_STORE_TYPES = Text("All stores", "全部店型")
ALL_STORE_SIZES = Text("All sizes", "全部规模")
KIND_OF_STORE = Text("{size}, {kind}", "{size} · {kind}")
PAGE = Text("page", "页面")

NO_ROWS = Text("Nothing here: no row matches.", "没有符合条件的记录。")
ROWS_SHOWN = Text("{shown} of {total}", "{shown} / {total} 条")
EXPORT = Text("Export", "导出")
KEY_OF = Text("{name}, key", "{name}编号")
IN_ENGLISH = Text("{name} (English)", "{name}（英文）")
ASPECT = Text("{name}: {aspect}", "{name}：{aspect}")
STATE_WORD = Text("state", "状态")
PLAN_WORD = Text("plan", "计划")
OF_PLAN_WORD = Text("of plan", "计划完成率")
CASES_WORD = Text("cases", "样本量")
ALL_ROWS = Text("All {rows} rows", "显示全部 {rows} 行")
FIND_IN_ALL = Text("Find in all rows", "在全部记录中查找")
FIND_IN_TABLE = Text("Find in these rows", "在表中查找")
YES = Text("yes", "是")
NO = Text("no", "否")
OTHERS = Text("{n} others", "其余 {n} 个")
SPLIT_TABLE = Text("table of parts", "分解表")
SPLIT_OF = Text("{days}. The parts add up to the gap of {gap}.", "{days}。各项之和即差距 {gap}。")
SPLIT_SINCE = Text(
    "{days} against {before}. The parts add up to the change of {gap}.",
    "{days} 对比 {before}。各项之和即变化 {gap}。",
)
SUMMED_AS = Text("How it is summed", "汇总口径")
SUM = Text("Sum", "合计")
PART_OF_GAP = Text("Part of the gap", "对差距的贡献")
OWN_RATE = Text("by its own rate", "自身水平")
BY_PRICE = Text("by value each", "单价影响")
BY_VOLUME = Text("by volume", "数量影响")
MIX = Text("by the mix", "结构变化")
VOLUME_OF = Text("Volume: {name}", "数量：{name}")
MIX_OF_UNITS = Text("Mix between units", "单位间结构")
NUMERATOR = Text("Numerator", "分子")
DENOMINATOR = Text("Denominator", "分母")
MADE_OF = Text("Made of", "构成")
GAP_TO_PLAN_MADE = Text("Gap to plan, by what it is made of", "与计划的差距，按构成分解")
CHANGE_MADE = Text("Change, by what it is made of", "变化，按构成分解")
GAP_TO_TARGET = Text("Gap to target, by unit", "与目标的差距，按单位分解")
GAP_TO_PLAN = Text("Gap to plan, by unit", "与计划的差距，按单位分解")
CHANGE_BY_UNIT = Text("Change, by unit", "变化，按单位分解")
TOO_SHORT = Text("Too little history for a line.", "历史太短，无法成线。")
AS_TABLE = Text("As a table", "以表格查看")
LAST_WEEKS = Text("Last {n} weeks", "近 {n} 周")
ORDERS_BEHIND = Text("Work orders behind this number", "数字背后的工单")
DEFINITION = Text("What it means", "指标说明")
WEEKDAYS = (
    Text("Mon", "周一"),
    Text("Tue", "周二"),
    Text("Wed", "周三"),
    Text("Thu", "周四"),
    Text("Fri", "周五"),
    Text("Sat", "周六"),
    Text("Sun", "周日"),
)
UTILISATION_BY_HOUR = Text("Bay utilisation by weekday and hour, %", "工位利用率（星期 × 小时，%）")
WHOLE_WEEK = Text("Whole week", "全周")
ATTENTION = Text("Stores that need attention first", "最需关注的门店")
BAYS_NOW = Text("Bays now", "当前工位")
CHOOSE_A_STORE = Text(
    "Choose a store first: open one from the map or a ranking.", "请先选择门店：可从地图或排行进入。"
)
STORE_TODAY = Text("This store today", "今日门店")
CALLS_WORK = Text("Do the calls work?", "外呼有效吗？")
COHORT = Text("overdue on {day}, 60 days later", "{day} 超期车辆，60天后")
GROUP = Text("Group", "组别")
REACHABLE = Text("May be called", "可外呼")
CONTROL = Text("Control, left alone", "对照组（不触达）")
BACK_60D = Text("Came back in 60 days", "60天内回厂")
OVERDUE_VEHICLES = Text("Overdue vehicles", "超期车辆")
EFFECT_REAL = Text(
    "Campaigns move the rate of return by {gap} (90 % sure: {low} to {high}).",
    "营销使回厂率变化 {gap}（90 % 把握：{low} 至 {high}）。",
)
EFFECT_CHANCE = Text(
    "No effect that chance would not explain: {gap} (90 % sure: {low} to {high}).",
    "未见超出偶然的效果：{gap}（90 % 把握：{low} 至 {high}）。",
)
NO_COHORT = Text(
    "Nothing to compare yet: both groups need overdue vehicles.", "暂无可比：两组均需有超期车辆。"
)
CALLS_MISSING = Text(
    "What one week's calls did cannot be told: the data hold only each customer's last contact, not the history of "
    "contacts or what was said. The control group makes the comparison of campaigns as a whole fair.",
    "无法单独评价某一周的外呼：数据只有每位客户的最近一次接触，没有接触历史与话术。与随机对照组相比，可公平评价营销的整体效果。",
)
VALUE_AND_COUNT = Text("stock value, parts x stores", "库存金额、门店配件数")
WHY_COMPLAIN = Text("What customers complain of", "投诉原因")
CAUSE = Text("Cause", "原因")
SHARE_OF_ALL = Text("Share", "占比")
PER_VEHICLE = Text("Of delivered vehicles", "占交车台次")
BEFORE = Text("Before", "对比期")
HISTORY_WEEKLY = Text("{name}, week by week", "{name}（按周）")
HISTORY_OF = Text("{name}, month by month", "{name}（按月）")
STANDING = Text("Among all of the same skill", "同级别中的位置")
TECHNICIAN = Text("technician", "技师")
CHOOSE_A_TECHNICIAN = Text("Choose a technician from one of the lists.", "请先从名单中选择技师。")
VIEW = Text("This view", "当前视图")
NARROWED_TO = Text("Narrowed to", "已筛选")
TAKE_AWAY = Text(": take this filter away", "：取消此筛选")
WITHOUT = Text("Show without “{name}”", "取消筛选“{name}”")
SELECTED = Text("Selection: {selection}", "筛选：{selection}")
STORES_COUNTED = Text(
    "{name}: {red} of {all} stores in alert, {amber} to watch{rest}",
    "{name}：{all} 家门店中 {red} 家告警，{amber} 家需留意{rest}",
)
NOT_JUDGED = Text(", {unknown} without a verdict", "，{unknown} 家无法判断")
