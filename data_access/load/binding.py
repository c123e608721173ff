"""Binds a mapping to a file: which cell holds which field, and the SQL that reads all of them, typed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from data_access.load import errors as say
from data_access.load import typed
from data_access.load.errors import InputRefused, listed, shown
from data_access.load.fields import FIELDS, STORE_FIELDS, Field
from data_access.load.mapping import OrderMapping, SourceColumn
from data_access.load.source import Source
from kpi.catalog.sources import REGIONS
from kpi.text import Text

_STORE_KEYS = {field: key for key, field in STORE_FIELDS.items()}


@dataclass(frozen=True)
class Binding:
    """One file, read with one mapping."""

    source: Source
    mapping: OrderMapping

    def column_of(self, name: str) -> SourceColumn | None:
        """The column that the mapping names for a field; None when it names none, or a constant."""
        if name in self.mapping.columns:
            return self.mapping.columns[name]
        given = self._store_option(name)
        return given if isinstance(given, SourceColumn) else None

    def constant(self, name: str) -> str | int | float | None:
        given = self._store_option(name) or self.mapping.constants.get(name, "")
        return None if given == "" or isinstance(given, SourceColumn) else given

    def _store_option(self, name: str) -> SourceColumn | str:
        option: SourceColumn | str = (
            getattr(self.mapping.stores, _STORE_KEYS[name]) if name in _STORE_KEYS else ""
        )
        return option

    def heading(self, name: str) -> str:
        """What the file calls a field."""
        column = self.column_of(name)
        return column.column if column else name

    def choices(self, field: Field) -> tuple[str, ...]:
        """The words that a field may have; none means any."""
        return (*REGIONS, *self.mapping.places) if field.name == "region" else field.choices

    def place(self, name: str) -> int | None:
        """Which cell holds a field. Raises InputRefused when the file has no such column, or two."""
        column = self.column_of(name)
        if column is None:
            return None
        headings = [heading.strip() for heading in self.source.headings]
        places = [index for index, heading in enumerate(headings) if heading == column.column.strip()]
        if len(places) == 1:
            return places[0]
        key = f"[stores] {_STORE_KEYS[name]}" if name in _STORE_KEYS else f"[columns] {name}"
        more = {"file": shown(self.source.name), "column": shown(column.column), "key": key}
        if places:
            raise InputRefused(public=say.TWICE.filled(count=len(places), **more))
        near = get_close_matches(column.column, headings, n=3)
        told, near_ones = say.NO_COLUMN.filled(**more), say.NO_COLUMN_NEAR.filled(near=listed(near))
        hint = near_ones if near else say.NO_COLUMN_ALL.filled(columns=listed(headings[:30]))
        raise InputRefused(public=Text(told.en + hint.en, told.zh_cn + hint.zh_cn))

    # --- SQL

    def cell(self, name: str) -> str:
        """The text of a field's cell, as it stands in the file."""
        return typed.stripped(f"c{self.place(name)}")

    def rows(self) -> str:
        """SELECT row, t_* (texts), m_* (what they mean) and every field, typed."""
        fields = list(FIELDS.values())
        places = sorted({place for field in fields if (place := self.place(field.name)) is not None})
        bare = ", ".join(["row", *(f"{typed.stripped(f'c{place}')} as b{place}" for place in places)])
        texts = ", ".join(f"{self._text(field.name)} as t_{field.name}" for field in fields)
        words = ", ".join(f"{self._word(field)} as m_{field.name}" for field in fields)
        joins = " ".join(f"left join w_{name} on w_{name}.source = t_{name}" for name in self.mapping.values)
        values = ", ".join(f"{self._value(field)} as {field.name}" for field in fields)
        meant = f"select t.*, {words} from (select row, {texts} from (select {bare} from source)) t {joins}"
        whole_day = "coalesce(arrived_at, arrived_on::timestamp) as arrived_at"
        return f"select * replace ({whole_day}) from (select *, {values} from ({meant}))"

    def _text(self, name: str) -> str:
        place = self.place(name)
        if place is not None:
            return typed.known(f"b{place}", self.mapping.file.empty)
        constant = self.constant(name)
        return "null::varchar" if constant is None else typed.literal(constant)

    def _word(self, field: Field) -> str:
        return typed.worded(field.name, self.mapping.values.get(field.name), self.choices(field))

    def _value(self, field: Field) -> str:
        return typed.value(field, self.column_of(field.name), self.mapping.file.time_zone)
