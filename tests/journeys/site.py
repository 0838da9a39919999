"""The app as it is really served, for the journeys: the project's own launcher on stores in a temporary folder."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from tests.builders import answer, item_at, right_answer, wrong_answer
from tests.conftest import add_person
from tracker import clock, processes
from tracker.app import create_app
from tracker.assessment.attempt import Attempt
from tracker.assessment.item import Item
from tracker.config import ROOT, Config
from tracker.services import attempts, cohorts
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents
from tracker.storage.question_bank import get_bank

START_SECONDS = 60
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Site:
    """A served app, and a back door to its stores for what no page can do: know the keys, and turn back time."""

    address: str
    app: Flask

    def item(self, version: str) -> Item:
        """The item that a page shows, its key included."""
        with self.app.app_context():
            return get_bank().items_by_version[version]

    def add_person(self, email: str, name: str) -> int:
        """Make an account whose password is PASSWORD. Gives its id."""
        with self.app.app_context():
            return add_person(email, name)

    def take(self, assessment_slug: str, *, learner_id: int, days_ago: int, wrong_every: int) -> str:
        """Take an assessment in the past, half a minute an item, every n-th wrongly. Gives the attempt's id."""
        with self.app.app_context():
            start = clock.now() - timedelta(days=days_ago)
            attempt = attempts.start_attempt(assessment_slug, learner_id=learner_id, now=start)
            for position in range(len(attempt.form)):
                item = item_at(attempt, position)
                sent = right_answer(item) if (position + 1) % wrong_every else wrong_answer(item)
                attempt = answer(attempt, sent, arrived_at=start + timedelta(seconds=30 * (position + 1)))
            attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=attempt.events[-1].at)
            return attempt.id

    def start(self, assessment_slug: str, *, learner_id: int, items: Sequence[Item] = ()) -> Attempt:
        """Start an attempt now, at these items instead of drawn ones if there are any."""
        with self.app.app_context():
            attempt = attempts.start_attempt(assessment_slug, learner_id=learner_id, now=clock.now())
            if items:
                attempt = replace(attempt, form=tuple(stored_attempts.Placement(item.id, item.version, tuple(option.id for option in item.body.options)) for item in items))
                documents.collection("attempts").replace_one({"_id": attempt.id}, stored_attempts._to_document(attempt))
            return attempt
