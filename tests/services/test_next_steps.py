"""Next steps: stored when first shown, shown as stored, and the same when made again."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.family import split_version
from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.scoring.profile import REVISION
from tracker.services import bank, next_steps, profiles
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, item_parameters
from tracker.storage import next_steps as store
from tracker.storage.question_bank import get_bank

DAY = timedelta(days=1)


def stored() -> list[object]:
    return list(documents.collection("next_steps").find().sort("_id"))


def test_who_never_answered_starts_and_nothing_is_stored(cast: Cast) -> None:
    shown = next_steps.get_steps(cast.ada, now=NOON)

    assert [step.rule for step in shown.steps] == ["start-1"]
    assert stored() == []


def test_steps_are_stored_when_they_are_first_shown_and_looking_again_stores_nothing(cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON, wrong=range(6))
    assert stored() == []

    first = next_steps.get_steps(cast.ada, now=NOON)
    kept = stored()
    again = next_steps.get_steps(cast.ada, now=NOON + DAY)

    assert again == first
    assert len(kept) == 1
    assert stored() == kept
    assert (first.made_at, first.attempts, first.model, first.parameters) == (NOON, (attempt.id,), REVISION, 0)


def test_steps_of_one_person_are_not_anothers(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    next_steps.get_steps(cast.ada, now=NOON)

    assert next_steps.list_shown(cast.omar) == []
    assert [step.rule for step in next_steps.get_steps(cast.omar, now=NOON).steps] == ["start-1"]


def test_a_new_answer_new_parameters_and_a_month_each_make_new_steps(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON, wrong=range(6))
    moments = [NOON, NOON + DAY, NOON + 2 * DAY, NOON + 33 * DAY]
    next_steps.get_steps(cast.ada, now=moments[0])
    take("tools", learner_id=cast.ada, now=moments[1])
    next_steps.get_steps(cast.ada, now=moments[1])
    item_parameters.add(ParameterSet(revision=1, made_at=NOON))
    profiles.repair_profiles()
    next_steps.get_steps(cast.ada, now=moments[2])
    next_steps.get_steps(cast.ada, now=moments[3])

    shown = next_steps.list_shown(cast.ada)

    assert [one.made_at for one in shown] == moments[::-1]
    assert [one.parameters for one in shown] == [1, 1, 0, 0]
    assert [len(one.attempts) for one in shown] == [2, 2, 2, 1]


def test_two_pages_opened_at_once_store_one_document(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    next_steps.get_steps(cast.ada, now=NOON)
    (first,) = store.list_of(cast.ada)

    store.add(replace(first, made_at=NOON + timedelta(seconds=1)))

    assert store.list_of(cast.ada) == [first]


def test_steps_are_the_same_when_made_again_much_later_with_other_parameters_and_more_answers(cast: Cast) -> None:
    attempt = take("placement", learner_id=cast.ada, now=NOON, wrong=range(0, 25, 2))
    next_steps.get_steps(cast.ada, now=NOON + 3 * DAY)
    estimates = {
        split_version(place.item_version)[0]: Estimate(a=2.0, b=1.5, a_error=0.1, b_error=0.1, responses=300)
        for place in attempt.form
    }
    item_parameters.add(ParameterSet(revision=1, made_at=NOON, estimates=estimates, area_walk=0.4))
    profiles.repair_profiles()
    next_steps.get_steps(cast.ada, now=NOON + 4 * DAY)
    take("tools", learner_id=cast.ada, now=NOON + 5 * DAY)
    next_steps.get_steps(cast.ada, now=NOON + 50 * DAY)
    before = (everything(), stored())

    replays = next_steps.replay(cast.ada)

    assert [one.differences for one in replays] == [(), (), ()]
    assert [one.shown.parameters for one in replays] == [1, 1, 0]
    assert (everything(), stored()) == before


def test_a_replay_says_what_is_no_longer_as_it_was(cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON, wrong=range(6))
    next_steps.get_steps(cast.ada, now=NOON)
    documents.collection("next_steps").update_one({}, {"$set": {"model": REVISION - 1, "roadmap": "another"}})
    documents.collection("attempts").delete_one({"_id": attempt.id})

    (one,) = next_steps.replay(cast.ada)

    assert one.differences[:2] == ("attempts: 1 then, 0 now", f"scoring model: {REVISION - 1} then, {REVISION} now")
    assert one.differences[2].startswith("roadmap: another then, ")
    assert "step 1, rule: " in one.differences[3]


@pytest.mark.parametrize("seed", range(6))
def test_every_record_that_a_stored_step_cites_exists(cast: Cast, seed: int) -> None:
    random = Random(seed)
    slugs = random.choices([one.slug for one in bank.list_assessments()], k=random.randint(1, 3))
    for number, slug in enumerate(slugs):
        skill = random.random()
        wrong = [place for place in range(25) if random.random() > skill]
        take(slug, learner_id=cast.ada, now=NOON + number * DAY, wrong=wrong)
        next_steps.get_steps(cast.ada, now=NOON + (number + random.choice([0, 0.5])) * DAY)

    shown = next_steps.list_shown(cast.ada)

    finished = {one.attempt_id: one for one in stored_attempts.list_marked(cast.ada)}
    roadmap = get_bank().roadmap
    assert len(shown) == len(slugs)
    for made in shown:
        assert set(made.attempts) <= set(finished)
        assert item_parameters.get(made.parameters).revision == made.parameters
        for step in made.steps:
            assert step.evidence
            evidence = step.evidence
            topic = roadmap.topic(evidence.topic_id)
            assert step.rule in made.when
            assert evidence.resource in topic.resources
            assert bank.get_assessment(evidence.quiz).topic_id == topic.id
            assert [one.topic_id for one in evidence.prerequisites] == list(topic.prerequisites)
            for record in evidence.records:
                assert record.attempt_id in made.attempts
                attempt = finished[record.attempt_id]
                (response,) = (one for one in attempt.responses if one.item_id == record.item_id)
                assert response.topic_id == topic.id
                assert (response.is_right, attempt.finished_at) == (record.is_right, record.answered_at)
    assert [one.differences for one in next_steps.replay(cast.ada)] == [()] * len(shown)
