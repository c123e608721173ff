"""The tape: what happens after as-of, and what a warehouse may know of it at a moment.

Rows on the tape are as they will be in the end, with `known_at` and `final_at`. `reveal` turns them into what the
stores' systems show at `now`: an order that arrived but is not handed over has no handover, a booking ahead is booked,
a survey sent is not answered yet. A store that is late or silent is shown as of the last moment that was heard of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Table

from data_access.schema import (
    APPOINTMENT,
    ATTENDANCE,
    BAY_SESSION,
    COMEBACK,
    COMPLAINT,
    CUSTOMER,
    LABOUR_LINE,
    PART_LINE,
    PART_REQUEST,
    QUALITY_RESULT,
    STOCK_BALANCE,
    STOCK_LEVEL,
    SURVEY,
    SYNC_RUN,
    TABLES,
    VEHICLE,
    VISIT,
    WORK_ORDER,
)  # fmt: skip
from seed.network import Network
from seed.rows import KNOWN_AT, plain

USUAL_LAG_SECONDS = 75
CLOCK, FACTS_OF_TAPE = "clock.parquet", "tape.json"
BY_NAME = {table.name: table for table in TABLES}

# For a table: the columns that differ from the tape at a moment. `at` is what the store's clock shows.
_UNTIL = "case when t.{0} <= c.at then t.{0} end"
CHANGING: dict[str, dict[str, str]] = {
    WORK_ORDER.name: {
        "work_started_at": _UNTIL.format("work_started_at"),
        "work_ended_at": _UNTIL.format("work_ended_at"),
        "delivered_at": _UNTIL.format("delivered_at"),
        "delivered_on": "case when t.delivered_at <= c.at then t.delivered_on end",
        "settled_at": _UNTIL.format("settled_at"),
        "settled_on": "case when t.settled_at <= c.at then t.settled_on end",
        "fix_eligible": "t.fix_eligible and t.work_ended_at <= c.at",
        "complete": "t.complete and t.delivered_at <= c.at",
        "status": "case when t.settled_at <= c.at then 'settled' when t.delivered_at <= c.at then 'delivered' "
        "when t.work_ended_at <= c.at then 'ready' when b.state is not null then b.state "
        "when t.work_started_at <= c.at then 'working' else 'waiting' end",
        **{
            name: f"case when coalesce(t.work_ended_at, t.settled_at) <= c.at then t.{name} end"
            for name in ("root_cause", "labour_amount", "parts_amount", "parts_cost", "billed_hours", "clock_hours")
        },
    },
    APPOINTMENT.name: {
        "status": "case when t.status = 'cancelled' then case when t.cancelled_at <= c.at then 'cancelled' else 'booked' end "
        "when t.status = 'arrived' then case when o.arrived_at <= c.at then 'arrived' else 'booked' end "
        "when t.slot_starts_at + interval 2 hour <= c.at then 'no_show' else 'booked' end",
        "cancelled_at": _UNTIL.format("cancelled_at"),
    },
    BAY_SESSION.name: {"ended_at": _UNTIL.format("ended_at")},
    ATTENDANCE.name: {
        name: f"round(t.{name} * least(1, greatest(0, epoch(c.at - t.known_at) "
        f"/ greatest(1, epoch(t.final_at - t.known_at)))), 2)"
        for name in ("attended_hours", "labour_cost")
    },
    SURVEY.name: {
        "answered_at": _UNTIL.format("answered_at"),
        "day": "case when t.answered_at <= c.at then t.day else t.sent_at::date end",
        "followed_up_at": _UNTIL.format("followed_up_at"),
        **{n: f"case when t.answered_at <= c.at then t.{n} end" for n in ("nps_score", "csi_score", "satisfaction")},
    },
    COMPLAINT.name: {"closed_at": _UNTIL.format("closed_at")},
    VISIT.name: {"amount": "case when t.final_at <= c.at then t.amount end"},
}  # fmt: skip
JOINS = {
    WORK_ORDER.name: "left join (select work_order_id, any_value(state) state from tape_bay_session t join clock c using "
    "(store_id) where t.started_at <= c.at and t.ended_at > c.at and state <> 'work' group by 1) b "
    "on b.work_order_id = t.work_order_id",
    APPOINTMENT.name: "left join (select appointment_id, min(arrived_at) arrived_at from tape_work_order where "
    "appointment_id is not null group by 1) o on o.appointment_id = t.appointment_id",
}
PLAIN = (LABOUR_LINE, PART_LINE, COMEBACK, STOCK_BALANCE, QUALITY_RESULT)
PERSONS = (CUSTOMER, VEHICLE)


class TapeEnded(Exception):
    """The moment asked for lies beyond the end of the tape."""

    def __init__(self, now: datetime, ends: datetime) -> None:
        super().__init__(
            f"the tape ends at {ends}, before {now}: generate the demo network again with `python -m seed`"
        )


class TapeWriter:
    """Collects the tape of all chunks into one Parquet file a table."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, pq.ParquetWriter] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, rows: pa.Table) -> None:
        whole = plain(rows)
        if name not in self._files:
            path = self._folder / f"{name}.parquet"
            self._files[name] = pq.ParquetWriter(path, whole.schema, compression="zstd")
        self._files[name].write_table(whole)

    def close(self, network: Network) -> None:
        """Finishes the files and writes what the stores' clocks show and until when the tape reaches."""
        for file in self._files.values():
            file.close()
        faults, run = network.faults, network.run
        lag = np.full(len(network), USUAL_LAG_SECONDS)
        lag[faults.late] = faults.late_seconds
        stop, resume = np.full(len(network), -1), np.full(len(network), -1)
        stop[faults.stopped], resume[faults.stopped] = faults.stopped_at, faults.resumes_at
        live = network.live

        def moments(seconds: np.ndarray) -> pa.Array:
            return pa.array(seconds[live] * 1_000_000, pa.int64(), mask=seconds[live] < 0).cast(
                pa.timestamp("us")
            )

        clock = pa.table(
            {
                "store_id": pa.array([str(s) for s in network.store_id[live]]),
                "lag": pa.array(lag[live], pa.int64()),
                "stops_at": moments(stop),
                "resumes_at": moments(resume),
            }
        )
        pq.write_table(clock, self._folder / CLOCK)
        facts = {"as_of": run.as_of.isoformat(), "ends": run.tape_end_time().isoformat()}
        (self._folder / FACTS_OF_TAPE).write_text(json.dumps(facts), encoding="utf-8")


