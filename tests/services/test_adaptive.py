"""Adaptive attempts through the services, on the real stores."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from tests.builders import answer, item_at, right_answer, take, wrong_answer
from tests.conftest import NOON, Cast, forget_sources
from tests.services.test_attempts import at_once
from tests.services.watching import watched_commands
from tests.web.stored import everything
from tracker.app import create_app
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.family import split_version
from tracker.assessment.item_review import UNDER_REVIEW, Decision
from tracker.assessment.parameters import AUTHORS_WORD, Estimate
from tracker.assessment.time_ledger import GRACE, Credit
from tracker.config import Config
from tracker.errors import AttemptClosed, BadInput, Conflict, NotFound, StaleAnswer
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.services import adaptive, attempts, items, profiles
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, exposures, item_parameters, item_reviews
from tracker.storage.question_bank import get_bank

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's adaptive attempt at the language area, just started."""
    return attempts.start_attempt("language-adaptive", learner_id=cast.ada, now=NOON, seed=7)


def restart() -> None:
    """Forget what this process has worked out."""
    adaptive.get_setting.cache_clear()


def answered_to_the_end(attempt: Attempt, *, rightly: bool = True) -> Attempt:
    while not attempt.is_finished:
        item = item_at(attempt, attempt.position)
        attempt = answer(attempt, right_answer(item) if rightly else wrong_answer(item))
    return attempt


# the whole way


def test_it_starts_with_one_item_and_a_plan(attempt: Attempt, cast: Cast) -> None:
    assert (len(attempt.form), attempt.position, attempt.item_count) == (1, 0, 15)
    assert attempt.plan
    assert attempt.plan.parameters == AUTHORS_WORD.revision
    assert attempt.deadline == NOON + 20 * MINUTE
    assert attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON) == attempt


def test_each_answer_brings_the_next_item_and_the_last_one_the_result(attempt: Attempt, cast: Cast) -> None:
    finished = answered_to_the_end(attempt)

    assert (finished.stopped_by, len(finished.form)) == ("length", 15)
    assert [response.mark for response in finished.responses] == [1.0] * 15
    assert finished.report
    assert finished.report.scores["language"].value > 500
    assert finished == attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON)
    assert profiles.get_record(cast.ada, now=NOON).profile.area("language").responses == 15


def test_no_item_comes_twice_and_the_topics_share_the_places_evenly(attempt: Attempt) -> None:
    finished = answered_to_the_end(attempt)

    ids = [place.item_id for place in finished.form]
    assert len(set(ids)) == 15
    assert set(Counter(item_id.rpartition("/")[0] for item_id in ids).values()) == {3}


def test_a_placement_balances_the_areas(cast: Cast) -> None:
    finished = take("placement-adaptive", learner_id=cast.ada, now=NOON)

    areas = Counter(place.item_id.partition("/")[0] for place in finished.form)
    assert set(areas.values()) == {5}


def test_a_topics_quiz_asks_nothing_else(cast: Cast) -> None:
    finished = take("topic-databases-sqlite", learner_id=cast.ada, now=NOON)

    assert {place.item_id.rpartition("/")[0] for place in finished.form} == {"databases/sqlite"}
    assert finished.report
    assert set(finished.report.scores) == {"databases"}


def test_harder_items_come_after_right_answers_than_after_wrong_ones(cast: Cast) -> None:
    levels = {}
    for learner_id, rightly in ((cast.ada, True), (cast.omar, False)):
        started = attempts.start_attempt("language-adaptive", learner_id=learner_id, now=NOON, seed=3)
        finished = answered_to_the_end(started, rightly=rightly)
        levels[rightly] = [item_at(finished, place).difficulty for place in range(8, len(finished.form))]
    assert sum(levels[True]) / len(levels[True]) > sum(levels[False]) / len(levels[False]) + 0.3


