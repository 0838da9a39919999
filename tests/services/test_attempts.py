"""Taking an assessment through the services, on the real stores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from tests.builders import (
    a_number,
    a_place,
    a_report,
    an_attempt,
    an_item,
    answer,
    item_at,
    marked,
    right_answer,
    take,
    wrong_answer,
)
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.attempt import MOST_CHANGES, MOST_EVENTS, REVIEW, Attempt
from tracker.assessment.item_types import MultipleResponse, SingleChoice
from tracker.assessment.time_ledger import GRACE, Credit
from tracker.errors import AttemptClosed, AttemptFull, BadInput, KeyReused, NotFound, StaleAnswer, TrackerError
from tracker.services import attempts, profiles
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents

MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt at the language quiz, just started."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


def get(attempt: Attempt, **moments: Any) -> Attempt:
    return attempts.get_attempt(attempt.id, learner_id=attempt.learner_id, **{"now": NOON, **moments})


def finish(attempt: Attempt, **fields: Any) -> Attempt:
    parameters = {"learner_id": attempt.learner_id, "seq": attempt.seq, "now": NOON}
    return attempts.finish_attempt(attempt.id, **{**parameters, **fields})


def move(attempt: Attempt, then: int, **fields: Any) -> Attempt:
    parameters = {"learner_id": attempt.learner_id, "seq": attempt.seq, "arrived_at": NOON}
    return attempts.move(attempt.id, then=then, **{**parameters, **fields})


def at_once(app: Flask, acts: list[Callable[[], Attempt]]) -> list[Attempt | TrackerError]:
    """What each of these got when all began in the same moment: an attempt or the reason why not."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Attempt]) -> Attempt | TrackerError:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return act()
            except TrackerError as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def place_of(attempt: Attempt, *bodies: type) -> int:
    """The first place of the form with an item of such a type; the attempts of these tests have all."""
    return next(at for at in range(len(attempt.form)) if isinstance(item_at(attempt, at).body, bodies))


# the whole way


def test_a_whole_quiz_gives_one_response_an_item_and_a_profile(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    for _place in attempt.form:
        attempt = answer(attempt)
    assert attempt.position == REVIEW

    finished = finish(attempt)

    assert [response.mark for response in finished.responses] == [1.0] * 12
    area = profiles.get_record(cast.ada, now=NOON).profile.area("language")
    assert (area.responses, area.right) == (12, 12)
    assert area.score.value > 500


def test_wrong_answers_are_kept_as_wrong_and_make_the_score_lower(cast: Cast) -> None:
    finished = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))

    assert not [response for response in finished.responses if response.is_right]
    assert profiles.get_record(cast.ada, now=NOON).profile.area("language").score.value < 500


# starting


def test_starting_draws_a_form_sets_the_deadline_and_serves_the_first_item(attempt: Attempt, cast: Cast) -> None:
    assert attempt.learner_id == cast.ada
    assert (attempt.started_at, attempt.deadline) == (NOON, NOON + 15 * MINUTE)
    assert (attempt.position, attempt.seq, attempt.answers) == (0, 1, {})
    assert len(attempt.form) == 12
    assert get(attempt) == attempt


def test_starting_again_goes_on_with_the_open_attempt_and_its_deadline(attempt: Attempt, cast: Cast) -> None:
    saved = answer(attempt)

    again = attempts.start_attempt("language", learner_id=cast.ada, now=NOON + 5 * MINUTE)

    assert again == saved
    assert again.deadline == NOON + 15 * MINUTE


def test_starting_again_with_the_same_key_gives_the_attempt_that_it_began_also_when_that_is_over(cast: Cast) -> None:
    begun = attempts.start_attempt("language", learner_id=cast.ada, now=NOON, key="one")
    attempts.finish_attempt(begun.id, learner_id=cast.ada, seq=1, now=NOON)

    again = attempts.start_attempt("language", learner_id=cast.ada, now=NOON + MINUTE, key="one")
    other = attempts.start_attempt("language", learner_id=cast.ada, now=NOON + MINUTE, key="two")

    assert again.id == begun.id
    assert other.id != begun.id


