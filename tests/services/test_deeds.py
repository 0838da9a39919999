"""What is written down: every deed that others must be able to account for, by whom and to whom."""

import ast
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, PASSWORD, Cast
from tracker.assessment.assignment import Release
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.item_review import UNDER_REVIEW
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.config import ROOT
from tracker.errors import TrackerError
from tracker.services import (
    accommodations,
    accounts,
    agreements,
    assignments,
    attempts,
    cohort_settings,
    cohorts,
    credits,
    exports,
    item_reviews,
    join_requests,
    leads,
)
from tracker.services.deeds import DEEDS
from tracker.storage import accounts as stored_accounts
from tracker.storage import audit
from tracker.storage.audit import Wanted
from tracker.storage.question_bank import get_bank

NEW_PASSWORD = "another four words"


@dataclass(frozen=True)
class Scene:
    """Lena's cohort, which Ada is in and which Omar waits to be let in to; Ada has an attempt open."""

    cast: Cast
    cohort: str
    attempt: str
    session: str
    assignment: str
    export: str


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON).public_id
    token = cohorts.invite(cohort, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    set_up(cohort, cast, Joining.APPROVED)
    cohorts.join(token, user_id=cast.omar, now=NOON)
    return Scene(
        cast=cast,
        cohort=cohort,
        attempt=attempts.start_attempt("language", learner_id=cast.ada, now=NOON).id,
        session=accounts.open_session(cast.ada, now=NOON),
        assignment=assign(cohort, cast),
        export=exports.ask_for(cohort, ExportFormat.JSON, lead_id=cast.lena, now=NOON).export.public_id,
    )


def set_up(cohort: str, cast: Cast, joining: Joining) -> bool:
    return cohort_settings.change_settings(
        cohort, lead_id=cast.lena, name="Guild", sees=Sees.SCORES, joining=joining, now=NOON
    )


def assign(cohort: str, cast: Cast) -> str:
    return assignments.make_assignment(
        cohort,
        lead_id=cast.lena,
        assessment_slug="tools",
        opens_at=None,
        closes_at=NOON + timedelta(days=1),
        attempts_allowed=1,
        release=Release.NEVER,
        now=NOON,
    ).public_id


def give_time(scene: Scene, giver_id: int) -> object:
    return credits.give_credit(
        scene.attempt, giver_id=giver_id, length=timedelta(minutes=5), reason="Alarm.", credit_id="c", now=NOON
    )


def review(scene: Scene, author_id: int) -> object:
    author = accounts.as_person(stored_accounts.get_user(author_id))
    return item_reviews.decide(
        next(iter(get_bank().items)), UNDER_REVIEW, because="It got out.", author=author, now=NOON
    )


Do = Callable[[Scene, int], object]
DONE: dict[str, tuple[str, str, Do]] = {
    "session.opened": ("ada", "user:{ada}", lambda _scene, who: accounts.open_session(who, now=NOON)),
    "session.ended": ("ada", "user:{ada}", lambda scene, _who: accounts.sign_out(scene.session, now=NOON)),
    "password.changed": (
        "ada",
        "user:{ada}",
        lambda scene, who: accounts.change_password(
            who, token=scene.session, current=PASSWORD, new=NEW_PASSWORD, now=NOON
        ),
    ),
    "cohort.made": ("lena", "cohort:{new}", lambda _scene, who: cohorts.create_cohort("New", lead_id=who, now=NOON)),
    "cohort.changed": ("lena", "cohort:{cohort}", lambda scene, _who: set_up(scene.cohort, scene.cast, Joining.OPEN)),
    "cohort.archived": (
        "lena",
        "cohort:{cohort}",
        lambda scene, who: cohort_settings.archive(scene.cohort, lead_id=who, now=NOON),
    ),
    "cohort.restored": (
        "lena",
        "cohort:{cohort}",
        lambda scene, who: cohort_settings.restore(scene.cohort, lead_id=who, now=NOON),
    ),
    "lead.made": (
        "lena",
        "user:{ada}",
        lambda scene, who: leads.make_lead(scene.cohort, member_id=scene.cast.ada, lead_id=who, now=NOON),
    ),
    "member.let-in": (
        "lena",
        "user:{omar}",
        lambda scene, who: join_requests.let_in(scene.cohort, person_id=scene.cast.omar, lead_id=who, now=NOON),
    ),
    "member.refused": (
        "lena",
        "user:{omar}",
        lambda scene, who: join_requests.refuse(scene.cohort, person_id=scene.cast.omar, lead_id=who, now=NOON),
    ),
    "member.removed": (
        "lena",
        "user:{ada}",
        lambda scene, who: cohorts.remove_member(scene.cohort, member_id=scene.cast.ada, lead_id=who, now=NOON),
    ),
    "member.left": ("ada", "user:{ada}", lambda scene, who: cohorts.leave(scene.cohort, user_id=who, now=NOON)),
    "member.agreed": (
        "ada",
        "user:{ada}",
        lambda scene, who: agreements.agree(
            scene.cohort, member_id=who, agreed_to=Sees.SCORES, may_mentor=False, now=NOON
        ),
    ),
    "export.asked": (
        "lena",
        "cohort:{cohort}",
        lambda scene, who: exports.ask_for(scene.cohort, ExportFormat.CSV, lead_id=who, now=NOON),
    ),
    "export.downloaded": (
        "lena",
        "cohort:{cohort}",
        lambda scene, who: exports.open_file(scene.cohort, scene.export, lead_id=who, now=NOON),
    ),
    "export.deleted": (
        "lena",
        "cohort:{cohort}",
        lambda scene, who: exports.delete(scene.cohort, scene.export, lead_id=who, now=NOON),
    ),
    "assignment.made": ("lena", "assignment:{new}", lambda scene, _who: assign(scene.cohort, scene.cast)),
    "assignment.withdrawn": (
        "lena",
        "assignment:{assignment}",
        lambda scene, who: assignments.withdraw(scene.assignment, lead_id=who, now=NOON),
    ),
    "time.given": ("lena", "user:{ada}", give_time),
    "extra-time.set": ("ada", "user:{ada}", lambda _scene, who: accommodations.set_own(who, percent=50, now=NOON)),
    "item.flagged": ("vera", "item:{new}", review),
}

ANYBODYS = {"session.opened", "session.ended", "cohort.made", "password.changed", "extra-time.set"}
"""What anybody does for themselves."""


def written() -> list[tuple[str, int | None, str]]:
    """What is written down, newest first."""
    events = audit.list_events(Wanted(), before=None, most=100)
    return [(event.action, event.actor_id, event.subject) for event in events]


@pytest.mark.parametrize("action", sorted(DONE))
def test_a_deed_is_written_down_once_with_who_did_it_to_whom(scene: Scene, action: str) -> None:
    who, subject, do = DONE[action]
    before = written()

    do(scene, getattr(scene.cast, who))

    [(found, actor_id, to), *rest] = written()
    assert (found, actor_id, rest) == (action, getattr(scene.cast, who), before)
    names = {"ada": scene.cast.ada, "omar": scene.cast.omar, "cohort": scene.cohort, "assignment": scene.assignment}
    assert to.startswith(subject.partition("{new}")[0].format(**names))


@pytest.mark.parametrize("action", sorted(set(DONE) - ANYBODYS))
def test_what_an_outsider_tries_in_vain_is_not_written_down_as_done(scene: Scene, action: str) -> None:
    before = written()

    with suppress(TrackerError):
        DONE[action][2](scene, scene.cast.omar)

    assert [event for event in written() if event not in before and event[1] == scene.cast.omar] == []


def test_doing_again_what_changes_nothing_is_not_written_down_again(scene: Scene) -> None:
    for action in ("time.given", "session.ended", "member.removed"):
        for _ in range(2):
            DONE[action][2](scene, scene.cast.lena)

    actions = [action for action, _, _ in written()]
    assert [actions.count(action) for action in ("time.given", "session.ended", "member.removed")] == [1, 1, 1]


def test_answers_are_not_written_down(scene: Scene) -> None:
    before = written()
    take("tools", learner_id=scene.cast.ada, now=NOON)
    assert written() == before


def test_admins_can_read_what_each_kind_of_deed_is() -> None:
    used = set()
    for file in (ROOT / "tracker").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record") and node.args:
                used |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    actions = {action for action in used if isinstance(action, str) and "." in action}
    assert actions <= set(DEEDS)
