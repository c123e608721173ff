"""What can go wrong with people, targets and screens, and what the reader is told about it."""

from __future__ import annotations

from kpi.errors import BadRequest, PitWallError
from kpi.role import Role
from kpi.text import Text

Range = tuple[float, float]


class StateUnavailable(PitWallError):
    """The state database does not answer or cannot be brought to its newest shape."""

    http_status = 503
    public = Text(
        en="The database of people and targets does not answer. Please try again; if it lasts, tell the administrator.",
        zh_cn="用户与目标数据库没有响应，请稍后重试；如持续出现，请联系管理员。",
    )


class BadTarget(BadRequest):
    """Limits that do not fit their metric."""

    public = Text(
        en="These limits do not fit the metric: {why}.",
        zh_cn="这些阈值与指标不符：{why}。",
    )


class WeakPassword(BadRequest):
    """A new password that is easy to guess."""

    public = Text(
        en="A password needs 12 to 128 characters, and may not be a common one or hold the login. Three unrelated words do well.",
        zh_cn="密码须为 12–128 个字符，不能是常见密码，也不能包含登录名。用几个互不相关的词组合即可。",
    )


class BadPerson(BadRequest):
    """An account that cannot be made or changed like this."""

    public = Text(
        en="The account cannot be changed like this: a login and a name are needed.",
        zh_cn="账户信息不完整：需要登录名和姓名。",
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
            zh_cn="“{role}”只能授予同一类单位：{kinds}；多个单位用英文逗号分隔。",
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
                zh_cn="这是最后一位系统管理员，请先另设一位。",
            )
        )


class SignInRefused(PitWallError):
    """The same words whether the login, the password or the account is wrong."""

    http_status = 401
    public = Text(
        en="Login or password is not right.",
        zh_cn="登录名或密码不正确。",
    )


class ProviderRefused(PitWallError):
    """The identity provider knows them; here nobody does, or they are barred."""

    http_status = 403
    public = Text(
        en="The company account is known, but nobody has given it a role here. Please ask the administrator.",
        zh_cn="公司账号有效，但尚未在此分配角色，请联系管理员。",
    )


class ProviderFailed(PitWallError):
    """What came back from the identity provider is not what was asked for."""

    http_status = 401
    public = Text(
        en="The company account could not be checked. Please try again.",
        zh_cn="公司账号验证失败，请重试。",
    )


class ProviderDown(PitWallError):
    """The identity provider cannot be reached."""

    http_status = 503
    public = Text(
        en="The sign-in service of the company does not answer. Please try again later, or sign in with a password.",
        zh_cn="公司统一登录服务无响应，请稍后重试，或使用密码登录。",
    )


class LockedOut(PitWallError):
    """Too many failures; the right password is not heard either until the time is over."""

    http_status = 429

    def __init__(self, minutes: int) -> None:
        words = Text(
            en="Too many failed attempts. Please try again in {minutes} minutes.",
            zh_cn="尝试次数过多，请在 {minutes} 分钟后再试。",
        )
        super().__init__(public=words.filled(minutes=minutes))


class ForgedRequest(PitWallError):
    """A change that does not come from one of our own pages."""

    http_status = 403
    public = Text(
        en="This page was open for too long. Please go back, reload it and try again.",
        zh_cn="页面已失效，请返回并刷新后重试。",
    )


class NotSignedIn(PitWallError):
    """Nobody is known at this door."""

    http_status = 401
    public = Text(en="Please sign in.", zh_cn="请先登录。")


class BadPlaylist(BadRequest):
    """A playlist or a screen that cannot be made like this."""

    public = Text(en="The screen cannot be set up like this.", zh_cn="大屏设置有误。")

    @classmethod
    def name(cls) -> BadPlaylist:
        return cls(
            public=Text(
                en="A playlist needs a name, and an address of small letters, digits and hyphens (40 at most).",
                zh_cn="轮播列表需要名称，以及由小写字母、数字和连字符组成的地址（最多 40 个字符）。",
            )
        )

    @classmethod
    def boards(cls, most: int) -> BadPlaylist:
        public = Text(
            en="A playlist holds 1 to {most} boards out of the list.",
            zh_cn="轮播列表须含列表中的 1 至 {most} 个看板。",
        )
        return cls(public=public.filled(most=most))

    @classmethod
    def sizes(cls, seconds: Range, distance: Range, width: Range) -> BadPlaylist:
        public = Text(
            en="A board stays for {s0} to {s1} seconds, is read from {d0} to {d1} m, on a picture {w0} to {w1} mm wide.",
            zh_cn="每屏停留 {s0}–{s1} 秒，观看距离 {d0}–{d1} 米，画面宽度 {w0}–{w1} 毫米。",
        )
        given = dict(zip(("s0", "s1", "d0", "d1", "w0", "w1"), (*seconds, *distance, *width), strict=True))
        return cls(public=public.filled(**{name: f"{value:g}" for name, value in given.items()}))

    @classmethod
    def too_far(cls, width: int, distance: float) -> BadPlaylist:
        public = Text(
            en="From there not one tile can be read: the picture has to be {width} mm wide, or be read from {distance} m.",
            zh_cn="在此距离上无法看清任何一张卡片：画面须宽至 {width} 毫米，或在 {distance} 米内观看。",
        )
        return cls(public=public.filled(width=width, distance=f"{distance:.1f}"))

    @classmethod
    def screen(cls) -> BadPlaylist:
        return cls(public=Text(en="A screen needs a name.", zh_cn="大屏需要名称。"))

    @classmethod
    def unit(cls) -> BadPlaylist:
        return cls(
            public=Text(
                en="A screen shows one unit: network, region:north or store:S0001.",
                zh_cn="一块大屏只显示一个单位：network、region:north 或 store:S0001。",
            )
        )