@pytest.mark.parametrize("slug", ["language", "tools"])
def test_the_key_of_another_request_starts_nothing(cast: Cast, slug: str) -> None:
    begun = attempts.start_attempt("language", learner_id=cast.ada, now=NOON, key="one")
    attempts.take_over(begun.id, learner_id=cast.ada, arrived_at=NOON, key="two")
    before = everything()
    with pytest.raises(KeyReused):
        attempts.start_attempt(slug, learner_id=cast.ada, now=NOON, key="two")
    with pytest.raises(KeyReused):
        attempts.start_attempt("tools", learner_id=cast.ada, now=NOON, key="one")
    assert everything() == before


def test_two_people_get_attempts_of_their_own(attempt: Attempt, cast: Cast) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)

    assert omars.id != attempt.id
    assert attempts.list_attempts(cast.omar, now=NOON) == [omars]
    assert attempts.list_attempts(cast.ada, now=NOON) == [attempt]


def test_different_assessments_may_be_open_at_the_same_time(attempt: Attempt, cast: Cast) -> None:
    other = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)

    assert {entry.id for entry in attempts.list_attempts(cast.ada, now=NOON)} == {attempt.id, other.id}
    assert not get(attempt).is_finished


def test_an_attempt_that_cannot_be_read_is_logged_and_hides_no_other(
    attempt: Attempt, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    other = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$rename": {"seed": "broken"}})

    assert attempts.list_attempts(cast.ada, now=NOON) == [other]

    assert f"Attempt {attempt.id} could not be read" in caplog.text


def test_an_unknown_assessment_starts_nothing(cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        attempts.start_attempt("languages", learner_id=cast.ada, now=NOON)

    assert everything() == before


def test_the_next_attempt_prefers_items_never_seen(cast: Cast) -> None:
    first = take("tools", learner_id=cast.ada, now=NOON)

    second = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON + MINUTE)

    seen, served = ({place.item_id for place in attempt.form} for attempt in (first, second))
    assert not seen & served


def test_an_attempt_left_behind_is_closed_by_the_next_start(attempt: Attempt, cast: Cast) -> None:
    later = NOON + timedelta(days=1)

    new = attempts.start_attempt("language", learner_id=cast.ada, now=later)

    assert new.id != attempt.id
    assert get(attempt).finished_at == attempt.deadline


def test_of_many_starts_at_once_one_attempt_is_made(app: Flask, cast: Cast) -> None:
    started = at_once(app, [lambda: attempts.start_attempt("language", learner_id=cast.ada, now=NOON)] * 6)

    assert len(attempts.list_attempts(cast.ada, now=NOON)) == 1
    assert started == attempts.list_attempts(cast.ada, now=NOON) * 6


# reading: only one's own


def test_an_attempt_of_somebody_else_is_not_found(attempt: Attempt, cast: Cast) -> None:
    with pytest.raises(NotFound) as foreign:
        attempts.get_attempt(attempt.id, learner_id=cast.omar, now=NOON)
    with pytest.raises(NotFound) as unknown:
        attempts.get_attempt("f" * 32, learner_id=cast.omar, now=NOON)

    assert str(foreign.value) == str(unknown.value)
    assert attempts.list_attempts(cast.omar, now=NOON) == []


def test_nobody_answers_in_an_attempt_of_somebody_else(attempt: Attempt, cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        answer(attempt, learner_id=cast.omar)

    assert everything() == before


def test_nobody_moves_in_an_attempt_of_somebody_else(attempt: Attempt, cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        move(attempt, 5, learner_id=cast.omar)

    assert everything() == before


def test_nobody_finishes_an_attempt_of_somebody_else(attempt: Attempt, cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        finish(attempt, learner_id=cast.omar)

    assert everything() == before


def test_not_even_an_overdue_attempt_is_closed_by_a_stranger(attempt: Attempt, cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        attempts.get_attempt(attempt.id, learner_id=cast.omar, now=NOON + timedelta(days=1))

    assert everything() == before


def test_a_place_is_served_with_what_was_answered_there_before(attempt: Attempt) -> None:
    place = place_of(attempt, SingleChoice)
    token = right_answer(item_at(attempt, place))[0]

    saved = answer(attempt, [token], position=place, then=place)

    served = attempts.get_served_item(saved)
    assert served is not None
    assert [option.token for option in served.asked.options if option.is_chosen] == [token]


def test_a_place_whose_item_was_withdrawn_serves_nothing(app: Flask) -> None:
    attempt = an_attempt(form=(a_place(an_item(version="withdrawn")),))

    assert attempts.get_served_item(attempt) is None


# answering


def test_each_answer_is_saved_before_the_next_item_is_served(attempt: Attempt) -> None:
    saved = answer(attempt)

    assert saved.position == 1
    assert saved.seq == 2
    assert get(attempt) == saved


def test_an_answer_can_be_left_out_and_given_later(attempt: Attempt) -> None:
    left_out = answer(attempt, [])
    assert left_out.answers == {0: ()}

    given = answer(left_out, position=0)

    assert given.answers[0]
    assert get(attempt).answers == given.answers


def test_an_answer_can_be_changed_until_the_end(attempt: Attempt) -> None:
    item = item_at(attempt, 0)
    wrong = answer(attempt, wrong_answer(item), then=0)

    right = answer(wrong, right_answer(item), then=REVIEW)

    assert finish(right).responses[0].is_right
    assert [event.answer for event in right.events if event.type == "answered"] == [wrong.answers[0], right.answers[0]]


def test_the_same_request_again_gives_the_same_reply_and_is_stored_once(attempt: Attempt) -> None:
    first = answer(attempt)
    before = everything()

    second = answer(attempt)

    assert second == first
    assert everything() == before


def test_the_same_request_again_is_recognised_also_after_more_answers(attempt: Attempt) -> None:
    newest = answer(answer(attempt))

    again = answer(attempt)

    assert again == newest == get(attempt)


def test_the_same_request_again_is_recognised_also_when_time_is_over(attempt: Attempt) -> None:
    answer(attempt)

    again = answer(attempt, arrived_at=attempt.deadline + timedelta(hours=1))

    assert again.is_finished
    assert set(again.answers) == {0}


def test_another_answer_with_an_old_number_is_stale_and_overwrites_nothing(attempt: Attempt) -> None:
    item = item_at(attempt, 0)
    saved = answer(attempt, right_answer(item))
    before = everything()

    with pytest.raises(StaleAnswer) as refusal:
        answer(attempt, wrong_answer(item))

    assert refusal.value.seq == saved.seq
    assert everything() == before


def test_a_number_that_is_still_to_come_is_stale(attempt: Attempt) -> None:
    with pytest.raises(StaleAnswer):
        answer(attempt, seq=attempt.seq + 1)

    assert get(attempt) == attempt


@pytest.mark.parametrize(("late", "is_taken"), [(-MILLISECOND, True), (0 * MILLISECOND, True), (MILLISECOND, False)])
def test_an_answer_is_taken_up_to_deadline_and_grace_and_not_a_millisecond_later(
    attempt: Attempt, late: timedelta, is_taken: bool
) -> None:
    arrived_at = attempt.deadline + GRACE + late

    if is_taken:
        assert set(answer(attempt, arrived_at=arrived_at).answers) == {0}
    else:
        with pytest.raises(AttemptClosed) as refusal:
            answer(attempt, arrived_at=arrived_at)
        assert refusal.value.closed_at == attempt.deadline


def test_an_answer_after_the_grace_is_refused_and_not_stored(attempt: Attempt) -> None:
    with pytest.raises(AttemptClosed):
        answer(attempt, arrived_at=attempt.deadline + GRACE + MILLISECOND)

    closed = get(attempt)
    assert closed.answers == {}
    assert closed.finished_at == attempt.deadline


def test_an_answer_to_a_finished_attempt_is_refused_and_kept_as_a_late_one_only(attempt: Attempt) -> None:
    finished = finish(answer(attempt))
    before = everything(but="late_answers")

    with pytest.raises(AttemptClosed) as refusal:
        answer(attempt, position=1, seq=finished.seq)

    assert refusal.value.closed_at == NOON
    assert everything(but="late_answers") == before


@pytest.mark.parametrize("differs", [{"position": 1}, {"position": 12}, {"then": 12}, {"then": -2}])
def test_an_answer_that_does_not_fit_the_form_is_refused_and_changes_nothing(
    attempt: Attempt, differs: dict[str, int]
) -> None:
    item = item_at(attempt, 0)
    before = everything()
    parameters = {"position": 0, "then": 1, **differs}

    with pytest.raises(BadInput, match="Please reload it"):
        attempts.submit_response(
            attempt.id,
            learner_id=attempt.learner_id,
            seq=attempt.seq,
            item_version=item.version,
            sent=right_answer(item),
            arrived_at=NOON,
            **parameters,
        )

    assert everything() == before


def test_an_option_of_another_item_is_refused_and_changes_nothing(attempt: Attempt) -> None:
    place = place_of(attempt, SingleChoice, MultipleResponse)
    before = everything()

    with pytest.raises(BadInput) as refusal:
        answer(attempt, ["00000000"], position=place)

    assert set(refusal.value.fields) == {"answer"}
    assert everything() == before


def test_several_options_of_a_single_choice_are_refused(attempt: Attempt) -> None:
    place = place_of(attempt, SingleChoice)
    tokens = [option.token for option in item_at(attempt, place).body.options[:2]]

    with pytest.raises(BadInput, match="Choose one option"):
        answer(attempt, tokens, position=place)


def test_spaces_alone_are_an_answer_left_out(attempt: Attempt) -> None:
    assert answer(attempt, ["  ", ""]).answers == {0: ()}


def test_an_attempt_takes_only_so_many_changes_and_can_then_still_be_finished(attempt: Attempt) -> None:
    before = everything()

    with pytest.raises(AttemptFull, match="finish it"):
        answer(attempt, seq=MOST_CHANGES, then=0)
    with pytest.raises(AttemptFull, match="finish it"):
        answer(attempt, seq=MOST_EVENTS)
    with pytest.raises(AttemptFull, match="finish it"):
        move(attempt, 1, seq=MOST_EVENTS)

    assert everything() == before


def test_a_withdrawn_item_can_only_be_left_out(app: Flask, cast: Cast) -> None:
    withdrawn = an_item(version="withdrawn", body=a_number(42))
    attempt = an_attempt(learner_id=cast.ada, form=(a_place(withdrawn), *an_attempt().form[1:]))
    stored_attempts.add(attempt)

    with pytest.raises(NotFound, match="withdrawn while you were answering"):
        answer(attempt, ["42"])
    went_on = answer(attempt, [])

    assert (went_on.position, went_on.answers) == (1, {0: ()})
    assert withdrawn.id not in {response.item_id for response in finish(went_on).responses}


def test_of_different_answers_sent_at_once_one_is_saved_and_the_others_are_told(app: Flask, attempt: Attempt) -> None:
    place = place_of(attempt, SingleChoice)
    tokens = [option.token for option in item_at(attempt, place).body.options]

    results = at_once(app, [partial(answer, attempt, [token], position=place) for token in tokens])

    saved = [result for result in results if isinstance(result, Attempt)]
    assert len(saved) == 1
    assert all(isinstance(result, StaleAnswer) for result in results if result not in saved)
    assert len(get(attempt).events) == 2


def test_the_same_answer_sent_many_times_at_once_is_saved_once_and_all_get_the_same_reply(
    app: Flask, attempt: Attempt
) -> None:
    results = at_once(app, [lambda: answer(attempt)] * 6)

    assert results == [get(attempt)] * 6
    assert len(get(attempt).events) == 2


# moving


def test_moving_shows_another_place_and_keeps_every_answer(attempt: Attempt) -> None:
    saved = answer(attempt)

    moved = move(saved, 7)

    assert (moved.position, moved.answers) == (7, saved.answers)
    assert get(attempt) == moved


def test_the_same_move_again_gives_the_same_reply_and_is_stored_once(attempt: Attempt) -> None:
    first = move(attempt, 7)

    assert move(attempt, 7) == first
    assert len(get(attempt).events) == 2


def test_a_move_with_an_old_number_is_stale_and_changes_nothing(attempt: Attempt) -> None:
    saved = answer(attempt)

    with pytest.raises(StaleAnswer):
        move(attempt, 7)

    assert get(attempt) == saved


@pytest.mark.parametrize("then", [12, 200, -2])
def test_a_move_to_a_place_that_does_not_exist_is_refused(attempt: Attempt, then: int) -> None:
    with pytest.raises(BadInput):
        move(attempt, then)

    assert get(attempt) == attempt


def test_a_move_when_time_is_over_finishes_the_attempt(attempt: Attempt) -> None:
    with pytest.raises(AttemptClosed):
        move(attempt, 7, arrived_at=attempt.deadline + GRACE + MILLISECOND)

    assert get(attempt).finished_at == attempt.deadline


# finishing


def test_finishing_marks_every_place_and_closes_for_good(attempt: Attempt) -> None:
    finished = finish(answer(attempt), now=NOON + MINUTE)

    assert finished.finished_at == NOON + MINUTE
    assert not finished.ran_out
    assert [response.mark for response in finished.responses] == [1.0] + [0.0] * 11


def test_finishing_again_changes_nothing(attempt: Attempt) -> None:
    finished = finish(attempt)
    before = everything()

    assert finish(attempt, now=NOON + MINUTE) == finished
    assert everything() == before


def test_finishing_from_an_old_page_is_stale_and_leaves_the_attempt_open(attempt: Attempt) -> None:
    answer(attempt)

    with pytest.raises(StaleAnswer):
        finish(attempt)

    assert not get(attempt).is_finished


def test_finishing_within_the_grace_ends_the_attempt_at_its_deadline(attempt: Attempt) -> None:
    finished = finish(answer(attempt), now=attempt.deadline + GRACE)

    assert finished.finished_at == attempt.deadline
    assert len(finished.responses) == 2


def test_an_attempt_whose_time_ran_out_ends_at_its_deadline_whoever_looks_first(attempt: Attempt, cast: Cast) -> None:
    late = attempt.deadline + timedelta(days=3)

    (listed,) = attempts.list_attempts(cast.ada, now=late)

    assert listed.finished_at == attempt.deadline
    assert listed == get(attempt, now=late)


def test_what_was_never_reached_when_time_ran_out_does_not_count(attempt: Attempt) -> None:
    answer(answer(attempt), [])

    closed = get(attempt, now=attempt.deadline + timedelta(hours=1))

    assert [response.mark for response in closed.responses] == [1.0, 0.0, 0.0]
    area = profiles.get_record(attempt.learner_id, now=NOON).profile.area("language")
    assert area.responses == 3


def test_finished_many_times_at_once_an_attempt_has_one_end_and_one_score(app: Flask, attempt: Attempt) -> None:
    ready = answer(attempt)

    results = at_once(app, [lambda: finish(ready)] * 6)

    closed = get(attempt)
    assert results == [closed] * 6
    assert [event.type for event in closed.events].count("finished") == 1
    assert profiles.get_record(attempt.learner_id, now=NOON).profile.area("language").responses == 12


def test_an_answer_saved_while_another_tab_finishes_is_never_lost(app: Flask, attempt: Attempt) -> None:
    answered, finished = at_once(app, [lambda: answer(attempt), lambda: finish(attempt)])

    is_saved = isinstance(answered, Attempt)
    assert is_saved is (0 in get(attempt).answers)
    assert is_saved or isinstance(answered, AttemptClosed)
    assert isinstance(finished, Attempt | StaleAnswer)


# what a page does beside answering


def flag(attempt: Attempt, position: int, **fields: Any) -> Attempt:
    parameters = {"learner_id": attempt.learner_id, "seq": attempt.seq, "is_on": True, "then": 0, "arrived_at": NOON}
    return attempts.flag(attempt.id, position=position, **{**parameters, **fields})


def test_the_same_key_and_answer_again_is_the_same_reply_however_far_the_attempt_has_gone(attempt: Attempt) -> None:
    saved = answer(attempt, key="k1")
    later = answer(saved)

    assert answer(attempt, key="k1") == later


def test_the_same_key_with_another_answer_is_refused(attempt: Attempt) -> None:
    item = item_at(attempt, 0)
    saved = answer(attempt, right_answer(item), key="k1")

    with pytest.raises(KeyReused):
        answer(saved, wrong_answer(item), position=0, key="k1")

    assert get(attempt) == saved


def test_a_choice_can_be_saved_without_leaving_the_place(attempt: Attempt) -> None:
    saved = answer(attempt, then=0)

    assert (saved.position, list(saved.answers)) == (0, [0])


def test_a_flag_sent_again_is_the_same_reply(attempt: Attempt) -> None:
    flagged = flag(attempt, 2)

    assert flag(attempt, 2) == flagged
    assert flagged.flags == {2}
    with pytest.raises(StaleAnswer):
        flag(attempt, 2, is_on=False)


def test_the_newest_page_wins_and_an_older_one_is_told(attempt: Attempt) -> None:
    newer = attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON)

    with pytest.raises(StaleAnswer) as refused:
        answer(attempt)
    assert refused.value.seq == newer.seq
    assert get(attempt) == newer
    assert answer(newer).answers


def test_pages_that_open_at_once_all_get_the_attempt_and_only_the_last_may_write(app: Flask, attempt: Attempt) -> None:
    opened = at_once(app, [lambda: attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON)] * 4)

    assert sorted(one.seq for one in opened if isinstance(one, Attempt)) == [2, 3, 4, 5]
    assert get(attempt).seq == 5


def test_a_page_that_asks_again_is_still_the_newest_until_another_is_opened(attempt: Attempt) -> None:
    def take_over(key: str) -> Attempt:
        return attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON, key=key)

    opened = take_over("older")
    assert take_over("older") == opened

    newer = take_over("newer")
    with pytest.raises(StaleAnswer):
        take_over("older")
    assert get(attempt) == newer


def test_a_page_that_asks_twice_at_once_is_opened_once(app: Flask, attempt: Attempt) -> None:
    opened = at_once(
        app,
        [lambda: attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON, key="page")] * 4,
    )

    assert opened == [get(attempt)] * 4
    assert get(attempt).seq == 2


def test_a_closed_attempt_cannot_be_taken_over(attempt: Attempt) -> None:
    closed = finish(attempt)

    with pytest.raises(AttemptClosed):
        attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON)

    assert get(attempt) == closed


