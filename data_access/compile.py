"""A question and a scope become one SELECT a source. Nothing here touches a database.

Every metric is asked for as the sums of its parts in its own window (a matured metric looks at earlier days), so one
SELECT answers all metrics of a source, now and in the comparison period, and any regrouping is a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal_column, or_, select
from sqlalchemy.sql.expression import FromClause

from data_access import schema
from data_access.derived import DERIVED
from data_access.dialects import period_start, quantile
from data_access.scope import Scope, limit_to
from kpi import catalog
from kpi.catalog import Dimension, Source
from kpi.metric import Level, Metric, Quantile
from kpi.question import Grain, Period, Question

PERIOD, MEMBER = "period", "member"
NOW, THEN = "now", "then"
TABLES: Mapping[str, FromClause] = {**schema.METADATA.tables, **DERIVED}
Newest = Mapping[Period, Subquery]
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

    def windows(self) -> Iterable[tuple[str, Period]]:
        yield NOW, self.now
        if self.then:
            yield THEN, self.then

    def column(self, when: str, part: str) -> str:
        """Sums of the same thing over the same days share a column: quantiles of one histogram are read from its bins."""
        return self._columns[when, part]

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str], str]:
        key = self.metric.key
        names = {}
        for when, days in self.windows():
            for part, sql in self.metric.parts().items():
                if isinstance(self.metric.formula, Level | Quantile):
                    names[when, part] = f"{key}__{when}__{part}"
                else:
                    told = f"{sql}\n{days}"
                    names[when, part] = f"sum__{when}__{blake2b(told.encode(), digest_size=8).hexdigest()}"
        return names


@lru_cache(maxsize=512)
def selects(
    question: Question, last_complete_day: date, scope: Scope
) -> tuple[tuple[tuple[Wanted, ...], Select[Any]], ...]:
    """One SELECT a source with the metrics it answers; written once, for boards ask the same with every data version."""
    wanted = [Wanted.of(catalog.metric(key), question, last_complete_day) for key in question.metrics]
    sources = dict.fromkeys(one.metric.source for one in wanted)
    groups = [tuple(one for one in wanted if one.metric.source == source) for source in sources]
    return tuple((asked, compile_question(question, asked, scope)) for asked in groups)


def compile_question(question: Question, wanted: Sequence[Wanted], scope: Scope) -> Select[Any]:
    """One SELECT for metrics of one source. Columns: period?, member?, then every part of every metric and window."""
    source = catalog.source(wanted[0].metric.source)
    table = TABLES[source.table]
    day = table.c[source.day_column]
    groups = _groups(question, table, day)
    newest = _newest_days(wanted, source, question.grain)
    joined = _joined(table, source, question)
    for days in newest.values():
        joined = joined.outerjoin(days, days.c.newest == day)
    query = (
        select(*(group.label(name) for name, group in groups.items()), *_parts(wanted, source, newest))
        .select_from(joined)
        .where(_days(wanted, day))
        .group_by(*groups.values())
        .order_by(*groups.values())
    )
    for key, members in question.only:
        query = query.where(_column(catalog.dimension(key), table).in_(sorted(members)))
        if key == "store":
            # Said of the source as well, whose rows are sorted by it: the join alone spares none of a derived source's.
            query = query.where(table.c[source.store_column].in_(sorted(members)))
    return limit_to(scope, schema.STORE, query)


def _groups(question: Question, table: FromClause, day: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    groups: dict[str, ColumnElement[Any]] = {}
    if question.grain:
        groups[PERIOD] = period_start(question.grain.value, day)
    if question.split:
        groups[MEMBER] = _column(catalog.dimension(question.split), table)
    return groups


def _joined(table: FromClause, source: Source, question: Question) -> FromClause:
    joined = table.join(schema.STORE, table.c[source.store_column] == schema.STORE.c.store_id)
    used = {
        catalog.dimension(key).table for key in (question.split, *(key for key, _ in question.only)) if key
    }
    if "part" in used:
        joined = joined.join(schema.PART, table.c.part_no == schema.PART.c.part_no)
    return joined


def _column(dimension: Dimension, table: FromClause) -> ColumnElement[Any]:
    home = table if dimension.table == "source" else TABLES[dimension.table]
    return home.c[dimension.column]


def _days(wanted: Sequence[Wanted], day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Only the days that some window needs, so that the engine can prune: engines skip blocks by a span of days, not by
    a choice of spans."""
    spans = _spans(window for one in wanted for _, window in one.windows())
    whole = day.between(spans[0].first, spans[-1].last)
    return and_(whole, or_(*(day.between(w.first, w.last) for w in spans))) if len(spans) > 1 else whole


