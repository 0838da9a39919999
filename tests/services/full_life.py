"""Somebody of whom every table and every collection holds something, wherever a text can stand a canary in it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from tests.builders import a_card, a_late_answer, a_practice_answer, a_trend_point, an_attempt_at, answered
from tests.conftest import NOON, PASSWORD_HASH
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.group_figures import GroupFigures, Telling, Told
from tracker.assessment.item import Item
from tracker.assessment.item_review import UNDER_REVIEW, Decision
from tracker.assessment.response import Response
from tracker.assessment.sees import Sees
from tracker.assessment.time_ledger import Credit
from tracker.services import audit, cohorts, profiles
from tracker.storage import (
    accounts,
    attempts,
    exports,
    group_figures,
    item_reviews,
    late_answers,
    mails,
    misses,
    next_steps,
    personal_documents,
    post,
    practice,
    sql,
)
from tracker.storage.cohort_tables import (
    AssignedLearner,
    Assignment,
    Cohort,
    Export,
    Invitation,
    JoinRequest,
    Look,
    Membership,
    Note,
    Role,
)
from tracker.storage.identity_tables import (
    ApiToken,
    Identity,
    PendingSignUp,
    RecoveryCode,
    SecondFactor,
    Ticket,
)
from tracker.storage.mails import Letter
from tracker.storage.next_steps import StoredSteps
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import Accommodation, ItemReport, SignIn

CANARY = "Kanarienvogel"
"""In every text of theirs; nowhere else."""

NAME = f"Zoe {CANARY}"
EMAIL = f"zoe.{CANARY.casefold()}@example.org"


@dataclass(frozen=True)
class Life:
    """Who it is; the cohorts that they lead with others, are in, and lead alone; their attempts."""

    id: int
    led: Cohort
    joined: Cohort
    own: Cohort
    finished_id: str
    open_id: str
    helped_id: str
    """The attempt of somebody else to which they gave time."""


def live(*, friend_id: int, learner_id: int) -> Life:
    """Let somebody live here who leads with a friend and is in a cohort of theirs, as they lead one of the learner."""
    user = accounts.add_user(email=EMAIL, name=NAME, zone="UTC", password_hash=PASSWORD_HASH, is_admin=False, now=NOON)
    accounts.set_author(user.id)
    led = _cohort("Led together", user.id)
    joined = _cohort("Joined", friend_id)
    own = _cohort("Alone", user.id)
    _add_places(user.id, led=led, joined=joined, friend_id=friend_id, learner_id=learner_id)
    _add_rows(user.id, joined=joined, friend_id=friend_id)
    _make_export(joined, friend_id, user.id)
    _write_mails(joined)
    misses.count_try(EMAIL, pauses=[timedelta(0)], forgotten_before=NOON, now=NOON + timedelta(seconds=1))
    audit.record("test.lived", actor_id=user.id, subject=f"user:{user.id}", now=NOON, note=CANARY)
    finished, still_open, helped = _attempts(user.id, learner_id)
    _add_documents(user.id, joined.id, finished)
    return Life(user.id, led, joined, own, finished, still_open, helped)


def typed_item() -> Item:
    """An item that is answered with a text, in which a canary can stand."""
    return next(item for item in get_bank().items_by_version.values() if item.body.name == "text")


def _cohort(name: str, lead_id: int) -> Cohort:
    return cohorts.create_cohort(name, lead_id=lead_id, now=NOON, sees=Sees.ANSWERS)


def _add_places(user_id: int, *, led: Cohort, joined: Cohort, friend_id: int, learner_id: int) -> None:
    with sql.writing() as session:
        for cohort, who, role in (
            (led, friend_id, Role.LEAD),
            (led, learner_id, Role.MEMBER),
            (joined, user_id, Role.MEMBER),
            (joined, learner_id, Role.MEMBER),
        ):
            session.add(Membership(cohort_id=cohort.id, user_id=who, role=role, agreed_to=Sees.ANSWERS, joined_at=NOON))
        waiting = Cohort(public_id=uuid4().hex, name="Waiting", created_at=NOON)
        session.add(waiting)
        session.flush()
        session.add(Membership(cohort_id=waiting.id, user_id=friend_id, role=Role.LEAD, joined_at=NOON))
        session.add(JoinRequest(cohort_id=waiting.id, user_id=user_id, agreed_to=Sees.LEVELS, asked_at=NOON))


def _add_rows(user_id: int, *, joined: Cohort, friend_id: int) -> None:
    """A row in each table that needs no more than that."""
    assignment = Assignment(
        public_id=uuid4().hex,
        cohort_id=joined.id,
        assessment_slug="tools",
        is_for_all=False,
        opens_at=NOON,
        closes_at=NOON + timedelta(days=1),
        attempts_allowed=1,
        release=Release.NEVER,
        made_by=user_id,
        created_at=NOON,
    )
    token = {"made_at": NOON, "expires_at": NOON + timedelta(days=1)}
    with sql.writing() as session:
        session.add(assignment)
        session.flush()
        session.add_all(
            [
                SignIn(
                    token_hash=uuid4().hex,
                    public_id=uuid4().hex,
                    user_id=user_id,
                    started_at=NOON,
                    seen_at=NOON,
                    address="192.0.2.77",
                    browser=CANARY,
                ),
                Accommodation(user_id=user_id, percent=25, set_by=friend_id, reason=CANARY, at=NOON),
                Accommodation(user_id=friend_id, percent=25, set_by=user_id, reason="Agreed.", at=NOON),
                _report(user_id, text=CANARY),
                _report(friend_id, replied_by=NAME, reply="Mended.", replied_at=NOON),
                _invitation(joined, friend_id, address=EMAIL),
                _invitation(joined, user_id, address="somebody@example.org"),
                AssignedLearner(assignment_id=assignment.id, user_id=user_id),
                _note(joined, about=user_id, by=friend_id, text=CANARY),
                _note(joined, about=friend_id, by=user_id, text="Asks well."),
                Look(cohort_id=joined.id, user_id=user_id, looker_id=friend_id, what="page", at=NOON),
                Look(cohort_id=joined.id, user_id=friend_id, looker_id=user_id, what="page", at=NOON),
                Export(
                    public_id=uuid4().hex,
                    cohort_id=joined.id,
                    asked_by=user_id,
                    format=ExportFormat.CSV,
                    asked_at=NOON,
                ),
                PendingSignUp(token_hash=uuid4().hex, email=EMAIL, **token),
                Ticket(token_hash=uuid4().hex, purpose="verify", user_id=user_id, **token),
                Identity(user_id=user_id, issuer="https://id.example.org", subject=CANARY, linked_at=NOON),
                SecondFactor(user_id=user_id, sealed_secret=CANARY, made_at=NOON, confirmed_at=NOON, last_step=1),
                RecoveryCode(user_id=user_id, code_hash=CANARY),
                ApiToken(
                    public_id=uuid4().hex,
                    user_id=user_id,
                    token_hash=uuid4().hex,
                    hint="sk",
                    name=CANARY,
                    scopes="profile:read",
                    **token,
                ),
            ]
        )


def _report(user_id: int, *, text: str = "A letter is missing.", **fields: object) -> ItemReport:
    return ItemReport(
        public_id=uuid4().hex,
        user_id=user_id,
        item_id="language/syntax/slices",
        item_version="v1",
        answer=[text],
        kind="typo",
        text=text,
        at=NOON,
        **fields,
    )


def _invitation(cohort: Cohort, lead_id: int, *, address: str) -> Invitation:
    return Invitation(
        public_id=uuid4().hex,
        cohort_id=cohort.id,
        created_by=lead_id,
        token_hash=uuid4().hex,
        address=address,
        created_at=NOON,
        expires_at=NOON + timedelta(days=7),
    )


def _note(cohort: Cohort, *, about: int, by: int, text: str) -> Note:
    return Note(public_id=uuid4().hex, cohort_id=cohort.id, user_id=about, author_id=by, text=text, at=NOON)


def _make_export(cohort: Cohort, lead_id: int, member_id: int) -> None:
    """A file with their name in it, which a lead has asked for."""
    asked = exports.add(cohort_id=cohort.id, asked_by=lead_id, format=ExportFormat.JSON, now=NOON)
    begun = exports.begin(asked.id, now=NOON, silent_for=timedelta())
    assert begun
    exports.finish(begun, NAME.encode(), member_ids=[member_id], now=NOON)


def _write_mails(cohort: Cohort) -> None:
    """One to them, one to somebody else that says their name; both are in the outbox, too."""
    letters = [
        Letter("to them", EMAIL, "Hello", f"Hello {NAME}", due_at=NOON),
        Letter("invitation/1", "ben@example.org", "An invitation", f"{NAME} invites you", NOON, cohort_id=cohort.id),
        Letter("of others", "ben@example.org", "Hello", "Hello Ben", due_at=NOON),
    ]
    with sql.writing():
        mails.add(letters, now=NOON)
    with post.opened() as send:
        for mail in mails.list_due(now=NOON, most_tries=1, most=10):
            send(mail, NOON)


def _attempts(user_id: int, learner_id: int) -> tuple[str, str, str]:
    """One that is over, one that is open, and one of somebody else that has got time from them."""
    item = typed_item()
    over = replace(_attempt(item, learner_id=user_id), assessment_slug="tools")
    given = Response(item.id, item.version, item.topic_id, (CANARY,), 0.0, 9.0, item.difficulty, item.body.guessing)
    over = answered(over, 0, (CANARY,), then=REVIEW)
    over = replace(over, finished_at=NOON + timedelta(minutes=1), responses=(given,))
    still_open = answered(_attempt(item, learner_id=user_id), 0, (CANARY,), then=REVIEW)
    credit = Credit(uuid4().hex, NOON, timedelta(minutes=5), giver_id=user_id, reason="The alarm rang.")
    helped = _attempt(item, learner_id=learner_id).credited(credit)
    for attempt in (over, still_open, helped):
        assert attempts.add(attempt)
    return over.id, still_open.id, helped.id


def _attempt(item: Item, *, learner_id: int) -> Attempt:
    return an_attempt_at(item, id=uuid4().hex, learner_id=learner_id)


def _add_documents(user_id: int, cohort_id: int, finished_id: str) -> None:
    item = typed_item()
    late_answers.add(a_late_answer(answer=(CANARY,)), attempt_id=finished_id, learner_id=user_id)
    card = a_card(item, learner_id=user_id)
    practice.append_answer(replace(card, seq=1), a_practice_answer(item.version, answer=(CANARY,)))
    profiles.update_profile(user_id)
    next_steps.add(
        StoredSteps(uuid4().hex, user_id, NOON, (finished_id,), 1, 1, "hash", [{"rule": CANARY, "evidence": None}])
    )
    mine = frozenset({(user_id, 7), (1001, 7), (1002, 7), (1003, 7), (1004, 7)})
    telling = Telling("trend/language", (mine,), ("level",), frozenset({(user_id, 8)}))
    group_figures.add_tellings(
        cohort_id, [Told("trend/language/2026-10", telling, frozenset({(user_id, 9)}), a_trend_point())]
    )
    learners = frozenset(learner_id for learner_id, _ in mine)
    group_figures.put(cohort_id, GroupFigures(NOON, learners, (), {}, {}, 0), {"language": []})
    decision = Decision(UNDER_REVIEW, by=NAME, at=NOON, because="It may have got out.")
    item_reviews.add_decision(item.version, decision, item_id=item.id)


def count_documents(learner_id: int) -> int:
    """How many documents are a learner's own."""
    return sum(1 for kept in PERSONAL_COLLECTIONS for _ in personal_documents.iterate_of(kept, learner_id))