def test_what_is_served_is_kept_before_it_is_seen(cast: Cast) -> None:
    forget_sources()
    attempt = attempts.start_attempt("language-adaptive", learner_id=cast.ada, now=NOON)
    for _ in range(3):
        attempt = answer(attempt)
        served = split_version(attempt.form[-1].item_version)[0]
        assert served in kept_sources()


def kept_sources() -> set[str]:
    return {document["_id"] for document in documents.collection("item_sources").find({}, {"_id": 1})}


# replay


def test_the_same_seed_and_the_same_answers_give_the_same_attempt(attempt: Attempt, cast: Cast) -> None:
    other = attempts.start_attempt("language-adaptive", learner_id=cast.omar, now=NOON, seed=7)
    for number in range(6):
        restart()
        attempt, other = (
            answer(one, right_answer(item_at(one, number)) if number % 2 else wrong_answer(item_at(one, number)))
            for one in (attempt, other)
        )
    assert attempt.form == other.form


def test_a_turn_can_be_made_again_from_what_is_stored(attempt: Attempt) -> None:
    for _ in range(4):
        attempt = answer(attempt)
    assert attempt.plan
    for place in range(1, 5):
        restart()
        then = replace(attempt, form=attempt.form[:place], events=attempt.events[: place + 1])
        assert adaptive.follow(then, attempt.plan, now=NOON) == attempt.form[place]


def test_each_place_says_why_it_was_chosen(attempt: Attempt) -> None:
    for _ in range(4):
        attempt = answer(attempt)

    reasons = [place.reason for place in attempt.form]
    assert [reason.criterion for reason in reasons if reason] == ["over the posterior"] * 3 + ["at the estimate"] * 2
    weights = [reason.weight for reason in reasons if reason]
    assert weights == sorted(weights)
    assert all(reason and reason.information > 0 for reason in reasons)


def test_an_attempt_keeps_to_the_parameters_it_began_with(attempt: Attempt, cast: Cast) -> None:
    version = next(item.version for item in get_bank().items.values() if item.topic_id == "tools/git")
    estimates = {version: Estimate(a=1, b=0, a_error=0.1, b_error=0.1, responses=500)}
    item_parameters.add(replace(AUTHORS_WORD, revision=1, made_at=NOON, estimates=estimates))

    later = attempts.start_attempt("tools-adaptive", learner_id=cast.ada, now=NOON)

    assert attempt.plan
    assert later.plan
    assert (answer(attempt).plan, later.plan.parameters) == (attempt.plan, 1)


# what was met before


def test_what_was_met_before_comes_only_when_a_topic_has_nothing_else(cast: Cast) -> None:
    there = len(get_bank().live_by_topic["tools/git"])
    met: list[str] = []
    for number in range(3):
        finished = take("topic-tools-git", learner_id=cast.ada, now=NOON + number * MINUTE, wrong=range(0, 8, 2))
        served = [place.item_id for place in finished.form]
        again = [item_id in met for item_id in served]
        assert again == sorted(again)
        assert sum(not one for one in again) == min(len(served), there - len(set(met)))
        met += served


def test_a_family_met_before_shows_another_surface(cast: Cast) -> None:
    surfaces: dict[str, list[str]] = {}
    for number in range(6):
        finished = take("topic-tools-git", learner_id=cast.ada, now=NOON + number * MINUTE, wrong=range(0, 8, 2))
        for place in finished.form:
            file_version, surface = split_version(place.item_version)
            if surface:
                surfaces.setdefault(file_version, []).append(surface)
    assert all(len(set(shown)) == len(shown) for shown in surfaces.values())


def test_an_item_under_review_is_not_asked(cast: Cast) -> None:
    flagged = get_bank().live_by_topic["tools/git"][:6]
    for entry in flagged:
        item_reviews.add_decision(
            entry.version, Decision(UNDER_REVIEW, by="Vera", at=NOON, because="Leaked."), item_id=entry.id
        )

    finished = take("topic-tools-git", learner_id=cast.ada, now=NOON, wrong=range(0, 8, 2))

    assert not {place.item_id for place in finished.form} & {entry.id for entry in flagged}


