"""The columns that name a row's store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from data_access.schema import STORE

STORE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    STORE.c.store_id,
    STORE.c.name_zh.label("store_zh"),
    STORE.c.name_en.label("store_en"),
)
