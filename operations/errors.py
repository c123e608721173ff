"""What can go wrong with people, targets and screens, and what the reader is told about it."""

from __future__ import annotations

from kpi.errors import BadRequest, PitWallError
from kpi.text import Text


class StateUnavailable(PitWallError):
    """The state database does not answer or cannot be brought to its newest shape."""

    http_status = 503
    public = Text(
        en="The database of people and targets does not answer. Please try again; if it lasts, tell the administrator.",
        zh_cn="用户与目标数据库没有响应,请稍后重试;如持续出现,请联系管理员。",
    )


class BadTarget(BadRequest):
    """Limits that do not fit their metric."""

    public = Text(
        en="These limits do not fit the metric: {why}.",
        zh_cn="这些阈值与指标不符:{why}。",
    )
