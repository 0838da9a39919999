"""A program that asks the API with a token of somebody's, or with none."""

from collections.abc import Collection
from contextvars import Context
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from tracker import clock
from tracker.services.tokens import Scope, make_token

API = "/api/v1"


class Client:
    """Sends requests to the API; each has an app context of its own, as on a server."""

    def __init__(self, app: Flask, user_id: int | None, *scopes: Scope) -> None:
        self._client = app.test_client(use_cookies=False)
        self._headers = {"Authorization": f"Bearer {_token(app, user_id, scopes or tuple(Scope))}"} if user_id else {}

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for something."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, *, key: str = "", **headers: str) -> TestResponse:
        """Send something as JSON, under a new key unless told."""
        return self.send("POST", path, json=body, **{"Idempotency-Key": key or uuid4().hex, **headers})

    def send(
        self, method: str, path: str, *, json: object = None, data: bytes | None = None, **headers: str
    ) -> TestResponse:
        """Send a request to an address of the API."""
        return Context().run(
            self._client.open,
            path if path.startswith(API) else f"{API}{path}",
            method=method,
            json=json,
            data=data,
            headers={**self._headers, **headers},
        )

    def read(self, path: str) -> Any:
        """What an address gives."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.json


def _token(app: Flask, user_id: int, scopes: Collection[Scope]) -> str:
    with app.app_context():
        return make_token(user_id, name="A test's", scopes=scopes, days=7, now=clock.now()).secret
