"""Signals: how far an attempt can be trusted, told calmly and never taken off a score."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from flask import Flask

from tests.builders import an_attempt_at
from tests.conftest import NOON
from tests.services.crowd import area_items
from tracker.assessment.attempt import Attempt
from tracker.assessment.item import Item
from tracker.assessment.response import Response
from tracker.services.signals import Signals, attempt_signals


def a_response(item: Item, *, mark: float = 1, seconds: float = 30.0, number: int = 0) -> Response:
    return Response(
        item_id=f"{item.id}-{number}",
        item_version=f"version-{number}",
        topic_id=item.topic_id,
        answer=item.body.key,
        mark=mark,
        seconds=seconds,
        difficulty=3,
        guessing=0.25,
    )


def an_attempt(*responses: Response) -> Attempt:
    return replace(an_attempt_at(), finished_at=NOON, responses=responses)


def signals_of(attempt: Attempt) -> Signals:
    """The signals while nobody's times are known."""
    return attempt_signals(attempt, {})


def with_rapid(rapid: int, *, of: int) -> Attempt:
    """So many answers within a second, the others in half a minute."""
    item = area_items()[0]
    return an_attempt(*(a_response(item, seconds=1.0 if at < rapid else 30.0, number=at) for at in range(of)))


@pytest.mark.parametrize(("rapid", "of", "told"), [(0, 12, 0), (1, 5, 0), (1, 12, 0), (2, 12, 2), (4, 12, 2)])
def test_more_than_a_tenth_and_more_than_one_fast_answer_are_told(
    small_app: Flask, rapid: int, of: int, told: int
) -> None:
    signals = signals_of(with_rapid(rapid, of=of))

    assert (signals.rapid_count, signals.answered) == (rapid, of)
    assert len(signals.sentences) == told
    assert signals.is_provisional == bool(told)


def test_more_than_a_quarter_is_told_in_stronger_words(small_app: Flask) -> None:
    mild, strong = signals_of(with_rapid(2, of=12)), signals_of(with_rapid(4, of=12))

    assert mild.sentences[0] == "2 of 12 answers came faster than the questions can be read."
    assert mild.sentences[1] == "Treat the scores as provisional."
    assert "say little" in strong.sentences[1]


def test_what_was_left_out_fast_is_no_guess(small_app: Flask) -> None:
    attempt = with_rapid(4, of=12)
    left_out = tuple(replace(response, answer=(), mark=0) for response in attempt.responses)

    assert signals_of(replace(attempt, responses=left_out)).answered == 0
    assert signals_of(replace(attempt, responses=left_out)).sentences == ()


def of_levels(right: Collection[int], *, each: int = 4) -> Attempt:
    """Some items of every level; those of these levels were answered rightly, the others wrongly."""
    item = area_items()[0]
    numbered = [(level, level * each + at) for level in range(1, 6) for at in range(each)]
    return an_attempt(
        *(replace(a_response(item, mark=float(level in right), number=n), difficulty=level) for level, n in numbered)
    )


def test_hard_items_right_and_easy_ones_wrong_are_uneven_and_the_other_way_round_is_not(small_app: Flask) -> None:
    assert signals_of(of_levels({3, 4, 5}, each=8)).is_uneven
    assert signals_of(of_levels({3, 4, 5}, each=8)).is_provisional
    for right in ({1, 2, 3}, {1, 2, 3, 4, 5}, set[int]()):
        assert not signals_of(of_levels(right)).is_uneven


def test_each_area_is_judged_alone_and_not_from_a_few_answers(small_app: Flask) -> None:
    assert signals_of(of_levels({5}, each=1)).fit_p is None
    item = area_items()[0]
    strong, weak = (
        tuple(replace(a_response(item, mark=mark, number=at), topic_id=topic) for at in range(12))
        for mark, topic in ((1, "language/syntax"), (0, "tools/git"))
    )
    assert not signals_of(an_attempt(*strong, *weak)).is_uneven


def test_the_same_attempt_gives_the_same_signals(small_app: Flask) -> None:
    attempt = with_rapid(4, of=12)
    assert signals_of(attempt) == signals_of(attempt)
