"""The front door: `ask(question, scope)` is how pages, alerts, forecasts and the API get data."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any, Protocol
from zlib import crc32

import numpy as np
import pandas as pd
from sqlalchemy import Select

from data_access import outlook, places, usual
from data_access.cache import Remember, forgetting
from data_access.compile import Asked, compile_freshness, compile_statuses, selects
from data_access.grouped import Columns
from data_access.held import Held
from data_access.lists import JUDGED, compile_list, compile_newest
from data_access.lists.arranged import arranged_rows
from data_access.lists.bookings import BEHIND_BOOKINGS
from data_access.lists.orders import BEHIND
from data_access.province_sums import MADE_OF
from data_access.scope import Scope
from kpi import catalog
from kpi.answer import Answer
from kpi.errors import UnknownName
from kpi.listing import Column, Kind, Listed, ListQuestion, Value, masked
from kpi.metric import Unit
from kpi.organisation import BELOW, NETWORK_NAME, OrgUnit, Site
from kpi.outlook import PARTS, Outlook, PartsTrust, ScoreTrust
from kpi.peers import Standing, standings
from kpi.question import Period, Question
from kpi.text import Text
from kpi.usual import UsualDays

LOG = logging.getLogger("pitwall.desk")
_AT_ONCE = ThreadPoolExecutor(2, "pitwall-select")
"""Where SELECTs run beside the page that asks them: an engine plans and adds most of them on a single core."""
Only = tuple[tuple[str, tuple[str, ...]], ...]
LATE_AFTER = timedelta(minutes=15)
"""A store whose newest event is older than this, during opening hours, is late (domain.md 2.0, T1)."""

GONE_AFTER = timedelta(days=35)
"""A store that was silent for so long counts as one that never reported: older runs are not read."""

NEAR = 64
"""Names and places that are kept at hand: of as many kinds and scopes."""


class Version(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def sums(self) -> str: ...


class Engine(Protocol):
    """What the desk needs of a warehouse (data_access/warehouse.py)."""

    def version(self) -> Version: ...
    def fingerprint(self, query: Select[Any], values: Mapping[str, Any] = ...) -> str: ...
    def fetch(self, query: Select[Any], values: Mapping[str, Any] = ...) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Feed:
    """How fresh one store is; None when it has not reported since GONE_AFTER."""

    store_id: str
    name: Text
    extracted_at: datetime | None


@dataclass(frozen=True)
class Freshness:
    """`as_of` is the newest event of the whole data version; `late` lists stores behind it, the longest first."""

    as_of: datetime
    stores: int
    late: tuple[Feed, ...]

    @property
    def completeness(self) -> float | None:
        """Share of live stores that report in time."""
        return 1 - len(self.late) / self.stores if self.stores else None


@dataclass
class Desk:
    """Answers questions from one warehouse, remembering what it has already looked up."""

    warehouse: Engine
    remember: Remember = forgetting
    on_clear: Callable[[str], None] = lambda _: None
    """Told the listing whenever personal values leave unmasked."""
    _near: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def as_of(self) -> datetime:
        return self.warehouse.version().as_of

    @property
    def note(self) -> str:
        """What the publisher says of the data version; a demo network's begins with “demo”."""
        return self.warehouse.version().note

    @property
    def last_complete_day(self) -> date:
        return self.as_of.date() - timedelta(1)

    def ask(self, question: Question, scope: Scope) -> Mapping[str, Answer]:
        """One answer a metric, by key; one SELECT a source. Raises UnknownName and the warehouse's errors."""
        as_of = self.as_of
        answers: dict[str, Answer] = {}
        first, *others = self._selects(question, scope)
        begun = [(asked, self._begin(asked, question, scope)) for asked in others]
        columns = [(first, self._columns(first, question, scope))]
        for asked, running in begun:
            # What nobody has got to yet is not waited for.
            later = self._columns(asked, question, scope) if running.cancel() else running.result()
            columns.append((asked, later))
        for asked, found in columns:
            for one in asked.wanted:
                rows = found.rows_of(one)
                answers[one.metric.key] = Answer(one.metric, question, one.now, one.then, as_of, rows)
        return {key: answers[key] for key in question.metrics}

    def ahead(self, questions: Iterable[Question | ListQuestion], scope: Scope) -> None:
        """Begins what a page will ask in a moment, while it draws what it knows; what fails is told when it is asked.

        Of a listing that is judged only the judgement, which takes longest and is the same for every reader.
        """
        if self.remember is forgetting:
            return
        for question in questions:
            if isinstance(question, Question):
                for asked in self._selects(question, scope):
                    self._begin(asked, question, scope)
            elif question.listing in JUDGED:
                _AT_ONCE.submit(copy_context().run, self._judgement, question, self.as_of)
            else:
                _AT_ONCE.submit(copy_context().run, self._rows, question, scope)

    def _selects(self, question: Question, scope: Scope) -> tuple[Asked, ...]:
        version = self.warehouse.version()
        return selects(question, version.as_of.date() - timedelta(1), scope, version.sums == MADE_OF)

    def _begin(self, asked: Asked, question: Question, scope: Scope) -> Future[Columns]:
        return _AT_ONCE.submit(copy_context().run, self._columns, asked, question, scope)

    def _columns(self, asked: Asked, question: Question, scope: Scope) -> Columns:
        made = partial(Columns.of, asked=asked)
        found: Columns = self._look_up(asked.query, question, scope, made, asked.days)
        return found

    def standings(
        self, metrics: tuple[str, ...], period: Period, store: str, scope: Scope
    ) -> Mapping[str, Standing | None]:
        """Where a store stands among the stores of its size, as shares that name nobody.

        The one answer that looks beyond the scope: a manager may know how his store compares, not with whom. The store
        itself must be within it.
        """
        peers = self._peers(metrics, period, store, scope)
        return standings(self.ask(peers, Scope.everything()), store) if peers else dict.fromkeys(metrics)

    def standings_ahead(self, metrics: tuple[str, ...], period: Period, store: str, scope: Scope) -> None:
        """As `ahead`, for `standings`."""
        peers = self._peers(metrics, period, store, scope)
        self.ahead([peers] if peers else [], Scope.everything())

    def _peers(self, metrics: tuple[str, ...], period: Period, store: str, scope: Scope) -> Question | None:
        """The question to all stores of the size of a store, which must be within the scope; None where it has no size."""
        frame = self._look_up(places.tier(store, scope), "tier", scope)
        if frame.empty or pd.isna(frame.iloc[0]["tier"]):
            return None
        size = ("tier", (str(frame.iloc[0]["tier"]),))
        return Question(metrics=metrics, period=period, split="store", only=(size,))

    @staticmethod
    def made_of_orders(metric: str) -> bool:
        """Whether a listing can show the single orders or bookings that a metric was made of."""
        return metric in BEHIND or metric in BEHIND_BOOKINGS

    @staticmethod
    def listing_behind(metric: str) -> str:
        """The listing that shows what a metric was made of; it refuses a metric that is made of something else."""
        return "bookings" if metric in BEHIND_BOOKINGS else "orders"

    def list(self, question: ListQuestion, scope: Scope, most: int | None = None) -> Listed:
        """The rows of a listing, in the order that matters; `complete` is False when the limit cut some off.

        With `most` only so many are brought along, and `found` still tells of all.
        """
        as_of = self.as_of
        listing = catalog.listing(question.listing)
        frame = self._rows(question, scope)
        judged = JUDGED.get(question.listing)
        brought = min(question.limit if most is None else most, question.limit)
        if judged:
            # Of the reader's own; what they are judged against is everybody, of whom no row comes back.
            said = self._judgement(question, as_of)
            place = {key: at for at, key in enumerate(frame[judged.key].tolist())}
            own = np.array([place.get(key, -1) for key in said[judged.key].tolist()], dtype=np.int64)
            rows = judged.picked(said[own >= 0])
            found, rows = len(rows), rows if question.arranged else rows.head(brought)
            known = frame.take([place[key] for key in rows[judged.key].tolist()])
            values = dict(known.items()) | dict(rows.items())
            if question.arranged:
                table = pd.DataFrame({name: column.to_numpy() for name, column in values.items()})
                table = arranged_rows(table, question.arranged, scope)
                found, values = len(table), dict(table.head(brought).items())
        else:
            found, rows = len(frame), frame.head(brought)
            values = dict(rows.items())
        names = [column.key for column in listing.columns]
        records = zip(*(_plain(values[column.key], column, scope) for column in listing.columns), strict=True)
        listed = tuple(dict(zip(names, record, strict=True)) for record in records)
        if listed and any(column.personal in scope.clear for column in listing.columns):
            self.on_clear(listing.key)
        limit = question.limit
        return Listed(listing, question, as_of, listed, complete=found <= limit, found=min(found, limit))

    def statuses(self, metrics: Sequence[str], kinds: Sequence[str], only: Only, scope: Scope) -> Held:
        """What the status machine said of the metrics at all units of the kinds inside `only`; one SELECT."""
        places = tuple((key, members) for key, members in only if key in BELOW)
        query = compile_statuses(tuple(metrics), tuple(kinds), places, scope)
        found: Held = self._look_up(query, f"statuses of {', '.join(metrics)}", scope, Held.of)
        return found

    def _rows(self, question: ListQuestion, scope: Scope) -> pd.DataFrame:
        newest = compile_newest(question, self.as_of, scope)
        found: pd.DataFrame | None = None if newest is None else self._look_up(newest, question, scope)
        if found is None or len(found) <= question.limit:
            found = self._look_up(compile_list(question, self.as_of, scope), question, scope)
        return found

    def _judgement(self, question: ListQuestion, as_of: datetime) -> pd.DataFrame:
        how = JUDGED[question.listing]
        query, days = how.everybody(question, as_of)
        said: pd.DataFrame = self._look_up(query, "everybody", Scope.everything(), how.judged, days)
        return said

    def outlook(self, unit: OrgUnit, series: str, scope: Scope) -> Outlook | None:
        """What was foretold of a unit's coming days; None where nothing was, or not of this unit."""
        if unit.kind not in outlook.LEVELS:
            return None
        asked = f"outlook of {series}"
        days = self._look_up(outlook.compile_days(unit, series, scope), asked, scope, outlook.days_of)
        trust = self._look_up(outlook.compile_trust(unit.kind, series), asked, scope, outlook.trust_of)
        return outlook.outlook_of(series, days, trust)

    def parts_trust(self, scope: Scope) -> PartsTrust | None:
        """How demand for parts was foretold before; None where nothing was."""
        found: PartsTrust | None = self._look_up(
            outlook.compile_methods(PARTS), "trust in parts", scope, outlook.parts_trust
        )
        return found

    def score_trust(self, scope: Scope) -> ScoreTrust | None:
        """How the churn score did before; None where nobody is scored."""
        found: ScoreTrust | None = self._look_up(
            outlook.compile_score(), "trust in the churn score", scope, outlook.score_trust
        )
        return found

    def usual(self, measures: Sequence[str], unit: OrgUnit, only: Only, scope: Scope) -> UsualDays:
        """What the calendar makes of the days of two years and two months ahead, at a unit.

        The shapes are those of all stores (of one size, for a store), as shares that name nobody; which stores of the
        unit are open comes from within the scope.
        """
        return usual.usual_days(
            partial(self._look_up, asked=f"usual days of {unit.kind}", scope=scope),
            tuple(sorted(set(measures))),
            unit,
            only,
            self.last_complete_day,
            scope,
        )

    def freshness(self, scope: Scope) -> Freshness:
        as_of = self.as_of
        query = compile_freshness(as_of.date() - GONE_AFTER, scope)
        found: Freshness = self._look_up(query, "freshness", scope, partial(_freshness, as_of))
        return found

    def lineage(self, unit: OrgUnit, scope: Scope) -> tuple[tuple[OrgUnit, Text], ...]:
        """The units from the network down to this one, with their names; UnknownName when the scope has none such."""
        found: list[tuple[OrgUnit, Text]] = [(OrgUnit(), NETWORK_NAME)]
        if not unit.member:
            return tuple(found)
        frame = self._look_up(places.above(unit, scope), f"above {unit.kind}", scope)
        if frame.empty:
            raise UnknownName(catalog.dimension(unit.kind).name, unit.member, self.names(unit.kind, scope))
        kind = "network"
        while kind != unit.kind and (below := BELOW[kind]):
            kind, member = below, str(frame.iloc[0][below])
            found.append((OrgUnit(kind, member), self.names(kind, scope)[member]))
        return tuple(found)

    def sites(self, only: Only, scope: Scope) -> tuple[Site, ...]:
        """Where the stores of a unit stand."""
        found: tuple[Site, ...] = self._at_hand(places.sites(only, scope), "sites", scope, places.sites_of)
        return found

    def names(self, kind: str, scope: Scope) -> Mapping[str, Text]:
        """Member keys of a dimension of place, and their names, within the scope."""
        query = places.names(kind, scope)
        found: Mapping[str, Text] = self._at_hand(query, f"names of {kind}", scope, places.names_of)
        return found

    def _at_hand(
        self, query: Select[Any], asked: str, scope: Scope, made: Callable[[pd.DataFrame], Any]
    ) -> Any:
        """As `_look_up`, of what every page asks for and nobody changes: it is kept as it is, not to be read each time."""
        key = self.warehouse.fingerprint(query)
        found = self._near.get(key)
        if found is None:
            found = self._look_up(query, asked, scope, made)
            if len(self._near) >= NEAR:
                self._near.clear()
            self._near[key] = found
        return found

    def _look_up(
        self,
        query: Select[Any],
        asked: object,
        scope: Scope,
        made: Callable[[pd.DataFrame], Any] = lambda frame: frame,
        values: Mapping[str, Any] = {},
    ) -> Any:
        started, ran = perf_counter(), []

        def run() -> Any:
            ran.append(True)
            return made(self.warehouse.fetch(query, values))

        found = self.remember(self.warehouse.fingerprint(query, values), run)
        LOG.info(
            "%s: %.1f ms, %s, scope %08x",
            _named(asked),
            1000 * (perf_counter() - started),
            "asked" if ran else "remembered",
            crc32(repr(scope.sorted()).encode()),
        )
        return found