def tape_span(folder: Path) -> tuple[datetime, datetime]:
    """When the tape begins (the as-of of the generation) and ends. Raises FileNotFoundError."""
    facts = json.loads((folder / FACTS_OF_TAPE).read_text(encoding="utf-8"))
    return datetime.fromisoformat(facts["as_of"]), datetime.fromisoformat(facts["ends"])


def reveal(
    folder: Path, now: datetime, connection: duckdb.DuckDBPyConnection | None = None
) -> Iterator[tuple[Table, str]]:
    """Tables and the SELECT that gives their rows as known at `now`, for the connection given.

    The views the statements need are made in the connection, so run them in the order given. Raises TapeEnded.
    """
    _, ends = tape_span(folder)
    if now > ends:
        raise TapeEnded(now, ends)
    cursor = connection or duckdb.connect()
    _views(cursor, folder, now)
    present = {path.stem for path in folder.glob("*.parquet")}
    for name in sorted(present - {Path(CLOCK).stem}):
        yield BY_NAME[name], _select(BY_NAME[name], now)
    if SYNC_RUN.name not in present:
        raise FileNotFoundError(folder / f"{SYNC_RUN.name}.parquet")


def _views(cursor: duckdb.DuckDBPyConnection, folder: Path, now: datetime) -> None:
    moment = f"timestamp '{now.isoformat(sep=' ')}'"
    for path in sorted(folder.glob("*.parquet")):
        if path.name != CLOCK:
            cursor.execute(
                f"create or replace temp view tape_{path.stem} as select * from read_parquet('{_quoted(path)}')"
            )
    cursor.execute(
        f"create or replace temp table clock as select store_id, lag, case "
        f"when {moment} >= stops_at and ({moment} < resumes_at or resumes_at is null) then stops_at "
        f"else {moment} - to_seconds(lag) end as at from read_parquet('{_quoted(folder / CLOCK)}')"
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _columns(table: Table) -> str:
    changing = CHANGING.get(table.name, {})
    return ", ".join(f"{changing.get(c.name, 't.' + c.name)} as {c.name}" for c in table.columns)


def _select(table: Table, now: datetime) -> str:
    name, moment = table.name, f"timestamp '{now.isoformat(sep=' ')}'"
    if table in PERSONS:
        return f"select {_columns(table)} from tape_{name} t where t.{KNOWN_AT} <= {moment}"
    seen = (
        f"from tape_{name} t join clock c using (store_id) {JOINS.get(name, '')} where t.{KNOWN_AT} <= c.at"
    )
    if table is PART_REQUEST:
        names = ("quantity", "lines", "lines_filled", "lines_emergency", "lines_lost")
        sums = ", ".join(f"sum({name}) as {name}" for name in names)
        return f"select store_id, part_no, day, {sums} {seen} group by 1, 2, 3 order by 1, 3, 2"
    if table is STOCK_LEVEL:
        return f"select {_columns(table)} {seen} and (isodow(t.day) = 7 or t.day = {moment}::date - 1)"
    if table is SYNC_RUN:
        return f"select {_columns(table)} {seen} union all {_running_loads(now)}"
    return f"select {_columns(table)} {seen}"


def _running_loads(now: datetime) -> str:
    """Loads of the day: one an hour until now, and the newest one."""
    day = datetime.combine(now.date(), datetime.min.time())
    hours = [day + timedelta(hours=hour) for hour in range(1, now.hour + 1)]
    marks = ", ".join(f"(timestamp '{mark.isoformat(sep=' ')}')" for mark in [*hours, now])
    delay = "to_seconds(20 + hash(c.store_id || s.source || m.mark::varchar) % 70)"
    return (
        "select s.source, c.store_id, x.loaded::date, x.extracted, x.loaded, x.n, x.n, true from clock c "
        "cross join (values ('dms'), ('crm'), ('parts'), ('hr')) s(source) "
        f"cross join (values {marks}) m(mark) "
        f"cross join lateral (select least(m.mark, timestamp '{now.isoformat(sep=' ')}' - to_seconds(c.lag) - {delay}) "
        "extracted) e "
        f"cross join lateral (select e.extracted, e.extracted + {delay} loaded, "
        "5 + hash(c.store_id || s.source) % 40 n) x "
        f"where e.extracted <= c.at and x.loaded::date = date '{now.date().isoformat()}'"
    )
