"""Attempts in MongoDB: one document each, every change one conditional update that refuses or is whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from tests.builders import a_family, a_place, a_report, an_attempt, answered, some_terms, until
from tests.conftest import NOON
from tests.services.watching import watched_commands
from tracker.assessment.assembly import Reason
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import MOST_SIGNALS, REVIEW, Attempt, Event, Plan, Signal
from tracker.assessment.family import split_version
from tracker.assessment.item_types import Answer
from tracker.assessment.met import Meeting
from tracker.assessment.response import Response
from tracker.assessment.time_ledger import GRACE, Credit, TimeLedger
from tracker.config import Config
from tracker.errors import NotFound
from tracker.storage import attempts, documents

ADA, OMAR = 1, 2
MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    """Ada's attempt at the language quiz, stored, nothing answered."""
    attempt = an_attempt(learner_id=ADA)
    assert attempts.add(attempt)
    return attempt


def stored(attempt: Attempt) -> Attempt:
    """The attempt as the store has it now."""
    return attempts.get(attempt.id, learner_id=attempt.learner_id)


def append(attempt: Attempt, given: Answer = ("x",), **fields: Any) -> Attempt | None:
    """Save an answer for the first place; a test names what differs."""
    parameters: dict[str, Any] = {
        "learner_id": attempt.learner_id,
        "seq": attempt.seq,
        "item_version": attempt.form[0].item_version,
        "position": 0,
        "answer": given,
        "then": 1,
        "arrived_at": NOON + MINUTE,
    }
    return attempts.append_answer(attempt.id, **{**parameters, **fields})


def flag(attempt: Attempt, **fields: Any) -> Attempt | None:
    """Mark the first place and stay there; a test names what differs."""
    parameters = {
        "learner_id": attempt.learner_id,
        "seq": attempt.seq,
        "position": 0,
        "is_on": True,
        "then": 0,
        "arrived_at": NOON,
    }
    return attempts.append_flag(attempt.id, **{**parameters, **fields})


def move(attempt: Attempt, **fields: Any) -> Attempt | None:
    """Go to the second place; a test names what differs."""
    parameters: dict[str, Any] = {
        "learner_id": attempt.learner_id,
        "seq": attempt.seq,
        "then": 1,
        "arrived_at": NOON + MINUTE,
    }
    return attempts.append_move(attempt.id, **{**parameters, **fields})


def a_response(attempt: Attempt, **fields: Any) -> Response:
    """A right answer to the attempt's first item."""
    place = attempt.form[0]
    response = Response(
        item_id=place.item_id,
        item_version=place.item_version,
        topic_id=place.item_id.rpartition("/")[0],
        answer=("x",),
        mark=1.0,
        seconds=12.5,
        difficulty=3,
        guessing=0.25,
    )
    return replace(response, **fields)


def finish(attempt: Attempt, at: datetime = NOON + MINUTE) -> Attempt | None:
    return attempts.finish(attempt, finished_at=at, responses=[a_response(attempt)], report=a_report())


def at_once(app: Flask, count: int, act: Callable[[int], Any]) -> list[Any]:
    """What so many threads got that all began in the same moment."""
    barrier = Barrier(count)

    def run(number: int) -> Any:
        with app.app_context():
            barrier.wait(timeout=10)
            return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# adding and reading


def test_an_attempt_comes_back_from_the_store_as_it_was(attempt: Attempt) -> None:
    assert stored(attempt) == attempt


def test_an_attempt_with_answers_and_responses_comes_back_as_it_was(attempt: Attempt) -> None:
    saved = append(attempt, ("x", "y"))
    assert saved is not None
    finished = finish(saved)

    assert finished == stored(attempt)
    assert finished is not None
    assert finished.answers == {0: ("x", "y")}
    assert finished.responses == (a_response(attempt),)


def test_somebody_elses_attempt_is_not_found_and_neither_is_one_that_never_was(attempt: Attempt) -> None:
    with pytest.raises(NotFound):
        attempts.get(attempt.id, learner_id=OMAR)
    with pytest.raises(NotFound):
        attempts.get("b" * 32, learner_id=ADA)


def test_a_learner_has_one_open_attempt_an_assessment_and_the_first_stays(attempt: Attempt) -> None:
    second = an_attempt(id="b" * 32, learner_id=ADA, seed=2)

    assert not attempts.add(second)
    assert attempts.list_of(ADA) == [attempt]