def _freshness(as_of: datetime, frame: Any) -> Freshness:
    feeds = [
        Feed(row.store_id, Text(row.name_en, row.name_zh), _time(row.extracted_at))
        for row in frame.itertuples(index=False)
    ]
    late = [feed for feed in feeds if feed.extracted_at is None or as_of - feed.extracted_at > LATE_AFTER]
    late.sort(key=lambda feed: (feed.extracted_at or datetime.min, feed.store_id))
    return Freshness(as_of, len(feeds), tuple(late))


def _named(asked: object) -> str:
    """What was asked for, for the log: names of metrics and lists, never values."""
    if isinstance(asked, Question):
        return ", ".join(asked.metrics)
    return f"list {asked.listing}" if isinstance(asked, ListQuestion) else str(asked)


def _plain(values: pd.Series[Any], column: Column, scope: Scope) -> list[Value]:
    """A column as Python values, None where there is none; personal ones masked unless the scope has them clear."""
    made = _READ.get(column.reads, float if isinstance(column.reads, Unit) else str)
    if column.personal and column.personal not in scope.clear:
        made = masked
    # What is not there is None, NaN or NaT, of which the last two are not even equal to themselves.
    return [None if value is None or value != value else made(value) for value in values.tolist()]


_READ: Mapping[Unit | Kind, Callable[[Any], Value]] = {
    Kind.DAY: lambda value: pd.Timestamp(value).date(),
    Kind.TIME: lambda value: pd.Timestamp(value).to_pydatetime(),
    Kind.FLAG: bool,
}


def _time(value: Any) -> datetime | None:
    return None if pd.isna(value) else pd.Timestamp(value).to_pydatetime()
