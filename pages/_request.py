"""What this request brings with it: the desk to ask at, the person's scope, the reader's habits, the view in the URL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import current_app, g

from components.heat import hour_told
from components.reader import Reader
from components.wording import OWN_UNITS
from data_access.ask import Desk
from data_access.scope import Scope
from kpi import catalog
from kpi.errors import NotAllowed, UnknownName
from kpi.listing import COLUMN, LONGEST_FIND, Arrangement, ListQuestion
from kpi.organisation import OrgUnit
from kpi.question import PERIODS, HourOfWeek, Period, compared, period_named
from kpi.role import Role
from kpi.stock_class import StockClass
from kpi.text import CLAUSES, Text, joined, same
from operations.people import Identity
from operations.titles import titled

Lineage = tuple[tuple[OrgUnit, Text], ...]
DEFAULTS = {"period": "mtd", "compare": "prior", "unit": "network", "type": "", "tier": ""}
"""The view's state, and what an address that does not name it means."""

ARRANGED = ("rows", "by", "find")
"""State that says how a reader wants one of a board's listings: which, by which column, with which words."""

OF_ONE_BOARD = ("hour", "stock", *ARRANGED)
"""State that means something to one board alone, and stays there."""

OF_A_CLASS = "class_parts"
"""The listing that is narrowed to the class of parts that was chosen."""

KINDS = {"type": ("store_type", catalog.STORE_TYPES), "tier": ("tier", catalog.STORE_SIZES)}
"""State that narrows to stores of a kind: its dimension, and the kinds there are."""


def desk() -> Desk:
    return cast(Desk, current_app.extensions["desk"])


def scope() -> Scope:
    """Nobody signed in sees nothing; access/guard.py decides who is signed in."""
    return cast(Scope, g.get("scope", Scope()))


def who() -> Identity:
    """Whoever has signed in; the doors (access/guard.py) let nobody else come as far as a page."""
    return cast(Identity, g.who)


def role() -> Role:
    return who().role


def title() -> Text:
    """What the person is called: role and units."""
    return titled(role(), who().units, desk())


def reader() -> Reader:
    return cast(Reader, g.get("reader", Reader()))


def now() -> datetime:
    return cast(datetime, current_app.extensions["clock"]())


def address(kind: str, member: str, tail: str = "") -> str:
    """The page of a region, a store or an order."""
    return f"/{kind}/{quote(member, safe='')}{tail}"


