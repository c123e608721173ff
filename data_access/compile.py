"""A question and a scope become one SELECT a source. Nothing here touches a database.

Every metric is asked for as the sums of its parts in its own window (a matured metric looks at earlier days), so one
SELECT answers all metrics of a source, now and in the comparison period, and any regrouping is a sum. Days are grouped
by the windows they lie in, and rows by the conditions that parts set; each column is summed once for all of them:
engines plan and add a plain sum several times faster than one sum a window or a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.expression import FromClause

from data_access import schema
from data_access.derived import BOUND, DERIVED, FIRST_DAY
from data_access.dialects import period_start, weekday_of
from data_access.errors import NoSuchSplit
from data_access.foretold import PREDICTIONS
from data_access.province_sums import SUMS
from data_access.scope import Scope, limit_to
from kpi import catalog
from kpi.catalog import Source
from kpi.metric import Level, Metric, Where
from kpi.question import Grain, Period, Question

PERIOD, MEMBER, WINDOWS = "period", "member", "in_windows"
STORE = "store"
"""The dimension that every source has a column of."""
TABLES: Mapping[str, FromClause] = {
    **schema.METADATA.tables,
    **{table.name: table for table in PREDICTIONS},
    **DERIVED,
}
Window = tuple[bool, Period]
"""Days that count, and whether of them the newest alone does (a level)."""
Span = tuple[int, int]
"""The first and the last day of a period, as their places among the days that are bound."""
Newest = Mapping[Span, Subquery]
"""The newest days of a window's periods."""


@dataclass(frozen=True)
class Wanted:
    """A metric with the days that answer for it, and the names its parts come back under."""

    metric: Metric
    now: Period
    then: Period | None

    @classmethod
    def of(cls, metric: Metric, question: Question, last_complete_day: date) -> Wanted:
        now = metric.window(question.period, last_complete_day)
        # As far back from the days that answer as was asked for: a matured metric's own window may end earlier.
        back = question.compare and (question.compare.last - question.period.last).days
        return cls(metric, now, now.shifted(back) if back else None)

    def windows(self) -> Iterable[Window]:
        level = isinstance(self.metric.formula, Level)
        yield level, self.now
        if self.then:
            yield level, self.then


@dataclass(frozen=True)
class Asked:
    """A SELECT for metrics of one source.

    Columns: period?, member?, the windows a row lies in (bit k set: in the k-th of `windows`; then a bit for each condition
    of a part that it fulfils), then the sums as s0, s1, ….
    """

    wanted: tuple[Wanted, ...]
    query: Select[Any]
    windows: tuple[Window, ...]
    parts: Mapping[str, tuple[int, int]]
    """Of each part (SQL) the bit that its rows have besides their window's, 0 for none, and which sum it is."""
    days: Mapping[str, date]
    """What is bound in the query: the same one, and so the same SQL, serves other days."""


once = lru_cache(maxsize=512)
"""A SELECT that boards ask with every data version is put together once, and so its SQL is written once."""


@once
def selects(
    question: Question, last_complete_day: date, scope: Scope, summed: bool = False
) -> tuple[Asked, ...]:
    """One SELECT a source with the metrics it answers; `summed` says whether there are sums by province to read."""
    wanted = [Wanted.of(catalog.metric(key), question, last_complete_day) for key in question.metrics]
    sources = dict.fromkeys(one.metric.source for one in wanted)
    dimensions = tuple(key for key in (question.split, *dict(question.only)) if key)
    groups = [tuple(one for one in wanted if one.metric.source == source) for source in sources]
    return tuple(
        _asked(question, asked, _rows(source, dimensions, scope, summed), scope)
        for source, asked in zip(sources, groups, strict=True)
    )


def _asked(question: Question, wanted: Sequence[Wanted], rows: Rows, scope: Scope) -> Asked:
    """One SELECT for metrics of one source."""
    windows = tuple(dict.fromkeys(window for one in wanted for window in one.windows()))
    spans = _spans(days for _, days in windows)
    days = dict.fromkeys(
        day for days in (*(days for _, days in windows), *spans) for day in (days.first, days.last)
    )
    place = {day: at for at, day in enumerate(days)}

    def placed(days: Period) -> Span:
        return place[days.first], place[days.last]

    parts = dict.fromkeys(sql for one in wanted for sql in one.metric.parts().values())
    made_of = {sql: (None, sql) if rows.added_up else _pulled_apart(sql) for sql in parts}
    conditions = tuple(dict.fromkeys(condition for condition, _ in made_of.values() if condition))
    sums = tuple(dict.fromkeys(column for _, column in made_of.values()))
    bit = {None: 0} | {condition: 1 << at for at, condition in enumerate(conditions, len(windows))}
    query = _select(
        rows,
        sums,
        conditions,
        tuple((level, placed(days)) for level, days in windows),
        tuple(map(placed, spans)),
        question.grain,
        question.split,
        question.only,
        scope,
    )
    bound = {_day(at).key: day for day, at in place.items()}
    if wanted[0].metric.source in BOUND:
        bound[FIRST_DAY.key] = spans[0].first
    found = {sql: (bit[condition], sums.index(column)) for sql, (condition, column) in made_of.items()}
    return Asked(tuple(wanted), query, windows, found, bound)


