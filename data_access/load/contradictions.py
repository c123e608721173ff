"""What a mapping says that cannot be: each check yields sentences that name the key, what is wrong and what is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from data_access.load import errors as say
from data_access.load.errors import shown
from data_access.load.fields import COLUMN_FIELDS, FIELDS, REQUIRED, STORE_FIELDS, Field, Kind
from kpi.catalog.sources import REGIONS
from kpi.errors import UnknownName
from kpi.text import Text

if TYPE_CHECKING:
    from data_access.load.mapping import OrderMapping, SourceColumn

_RESERVED = ("default", "empty")
_ONLY_ONE = (("arrived_at", "arrived_on"), ("delivered_at", "delivered_on"), ("settled_at", "settled_on"))
_NEED_HOURS = {"work_started_at": "", "delivered_at": "delivered_on"}
_BELONGS_TO = {
    "plate": "vehicle_id", "model": "vehicle_id", "powertrain": "vehicle_id", "interval_days": "vehicle_id",
    "interval_km": "vehicle_id", "customer_name": "customer_id", "customer_phone": "customer_id",
}  # fmt: skip
_HAS_CLOCK = ("%H", "%I", "%-H", "%-I", "%c", "%X")


def contradictions(mapping: OrderMapping) -> list[Text]:
    """Every fault that pydantic's types do not see; nothing when the mapping is sound."""
    unknown = [*_unknown_fields(mapping)]
    return unknown or [
        *_missing(mapping), *_arrival(mapping), *_columns(mapping), *_values(mapping), *_constants(mapping),
        *_stores(mapping), *_rules(mapping), *_file(mapping),
    ]  # fmt: skip


def _at(table: str, key: str = "") -> str:
    return f"[{table}] {shown(key)}".strip()


def _given(mapping: OrderMapping) -> set[str]:
    stores = {field for key, field in STORE_FIELDS.items() if getattr(mapping.stores, key)}
    return {*mapping.columns, *mapping.constants, *stores}


def _unknown_fields(mapping: OrderMapping) -> Iterator[Text]:
    rooms = {
        "columns": (list(mapping.columns), COLUMN_FIELDS),
        "constants": (list(mapping.constants), COLUMN_FIELDS),
        "values": (list(mapping.values), tuple(FIELDS)),
        "rules.repair": (list(mapping.rules.repair), COLUMN_FIELDS),
    }
    for table, (names, known) in rooms.items():
        for name in names:
            if name not in known:
                yield say.UNKNOWN.filled(
                    key=_at(table, name), said=UnknownName(say.FIELD, name, known).public
                )


def _missing(mapping: OrderMapping) -> Iterator[Text]:
    given = _given(mapping)
    store_keys = {field: key for key, field in STORE_FIELDS.items()}
    for field in REQUIRED:
        if field in given:
            continue
        if field in store_keys:
            key = store_keys[field]
            yield say.MISSING.filled(key=_at("stores", key), right=say.NAME_A_STORE_FIELD.filled(key=key))
        else:
            yield say.MISSING.filled(key=_at("columns", field), right=say.NAME_A_COLUMN)
    if not given & {"arrived_at", "arrived_on"}:
        yield say.MISSING.filled(key=_at("columns", "arrived_at"), right=say.ARRIVAL)
    for field, owner in _BELONGS_TO.items():
        if field in given and owner not in given:
            yield _wrong("columns", field, say.NEEDS.filled(field=owner))


def _wrong(table: str, key: str, what: Text) -> Text:
    return say.UNKNOWN.filled(key=_at(table, key), said=what)


def _arrival(mapping: OrderMapping) -> Iterator[Text]:
    for a, b in _ONLY_ONE:
        if a in mapping.columns and b in mapping.columns:
            yield _wrong("columns", b, say.ONE_ARRIVAL.filled(a=a, b=b))
    if "arrived_on" in mapping.columns:
        for field, instead in _NEED_HOURS.items():
            if field in mapping.columns:
                other = say.INSTEAD.filled(field=instead) if instead else Text("", "")
                yield _wrong("columns", field, say.NO_HOURS.filled(field=field, instead=other))


def _columns(mapping: OrderMapping) -> Iterator[Text]:
    for name, column in mapping.columns.items():
        yield from _column(name, FIELDS[name], column)
        if name in mapping.constants:
            yield _wrong("columns", name, say.BOTH)