def test_another_assessment_and_another_learner_have_open_attempts_of_their_own(attempt: Attempt) -> None:
    assert attempts.add(an_attempt(id="b" * 32, learner_id=ADA, assessment_slug="tools"))
    assert attempts.add(an_attempt(id="c" * 32, learner_id=OMAR))

    assert attempts.find_open(ADA, "language") == attempt
    assert attempts.find_open(OMAR, "tools") is None


def test_after_finishing_the_next_attempt_may_begin(attempt: Attempt) -> None:
    finish(attempt)

    assert attempts.find_open(ADA, "language") is None
    assert attempts.add(an_attempt(id="b" * 32, learner_id=ADA))


def test_what_is_assigned_is_open_beside_what_is_taken_of_ones_own_will(attempt: Attempt) -> None:
    terms = some_terms()
    assigned = an_attempt(id="b" * 32, learner_id=ADA, assignment=terms)

    assert attempts.add(assigned)

    assert attempts.find_open(ADA, "language") == attempt
    assert attempts.find_open(ADA, "language", assignment_id=terms.assignment_id) == assigned
    assert attempts.find_open(OMAR, "language", assignment_id=terms.assignment_id) is None


def test_an_assigned_attempt_is_never_had_twice_even_after_it_ended(app: Flask) -> None:
    first = an_attempt(learner_id=ADA, assignment=some_terms())
    attempts.add(first)
    finish(first)

    assert not attempts.add(an_attempt(id="b" * 32, learner_id=ADA, assignment=some_terms()))
    assert attempts.add(an_attempt(id="c" * 32, learner_id=ADA, assignment=some_terms(number=2)))
    assert attempts.add(an_attempt(id="d" * 32, learner_id=OMAR, assignment=some_terms()))
    counts = [attempts.count_assigned(learner_id, first_id(first)) for learner_id in (ADA, OMAR, 3)]
    assert counts == [2, 1, 0]


def first_id(attempt: Attempt) -> str:
    assert attempt.assignment
    return attempt.assignment.assignment_id


def test_the_terms_come_back_as_they_were_stored(app: Flask) -> None:
    for number, release in enumerate(Release, 1):
        terms = some_terms(number=number, release=release)
        assigned = an_attempt(id=f"{number:032}", learner_id=ADA, assessment_slug=f"quiz-{number}", assignment=terms)
        attempts.add(assigned)

        assert stored(assigned).assignment == terms
        assert isinstance(stored(assigned).assignment.release, Release)  # type: ignore[union-attr]


def test_the_last_finish_of_an_assessment_is_known_and_nobody_elses(attempt: Attempt) -> None:
    assert attempts.find_last_finish(ADA, "language") is None

    finish(attempt)

    assert attempts.find_last_finish(ADA, "language") == stored(attempt).finished_at
    assert attempts.find_last_finish(ADA, "tools") is None
    assert attempts.find_last_finish(OMAR, "language") is None


def test_of_many_attempts_added_at_once_one_is_stored(app: Flask) -> None:
    candidates = [an_attempt(id=f"{number:032x}", learner_id=ADA) for number in range(8)]

    added = at_once(app, 8, lambda number: attempts.add(candidates[number]))

    assert added.count(True) == 1
    assert attempts.list_of(ADA) == [candidates[added.index(True)]]


def test_attempts_are_listed_newest_first_and_only_ones_own(attempt: Attempt) -> None:
    finish(attempt)
    later = an_attempt(id="b" * 32, learner_id=ADA, started_at=NOON + MINUTE)
    attempts.add(later)
    attempts.add(an_attempt(id="c" * 32, learner_id=OMAR))

    assert [entry.id for entry in attempts.list_of(ADA)] == [later.id, attempt.id]


def test_all_items_ever_served_are_known_answered_or_not(attempt: Attempt) -> None:
    attempts.add(an_attempt(id="c" * 32, learner_id=OMAR, form=attempt.form[:1]))

    surfaces = {place.item_id: [split_version(place.item_version)[1]] for place in attempt.form}
    first = attempt.form[0].item_id
    assert attempts.list_met(ADA) == [Meeting(NOON, surfaces)]
    assert attempts.list_met(OMAR) == [Meeting(NOON, {first: surfaces[first]})]
    assert attempts.list_met(3) == []