def _spans(windows: Iterable[Period]) -> list[Period]:
    """The same days as few spans, the earliest first."""
    spans: list[Period] = []
    for window in sorted(windows, key=lambda w: (w.first, w.last)):
        if spans and window.first <= spans[-1].last + timedelta(1):
            spans[-1] = Period(spans[-1].first, max(spans[-1].last, window.last))
        else:
            spans.append(window)
    return spans


def _parts(wanted: Sequence[Wanted], source: Source, newest: Newest) -> Iterable[ColumnElement[Any]]:
    """One condition a window, said by all of its sums with the same bound days: the engine works it out once.

    Also where it holds for every row: it is what makes a sum over no rows NULL on every engine.
    """
    conditions: dict[tuple[bool, Period], ColumnElement[bool]] = {}
    named = set()
    for one in wanted:
        level = isinstance(one.metric.formula, Level)
        for when, window in one.windows():
            if (level, window) not in conditions:
                conditions[level, window] = _inside(level, window, source, newest)
            inside = conditions[level, window]
            for part, sql in one.metric.parts().items():
                name = one.column(when, part)
                if name not in named:
                    named.add(name)
                    yield _summed(one.metric, part, sql, inside).label(name)


def _newest_days(wanted: Sequence[Wanted], source: Source, grain: Grain | None) -> Newest:
    """Of the windows of levels the newest day of each period: found once and joined, not asked anew by every sum."""
    if grain is None:
        return {}
    windows = dict.fromkeys(
        window for one in wanted if isinstance(one.metric.formula, Level) for _, window in one.windows()
    )
    found = {}
    for place, window in enumerate(windows):
        every = TABLES[source.table].alias(f"every_day_{place}").c[source.day_column]
        days = select(func.max(every).label("newest")).where(every.between(window.first, window.last))
        found[window] = days.group_by(period_start(grain.value, every)).subquery(f"newest_{place}")
    return found


def _inside(level: bool, window: Period, source: Source, newest: Newest) -> ColumnElement[bool]:
    """The rows that count: all days of the window, or for a level the newest day of it (of each period of it)."""
    table = TABLES[source.table]
    day = table.c[source.day_column]
    if not level:
        return day.between(window.first, window.last)
    if window in newest:
        return newest[window].c.newest.is_not(None)
    every = table.alias("every_day").c[source.day_column]
    last = select(func.max(every)).where(every.between(window.first, window.last))
    return day == last.scalar_subquery()


def _summed(metric: Metric, part: str, sql: str, inside: ColumnElement[bool]) -> ColumnElement[Any]:
    expression: ColumnElement[Any] = literal_column(f"({sql})")
    if isinstance(metric.formula, Quantile):
        if part == "numerator":
            return quantile(case((inside, expression)), metric.formula.q)
        return func.count(case((inside, expression)))
    return func.sum(case((inside, expression)))


def compile_statuses(
    metrics: Sequence[str], kinds: Sequence[str], only: Sequence[tuple[str, tuple[str, ...]]], scope: Scope
) -> Select[Any]:
    """Stored statuses of some metrics at the units of some kinds, within `only` (units of place) and the scope.

    A unit is inside the scope when all of it is: whoever sees one region is told nothing of the whole network here.
    """
    status = schema.STATUS
    query = select(status).where(status.c.metric.in_(sorted(metrics)), status.c.kind.in_(sorted(kinds)))
    for key, members in only:
        query = query.where(status.c[catalog.dimension(key).column].in_(sorted(members)))
    return limit_to(scope, status, query.order_by(status.c.metric, status.c.kind, status.c.unit))


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
