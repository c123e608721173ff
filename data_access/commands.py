"""`flask --app app versions` and `rollback`: what was published, and the way back."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from data_access.storage.version import Version
from kpi.errors import PitWallError


@click.command("versions")
@with_appcontext
def versions_command() -> None:
    """List the published versions that are kept, newest first; * marks the one that readers see."""
    publisher = current_app.extensions["publisher"]()
    current = publisher.current()
    for version in publisher.versions():
        click.echo(_told(version, version == current))


@click.command("rollback")
@click.argument("name", required=False)
@with_appcontext
def rollback_command(name: str | None) -> None:
    """Show an earlier version to readers: NAME, or the one before the current."""
    try:
        version = current_app.extensions["publisher"]().rollback(name)
    except PitWallError as error:
        raise click.ClickException(error.public.en) from error
    click.echo(_told(version, current=True))


def _told(version: Version, current: bool) -> str:
    return f"{'*' if current else ' '} {version.name}  as of {version.as_of:%Y-%m-%d %H:%M}  {version.note}".rstrip()
