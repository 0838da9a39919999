"""The way into the stores of a server that is stormed: makes its learners before, reads everything after."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from tests.chaos.stored import Stored, StoredAttempt, StoredCredit, StoredEvent
from tests.conftest import add_person
from tracker import clock
from tracker.config import Config
from tracker.services import attempts, cohorts
from tracker.services.accounts import open_session
from tracker.storage import accommodations, documents, question_bank, sql


@dataclass(frozen=True, slots=True)
class Account:
    """A learner, signed in: what their browser holds."""

    learner_id: int
    cookie: str
    token: str


class Stores:
    """Both stores of an instance, from another process than the server's; made by `connect`."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def add_learner(self, name: str) -> Account:
        """Somebody new, signed in."""
        with self._app.app_context():
            learner_id = add_person(f"{name}@example.org", name)
        return self.sign_in(learner_id)

    def sign_in(self, learner_id: int) -> Account:
        """Somebody with an account, signed in; again, after their role has changed."""
        with self._app.test_request_context() as context:
            context.session["csrf_token"] = secrets.token_hex(20)
            token = generate_csrf()
            held = {"csrf_token": context.session["csrf_token"], "_user_id": open_session(learner_id, now=clock.now())}
            signer = SecureCookieSessionInterface().get_signing_serializer(self._app)
            assert signer
            return Account(learner_id, f"skillmark={signer.dumps(held)}", token)

    def begin(self, assessment: str, account: Account, *, at: datetime) -> str:
        """Start an attempt for somebody, as of a moment. Returns: its id."""
        with self._app.app_context():
            return attempts.start_attempt(assessment, learner_id=account.learner_id, now=at).id

    def make_cohort(self, lead: Account, members: Sequence[Account]) -> str:
        """A cohort of these people. Returns: its id."""
        now = clock.now()
        with self._app.app_context():
            cohort = cohorts.create_cohort("Storm", lead_id=lead.learner_id, now=now)
            token = cohorts.invite(cohort.public_id, lead_id=lead.learner_id, now=now)
            for member in members:
                cohorts.join(token, user_id=member.learner_id, now=now)
            return cohort.public_id

    def read(self, *, swept_at: datetime) -> Stored:
        """Everything that matters in both stores."""
        with self._app.app_context():
            late = {found["_id"]: found["answers"] for found in documents.collection("late_answers").find()}
            return Stored(
                attempts=tuple(_attempt(found, late) for found in documents.collection("attempts").find()),
                names={row.id: row.name for row in sql.session().execute(text("SELECT id, name FROM users"))},
                folded={found["_id"]: found["attempts"] for found in documents.collection("profiles").find()},
                swept_at=swept_at,
            )


@contextmanager
def connect(build: Path, instance: Path) -> Iterator[Stores]:
    """The stores of a running server; at the end nothing of them is held open."""
    config = Config.from_environment({"TRACKER_INSTANCE": str(instance)})
    app = Flask("stores")
    app.secret_key = config.secret_key
    app.extensions[question_bank.EXTENSION] = question_bank.load_bank(build / "question_bank")
    sql.connect(app, config.database_url)
    documents.connect(app, config.mongodb_uri)
    accommodations.connect(app, is_self_set=True)
    try:
        yield Stores(app)
    finally:
        with app.app_context():
            sql.session().remove()
            sql.db.engine.dispose()
            documents.collection("attempts").database.client.close()


def _attempt(document: dict[str, Any], late: Mapping[str, Sequence[dict[str, Any]]]) -> StoredAttempt:
    places = {place["item_id"]: number for number, place in enumerate(document["form"])}
    return StoredAttempt(
        id=document["_id"],
        learner_id=document["learner_id"],
        assessment=document["assessment_slug"],
        started_at=document["started_at"],
        deadline=document["deadline"],
        finished_at=document["finished_at"],
        events=tuple(
            StoredEvent(
                event["seq"], event["type"], event["at"], event["position"], "".join(event["answer"]), event["key"]
            )
            for event in document["events"]
        ),
        responses={places[response["item_id"]]: "".join(response["answer"]) for response in document["responses"]},
        credits=tuple(
            StoredCredit(credit["id"], timedelta(seconds=credit["seconds"]), credit["giver_id"], credit["reason"])
            for credit in document["time"]["credits"]
        ),
        late=tuple("".join(entry["answer"]) for entry in late.get(document["_id"], ())),
        is_stopped=document["stopped_by"] is not None,
    )
