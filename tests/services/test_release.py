"""What an assigned attempt keeps back until it is released: the keys, and what tells them; never the scores."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import a_place, an_attempt, answer, item_at, some_terms, take, wrong_answer
from tests.conftest import NOON, Cast
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.practice_scope import topic_scope_slug
from tracker.errors import Conflict
from tracker.services import attempts, bank, items, next_steps, practice, radar, results
from tracker.services.results import Result
from tracker.storage import attempts as stored_attempts

DAY = timedelta(days=1)
CLOSES = some_terms().closes_at
BEFORE, AFTER = CLOSES, CLOSES + timedelta(minutes=1)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's assigned attempt at the tools quiz, finished with every answer wrong, released after the deadline."""
    return take_assigned(cast.ada)


def take_assigned(learner_id: int, release: Release = Release.AFTER_DEADLINE) -> Attempt:
    """Take the tools quiz under an assignment, every answer wrong."""
    started = attempts.try_to_start(
        bank.get_assessment("tools"), learner_id=learner_id, now=NOON, terms=some_terms(release=release)
    )
    assert started
    attempt = started
    while attempt.position != REVIEW:
        attempt = answer(attempt, wrong_answer(item_at(attempt, attempt.position)))
    return attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=NOON)


def result_of(attempt: Attempt, now: datetime) -> Result:
    found = results.get_result(attempt.id, learner_id=attempt.learner_id, now=now)
    assert found
    return found


def is_told(result: Result) -> bool:
    """Whether every item is explained; otherwise none is, in any of its parts."""
    told = [one.explanation is not None for one in result.items]
    assert [one.is_held for one in result.items] == [not one for one in told]
    assert [one.mark is not None for one in result.items] == told
    assert all(told) or not any(told)
    return all(told)


def test_scores_are_shown_at_once_and_the_items_after_the_deadline(attempt: Attempt) -> None:
    before, after = result_of(attempt, BEFORE), result_of(attempt, AFTER)

    assert (before.is_released, is_told(before)) == (False, False)
    assert (after.is_released, is_told(after)) == (True, True)
    assert [one.score for one in before.areas] == [one.score for one in after.areas]
    assert before.areas[0].score.is_enough
    assert (before.told, before.areas[0].told) == ((), 0)


@pytest.mark.parametrize(("release", "told"), [(Release.AT_ONCE, True), (Release.NEVER, False)])
def test_at_once_and_never_do_not_wait_for_the_deadline(cast: Cast, release: Release, told: bool) -> None:
    attempt = take_assigned(cast.ada, release)

    assert [is_told(result_of(attempt, now)) for now in (NOON, AFTER, AFTER + 999 * DAY)] == [told] * 3


def test_practice_neither_asks_nor_explains_what_is_not_released(attempt: Attempt, cast: Cast) -> None:
    asked = {place.item_id for place in attempt.form}
    due_at = NOON + DAY
    held_for_ever = take_assigned(cast.omar, Release.NEVER)

    assert practice.get_overview(cast.ada, now=BEFORE, zone="UTC").due == 0
    assert practice.count_due(cast.ada, now=due_at, zone="UTC") == len(asked)
    assert practice.count_due(cast.omar, now=due_at, zone="UTC") == 0
    for place in held_for_ever.form:
        turn = practice.get_turn(
            topic_scope_slug(place.item_id.rpartition("/")[0]), learner_id=cast.omar, now=due_at, zone="UTC"
        )
        assert turn.item is None or served_id(turn.item.version) not in {one.item_id for one in held_for_ever.form}
        assert turn.held == 0


def served_id(version: str) -> str:
    item = items.find_item(version)
    assert item
    return item.id


def test_practice_refuses_to_take_or_explain_an_answer_to_what_is_not_released(cast: Cast) -> None:
    turn = practice.get_turn("topic-tools-git", learner_id=cast.ada, now=NOON, zone="UTC")
    assert turn.item
    item = items.find_item(turn.item.version)
    assert item
    practice.submit_answer(item.version, learner_id=cast.ada, seq=0, sent=[], seconds=1, now=NOON)
    stored_attempts.add(an_attempt(learner_id=cast.ada, form=(a_place(item),), assignment=some_terms()))

    with pytest.raises(Conflict, match="does not show its answers yet"):
        practice.submit_answer(item.version, learner_id=cast.ada, seq=1, sent=[], seconds=1, now=BEFORE)
    with pytest.raises(Conflict, match="does not show its answers yet"):
        practice.get_explained("topic-tools-git", item.version, 1, learner_id=cast.ada, now=BEFORE)

    attempts.sweep(AFTER)
    assert practice.get_explained("topic-tools-git", item.version, 1, learner_id=cast.ada, now=AFTER)


