"""Everything a deployment may change, read once from the environment (app.py reads it; nothing else does)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kpi.errors import BadSetting

PREFIX = "PITWALL_"
NETWORK_TIME = ZoneInfo("Asia/Shanghai")


class Settings(BaseSettings):
    """One field a setting; its description is the README's."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    warehouse_url: str = Field(
        "duckdb:///var/demo/warehouse",
        description="What happened. `duckdb:///DIR`, `postgresql+psycopg://…` or `clickhousedb://…`.",
    )
    state_url: str = Field(
        "sqlite:///var/state.db",
        description="What people did: accounts, targets, screens, audit. `sqlite:///FILE` or `postgresql+psycopg://…`.",
    )
    secret_key: str = Field(
        "",
        repr=False,
        description=(
            "Signs the session cookies: 32 random characters or more, the same on all machines. "
            "Only a demo network may go without."
        ),
    )
    proxies: int = Field(
        0,
        ge=0,
        description="How many reverse proxies stand in front, whose `X-Forwarded-*` headers are believed.",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^$|^https:/{2}\S+$|^http:/{2}(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?$",
        description=(
            "The identity provider (OpenID Connect) for company accounts: an https address. Empty: passwords only."
        ),
    )
    oidc_client_id: str = Field("", description="What the identity provider calls PitWall.")
    oidc_client_secret: str = Field(
        "", repr=False, description="Proves to the provider that PitWall is asking."
    )
    oidc_login_claim: str = Field(
        "email",
        pattern=r"^\w+$",
        description=(
            "Which claim holds the login that an administrator has added: `email` (counts when verified), "
            "`preferred_username`, `upn` …"
        ),
    )
    frame_ancestors: str = Field(
        "", description="Sites that may show PitWall in a frame (CSP syntax); empty: none."
    )
    cache_url: str = Field(
        "",
        description="`redis://…` shares the cache between machines; boards go on when it dies. Empty keeps it in the process.",
    )
    clock: datetime | None = Field(
        None, description="A fixed “now” (ISO time, network time) for tests and demonstrations."
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much the log tells."
    )
    query_seconds: float = Field(5.0, gt=0, description="A question that takes longer is stopped.")
    query_rows: int = Field(200_000, gt=0, description="A question that returns more rows is refused.")
    warehouse_memory_mb: int = Field(128, ge=64, description="Memory DuckDB may use in one web worker.")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment. Raises BadSetting that names the setting and what would be right."""
        known = [PREFIX + name.upper() for name in cls.model_fields]
        for name in environ:
            if name.startswith(PREFIX) and name not in known:
                raise BadSetting.unknown(name, known)
        given = {name.removeprefix(PREFIX).lower(): text for name, text in environ.items() if name in known}
        try:
            made = cls(_env_file=None, **given)  # type: ignore[call-arg, arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            raise BadSetting.wrong(PREFIX + str(first["loc"][0]).upper(), first["msg"]) from None
        parts = {
            name: getattr(made, name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
        }
        if any(parts.values()) and not all(parts.values()):
            missing = next(name for name, text in parts.items() if not text)
            raise BadSetting.wrong(
                PREFIX + missing.upper(), "issuer, client id and client secret go together"
            )
        return made

    def now(self) -> datetime:
        """Network time, naive: the clock of every “how old is this” and the only one the web process reads."""
        return self.clock or datetime.now(NETWORK_TIME).replace(tzinfo=None)
