"""Histograms that add: counts in fixed bins, from which any quantile of any group of stores and days is read.

A quantile lies between two observations of the group; each is placed evenly inside the bin it was counted in, so what
is read differs from the exact one by no more than the width of the wider of those two bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Histogram:
    """`edges` are the upper ends of the bins, which they include; the first bin begins at 0, the last is open."""

    key: str
    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.edges or self.edges[0] <= 0 or any(a >= b for a, b in pairwise(self.edges)):
            raise ValueError(f"{self.key}: the edges of a histogram rise from above 0")

    @property
    def columns(self) -> tuple[str, ...]:
        """The column of each bin in the table that holds the counts."""
        return tuple(f"{self.key}_{place:02d}" for place in range(len(self.edges)))

    @property
    def counted(self) -> str:
        """The column beside them of how many were counted: the sum of the bins."""
        return f"{self.key}s"

    def bounds(self, place: int) -> tuple[float, float]:
        return (self.edges[place - 1] if place else 0.0), self.edges[place]

    def width_at(self, value: float) -> float:
        """The width of the bin a value is counted in: how far off a quantile there may be."""
        place = next((i for i, edge in enumerate(self.edges) if value <= edge), len(self.edges) - 1)
        low, high = self.bounds(place)
        return high - low

    def quantile(self, counts: Sequence[float], q: float) -> float | None:
        """The interpolated q-quantile of what was counted; None over nothing."""
        total = sum(counts)
        if total <= 0:
            return None
        place = q * (total - 1)
        below = int(place)
        low, high = self._observation(counts, below), self._observation(counts, min(below + 1, total - 1))
        return low + (place - below) * (high - low)

    def _observation(self, counts: Sequence[float], rank: float) -> float:
        """Where the observation of a rank (from 0) is thought to lie."""
        before = 0.0
        for place, count in enumerate(counts):
            if count and rank < before + count:
                low, high = self.bounds(place)
                return low + (high - low) * (rank - before + 0.5) / count
            before += count
        return self.edges[-1]


WAIT = Histogram("wait", (2, 4, 6, 8, 10, 12, 15, 18, 22, 26, 30, 36, 45, 60, 75, 90, 120, 180, 240, 600))
"""Minutes before work starts."""

CYCLE = Histogram(
    "cycle", (0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 5.0, 7.0, 24.0)
)  # fmt: skip
"""Hours from arrival to handover on the same day."""
