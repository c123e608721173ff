"""Every metric, dimension and source the product knows, each declared once."""

from __future__ import annotations

from kpi.catalog import (
    churn,
    efficiency,
    floor,
    health,
    model_quality,
    parts,
    parts_quality,
    technicians,
    voice,
)
from kpi.catalog.boards import BOARDS, Board
from kpi.catalog.listings import LISTINGS
from kpi.catalog.sources import (
    ARRIVALS,
    CHANNELS,
    DIMENSIONS,
    REGIONS,
    SOURCES,
    STORE_SIZES,
    STORE_TYPES,
    Dimension,
    Source,
)
from kpi.errors import UnknownName
from kpi.listing import LIST, Listing
from kpi.metric import Metric
from kpi.text import Text

__all__ = [
    "AREAS", "ARRIVALS", "BOARDS", "CHANNELS", "DIMENSIONS", "LISTINGS", "METRICS", "REGIONS", "SOURCES", "STORE_SIZES",
    "STORE_TYPES",
    "Board", "Dimension", "Source", "dimension", "listing", "metric", "source",
]  # fmt: skip

AREAS: tuple[tuple[Text, tuple[Metric, ...]], ...] = (
    (Text("Business health", "业务健康"), health.METRICS),
    (Text("Customer voice", "客户之声"), voice.METRICS),
    (Text("Efficiency and bookings", "运营与预约"), efficiency.METRICS),
    (Text("The shop floor in depth", "车间明细"), floor.METRICS),
    (Text("Parts", "配件"), parts.METRICS),
    (Text("Customers", "客户"), churn.METRICS),
    (Text("Technicians", "技师"), technicians.METRICS),
    (Text("How far predictions can be trusted", "预测可信度"), model_quality.METRICS + parts_quality.METRICS),
)

METRICS: dict[str, Metric] = {metric.key: metric for _, metrics in AREAS for metric in metrics}


def metric(key: str) -> Metric:
    if key not in METRICS:
        raise UnknownName(Text("metric", "指标"), key, METRICS)
    return METRICS[key]


def dimension(key: str) -> Dimension:
    if key not in DIMENSIONS:
        raise UnknownName(Text("dimension", "维度"), key, DIMENSIONS)
    return DIMENSIONS[key]


def listing(key: str) -> Listing:
    if key not in LISTINGS:
        raise UnknownName(LIST, key, LISTINGS)
    return LISTINGS[key]


def source(key: str) -> Source:
    return SOURCES[key]
