"""The app as it is really served, for the journeys: the project's own launcher, stores in a temporary folder."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from flask import Flask
from pyotp import TOTP
from sqlalchemy import delete

from tests.builders import an_attempt, answer, item_at, right_answer, wrong_answer
from tests.conftest import PASSWORD, add_person
from tests.launcher import a_free_port, answers, eventually
from tests.links import add_links
from tracker import clock, processes
from tracker.app import create_app
from tracker.assessment.assembly import Placement
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import MOST_CHANGES, REVIEW, Event
from tracker.assessment.item import Item
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.assessment.time_ledger import Credit
from tracker.config import ROOT, Config
from tracker.services import (
    accounts,
    assignments,
    attempts,
    cohort_settings,
    cohorts,
    group_telling,
    item_reports,
    practice,
    profiles,
    second_factor,
    targets,
    tokens,
)
from tracker.services.items import find_item
from tracker.services.mails import MOST_TRIES
from tracker.services.tokens import Scope
from tracker.storage import accounts as stored_accounts
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, mails, sql
from tracker.storage.embedded import EmbeddedStore
from tracker.storage.mails import Letter
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import SignIn

HOST = "127.0.0.1"
START_SECONDS = 90
SECONDS_AN_ITEM = 30


@dataclass(frozen=True)
class Site:
    """A served app, and a back door to its stores for what no page can do: know the keys, and turn back time."""

    address: str
    app: Flask
    store: EmbeddedStore
    """The document store that serves the site, to pause it; the launcher starts and stops it."""

    @property
    def items(self) -> Mapping[str, Item]:
        """Every item of the bank that is no family, with its key, by the version that pages name."""
        with self.app.app_context():
            return get_bank().items_by_version

    def item(self, version: str) -> Item:
        """The item of this version with its key, a family's variant or not."""
        with self.app.app_context():
            item = find_item(version)
            assert item
            return item

    def longest_items(self, *, of_each: int = 1) -> list[Item]:
        """Of each item type the one with the most to read, or so many, in the order of the types."""
        items = sorted(
            self.items.values(), key=lambda item: len(item.stem) + sum(len(one.text) for one in item.body.options)
        )
        return [one for name in REGISTRY for one in [item for item in items if item.body.name == name][-of_each:]]

    def add_person(self, name: str) -> tuple[int, str]:
        """Make an account whose password is PASSWORD. Gives its id and its address, which no other account has."""
        email = f"{name.casefold()}.{uuid4().hex[:8]}@example.org"
        with self.app.app_context():
            return add_person(email, name), email

    def make_author(self, email: str) -> None:
        """Let the person with this address write items."""
        with self.app.app_context():
            accounts.make_author(email, now=clock.now())

    def add_cohort(self, name: str, *, lead_id: int, member_ids: Sequence[int], sees: Sees = Sees.LEVELS) -> str:
        """Make a cohort that these people joined by invitation, agreeing to what it sees. Gives its public id."""
        with self.app.app_context():
            now = clock.now()
            cohort = cohorts.create_cohort(name, lead_id=lead_id, now=now, sees=sees)
            for member_id in member_ids:
                token = cohorts.invite(cohort.public_id, lead_id=lead_id, now=now)
                cohorts.join(token, user_id=member_id, now=now, agreed_to=sees)
            return cohort.public_id

    def want(self, levels: Mapping[str, str], *, cohort_id: str, lead_id: int) -> None:
        """Let a lead want these levels, by area's slug or topic's id."""
        with self.app.app_context():
            targets.set_targets(cohort_id, levels, lead_id=lead_id)

    def invite(self, cohort_id: str, *, lead_id: int) -> str:
        """Make an invitation. Gives its token."""
        with self.app.app_context():
            return cohorts.invite(cohort_id, lead_id=lead_id, now=clock.now())

    def ask_to_join(self, cohort_id: str, *, lead_id: int, learner_id: int) -> None:
        """Let somebody wait for a lead to let them in."""
        with self.app.app_context():
            cohort = cohort_settings.open_settings(cohort_id, lead_id=lead_id).cohort
            cohort_settings.change_settings(
                cohort_id,
                lead_id=lead_id,
                name=cohort.name,
                sees=cohort.sees,
                joining=Joining.APPROVED,
                now=clock.now(),
            )
            cohorts.join(self.invite(cohort_id, lead_id=lead_id), user_id=learner_id, now=clock.now())

    def assign(self, assessment_slug: str, *, cohort_id: str, lead_id: int, practice_items: int | None = None) -> str:
        """Assign it to a cohort for a week, answers shown after the deadline. Gives the assignment's public id."""
        with self.app.app_context():
            now = clock.now()
            made = assignments.make_assignment(
                cohort_id,
                lead_id=lead_id,
                assessment_slug=assessment_slug,
                opens_at=None,
                closes_at=now + timedelta(days=7),
                attempts_allowed=2,
                release=Release.AFTER_DEADLINE,
                practice_items=practice_items,
                now=now,
            )
            return made.public_id

    def make_token(self, *, learner_id: int, scopes: Sequence[Scope] = tuple(Scope)) -> str:
        """Make a token for somebody's program. Gives the token."""
        with self.app.app_context():
            return tokens.make_token(learner_id, name="My script", scopes=scopes, days=7, now=clock.now()).secret

    def begin_second_factor(self, user_id: int) -> str:
        """Make the key of somebody's second factor, which is still to be confirmed. Gives the key."""
        with self.app.app_context():
            second_factor.begin(user_id, now=clock.now())
            setup = second_factor.open_state(user_id).setup
            assert setup
            return setup.key

    def switch_on_second_factor(self, user_id: int) -> list[str]:
        """Ask somebody whose password is PASSWORD for a code from now on. Gives their recovery codes."""
        app = TOTP(self.begin_second_factor(user_id))
        with self.app.app_context():
            now = clock.now()
            return second_factor.confirm(user_id, password=PASSWORD, code=app.at(now), now=now)

    def write_mails(self, cohort_id: str, *, lead_id: int) -> None:
        """Queue mails of a cohort: one that can be written to the outbox at once, one for tomorrow, one given up."""
        with self.app.app_context():
            now = clock.now()
            cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
            due = {"now": now, "tomorrow": now + timedelta(days=1), "never": now + timedelta(days=1)}
            letters = [
                Letter(
                    key=f"{cohort_id}/{key}",
                    address="somebody.with.a.long.name@department.of.engineering.example.org",
                    subject="You are invited to Backend guild",
                    text=f"Lena invites you.\n\n{self.address}/invitations/{'x' * 43}\n",
                    due_at=due_at,
                    cohort_id=cohort.id,
                )
                for key, due_at in due.items()
            ]
            with sql.writing():
                mails.add(letters, now=now)
            given_up = mails.list_of(cohort.id, before=None, most=1)[0]
            for _ in range(MOST_TRIES):
                mails.note_unsent([(given_up.id, due["never"])], problem="The mail server did not take it: 550 unknown")

    def write_links(self, *, ada: int, ben: int) -> dict[str, str]:
        """Let a sign-up wait, Ben have forgotten his password, and Ada show her address. Gives the links' secrets."""
        with self.app.app_context():
            return add_links(ada=ada, ben=ben, now=clock.now())

    def make_admin(self, email: str) -> None:
        """Let the person with this address run the service."""
        with self.app.app_context():
            user = stored_accounts.find_user_by_email(email)
            assert user
            stored_accounts.set_admin(user.id)

    def pass_deadline(self, attempt_id: str) -> None:
        """Let the deadline of a finished attempt's assignment have passed an hour ago."""
        with self.app.app_context():
            an_hour_ago = clock.now() - timedelta(hours=1)
            documents.collection("attempts").update_one(
                {"_id": attempt_id}, {"$set": {"assignment.closes_at": an_hour_ago}}
            )

    def take(
        self, assessment_slug: str, *, learner_id: int, days_ago: int, wrong_every: int, seed: int | None = None
    ) -> str:
        """Take an assessment, with every n-th answer wrong, as if that was in the past. Gives the attempt's id.

        seed: of the form, which is the same for all who have met nothing before.
        """
        with self.app.app_context():
            start = clock.now()
            attempt = attempts.start_attempt(assessment_slug, learner_id=learner_id, now=start, seed=seed)
            for number in range(1, len(attempt.form) + 1):
                item = item_at(attempt, number - 1)
                sent = right_answer(item) if number % wrong_every else wrong_answer(item)
                attempt = answer(attempt, sent, arrived_at=start + timedelta(seconds=SECONDS_AN_ITEM * number))
            attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=attempt.events[-1].at)
            _set_back(attempt.id, timedelta(days=days_ago))
            documents.collection("profiles").delete_one({"_id": learner_id})
            profiles.update_profile(learner_id)
            return attempt.id

    def make_figures(self, cohort_id: str, *, lead_id: int) -> None:
        """Make a cohort's figures, as the jobs do once somebody has looked at them."""
        with self.app.app_context():
            group_telling.renew(cohorts.get_led(cohort_id, lead_id=lead_id).id, now=clock.now())

    def report(self, attempt_id: str, *, number: int, learner_id: int) -> str:
        """Report a problem with the question of this number. Gives the report's id."""
        with self.app.app_context():
            now = clock.now()
            occasion = item_reports.get_attempt_occasion(attempt_id, number, learner_id=learner_id, now=now)
            text = "Two of the options seem right to me.\nThe reference names both."
            item_reports.report_item(occasion, learner_id=learner_id, kind="key", text=text, form_id="", now=now)
            return item_reports.list_own(learner_id, now=now)[0].report.public_id

    def start(self, items: Sequence[Item], *, learner_id: int, assessment_slug: str = "language") -> str:
        """Start an attempt at just these items, in the name of an assessment. Gives its id."""
        with self.app.app_context():
            now = clock.now()
            attempt = an_attempt(
                id=uuid4().hex,
                learner_id=learner_id,
                assessment_slug=assessment_slug,
                form=tuple(Placement(item.id, item.version, item.body.arrange(Random(item.id))) for item in items),
                started_at=now,
                deadline=now + timedelta(minutes=15),
                events=(Event(seq=1, type="started", at=now, position=REVIEW, then=0),),
            )
            assert stored_attempts.add(attempt)
            return attempt.id

    def begin(self, assessment_slug: str, *, learner_id: int) -> str:
        """Start an attempt as its page would. Gives its id."""
        with self.app.app_context():
            return attempts.start_attempt(assessment_slug, learner_id=learner_id, now=clock.now()).id

    def practise(self, item: Item, *, learner_id: int) -> None:
        """Practise an item for the first time and leave its answer out."""
        with self.app.app_context():
            practice.submit_answer(item.version, learner_id=learner_id, seq=0, sent=[], seconds=1, now=clock.now())

    def saved_answers(self, attempt_id: str, *, learner_id: int) -> list[tuple[str, ...]]:
        """Every answer that the store has of an attempt, in the order it took them."""
        with self.app.app_context():
            events = stored_attempts.get(attempt_id, learner_id=learner_id).events
            return [event.answer for event in events if event.type == "answered"]

    def end_sessions(self, learner_id: int) -> None:
        """End every session of a person, as time does."""
        with self.app.app_context(), sql.writing() as session:
            session.execute(delete(SignIn).where(SignIn.user_id == learner_id))

    def forget_limits(self) -> None:
        """Forget who has done what how often lately: all journeys come from one address."""
        with self.app.app_context():
            for name in ("counters", "windows"):
                documents.collection(name).delete_many({})

    def run_out(self, attempt_id: str) -> None:
        """Set everything an attempt knows of time back by an hour, as if that had gone by."""
        self.pass_time(attempt_id, timedelta(hours=1))

    def pass_time(self, attempt_id: str, by: timedelta) -> None:
        """Set everything an attempt knows of time back, as if so much had gone by."""
        with self.app.app_context():
            _set_back(attempt_id, by)

    def wear_out(self, attempt_id: str) -> None:
        """Let an attempt have seen as many changes as one takes."""
        with self.app.app_context():
            stored = documents.collection("attempts")
            document = stored.find_one({"_id": attempt_id})
            assert document
            document["seq"] = document["events"][-1]["seq"] = MOST_CHANGES
            stored.replace_one({"_id": attempt_id}, document)

    def extend(self, attempt_id: str, *, learner_id: int, minutes: int, reason: str) -> None:
        """Give an open attempt more time."""
        with self.app.app_context():
            credit = Credit(uuid4().hex, clock.now(), timedelta(minutes=minutes), giver_id=None, reason=reason)
            assert stored_attempts.add_credit(stored_attempts.get(attempt_id, learner_id=learner_id), credit)


