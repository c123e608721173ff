"""`flask --app app predict`: foresees every night what will happen, and publishes it beside the data.

Each step's rows are kept beside the warehouse until all are published, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
import pandas as pd
import pyarrow as pa
import pyarrow.feather
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Table, func, select
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from data_access.cache import program
from data_access.errors import NightBusy
from data_access.foretold import FORECAST_DAY
from data_access.publish import Draft, Publisher
from data_access.schema import METADATA
from data_access.storage.version import Version
from data_access.warehouse import Warehouse
from kpi.errors import PitWallError

Rows = Mapping[Table, pa.Table]
Told = Callable[[], object]
Note = Callable[[str], object]


@dataclass(frozen=True)
class Step:
    """One part of a night's work: `work(warehouse, told, note)` gives the rows of its tables."""

    name: str
    beats: int
    """about how often `told` is called"""
    work: Callable[[Warehouse, Told, Note], Rows]


def _steps() -> tuple[Step, ...]:
    """Imported when needed: web workers never load the models."""
    from data_access.predict import churn, parts
    from data_access.predict.days import read_days
    from data_access.predict.volume import STEPS, foresee_volume

    return (
        Step("volume", STEPS, lambda warehouse, told, note: foresee_volume(read_days(warehouse), told, note)),
        Step("churn", churn.STEPS, churn.foresee_churn),
        Step("parts", parts.STEPS, parts.foresee_parts),
    )


def predict(
    warehouse: Warehouse,
    publisher: Publisher,
    scratch: Path,
    *,
    quiet: bool = False,
    note: Note = lambda _: None,
) -> Version:
    """Runs every step that has not been finished for the data of now, and publishes their rows together.

    Raises NightBusy while another run keeps its steps in `scratch`, and what the steps and `Publisher.foresee` raise; the
    older predictions then stand.
    """
    with _alone_in(scratch):
        return _predicted(warehouse, publisher, scratch, quiet, note)


@contextmanager
def _alone_in(scratch: Path) -> Iterator[None]:
    """Two runs would take each other's finished steps away. The lock ends with the process, however that ends."""
    scratch.mkdir(parents=True, exist_ok=True)
    handle = os.open(scratch, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NightBusy from None
        yield
    finally:
        os.close(handle)


def _predicted(warehouse: Warehouse, publisher: Publisher, scratch: Path, quiet: bool, note: Note) -> Version:
    kept = scratch / _name_of(warehouse.version())
    for other in scratch.glob("*"):
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)
    for step in _steps():
        if not (kept / step.name / "done").exists():
            # The matrices are small: threads of linear algebra would spend three times the work on waiting.
            with threadpool_limits(1), tqdm(total=step.beats, desc=step.name, disable=quiet) as bar:
                rows = step.work(warehouse, bar.update, note)
            _keep(kept / step.name, rows)

    def fill(draft: Draft) -> None:
        for step in _steps():
            for table, rows in _kept(kept / step.name):
                draft.write(table, rows)

    version = publisher.foresee(fill)
    shutil.rmtree(kept, ignore_errors=True)
    return version


def _name_of(version: Version) -> str:
    """Equal while the same complete days are there, and the same program: another may make other columns."""
    return f"{version.base}-{version.as_of:%Y%m%d}-{program()}"


def _keep(folder: Path, rows: Rows) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for table, each in rows.items():
        pyarrow.feather.write_feather(each, str(folder / f"{table.name}.arrow"))
    (folder / "done").touch()


def _kept(folder: Path) -> Iterator[tuple[Table, pa.Table]]:
    for path in sorted(folder.glob("*.arrow")):
        yield METADATA.tables[path.stem], pyarrow.feather.read_table(str(path))


def is_fresh(warehouse: Warehouse) -> bool:
    """Whether tomorrow is foretold from the newest complete day already."""
    first = warehouse.fetch(select(func.min(FORECAST_DAY.c.day).label("day")))["day"].to_list()[0]
    newest = pd.Timestamp(warehouse.version().as_of.date())
    return bool(first == newest)


@click.command("predict")
@click.option(
    "--if-needed", is_flag=True, help="Do nothing when the newest complete day was looked at already."
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
@with_appcontext
def predict_command(if_needed: bool, quiet: bool) -> None:
    """Foresee visits, revenue, customers and parts, and publish it beside the data."""
    known = current_app.extensions
    warehouse: Warehouse = known["night_warehouse"]()
    try:
        if if_needed and is_fresh(warehouse):
            return
        version = predict(
            warehouse, known["publisher"](), known["loads"].parent / "predictions", quiet=quiet,
            note=lambda text: click.echo(text, err=True),
        )  # fmt: skip
    except PitWallError as error:
        if if_needed and isinstance(error, NightBusy):
            return
        raise click.ClickException(f"{error.public.zh_cn}\n{error.public.en}") from error
    finally:
        warehouse.close()
    if not quiet:
        until = version.as_of.date() - timedelta(1)
        click.echo(f"{version.name}  predictions from the days until {until:%Y-%m-%d}")
