"""How old evidence is, in words."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tracker.assessment.age_words import age_words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(), "today"),
        (timedelta(hours=23, minutes=59), "today"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "1 week ago"),
        (timedelta(days=29), "4 weeks ago"),
        (timedelta(days=30), "1 month ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=800), "2 years ago"),
        (-timedelta(minutes=1), "today"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_has_passed(age: timedelta, words: str) -> None:
    assert age_words(NOON - age, NOON) == words