# stopping


def test_with_less_than_twenty_seconds_left_no_item_is_begun(attempt: Attempt) -> None:
    going_on = answer(attempt, arrived_at=attempt.deadline - 21 * SECOND)
    assert going_on.stopped_by is None

    finished = answer(going_on, arrived_at=attempt.deadline - 20 * SECOND)

    assert (finished.stopped_by, finished.is_finished, len(finished.form)) == ("time", True, 2)
    assert finished.finished_at == attempt.deadline - 20 * SECOND
    assert not finished.ran_out


def test_an_area_that_is_known_well_stops_after_five(cast: Cast) -> None:
    for number in range(3):
        take("language", learner_id=cast.ada, now=NOON + number * MINUTE, wrong=range(0, 12, 2))

    finished = take("language-adaptive", learner_id=cast.ada, now=NOON + 5 * MINUTE, wrong=range(0, 15, 2))

    assert (finished.stopped_by, len(finished.form)) == ("precision", 5)
    ability = profiles.get_record(cast.ada, now=NOON + 5 * MINUTE).profile.area("language").ability
    assert ability.standard_error <= 0.45


def test_a_topic_far_from_the_cut_stops_as_soon_as_that_is_clear(cast: Cast) -> None:
    finished = take("topic-language-oop", learner_id=cast.ada, now=NOON, wrong=range(8))

    assert finished.stopped_by == "classification"
    assert 5 <= len(finished.form) < 8
    ability = profiles.get_record(cast.ada, now=NOON).profile.topic("language/oop").ability
    assert ability.chance_of(PROFICIENT_CUT) < 0.06


# refusals


def test_an_answer_sent_again_gets_the_same_reply(attempt: Attempt) -> None:
    saved = answer(attempt)
    before = everything()

    assert answer(attempt) == saved
    assert everything() == before


def test_the_last_answer_sent_again_gets_the_same_reply(attempt: Attempt) -> None:
    while len(attempt.form) < 15:
        attempt = answer(attempt)
    finished = answer(attempt)
    assert finished.is_finished

    assert answer(attempt) == finished


def test_a_changed_answer_to_an_earlier_place_is_refused(attempt: Attempt) -> None:
    answer(attempt)
    before = everything()

    with pytest.raises(StaleAnswer):
        answer(attempt, wrong_answer(item_at(attempt, 0)))
    assert everything() == before


def test_there_is_no_way_back(attempt: Attempt, cast: Cast) -> None:
    attempt = answer(attempt)
    before = everything()

    with pytest.raises(BadInput):
        attempts.move(attempt.id, learner_id=cast.ada, seq=attempt.seq, then=0, arrived_at=NOON)
    with pytest.raises(BadInput):
        answer(attempt, then=0)
    with pytest.raises(BadInput):
        answer(attempt, position=0)
    assert everything() == before


def test_a_fixed_form_must_say_where_to_go(cast: Cast) -> None:
    fixed = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    with pytest.raises(BadInput):
        answer(fixed, then=None)


def test_nobody_answers_in_an_adaptive_attempt_of_somebody_else(attempt: Attempt, cast: Cast) -> None:
    before = everything()
    with pytest.raises(NotFound):
        answer(attempt, learner_id=cast.omar)
    assert everything() == before


def test_an_answer_after_the_grace_is_refused(attempt: Attempt) -> None:
    with pytest.raises(AttemptClosed):
        answer(attempt, arrived_at=attempt.deadline + 6 * SECOND)


# races and crashes


