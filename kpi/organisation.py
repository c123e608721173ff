"""Parts of the network: 全国 → 大区 → 省 → 城市 → 门店, and how an address names them."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.errors import BadRequest
from kpi.text import Text

BELOW: dict[str, str | None] = {
    "network": "region",
    "region": "province",
    "province": "city",
    "city": "store",
    "store": None,
}
"""One step of the drill path: what a kind of unit is split into."""

NETWORK_NAME = Text("Whole network", "全国")
_BAD_UNIT = Text(
    en="“{text}” is not a unit: use network, region:…, province:…, city:… or store:….",
    zh_cn="“{text}”不是有效的组织单元：请使用 network、region:…、province:…、city:… 或 store:…。",
)


@dataclass(frozen=True)
class OrgUnit:
    """`kind` is a key of BELOW; `member` is empty for the network."""

    kind: str = "network"
    member: str = ""

    @classmethod
    def parse(cls, text: str) -> OrgUnit:
        """From `network` or `kind:member`. Raises BadRequest with a sentence for the reader."""
        kind, _, member = text.partition(":")
        if kind not in BELOW or bool(member) == (kind == "network"):
            raise BadRequest(public=_BAD_UNIT.filled(text=text[:60]))
        return cls(kind, member)

    def __str__(self) -> str:
        return f"{self.kind}:{self.member}" if self.member else self.kind

    @property
    def below(self) -> str | None:
        return BELOW[self.kind]

    @property
    def only(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The filter of a Question that narrows to this unit."""
        return ((self.kind, (self.member,)),) if self.member else ()


@dataclass(frozen=True)
class Site:
    """A live store on the map; degrees, WGS 84."""

    store_id: str
    name: Text
    longitude: float
    latitude: float
    region: str
    province: str
    city: str
    store_type: str
    tier: str
