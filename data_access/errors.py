"""What can go wrong between a question and the warehouse, and what the reader is told about it."""

from __future__ import annotations

from kpi.errors import BadRequest, PitWallError
from kpi.text import Text, joined


class WarehouseUnavailable(PitWallError):
    """The database does not answer, or a file of it cannot be read."""

    http_status = 503
    public = Text(
        en="The data warehouse does not answer. Please try again; if it lasts, tell the administrator.",
        zh_cn="数据仓库没有响应，请稍后重试；如持续出现，请联系管理员。",
    )


class NothingPublished(PitWallError):
    """The warehouse is there, but no version of the data has been published yet."""

    http_status = 503
    public = Text(
        en="No data has been published yet. Load data first, or make a demo network with “make run”.",
        zh_cn="尚未发布任何数据。请先加载数据，或用“make run”生成演示网络。",
    )


class TooSlow(PitWallError):
    """The question took longer than the time limit and was stopped."""

    http_status = 504
    public = Text(
        en="This question takes too long. Choose a shorter period or fewer stores.",
        zh_cn="查询耗时过长，请缩短时间范围或减少门店。",
    )


class TooLarge(PitWallError):
    """The question needs more memory than there is for questions."""

    http_status = 413
    public = Text(
        en="This question is too large. Choose a shorter period or fewer stores.",
        zh_cn="查询数据量过大，请缩短时间范围或减少门店。",
    )


class TooManyRows(PitWallError):
    """The answer has more rows than the cap."""

    http_status = 413

    def __init__(self, cap: int) -> None:
        words = Text(
            en="The answer has more than {cap} rows. Choose a shorter period, fewer stores or a coarser grain.",
            zh_cn="结果超过 {cap} 行，请缩短时间范围、减少门店或使用更粗的粒度。",
        )
        super().__init__(public=words.filled(cap=f"{cap:,}"))


class PublishBusy(PitWallError):
    """Another publisher is at work on the same warehouse."""

    http_status = 409
    public = Text(
        en="Another refresh is running. This one changed nothing and can be repeated.",
        zh_cn="另一个刷新任务正在运行。本次未作任何更改，可稍后重试。",
    )


class NightBusy(PitWallError):
    """Another process is foretelling from the same data, and keeps its steps where this one would."""

    http_status = 409
    public = Text(
        en="Predictions are being made already. The older ones stand until these are published.",
        zh_cn="预测正在生成中，发布之前沿用上一次的预测。",
    )


class DraftRefused(PitWallError):
    """What was to be published is not fit for it: the previous version stands. `str(error)` names every finding."""

    http_status = 422
    public = Text(
        en="The new data did not pass its checks and was not published; the previous version stands.",
        zh_cn="新数据未通过校验，未发布；仍使用上一版本。",
    )


class NoSuchVersion(PitWallError):
    """A version to go back to is not kept (any more)."""

    http_status = 404

    def __init__(self, name: str, kept: list[str]) -> None:
        words = Text(
            en="There is no data version “{name}” to go back to. Kept: {kept}.",
            zh_cn="没有可回退的数据版本“{name}”。现有版本：{kept}。",
        )
        super().__init__(public=words.filled(name=name, kept=joined(kept or ["–"])))


class NotMadeOfOrders(PitWallError):
    """The orders behind a metric were asked for, but it is made of something else."""

    http_status = 400

    def __init__(self, metric: Text) -> None:
        words = Text(
            en="“{metric}” is not made of single work orders.", zh_cn="“{metric}”不是由单个工单构成的。"
        )
        super().__init__(public=words.filled(metric=metric))


class NoOrderNamed(PitWallError):
    """The rows of one work order were asked for, but not of which."""

    http_status = 400
    public = Text(en="Say which work order: ?order=…", zh_cn="请指明工单：?order=…")


class NoSuchSplit(BadRequest):
    """A dimension that the source of the metric does not have."""

    def __init__(self, dimension: Text) -> None:
        words = Text(
            en="{name} is not known of what was asked for: choose another split.",
            zh_cn="所查询的数据没有“{name}”这一维度，请选择其他维度。",
        )
        super().__init__(public=words.filled(name=dimension))
