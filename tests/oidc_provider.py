"""A real provider to sign in with, as a process of its own: `oidc-provider-mock`.

Here it insists on PKCE and knows public clients.

Whatever it is told of somebody it puts into their ID token, `aud` and `exp` as well. Of whom it is told `forged`, the
token is forged so: `unsigned`, `by another` key, or `hiding the address`, which only its userinfo names then.
"""

import http.client
import json
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.launcher import a_free_port, answers, eventually
from tracker.config import ROOT, Provider

HOST = "127.0.0.1"
START_SECONDS = 30
TOKEN_PATH = "/oauth2/token"


@dataclass(frozen=True)
class RunningProvider:
    """A provider that runs, and what people do there."""

    port: int

    @property
    def issuer(self) -> str:
        """As it names itself."""
        return f"http://{HOST}:{self.port}"

    @property
    def settings(self) -> Provider:
        """The app's settings to sign in with it."""
        return Provider(issuer=self.issuer, client_id="skillmark", client_secret="a secret of the tests")

    def knows(self, subject: str, **claims: Any) -> None:
        """Tell it what to say of somebody."""
        self._ask("PUT", f"/users/{subject}", json.dumps(claims), "application/json")

    def approve(self, url: str, subject: str) -> str:
        """Be somebody at the page it was sent to, and say yes. Gives the way back: path and query."""
        return self._send(url, {"sub": subject})

    def deny(self, url: str) -> str:
        """Say no there. Gives the way back, with the state that this provider forgets then."""
        [state] = parse_qs(urlsplit(url).query)["state"]
        return f"{self._send(url, {'action': 'deny'})}&state={state}"

    def _send(self, url: str, form: dict[str, str]) -> str:
        location = self._ask(
            "POST", url.removeprefix(self.issuer), urlencode(form), "application/x-www-form-urlencoded"
        )
        back = urlsplit(location)
        return f"{back.path}?{back.query}"

    def _ask(self, method: str, path: str, body: str, kind: str) -> str:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 400, text
        return answer.headers["Location"] or ""


@contextmanager
def a_provider() -> Iterator[RunningProvider]:
    """A provider that runs meanwhile."""
    port = a_free_port()
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        is_settled = eventually(lambda: answers(port, "/jwks") or process.poll() is not None, seconds=START_SECONDS)
        assert is_settled, "The provider does not serve"
        assert process.poll() is None, "The provider stopped by itself"
        yield RunningProvider(port)
    finally:
        process.kill()
        process.wait()


def _serve(port: int) -> None:
    import uvicorn
    from authlib.oauth2.rfc7636 import create_s256_code_challenge
    from flask import Response, abort, g, request
    from joserfc import jwt
    from joserfc.jwk import RSAKey
    from oidc_provider_mock import _app
    from oidc_provider_mock import app as make_app

    _app.AuthorizationCodeGrant.TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "none"]
    app = make_app()
    challenges: dict[str, str] = {}

    @app.before_request
    def insist_on_pkce() -> Response | None:
        if request.path == "/oauth2/authorize" and not (
            request.args.get("code_challenge_method") == "S256" and request.args.get("code_challenge")
        ):
            abort(400)
        if request.path == TOKEN_PATH:
            challenge = challenges.pop(request.form["code"], None)
            if create_s256_code_challenge(request.form["code_verifier"]) != challenge:
                return Response('{"error": "invalid_grant"}', status=400, mimetype="application/json")
        return None

    @app.after_request
    def remember_challenge(response: Response) -> Response:
        for code in parse_qs(urlsplit(response.location or "").query).get("code", ()):
            challenges[code] = request.args["code_challenge"]
        return response

    @app.after_request
    def forge(response: Response) -> Response:
        if request.path != TOKEN_PATH or response.status_code != http.HTTPStatus.OK:
            return response
        told = response.get_json()
        own = RSAKey.import_key(g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
        token = jwt.decode(told["id_token"], own)
        claims = token.claims
        match claims.pop("forged", ""):
            case "unsigned":
                told["id_token"] = f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
            case "by another":
                told["id_token"] = jwt.encode(token.header, claims, RSAKey.generate_key())
            case "hiding the address":
                told["id_token"] = jwt.encode(
                    token.header, {name: claims[name] for name in claims if not name.startswith("email")}, own
                )
        response.set_data(json.dumps(told))
        return response

    uvicorn.run(app, interface="wsgi", host=HOST, port=port, log_config=None)


def _encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
