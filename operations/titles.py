"""How a person is called: the role, and for which part of the network."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.ask import Desk
from data_access.scope import Scope
from kpi.catalog import REGIONS
from kpi.errors import PitWallError
from kpi.organisation import NETWORK_NAME, OrgUnit
from kpi.role import Role
from kpi.text import Text, joined, same
from operations import wording


def titled(role: Role, units: Sequence[OrgUnit], desk: Desk) -> Text:
    """`North, Regional manager`; of the whole network the role alone."""
    if units[0].kind == "network":
        return role.name
    pattern = wording.REGION_ROLE if units[0].kind == "region" else wording.STORE_ROLE
    return pattern.filled(role=role.name, unit=units_told(units, desk))


def units_told(units: Sequence[OrgUnit], desk: Desk) -> Text:
    return joined(_name(unit, desk) for unit in units)


def _name(unit: OrgUnit, desk: Desk) -> Text:
    """Its key when the warehouse does not know it, or does not answer."""
    if unit.kind == "network":
        return NETWORK_NAME
    if unit.kind == "region":
        return REGIONS.get(unit.member, same(unit.member))
    try:
        return desk.names(unit.kind, Scope.of_stores(unit.member)).get(unit.member, same(unit.member))
    except PitWallError:
        return same(unit.member)