def test_time_credited_while_an_attempt_is_being_closed_is_not_lost(attempt: Attempt) -> None:
    late = attempt.deadline + GRACE + MILLISECOND
    credited = stored_attempts.add_credit(
        attempt, Credit(id="c1", at=late, length=5 * MINUTE, giver_id=None, reason="An outage.")
    )

    assert get(attempt, now=late) == credited
    assert get(attempt, now=late + 5 * MINUTE).finished_at == attempt.deadline + 5 * MINUTE


# the sweep


def test_the_sweep_finishes_what_is_overdue_and_nothing_else(attempt: Attempt, cast: Cast) -> None:
    later = attempts.start_attempt("tools", learner_id=cast.omar, now=NOON + 10 * MINUTE)

    assert attempts.sweep(attempt.deadline + GRACE) == 0
    assert attempts.sweep(attempt.deadline + GRACE + MILLISECOND) == 1
    assert attempts.sweep(attempt.deadline + GRACE + MILLISECOND) == 0

    assert get(attempt).finished_at == attempt.deadline
    assert not get(later).is_finished


def test_the_sweep_repairs_a_profile_that_a_crash_left_behind(attempt: Attempt) -> None:
    stored_attempts.finish(attempt, finished_at=NOON, responses=marked(attempt), report=a_report())
    assert everything()["profiles"] == []

    assert attempts.sweep(NOON) == 0

    (profile,) = everything()["profiles"]
    assert (profile["_id"], profile["attempts"]) == (attempt.learner_id, 1)
