"""The provider that people can sign in with beside a password: OpenID Connect, spoken by Authlib.

The configured issuer alone is asked, and nothing before somebody wants to sign in with it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from tracker.config import Provider
from tracker.errors import NotFound, NotVouched
from tracker.services.identities import Vouched

EXTENSION = "provider"
TIMEOUT_SECONDS = 3
LONGEST_SUBJECT = 255
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Those that the provider's public keys check: nobody else can sign so."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody on their way to the provider: where to, and what their browser keeps until they are back."""

    url: str
    state: str
    nonce: str
    code_verifier: str


def init(app: Flask, provider: Provider | None) -> None:
    """Let people sign in with this provider, if there is one; pages know it by its name."""
    app.jinja_env.globals["provider_name"] = provider.name if provider else ""
    if not provider:
        return
    from authlib.integrations.flask_client import OAuth  # with requests it takes 0.3 s, which few installations need

    client = OAuth(app).register(
        EXTENSION,
        client_id=provider.client_id,
        client_secret=provider.client_secret or None,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )
    app.extensions[EXTENSION] = (provider, client)


def get_provider() -> Provider:
    """The provider. Raises: NotFound when there is none."""
    return _known()[0]


def depart(redirect_uri: str) -> Departure:
    """Send somebody to the provider, who comes back to this address. Raises: NotVouched."""
    with _talking():
        made = _client().create_authorization_url(redirect_uri)
    return Departure(url=made["url"], state=made["state"], nonce=made["nonce"], code_verifier=made["code_verifier"])


def arrive(code: str, *, nonce: str, code_verifier: str, redirect_uri: str) -> Vouched:
    """Whom the provider vouches for with the code that somebody brought back. Raises: NotVouched."""
    provider = get_provider()
    expected = {
        "iss": {"essential": True, "values": [provider.issuer]},
        "aud": {"essential": True, "values": [provider.client_id]},
    }
    with _talking():
        client = _client()
        token = client.fetch_access_token(redirect_uri=redirect_uri, code=code, code_verifier=code_verifier)
        if "id_token" not in token:
            raise ValueError("there is no ID token")
        claims = client.parse_id_token(token, nonce=nonce, claims_options=expected)
        return _vouched(provider, _with_email(client, token, claims))


def _with_email(client: Any, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """The claims and, when they do not name an address, what else the provider says of this very account."""
    if "email" in claims or "userinfo_endpoint" not in client.server_metadata:
        return claims
    more = client.userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise ValueError("the provider speaks of another account")
    return {**more, **claims}


def _vouched(provider: Provider, claims: dict[str, Any]) -> Vouched:
    subject, email, name = claims["sub"], claims.get("email"), claims.get("name")
    if not (isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT):
        raise ValueError("the subject is none")
    return Vouched(
        issuer=provider.issuer,
        subject=subject,
        email=email if isinstance(email, str) else "",
        is_email_verified=claims.get("email_verified") is True,
        name=name if isinstance(name, str) else "",
    )


def _client() -> Any:
    """What speaks to the provider; it knows by now what the provider says of itself, which must be the issuer's."""
    provider, client = _known()
    metadata = client.load_server_metadata()
    if metadata["issuer"] != provider.issuer:
        raise ValueError("it is another issuer")
    metadata["id_token_signing_alg_values_supported"] = list(SIGNATURES)
    return client


@contextmanager
def _talking() -> Iterator[None]:
    """Say in a sentence what went wrong between us and the provider; what it sent is not logged."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    name = get_provider().name
    try:
        yield
    except RequestException as error:
        log.warning("The provider did not answer: %s", type(error).__name__)
        raise NotVouched(
            f"That did not work: {name} does not answer as it should. Try again later, or sign in with your password."
        ) from None
    except (AuthlibBaseError, JoseError, LookupError, ValueError, TypeError, RuntimeError) as error:
        log.warning("What the provider answered does not hold: %s", _told(error))
        raise NotVouched(
            f"That did not work: what {name} answered does not hold. Try again; if that does not help, tell whoever"
            " runs Skillmark here."
        ) from None


def _told(error: Exception) -> str:
    """What kind of error it is, without anything that the provider sent but the error's own short name."""
    return f"{type(error).__name__} {str(getattr(error, 'error', ''))[:40]}".strip()


def _known() -> tuple[Provider, Any]:
    known: tuple[Provider, Any] | None = current_app.extensions.get(EXTENSION)
    if known is None:
        raise NotFound
    return known
