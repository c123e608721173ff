"""Which rows a person may see, and which personal columns in full. The one place access is applied to a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false

from kpi.listing import Personal


@dataclass(frozen=True)
class Scope:
    """`None` sets no bound; an empty set sees nothing. Both bounds apply together. `clear` is what needs no mask."""

    regions: frozenset[str] | None = frozenset()
    stores: frozenset[str] | None = frozenset()
    clear: frozenset[Personal] = frozenset()

    @property
    def bounded(self) -> bool:
        """Whether there are rows that it does not reach."""
        return self.regions is not None or self.stores is not None

    @classmethod
    def everything(cls) -> Scope:
        return cls(regions=None, stores=None)

    @classmethod
    def of_regions(cls, *regions: str) -> Scope:
        return cls(regions=frozenset(regions), stores=None)

    @classmethod
    def of_stores(cls, *stores: str) -> Scope:
        return cls(regions=None, stores=frozenset(stores))

    def sorted(self) -> tuple[tuple[str, ...] | None, ...]:
        """Equal for equal scopes in every process: for cache keys and the log."""
        bounds = (self.regions, self.stores, self.clear)
        return tuple(None if bound is None else tuple(sorted(bound)) for bound in bounds)


def limit_to(scope: Scope, store: FromClause, query: Select[Any]) -> Select[Any]:
    """Narrows a query to the scope. `store` is the store table (or alias) that the query has joined."""
    bounds = [
        _within(store.c[column], allowed)
        for column, allowed in (("region", scope.regions), ("store_id", scope.stores))
        if allowed is not None
    ]
    return query.where(and_(*bounds)) if bounds else query


def _within(column: ColumnElement[Any], allowed: frozenset[str]) -> ColumnElement[bool]:
    """Sorted, so that equal scopes compile to equal SQL and share a cache entry."""
    return column.in_(sorted(allowed)) if allowed else false()
