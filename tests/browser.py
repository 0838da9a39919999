"""A browser for tests of the web room: signed in as somebody, sending forms with the token a page would hold."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from tracker import clock
from tracker.services.accounts import open_session
from tracker.services.cohorts import list_memberships
from tracker.storage.cohort_tables import Role

CSRF = "a token of the tests"


class Browser:
    """Sends requests to the app as one person, or as a visitor; each has an app context of its own, as on a server.

    Whoever comes to lead a cohort before the first request signs in again, as a person would.
    """

    def __init__(self, app: Flask, user_id: int | None, *, address: str = "127.0.0.1") -> None:
        self._app = app
        self._client = app.test_client()
        self._client.environ_base["REMOTE_ADDR"] = address
        self._comes_as = user_id
        with self._client.session_transaction() as session:
            session["csrf_token"] = CSRF
        if user_id is not None:
            self._sign_in(user_id)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page."""
        return self._send(lambda: self._client.get(path, headers=headers))

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form, with the token that proves it came from our page."""
        return self.post_bare(path, {"csrf_token": Context().run(self._signed_token), **(data or {})}, **headers)

    def post_bare(self, path: str, data: dict[str, Any], **headers: str) -> TestResponse:
        """Send a form as a foreign page would: without the token."""
        return self._send(lambda: self._client.post(path, data=data, headers=headers))

    def _send(self, send: Callable[[], TestResponse]) -> TestResponse:
        response = Context().run(send)
        user_id, self._comes_as = self._comes_as, None
        if user_id is None or not _asks_to_sign_in(response) or not Context().run(self._leads, user_id):
            return response
        self._sign_in(user_id)
        return Context().run(send)

    def _leads(self, user_id: int) -> bool:
        with self._app.app_context():
            return any(membership.role is Role.LEAD for membership in list_memberships(user_id))

    def _sign_in(self, user_id: int) -> None:
        with self._client.session_transaction() as session:
            with self._app.app_context():
                session["_user_id"] = open_session(user_id, now=clock.now())
            session["_fresh"] = True

    def _signed_token(self) -> str:
        with self._client.session_transaction() as session:
            token = session.setdefault("csrf_token", CSRF)
        with self._app.test_request_context() as context:
            context.session["csrf_token"] = token
            return str(generate_csrf())


def _asks_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 401 or (response.location or "").startswith("/sign-in?next=")