def test_all_surfaces_of_a_family_that_were_served_are_known(attempt: Attempt) -> None:
    family = a_family()
    for number, surface in enumerate("ab"):
        form = (a_place(family.variant(surface)),)
        attempts.add(an_attempt(id=f"{number}" * 32, learner_id=3, form=form, assessment_slug=f"quiz-{surface}"))

    assert sorted(attempts.list_met(3), key=repr) == [Meeting(NOON, {family.id: [surface]}) for surface in "ab"]


def test_what_scoring_gets_is_every_finished_attempt_in_the_order_they_ended(attempt: Attempt) -> None:
    other = an_attempt(id="b" * 32, learner_id=ADA, assessment_slug="tools")
    still_open = an_attempt(id="d" * 32, learner_id=ADA, assessment_slug="apis")
    attempts.add(other)
    attempts.add(still_open)
    finish(attempt, at=NOON + 2 * MINUTE)
    finish(other, at=NOON + MINUTE)

    marked = attempts.list_marked(ADA)

    assert [(entry.attempt_id, entry.finished_at) for entry in marked] == [
        (other.id, NOON + MINUTE),
        (attempt.id, NOON + 2 * MINUTE),
    ]
    assert marked[1].responses == (a_response(attempt),)
    assert attempts.list_marked(OMAR) == []


def test_finished_attempts_are_counted_by_learner(attempt: Attempt) -> None:
    attempts.add(an_attempt(id="c" * 32, learner_id=OMAR))
    finish(attempt)

    assert attempts.count_finished_by_learner() == {ADA: 1}


# answers


def test_an_answer_is_one_more_event_and_nothing_else_changes(attempt: Attempt) -> None:
    saved = append(attempt, ("x",), then=2)

    assert saved == stored(attempt) == answered(attempt, 0, ("x",), then=2, at=NOON + MINUTE)


@pytest.mark.parametrize(
    "differs",
    [
        {"learner_id": OMAR},
        {"seq": 0},
        {"seq": 2},
        {"item_version": "0" * 16},
        {"item_version": ""},
        {"position": 1},
        {"position": 12},
        {"position": -1},
        {"then": 12},
        {"then": -2},
        {"then": 2**40},
    ],
    ids=lambda differs: " ".join(f"{name}={value}" for name, value in differs.items()),
)
def test_an_answer_that_breaks_any_one_condition_is_refused_and_changes_nothing(
    attempt: Attempt, differs: dict[str, Any]
) -> None:
    assert append(attempt, **differs) is None

    assert stored(attempt) == attempt


def test_an_answer_to_an_attempt_that_never_was_makes_none(attempt: Attempt) -> None:
    assert append(replace(attempt, id="b" * 32)) is None

    assert attempts.list_of(ADA) == [attempt]


def test_an_answer_to_a_finished_attempt_is_refused_and_changes_nothing(attempt: Attempt) -> None:
    finished = finish(attempt)
    assert finished is not None

    assert append(attempt) is None
    assert append(attempt, seq=finished.seq) is None

    assert stored(attempt) == finished


@pytest.mark.parametrize(("late", "is_taken"), [(-MILLISECOND, True), (0 * MILLISECOND, True), (MILLISECOND, False)])
def test_an_answer_is_taken_up_to_deadline_and_grace_and_not_a_millisecond_later(
    attempt: Attempt, late: timedelta, is_taken: bool
) -> None:
    saved = append(attempt, arrived_at=attempt.deadline + GRACE + late)

    assert (saved is not None) is is_taken
    assert (stored(attempt).answers == {0: ("x",)}) is is_taken


def test_an_answer_may_lead_to_any_place_of_the_form_and_to_the_list_of_answers(attempt: Attempt) -> None:
    for then in (*range(12), REVIEW):
        saved = append(attempt, seq=attempt.seq, then=then)
        assert saved is not None
        assert saved.position == then
        attempt = saved


def test_the_same_answer_twice_is_stored_once(attempt: Attempt) -> None:
    first, second = append(attempt), append(attempt)

    assert first is not None
    assert second is None
    assert len(stored(attempt).events) == 2


