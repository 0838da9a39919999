"""Items as they were served: also after the bank has changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests.builders import answer, take
from tests.conftest import NOON, Cast, forget_sources
from tests.services.watching import watched_commands
from tracker.assessment.attempt import Attempt
from tracker.config import Config
from tracker.services import attempts, items, results
from tracker.storage import archive
from tracker.storage.item_files import Source
from tracker.storage.question_bank import EXTENSION, QuestionBank, get_bank

Emptied = Callable[[], None]


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt at the language quiz, just started, the first of the app."""
    forget_sources()
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


@pytest.fixture
def without_items(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Emptied:
    """Makes the app's bank forget every item, as if all files had been changed since."""

    def forget() -> None:
        bank: QuestionBank = app.extensions[EXTENSION]
        monkeypatch.setitem(app.extensions, EXTENSION, replace(bank, items_by_version={}, families_by_version={}))

    return forget


def test_what_a_form_serves_is_kept_before_anybody_sees_it(attempt: Attempt) -> None:
    kept = archive.list_sources({version.partition("-")[0] for version in attempt.versions})

    assert {source.item_id for source in kept.values()} == {place.item_id for place in attempt.form}
    assert all(source.version == version for version, source in kept.items())


def test_an_open_attempt_shows_and_marks_exactly_what_it_served_although_the_items_changed(
    attempt: Attempt, without_items: Emptied
) -> None:
    before = attempts.get_served_item(attempt)
    without_items()

    assert attempts.get_served_item(attempt) == before
    finished = attempts.finish_attempt(answer(attempt).id, learner_id=attempt.learner_id, seq=attempt.seq + 1, now=NOON)
    assert len(finished.responses) == len(attempt.form)
    assert finished.responses[0].is_right


def test_a_result_explains_exactly_what_was_served_although_the_items_changed(
    cast: Cast, without_items: Emptied
) -> None:
    finished = take("language", learner_id=cast.ada, now=NOON)
    before = results.get_result(finished.id, learner_id=cast.ada, now=NOON)
    without_items()
    after = results.get_result(finished.id, learner_id=cast.ada, now=NOON)

    assert before is not None
    assert after is not None
    assert after.items == before.items


def test_changed_items_cost_one_query_and_unchanged_ones_none(
    attempt: Attempt, without_items: Emptied, config: Config
) -> None:
    with watched_commands(config) as unchanged:
        items.find_items(attempt.versions)
    without_items()
    with watched_commands(config) as changed:
        items.find_items(attempt.versions)

    assert (unchanged.count("find"), changed.count("find")) == (0, 1)


def test_a_version_that_was_never_served_is_absent(cast: Cast) -> None:
    assert items.find_item("f" * 16) is None


def test_keeping_the_same_source_again_changes_nothing(attempt: Attempt) -> None:
    version = attempt.versions[0].partition("-")[0]
    source = get_bank().sources[version]

    archive.keep([source, source])
    archive.keep([Source(source.item_id, source.text)])

    assert archive.list_sources([version]) == {version: source}
