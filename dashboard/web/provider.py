"""An identity provider (OpenID Connect) as another front door: what we ask of it, and what we believe of its answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from models.errors import LiemError
from models.rules.words import words
from models.settings import settings

DISCOVERY = "/.well-known/openid-configuration"
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # never none, HS
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT = timedelta(hours=1)  # what the provider says of itself
LEEWAY = 60  # seconds that two clocks may differ
PATIENCE = 10  # seconds
HERE = ("127.0.0.1", "::1", "localhost")


class ProviderFault(LiemError):
    """The provider cannot be used, or its answer cannot be believed; `why` is one word for the audit chain."""

    def __init__(self, why: str) -> None:
        super().__init__(words("The identity provider's answer was refused: {why}.", why=why))
        self.why = why


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and what has to be remembered until it comes back."""

    address: str
    nonce: str
    verifier: str


def is_configured() -> bool:
    """Whether this installation has an identity provider."""
    return bool(settings().oidc_issuer and settings().oidc_client_id)


def depart(state: str, redirect_uri: str, *, now: datetime) -> Departure:
    """The address of the provider's own form, with PKCE, for the answer to `state`. Raises ProviderFault."""
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _client(redirect_uri) as client:
        address, _ = client.create_authorization_url(
            _about(now)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Departure(str(address), nonce, verifier)


def name_of(code: str, redirect_uri: str, *, nonce: str, verifier: str, now: datetime) -> str:
    """The sign-in name for which the provider vouches with `code`. Raises ProviderFault."""
    about = _about(now)
    try:
        with _client(redirect_uri) as client:
            answer = client.fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=PATIENCE,
                allow_redirects=False,
            )
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise ProviderFault("code") from error
    claims = _claims(str(answer.get("id_token", "")), about, now)
    if not _is_for_us(claims, nonce, now):
        raise ProviderFault("claims")
    return _name(claims)


def farewell(back: str, *, now: datetime) -> str:
    """The provider's own sign-out, which leads on to `back`; "" where it has none, or is not to be reached now.

    `back` is registered with the provider as a `post_logout_redirect_uri` (OpenID Connect RP-Initiated Logout 1.0).
    """
    try:
        end = str(_about(now).get("end_session_endpoint", ""))
    except ProviderFault:
        return ""
    if not _is_safe(end):
        return ""
    return str(add_params_to_uri(end, [("client_id", settings().oidc_client_id), ("post_logout_redirect_uri", back)]))


def _is_for_us(claims: dict[str, Any], nonce: str, now: datetime) -> bool:
    """Whether the answer is from our provider, for this program, to this question, and of now."""
    client, at = settings().oidc_client_id, now.timestamp()
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    return (
        claims.get("iss") == settings().oidc_issuer
        and client in audiences
        and (len(audiences) == 1 or claims.get("azp") == client)
        and secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
        and all(isinstance(time, int | float) for time in times)
        and max(claims["iat"], claims.get("nbf", 0)) - LEEWAY <= at < claims["exp"] + LEEWAY
    )


def _name(claims: dict[str, Any]) -> str:
    claim = settings().oidc_claim
    name = claims.get(claim)
    if not isinstance(name, str) or not name or (claim == "email" and claims.get("email_verified") is not True):
        raise ProviderFault("name")
    return name


def _claims(token: str, about: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the token says, once its signature is that of one of the provider's keys."""
    try:
        keys = KeySet.import_key_set({"keys": list(_fetched(about["jwks_uri"])["keys"])})
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFault("signature") from error


def _client(redirect_uri: str) -> Any:
    secret = _secret()
    client = OAuth2Session(
        settings().oidc_client_id,
        secret or None,
        scope="openid profile email",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
    )
    client.trust_env = False  # no proxy, no .netrc of the machine
    return client


def _secret() -> str:
    own = settings()
    if own.oidc_client_secret_file:
        return Path(own.oidc_client_secret_file).expanduser().read_text(encoding="utf-8").strip()
    return own.oidc_client_secret


_known: dict[str, tuple[datetime, dict[str, Any]]] = {}


def _about(now: datetime) -> dict[str, Any]:
    """The provider's own description, asked once an hour. Raises ProviderFault."""
    issuer = settings().oidc_issuer
    kept = _known.get(issuer)
    if kept and now - kept[0] < KEPT:
        return kept[1]
    if not _is_safe(issuer):
        raise ProviderFault("address")
    found = _fetched(issuer.rstrip("/") + DISCOVERY)
    if found.get("issuer") != issuer or not all(_is_safe(str(found.get(name, ""))) for name in NEEDED):
        raise ProviderFault("description")
    _known[issuer] = (now, found)
    return found


def _is_safe(address: str) -> bool:
    """TLS, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)


def _fetched(address: str) -> dict[str, Any]:
    try:
        with _plain() as session:
            answer = session.get(address, timeout=PATIENCE, allow_redirects=False)
        found = answer.json() if answer.status_code == 200 else None
    except (requests.RequestException, ValueError) as error:
        raise ProviderFault("unreachable") from error
    if not isinstance(found, dict):
        raise ProviderFault("unreachable")
    return found


def _plain() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session
