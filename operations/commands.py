"""`flask --app app users …` and `kiosk …`: accounts, and screens that are let in, where there is no browser at hand."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from kpi.catalog.roles import ROLES
from kpi.errors import PitWallError
from kpi.organisation import OrgUnit
from operations.audit import Act, Audit, Entry
from operations.people import People, told
from operations.walls import Screens

users = AppGroup("users", help="Accounts: who may sign in, as what, for which units.")
_NOBODY = "command line"
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


kiosk = AppGroup("kiosk", help="Wall screens: let one in, shut it out, see which there are.")


@kiosk.command("list")
def list_screens() -> None:
    """Every screen: number, name, playlist, unit, and whether it is shut out."""
    for one in _screens().every():
        shut = "  shut out" if one.revoked_at else ""
        click.echo(f"{one.id:<6}{one.name:<24}{one.slug:<18}{one.unit}{shut}")


@kiosk.command("add")
@click.argument("name")
@click.option("--playlist", required=True, help="As made in the administration.")
@click.option("--unit", default="network", help="network, or region:north, or store:S0001")
def add_screen(name: str, playlist: str, unit: str) -> None:
    """Let a screen in; tells the address to open on it, once."""
    now = current_app.extensions["clock"]()
    try:
        token = _screens().let_in(name, playlist, OrgUnit.parse(unit), _NOBODY, now)
    except PitWallError as error:
        raise click.ClickException(error.public.en) from error
    _told(Act.KIOSK_MADE, name, playlist=playlist, unit=unit)
    click.echo(f"/kiosk/{token}")


@kiosk.command("revoke")
@click.argument("number", type=int)
def revoke_screen(number: int) -> None:
    """Shut a screen out, at once."""
    try:
        screen = _screens().revoke(number, current_app.extensions["clock"]())
    except PitWallError as error:
        raise click.ClickException(error.public.en) from error
    _told(Act.KIOSK_REVOKED, screen.name, playlist=screen.slug, unit=str(screen.unit))


def _screens() -> Screens:
    return Screens(current_app.extensions["state"])


def _people() -> People:
    return People(current_app.extensions["state"])


def _write_down(login: str, **detail: str) -> None:
    _told(Act.PERSON_CHANGED, login, **detail)


def _told(act: Act, subject: str, **detail: str) -> None:
    now = current_app.extensions["clock"]()
    Audit(current_app.extensions["state"]).write(Entry(now, _NOBODY, "", act, subject, detail))
