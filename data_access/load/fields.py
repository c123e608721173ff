"""What a mapping may fill: every field of an order with its vehicle, customer and store, its kind and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data_access.schema import VEHICLE, WORK_ORDER


class Kind(StrEnum):
    TEXT = "text"
    HASHED = "hashed"  # a text of which only the hash is kept
    TIME = "time"  # a day with a time of day
    DAY = "day"
    NUMBER = "number"
    COUNT = "count"  # a whole number
    CHOICE = "choice"  # one of a few words


@dataclass(frozen=True)
class Field:
    """One value of an order. Numbers below `low` or above `high` are mistakes; `units` convert into the contract's."""

    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    units: tuple[tuple[str, float], ...] = ()


LONGEST_TEXT = 200
"""Characters. Ids, names and codes are shorter; what is longer is a mistake of the export."""

KM = (("km", 1.0), ("mi", 1.609344))
HOURS = (("h", 1.0), ("min", 1 / 60), ("s", 1 / 3600))
MONEY = (("CNY", 1.0), ("fen", 0.01), ("10k CNY", 10_000.0))
DAYS = (("d", 1.0), ("week", 7.0))
_MOST_MONEY = 100_000_000


def _words(comment: str | None) -> tuple[str, ...]:
    """The vocabulary of a contract column, as its comment declares it: `a | b | c`."""
    return tuple((comment or "").split(" | "))


def _choice(name: str, comment: str | None) -> Field:
    return Field(name, Kind.CHOICE, choices=_words(comment))


def _number(
    name: str, low: float, high: float, units: tuple[tuple[str, float], ...], kind: Kind = Kind.NUMBER
) -> Field:
    return Field(name, kind, low=low, high=high, units=units)


_ORDER = (
    Field("work_order_id"),
    Field("store_id"),
    Field("origin_store_id"),
    Field("vehicle_id", Kind.HASHED),
    Field("customer_id"),
    Field("arrived_at", Kind.TIME),
    Field("arrived_on", Kind.DAY),
    Field("work_started_at", Kind.TIME),
    Field("work_ended_at", Kind.TIME),
    Field("promised_at", Kind.TIME),
    Field("delivered_at", Kind.TIME),
    Field("delivered_on", Kind.DAY),
    Field("settled_at", Kind.TIME),
    Field("settled_on", Kind.DAY),
    _number("odometer_km", 0, 5_000_000, KM, Kind.COUNT),
    _choice("order_type", WORK_ORDER.c.order_type.comment),
    _choice("service_kind", WORK_ORDER.c.service_kind.comment),
    _choice("status", WORK_ORDER.c.status.comment),
    Field("drop_off", Kind.CHOICE, choices=("true", "false")),
    Field("root_cause"),
    _number("labour_amount", -_MOST_MONEY, _MOST_MONEY, MONEY),
    _number("parts_amount", -_MOST_MONEY, _MOST_MONEY, MONEY),
    _number("parts_cost", -_MOST_MONEY, _MOST_MONEY, MONEY),
    _number("billed_hours", 0, 10_000, HOURS),
    _number("clock_hours", 0, 10_000, HOURS),
)
_VEHICLE_AND_CUSTOMER = (
    Field("plate"),
    Field("model"),
    _choice("powertrain", VEHICLE.c.powertrain.comment),
    _number("interval_days", 1, 3_660, DAYS, Kind.COUNT),
    _number("interval_km", 1, 200_000, KM, Kind.COUNT),
    Field("customer_name"),
    Field("customer_phone"),
)
_STORE = (Field("store_name"), Field("region"), Field("province"), Field("city"))

FIELDS: Mapping[str, Field] = {field.name: field for field in (*_ORDER, *_VEHICLE_AND_CUSTOMER, *_STORE)}
"""In the order in which a row's faults are told."""

COLUMN_FIELDS = tuple(field.name for field in (*_ORDER, *_VEHICLE_AND_CUSTOMER))
"""What [columns] and [constants] may name; the store's fields stand in [stores]."""

STORE_FIELDS: Mapping[str, str] = {
    "name": "store_name",
    "region": "region",
    "province": "province",
    "city": "city",
}
"""Keys of [stores] -> fields."""

REQUIRED = ("work_order_id", "store_id", "order_type", "service_kind", "region", "province", "city")
"""An order cannot be loaded without these; neither can it without `arrived_at` or `arrived_on`."""

ORDER_OF_TIMES = (
    ("arrived_at", "work_started_at"),
    ("arrived_at", "delivered_at"),
    ("arrived_at", "settled_at"),
    ("arrived_at", "promised_at"),
    ("work_started_at", "work_ended_at"),
    ("work_started_at", "delivered_at"),
    ("work_ended_at", "delivered_at"),
)
"""Pairs of which the first cannot be later than the second."""

PRESENT_TENSE = frozenset({"promised_at"})
"""Times that may lie ahead of the newest event."""
