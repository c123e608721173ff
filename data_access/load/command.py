"""`flask --app app load FILE --mapping MAP.toml`: loads a file of work orders into the warehouse."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url

from data_access.load.load import load_file
from data_access.load.mapping import read_mapping
from kpi.errors import PitWallError
from kpi.text import Locale


def loads_directory(url: str, otherwise: Path) -> Path:
    """Where loads keep their orders and quarantine: beside an embedded warehouse, else at `otherwise`."""
    parsed = make_url(url)
    return Path(str(parsed.database)) / "loads" if parsed.get_backend_name() == "duckdb" else otherwise


def _spoken() -> str:
    return (Locale.ZH_CN if os.environ.get("LANG", "").startswith("zh") else Locale.EN).value


@click.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, type=click.Path(path_type=Path), help="TOML: which column is what.")
@click.option("--append", is_flag=True, help="Add to the orders loaded before; without it they are replaced.")
@click.option("--check", is_flag=True, help="Read and report only; publish nothing.")
@click.option(
    "--as-of", type=click.DateTime(), help="Until when the data reach; the newest event when left out."
)
@click.option(
    "--language",
    type=click.Choice([locale.value for locale in Locale]),
    default=_spoken,
    help="Of the report.",
)
@with_appcontext
def load_command(
    file: Path, mapping: Path, append: bool, check: bool, as_of: datetime | None, language: str
) -> None:
    """Load FILE (CSV, CSV.GZ, XLSX, Parquet) of work orders and publish it."""
    known = current_app.extensions
    directory = known.get("loads", Path(current_app.instance_path) / "loads")
    try:
        report = load_file(
            file, read_mapping(mapping), known["publisher"](), directory, known["clock"](),
            as_of=as_of, append=append, publish=not check,
        )  # fmt: skip
    except PitWallError as error:
        raise click.ClickException(error.public.in_(Locale(language))) from error
    click.echo(report.told(Locale(language)))
