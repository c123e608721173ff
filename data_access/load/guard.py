"""Cells that a spreadsheet could run as a formula get an apostrophe in front, and lose it when they come back."""

from __future__ import annotations

_LEADS = ("=", "+", "-", "@", "\t", "\r", "'")
_PATTERN = "^[=+@\\t\\r''-]"  # SQL text; an apostrophe too, so that what looks guarded comes back as it was


def guarded(cell: str) -> str:
    """SQL: the cell as text, harmless in a spreadsheet."""
    text = f"cast({cell} as varchar)"
    return f"case when regexp_matches({text}, '{_PATTERN}') then '''' || {text} else {text} end"


def unguarded(cell: str) -> str:
    """SQL: a guarded cell as it was."""
    text = f"cast({cell} as varchar)"
    return f"case when {text}[1] = '''' and regexp_matches({text}[2:], '{_PATTERN}') then {text}[2:] else {text} end"


def guarded_heading(heading: str) -> str:
    return f"'{heading}" if heading.startswith(_LEADS) else heading


def unguarded_heading(heading: str) -> str:
    return heading[1:] if heading[:1] == "'" and heading[1:].startswith(_LEADS) else heading
