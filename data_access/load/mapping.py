"""A mapping: a TOML file that says which column of an export is what, and what its words mean.

    [file]       encoding, delimiter, sheet, time_zone, empty: how to read the file
    [columns]    field = "source column", or {column = …, format = …, unit = …}
    [values.X]   source word = contract word; `default` for other words ("reject" quarantines), `empty` for no word
    [constants]  field = a value that is the same for every order
    [stores]     name, region, province, city: "the same for all stores", or {column = …}
    [places.X]   zh, en: names of a region, province or city that PitWall does not know
    [rules]      repair, handover_day, duplicates, years, most_rejected

Fields are those of data_access/load/fields.py. An unknown key is refused with the nearest one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from data_access.load import errors as say
from data_access.load.contradictions import contradictions
from data_access.load.errors import InputRefused, MappingRefused, shown
from kpi.errors import UnknownName
from kpi.text import Text

REJECT = "reject"
RESERVED = ("default", "empty")
"""Keys of [values] that are no words of the file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


class SourceColumn(_Strict):
    """A column of the file, how its times are written and in which unit its numbers are."""

    column: str = Field(min_length=1)
    format: Annotated[list[str], BeforeValidator(_as_list)] = []
    unit: str = ""


def _as_column(given: object) -> object:
    return {"column": given} if isinstance(given, str) else given


def _as_word(given: object) -> object:
    return str(given).lower() if isinstance(given, bool) else given


Mapped = Annotated[SourceColumn, BeforeValidator(_as_column)]
Word = Annotated[str, BeforeValidator(_as_word)]
Constant = Annotated[str | int | float, BeforeValidator(_as_word)]


class FileOptions(_Strict):
    """How to read the file. An encoding left out is found; times without a zone are the stores' own."""

    encoding: Literal["utf-8", "gb18030", ""] = ""
    delimiter: str = ","
    sheet: str = ""
    time_zone: str = ""
    empty: list[str] = ["", "NULL", "N/A", "#N/A"]


class StoreOptions(_Strict):
    """What is known of the stores; a plain text holds for all of them."""

    name: SourceColumn | str = ""
    region: SourceColumn | str = ""
    province: SourceColumn | str = ""
    city: SourceColumn | str = ""


class PlaceNames(_Strict):
    zh: str
    en: str


class Rules(_Strict):
    """What is counted, and what is refused."""

    repair: dict[str, list[Word]] = {"service_kind": ["repair"]}
    """A repair has one of these words in each of these fields; only a repair can come back or be one."""
    handover_day: Literal["unknown", "arrival"] = "unknown"
    """"arrival" dates a finished order that has no handover by its arrival; its hours stay unknown."""
    duplicates: Literal["first", "last", "none"] = "first"
    """Which row of a repeated order id is loaded; the others go to quarantine."""
    years: list[int] = [2000, 2100]
    """First and last plausible year of any time."""
    most_rejected: float = Field(default=0.5, ge=0, le=1)
    """Nothing is published when a larger share of the rows does not fit."""


class OrderMapping(_Strict):
    """A checked mapping."""

    file: FileOptions = FileOptions()
    columns: dict[str, Mapped]
    values: dict[str, dict[str, Word]] = {}
    constants: dict[str, Constant] = {}
    stores: StoreOptions
    places: dict[str, PlaceNames] = {}
    rules: Rules = Rules()


def read_mapping(path: Path) -> OrderMapping:
    """The mapping in a TOML file. Raises InputRefused (no such file), MappingRefused with every fault found."""
    return parse_mapping(_text_of(path), path.name)


def parse_mapping(text: str, name: str = "mapping") -> OrderMapping:
    """The mapping in a TOML text. Raises MappingRefused."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingRefused([say.NOT_TOML.filled(file=shown(name), why=shown(error, 200))]) from None
    try:
        mapping = OrderMapping.model_validate(tables)
    except ValidationError as error:
        raise MappingRefused([_told(fault) for fault in error.errors()]) from None
    found = contradictions(mapping)
    if found:
        raise MappingRefused(found)
    return mapping


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputRefused(public=say.NOT_FOUND.filled(file=shown(path, 200))) from None
    except IsADirectoryError:
        raise InputRefused(public=say.DIRECTORY.filled(file=shown(path, 200))) from None
    except OSError as error:
        why = shown(error.strerror)
        raise InputRefused(public=say.NOT_READABLE.filled(file=shown(path, 200), why=why)) from None
    except UnicodeDecodeError:
        raise MappingRefused([say.NOT_UTF8.filled(file=shown(path.name))]) from None


# --- pydantic's findings, in the reader's language ------------------------------------------------------------------

_RIGHT = {
    "string_type": say.A_TEXT,
    "string_too_short": say.A_TEXT,
    "list_type": say.A_LIST,
    "int_type": say.A_NUMBER,
    "float_type": say.A_NUMBER,
    "greater_than_equal": say.A_SHARE,
    "less_than_equal": say.A_SHARE,
}


def _told(fault: Any) -> Text:
    path = [str(step) for step in fault["loc"] if step not in ("SourceColumn", "str", "int", "float")]
    key, kind = _written(path), fault["type"]
    if kind == "extra_forbidden":
        return say.UNKNOWN.filled(key=key, said=UnknownName(say.KEY, path[-1], _known(path)).public)
    if kind == "missing":
        texts = {"columns": say.A_COLUMN.filled(), "stores": say.A_COLUMN.filled(), "places": say.A_TEXT}
        right = texts[path[0]] if len(path) > 2 else say.A_TABLE.filled(key=path[0])
        return say.MISSING.filled(key=key, right=right)
    if kind == "literal_error":
        right = say.ONE_OF.filled(choices=fault["ctx"]["expected"])
    elif kind in ("dict_type", "model_type", "model_attributes_type"):
        right = (
            say.A_COLUMN.filled()
            if path[0] == "columns" and len(path) > 1
            else say.A_TABLE.filled(key=path[0])
        )
    else:
        right = _RIGHT.get(kind, Text(fault["msg"], fault["msg"]))
    return say.WRONG_TYPE.filled(key=key, given=shown(repr(fault["input"])), right=right)


def _written(path: list[str]) -> str:
    """`[columns] arrived_at.format` for the steps to a key."""
    table, *rest = map(shown, path)
    return f"[{table}] {'.'.join(rest)}".strip()


def _known(path: list[str]) -> list[str]:
    """The keys that may stand where `path` ends."""
    rooms: dict[str, type[BaseModel]] = {
        "file": FileOptions, "columns": SourceColumn, "stores": StoreOptions, "places": PlaceNames, "rules": Rules,
    }  # fmt: skip
    model: type[BaseModel] = OrderMapping if len(path) == 1 else rooms[path[0]]
    return list((SourceColumn if path[0] == "stores" and len(path) > 2 else model).model_fields)
