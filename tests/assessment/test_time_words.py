"""The time of an attempt in plain words."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tracker.assessment.time_ledger import Credit, TimeLedger
from tracker.assessment.time_words import length_words, time_lines

LENA = 7
MINUTE = timedelta(minutes=1)


def a_credit(**fields: object) -> Credit:
    values = {"id": "c1", "at": NOON, "length": 5 * MINUTE, "giver_id": LENA, "reason": "The alarm rang."}
    return Credit(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1200, "20 minutes"),
        (60, "1 minute"),
        (61, "1 minute 1 second"),
        (90, "1 minute 30 seconds"),
        (12.4, "12 seconds"),
        (0, "0 seconds"),
    ],
)
def test_a_length_is_said_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert length_words(timedelta(seconds=seconds)) == words


def test_without_more_there_is_only_the_limit() -> None:
    assert time_lines(TimeLedger(20 * MINUTE), {}) == ("The time limit is 20 minutes.",)


def test_extra_time_and_every_credit_get_a_line_with_who_gave_it_and_why() -> None:
    outage = a_credit(id="c2", length=3 * MINUTE, giver_id=None, reason="We could not be reached for 3 minutes.")
    time = TimeLedger(20 * MINUTE, factor=1.5, credits=(a_credit(), outage))

    assert time_lines(time, {LENA: "Lena"}) == (
        "The time limit is 20 minutes.",
        "Your own extra time of 50\u00a0% adds 10 minutes.",
        "Lena added 5 minutes: The alarm rang.",
        "Skillmark added 3 minutes: We could not be reached for 3 minutes.",
    )


def test_who_gave_time_and_is_gone_was_a_lead() -> None:
    assert time_lines(TimeLedger(MINUTE, credits=(a_credit(),)), {})[-1].startswith("A lead added 5 minutes")


def test_what_an_assignment_adds_is_said_and_ones_own_extra_time_is_of_both() -> None:
    time = TimeLedger(20 * MINUTE, factor=1.5, extra=10 * MINUTE)

    assert time_lines(time, {})[1:] == (
        "The assignment adds 10 minutes for everybody.",
        "Your own extra time of 50\u00a0% adds 15 minutes.",
    )
    assert time.length == 45 * MINUTE