@contextmanager
def served(folder: Path, **more: str) -> Iterator[Site]:
    """The app, served from this folder with more settings by the project's launcher until the end of the block."""
    port = a_free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    settings = {"TRACKER_INSTANCE": str(folder / "instance"), "TRACKER_CHANGES_A_SECOND": "50", **more}
    command = (sys.executable, "-m", "tracker.launch", "serve", "--port", str(port))
    with (folder / "server.log").open("wb") as log:
        launcher = processes.start(command, folder=ROOT, environment=own | settings, output=log)
        try:
            is_settled = eventually(lambda: answers(port) or launcher.poll() is not None, seconds=START_SECONDS)
            assert is_settled, f"The launcher does not serve: {Path(log.name).read_text()}"
            assert launcher.poll() is None, f"The launcher stopped by itself: {Path(log.name).read_text()}"
            app = create_app(Config.from_environment(settings))
            yield Site(f"http://{HOST}:{port}", app, EmbeddedStore(folder / "instance" / "store"))
        finally:
            processes.stop(launcher)


def _set_back(attempt_id: str, by: timedelta) -> None:
    stored = documents.collection("attempts")
    document = stored.find_one({"_id": attempt_id})
    assert document
    for dated in (document, *document["events"]):
        for name in {"started_at", "deadline", "finished_at", "at"} & dated.keys():
            dated[name] = dated[name] and dated[name] - by
    stored.replace_one({"_id": attempt_id}, document)
