"""Publishes the next version of the warehouse: builds it beside the current one, verifies it, then swaps it in.

A version is a large *base* part (history up to its last complete day, rebuilt at night) and a small *recent* part
(what came since, rebuilt every few minutes). Readers see the rows of both, so:

    Every fact is in one part only. What can still change belongs to the recent part: orders that are not settled,
    with their lines, bay sessions, booking and comeback; surveys not answered; tickets not closed; all of today.
    A comeback found today adds a row to the recent part, dated by its first order, also when that is in the base.
    Two kinds of rows may be in both parts, and then the recent one counts: dimension rows, and bookings after the
    base's last complete day.

A third part, the *foresight*, holds predictions and nothing else. It is published by itself and taken over by every
later version until the next one is verified, so a refresh never waits for a model, nor a reader for a forecast.

The base's last complete day is the day before its `as_of`. A failure or a crash anywhere leaves the previous version
standing; what it left behind is swept by the next publisher.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import click
import pyarrow as pa
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import FromClause, Table, or_, select, union_all

from data_access.conform import conformed
from data_access.errors import DraftRefused, NoSuchVersion, NothingPublished
from data_access.province_sums import MADE_OF
from data_access.rollup import BASE_ROLLUPS, BASE_STAGES, RECENT_ROLLUPS, Part
from data_access.schema import DIMENSIONS, ROLLUPS, STATUS, STORE
from data_access.statuses import statuses
from data_access.storage import Workshop, open_storage
from data_access.storage.layout import FORESIGHT, joined, table_in, tables_of
from data_access.storage.version import Shelf, Version
from data_access.verify import findings, foresight_findings
from kpi.errors import PitWallError
from kpi.targets import Override


class Draft:
    """A part being filled. All its tables exist and are empty; rollups are filled later, by the publisher."""

    def __init__(self, work: Workshop, part: str) -> None:
        self._work = work
        self._part = part

    def write(self, table: Table, rows: pa.Table) -> None:
        """Add rows; columns go by name, a missing nullable column is NULL. May be called many times for one table.

        Rows that come sorted by store and day save the sorting. Raises DraftRefused when columns or types are wrong.
        """
        if table in ROLLUPS or table not in tables_of(self._part):
            raise DraftRefused(
                f"{table.name} is not written to this part; rollups are built by the publisher"
            )
        self._work.append(self._part, table, conformed(table, rows))

    @property
    def duckdb(self) -> Any:
        """The raw DuckDB connection, the tables of this part being plain names in it (DuckDB only)."""
        return self._work.native(self._part)


Fill = Callable[[Draft], None]
Overrides = Callable[[], Sequence[Override]]
"""Limits that people have set, the newest first."""


class Publisher:
    """Publishes versions of one warehouse and keeps the last few of them for rolling back."""

    def __init__(self, url: str, keep: int = 3, *, wait: float = 10, overrides: Overrides = tuple) -> None:
        """`keep` versions stay (3 give readers time to move on); a busy warehouse is waited for `wait` seconds.

        Statuses are judged by the declared limits and the `overrides`, which are asked for at each publish.
        """
        if keep < 1:
            raise ValueError("at least the current version has to be kept")
        self._storage = open_storage(url)
        self._keep = keep
        self._wait = wait
        self._overrides = overrides

    def current(self) -> Version | None:
        """The version that readers see; None before the first one. Raises WarehouseUnavailable."""
        return self._storage.shelf().current

    def versions(self) -> list[Version]:
        """The kept versions, newest first."""
        return list(self._storage.shelf().versions)

    def publish(self, as_of: datetime, base: Fill | None, recent: Fill | None, note: str = "") -> Version:
        """Build and show the next version; a part whose filler is None is taken over from the current version.

        `as_of` is the naive local time up to which the data reaches: nothing may have been settled after it.
        Raises NothingPublished (no base yet), DraftRefused (with every finding), PublishBusy, and whatever a filler
        raises; in each case the current version stands.
        """
        with self._storage.publishing(self._wait) as work:
            shelf = self._storage.shelf()
            work.sweep(shelf)
            version = _next(shelf, as_of.replace(microsecond=0), base is not None, recent is not None, note)
            try:
                fills = ((version.base, base), (version.recent, recent))
                drafts = [(part, fill) for part, fill in fills if part is not None and fill is not None]
                for part, fill in drafts:
                    _build(work, version, part, fill)
                if _moved(work, version):
                    version = replace(version, sums="")
                if base is not None:
                    _judge(work, version, self._overrides())
                for part, _ in drafts:
                    work.seal(part)
                _verify(work, version, base is not None, recent is not None)
                after = shelf.with_(version, self._keep)
                work.show(version)
                work.swap(after)
            except BaseException:
                work.discard()
                work.sweep(shelf)
                raise
            work.sweep(after)
        return version

    def foresee(self, fill: Fill) -> Version:
        """Show new predictions beside the data that are current now; the older predictions stand until then.

        Raises NothingPublished, DraftRefused (with every finding), PublishBusy, and whatever `fill` raises.
        """
        with self._storage.publishing(self._wait) as work:
            shelf = self._storage.shelf()
            work.sweep(shelf)
            if shelf.current is None:
                raise NothingPublished
            name = _new_name(shelf)
            part = f"{FORESIGHT}{name}"
            version = replace(shelf.current, name=name, foresight=part)
            try:
                work.create(part)
                fill(Draft(work, part))
                work.seal(part)
                for each in version.parts:
                    work.open(each)
                if found := foresight_findings(work, version, part):
                    raise DraftRefused("; ".join(found))
                after = shelf.with_(version, self._keep)
                work.show(version)
                work.swap(after)
            except BaseException:
                work.discard()
                work.sweep(shelf)
                raise
            work.sweep(after)
        return version

    def rehearse(self) -> pa.Table:
        """The rows of `status` as the current version would be judged now; nothing is published. Raises NothingPublished."""
        with self._storage.publishing(self._wait) as work:
            version = self._storage.shelf().current
            if version is None:
                raise NothingPublished
            return _judged(work, version, self._overrides())

    def rollback(self, name: str | None = None) -> Version:
        """Show an older kept version again: the named one, or the one before the current. Raises NoSuchVersion."""
        with self._storage.publishing(self._wait) as work:
            shelf = self._storage.shelf()
            older = [version for version in shelf.versions if version.name < shelf.current_name]
            wanted = older[:1] if name is None else [each for each in shelf.versions if each.name == name]
            if not wanted:
                raise NoSuchVersion(name or "(before the current)", [each.name for each in shelf.versions])
            work.swap(shelf.turned_to(wanted[0]))
        return wanted[0]


def _next(shelf: Shelf, as_of: datetime, new_base: bool, new_recent: bool, note: str) -> Version:
    present = shelf.current
    if present is None and not new_base:
        raise NothingPublished("the first version needs a base part")
    name = _new_name(shelf)
    base = f"base_{name}" if new_base or present is None else present.base
    kept_recent = None if present is None else present.recent
    built = present is None or (new_base and (new_recent or kept_recent is None))
    return Version(
        name=name,
        as_of=as_of,
        complete_day=as_of.date() - timedelta(days=1)
        if new_base or present is None
        else present.complete_day,
        base=base,
        recent=f"recent_{name}" if new_recent else kept_recent,
        note=note,
        foresight=None if present is None else present.foresight,
        sums=MADE_OF if built or (present is not None and present.sums == MADE_OF) else "",
    )


def _moved(work: Workshop, version: Version) -> bool:
    """Whether the recent part says that a store lies elsewhere than the base knew, whose sums by province are then wrong."""
    if version.recent is None:
        return False
    for part in version.recorded:
        work.open(part)
    was, now = (table_in(STORE, work.schema_of(part)) for part in version.recorded)
    moved = or_(was.c.region != now.c.region, was.c.province != now.c.province)
    return bool(
        work.rows(select(was.c.store_id).join(now, was.c.store_id == now.c.store_id).where(moved).limit(1))
    )


def _new_name(shelf: Shelf) -> str:
    """The number orders, the token makes it unlike any other warehouse's."""
    number = max((int(version.name[:6]) for version in shelf.versions), default=0) + 1
    return f"{number:06d}_{secrets.token_hex(3)}"