@dataclass(frozen=True)
class View:
    """The question in the address: which days, against which, for which part of the network."""

    path: str
    state: Mapping[str, str]
    period: Period
    compare: Period
    lineage: Lineage
    """The units from the network down to the one that is shown."""
    is_place: bool = False
    """Whether the path itself names the unit: /region/north, /store/S001."""

    @property
    def unit(self) -> OrgUnit:
        return self.lineage[-1][0]

    @property
    def only(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return self.unit.only + tuple((KINDS[name][0], (value,)) for name, value in self.kinds.items())

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds of stores that the view is narrowed to; one store is of the kind that it is."""
        if self.unit.kind == "store":
            return {}
        return {name: self.state[name] for name in KINDS if self.state[name]}

    @property
    def hour(self) -> HourOfWeek | None:
        """The hour of the week that the board looks at, where it knows of one."""
        return HourOfWeek.parse(self.state["hour"]) if self.state.get("hour") else None

    @property
    def stock_class(self) -> StockClass | None:
        """The class of parts that the board looks at, where it knows of one."""
        return StockClass.parse(self.state["stock"]) if self.state.get("stock") else None

    @property
    def arranged(self) -> Arrangement | None:
        """How one of the board's listings is wanted. Raises UnknownName."""
        rows, by, find = (self.state.get(name, "") for name in ARRANGED)
        if not rows or not (by or find):
            return None
        how = Arrangement(rows, by, find.strip()[:LONGEST_FIND])
        columns = [column.key for column in catalog.listing(rows).columns if column.on_screen]
        if how.column and how.column not in columns:
            raise UnknownName(COLUMN, how.column, columns)
        return how

    @property
    def narrowed(self) -> dict[str, Text]:
        """What one board alone is narrowed to, by its name in the address."""
        told = {
            "hour": self.hour and hour_told(self.hour),
            "stock": self.stock_class and self.stock_class.told,
            "find": self.arranged and self.arranged.told,
        }
        return {name: text for name, text in told.items() if text}

    @property
    def days(self) -> Text:
        """The days that it shows, or the one day."""
        first, last = self.period.first, self.period.last
        return same(f"{last}" if first == last else f"{first} – {last}")

    @property
    def chips(self) -> list[tuple[Text, str]]:
        """What narrows this view beyond its defaults, and the address of the view without it."""
        chosen = [(KINDS[name][1][value], self.href(**{name: ""})) for name, value in self.kinds.items()]
        if len(self.lineage) > 1:
            chosen.insert(0, (self.lineage[-1][1], self.href(unit=str(self.lineage[-2][0]))))
        chosen += [(told, self.href(**{name: ""})) for name, told in self.narrowed.items()]
        if self.state["period"] not in PERIODS:
            chosen.append((self.days, self.href(period=DEFAULTS["period"])))
        return chosen

    def href(self, path: str | None = None, **changes: str) -> str:
        """The address of this view with some of its state changed; defaults and what is empty are left out.

        What means something to one board alone stays there.
        """
        kept = {name: value for name, value in self.state.items() if not (path and name in OF_ONE_BOARD)}
        state = {**kept, **changes}
        where = path or self.path
        if path is None and self.is_place:
            where, state["unit"] = self._place(OrgUnit.parse(state["unit"]))
        said = {name: value for name, value in state.items() if value and value != DEFAULTS.get(name)}
        query = urlencode(said, safe=":.,")
        return where + (f"?{query}" if query else "")

    def _place(self, unit: OrgUnit) -> tuple[str, str]:
        """The page of a unit, and what its address still has to say of it: provinces and cities are parts of a region."""
        if unit == self.unit:
            return self.path, self.state["unit"] if unit.kind in ("province", "city") else ""
        if unit.kind in ("store", "region"):
            return address(unit.kind, unit.member), ""
        region = next((above.member for above, _ in self.lineage if above.kind == "region"), "")
        return "/region" + (f"/{quote(region, safe='')}" if unit.member and region else ""), str(unit)

    def page_of(self, kind: str, member: str, tail: str = "") -> str:
        """The address of a region's, a store's or an order's own page, for the days and the comparison of this view."""
        return self.href(address(kind, member, tail), unit="", metric="")

    def told(self) -> Text:
        """The filter in words, for files and print."""
        units = [name for _, name in self.lineage]
        pieces = [
            joined(units, same(" › ")),
            self.days,
            *(KINDS[name][1][value] for name, value in self.kinds.items()),
            *self.narrowed.values(),
        ]
        return joined(pieces, CLAUSES)

    def listing(self, key: str, metric: str | None = None) -> ListQuestion:
        """The rows of a listing for the unit and days of this view."""
        narrower = self.stock_class.only if self.stock_class and key == OF_A_CLASS else ()
        return ListQuestion(listing=key, period=self.period, only=self.only + narrower, metric=metric)

    def arranged_listing(self, key: str, metric: str | None = None) -> ListQuestion:
        """The same rows as the reader wants them; what is counted and added up stays with `listing`."""
        how = self.arranged if self.state.get("rows") == key else None
        return replace(self.listing(key, metric), arranged=how)

    def arrange(self, key: str) -> Callable[[str, str], str]:
        """The address of this view with a listing by a column and narrowed to words."""
        return lambda by, find: self.href(rows=key if by or find else "", by=by, find=find)

    def thing(self, kind: str, key: str) -> str | None:
        """Where a single thing has its page; None for things without one."""
        if kind == "technician":
            return self.href(f"/technician/{key}")
        if kind == "order":
            return self.page_of("order", key) if role().opens("/order") else None
        return self.page_of("store", key) if kind == "store" else None

    def export(self, key: str, **more: str | None) -> Callable[[str], str]:
        """The address of a listing as a file, by the file's kind; `more` is said of it besides, such as the metric."""
        wanted = {name: value or "" for name, value in more.items()}
        if key == OF_A_CLASS:
            wanted["stock"] = self.state.get("stock", "")
        if self.state.get("rows") == key:
            wanted |= {name: self.state.get(name, "") for name in ARRANGED}
        return lambda kind: self.href(f"/export/{key}.{kind}", **wanted)

    def export_members(self, metrics: Iterable[str], split: str, **more: str) -> Callable[[str], str]:
        """The same for the units of one kind against these metrics; `more` is state that the address does not have."""
        wanted = {"metrics": ",".join(metrics), "split": split, "metric": "", **more}
        return lambda kind: self.href(f"/export/members.{kind}", **wanted)


def view(path: str, query: Mapping[str, Any], *, is_place: bool = False, **more: str) -> View:
    """Reads the address; `more` is state of this page alone. Raises errors that say what would be right.

    Of a place the path names the unit, which then is `more`.
    """
    defaults = DEFAULTS | dict.fromkeys(ARRANGED, "")
    state = {name: str(query.get(name) or default) for name, default in defaults.items()} | more
    period = period_named(state["period"], desk().last_complete_day)
    for name, (dimension, known) in KINDS.items():
        if state[name] and state[name] not in known:
            raise UnknownName(catalog.dimension(dimension).name, state[name], known)
    lineage = _from_home(desk().lineage(OrgUnit.parse(state["unit"]), scope()), is_place)
    state["unit"] = str(lineage[-1][0])
    return View(path, state, period, compared(state["compare"], period), lineage, is_place)


def _from_home(lineage: Lineage, is_place: bool) -> Lineage:
    """Above one's own part of the network there is nothing to see: the drill path begins there."""
    home = who().home
    if home not in dict(lineage):
        if is_place:
            raise NotAllowed
        lineage = desk().lineage(home, scope())
    if home.member:
        return lineage[[unit for unit, _ in lineage].index(home) :]
    return ((home, OWN_UNITS), *lineage[1:]) if scope().bounded else lineage