def test_another_result_holds_what_an_unreleased_attempt_asked_too(attempt: Attempt, cast: Cast) -> None:
    other = an_attempt(learner_id=cast.ada)
    own = replace(other, form=(*attempt.form[:2], *other.form[:2]))
    stored_attempts.add(own)
    own = attempts.finish_attempt(own.id, learner_id=cast.ada, seq=own.seq, now=NOON)

    before, after = result_of(own, BEFORE), result_of(own, AFTER)

    assert before.is_released
    assert [one.is_held for one in before.items] == [True, True, False, False]
    assert is_told(after)
    assert [len(one.told) for one in (before, after)] == [2, 4]


def test_no_count_of_right_answers_tells_of_what_is_not_released(attempt: Attempt, cast: Cast) -> None:
    topic_id = attempt.form[0].item_id.rpartition("/")[0]
    area_slug, topic_slug = topic_id.split("/")
    in_topic = sum(place.item_id.startswith(f"{topic_id}/") for place in attempt.form)

    told = []
    for now in (BEFORE, AFTER):
        topic = radar.get_topic_view(area_slug, topic_slug, learner_id=cast.ada, now=now)
        area = radar.get_area_view(area_slug, learner_id=cast.ada, now=now)
        skill = next(one for one in area.topics if one.topic.id == topic_id)
        assert (topic.skill.right, topic.skill.told) == (skill.right, skill.told)
        told.append((topic.answers[0].right, skill.right, skill.told, skill.responses))

    assert told == [(None, 0, 0, in_topic), (0, 0, in_topic, in_topic)]


def test_no_count_of_right_answers_tells_of_what_an_open_attempt_asks(cast: Cast) -> None:
    own = take("tools", learner_id=cast.ada, now=NOON, wrong=[0])
    area_slug, topic_slug, _ = own.form[0].item_id.split("/")
    topic_id = f"{area_slug}/{topic_slug}"
    in_topic = sum(place.item_id.startswith(f"{topic_id}/") for place in own.form)
    other = replace(an_attempt(learner_id=cast.ada), form=own.form[:1])
    stored_attempts.add(other)

    told = []
    for now in (NOON, AFTER):
        attempts.sweep(now)
        result = result_of(own, now)
        topic = radar.get_topic_view(area_slug, topic_slug, learner_id=cast.ada, now=now)
        area = radar.get_area_view(area_slug, learner_id=cast.ada, now=now)
        skill = next(one for one in area.topics if one.topic.id == topic_id)
        assert (topic.skill.right, topic.skill.told) == (skill.right, skill.told)
        assert (result.right, len(result.told)) == (result.areas[0].right, result.areas[0].told)
        told.append((result.right, len(result.told), skill.right, skill.told, topic.answers[-1].right))

    assert told == [
        (11, 11, in_topic - 1, in_topic - 1, None),
        (11, 12, in_topic - 1, in_topic + 1, in_topic - 1),  # the other attempt left it out
    ]


def test_next_steps_know_which_evidence_they_may_not_show(attempt: Attempt, cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)

    asked = {place.item_id for place in attempt.form}
    assert next_steps.get_steps(cast.ada, now=BEFORE).held == asked
    assert next_steps.get_steps(cast.ada, now=BEFORE).held == asked  # as stored, too
    assert next_steps.get_steps(cast.ada, now=AFTER).held == frozenset()


def test_what_changed_says_nothing_of_what_is_not_released(attempt: Attempt, cast: Cast) -> None:
    own = take("tools", learner_id=cast.ada, now=NOON + timedelta(minutes=1))

    assert result_of(own, BEFORE).changes == ()
    assert result_of(own, AFTER).changes != ()
