"""Everything expected that can go wrong, and what the reader is told."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from kpi.text import Text, joined


class PitWallError(Exception):
    """Base of every expected failure: `public` is safe to show, `str(error)` is for the log."""

    http_status = 500
    public = Text(en="Something went wrong.", zh_cn="出现错误。")

    def __init__(self, message: str = "", *, public: Text | None = None) -> None:
        super().__init__(message or (public or self.public).en)
        self.public = public or self.public


class BadRequest(PitWallError):
    """The question itself cannot be understood: a malformed period, unit or option."""

    http_status = 400
    public = Text(en="This request cannot be understood.", zh_cn="无法理解这个请求。")


class UnknownName(PitWallError):
    """A metric, dimension, unit or option that does not exist; tells what is near."""

    http_status = 404

    def __init__(self, kind: Text, name: str, known: Iterable[str]) -> None:
        shown = name if len(name) <= 60 else name[:57] + "…"
        public = Text(en="There is no {kind} “{name}”.", zh_cn="没有名为“{name}”的{kind}。").filled(
            kind=kind, name=shown
        )
        super().__init__(public=_with_hint(public, name, known))


class BadSetting(PitWallError):
    """A setting that does not exist or cannot be understood; the program does not start."""

    @classmethod
    def unknown(cls, name: str, known: Iterable[str]) -> BadSetting:
        public = Text(en="There is no setting {name}.", zh_cn="没有名为 {name} 的设置。").filled(name=name)
        return cls(public=_with_hint(public, name, known))

    @classmethod
    def wrong(cls, name: str, why: str) -> BadSetting:
        return cls(
            public=Text(en="{name} is not right: {why}.", zh_cn="设置 {name} 不正确：{why}。").filled(
                name=name, why=why
            )
        )


def _with_hint(found: Text, name: str, known: Iterable[str]) -> Text:
    near = get_close_matches(name, list(known), n=3)
    if not near:
        return found
    hint = Text(en=" Did you mean {near}?", zh_cn="您是否想找 {near}？").filled(near=joined(near))
    return Text(found.en + hint.en, found.zh_cn + hint.zh_cn)


class NotAllowed(PitWallError):
    """The reader's scope does not reach what was asked for."""

    http_status = 403
    public = Text(en="You do not have access to this.", zh_cn="您无权查看此内容。")