def test_of_many_answers_sent_at_once_one_is_saved(app: Flask, attempt: Attempt) -> None:
    saved = at_once(app, 8, lambda number: append(attempt, (f"answer {number}",)))

    winners = [number for number, result in enumerate(saved) if result]
    assert len(winners) == 1
    assert stored(attempt).answers == {0: (f"answer {winners[0]}",)}
    assert stored(attempt).seq == 2


# moves


def test_a_move_changes_the_place_and_no_answer(attempt: Attempt) -> None:
    saved = append(attempt)
    assert saved is not None

    moved = move(saved, then=0)

    assert moved == stored(attempt)
    assert moved is not None
    assert (moved.position, moved.seq, moved.answers) == (0, 3, {0: ("x",)})


@pytest.mark.parametrize(
    "differs",
    [{"learner_id": OMAR}, {"seq": 0}, {"seq": 2}, {"then": 12}, {"then": -2}],
    ids=lambda differs: " ".join(f"{name}={value}" for name, value in differs.items()),
)
def test_a_move_that_breaks_any_one_condition_is_refused_and_changes_nothing(
    attempt: Attempt, differs: dict[str, Any]
) -> None:
    assert move(attempt, **differs) is None

    assert stored(attempt) == attempt


def test_a_move_too_late_or_after_the_end_is_refused(attempt: Attempt) -> None:
    assert move(attempt, arrived_at=attempt.deadline + GRACE + MILLISECOND) is None
    finished = finish(attempt)
    assert finished is not None

    assert move(attempt, seq=finished.seq) is None
    assert stored(attempt) == finished


# finishing


def test_finishing_closes_the_attempt_with_its_responses(attempt: Attempt) -> None:
    finished = finish(attempt)

    assert finished is not None
    assert finished.finished_at == NOON + MINUTE
    assert [event.type for event in finished.events] == ["started", "finished"]
    assert finished.responses == (a_response(attempt),)


def test_finishing_twice_keeps_the_first_time_and_responses(attempt: Attempt) -> None:
    first = finish(attempt)

    assert finish(attempt, at=NOON + 2 * MINUTE) is None
    assert first is not None
    assert finish(first, at=NOON + 2 * MINUTE) is None
    assert stored(attempt) == first


def test_finishing_an_attempt_that_has_changed_since_it_was_read_loses_no_answer(attempt: Attempt) -> None:
    saved = append(attempt)

    assert finish(attempt) is None
    assert stored(attempt) == saved


def test_of_many_who_finish_at_once_one_does(app: Flask, attempt: Attempt) -> None:
    def finish_at(number: int) -> Attempt | None:
        return finish(attempt, at=NOON + number * MINUTE)

    results = at_once(app, 8, finish_at)

    winners = [number for number, result in enumerate(results) if result]
    assert len(winners) == 1
    assert stored(attempt).finished_at == NOON + winners[0] * MINUTE
    assert [event.type for event in stored(attempt).events] == ["started", "finished"]


@pytest.mark.parametrize("_round", range(5))
def test_between_answering_and_finishing_at_once_no_answer_is_lost(app: Flask, attempt: Attempt, _round: int) -> None:
    acts: list[Callable[[], Attempt | None]] = [lambda: append(attempt), lambda: finish(attempt)]

    saved, finished = at_once(app, 2, lambda which: acts[which]())

    assert (saved is None) != (finished is None)
    assert stored(attempt).answers == ({0: ("x",)} if saved else {})


# the sweep's view


@pytest.mark.parametrize(("late", "is_overdue"), [(-MILLISECOND, False), (0 * MILLISECOND, False), (MILLISECOND, True)])
def test_an_open_attempt_is_overdue_after_deadline_and_grace(
    attempt: Attempt, late: timedelta, is_overdue: bool
) -> None:
    overdue = attempts.list_overdue_ids(attempt.deadline + GRACE + late)

    assert overdue == ([attempt.id] if is_overdue else [])


def test_a_finished_attempt_is_overdue_no_more(attempt: Attempt) -> None:
    finish(attempt)

    assert attempts.list_overdue_ids(attempt.deadline + timedelta(days=1)) == []


