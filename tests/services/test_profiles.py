"""Profiles: derived from attempts, repaired when they lag, the same however often they are made."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_report, answer, marked, take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.attempt import Attempt
from tracker.assessment.family import split_version
from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.assessment.response import MarkedAttempt
from tracker.scoring.profile import REVISION, Profile
from tracker.services import attempts, profiles
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, item_parameters
from tracker.storage import profiles as stored_profiles

HOUR = timedelta(hours=1)
LATER = NOON + HOUR


def stored(learner_id: int) -> stored_profiles.StoredProfile | None:
    return stored_profiles.find(learner_id, revision=REVISION)


def crash_after_finish(learner_id: int) -> Attempt:
    """Finish an attempt in the store only, as a process does that dies before it updates the profile."""
    attempt = answer(attempts.start_attempt("tools", learner_id=learner_id, now=NOON))
    finished = stored_attempts.finish(attempt, finished_at=NOON, responses=marked(attempt), report=a_report())
    assert finished is not None
    return finished


@pytest.fixture
def finished(cast: Cast) -> Attempt:
    """Ada's attempt at the language quiz, finished at noon."""
    return take("language", learner_id=cast.ada, now=NOON, wrong=range(6))


def test_finishing_an_attempt_makes_the_profile(finished: Attempt, cast: Cast) -> None:
    profile = stored(cast.ada)

    assert profile is not None
    assert (profile.attempts, profile.last_finished_at) == (1, NOON)
    assert stored(cast.omar) is None


def test_making_a_profile_again_changes_nothing(finished: Attempt, cast: Cast) -> None:
    before = everything()

    profiles.update_profile(cast.ada)
    profiles.update_profile(cast.ada)

    assert everything() == before


def test_a_record_holds_the_profile_and_the_attempts_it_rests_on(finished: Attempt, cast: Cast) -> None:
    record = profiles.get_record(cast.ada, now=NOON)

    assert [entry.attempt_id for entry in record.attempts] == [finished.id]
    assert record.attempts[0].responses == finished.responses
    area = record.profile.area("language")
    assert (area.responses, area.right) == (12, 6)


def test_who_has_finished_nothing_has_an_empty_record_and_none_is_stored(cast: Cast) -> None:
    attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    record = profiles.get_record(cast.ada, now=NOON)

    assert record.attempts == ()
    assert record.profile == Profile()
    assert everything()["profiles"] == []


def test_reading_repairs_a_profile_that_a_crash_left_behind(finished: Attempt, cast: Cast) -> None:
    crash_after_finish(cast.ada)
    lagging = stored(cast.ada)

    record = profiles.get_record(cast.ada, now=NOON)

    assert lagging is not None
    assert lagging.attempts == 1
    assert record.profile.area("tools").responses == 12
    repaired = stored(cast.ada)
    assert repaired is not None
    assert repaired.attempts == 2


def test_a_repaired_profile_is_the_same_as_one_without_a_crash(cast: Cast) -> None:
    crashed = crash_after_finish(cast.ada)
    profiles.get_record(cast.ada, now=NOON)
    repaired = stored(cast.ada)

    documents.collection("profiles").delete_many({})
    profiles.update_profile(crashed.learner_id)

    assert stored(cast.ada) == repaired


def test_repairing_touches_only_profiles_that_lag(finished: Attempt, cast: Cast) -> None:
    crash_after_finish(cast.omar)
    adas = stored(cast.ada)

    assert profiles.repair_profiles() == 1
    assert profiles.repair_profiles() == 0

    assert stored(cast.ada) == adas
    assert stored(cast.omar) is not None


def test_a_profile_of_an_older_model_is_made_anew_by_the_next_read(finished: Attempt, cast: Cast) -> None:
    current = stored(cast.ada)
    documents.collection("profiles").update_one({"_id": cast.ada}, {"$set": {"revision": REVISION - 1, "values": {}}})
    assert stored(cast.ada) is None

    record = profiles.get_record(cast.ada, now=NOON)

    assert record.profile.area("language").responses == 12
    assert stored(cast.ada) == current


