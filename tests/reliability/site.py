"""The whole of Skillmark as `make run` starts it, with a way in for tests: its stores, and learners of its own."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from tests.conftest import add_person
from tests.launcher import Launcher
from tracker import clock
from tracker.config import Config
from tracker.services.accounts import open_session
from tracker.storage import accommodations, documents, question_bank, sql

Sent = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Reply:
    """What came back. `location` is empty when it leads nowhere."""

    status: int
    location: str
    text: str


@dataclass
class Client:
    """A browser on a real connection, without JavaScript; each request on a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Reply:
        """Ask for a page. Raises: OSError, HTTPException when nobody answers."""
        return self._ask("GET", path, None)

    def post(self, path: str, sent: Sent) -> Reply:
        """Send a form. Raises: OSError, HTTPException when nobody answers."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **sent}, doseq=True))

    def _ask(self, method: str, path: str, body: str | None) -> Reply:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Reply(answer.status, answer.headers.get("Location", ""), text)


class Site:
    """A launcher that serves, and the stores it serves from."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        config = Config.from_environment(launcher.environment)
        self.stores = Flask("stores")
        self.stores.secret_key = config.secret_key
        self.stores.extensions[question_bank.EXTENSION] = question_bank.load_bank(config.bank)
        sql.connect(self.stores, config.database_url)
        documents.connect(self.stores, config.mongodb_uri)
        accommodations.connect(self.stores, is_self_set=True)
        self.said: list[str] = []
        # what it logs must be read, or the pipe fills and it waits for us
        Thread(target=self.said.extend, args=[launcher.processes[-1].stdout], daemon=True).start()

    def visitor(self) -> Client:
        """Somebody who has just come."""
        return Client(self.launcher.port)

    def learner(self, name: str) -> tuple[int, Client]:
        """A new learner: their id, and their browser, signed in."""
        with self.stores.app_context():
            learner_id = add_person(f"{name}@example.org", name)
        return learner_id, self.sign_in(learner_id)

    def sign_in(self, learner_id: int) -> Client:
        """The browser of somebody with an account, signed in; again, after their role has changed."""
        with self.stores.test_request_context() as context:
            context.session["csrf_token"] = secrets.token_hex(20)
            token = generate_csrf()
            held = {"csrf_token": context.session["csrf_token"], "_user_id": open_session(learner_id, now=clock.now())}
            signer = SecureCookieSessionInterface().get_signing_serializer(self.stores)
            assert signer
            return Client(self.launcher.port, {"skillmark": str(signer.dumps(held))}, token)