def test_of_all_overdue_attempts_a_learners_own_are_found(attempt: Attempt) -> None:
    attempts.add(an_attempt(id="c" * 32, learner_id=OMAR))
    just_over = attempt.deadline + GRACE + MILLISECOND

    assert attempts.list_overdue_ids_of(ADA, now=just_over) == [attempt.id]
    assert attempts.list_overdue_ids_of(ADA, now=just_over - MILLISECOND) == []
    finish(attempt)
    assert attempts.list_overdue_ids_of(ADA, now=just_over) == []


# indexes


def test_preparing_the_indexes_again_is_safe_and_keeps_the_data(attempt: Attempt) -> None:
    attempts.prepare_indexes()

    assert stored(attempt) == attempt
    indexes = documents.collection("attempts").index_information()
    keys = {tuple(name for name, _direction in index["key"]) for index in indexes.values()}
    assert {("open_key",), ("assigned_key",), ("learner_id", "started_at"), ("finished_at", "deadline")} <= keys


# adaptive attempts


def an_adaptive_attempt() -> Attempt:
    attempt = an_attempt(learner_id=ADA)
    plan = Plan(topic_ids=("language/syntax",), item_count=8, parameters=3)
    reason = Reason("at the estimate", "any", theta=0.25, weight=0.5, information=0.2, drawn=0.1)
    return replace(attempt, form=(replace(attempt.form[0], reason=reason),), plan=plan)


def an_answer_to(attempt: Attempt, *, then: int) -> Event:
    return Event(attempt.seq + 1, "answered", NOON, position=attempt.position, then=then, answer=("a",))


def test_an_adaptive_attempt_comes_back_as_it_was(app: Flask) -> None:
    attempt = an_adaptive_attempt()
    assert attempts.add(attempt)
    assert attempts.get(attempt.id, learner_id=ADA) == attempt


def test_a_turn_saves_the_answer_and_the_next_place_in_one_update(app: Flask, config: Config) -> None:
    attempt = an_adaptive_attempt()
    attempts.add(attempt)
    given, place = an_answer_to(attempt, then=1), an_attempt().form[1]

    with watched_commands(config) as commands:
        saved = attempts.append_turn(attempt, given, place=place, stopped_by=None)

    assert commands == ["update"]
    assert saved == replace(attempt, events=(*attempt.events, given), form=(*attempt.form, place))
    assert attempts.get(attempt.id, learner_id=ADA) == saved


def test_a_turn_that_stops_records_the_rule_and_serves_nothing(app: Flask) -> None:
    attempt = an_adaptive_attempt()
    attempts.add(attempt)

    attempts.append_turn(attempt, an_answer_to(attempt, then=REVIEW), place=None, stopped_by="precision")

    stored = attempts.get(attempt.id, learner_id=ADA)
    assert (stored.stopped_by, stored.position, len(stored.form)) == ("precision", REVIEW, 1)


def test_a_turn_from_what_is_no_longer_the_newest_state_changes_nothing(app: Flask) -> None:
    attempt = an_adaptive_attempt()
    attempts.add(attempt)
    given, place = an_answer_to(attempt, then=1), an_attempt().form[1]
    first = attempts.append_turn(attempt, given, place=place, stopped_by=None)

    late = replace(given, at=attempt.deadline + GRACE + timedelta(milliseconds=1))
    for stale, event in ((attempt, given), (replace(attempt, learner_id=OMAR), given), (attempt, late)):
        assert attempts.append_turn(stale, event, place=place, stopped_by=None) is None
    assert attempts.get(attempt.id, learner_id=ADA) == first


def test_an_adaptive_attempt_is_one_way(app: Flask) -> None:
    attempt = an_adaptive_attempt()
    attempts.add(attempt)

    assert move(attempt, then=0) is None
    assert append(attempt, then=REVIEW) is None
    assert flag(attempt, then=0) is None
    assert stored(attempt) == attempt


def test_an_adaptive_attempt_keeps_what_was_chosen_at_its_last_place_and_only_there(app: Flask) -> None:
    attempt = an_adaptive_attempt()
    attempts.add(attempt)

    kept = append(attempt, then=0)

    assert kept
    assert (kept.answers, kept.position, len(kept.form)) == ({0: ("x",)}, 0, 1)
    given, place = replace(an_answer_to(attempt, then=1), seq=3), an_attempt().form[1]
    later = attempts.append_turn(kept, given, place=place, stopped_by=None)
    assert later
    assert append(later, ("y",), then=0) is None
    assert stored(attempt) == later


