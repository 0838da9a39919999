"""Practice cards: later and later while an item is known, the next day when it was missed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.builders import a_practice_answer
from tests.conftest import NOON
from tracker.assessment.practice import DAY, Card, end_of_day, next_card

ADA = 1


def practised(*marks: float, version: str = "v1") -> list[Card]:
    """The cards of an item answered so, each time on the day it was due."""
    cards: list[Card] = []
    for mark in marks:
        at = cards[-1].due if cards else NOON
        given = a_practice_answer(version, mark=mark, at=at)
        cards.append(next_card(cards[-1] if cards else None, given, learner_id=ADA, item_id="a/b/c"))
    return cards


def intervals(*marks: float) -> list[int]:
    """After how many days the item comes back each time."""
    return [(card.due - card.last_at) // DAY for card in practised(*marks)]


def test_the_first_intervals_are_the_published_initial_stabilities() -> None:
    """FSRS-6's default parameters: 0.212 days after Again, 1.2931 after Hard, 2.3065 after Good; at least a day."""
    stabilities = [practised(mark)[0].stability for mark in (0.0, 0.5, 1.0)]
    assert stabilities == pytest.approx([0.212, 1.2931, 2.3065])
    assert [intervals(mark)[0] for mark in (0.0, 0.5, 1.0)] == [1, 1, 2]


def test_what_is_known_comes_back_later_each_time_but_within_a_year() -> None:
    known = intervals(*[1.0] * 8)
    assert all(earlier < later for earlier, later in pairwise(known[:4]))
    assert max(known) == 365


def test_what_was_missed_comes_back_soon_again_and_grows_from_there() -> None:
    *_, missed, known = intervals(1.0, 1.0, 0.0, 1.0)
    assert missed <= 2
    assert known <= intervals(1.0, 1.0, 1.0, 1.0)[-1] // 5


def test_a_partial_answer_comes_back_before_a_right_one_and_after_a_wrong_one() -> None:
    wrong, partial, right = (practised(1.0, 1.0, mark)[-1].stability for mark in (0.0, 0.5, 1.0))
    assert wrong < partial < right


def test_nothing_comes_back_within_a_day() -> None:
    for marks in ((0.0,), (0.0, 0.0), (1.0, 0.0), (0.5, 0.0, 0.0)):
        assert min(intervals(*marks)) >= 1


def test_a_changed_item_starts_anew_and_its_answers_go_on_being_counted() -> None:
    before = practised(1.0, 1.0, 1.0)[-1]
    given = a_practice_answer("v2", mark=1.0, at=before.due)

    after = next_card(before, given, learner_id=ADA, item_id="a/b/c")

    assert after.stability == practised(1.0)[0].stability
    assert after.seq == 4
    assert not before.is_of("v2")


def test_another_surface_of_a_family_goes_on_with_its_card() -> None:
    before = practised(1.0, 1.0, version="f1-aa")[-1]

    after = next_card(before, a_practice_answer("f1-bb", at=before.due), learner_id=ADA, item_id="a/b/c")

    assert after.surfaces == ("aa", "bb")
    assert after.stability == practised(1.0, 1.0, 1.0)[-1].stability


def test_a_surface_met_again_is_the_one_met_last() -> None:
    card = None
    for number, surface in enumerate(("aa", "bb", "aa")):
        given = a_practice_answer(f"f1-{surface}", at=NOON + number * DAY)
        card = next_card(card, given, learner_id=ADA, item_id="a/b/c")
    assert card
    assert card.surfaces == ("bb", "aa")


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", datetime(2026, 11, 3, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 11, 2, 23, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 11, 3, 11, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 3, 8, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_learner_is(zone: str, end: datetime) -> None:
    assert end_of_day(NOON, zone) == end


def test_a_day_of_25_hours_ends_after_25_hours() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Berlin, the night summer time ends
    assert end_of_day(start, "Europe/Berlin") - start == timedelta(hours=25)