def test_a_lost_profile_is_made_anew_by_repairing(finished: Attempt, cast: Cast) -> None:
    current = stored(cast.ada)
    documents.collection("profiles").delete_many({})

    assert profiles.repair_profiles() == 1

    assert stored(cast.ada) == current


def test_a_profile_made_too_late_from_fewer_attempts_does_not_replace_the_newer_one(
    finished: Attempt, cast: Cast
) -> None:
    older = stored(cast.ada)
    assert older is not None
    take("tools", learner_id=cast.ada, now=LATER)
    newer = stored(cast.ada)

    stored_profiles.put(older)

    assert stored(cast.ada) == newer != older


def test_a_kept_profile_comes_without_its_moments_and_empty_where_nothing_is_known(
    finished: Attempt, cast: Cast
) -> None:
    known, nothing = (profiles.get_profile(learner_id, now=NOON) for learner_id in (cast.ada, cast.omar))

    assert known == replace(profiles.get_record(cast.ada, now=NOON).profile, moments=())
    assert nothing == Profile()


def test_with_time_an_ability_gets_less_sure_and_the_stored_profile_stays(finished: Attempt, cast: Cast) -> None:
    before = everything()

    now, later = (
        profiles.get_record(cast.ada, now=moment).profile.area("language").ability
        for moment in (NOON, NOON + timedelta(days=365))
    )

    assert later.standard_error > now.standard_error
    assert everything() == before


def test_only_who_has_finished_something_is_on_the_list_to_rebuild(finished: Attempt, cast: Cast) -> None:
    attempts.start_attempt("language", learner_id=cast.omar, now=NOON)

    assert profiles.list_learner_ids() == [cast.ada]


def test_an_attempt_is_added_to_the_profile_as_if_all_were_folded_anew(finished: Attempt, cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=LATER, wrong=range(4))
    added = stored(cast.ada)
    documents.collection("profiles").delete_many({})

    profiles.update_profile(cast.ada)

    assert stored(cast.ada) == added


def test_what_was_told_stays_told_when_the_items_are_known_better(finished: Attempt, cast: Cast) -> None:
    (told,) = profiles.get_record(cast.ada, now=NOON).profile.area("language").history
    estimates = {
        version: Estimate(a=2.0, b=2.0, a_error=0.1, b_error=0.1, responses=300)
        for version in {split_version(place.item_version)[0] for place in finished.form}
    }
    item_parameters.add(ParameterSet(revision=1, made_at=NOON, estimates=estimates))
    assert profiles.repair_profiles() == 1

    area = profiles.get_record(cast.ada, now=NOON).profile.area("language")

    assert area.history == (told,)
    assert area.score.value > told.score.value
    profile = stored(cast.ada)
    assert profile is not None
    assert profile.parameters == 1
    assert finished.report is not None
    assert finished.report.scores["language"] == told.score


def test_a_flagged_answer_tells_nothing_about_its_learner(cast: Cast) -> None:
    attempt = answer(attempts.start_attempt("tools", learner_id=cast.ada, now=NOON))
    flagged = [replace(response, unscored="flagged") for response in marked(attempt)]
    stored_attempts.finish(attempt, finished_at=NOON, responses=flagged, report=a_report())

    profile = profiles.get_record(cast.ada, now=NOON).profile

    assert profile.responses == 0
    assert profile.area("tools").ability == Profile().area("tools").ability


def test_an_attempt_closed_after_a_later_one_is_told_what_was_known_when_it_ended(cast: Cast) -> None:
    first = answer(attempts.start_attempt("tools", learner_id=cast.ada, now=NOON))
    in_time = MarkedAttempt(first.id, NOON + HOUR, tuple(marked(first)))
    _, told_in_time = profiles.with_attempt(in_time, learner_id=cast.ada)
    crash_in_second = answer(attempts.start_attempt("frameworks", learner_id=cast.ada, now=NOON))
    stored_attempts.finish(
        crash_in_second, finished_at=NOON + 2 * HOUR, responses=marked(crash_in_second), report=a_report()
    )

    profile, told = profiles.with_attempt(in_time, learner_id=cast.ada)

    assert told == told_in_time
    assert profile.attempts == 2