def _build(work: Workshop, version: Version, part: str, fill: Fill) -> None:
    is_base = part == version.base
    work.create(part)
    fill(Draft(work, part))
    if not is_base:
        work.open(version.base)
    staged: dict[Table, Table] = {}
    source = Part(_source(work, version, part, staged), version.as_of, version.complete_day, is_base)
    for table, stage in (BASE_STAGES if is_base else {}).items():
        staged[table] = work.stage(part, table, stage(source))
    for table, rollup in (BASE_ROLLUPS if is_base else RECENT_ROLLUPS).items():
        work.insert(table_in(table, work.schema_of(part)), rollup(source))
    for table in staged.values():
        work.unstage(table)


def _judge(work: Workshop, version: Version, overrides: Sequence[Override]) -> None:
    """The statuses of a new base, from all that is known of its days: what is still open lies in the recent part."""
    judged = _judged(work, version, overrides)
    if judged.num_rows:
        work.append(version.base, STATUS, conformed(STATUS, judged))


def _judged(work: Workshop, version: Version, overrides: Sequence[Override]) -> pa.Table:
    def of(table: Table) -> FromClause:
        base = table_in(table, work.schema_of(version.base))
        if version.recent is None:
            return base
        recent = table_in(table, work.schema_of(version.recent))
        return joined(table, base, recent, version.complete_day).subquery()

    for part in version.recorded:
        work.open(part)
    return statuses(of, work.columns, version.complete_day, overrides)