def test_of_two_answers_at_once_one_is_saved_and_the_other_is_told(app: Flask, attempt: Attempt) -> None:
    item = item_at(attempt, 0)

    replies = at_once(app, [lambda: answer(attempt, right_answer(item)), lambda: answer(attempt, wrong_answer(item))])

    assert sorted(type(reply).__name__ for reply in replies) == ["Attempt", "StaleAnswer"]
    stored = stored_attempts.get(attempt.id, learner_id=attempt.learner_id)
    assert stored in replies
    assert (len(stored.form), len(stored.events)) == (2, 2)


def test_the_last_answer_sent_many_times_at_once_finishes_once(app: Flask, attempt: Attempt, cast: Cast) -> None:
    while len(attempt.form) < 15:
        attempt = answer(attempt)

    replies = at_once(app, [lambda: answer(attempt)] * 4)

    stored = stored_attempts.get(attempt.id, learner_id=cast.ada)
    assert replies == [stored] * 4
    assert [event.type for event in stored.events].count("finished") == 1
    assert exposures.get().attempts["language/oop"] == 1


def test_an_attempt_that_a_rule_stopped_is_finished_by_whoever_meets_it(
    attempt: Attempt, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(profiles, "with_attempt", fail)
        with pytest.raises(ConnectionError):
            answer(attempt, arrived_at=attempt.deadline - SECOND)
    left = stored_attempts.get(attempt.id, learner_id=cast.ada)
    assert (left.stopped_by, left.position, left.is_finished) == ("time", REVIEW, False)

    met = attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON + timedelta(days=1))

    assert met.finished_at == attempt.deadline - SECOND
    assert len(met.responses) == 1


def fail(*_: object, **__: object) -> None:
    raise ConnectionError


def test_after_a_restart_it_goes_on(attempt: Attempt) -> None:
    while not attempt.is_finished:
        restart()
        attempt = answer(attempt)
    assert len(attempt.responses) == 15


# exposure and costs


def test_exposure_counts_each_attempt_when_it_ends(attempt: Attempt) -> None:
    attempt = answer(attempt)
    assert not exposures.get().attempts

    finished = answered_to_the_end(attempt)

    counted = exposures.get()
    assert counted.attempts["language/oop"] == 1
    assert "tools/git" not in counted.attempts
    assert counted.given == Counter(split_version(version)[0] for version in finished.versions)


def test_what_was_given_too_often_rests(cast: Cast) -> None:
    served: Counter[str] = Counter()
    for learner_id in range(100, 112):
        finished = take("topic-tools-git", learner_id=learner_id, now=NOON, wrong=range(0, 8, 2))
        served.update(place.item_id for place in finished.form)
    there = [entry.id for entry in get_bank().live_by_topic["tools/git"]]
    assert set(served) == set(there)
    assert max(served.values()) <= 2 * sum(served.values()) / len(there)


def test_a_turn_costs_one_update_and_a_read_only_where_the_process_did_not_make_the_last_change(
    attempt: Attempt, config: Config
) -> None:
    items.keep_served([replace(attempt.form[0], item_version=entry.version) for entry in get_bank().items.values()])
    families = get_bank().families.values()
    items.keep_served([replace(attempt.form[0], item_version=family.version) for family in families])

    costs = []
    for _ in range(3):
        with watched_commands(config) as commands:
            attempt = answer(attempt)
        costs.append(commands)
    assert costs == [["find", "update"], ["update"], ["update"]]

    attempt = attempts.take_over(attempt.id, learner_id=attempt.learner_id, arrived_at=NOON)
    with watched_commands(config) as commands:
        attempt = answer(attempt)
    assert commands == ["find", "update"]


def test_a_turn_of_what_another_process_changed_meanwhile_is_as_if_it_had_been_read(
    app: Flask, config: Config, attempt: Attempt
) -> None:
    attempt = answer(attempt)
    with create_app(config).app_context():
        attempt = answer(attempt)
    attempt = answer(attempt)
    credit = Credit(id="c1", at=NOON, length=5 * MINUTE, giver_id=None, reason="An outage.")
    with create_app(config).app_context():
        credited = stored_attempts.add_credit(attempt, credit)

    attempt = answer(attempt)

    assert credited
    assert attempt.time == credited.time
    assert attempt == stored_attempts.get(attempt.id, learner_id=attempt.learner_id)
    assert len(attempt.answers) == 4


