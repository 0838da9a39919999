"""The tree of errors, as its own docstring draws it, each with a sentence fit to show."""

import re
from datetime import timedelta

from tests.conftest import NOON
from tracker import errors
from tracker.errors import TrackerError

EXAMPLES = [
    errors.NotFound(),
    errors.SignInRefused(),
    errors.SignInNeeded(),
    errors.TooManyMisses(timedelta(seconds=8)),
    errors.AttemptClosed(NOON),
    errors.StaleAnswer(7),
    errors.AttemptFull(),
    errors.StoreUnavailable(),
]


def names_of(root: type[TrackerError]) -> set[str]:
    """The names of this error and of all below it that are at home in the same module."""
    children = [child for child in root.__subclasses__() if child.__module__ == errors.__name__]
    return {root.__name__}.union(*(names_of(child) for child in children))


def test_the_docstring_draws_every_error_and_no_other() -> None:
    drawn = set(re.findall(r"^[│├└─\s]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)) - {"What"}

    assert drawn == names_of(TrackerError)


def test_every_fixed_text_is_a_whole_sentence_without_names_of_the_inside() -> None:
    for error in EXAMPLES:
        assert re.fullmatch(r"[A-Z].*\.", str(error))
        assert not re.search(r"Mongo|SQL|None|Error|_", str(error))


def test_errors_that_say_more_than_their_text_carry_it_along() -> None:
    assert errors.AttemptClosed(NOON).closed_at == NOON
    assert errors.StaleAnswer(7).seq == 7
    assert errors.BadInput({"answer": ["Choose one."], "seq": ["Missing."]}).fields == {
        "answer": ("Choose one.",),
        "seq": ("Missing.",),
    }


def test_lists_of_faults_are_shown_one_a_line() -> None:
    faults = ["a.toml: stem: a text is needed", "b.toml: type: unknown"]

    for error in (errors.BankError(faults), errors.ConfigError(faults)):
        assert error.faults == tuple(faults)
        assert str(error).splitlines()[1:] == faults
