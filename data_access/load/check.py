"""Checks every row of table `source`: those that fit are in view `accepted`, the others in `rejected` with what is wrong.

All in SQL over the whole file. `accepted` has every field, typed, NULL where the file is silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from data_access.load import typed, wording
from data_access.load.binding import Binding
from data_access.load.errors import listed, shown
from data_access.load.fields import FIELDS, LONGEST_TEXT, ORDER_OF_TIMES, PRESENT_TENSE, REQUIRED, Field, Kind
from data_access.load.mapping import REJECT, RESERVED
from kpi.text import Text, same


@dataclass(frozen=True)
class Fault:
    """Something that keeps a row out: when it does (SQL over texts and values), and what is told.

    `{value}` in it stands for `value` (SQL over the cells of the row).
    """

    code: str
    column: str
    when: str
    value: str
    says: Text


def check_rows(connection: duckdb.DuckDBPyConnection, binding: Binding, until: datetime) -> list[Fault]:
    """Fill `accepted` and `rejected` (row, faults: places in the list that is returned).

    Nothing can have happened after `until`. Raises InputRefused when the file lacks a column of the mapping.
    """
    groups = _by_row(binding, until)
    faults = [fault for group in groups for fault in group]
    broken, repeated = len(faults), len(faults) + 1
    _create_words(connection, binding)
    fields = ", ".join(FIELDS)
    connection.execute(
        f"create table typed as select row, {fields}, {_numbers(groups)} as faults from ({binding.rows()})"
    )
    rank = {"first": "row_number() over (w order by row)", "last": "row_number() over (w order by row desc)"}
    place = rank.get(binding.mapping.rules.duplicates, "count(*) over w")
    connection.execute(f"""
        create table rejected as
        select row, faults from typed where len(faults) > 0
        union all select row, [{broken}] from broken
        union all select row, [{repeated}] from typed where len(faults) = 0
            window w as (partition by work_order_id) qualify {place} > 1
    """)
    connection.execute(f"create view accepted as select {fields} from typed anti join rejected using (row)")
    return [*faults, *_of_the_file(binding)]


def _create_words(connection: duckdb.DuckDBPyConnection, binding: Binding) -> None:
    """One table `w_<field>` (source, word) for each of [values]."""
    for name, words in binding.mapping.values.items():
        known = {source: word for source, word in words.items() if source not in RESERVED and word != REJECT}
        columns = [pa.array(list(known), pa.string()), pa.array(list(known.values()), pa.string())]
        connection.register("words", pa.table(columns, names=["source", "word"]))
        connection.execute(f"create table w_{name} as select * from words")
        connection.unregister("words")


def _numbers(groups: list[list[Fault]]) -> str:
    """SQL: the numbers of a row's faults, at most one a group."""
    number, cases = 0, []
    for group in groups:
        whens = " ".join(f"when {fault.when} then {number + place}" for place, fault in enumerate(group))
        cases.append(f"case {whens} end")
        number += len(group)
    return f"list_filter([{', '.join(cases)}], lambda fault: fault is not null)"


# --- what can be wrong ----------------------------------------------------------------------------------------------


def _by_row(binding: Binding, until: datetime) -> list[list[Fault]]:
    """Groups of faults; only the first that a row has of a group is told, for the others follow from it."""
    mapped = [field for field in FIELDS.values() if binding.column_of(field.name) is not None]
    by_field = [list(_of_field(binding, field, until)) for field in mapped]
    return [
        *by_field,
        *([fault] for fault in _of_order(binding)),
        *([fault] for fault in _of_status(binding)),
    ]


def _fault(
    binding: Binding, code: str, name: str, when: str, *, expected: Text | str = "", value: str | None = None
) -> Fault:
    heading = binding.heading(name)
    says = wording.REASONS[code].filled(column=shown(heading), expected=expected, value="{value}")
    return Fault(code, heading, when, value or binding.cell(name), says)


