"""The data-* and aria-* attributes of a component, in the form Dash takes them."""

from __future__ import annotations

from typing import Any

Attributes = dict[str, Any]
Content = Any
"""What may stand inside a component: text, a component, or a list of them."""


def data(**values: str) -> Attributes:
    """data(as_of="…") is data-as-of."""
    return _named("data", values)


def aria(**values: str) -> Attributes:
    """aria(label="…") is aria-label."""
    return _named("aria", values)


def _named(prefix: str, values: dict[str, str]) -> Attributes:
    return {f"{prefix}-{name.replace('_', '-')}": value for name, value in values.items()}
