"""Calibration from the log to a revision: whole or not at all, the same however often it was stopped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from flask import Flask

from tests.builders import a_report
from tests.conftest import NOON
from tests.services.simulated import a_small_world, store
from tests.web.stored import everything
from tracker.assessment.parameters import AUTHORS_WORD, ParameterSet
from tracker.errors import Conflict, NotFound
from tracker.scoring.author_prior import by_level
from tracker.services import calibration, profiles
from tracker.services.calibration import NothingNew
from tracker.storage import attempts as stored_attempts
from tracker.storage import calibration_progress, documents, item_parameters
from tracker.storage.calibration_progress import Progress

PEOPLE = 60
DAY = timedelta(days=1)


def run(*, now: datetime = NOON, on_area: Callable[[str], None] = lambda slug: None) -> ParameterSet:
    return calibration.run(learners=PEOPLE, now=now, on_read=lambda count: None, on_area=on_area)


def try_out() -> ParameterSet:
    return calibration.try_out(learners=PEOPLE, now=NOON, on_read=lambda count: None, on_area=lambda slug: None)


@pytest.fixture
def world_stored(app: Flask) -> None:
    """240 attempts in the store."""
    calibration_progress.forget()
    store(a_small_world(people=PEOPLE).log)


@pytest.mark.usefixtures("app")
def test_without_answers_there_is_nothing_to_calibrate_from_and_nothing_is_stored() -> None:
    calibration_progress.forget()
    with pytest.raises(NotFound, match="nobody has finished an attempt yet"):
        run()
    assert item_parameters.current() == AUTHORS_WORD
    assert calibration_progress.find() is None


@pytest.mark.usefixtures("world_stored")
def test_a_run_stores_a_revision_that_knows_the_items_better_than_their_authors() -> None:
    bank = a_small_world(people=PEOPLE).bank
    areas: list[str] = []

    found = run(on_area=areas.append)

    assert item_parameters.current() == found
    assert (found.revision, found.made_at, found.responses) == (1, NOON, 2400)
    assert areas == [f"area-{number}" for number in range(5)] == sorted(found.populations)
    true = dict(zip((item.version for item in bank.items), bank.b, strict=True))
    levels = {item.version: by_level(item.difficulty).b for item in bank.items}
    errors, labels = (
        np.array([guess - true[version] for version, guess in guesses.items()])
        for guesses in ({version: one.b for version, one in found.estimates.items()}, levels)
    )
    assert np.mean(errors**2) < 0.6 * np.mean(labels**2)
    assert all(0 < population.people <= PEOPLE for population in found.populations.values())
    assert calibration_progress.find() is None


@pytest.mark.usefixtures("world_stored")
def test_with_nothing_new_no_revision_is_made() -> None:
    run()
    with pytest.raises(NothingNew, match="revision 1"):
        run(now=NOON + DAY)
    assert item_parameters.list_revisions() == [1]


@pytest.mark.usefixtures("world_stored")
def test_trying_out_finds_the_same_and_stores_nothing() -> None:
    before = everything()

    found = try_out()

    assert everything() == before
    assert item_parameters.current() == AUTHORS_WORD
    assert calibration_progress.find() is None
    assert run() == found


@pytest.mark.usefixtures("world_stored")
@pytest.mark.parametrize("keeps", [1, 3, 5, 8])
def test_a_run_that_was_stopped_anywhere_goes_on_to_the_very_same_parameters(
    keeps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = try_out()
    kept = calibration_progress.keep
    left = iter(range(keeps))

    def keep_and_die(progress: Progress) -> None:
        kept(progress)
        if next(left, None) is None:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(calibration_progress, "keep", keep_and_die)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert item_parameters.current() == AUTHORS_WORD
    assert calibration_progress.find() is not None

    assert replace(run(now=NOON + DAY / 2), made_at=NOON) == whole


@pytest.mark.usefixtures("world_stored")
def test_what_was_kept_by_a_run_too_long_ago_or_of_other_answers_is_not_used() -> None:
    whole = try_out()
    spoiled = {"area-0": {version: by_level(5) for version in list(whole.estimates)[:10]}}
    for progress in (
        Progress(until=NOON - 2 * DAY, log=whole.log, since=0, done=spoiled),
        Progress(until=NOON, log="another", since=0, done=spoiled),
        Progress(until=NOON, log=whole.log, since=4, done=spoiled),
    ):
        calibration_progress.keep(progress)
        assert run() == whole
        documents.collection("item_parameters").delete_many({})


@pytest.mark.usefixtures("world_stored")
def test_a_second_run_meanwhile_is_refused() -> None:
    with calibration_progress.alone(), pytest.raises(Conflict, match="Another calibration is running"):
        run()
    assert item_parameters.current() == AUTHORS_WORD


@pytest.mark.usefixtures("world_stored")
def test_rapid_guesses_are_left_out_and_so_is_what_is_under_review() -> None:
    whole = try_out()
    documents.collection("attempts").update_one(
        {"_id": f"{0:032x}"}, {"$set": {"responses.0.seconds": 0.5, "responses.1.unscored": "flagged"}}
    )
    assert try_out().responses == whole.responses - 2


@pytest.mark.usefixtures("world_stored")
def test_changes_compare_todays_scores_by_both_revisions_and_store_nothing() -> None:
    before = everything()
    found = try_out()

    (changes,) = calibration.list_changes([1], found, now=NOON)

    assert everything() == before
    run()
    profiles.update_profile(1)
    profile = profiles.get_record(1, now=NOON).profile
    assert {change.area_slug: change.after for change in changes} == {
        area.slug: area.score.value for area in profile.areas
    }


@pytest.mark.usefixtures("world_stored")
def test_what_was_told_stays_told() -> None:
    attempt_id = f"{3:032x}"
    documents.collection("attempts").update_one(
        {"_id": attempt_id}, {"$set": {"report": {"model": 1, "parameters": 0, "scores": {}}}}
    )
    before = documents.collection("attempts").find_one({"_id": attempt_id})

    run()
    for learner_id in profiles.list_lagging_ids():
        profiles.update_profile(learner_id)

    assert documents.collection("attempts").find_one({"_id": attempt_id}) == before
    assert a_report().parameters == 1
    assert stored_attempts.count_finished(1) == 4
    assert profiles.list_lagging_ids() == []


@pytest.mark.usefixtures("world_stored")
def test_going_back_is_a_new_revision_that_says_what_the_old_one_said() -> None:
    first = run()

    authors = calibration.revert(0, now=NOON + DAY)
    again = calibration.revert(1, now=NOON + 2 * DAY)

    assert (authors.revision, authors.estimates) == (2, {})
    assert (again.revision, again.estimates) == (3, first.estimates)
    assert item_parameters.get(1) == first
    with pytest.raises(NotFound, match="no revision 9"):
        calibration.revert(9, now=NOON)


@pytest.mark.usefixtures("world_stored")
def test_moves_name_the_largest_first_and_new_items_last() -> None:
    first = run()
    version = next(iter(first.estimates))
    moved = replace(first.estimates[version], b=first.estimates[version].b + 3)
    new = {"f00d": by_level(3)}

    moves = calibration.list_moves(replace(first, revision=2, estimates={**first.estimates, version: moved, **new}))

    assert (moves[0].version, moves[0].after) == (version, moved)
    assert (moves[-1].version, moves[-1].before) == ("f00d", None)
