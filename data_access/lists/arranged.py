"""A listing as its reader wants it: only rows with these words, in the order of a column, of all rows that there are.

What a role sees masked is neither searched nor sorted by: both would tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Label, Select, case, false, or_

from data_access.dialects import holds_text
from data_access.scope import Scope
from kpi import catalog
from kpi.listing import Arrangement, Column, Kind
from kpi.verdict import Status

_SEVERITY = {status.value: status.severity for status in Status}


Holds = Callable[[str], ColumnElement[bool]]


def arranged(
    query: Select[Any], how: Arrangement, scope: Scope, elsewhere: Mapping[str, Holds] = {}
) -> Select[Any]:
    """The SELECT of a listing, narrowed and ordered; rows that are equal in the column keep the listing's own order.

    `elsewhere` tells of columns that the SELECT does not have yet whether they hold a word."""
    shown = query.selected_columns
    own_order = list(query._order_by_clauses)
    column = sorted_by(how, scope)
    if column and column.key not in elsewhere:
        ranks, value = _ranks(column), _meant(shown[column.key])
        value = case(ranks, value=value) if ranks else value
        query = query.order_by(None).order_by(
            (value.desc() if how.down else value.asc()).nulls_last(), *own_order
        )
    searched = _searched(how, scope)
    for word in how.words:
        held = (
            elsewhere[column.key](word)
            if column.key in elsewhere
            else _holds(_meant(shown[column.key]), column, word)
            for column in searched
        )
        query = query.where(or_(false(), *held))
    return query


def _meant(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What a column of a SELECT stands for: its name means nothing where rows are chosen."""
    return column.element if isinstance(column, Label) else column


def _holds(value: ColumnElement[Any], column: Column, word: str) -> ColumnElement[bool]:
    return value.in_(_coded(column, word)) if column.words else holds_text(value, word) > 0


def arranged_rows(rows: pd.DataFrame, how: Arrangement, scope: Scope) -> pd.DataFrame:
    """The same of rows that were judged outside the warehouse."""
    searched = _searched(how, scope)
    for word in how.words:
        rows = rows[np.any([_rows_with(rows[column.key], column, word) for column in searched], axis=0)]
    if column := sorted_by(how, scope):
        ranks = _ranks(column)
        rows = rows.sort_values(
            column.key,
            ascending=not how.down,
            kind="stable",
            key=(lambda values: values.map(ranks)) if ranks else None,
        )
    return rows


def _rows_with(values: pd.Series[Any], column: Column, word: str) -> NDArray[np.bool_]:
    found = (
        values.isin(_coded(column, word))
        if column.words
        else values.str.lower().str.contains(word, regex=False, na=False)
    )
    return found.to_numpy(dtype=bool)


def _searched(how: Arrangement, scope: Scope) -> list[Column]:
    columns = catalog.listing(how.listing).columns
    return [column for column in columns if column.reads is Kind.TEXT and _seen(column, scope)]


def sorted_by(how: Arrangement, scope: Scope) -> Column | None:
    """The column that the rows are to be in the order of, if the reader sees it."""
    column = catalog.listing(how.listing).column(how.column) if how.column else None
    return column if column and _seen(column, scope) else None


def _seen(column: Column, scope: Scope) -> bool:
    return column.personal is None or column.personal in scope.clear


def _coded(column: Column, word: str) -> list[str]:
    """The codes whose words, in either language, hold this one."""
    told = (column.words or {}).items()
    return [code for code, text in told if word in text.en.lower() or word in text.zh_cn.lower()]


def _ranks(column: Column) -> dict[str, int]:
    """States by how bad they are, codes as they were declared."""
    if column.reads is Kind.STATUS:
        return _SEVERITY
    return {code: place for place, code in enumerate(column.words or ())}
