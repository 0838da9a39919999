"""What an attempt gave: its scores as reported then, and every item explained."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from tests.builders import (
    a_figure,
    a_place,
    an_item,
    answer,
    item_at,
    right_answer,
    some_statistics,
    take,
    wrong_answer,
)
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.assignment import AssignedTerms, Release
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.family import split_version
from tracker.assessment.item_statistics import Times
from tracker.errors import NotFound
from tracker.services import attempts, results
from tracker.services.results import Result
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, item_statistics

DAY = timedelta(days=1)


def get_result(attempt: Attempt) -> Result:
    result = results.get_result(attempt.id, learner_id=attempt.learner_id, now=NOON + 9 * DAY)
    assert result is not None
    return result


def finish(attempt: Attempt) -> Attempt:
    return attempts.finish_attempt(attempt.id, learner_id=attempt.learner_id, seq=attempt.seq, now=NOON)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt at the language quiz, just started."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


def test_an_open_attempt_has_no_result(attempt: Attempt, cast: Cast) -> None:
    assert results.get_result(attempt.id, learner_id=cast.ada, now=NOON) is None
    assert not attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON).is_finished


def test_an_attempt_whose_time_ran_out_has_a_result_at_once(attempt: Attempt) -> None:
    assert get_result(attempt).attempt.ran_out


def test_the_result_of_somebody_else_is_not_found_finished_or_not(attempt: Attempt, cast: Cast) -> None:
    finished = take("tools", learner_id=cast.ada, now=NOON)
    before = everything()

    for foreign in (attempt, finished):
        with pytest.raises(NotFound):
            results.get_result(foreign.id, learner_id=cast.omar, now=NOON)

    assert everything() == before


def test_every_place_is_explained_in_the_order_and_with_the_options_of_the_form(attempt: Attempt) -> None:
    result = get_result(finish(answer(attempt)))

    assert [entry.number for entry in result.items] == list(range(1, 13))
    for place, entry in zip(attempt.form, result.items, strict=True):
        assert entry.explanation is not None
        assert entry.explanation.item.id == place.item_id
        assert tuple(option.id for option in entry.explanation.options) == place.option_ids
        assert entry.topic_name


def test_right_wrong_and_left_out_answers_are_shown_as_such(attempt: Attempt) -> None:
    attempt = answer(attempt)
    attempt = answer(attempt, wrong_answer(item_at(attempt, 1)))
    attempt = answer(attempt, [], then=REVIEW)

    result = get_result(finish(attempt))

    right, wrong, *left_out = [entry.mark for entry in result.items[:4]]
    assert right == 1.0
    assert wrong is not None
    assert wrong < 1.0
    assert left_out == [0.0, 0.0]
    assert [entry.explanation and entry.explanation.answer for entry in result.items[:4]] == [
        *(attempt.answers[at] for at in range(3)),
        (),
    ]
    assert result.right == 1


def test_places_never_reached_in_time_have_no_mark(attempt: Attempt) -> None:
    answer(attempt)

    result = get_result(attempt)

    assert [entry.mark for entry in result.items] == [1.0, 0.0] + [None] * 10
    assert (result.areas[0].right, result.areas[0].told) == (1, 2)


def test_the_time_spent_on_each_place_is_shown(attempt: Attempt) -> None:
    attempt = answer(attempt, arrived_at=NOON + timedelta(seconds=30))

    result = get_result(attempt)

    assert [entry.seconds for entry in result.items[:3]] == [30.0, 15 * 60 - 30.0, 0.0]


def test_a_foreseen_mistake_is_named_with_its_misconception(cast: Cast) -> None:
    found = 0
    for slug in ("language", "databases", "apis", "frameworks", "tools"):
        attempt = take(slug, learner_id=cast.ada, now=NOON, wrong=range(12))
        for entry in get_result(attempt).items:
            explanation = entry.explanation
            assert explanation is not None
            named = explanation.item.find_misconceptions(explanation.answer)
            assert tuple(misconception.slug for misconception in explanation.misconceptions) == named
            found += bool(named)

    assert found


def test_a_withdrawn_item_is_shown_as_withdrawn_and_counts_for_nothing(attempt: Attempt, cast: Cast) -> None:
    withdrawn = an_item("language/syntax/gone", version="withdrawn")
    own = replace(attempt, id="e" * 32, learner_id=cast.omar, form=(a_place(withdrawn), *attempt.form[1:]))
    stored_attempts.add(own)

    result = get_result(finish(answer(own, [])))

    gone = result.items[0]
    assert (gone.explanation, gone.mark) == (None, None)
    assert gone.topic_name == "Syntax and control flow"
    assert result.areas[0].told == 11


def test_the_first_result_of_an_area_has_nothing_before_it(cast: Cast) -> None:
    (area,) = get_result(take("language", learner_id=cast.ada, now=NOON)).areas

    assert area.area.slug == "language"
    assert area.before is None
    assert (area.right, area.told) == (12, 12)


def test_a_later_result_shows_the_score_before_and_after(cast: Cast) -> None:
    first = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    second = take("language", learner_id=cast.ada, now=NOON + DAY)

    (before,), (after,) = get_result(first).areas, get_result(second).areas

    assert after.before is not None
    assert (after.before.score, after.before.finished_at) == (before.score, NOON)
    assert after.score.value > before.score.value
    assert after.told == 12


def test_a_change_is_judged_when_the_attempt_ends_and_the_first_one_has_none(cast: Cast) -> None:
    first = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    second = take("language", learner_id=cast.ada, now=NOON + 90 * DAY)

    (before,), (after,) = get_result(first).areas, get_result(second).areas

    assert before.change is None
    assert after.change is not None
    assert after.change.improved > 0.8
    take("language", learner_id=cast.ada, now=NOON + 91 * DAY, wrong=range(12))
    assert get_result(second).areas == (after,)


def test_an_area_left_out_for_a_while_is_compared_with_its_own_attempt_before(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    take("tools", learner_id=cast.ada, now=NOON + DAY)
    (area,) = get_result(take("language", learner_id=cast.ada, now=NOON + 2 * DAY)).areas

    assert area.before is not None
    assert area.before.finished_at == NOON
    assert area.change is not None


def test_a_score_stays_as_it_was_reported_whatever_comes_later(cast: Cast) -> None:
    first = take("language", learner_id=cast.ada, now=NOON, wrong=range(6))
    reported = get_result(first).areas

    take("language", learner_id=cast.ada, now=NOON + DAY)
    take("placement", learner_id=cast.ada, now=NOON + 2 * DAY, wrong=range(25))

    assert get_result(first).areas == reported


def test_a_score_stays_as_it_was_reported_when_an_attempt_that_ended_before_is_closed_later(
    attempt: Attempt, cast: Cast
) -> None:
    for position in range(8):
        attempt = answer(attempt, wrong_answer(item_at(attempt, position)))
    later = take("placement", learner_id=cast.ada, now=attempt.deadline + timedelta(minutes=5))
    reported = get_result(later).areas

    attempts.sweep(NOON + DAY)

    assert get_result(later).areas == reported
    assert reported[0].before is not None
    assert reported[0].before.score == get_result(attempt).areas[0].score


def test_a_placement_reports_every_area_it_measured(cast: Cast) -> None:
    result = get_result(take("placement", learner_id=cast.ada, now=NOON))

    assert [area.area.slug for area in result.areas] == ["language", "frameworks", "databases", "apis", "tools"]
    assert [area.told for area in result.areas] == [5] * 5
    assert result.right == 25


def test_right_answers_are_those_with_the_full_mark(attempt: Attempt) -> None:
    for position in range(12):
        attempt = answer(attempt, right_answer(item_at(attempt, position)))

    assert get_result(finish(attempt)).right == 12


def test_nothing_is_told_of_what_an_open_attempt_asks_until_it_is_over(cast: Cast) -> None:
    finished = take("tools", learner_id=cast.ada, now=NOON)
    asked = finished.form[3]
    again = replace(attempts.start_attempt("language", learner_id=cast.ada, now=NOON), form=(asked,))
    documents.collection("attempts").update_one({"_id": again.id}, {"$set": {"form.0": asdict(asked)}})

    held = results.get_result(finished.id, learner_id=cast.ada, now=NOON)
    assert held is not None
    assert [entry.number for entry in held.items if entry.is_held] == [4]
    assert (held.items[3].explanation, held.items[3].mark) == (None, None)
    assert held.items[2].explanation

    attempts.finish_attempt(again.id, learner_id=cast.ada, seq=again.seq, now=NOON)
    told = results.get_result(finished.id, learner_id=cast.ada, now=NOON)
    assert told is not None
    assert told.items[3].explanation


def test_while_an_adaptive_attempt_is_open_nothing_of_its_topics_is_explained(cast: Cast) -> None:
    finished = take("tools", learner_id=cast.ada, now=NOON)
    attempts.start_attempt("topic-tools-git", learner_id=cast.ada, now=NOON)

    result = results.get_result(finished.id, learner_id=cast.ada, now=NOON)

    assert result is not None
    held = {place.item_id for place, entry in zip(finished.form, result.items, strict=True) if entry.is_held}
    assert held == {place.item_id for place in finished.form if place.item_id.startswith("tools/git/")}
    assert held


def test_a_first_result_has_nothing_to_compare_and_a_later_one_its_topics(cast: Cast) -> None:
    first = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    second = take("language", learner_id=cast.ada, now=NOON + DAY)

    assert get_result(first).changes == ()
    changes = get_result(second).changes
    assert changes
    for change in changes:
        comparison = change.comparison
        assert comparison.then_at == NOON
        assert comparison.then.right == comparison.lost == comparison.still_missed == 0
        assert comparison.now.right == comparison.now.asked
        assert change.name


def test_nothing_of_a_held_topic_is_compared(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    second = take("language", learner_id=cast.ada, now=NOON + DAY)
    told = get_result(second).changes
    topic_id = told[0].comparison.topic_id
    attempts.start_attempt(f"topic-{topic_id.replace('/', '-')}", learner_id=cast.ada, now=NOON + 9 * DAY)

    assert get_result(second).changes == told[1:]


def test_an_earlier_attempt_that_is_not_released_is_not_compared(cast: Cast) -> None:
    first = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    second = take("language", learner_id=cast.ada, now=NOON + DAY)
    terms = AssignedTerms("a1", number=1, closes_at=NOON + 20 * DAY, release=Release.AFTER_DEADLINE)
    documents.collection("attempts").update_one({"_id": first.id}, {"$set": {"assignment": asdict(terms)}})

    assert get_result(second).changes == ()


def test_the_median_is_told_once_enough_people_were_timed(cast: Cast) -> None:
    finished = take("language", learner_id=cast.ada, now=NOON)
    timed = zip(finished.form, (30, 29, 500), ("", "", " before"), strict=False)
    item_statistics.replace_all(
        [
            some_statistics(
                item_id=place.item_id,
                version=split_version(place.item_version)[0] + before,
                times=Times(lower=20, median=33.4, upper=45, threshold=3, rapid=a_figure(0.1, n=people)),
            )
            for place, people, before in timed
        ],
        made_at=NOON,
    )

    assert [entry.median for entry in get_result(finished).items] == [33.4] + [None] * 11
