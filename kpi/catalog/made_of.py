"""What some metrics are made of in the business's own terms: where "why is it red" looks one step deeper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kpi.text import Text


@dataclass(frozen=True)
class Product:
    """So much of it, times what each is worth. Both lead on to metrics: what is counted, and what each brought."""

    volume: str
    price: str
    price_name: Text


@dataclass(frozen=True)
class Inputs:
    """A formula over other metrics, taken over the same days."""

    metrics: tuple[str, ...]
    formula: Callable[..., float]


MADE_OF: Mapping[str, Product | Inputs] = {
    "revenue": Product("vehicles", "avg_ro_value", Text("Revenue per vehicle", "单台产值")),
    "cost": Product("vehicles", "avg_ro_value", Text("Cost per vehicle", "单台成本")),
    "gross_margin": Inputs(("revenue", "cost"), lambda revenue, cost: (revenue - cost) / revenue),
}
"""The others are split into numerator and denominator."""
