"""Values for tests, every field filled; a test names only what it is about."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.conftest import NOON
from tracker.assessment.assembly import Placement, draw_form
from tracker.assessment.attempt import REVIEW, Attempt, Event
from tracker.assessment.item import Item, Source
from tracker.assessment.item_types import (
    Answer,
    Miss,
    MultipleResponse,
    NumberAnswer,
    Option,
    SingleChoice,
    TextAnswer,
)
from tracker.assessment.marking import mark_attempt
from tracker.assessment.response import Response
from tracker.services import attempts
from tracker.storage.question_bank import get_bank


def an_option(option_id: str, **fields: Any) -> Option:
    """An option that is not the key."""
    option = Option(id=option_id, token=f"token-{option_id}", text=option_id, note=f"Why {option_id}.", is_key=False)
    return replace(option, **fields)


def options(option_ids: str, *, keys: str) -> tuple[Option, ...]:
    """One option a letter; those in `keys` are right."""
    return tuple(an_option(option_id, is_key=option_id in keys) for option_id in option_ids)


def a_single(option_ids: str = "abcd", *, key: str = "b") -> SingleChoice:
    """A single choice whose options are letters."""
    return SingleChoice(options(option_ids, keys=key))


def a_multiple(option_ids: str = "abcde", *, keys: str = "ac") -> MultipleResponse:
    """A multiple response whose options are letters."""
    return MultipleResponse(options(option_ids, keys=keys))


def a_number(answer: float = 42.0, **fields: Any) -> NumberAnswer:
    """A number to type, without tolerance."""
    return replace(NumberAnswer(answer=answer, tolerance=0.0, unit="", misses=()), **fields)


def a_text(*accepted: str, **fields: Any) -> TextAnswer:
    """A text to type, in any case of letters."""
    return replace(TextAnswer(accepted=accepted, case_sensitive=False, misses=()), **fields)


def a_miss(answer: str, **fields: Any) -> Miss:
    """A foreseen wrong answer."""
    return replace(Miss(answer=answer, note=f"Why not {answer}."), **fields)


def an_item(item_id: str = "language/syntax/slices", **fields: Any) -> Item:
    """An item of middling difficulty: a single choice of a to d, b is right."""
    item = Item(
        id=item_id,
        version=f"version of {item_id}",
        difficulty=3,
        stem="<p>What is it?</p>",
        explanation="<p>It is b.</p>",
        source=Source(title="The reference", url="https://docs.python.org/3/", version="3.13"),
        body=a_single(),
        proof_kind="cited",
    )
    return replace(item, **fields)


def a_place(item: Item) -> Placement:
    """A place of a form that shows the options in their own order."""
    return Placement(item.id, item.version, tuple(option.id for option in item.body.options))


def an_attempt_at(*items: Item, **fields: Any) -> Attempt:
    """An attempt of 15 minutes at just these items by learner 1, started at noon; needs no app."""
    attempt = Attempt(
        id="a" * 32,
        learner_id=1,
        assessment_slug="language",
        assessment_name="Programming Language",
        form=tuple(a_place(item) for item in items),
        seed=1,
        started_at=NOON,
        time_limit=timedelta(minutes=15),
        deadline=NOON + timedelta(minutes=15),
        events=(Event(seq=1, type="started", at=NOON, position=REVIEW, then=0),),
        finished_at=None,
        responses=(),
    )
    return replace(attempt, **fields)


def answered(attempt: Attempt, position: int, given: Answer, *, then: int, at: datetime = NOON) -> Attempt:
    """The attempt with one more answer in its events; needs no app."""
    event = Event(seq=attempt.seq + 1, type="answered", at=at, position=position, then=then, answer=given)
    return replace(attempt, events=(*attempt.events, event))


def an_attempt(**fields: Any) -> Attempt:
    """An attempt at the language quiz by learner 1, started at noon; drawn from the real bank."""
    bank = get_bank()
    assessment = bank.assessment("language")
    form = draw_form(assessment, roadmap=bank.roadmap, items_by_topic=bank.items_by_topic, seen=(), seed=1)
    attempt = an_attempt_at(form=form, assessment_name=assessment.name, time_limit=assessment.time_limit)
    return replace(attempt, **{"deadline": NOON + assessment.time_limit, **fields})


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


def take(slug: str, *, learner_id: int, now: datetime, wrong: Collection[int] = ()) -> Attempt:
    """Take a whole quiz through the services within one moment; the places in `wrong` are answered wrongly."""
    attempt = attempts.start_attempt(slug, learner_id=learner_id, now=now)
    for position in range(len(attempt.form)):
        item = item_at(attempt, position)
        attempt = answer(attempt, wrong_answer(item) if position in wrong else right_answer(item))
    return attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=now)


def marked(attempt: Attempt) -> tuple[Response, ...]:
    """The responses that finishing this attempt now would give."""
    return mark_attempt(attempt, get_bank().items_by_version, ran_out=False)