def test_the_same_answer_many_times_at_once_after_time_was_credited_is_acknowledged_each_time(
    app: Flask, attempt: Attempt
) -> None:
    for number in range(6):
        attempt = answer(attempt)
        credit = Credit(id=f"c{number}", at=NOON, length=MINUTE, giver_id=None, reason="An outage.")
        assert stored_attempts.add_credit(attempt, credit)

        saved = at_once(app, [partial(answer, attempt)] * 4)

        attempt = stored_attempts.get(attempt.id, learner_id=attempt.learner_id)
        assert saved == [attempt] * 4


def test_time_credited_since_the_last_turn_keeps_the_next_from_stopping_for_want_of_time(attempt: Attempt) -> None:
    attempt = answer(attempt)
    credit = Credit(id="c1", at=NOON, length=5 * MINUTE, giver_id=None, reason="An outage.")
    assert stored_attempts.add_credit(attempt, credit)

    attempt = answer(attempt, arrived_at=attempt.deadline - SECOND)

    assert (attempt.stopped_by, attempt.position) == (None, 2)


def test_starting_costs_the_same_after_one_attempt_and_after_many(cast: Cast, config: Config) -> None:
    attempts.start_attempt("tools-adaptive", learner_id=cast.omar, now=NOON)  # the first of all reads the bank
    costs = []
    for number in range(3):
        with watched_commands(config) as commands:
            attempt = attempts.start_attempt("tools-adaptive", learner_id=cast.ada, now=now_at(number))
        costs.append(len(commands))
        attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=1, now=now_at(number))
    assert max(costs) <= 11


def now_at(number: int) -> datetime:
    return NOON + number * MINUTE


def test_a_quiz_of_which_everything_is_under_review_is_refused_with_a_sentence(cast: Cast) -> None:
    for entry in get_bank().live_by_topic["tools/git"]:
        item_reviews.add_decision(
            entry.version, Decision(UNDER_REVIEW, by="Vera", at=NOON, because="Leaked."), item_id=entry.id
        )
    before = everything()

    with pytest.raises(Conflict, match="under review"):
        attempts.start_attempt("topic-tools-git", learner_id=cast.ada, now=NOON)

    assert everything() == before


def test_an_attempt_whose_topics_are_all_gone_ends_with_the_next_answer(attempt: Attempt) -> None:
    gone = {"plan.topic_ids": ["language/gone"]}
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$set": gone})
    restart()

    finished = answer(attempt)

    assert (finished.is_finished, finished.stopped_by) == (True, "exhausted")


def test_what_was_chosen_and_not_sent_off_counts_when_time_runs_out(attempt: Attempt) -> None:
    kept = answer(attempt, then=0)
    assert (kept.position, len(kept.form)) == (0, 1)

    late = attempt.deadline + GRACE + SECOND
    finished = attempts.get_attempt(attempt.id, learner_id=attempt.learner_id, now=late)

    assert [response.mark for response in finished.responses] == [1.0]


def test_a_choice_that_was_kept_can_be_changed_until_it_is_sent_off(attempt: Attempt) -> None:
    item = item_at(attempt, 0)
    kept = answer(attempt, wrong_answer(item), then=0)

    gone_on = answer(kept, right_answer(item))

    assert (gone_on.position, len(gone_on.form)) == (1, 2)
    assert item.body.mark(gone_on.answers[0]) == 1
    assert gone_on.form[1].reason == answer(started_again(attempt), right_answer(item)).form[1].reason


def started_again(attempt: Attempt) -> Attempt:
    """Another attempt with the same start, nothing kept on the way."""
    documents.collection("attempts").delete_one({"_id": attempt.id})
    assert stored_attempts.add(attempt)
    return attempt
