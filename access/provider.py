"""Signing in with the company account: OpenID Connect's code flow with PKCE, state and nonce, at one provider.

The provider says who somebody is; what they may see is this product's own to say, so whoever has no account here is refused.
"""

from __future__ import annotations

import logging
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from access.guard import state, write_down
from access.sign_in import page, welcome
from kpi.errors import PitWallError
from operations.audit import Act
from operations.errors import ProviderDown, ProviderFailed, ProviderRefused
from operations.people import Account, People

LOG = logging.getLogger("pitwall.access")
SECONDS = 5
"""How long the provider may take to answer us."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With the provider's own key; a token that is unsigned, or signed with what we know too, could be anybody's."""


def add_provider(server: Flask, issuer: str, client_id: str, client_secret: str, login_claim: str) -> None:
    """The provider is asked at the first sign-in only, so it may be down at the start."""
    server.extensions["oidc"] = OAuth(server).register(
        "oidc",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
    server.extensions["oidc_issuer"], server.extensions["oidc_login"] = issuer, login_claim
    server.add_url_rule("/oidc/start", "oidc_start", start, methods=["GET"])
    server.add_url_rule("/oidc/back", "oidc_back", back, methods=["GET"])


def start() -> ResponseReturnValue:
    """One attempt at a time: the cookie that keeps its secrets has little room."""
    for begun in [name for name in session if name.startswith("_state_oidc_")]:
        del session[begun]
    session["next"] = request.args.get("next", "")[:500]
    try:
        return _asked(lambda oidc: oidc.authorize_redirect(url_for("oidc_back", _external=True)))  # type: ignore[no-any-return]
    except PitWallError as error:
        return page(error.public, error.http_status)


def back() -> ResponseReturnValue:
    """The provider sent the browser back. Nothing it brought along counts before the token is verified."""
    try:
        return welcome(_account(_asked(_claims)))
    except PitWallError as error:
        if isinstance(error, ProviderRefused):
            write_down(Act.SIGN_IN_FAILED, "?", address=request.remote_addr or "", way="company account")
        return page(error.public, error.http_status)


def _claims(oidc: Any) -> dict[str, Any]:
    audience = {"essential": True, "value": oidc.client_id}
    issuer = {"essential": True, "value": oidc.server_metadata["issuer"]}
    token = oidc.authorize_access_token(claims_options={"iss": issuer, "aud": audience})
    if "userinfo" not in token:
        raise ProviderFailed("no id token")
    return dict(token["userinfo"])


def _account(claims: dict[str, Any]) -> Account:
    """Known by issuer and subject. Only the first time does the login count, and an e-mail only when it is verified."""
    claim = current_app.extensions["oidc_login"]
    sure = claim != "email" or claims.get("email_verified") is True
    login = str(claims.get(claim, "")) if sure else ""
    account = People(state()).with_identity(f"{claims['iss']} {claims['sub']}", login)
    if account is None:
        raise ProviderRefused
    return account


def _asked(ask: Any) -> Any:
    """What the provider answers, once it is sure that it is the one of the settings."""
    oidc = current_app.extensions["oidc"]
    try:
        described = oidc.load_server_metadata()
        if str(described.get("issuer")).rstrip("/") != current_app.extensions["oidc_issuer"].rstrip("/"):
            raise ProviderFailed(f"the provider calls itself {described.get('issuer')}")
        offered = described.get("id_token_signing_alg_values_supported") or ["RS256"]
        described["id_token_signing_alg_values_supported"] = [name for name in offered if name in SIGNATURES]
        return ask(oidc)
    except (RequestException, RuntimeError) as error:
        LOG.warning("the identity provider does not answer: %s", type(error).__name__)
        raise ProviderDown from error
    except (AuthlibBaseError, JoseError, ValueError) as error:
        LOG.warning("a sign-in through the identity provider failed: %s", type(error).__name__)
        raise ProviderFailed from error