def _column(name: str, field: Field, column: SourceColumn) -> Iterator[Text]:
    if column.format and field.kind not in (Kind.TIME, Kind.DAY):
        yield _wrong("columns", f"{name}.format", say.NO_FORMAT_HERE)
        return
    for each in column.format:
        if not _is_format(each):
            yield _wrong("columns", f"{name}.format", say.BAD_FORMAT.filled(format=shown(each)))
        elif field.kind is Kind.TIME and not any(sign in each for sign in _HAS_CLOCK):
            instead = name.replace("_at", "_on")
            told = say.NO_CLOCK.filled(format=shown(each), instead=instead if instead in FIELDS else "…_on")
            yield _wrong("columns", f"{name}.format", told)
    if column.unit and column.unit not in dict(field.units):
        choices = say.listed([unit for unit, _ in field.units])
        told = say.NO_UNIT_HERE.filled(unit=shown(column.unit), choices=choices) if choices else say.NO_UNITS
        yield _wrong("columns", f"{name}.unit", told)


def _is_format(text: str) -> bool:
    try:
        with duckdb.connect() as connection:
            connection.execute("select try_strptime('', ?)", [text])
    except duckdb.Error:
        return False
    return "%" in text and "%z" not in text.lower()


def _values(mapping: OrderMapping) -> Iterator[Text]:
    for name, words in mapping.values.items():
        choices = _choices(mapping, name)
        if FIELDS[name].kind not in (Kind.TEXT, Kind.HASHED, Kind.CHOICE):
            yield _wrong("values", name, say.NO_VALUES_HERE)
        if name not in _given(mapping) - set(mapping.constants):
            yield _wrong("values", name, say.NEEDS.filled(field=_at("columns", name)))
        for source, word in words.items():
            if choices and word not in choices and not (source in _RESERVED and word == "reject"):
                told = say.NOT_A_CHOICE.filled(value=shown(word), choices=say.listed(choices))
                yield _wrong(f"values.{name}", source, told)


def _choices(mapping: OrderMapping, name: str) -> tuple[str, ...]:
    return (*REGIONS, *mapping.places) if name == "region" else FIELDS[name].choices


def _constants(mapping: OrderMapping) -> Iterator[Text]:
    for name, value in mapping.constants.items():
        field, choices = FIELDS[name], _choices(mapping, name)
        if field.kind in (Kind.TIME, Kind.DAY):
            yield _wrong("constants", name, say.NO_CONSTANT_HERE)
        elif choices and value not in choices:
            told = say.NOT_A_CHOICE.filled(value=shown(value), choices=say.listed(choices))
            yield _wrong("constants", name, told)
        elif field.kind in (Kind.NUMBER, Kind.COUNT) and not _is_within(value, field):
            told = say.NOT_A_NUMBER.filled(value=shown(value), low=field.low, high=field.high)
            yield _wrong("constants", name, told)


def _is_within(value: str | int | float, field: Field) -> bool:
    return not isinstance(value, str) and field.low <= value <= field.high


def _stores(mapping: OrderMapping) -> Iterator[Text]:
    region = mapping.stores.region
    choices = _choices(mapping, "region")
    if isinstance(region, str) and region and region not in choices:
        yield _wrong(
            "stores", "region", say.NOT_A_CHOICE.filled(value=shown(region), choices=say.listed(choices))
        )


def _rules(mapping: OrderMapping) -> Iterator[Text]:
    rules, given = mapping.rules, _given(mapping)
    for name, words in rules.repair.items():
        choices = _choices(mapping, name)
        if name not in given:
            yield _wrong("rules.repair", name, say.NEEDS.filled(field=_at("columns", name)))
        for word in words:
            if choices and word not in choices:
                told = say.NOT_A_CHOICE.filled(value=shown(word), choices=say.listed(choices))
                yield _wrong("rules.repair", name, told)
    if len(rules.years) != 2 or not 1900 <= rules.years[0] <= rules.years[1] <= 2200:
        yield _wrong("rules", "years", say.YEARS)
    known = given & {"delivered_at", "delivered_on"}
    if rules.handover_day == "arrival" and known:
        yield _wrong("rules", "handover_day", say.HANDOVER_KNOWN.filled(field=", ".join(known)))


def _file(mapping: OrderMapping) -> Iterator[Text]:
    if (
        len(mapping.file.delimiter) != 1
        or not mapping.file.delimiter.isascii()
        or mapping.file.delimiter in '"\r\n'
    ):
        yield _wrong("file", "delimiter", say.BAD_DELIMITER)
    if mapping.file.time_zone and not _is_zone(mapping.file.time_zone):
        yield _wrong("file", "time_zone", say.NO_ZONE.filled(zone=shown(mapping.file.time_zone)))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