def _source(
    work: Workshop, version: Version, part: str, staged: Mapping[Table, Table]
) -> Callable[[Table], FromClause]:
    """Facts of the part alone; dimensions of the whole version, for the recent part does not repeat them."""

    def of(table: Table) -> FromClause:
        if table in staged:
            return staged[table]
        own = table_in(table, work.schema_of(part))
        if table not in DIMENSIONS or part == version.base:
            return own
        base = table_in(table, work.schema_of(version.base))
        key = next(iter(table.c)).name
        older = select(base).where(base.c[key].not_in(select(own.c[key])))
        return union_all(older, select(own)).subquery()

    return of


def _verify(work: Workshop, version: Version, new_base: bool, new_recent: bool) -> None:
    for part in version.recorded:
        work.open(part)
    found = findings(work, version, new_base, new_recent)
    if found:
        raise DraftRefused("; ".join(found))


@click.command("versions")
@with_appcontext
def versions_command() -> None:
    """List the versions of the data that are kept, newest first; * is the one readers see."""
    _list_versions(current_app.extensions["publisher"]())


@click.command("rollback")
@click.argument("name", required=False)
@with_appcontext
def rollback_command(name: str | None) -> None:
    """Go back to the version NAME, or to the one before the current."""
    publisher: Publisher = current_app.extensions["publisher"]()
    try:
        publisher.rollback(name)
    except PitWallError as error:
        raise click.ClickException(f"{error.public.zh_cn}\n{error.public.en}") from error
    _list_versions(publisher)


def _list_versions(publisher: Publisher) -> None:
    current = publisher.current()
    for each in publisher.versions():
        mark = "*" if each == current else " "
        click.echo(
            f"{mark} {each.name}  {each.as_of:%Y-%m-%d %H:%M}  {' + '.join(each.parts)}  {each.note}".rstrip()
        )
