"""SQL that turns a cell's text into a field's value: one expression a kind, NULL when the text is no such value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_access.load.fields import Field, Kind
from data_access.load.mapping import REJECT, SourceColumn

NETWORK_ZONE = "Asia/Shanghai"
HASH_LENGTH = 16
"""Hexadecimal digits of a SHA-256: of ten million vehicles, no two share 64 bits but once in 400,000 networks."""

_BLANK = " \t\r\n\u00a0\u3000\ufeff"
_DATE = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_CLOCK = r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
_OFFSET = r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_THOUSANDS = r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"


def literal(text: object) -> str:
    """A text as SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def one_of(cell: str, words: Sequence[str]) -> str:
    """SQL: the cell is one of the words. Not IN, of which DuckDB makes a join for every list."""
    return f"({' or '.join(f'{cell} = {literal(word)}' for word in words) or 'false'})"


def stripped(cell: str) -> str:
    """The cell as text without blanks around it. Most cells have none, and looking for them is the cheaper part."""
    text = f"cast({cell} as varchar)"
    return f"case when regexp_matches({text}, '^[{_BLANK}]|[{_BLANK}]$') then trim({text}, '{_BLANK}') else {text} end"


def known(text: str, empty: Sequence[str]) -> str:
    """The text; NULL when it says that nothing is known."""
    return f"case when not {one_of(text, ['', *empty])} then {text} end"


def worded(name: str, words: Mapping[str, str] | None, choices: Sequence[str]) -> str:
    """What a field's text means: looked up in its [values], else itself. Needs the joined table `w_<name>`."""
    text = f"t_{name}"
    if words is not None:
        default, empty = (_fallback(words.get(key)) for key in ("default", "empty"))
        return f"case when {text} is null then {empty} else coalesce(w_{name}.word, {default}) end"
    return f"case when {one_of(text, choices)} then {text} end" if choices else text


def _fallback(word: str | None) -> str:
    return "null" if word in (None, REJECT) else literal(word)


def value(field: Field, column: SourceColumn | None, zone: str) -> str:
    """The typed value of `m_<field>`, the field's text after [values]."""
    text = f"m_{field.name}"
    formats = column.format if column else []
    match field.kind:
        case Kind.TIME:
            return _time(text, formats, zone)
        case Kind.DAY:
            return _day(text, formats)
        case Kind.NUMBER | Kind.COUNT:
            factor = dict(field.units).get(column.unit if column else "", 1.0)
            amount = f"({number(text)} * {factor!r})"
            return f"try_cast(round({amount}) as bigint)" if field.kind is Kind.COUNT else amount
        case Kind.HASHED:
            return f"left(sha256(upper(regexp_replace({text}, '\\s', '', 'g'))), {HASH_LENGTH})"
        case _:
            return text


def _written(text: str, formats: Sequence[str]) -> str:
    return f"try_strptime({text}, [{', '.join(map(literal, formats))}])"


def _time(text: str, formats: Sequence[str], zone: str) -> str:
    naive = _written(text, formats) if formats else _iso(text, _DATE + _CLOCK)
    if zone:
        naive = f"(({naive}) at time zone {literal(zone)}) at time zone '{NETWORK_ZONE}'"
    zoned = f"try_cast({text} as timestamptz) at time zone '{NETWORK_ZONE}'"
    told = f"case when regexp_full_match({text}, {literal(_DATE + _CLOCK + _OFFSET)}) then {zoned} else {naive} end"
    return f"date_trunc('second', {told})"


def _day(text: str, formats: Sequence[str]) -> str:
    return f"try_cast({_written(text, formats) if formats else _iso(text, f'{_DATE}({_CLOCK})?')} as date)"


def _iso(text: str, pattern: str) -> str:
    return f"case when regexp_full_match({text}, {literal(pattern)}) then try_cast({text} as timestamp) end"


def number(text: str) -> str:
    plain = (
        f"case when regexp_full_match({text}, {literal(_THOUSANDS)}) then replace({text}, ',', '') "
        f"when regexp_full_match({text}, {literal(_NUMBER)}) then {text} end"
    )
    return f"try_cast({plain} as double)"
