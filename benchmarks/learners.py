"""The learners of the bench, made inside the app through its services: `python -m benchmarks.learners COUNT`.

All are signed in, and all but the first are in the middle of a placement. Tells their cookies as a JSON list.
"""

import json
import os
import secrets
import sys
from datetime import datetime, timedelta
from random import Random

import click
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from tracker import clock
from tracker.app import create_app
from tracker.assessment.attempt import REVIEW
from tracker.config import Config
from tracker.services import accounts, attempts, items


def make_learner(number: int, app: Flask, *, now: datetime) -> str:
    """Sign one learner up and in; the first has begun nothing yet. Returns: the browser's cookie."""
    person = accounts.sign_up(
        email=f"learner{number}@bench.example",
        name=f"Learner {number}",
        zone="UTC",
        password=secrets.token_urlsafe(12),
        now=now,
    )
    if number:
        _begin(person.id, Random(number), now=now)
    return cookie_of(app, accounts.open_session(person.id, now=now))


def _begin(learner_id: int, random: Random, *, now: datetime) -> None:
    """Start the placement and answer some of it, a second each, until now."""
    begun_at = now - timedelta(minutes=1)
    attempt = attempts.start_attempt("placement", learner_id=learner_id, now=begun_at)
    served = items.find_items(attempt.versions)
    for position in range(random.randrange(len(attempt.form))):
        body = served[attempt.form[position].item_version].body
        attempt = attempts.submit_response(
            attempt.id,
            learner_id=learner_id,
            seq=attempt.seq,
            position=position,
            item_version=attempt.form[position].item_version,
            sent=body.send(random.choice((body.key, *body.slips))),
            then=position + 1 if position + 1 < len(attempt.form) else REVIEW,
            arrived_at=begun_at + timedelta(seconds=position),
        )


def cookie_of(app: Flask, token: str) -> str:
    """What the browser would hold after signing in and seeing its first form."""
    session = {"_permanent": True, "_fresh": True, "_user_id": token, "csrf_token": secrets.token_hex(20)}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}"


def main() -> None:
    """Make as many as the command line says."""
    app = create_app(Config.from_environment(os.environ))
    numbers = range(int(sys.argv[1]))
    with app.app_context(), click.progressbar(numbers, label="Making learners", file=sys.stderr) as bar:
        cookies = [make_learner(number, app, now=clock.now()) for number in bar]
    print(json.dumps(cookies))


if __name__ == "__main__":
    main()
