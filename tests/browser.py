"""A browser for tests of the web room: signed in as somebody, sending forms with the token a page would hold."""

from contextvars import Context
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from tracker import clock
from tracker.services.accounts import open_session

CSRF = "a token of the tests"


class Browser:
    """Sends requests to the app as one person, or as a visitor; each has an app context of its own, as on a server."""

    def __init__(self, app: Flask, user_id: int | None) -> None:
        self._app = app
        self._client = app.test_client()
        with self._client.session_transaction() as session:
            session["csrf_token"] = CSRF
            if user_id is not None:
                with app.app_context():
                    session["_user_id"] = open_session(user_id, now=clock.now())
                session["_fresh"] = True

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page."""
        return Context().run(self._client.get, path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form, with the token that proves it came from our page."""
        return self.post_bare(path, {"csrf_token": Context().run(self._signed_token), **(data or {})}, **headers)

    def post_bare(self, path: str, data: dict[str, Any], **headers: str) -> TestResponse:
        """Send a form as a foreign page would: without the token."""
        return Context().run(self._client.post, path, data=data, headers=headers)

    def _signed_token(self) -> str:
        with self._client.session_transaction() as session:
            token = session["csrf_token"]
        with self._app.test_request_context() as context:
            context.session["csrf_token"] = token
            return str(generate_csrf())
