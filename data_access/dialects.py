"""The only file that knows how the SQL of DuckDB, PostgreSQL and ClickHouse differs.

Each element below is one idea with one spelling per engine. The default spelling serves DuckDB and PostgreSQL
wherever they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Engine,
    Integer,
    Select,
    String,
    Table,
    create_engine,
    false,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators, quoted_name
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import literal_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

DUCKDB, POSTGRESQL, CLICKHOUSE = "duckdb", "postgresql", "clickhousedb"

Grain = Literal["day", "week", "month"]
Sql = ColumnElement[Any]
_Spell = Callable[..., str]


def _arguments(element: FunctionElement[Any], compiler: Any, kw: dict[str, Any]) -> list[str]:
    """The arguments as SQL, each fit to stand beside any operator."""
    return [
        compiler.process(clause.self_group(against=operators.truediv), **kw) for clause in element.clauses
    ]


def _spelled(
    default: str, **engines: str
) -> Callable[[type[FunctionElement[Any]]], type[FunctionElement[Any]]]:
    """Give a function element its spelling: a format string over its arguments, one per engine that differs."""

    def spell(form: str) -> _Spell:
        def written(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
            return form.format(*_arguments(element, compiler, kw))

        return written

    def decorate(kind: type[FunctionElement[Any]]) -> type[FunctionElement[Any]]:
        compiles(kind)(spell(default))
        for engine, form in engines.items():
            compiles(kind, engine)(spell(form))
        return kind

    return decorate


# --- time -----------------------------------------------------------------------------------------------------------


class period_start(ColumnElement[Any]):
    """The first day of the period a date falls in (weeks start on Monday).

    The grain is SQL text, not a bind parameter: DuckDB refuses GROUP BY date_trunc($2, d) for
    SELECT date_trunc($1, d), even when both are 'month'.
    """

    _traverse_internals = [  # noqa: RUF012
        ("grain", InternalTraversal.dp_string),
        ("day", InternalTraversal.dp_clauseelement),
    ]
    inherit_cache = True
    type = Date()

    def __init__(self, grain: Grain, day: Sql) -> None:
        self.grain = grain
        self.day = day


@compiles(period_start)
def _period_start(element: period_start, compiler: Any, **kw: Any) -> str:
    return f"cast(date_trunc('{element.grain}', {compiler.process(element.day, **kw)}) as date)"


@compiles(period_start, CLICKHOUSE)
def _period_start_clickhouse(element: period_start, compiler: Any, **kw: Any) -> str:
    name = {"day": "toDate32", "week": "toMonday", "month": "toStartOfMonth"}[element.grain]
    return f"toDate32({name}({compiler.process(element.day, **kw)}))"


@_spelled("cast(extract(hour from {0}) as bigint)", clickhousedb="toInt64(toHour({0}))")
class hour_of(FunctionElement[int]):
    """The hour of day of a timestamp, 0 … 23."""

    inherit_cache = True
    type = Integer()


@_spelled("cast(extract(isodow from {0}) as bigint)", clickhousedb="toInt64(toDayOfWeek({0}))")
class weekday_of(FunctionElement[int]):
    """The weekday of a day, 1 Monday … 7 Sunday."""

    inherit_cache = True
    type = Integer()


@_spelled("strpos(lower({0}), {1})", clickhousedb="positionUTF8(lowerUTF8({0}), {1})")
class holds_text(FunctionElement[int]):
    """Where in a text, whatever its case, another one of small letters begins, from 1; 0 when it does not."""

    inherit_cache = True
    type = Integer()


@_spelled("cast({0} as date)", clickhousedb="toDate32({0})")
class day_of(FunctionElement[date]):
    """The day of a timestamp."""

    inherit_cache = True
    type = Date()


@_spelled(
    "date_diff('second', cast({0} as timestamp), cast({1} as timestamp))",
    postgresql="extract(epoch from (cast({1} as timestamp) - cast({0} as timestamp)))::double precision",
    clickhousedb="dateDiff('second', {0}, {1})",
)
class seconds_between(FunctionElement[float]):
    """Seconds from the first moment (timestamp or date) to the second; negative when the second is earlier."""

    inherit_cache = True
    type = Double()


@_spelled("({1} - {0})", clickhousedb="dateDiff('day', {0}, {1})")
class days_between(FunctionElement[int]):
    """Days from the first date to the second."""

    inherit_cache = True
    type = Integer()


@_spelled("({0} + cast({1} as integer))", clickhousedb="addDays({0}, toInt64({1}))")
class add_days(FunctionElement[date]):
    """A date some days later; the days may be a column."""

    inherit_cache = True
    type = Date()


@_spelled(
    "cast({0} + to_months(cast({1} as integer)) as date)",
    postgresql="cast({0} + make_interval(months => cast({1} as integer)) as date)",
    clickhousedb="addMonths({0}, {1})",
)
class add_months(FunctionElement[date]):
    """The same day some months later, or the last day of a shorter month."""

    inherit_cache = True
    type = Date()


class moment(ColumnElement[Any]):
    """A fixed date or timestamp, typed as the tables store it on every engine."""

    _traverse_internals = [("value", InternalTraversal.dp_plain_obj)]  # noqa: RUF012
    inherit_cache = True

    def __init__(self, value: date | datetime) -> None:
        self.value = value
        self.type: TypeEngine[Any] = DateTime() if isinstance(value, datetime) else Date()


@compiles(moment)
def _moment(element: moment, _compiler: Any, **_: Any) -> str:
    kind = "timestamp" if isinstance(element.value, datetime) else "date"
    return f"{kind} '{element.value.isoformat(*_precision(element.value))}'"


@compiles(moment, CLICKHOUSE)
def _moment_clickhouse(element: moment, _compiler: Any, **_: Any) -> str:
    if isinstance(element.value, datetime):
        return f"toDateTime('{element.value.isoformat(' ', 'seconds')}', 'UTC')"
    return f"toDate32('{element.value.isoformat()}')"


def _precision(value: date | datetime) -> tuple[str, ...]:
    return (" ", "seconds") if isinstance(value, datetime) else ()


# --- arithmetic -----------------------------------------------------------------------------------------------------


@_spelled("({0} * 1.0 / nullif({1}, 0))")
class quotient(FunctionElement[float]):
    """Division that answers NULL when the denominator is zero, and never truncates.

    Use it for every division: SQLAlchemy's own `/` casts the divisor to NUMERIC on ClickHouse, which means no decimals.
    """

    inherit_cache = True
    type = Double()


@_spelled("{0}", clickhousedb="case when count({1}) > 0 then {0} end")
class _guarded(FunctionElement[Any]):
    inherit_cache = True


def null_when_empty(aggregate: Sql, counted: Sql | None = None) -> Sql:
    """A sum that is NULL over no rows (or over no known value of `counted`): ClickHouse alone would answer 0."""
    guarded: Sql = _guarded(aggregate, literal_column("*") if counted is None else counted)
    guarded.type = aggregate.type
    return guarded


@_spelled(
    "arg_max({0}, {1})",
    postgresql="(array_agg({0} order by {1} desc))[1]",
    clickhousedb="argMax({0}, {1})",
)
class value_at_max(FunctionElement[Any]):
    """The value of the group's row whose rank is largest; neither may be NULL, ranks must not tie."""

    inherit_cache = True


