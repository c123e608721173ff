"""A published state of the warehouse, and the shelf that holds the ones which are kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Version:
    """One complete, verified state of the warehouse: a large base part, a small recent part beside it, and what was
    foretold from them.

    Readers see the rows of all. `name` is never used twice, also not by another warehouse of the same history.
    """

    name: str
    as_of: datetime  # naive local time of the newest event it can hold
    complete_day: date  # last complete day of the base part
    base: str
    recent: str | None
    note: str = ""
    foresight: str | None = None  # the part that holds the predictions; they stay until new ones are verified
    sums: str = ""  # what its sums by province are made of; empty when they are not to be read

    @property
    def recorded(self) -> tuple[str, ...]:
        """The parts that hold what happened."""
        return (self.base,) if self.recent is None else (self.base, self.recent)

    @property
    def parts(self) -> tuple[str, ...]:
        return self.recorded if self.foresight is None else (*self.recorded, self.foresight)

    @property
    def views(self) -> str:
        """The schema of views through which readers see the parts as one."""
        return f"v_{self.name}"


@dataclass(frozen=True)
class Shelf:
    """The kept versions, newest first, and the name of the one that readers are shown."""

    versions: tuple[Version, ...] = ()
    current_name: str = ""

    @property
    def current(self) -> Version | None:
        return next((version for version in self.versions if version.name == self.current_name), None)

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(part for version in self.versions for part in version.parts)

    def with_(self, version: Version, keep: int) -> Shelf:
        """The shelf after publishing `version`, which becomes current; the oldest beyond `keep` leave."""
        return Shelf((version, *self.versions)[:keep], version.name)

    def turned_to(self, version: Version) -> Shelf:
        return replace(self, current_name=version.name)

    def to_json(self) -> str:
        """The pointer document, in which an engine keeps its shelf."""
        versions = [asdict(each) for each in self.versions]
        return json.dumps({"current": self.current_name, "versions": versions}, default=_iso)

    @staticmethod
    def from_json(document: str) -> Shelf:
        """Raises ValueError when the document is not one that `to_json` wrote."""
        try:
            raw = json.loads(document)
            return Shelf(tuple(_version(entry) for entry in raw["versions"]), raw["current"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a pointer document: {error!r}") from error


def _iso(moment: date) -> str:
    return moment.isoformat()


def _version(entry: dict[str, Any]) -> Version:
    as_of, complete_day = datetime.fromisoformat(entry["as_of"]), date.fromisoformat(entry["complete_day"])
    return Version(**{**entry, "as_of": as_of, "complete_day": complete_day})
