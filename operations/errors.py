"""What can go wrong with people, targets and screens, and what the reader is told about it."""

from __future__ import annotations

from kpi.errors import BadRequest, PitWallError
from kpi.role import Role
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


class WeakPassword(BadRequest):
    """A new password that is easy to guess."""

    public = Text(
        en="A password needs 12 to 128 characters, and may not be a common one or hold the login. Three unrelated words do well.",
        zh_cn="密码须为 12–128 个字符,不能是常见密码,也不能包含登录名。用几个互不相关的词组合即可。",
    )


class BadPerson(BadRequest):
    """An account that cannot be made or changed like this."""

    public = Text(
        en="The account cannot be changed like this: a login and a name are needed.",
        zh_cn="账户信息不完整:需要登录名和姓名。",
    )

    @classmethod
    def taken(cls, login: str) -> BadPerson:
        return cls(
            public=Text(en="The login “{login}” is taken.", zh_cn="登录名“{login}”已被使用。").filled(
                login=login[:60]
            )
        )

    @classmethod
    def units(cls, held: Role) -> BadPerson:
        public = Text(
            en="“{role}” is given for one kind of unit: {kinds}; several are separated by commas.",
            zh_cn="“{role}”只能授予同一类单位:{kinds};多个单位用英文逗号分隔。",
        )
        kinds = {"network": "network", "region": "region:north", "store": "store:S0001"}
        return cls(
            public=public.filled(role=held.name, kinds=" / ".join(kinds[kind] for kind in held.held_for))
        )

    @classmethod
    def last_administrator(cls) -> BadPerson:
        return cls(
            public=Text(
                en="This is the last administrator; make another one first.",
                zh_cn="这是最后一位系统管理员,请先另设一位。",
            )
        )


class SignInRefused(PitWallError):
    """The same words whether the login, the password or the account is wrong."""

    http_status = 401
    public = Text(
        en="Login or password is not right.",
        zh_cn="登录名或密码不正确。",
    )


class LockedOut(PitWallError):
    """Too many failures; the right password is not heard either until the time is over."""

    http_status = 429

    def __init__(self, minutes: int) -> None:
        words = Text(
            en="Too many failed attempts. Please try again in {minutes} minutes.",
            zh_cn="尝试次数过多,请在 {minutes} 分钟后再试。",
        )
        super().__init__(public=words.filled(minutes=minutes))


class ForgedRequest(PitWallError):
    """A change that does not come from one of our own pages."""

    http_status = 403
    public = Text(
        en="This page was open for too long. Please go back, reload it and try again.",
        zh_cn="页面已失效,请返回并刷新后重试。",
    )


class NotSignedIn(PitWallError):
    """Nobody is known at this door."""

    http_status = 401
    public = Text(en="Please sign in.", zh_cn="请先登录。")
