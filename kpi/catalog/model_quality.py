"""How far the predictions can be trusted: measured on days and customers that the models had not seen."""

from __future__ import annotations

from functools import partial

from kpi.metric import Band, Direction, Limits, Metric, Ratio, Tier, Unit
from kpi.text import Text

TRIED_DAYS = 420
"""The trials of a year stand for today: points in the past lie up to 14 x 28 days back, a churn trial half a year."""
DAYS, CUSTOMERS = Text("store-days", "店·日"), Text("customers", "位客户")


def _visits(column: str) -> str:
    return f"case when series = 'visits' then {column} else 0 end"


tried = partial(Metric, rolling_days=TRIED_DAYS, tier=Tier.MONTHLY)
"""A metric of how predictions did when they were tried on the past."""
_forecast = partial(
    tried, source="forecast_test", n=_visits("days"), counted=DAYS, n_min=30, owner="data steward"
)
_churn = partial(
    tried, source="churn_test", n="customers", counted=CUSTOMERS, n_min=200, owner="data steward"
)


METRICS = (
    _forecast(
        key="forecast_wape",
        name=Text("Forecast error", "预测误差（WAPE）"),
        description=Text(
            "Sum of absolute errors of 30-day store visits over what came, when foretold from points in the past.",
            "在历史时点预测30天门店进厂台次：绝对误差之和÷实际之和。",
        ),
        mistake=Text("Quoting the fit on days the model has seen.", "引用样本内拟合误差。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        formula=Ratio(_visits("absolute_error"), _visits("actual")),
        limits=(Limits(good=0.22, critical=0.30),),
    ),
    _forecast(
        key="forecast_value_added",
        name=Text("Error against last week again", "误差相对上周同日法"),
        description=Text(
            "The forecast's absolute error over that of repeating the same weekday of the last week; below 1 it helps.",
            "预测绝对误差÷“上周同日”法的绝对误差；低于1才有价值。",
        ),
        mistake=Text("Showing an error without the naive one beside it.", "只报误差、不报基准误差。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        formula=Ratio(_visits("absolute_error"), _visits("naive_error")),
        limits=(Limits(good=0.85, critical=1.0),),
    ),
    _forecast(
        key="forecast_mase",
        name=Text("Forecast MASE", "预测MASE"),
        description=Text(
            "Absolute error over the usual step from one week to the next in the history before.",
            "绝对误差÷此前历史中周间变动的平均幅度。",
        ),
        mistake=Text("Scaling by the days foretold.", "用被预测期作为尺度。"),
        unit=Unit.NUMBER,
        direction=Direction.LOWER,
        formula=Ratio(_visits("absolute_error"), _visits("scale")),
        limits=(Limits(good=0.85, critical=1.0),),
    ),
    _forecast(
        key="interval_80_held",
        name=Text("80 % range held", "80 %区间命中率"),
        description=Text(
            "Days on which store visits lay inside their 80 % range, learnt from the other points in the past.",
            "门店进厂台次落在80 %区间内的店·日占比（区间由其他时点校准）。",
        ),
        mistake=Text("Ranges that hold always: they say nothing.", "区间永远命中，等于没说。"),
        unit=Unit.SHARE,
        direction=Direction.BAND,
        formula=Ratio(_visits("inside_80"), _visits("days")),
        limits=(Band(good=(0.76, 0.84), critical=(0.70, 0.90)),),
    ),
    _churn(
        key="churn_auc",
        name=Text("Churn AUC", "流失模型AUC"),
        description=Text(
            "How often, of two customers of a store, the one who stayed away had the higher score.",
            "同店两位客户中，流失者得分更高的概率。",
        ),
        mistake=Text(
            "Quoting accuracy: saying “stays” to all is right most of the time.",
            "引用准确率：全部判为留存也很准。",
        ),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        formula=Ratio("concordant", "pairs"),
        limits=(Limits(good=0.75, critical=0.65),),
    ),
    _churn(
        key="churn_lift",
        name=Text("Churn lift at 15 %", "流失模型提升度（前15 %）"),
        description=Text(
            "How many times more often the top 15 % by score stay away than everybody.",
            "得分前15 %客户的流失率÷总体流失率。",
        ),
        mistake=Text("Choosing the share after seeing the result.", "看到结果后再选比例。"),
        unit=Unit.NUMBER,
        direction=Direction.HIGHER,
        formula=Ratio("called_away", "called_expected"),
        limits=(Limits(good=2.5, critical=1.5),),
    ),
    _churn(
        key="churn_brier_skill",
        name=Text("Churn Brier skill", "流失模型Brier技巧"),
        description=Text(
            "How much smaller the squared error is than that of giving everybody the mean.",
            "平方误差相对“人人取均值”减少的比例。",
        ),
        mistake=Text("Ranking well while the chances are off.", "排序好但概率不准。"),
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        formula=Ratio("base_square_error - square_error", "base_square_error"),
        limits=(Limits(good=0.10, critical=0.0),),
    ),
    _churn(
        key="churn_calibration",
        name=Text("Churn calibration slope", "流失模型校准斜率"),
        description=Text(
            "1 where a chance means what it says; below, high chances are too high and low ones too low.",
            "1表示概率可信；低于1说明高分偏高、低分偏低。",
        ),
        mistake=Text("Rescaling scores until they look right.", "把分数线性缩放到“看起来对”。"),
        unit=Unit.NUMBER,
        direction=Direction.BAND,
        formula=Ratio("slope_gain", "slope_information"),
        limits=(Band(good=(0.9, 1.1), critical=(0.7, 1.3)),),
    ),
)