def _pulled_apart(sql: str) -> tuple[str | None, str]:
    """The condition that a part sets, if any, and what is summed for it."""
    return (sql.condition, sql.column) if isinstance(sql, Where) else (None, sql)


@once
def _select(
    rows: Rows,
    sums: tuple[str, ...],
    conditions: tuple[str, ...],
    windows: tuple[tuple[bool, Span], ...],
    spans: tuple[Span, ...],
    grain: Grain | None,
    split: str | None,
    only: tuple[tuple[str, tuple[str, ...]], ...],
    scope: Scope,
) -> Select[Any]:
    """The SELECT of all questions of one shape, whatever their days are."""
    groups = _groups(grain, split, rows)
    newest = _newest_days(windows, rows, grain)
    joined = rows.joined
    for days in newest.values():
        joined = joined.outerjoin(days, days.c.newest == rows.day)
    tested: list[ColumnElement[bool]] = [_inside(window, rows, newest) for window in windows]
    tested += [literal_column(f"({condition})", Boolean) for condition in conditions]
    lies_in: list[ColumnElement[int]] = [
        case((test, _whole(1 << place)), else_=_whole(0)) for place, test in enumerate(tested)
    ]
    summed: list[ColumnElement[Any]] = [
        func.sum(rows.part(sql)).label(f"s{place}") for place, sql in enumerate(sums)
    ]
    windows_of_row = sum(lies_in[1:], lies_in[0]).label(WINDOWS)
    query = (
        select(*(group.label(name) for name, group in groups.items()), windows_of_row, *summed)
        .select_from(joined)
        .where(_days(spans, rows.day))
        .group_by(*groups.values(), literal_column(WINDOWS))
        .order_by(*groups.values())
    )
    for key, members in only:
        column = rows.column(key)
        named = [int(member) for member in members] if isinstance(column.type, Integer) else members
        query = query.where(column.in_(sorted(named)))
    return limit_to(scope, rows.places, query)


@cache
def _day(at: int) -> BindParameter[date]:
    return bindparam(f"day_{at}", None, Date())


