"""Values for tests, every field filled; a test names only what it is about."""

from dataclasses import replace
from typing import Any

from tests.conftest import NOON
from tracker.assessment.assembly import draw_form
from tracker.assessment.attempt import REVIEW, Attempt, Event
from tracker.assessment.item import Item
from tracker.assessment.item_types import NumberAnswer, TextAnswer
from tracker.services import attempts
from tracker.storage.question_bank import get_bank


def an_attempt(**fields: Any) -> Attempt:
    """An attempt at the language quiz by learner 1, started at noon; drawn from the real bank."""
    bank = get_bank()
    assessment = bank.assessment("language")
    form = draw_form(assessment, roadmap=bank.roadmap, items_by_topic=bank.items_by_topic, seen=(), seed=1)
    attempt = Attempt(
        id="a" * 32,
        learner_id=1,
        assessment_slug="language",
        assessment_name=assessment.name,
        form=form,
        seed=1,
        started_at=NOON,
        time_limit=assessment.time_limit,
        deadline=NOON + assessment.time_limit,
        events=(Event(seq=1, type="started", at=NOON, position=REVIEW, then=0),),
        finished_at=None,
        responses=(),
    )
    return replace(attempt, **fields)


def item_at(attempt: Attempt, position: int) -> Item:
    """The item at a place of the form."""
    return get_bank().items[attempt.form[position].item_id]


def right_answer(item: Item) -> list[str]:
    """What a form sends for a fully right answer."""
    if isinstance(item.body, NumberAnswer | TextAnswer):
        return [item.body.accepted[0]]
    return [option.token for option in item.body.options if option.is_key]


def wrong_answer(item: Item) -> list[str]:
    """What a form sends for a wrong answer."""
    if isinstance(item.body, NumberAnswer | TextAnswer):
        return [item.body.misses[0].answer] if item.body.misses else ["987654321"]
    return [option.token for option in item.body.options if not option.is_key][:1]


def answer(attempt: Attempt, sent: list[str] | None = None, **fields: Any) -> Attempt:
    """Answer the attempt's place through the service, rightly unless told, and go to the next place."""
    position = fields.pop("position", attempt.position)
    following = position + 1 if position + 1 < len(attempt.form) else REVIEW
    parameters: dict[str, Any] = {
        "learner_id": attempt.learner_id,
        "seq": attempt.seq,
        "position": position,
        "item_version": attempt.form[position].item_version,
        "sent": right_answer(item_at(attempt, position)) if sent is None else sent,
        "then": following,
        "arrived_at": attempt.events[-1].at,
    }
    return attempts.submit_response(attempt.id, **{**parameters, **fields})
