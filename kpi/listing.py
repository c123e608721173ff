"""Lists of single things: orders, technicians, parts, customers. Declared once; tables, exports and print render them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from kpi.metric import Unit
from kpi.question import Period
from kpi.text import Text

LIST = Text("list", "列表")
PHONE_DIGITS, LONGEST_NAME, LONGEST_FIND = 11, 8, 100
COLUMN = Text("column", "列")
FOUND = Text("rows with “{find}”", "含“{find}”的行")

Value = str | float | date | datetime | bool | None


class Kind(StrEnum):
    """How a column reads when it is not a measure with a Unit."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    FLAG = "flag"
    STATUS = "status"


class Personal(StrEnum):
    """Whose person a column tells of: names, phones, plates, chassis numbers."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"


@dataclass(frozen=True)
class Column:
    """`reads` is a Unit for a measure, else a Kind. `words` translates coded values; `links` names what a key opens."""

    key: str
    name: Text
    reads: Unit | Kind = Kind.TEXT
    words: Mapping[str, Text] | None = None
    links: str | None = None
    """store | technician | order | part: the cell leads to that page, by the value of column `link_key` or its own."""
    link_key: str | None = None
    personal: Personal | None = None
    """Masked unless the role needs it (kpi/catalog/roles.py)."""
    on_screen: bool = True
    """False for keys that only files carry."""
    elapsed: bool = False
    """Hours that go on day and night: on a screen they read as days from the third on."""


@dataclass(frozen=True)
class Listing:
    """A table of single rows. Rows come in the order that matters: what needs attention first."""

    key: str
    name: Text
    description: Text
    columns: tuple[Column, ...]
    id_column: str
    """The column that tells rows apart."""

    @property
    def names_people(self) -> bool:
        return any(column.personal for column in self.columns)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True)
class Arrangement:
    """How a reader wants the rows of a listing: by a column ("-" before it: the largest first), only those with `find`."""

    listing: str
    by: str = ""
    find: str = ""

    @property
    def column(self) -> str:
        return self.by.removeprefix("-")

    @property
    def down(self) -> bool:
        return self.by.startswith("-")

    @property
    def words(self) -> list[str]:
        return plain(self.find).split()

    @property
    def told(self) -> Text | None:
        """What is left out, for a chip and a file; an order leaves nothing out."""
        return FOUND.filled(find=self.find) if self.find else None


@dataclass(frozen=True, kw_only=True)
class ListQuestion:
    """Which rows: of a listing, in a period, narrowed by dimension members, at most `limit`, for `metric` if any."""

    listing: str
    period: Period
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    metric: str | None = None
    order: str | None = None
    """The one work order whose rows are wanted."""
    arranged: Arrangement | None = None
    limit: int = 5_000


@dataclass(frozen=True)
class Listed:
    """The rows of a listing. `complete` is False when the limit cut some off; `found` counts those that were not brought
    along, too (None: all were)."""

    listing: Listing
    question: ListQuestion
    as_of: datetime
    rows: tuple[Mapping[str, Value], ...]
    complete: bool = True
    found: int | None = None

    def of_one_store(self) -> Listed:
        """Without the columns on screen that say the same store in every row."""
        columns = tuple(
            replace(column, on_screen=column.on_screen and column.link_key != "store_id")
            for column in self.listing.columns
        )
        return replace(self, listing=replace(self.listing, columns=columns))


def plain(text: str) -> str:
    """As it is compared: small letters, wide ones like narrow ones, and what no text holds as a gap."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter if letter.isprintable() else " " for letter in narrow)


def masked(value: Value) -> Value:
    """A personal value as everybody may see it: enough to tell two people apart, too little to reach them."""
    if not isinstance(value, str):
        return value
    if len(value) == PHONE_DIGITS and value.isdigit():
        return f"{value[:3]}****{value[-4:]}"
    return value[:1] + "*" * min(len(value) - 1, 2) if len(value) <= LONGEST_NAME else f"…{value[-6:]}"