# --- tables ---------------------------------------------------------------------------------------------------------

_CLICKHOUSE_TYPES: dict[type[TypeEngine[Any]], str] = {
    String: "String",
    Boolean: "Bool",
    Double: "Float64",
    Date: "Date32",
    DateTime: "DateTime('UTC')",
}


def _clickhouse_type(column: Column[Any]) -> str:
    name = _CLICKHOUSE_TYPES.get(type(column.type), "Int64")
    return f"Nullable({name})" if column.nullable else name


def create_table(table: Table, schema: str, dialect: Any, order: tuple[str, ...] = ()) -> str:
    """The statement that makes an empty table; `order` is the sort key, which only ClickHouse keeps by itself."""
    quote = dialect.identifier_preparer.quote
    clickhouse = dialect.name == CLICKHOUSE

    def written(column: Column[Any]) -> str:
        if clickhouse:
            return f"{quote(column.name)} {_clickhouse_type(column)}"
        kind = column.type.compile(dialect=dialect)
        return f"{quote(column.name)} {kind}{'' if column.nullable else ' not null'}"

    columns = ", ".join(written(column) for column in table.columns)
    key = ", ".join(quote(name) for name in order) or "tuple()"
    engine = f" engine = MergeTree order by ({key})" if clickhouse else ""
    return f"create table {quote(quoted_name(schema, None))}.{quote(table.name)} ({columns}){engine}"


class blank(ColumnElement[Any]):
    """NULL, of a type."""

    _traverse_internals = [("type", InternalTraversal.dp_type)]  # noqa: RUF012
    inherit_cache = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        self.type = kind


@compiles(blank)
def _blank(element: blank, compiler: Any, **_: Any) -> str:
    return f"cast(null as {element.type.compile(dialect=compiler.dialect)})"


@compiles(blank, CLICKHOUSE)
def _blank_clickhouse(element: blank, _compiler: Any, **_: Any) -> str:
    return f"cast(null as Nullable({_CLICKHOUSE_TYPES.get(type(element.type), 'Int64')}))"


def nothing(table: Table) -> Select[Any]:
    """No row, with the columns of `table`: what stands for a table that is not there yet."""
    return select(*(blank(column.type).label(column.name) for column in table.columns)).where(false())


# --- engines --------------------------------------------------------------------------------------------------------


def engine_for(url: URL, seconds: float | None = None) -> Engine:
    """An engine of a database server. With `seconds` it is for readers: nothing can be written through it, and what
    runs longer is stopped by the server; without, it is for a publisher. DuckDB needs none: it is opened by file."""
    if url.get_backend_name() == POSTGRESQL:
        return _postgresql(url, seconds)
    url = url.set(database="default")  # what the URL names is the warehouse, which may not exist yet
    settings: dict[str, object] = {"ch_join_use_nulls": 1}
    if seconds is not None:
        settings |= {"ch_max_execution_time": seconds, "ch_timeout_overflow_mode": "throw", "ch_readonly": 2}
    return create_engine(url, connect_args=settings)


def _postgresql(url: URL, seconds: float | None) -> Engine:
    options = ["-c timezone=UTC", "-c jit=off"]
    if seconds is not None:
        options += ["-c default_transaction_read_only=on", f"-c statement_timeout={round(seconds * 1000)}"]
    driver = url.set(drivername="postgresql+psycopg")
    given = url.query.get("options", "")
    arguments = {"options": " ".join([str(given), *options]).strip(), "connect_timeout": 5}
    return create_engine(
        driver.difference_update_query(["options"]), pool_pre_ping=True, connect_args=arguments
    )


def is_timeout(error: DBAPIError) -> bool:
    """Whether the server stopped a query because it took too long."""
    driver = error.orig
    return getattr(driver, "sqlstate", None) == "57014" or getattr(driver, "code", None) == 159