# what a page does beside answering


def test_the_key_of_a_request_is_kept_and_taken_only_once(attempt: Attempt) -> None:
    saved = append(attempt, key="k1", then=0)

    assert saved
    assert saved.find_event("k1") == saved.events[-1]
    assert append(saved, ("other",), key="k1") is None
    assert stored(attempt) == saved
    assert append(saved, ("other",), key="k2")


def test_a_flag_goes_up_and_down_and_leaves_answers_alone(attempt: Attempt) -> None:
    up = flag(attempt, position=3)
    assert up
    assert (up.flags, up.position, up.answers) == ({3}, 0, {})

    down = flag(up, position=3, is_on=False)
    assert down
    assert down.flags == frozenset()
    assert stored(attempt) == down


def test_a_flag_needs_a_place_of_the_form_and_the_newest_state(attempt: Attempt) -> None:
    assert flag(attempt, position=12) is None
    assert flag(attempt, seq=9) is None
    assert flag(attempt, learner_id=OMAR) is None
    assert stored(attempt) == attempt


def test_opening_a_page_makes_those_before_it_out_of_date(attempt: Attempt) -> None:
    answered = append(attempt, then=4)
    assert answered

    opened = attempts.append_opened(answered, at=NOON)

    assert opened
    assert (opened.position, opened.answers) == (4, {0: ("x",)})
    assert append(answered, ("older",)) is None
    assert attempts.append_opened(answered, at=NOON) is None
    assert stored(attempt) == opened


# time


def a_credit(**fields: Any) -> Credit:
    """Five minutes from Lena."""
    credit = Credit(id="c1", at=NOON, length=5 * MINUTE, giver_id=7, reason="The fire alarm rang.")
    return replace(credit, **fields)


def test_a_signal_is_kept_and_changes_neither_number_nor_place(attempt: Attempt) -> None:
    signal = Signal(type="left", at=NOON + MINUTE, position=2, seconds=12)
    assert attempts.add_signal(attempt.id, signal, learner_id=ADA)
    assert stored(attempt) == replace(attempt, signals=(signal,))


def test_a_signal_of_a_full_a_finished_or_anothers_attempt_is_not_kept(attempt: Attempt) -> None:
    signal = Signal(type="pasted", at=NOON, position=0)
    assert not attempts.add_signal(attempt.id, signal, learner_id=OMAR)
    for _ in range(MOST_SIGNALS):
        assert attempts.add_signal(attempt.id, signal, learner_id=ADA)
    assert not attempts.add_signal(attempt.id, signal, learner_id=ADA)
    over = until(attempt, id="b" * 32, assessment_slug="tools")
    assert attempts.add(over)
    assert attempts.finish(over, finished_at=NOON, responses=(), report=a_report())
    assert not attempts.add_signal(over.id, signal, learner_id=ADA)
    assert (len(stored(attempt).signals), stored(over).signals) == (MOST_SIGNALS, ())


def test_an_attempt_from_before_signals_has_none(attempt: Attempt) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$unset": {"signals": ""}})
    assert stored(attempt).signals == ()


def test_a_credit_moves_the_deadline_and_stays_with_who_gave_it_and_why(attempt: Attempt) -> None:
    credited = attempts.add_credit(attempt, a_credit())

    assert credited == stored(attempt)
    assert credited.deadline == attempt.deadline + 5 * MINUTE
    assert credited.time.credits == (a_credit(),)
    assert credited.seq == attempt.seq
    assert append(attempt, arrived_at=attempt.deadline + 4 * MINUTE)


def test_a_credit_for_time_that_is_not_as_it_was_read_changes_nothing(attempt: Attempt) -> None:
    credited = attempts.add_credit(attempt, a_credit())

    assert attempts.add_credit(attempt, a_credit(id="c2")) is None
    assert stored(attempt) == credited


def test_a_closed_attempt_takes_no_credit(attempt: Attempt) -> None:
    closed = attempts.finish(attempt, finished_at=NOON, responses=(), report=a_report())

    assert attempts.add_credit(attempt, a_credit()) is None
    assert stored(attempt) == closed


def test_an_attempt_is_not_closed_by_who_has_not_seen_its_credit(attempt: Attempt) -> None:
    credited = attempts.add_credit(attempt, a_credit())

    assert attempts.finish(attempt, finished_at=attempt.deadline, responses=(), report=a_report()) is None
    assert stored(attempt) == credited


