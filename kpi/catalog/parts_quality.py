"""How far the advice on parts can be trusted: tried on weeks that the methods had not seen, and followed through them."""

from __future__ import annotations

from functools import partial

from kpi.catalog.model_quality import tried
from kpi.metric import Band, Direction, Limits, Ratio, Unit
from kpi.text import Text

SERIES, LINES = Text("parts x stores", "店·件"), Text("request lines", "行需求")


_of_parts = partial(tried, n_min=100, owner="supply chain")
_tried = partial(_of_parts, source="part_test", n="series", counted=SERIES, unit=Unit.SHARE)
_followed = partial(_of_parts, source="part_replay", n="lines", counted=LINES)


METRICS = (
    _tried(
        key="parts_forecast_wape",
        name=Text("Parts forecast error", "配件预测误差（WAPE）"),
        description=Text(
            "Sum of absolute errors of four weeks' demand, part by part at each store, over what was asked for.",
            "逐店逐件预测四周需求：绝对误差之和÷实际需求之和。",
        ),
        mistake=Text("For slow parts the least error is to forecast nothing.", "慢件误差最小的预测往往是零。"),
        direction=Direction.LOWER,
        formula=Ratio("absolute_error", "actual"),
        limits=(Limits(good=0.35, critical=0.50),),
    ),
    _tried(
        key="parts_value_added",
        name=Text("Parts error against naive", "误差相对重复前四周法"),
        description=Text(
            "The forecast's absolute error over that of repeating the four weeks before; below 1 it helps.",
            "预测绝对误差÷“重复前四周”法的绝对误差；低于1才有价值。",
        ),
        mistake=Text("Showing an error without the naive one beside it.", "只报误差、不报基准误差。"),
        direction=Direction.LOWER,
        formula=Ratio("absolute_error", "naive_error"),
        limits=(Limits(good=0.90, critical=1.0),),
    ),
    _tried(
        key="parts_forecast_bias",
        name=Text("Parts forecast bias", "配件预测偏差"),
        description=Text(
            "Sum of forecast minus demand over demand; positive is too much.",
            "预测减实际之和÷实际之和；正为偏多。",
        ),
        mistake=Text("Small errors that all point one way fill the shelf.", "同向的小误差会堆满货架。"),
        direction=Direction.BAND,
        formula=Ratio("error", "actual"),
        limits=(Band(good=(-0.05, 0.05), critical=(-0.10, 0.10)),),
    ),
    _tried(
        key="parts_interval_held",
        name=Text("Parts range held, of promised", "需求区间命中÷应命中"),
        description=Text(
            "Parts inside their 80 % range over how many should be: pieces are whole, so ranges promise more than 80 %.",
            "落在80 %区间内的店·件÷理论应命中数（件数为整数，应命中高于80 %）。",
        ),
        mistake=Text("Holding whole pieces to exactly 80 %.", "要求整数件恰好命中80 %。"),
        direction=Direction.BAND,
        formula=Ratio("inside_80", "promised_80"),
        limits=(Band(good=(0.95, 1.05), critical=(0.90, 1.10)),),
    ),
    _followed(
        key="advised_fill_rate",
        name=Text("Fill rate if followed", "按建议的满足率"),
        description=Text(
            "Request lines that shelves by the advice would have served, replayed over the last 16 weeks from the stock of then.",
            "以当时库存为起点回放最近16周，按建议补货可满足的需求行占比。",
        ),
        mistake=Text("Starting the replay with full shelves.", "回放从满货架开始。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        formula=Ratio("lines_served", "lines"),
        limits=(Limits(good=0.95, critical=0.85),),
    ),
    _followed(
        key="advised_fill_gain",
        name=Text("Fill rate gained", "满足率提升"),
        description=Text(
            "Share of request lines that the advice would have served beyond those that were filled in the same weeks.",
            "同期按建议比实际多满足的需求行占比。",
        ),
        mistake=Text("Comparing with another period.", "与其他期间比较。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        formula=Ratio("lines_served - done_lines", "lines"),
        limits=(Limits(good=0.0, critical=-0.01),),
    ),
    _followed(
        key="advised_inventory_days",
        name=Text("Stock days if followed", "按建议的周转天数"),
        description=Text(
            "Mean stock at cost by the advice over the daily cost of what was asked for, in the same replay.",
            "同一回放中，按建议的平均库存成本÷日均需求成本。",
        ),
        mistake=Text("Judging stock without the fill rate beside it.", "只看库存、不看满足率。"),
        unit=Unit.DAYS,
        direction=Direction.LOWER,
        formula=Ratio("stock_value * 7.0", "asked_cost"),
        limits=(Limits(good=30, critical=45),),
    ),
    _followed(
        key="advised_stock_ratio",
        name=Text("Stock if followed, of held", "按建议的库存÷实际库存"),
        description=Text(
            "Stock at cost by the advice over the stock that was held of the same parts in the same weeks.",
            "同期同件：按建议的库存成本÷实际库存成本。",
        ),
        mistake=Text("Leaving out what lies dead on the shelf.", "剔除货架上的呆滞件。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        formula=Ratio("stock_value", "done_stock_value"),
        limits=(Limits(good=1.0, critical=1.1),),
    ),
)  # fmt: skip
