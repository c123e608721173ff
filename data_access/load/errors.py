"""Why a file or a mapping is refused as a whole, told in both languages: what is wrong, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.errors import PitWallError
from kpi.text import Text


class InputRefused(PitWallError):
    """A file that cannot be loaded. Nothing was published."""

    http_status = 422


class MappingRefused(PitWallError):
    """A mapping that says something impossible; one line a fault. Nothing was read."""

    http_status = 422

    def __init__(self, faults: Sequence[Text]) -> None:
        super().__init__(
            public=Text("\n".join(each.en for each in faults), "\n".join(each.zh_cn for each in faults))
        )


def shown(words: object, longest: int = 60) -> str:
    """Foreign words fit for a terminal: no control characters, not too long."""
    printable = "".join(letter if letter.isprintable() else " " for letter in str(words)[: longest + 1])
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"


def listed(words: Sequence[object]) -> str:
    return ", ".join(shown(word) for word in words)


# --- files ----------------------------------------------------------------------------------------------------------

NOT_FOUND = Text("There is no file “{file}”.", "找不到文件“{file}”。")
DIRECTORY = Text("“{file}” is a directory; name one file in it.", "“{file}”是文件夹，请指定其中的一个文件。")
NOT_READABLE = Text("“{file}” may not be read by this user: {why}.", "当前用户无权读取“{file}”：{why}。")
UNKNOWN_FORMAT = Text(
    "“{file}” has a format that is not read. Right would be: {right}.",
    "不支持“{file}”的格式。可用格式：{right}。",
)
EMPTY = Text("“{file}” holds no rows below its header.", "“{file}”除表头外没有任何数据行。")
DAMAGED = Text(
    "“{file}” is damaged or not complete ({why}). Export or copy it again.",
    "“{file}”已损坏或不完整（{why}），请重新导出或复制。",
)
NEITHER_ENCODING = Text(
    "“{file}” is neither UTF-8 nor GB18030 text. Save it as CSV UTF-8.",
    "“{file}”既不是 UTF-8 也不是 GB18030 文本，请另存为 CSV UTF-8。",
)
OTHER_ENCODING = Text(
    "“{file}” is not {said}, as [file] encoding says; leave that key out and PitWall finds the encoding.",
    "“{file}”的编码不是映射文件 [file] encoding 所写的 {said}；删去该键即可自动识别。",
)
OPEN_QUOTE = Text(
    "“{file}”: the quotation mark opened in row {row} is never closed, so the rows after it cannot be told apart.",
    "“{file}”第 {row} 行的引号没有闭合，其后的行无法区分。",
)
LONG_ROW = Text(
    "“{file}” has a row longer than {limit} MB; is [file] delimiter right?",
    "“{file}”中有一行超过 {limit} MB；[file] delimiter 是否正确？",
)
NO_SHEET = Text(
    "“{file}” has no sheet “{sheet}”. It has: {sheets}.", "“{file}”没有工作表“{sheet}”。现有：{sheets}。"
)
NO_COLUMN = Text(
    "“{file}” has no column “{column}”, which {key} names.", "“{file}”没有 {key} 所指的列“{column}”。"
)
NO_COLUMN_NEAR = Text(" The nearest are: {near}.", "最接近的列：{near}。")
NO_COLUMN_ALL = Text(" Its columns are: {columns}.", "现有列：{columns}。")
TWICE = Text(
    "“{file}” has {count} columns called “{column}”, which {key} names; give them different names.",
    "“{file}”中有 {count} 列同名“{column}”（{key} 引用），请改为不同的列名。",
)
ALL_REJECTED = Text(
    "Not one of the {read} rows of “{file}” fits; nothing was published. Most often: {reason} The rows are in {path}.",
    "“{file}”的 {read} 行全部不合格，未发布任何数据。最常见的原因：{reason}这些行已存于 {path}。",
)
MANY_REJECTED = Text(
    "{rejected} of {read} rows of “{file}” do not fit, more than [rules] most_rejected = {limit} allows; nothing was "
    "published. Most often: {reason} The rows are in {path}.",
    "“{file}”的 {read} 行中有 {rejected} 行不合格，超过 [rules] most_rejected = {limit}，未发布任何数据。"
    "最常见的原因：{reason}这些行已存于 {path}。",
)
NEEDS_APPEND = Text(
    "“{file}” is a quarantine file: loading it alone would replace all other orders. Add --append.",
    "“{file}”是隔离区文件，单独加载会替换其余全部工单。请加上 --append。",
)
CANNOT_APPEND = Text(
    "What is published now was not loaded from a file here, so nothing can be appended to it. Load the whole file "
    "without --append.",
    "当前发布的数据不是由本机文件加载的，无法追加。请不带 --append 重新加载整份文件。",
)
CANNOT_KEEP = Text(
    "“{path}” cannot be written: {why}. Nothing was published.", "无法写入“{path}”：{why}。未发布任何数据。"
)

# --- mappings -------------------------------------------------------------------------------------------------------

NOT_TOML = Text("“{file}” is not a TOML file: {why}", "“{file}”不是有效的 TOML 文件：{why}")
NOT_UTF8 = Text("“{file}” is not UTF-8; save it as UTF-8.", "“{file}”不是 UTF-8，请以 UTF-8 保存。")
WRONG = Text("{key}: {what} {right}", "{key}：{what}{right}")
KEY = Text("key", "键")
FIELD = Text("field", "字段")
UNKNOWN = Text("{key}: {said}", "{key}：{said}")
MISSING = Text("{key}: this is needed; {right}.", "{key}：缺少此项；{right}。")
WRONG_TYPE = Text(
    "{key}: {given} is not right here; right would be {right}.", "{key}：{given} 不正确；应为{right}。"
)

A_TEXT = Text("a text in quotation marks", "带引号的文本")
A_TABLE = Text("a table such as [{key}]", "表，如 [{key}]")
A_LIST = Text('a list such as ["a", "b"]', '列表，如 ["a", "b"]')
A_NUMBER = Text("a number", "数字")
A_SHARE = Text("a share from 0 to 1", "0 到 1 之间的比例")
ONE_OF = Text("one of {choices}", "以下之一：{choices}")
A_COLUMN = Text(
    'the name of a column, or a table such as {{column = "…"}}', '列名，或形如 {{column = "…"}} 的表'
)
NAME_A_COLUMN = Text(
    "name its column in [columns], or its value in [constants]",
    "请在 [columns] 中写列名，或在 [constants] 中写固定值",
)
NAME_A_STORE_FIELD = Text(
    'give {key} = "…" for all stores, or {{column = "…"}}', '请为所有门店写 {key} = "…",或写 {{column = "…"}}'
)
ARRIVAL = Text(
    "name the column of the arrival: arrived_at (day and time) or arrived_on (day only)",
    "请写进厂时间所在的列：arrived_at（日期和时间）或 arrived_on（仅日期）",
)
ONE_ARRIVAL = Text(
    "{a} and {b} are both given; keep the one that the file knows better.",
    "{a} 与 {b} 同时出现，请只保留更精确的一个。",
)
NO_HOURS = Text(
    "the file knows only the day of arrival, so no hours can be counted from it to {field}. Leave it out{instead}.",
    "文件只有进厂日期，无法计算到 {field} 的小时数，请删去此项{instead}。",
)
INSTEAD = Text(", or map it as {field}", "，或改为 {field}")
BOTH = Text(
    "stands in [columns] and in [constants]; keep one.", "同时出现在 [columns] 与 [constants]，请只保留一个。"
)
NOT_A_CHOICE = Text(
    "“{value}” is not right; right would be one of {choices}.", "“{value}”不正确；应为以下之一：{choices}。"
)
NO_FORMAT_HERE = Text("format is for times and days only; leave it out.", "format 只用于时间和日期，请删去。")
NO_UNIT_HERE = Text(
    "there is no unit “{unit}” here; right would be {choices}.", "此处没有单位“{unit}”；可用：{choices}。"
)
NO_UNITS = Text("unit is for numbers only; leave it out.", "unit 只用于数字，请删去。")
BAD_FORMAT = Text(
    "“{format}” is not a date format; right would be e.g. %Y-%m-%d %H:%M.",
    "“{format}”不是日期格式；应如 %Y-%m-%d %H:%M。",
)
NO_CLOCK = Text(
    "“{format}” has no hour (%H). Map a column that knows only the day as {instead}.",
    "“{format}”没有小时（%H）。只有日期的列请映射为 {instead}。",
)
NO_ZONE = Text(
    "“{zone}” is not a time zone; right would be e.g. Asia/Shanghai.",
    "“{zone}”不是时区；应如 Asia/Shanghai。",
)
BAD_DELIMITER = Text(
    'a delimiter is one character such as "," or "\\t".', '分隔符应为单个字符，如 "," 或 "\\t"。'
)
NO_VALUES_HERE = Text("only texts and choices have [values].", "只有文本和选项字段可以有 [values]。")
NO_CONSTANT_HERE = Text("a time cannot be the same for all orders.", "时间不能对所有工单相同。")
NOT_A_NUMBER = Text(
    "“{value}” is not a number from {low} to {high}.", "“{value}”不是 {low} 到 {high} 之间的数字。"
)
NEEDS = Text("needs {field} as well.", "还需要 {field}。")
YEARS = Text(
    "write the first and the last plausible year, e.g. [2015, 2030].",
    "请写首尾两个合理年份，如 [2015，2030]。",
)
HANDOVER_KNOWN = Text(
    "the handover is mapped ({field}), so it is not taken from the arrival; leave this key out.",
    "已映射交车时间（{field}），不再取进厂日期，请删去此键。",
)
