"""Lena's cohort on the small bank, whose members answer what a test says, and what was told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from tests.builders import an_attempt_at
from tests.conftest import NOON, Cast
from tests.services.guild import Guild
from tracker.assessment.assignment import AssignedTerms
from tracker.assessment.group_figures import GroupFigures, Telling
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer
from tracker.assessment.response import Response
from tracker.assessment.sees import Sees
from tracker.services import cohorts, group_telling, profiles
from tracker.storage import attempts, group_figures
from tracker.storage.question_bank import get_bank

SINGLE, NUMBER = "language/syntax/single", "language/syntax/number"
COPIES = "repetition-copies"
COPIED, RIGHT, WRONG = ("a",), ("b",), ("c",)
"""Answers to the single choice: the misconception, the key, another distractor."""


def item(item_id: str = SINGLE) -> Item:
    return get_bank().items[item_id]


def answer(
    learner_id: int,
    *answers: Answer,
    at: datetime = NOON,
    items: Sequence[Item] = (),
    assignment: AssignedTerms | None = None,
) -> None:
    """Let somebody finish an attempt with these answers, to the single choice alone unless told."""
    asked = items or [item()]
    responses = tuple(_response(one, given) for one, given in zip(asked, answers, strict=True))
    attempt = an_attempt_at(*asked, id=uuid4().hex, learner_id=learner_id, started_at=at, assessment_slug=uuid4().hex)
    assert attempts.add(replace(attempt, finished_at=at, responses=responses, assignment=assignment))
    profiles.update_profile(learner_id)


def answer_all(
    learner_ids: Iterable[int], given: Answer, *, at: datetime = NOON, assignment: AssignedTerms | None = None
) -> None:
    """Let each finish an attempt with this answer to the single choice."""
    for learner_id in learner_ids:
        answer(learner_id, given, at=at, assignment=assignment)


def tell(guild: Guild, *, now: datetime = NOON) -> GroupFigures:
    """Make the figures. Gives what a page shows of them."""
    cohort_id = id_of(guild)
    group_telling.renew(cohort_id, now=now)
    figures = group_figures.find(cohort_id)
    assert figures
    return figures


def told(*guilds: Guild) -> list[Telling]:
    """All that was ever told of these cohorts."""
    return group_figures.list_tellings([id_of(guild) for guild in guilds])


def id_of(guild: Guild) -> int:
    """The id that the figures are kept by."""
    return cohorts.get_led(guild.id, lead_id=guild.lead_id).id


def another_guild(cast: Cast, *, members: Iterable[int], sees: Sees = Sees.LEVELS, lead_id: int | None = None) -> Guild:
    """One more cohort, Lena's unless told, of people who have accounts already."""
    guild = Guild(cast, members=0, sees=sees, lead_id=lead_id)
    token = cohorts.invite(guild.id, lead_id=guild.lead_id, now=NOON)
    for member_id in members:
        cohorts.join(token, user_id=member_id, now=NOON, agreed_to=sees)
    return guild


def _response(one: Item, given: Answer) -> Response:
    return Response(
        item_id=one.id,
        item_version=one.version,
        topic_id=one.topic_id,
        answer=given,
        mark=one.body.mark(given),
        seconds=20.0,
        difficulty=one.difficulty,
        guessing=one.body.guessing,
    )
