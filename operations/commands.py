"""`flask --app app users …`: the first administrator, a forgotten password, and who there is."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from kpi.catalog.roles import ROLES
from kpi.errors import PitWallError
from operations.audit import Act, Audit, Entry
from operations.people import People, told

users = AppGroup("users", help="Accounts: who may sign in, as what, for which units.")
_PASSWORD = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)


@users.command("list")
def list_users() -> None:
    """Every account: login, role, units, and whether it is barred."""
    for account in _people().every():
        barred = "" if account.active else "  barred"
        click.echo(f"{account.login:<24}{account.role.key:<18}{told(account.units)}{barred}")


@users.command("add")
@click.argument("login")
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option("--units", default="network", help="network, or region:north,region:east, or store:S0001")
@click.option("--name", default="", help="The person's name; the login when left out.")
@_PASSWORD
def add_user(login: str, role: str, units: str, name: str, password: str) -> None:
    """Make an account."""
    try:
        _people().add(login, name or login, role, units, current_app.extensions["clock"](), password)
    except PitWallError as error:
        raise click.ClickException(error.public.en) from error
    _write_down(login, added=role, units=units)


@users.command("password")
@click.argument("login")
@_PASSWORD
def set_password(login: str, password: str) -> None:
    """Give an account another password and end its sessions."""
    try:
        _people().set_password(login, password)
    except PitWallError as error:
        raise click.ClickException(error.public.en) from error
    _write_down(login, changed="password")


def _people() -> People:
    return People(current_app.extensions["state"])


def _write_down(login: str, **detail: str) -> None:
    now = current_app.extensions["clock"]()
    entry = Entry(now, "command line", "", Act.PERSON_CHANGED, login, detail)
    Audit(current_app.extensions["state"]).write(entry)
