"""`flask calibrate …`"""

from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import NOON
from tests.services.simulated import a_small_world, store
from tests.web.stored import everything
from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet
from tracker.services import calibration, profiles
from tracker.storage import calibration_progress, item_parameters
from tracker.storage.question_bank import get_bank

ITEM = "language/syntax/single"


def invoke(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["calibrate", *args])


@pytest.fixture
def some_answers(app: Flask) -> Flask:
    """The app with forty attempts of ten people."""
    calibration_progress.forget()
    store(a_small_world(people=10).log)
    return app


def test_running_without_answers_fails_with_a_sentence(app: Flask) -> None:
    calibration_progress.forget()
    result = invoke(app, "run")
    assert result.exit_code == 1
    assert "nobody has finished an attempt yet" in result.output
    assert item_parameters.current() == AUTHORS_WORD


def test_a_dry_run_says_whose_scores_would_change_and_stores_nothing(some_answers: Flask) -> None:
    before = everything()

    result = invoke(some_answers, "run", "--dry-run")

    assert result.exit_code == 0, result.output
    assert everything() == before
    assert item_parameters.current() == AUTHORS_WORD
    assert "Revision 1," in result.output
    assert ", area-" in result.output
    assert " scores change by " in result.output
    assert "@" not in result.output
    assert result.output.endswith("Nothing was stored. What was reported stays as it is either way.\n")


def test_a_run_stores_a_revision_and_folds_the_profiles(some_answers: Flask) -> None:
    result = invoke(some_answers, "run")

    assert result.exit_code == 0, result.output
    assert item_parameters.current().revision == 1
    assert "400 responses" in result.output
    assert "10 profiles were folded anew." in result.output
    assert profiles.list_lagging_ids() == []

    again = invoke(some_answers, "run")

    assert again.exit_code == 0
    assert "Nothing is new: revision 1" in again.output
    assert item_parameters.list_revisions() == [1]


def test_a_second_run_meanwhile_fails_with_a_sentence(some_answers: Flask) -> None:
    with calibration_progress.alone():
        result = invoke(some_answers, "run")
    assert result.exit_code == 1
    assert "Another calibration is running" in result.output


def test_a_run_that_is_stopped_says_that_the_next_one_goes_on(
    some_answers: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(calibration, "walks_of", stop)
        result = invoke(some_answers, "run")

    assert result.exit_code == 130
    assert "The next run goes on from here." in result.output
    assert item_parameters.current() == AUTHORS_WORD
    assert invoke(some_answers, "run").exit_code == 0


def test_show_tells_of_the_revision_that_counts(some_answers: Flask) -> None:
    assert invoke(some_answers, "show").output == "Revision 0: the authors' word alone.\n"
    invoke(some_answers, "run")
    shown = invoke(some_answers, "show").output
    assert "items from 400 responses" in shown
    assert "Abilities walk by 0.25 a month, topics by 0.10 more." in shown


def test_history_lists_an_items_parameters_by_revision(small_app: Flask) -> None:
    estimate = Estimate(a=1.25, b=-0.5, a_error=0.2, b_error=0.1, responses=240)
    first = ParameterSet(revision=1, made_at=NOON, estimates={"another": estimate})
    item_parameters.add(first)
    version = get_bank().items[ITEM].version
    item_parameters.add(replace(first, revision=2, estimates={version: estimate}))

    lines = invoke(small_app, "history", ITEM).output.splitlines()

    assert lines == [
        "revision 1, 2 November 2026 12:00 UTC: as its author judged it",
        "revision 2, 2 November 2026 12:00 UTC: a 1.25 (error 0.20), b -0.50 (error 0.10), 240 responses",
    ]
    unknown = invoke(small_app, "history", "language/syntax/nothing")
    assert unknown.exit_code == 1
    assert "There is no item language/syntax/nothing in the bank." in unknown.output


def test_going_back_to_the_authors_word_folds_the_profiles_again(some_answers: Flask) -> None:
    invoke(some_answers, "run")

    result = invoke(some_answers, "revert", "0")

    assert result.exit_code == 0, result.output
    assert "Revision 2 says what revision 0 said." in result.output
    assert "10 profiles were folded anew." in result.output
    assert item_parameters.current().estimates == {}
    assert invoke(some_answers, "revert", "7").exit_code == 1