def _between(day: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return day.between(_day(span[0]), _day(span[1]))


def _whole(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


@dataclass(frozen=True, eq=False)
class Rows:
    """What a question reads: the rows of its source, or the sums of them by province where these tell the same."""

    source: Source
    table: FromClause
    joined: FromClause
    places: FromClause
    """Where the columns of place stand that a scope or a split names."""

    @property
    def day(self) -> ColumnElement[date]:
        return self.table.c[self.source.day_column]

    def part(self, sql: str) -> ColumnElement[Any]:
        """What is added up for a part of a metric."""
        return SUMS[self.source.table].of[sql] if self.added_up else literal_column(f"({sql})")

    @property
    def added_up(self) -> bool:
        """Whether these are sums already, each of one part."""
        return self.places is not schema.STORE

    def column(self, key: str) -> ColumnElement[Any]:
        """What a dimension groups or narrows by. Raises UnknownName, NoSuchSplit."""
        dimension = catalog.dimension(key)
        if key == STORE:
            return self.table.c[self.source.store_column]
        if dimension.table == "day":
            return weekday_of(self.day)
        home = {"source": self.table, "store": self.places, "part": schema.PART}[dimension.table]
        if dimension.column not in home.c:
            raise NoSuchSplit(dimension.name)
        return home.c[dimension.column]


@once
def _rows(source_name: str, dimensions: tuple[str, ...], scope: Scope, summed: bool) -> Rows:
    """The source with what it is split or narrowed by: nothing is published of a store that the table of stores does not
    know (data_access/verify.py), so a join that says nothing of the stores is left out."""
    source = catalog.source(source_name)
    wanted = [catalog.dimension(key) for key in dimensions if key != STORE]
    sums = SUMS.get(source_name) if summed and STORE not in dimensions and scope.stores is None else None
    if sums and all(dimension.table == "day" or dimension.column in sums.table.c for dimension in wanted):
        return Rows(source, sums.table, sums.table, sums.table)
    table = joined = TABLES[source.table]
    homes = {dimension.table for dimension in wanted}
    if "store" in homes or scope.bounded:
        joined = joined.join(schema.STORE, table.c[source.store_column] == schema.STORE.c.store_id)
    if "part" in homes:
        joined = joined.join(schema.PART, table.c.part_no == schema.PART.c.part_no)
    return Rows(source, table, joined, schema.STORE)


def _groups(grain: Grain | None, split: str | None, rows: Rows) -> dict[str, ColumnElement[Any]]:
    groups: dict[str, ColumnElement[Any]] = {}
    if grain:
        groups[PERIOD] = period_start(grain.value, rows.day)
    if split:
        groups[MEMBER] = rows.column(split)
    return groups


def _days(spans: Sequence[Span], day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Only the days that some window needs, so that the engine can prune: engines skip blocks by a span of days, not by
    a choice of spans."""
    whole = _between(day, (spans[0][0], spans[-1][1]))
    return and_(whole, or_(*(_between(day, span) for span in spans))) if len(spans) > 1 else whole


def _spans(windows: Iterable[Period]) -> list[Period]:
    """The same days as few spans, the earliest first."""
    spans: list[Period] = []
    for window in sorted(windows, key=lambda w: (w.first, w.last)):
        if spans and window.first <= spans[-1].last + timedelta(1):
            spans[-1] = Period(spans[-1].first, max(spans[-1].last, window.last))
        else:
            spans.append(window)
    return spans


def _newest_days(windows: Iterable[tuple[bool, Span]], rows: Rows, grain: Grain | None) -> Newest:
    """Of the windows of levels the newest day of each period: found once and joined, not asked anew by every sum."""
    if grain is None:
        return {}
    found = {}
    for place, span in enumerate(dict.fromkeys(span for level, span in windows if level)):
        every = _every(rows, f"every_day_{place}")
        days = select(func.max(every).label("newest")).where(_between(every, span))
        found[span] = days.group_by(period_start(grain.value, every)).subquery(f"newest_{place}")
    return found


def _inside(window: tuple[bool, Span], rows: Rows, newest: Newest) -> ColumnElement[bool]:
    """The rows that count: all days of the window, or for a level the newest day of it (of each period of it)."""
    level, span = window
    if not level:
        return _between(rows.day, span)
    if span in newest:
        return newest[span].c.newest.is_not(None)
    every = _every(rows, "every_day")
    last = select(func.max(every)).where(_between(every, span))
    return rows.day == last.scalar_subquery()


def _every(rows: Rows, name: str) -> ColumnElement[date]:
    """The days of all rows, whatever is asked of them."""
    return rows.table.alias(name).c[rows.source.day_column]


@once
def compile_statuses(
    metrics: tuple[str, ...],
    kinds: tuple[str, ...],
    only: tuple[tuple[str, tuple[str, ...]], ...],
    scope: Scope,
) -> Select[Any]:
    """Stored statuses of some metrics at the units of some kinds, within `only` (units of place) and the scope.

    A unit is inside the scope when all of it is: whoever sees one region is told nothing of the whole network here.
    """
    status = schema.STATUS
    query = select(status).where(status.c.metric.in_(sorted(metrics)), status.c.kind.in_(sorted(kinds)))
    for key, members in only:
        query = query.where(status.c[catalog.dimension(key).column].in_(sorted(members)))
    return limit_to(scope, status, query.order_by(status.c.metric, status.c.kind, status.c.unit))


@once
def compile_freshness(since: date, scope: Scope) -> Select[Any]:
    """Newest event and load of each live store since a day: store_id, name_zh, name_en, extracted_at, loaded_at."""
    run, store = schema.SYNC_RUN, schema.STORE
    newest = (
        select(
            run.c.store_id,
            func.max(run.c.extracted_at).label("extracted_at"),
            func.max(run.c.loaded_at).label("loaded_at"),
        )
        .where(run.c.day >= since)
        .group_by(run.c.store_id)
        .subquery("newest")
    )
    query = (
        select(store.c.store_id, store.c.name_zh, store.c.name_en, newest.c.extracted_at, newest.c.loaded_at)
        .select_from(store.outerjoin(newest, and_(store.c.store_id == newest.c.store_id)))
        .where(store.c.live_on.is_not(None))
        .order_by(store.c.store_id)
    )
    return limit_to(scope, store, query)
