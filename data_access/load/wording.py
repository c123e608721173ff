"""What is told about single rows and about a load, in both languages."""

from __future__ import annotations

from kpi.text import Text

# --- why a row is in quarantine; {value} is filled row by row ---------------------------------------------------------

REASONS: dict[str, Text] = {
    "broken_row": Text(
        "The row does not have the {expected} fields of the header; is a separator or quotation mark missing or too many?",
        "该行的字段数与表头的 {expected} 个不符；是否多或少了分隔符或引号？",
    ),
    "missing_value": Text("“{column}” is empty; an order needs it.", "“{column}”为空；工单必须有此项。"),
    "too_long": Text(
        "“{column}” is longer than {expected} characters ({value}).",
        "“{column}”超过 {expected} 个字符（{value}）。",
    ),
    "control_character": Text(
        "“{column}” holds a line break or another control character.", "“{column}”含有换行或其他控制字符。"
    ),
    "unknown_value": Text(
        "“{value}” in “{column}” is not known; expected one of {expected}.",
        "“{column}”中的“{value}”未定义；应为以下之一：{expected}。",
    ),
    "not_a_time": Text(
        "“{value}” in “{column}” is not a time written as {expected}.",
        "“{column}”中的“{value}”不是形如 {expected} 的时间。",
    ),
    "not_a_day": Text(
        "“{value}” in “{column}” is not a date written as {expected}.",
        "“{column}”中的“{value}”不是形如 {expected} 的日期。",
    ),
    "not_a_number": Text("“{value}” in “{column}” is not a number.", "“{column}”中的“{value}”不是数字。"),
    "out_of_range": Text(
        "“{value}” in “{column}” is not between {expected}.", "“{column}”中的“{value}”不在 {expected} 之间。"
    ),
    "implausible_year": Text(
        "“{value}” in “{column}” is not in the years {expected}.",
        "“{column}”中的“{value}”不在 {expected} 年之间。",
    ),
    "in_the_future": Text(
        "“{value}” in “{column}” is after {expected}.", "“{column}”中的“{value}”晚于 {expected}。"
    ),
    "times_out_of_order": Text(
        "“{column}” ({value}) is before “{expected}”.", "“{column}”（{value}）早于“{expected}”。"
    ),
    "status_contradicts": Text(
        "The order has a handover or a settlement, but “{column}” says “{value}”.",
        "工单已有交车或结算时间，但“{column}”为“{value}”。",
    ),
    "repeated_order": Text(
        "Order “{value}” stands in more than one row; rule: {expected}.",
        "工单“{value}”出现在多行；规则：{expected}。",
    ),
}

KEPT = {
    "first": Text("the first one is loaded", "加载第一行"),
    "last": Text("the last one is loaded", "加载最后一行"),
    "none": Text("none is loaded", "均不加载"),
}
ISO_TIME = Text("2026-03-31 09:15", "2026-03-31 09:15")
ISO_DAY = Text("2026-03-31", "2026-03-31")
SPAN = Text("{low} and {high}", "{low} 与 {high}")
YEAR_SPAN = Text("{first} to {last}", "{first} 至 {last}")

# --- the report of a load -------------------------------------------------------------------------------------------

READ = Text(
    "{file}: {read} rows read = {loaded} loaded + {quarantined} in quarantine",
    "{file}：读取 {read} 行 = 加载 {loaded} 行 + 隔离 {quarantined} 行",
)
REPLACED = Text("  {replaced} of them replaced an order that was there", "  其中 {replaced} 行替换了已有工单")
REASON = Text("  {count} {code} ({column})", "  {count} {code}（{column}）")
REASON_OF_ROW = Text("  {count} {code}", "  {count} {code}")
KEPT_IN = Text(
    "  they are in {path}; correct them there and load that file with --append",
    "  隔离的行保存在 {path}；更正后带 --append 加载该文件即可",
)
REACH = Text(
    "Orders: {orders}, {first} to {last}; the data reach to {as_of}",
    "工单：{orders} 单，{first} 至 {last}；数据截至 {as_of}",
)
STORES = Text("Stores: {count} ({names})", "门店：{count} 家（{names}）")
MORE = Text("{names} and {more} more", "{names}等，另有 {more} 家")
COMEBACKS = Text(
    "Repairs that count for first-time fix: {eligible}; {comebacks} of them came back within 30 days so far",
    "计入首次修复率的维修：{eligible} 单；其中 30 天内已返修 {comebacks} 单",
)
DAY_ONLY = Text(
    "Arrivals are known to the day only: no hours are counted, and a return on the same day is not seen",
    "进厂仅精确到日：不计算小时数，也无法识别当天返修",
)
HANDOVER_BY_ARRIVAL = Text(
    "No handover in the file: finished orders are dated by their arrival, and the 30 days run from there",
    "文件没有交车时间：已完工的工单按进厂日计，30 天自进厂日起算",
)
SHOWN = Text("Can be shown: {metrics}", "可以显示：{metrics}")
NO_DATA = Text(
    "No data: {metric} (the file does not tell {fields})", "无数据：{metric}（文件未提供 {fields}）"
)
ELSEWHERE = Text("Not in work orders: {metrics}", "不在工单中：{metrics}")
PUBLISHED = Text("Published as version {version}", "已发布为版本 {version}")
CHECKED_ONLY = Text("Checked only; nothing was published", "仅检查，未发布任何数据")