def _of_field(binding: Binding, field: Field, until: datetime) -> Iterator[Fault]:
    name, text, word = field.name, f"t_{field.name}", f"m_{field.name}"
    if name in REQUIRED or name in ("arrived_at", "arrived_on"):
        yield _fault(binding, "missing_value", name, f"{text} is null and {word} is null")
    length = f"length({binding.cell(name)})::varchar"
    too_long = f"length({text}) > {LONGEST_TEXT}"
    yield _fault(binding, "too_long", name, too_long, expected=str(LONGEST_TEXT), value=length)
    yield _fault(binding, "control_character", name, f"regexp_matches({text}, '[[:cntrl:]]')")
    if name in binding.mapping.values or binding.choices(field):
        unknown = f"{text} is not null and {word} is null"
        yield _fault(binding, "unknown_value", name, unknown, expected=_known_words(binding, field))
    if field.kind in (Kind.TIME, Kind.DAY):
        yield from _of_moment(binding, field, until)
    if field.kind in (Kind.NUMBER, Kind.COUNT):
        no_number = f"{text} is not null and not coalesce(isfinite({typed.number(text)}), false)"
        yield _fault(binding, "not_a_number", name, no_number)
        span = wording.SPAN.filled(low=f"{field.low:,.0f}", high=f"{field.high:,.0f}")
        outside = (
            f"{text} is not null and coalesce({name} not between {field.low!r} and {field.high!r}, true)"
        )
        yield _fault(binding, "out_of_range", name, outside, expected=span)


def _known_words(binding: Binding, field: Field) -> str:
    words = [word for word in binding.mapping.values.get(field.name, {}) if word not in RESERVED]
    known = words or list(binding.choices(field))
    return listed(known[:12]) + (" …" if len(known) > 12 else "")


def _of_moment(binding: Binding, field: Field, until: datetime) -> Iterator[Fault]:
    name, column, is_time = field.name, binding.column_of(field.name), field.kind is Kind.TIME
    formats = same(" | ".join(map(shown, column.format))) if column and column.format else None
    right = formats or (wording.ISO_TIME if is_time else wording.ISO_DAY)
    unread = f"t_{name} is not null and {name} is null"
    yield _fault(binding, "not_a_time" if is_time else "not_a_day", name, unread, expected=right)
    first, last = binding.mapping.rules.years
    years = wording.YEAR_SPAN.filled(first=first, last=last)
    yield _fault(
        binding, "implausible_year", name, f"year({name}) not between {first} and {last}", expected=years
    )
    if name not in PRESENT_TENSE:
        late = f"{name} > timestamp {typed.literal(until.isoformat(' ', 'seconds'))}"
        yield _fault(binding, "in_the_future", name, late, expected=f"{until:%Y-%m-%d %H:%M}")


def _of_order(binding: Binding) -> Iterator[Fault]:
    """A later step before an earlier one: compared by the day where one of them is known to the day only."""
    arrival = "arrived_on" if binding.column_of("arrived_on") else "arrived_at"
    for earlier, later in ORDER_OF_TIMES:
        before = arrival if earlier == "arrived_at" else earlier
        for step in (later, later.replace("_at", "_on")):
            if step not in FIELDS or binding.column_of(before) is None or binding.column_of(step) is None:
                continue
            by_day = Kind.DAY in (FIELDS[before].kind, FIELDS[step].kind)
            a, b = (f"{name}::date" if by_day else name for name in (before, step))
            expected = shown(binding.heading(before))
            yield _fault(binding, "times_out_of_order", step, f"{b} < {a}", expected=expected)


def _of_status(binding: Binding) -> Iterator[Fault]:
    if binding.column_of("status") is not None:
        done = "coalesce(delivered_at, settled_at, delivered_on, settled_on) is not null"
        is_open = f"status is not null and not {typed.one_of('status', ('delivered', 'settled'))}"
        yield _fault(binding, "status_contradicts", "status", f"{done} and {is_open}")


def _of_the_file(binding: Binding) -> tuple[Fault, Fault]:
    """What one row alone does not show: a line that is no row, and an order that stands in several."""
    fields = str(len(binding.source.headings))
    broken = Fault("broken_row", "", "", "''", wording.REASONS["broken_row"].filled(expected=fields))
    rule = wording.KEPT[binding.mapping.rules.duplicates]
    return broken, _fault(binding, "repeated_order", "work_order_id", "", expected=rule)