def test_the_end_of_an_assignment_caps_the_deadline_and_takes_no_credit_away(app: Flask) -> None:
    time = TimeLedger(15 * MINUTE, factor=1.5, closes_at=NOON + 20 * MINUTE)
    attempt = an_attempt(learner_id=ADA, time=time)
    attempts.add(attempt)

    both = [attempts.add_credit(stored(attempt), a_credit(id=name)) for name in ("c1", "c2")]

    assert [credited.deadline for credited in both if credited] == [NOON + 20 * MINUTE] * 2
    assert stored(attempt).time.length == timedelta(minutes=32, seconds=30)


def test_what_an_assignment_adds_to_the_limit_comes_back(app: Flask) -> None:
    attempt = an_attempt(learner_id=ADA, time=TimeLedger(15 * MINUTE, extra=10 * MINUTE))
    attempts.add(attempt)

    assert stored(attempt).deadline == attempt.started_at + 25 * MINUTE


def test_an_attempt_from_before_assignments_added_time_has_none_added(attempt: Attempt) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$unset": {"time.extra_seconds": ""}})

    assert stored(attempt) == attempt


def test_the_terms_of_an_attempt_from_before_assignments_added_time_are_read(app: Flask) -> None:
    attempt = an_attempt(learner_id=ADA, assignment=some_terms())
    attempts.add(attempt)
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$unset": {"assignment.extra_minutes": ""}})

    assert stored(attempt).assignment == some_terms()


def test_everybodys_attempts_under_assignments_are_listed_and_found_by_an_index(app: Flask) -> None:
    for number, (learner_id, name) in enumerate([(1, "a"), (2, "a"), (1, "b"), (1, "c")]):
        attempts.add(an_attempt(id=f"{number:032}", learner_id=learner_id, assignment=some_terms(assignment_id=name)))

    found = attempts.list_assigned(["a", "b"])

    assert sorted((one.assignment_id, one.learner_id) for one in found) == [("a", 1), ("a", 2), ("b", 1)]
    plan = documents.collection("attempts").find({"assignment.assignment_id": {"$in": ["a", "b"]}}).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])


def test_an_attempt_from_before_time_was_a_ledger_has_its_limit(attempt: Attempt) -> None:
    change = {"$unset": {"time": ""}, "$set": {"time_limit_seconds": 900.0}}
    documents.collection("attempts").update_one({"_id": attempt.id}, change)

    assert stored(attempt) == attempt
    credited = attempts.add_credit(stored(attempt), a_credit())
    assert credited
    assert credited.deadline == attempt.deadline + 5 * MINUTE


def test_seen_items_can_leave_out_one_attempt(app: Flask) -> None:
    attempt = an_attempt(learner_id=ADA)
    attempts.add(attempt)

    assert len(attempts.list_met(ADA)) == 1
    assert attempts.list_met(ADA, apart_from=attempt.id) == []


def test_what_attempts_mean_for_practice(app: Flask) -> None:
    later = NOON + timedelta(hours=1)
    over, still_open = (
        an_attempt(id="1" * 32),
        an_attempt(id="2" * 32, assessment_slug="tools", started_at=later),
    )
    still_open = until(still_open, form=over.form[:2], deadline=later + timedelta(hours=1))
    missed, known = over.form[0].item_id, over.form[1].item_id
    responses = [a_response(over, item_id=missed, mark=0.5), a_response(over, item_id=known, mark=1.0)]
    attempts.add(over)
    attempts.finish(over, finished_at=NOON, responses=responses, report=a_report())
    attempts.add(still_open)

    history = attempts.get_quiz_history(1, now=later)

    assert history.missed == {}
    assert history.open_item_ids == {missed, known}
    assert history.open_topic_ids == frozenset()
    assert attempts.get_quiz_history(1, now=later + timedelta(hours=2)) == history  # open until it is closed
    attempts.finish(still_open, finished_at=later, responses=[], report=a_report())
    closed = attempts.get_quiz_history(1, now=later)
    assert closed.open_item_ids == frozenset()
    assert closed.missed == {missed: NOON}
    assert attempts.get_quiz_history(2, now=later).missed == {}
