"""What was met, ranked by how lately."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOON
from tracker.assessment.met import KEPT_APART, Meeting, Met, rank_met

DAY = timedelta(days=1)

item_ids = st.sampled_from("abcdefgh")
forms = st.lists(st.frozensets(item_ids, min_size=1), max_size=6)


def a_meeting(day: int, item_ids: str, *, surface: str = "") -> Meeting:
    """Items, a letter each, met some days after noon."""
    return Meeting(NOON + day * DAY, {item_id: [surface] for item_id in item_ids})


def test_nothing_was_met_by_who_did_nothing() -> None:
    assert rank_met([]) == {}


def test_all_surfaces_ever_met_are_known_and_the_last_time_ranks() -> None:
    seen = rank_met([a_meeting(1, "a", surface="x"), a_meeting(2, "b"), a_meeting(3, "a", surface="y")])

    assert seen == {"a": Met(frozenset("xy"), rank=2), "b": Met(frozenset([""]), rank=1)}


def test_the_order_in_which_meetings_are_given_does_not_matter() -> None:
    meetings = [a_meeting(day, item_id) for day, item_id in enumerate("abcd")]

    assert rank_met(meetings) == rank_met(meetings[::-1])


def test_practice_ranks_by_time_but_below_the_last_two_attempts() -> None:
    attempts = [a_meeting(1, "a"), a_meeting(5, "b"), a_meeting(6, "c")]

    seen = rank_met(attempts, [a_meeting(3, "p"), a_meeting(9, "q")])

    assert sorted(seen, key=lambda item_id: seen[item_id].rank) == ["a", "p", "q", "b", "c"]


def test_what_was_practised_after_the_last_attempts_stays_with_them() -> None:
    seen = rank_met([a_meeting(1, "a"), a_meeting(2, "b"), a_meeting(3, "c")], [a_meeting(9, "b")])

    assert seen["a"].rank < seen["b"].rank < seen["c"].rank


@given(forms)
def test_whatever_the_newest_attempts_asked_ranks_above_all_else(served: list[frozenset[str]]) -> None:
    seen = rank_met([a_meeting(day, "".join(form)) for day, form in enumerate(served)])

    newest = frozenset().union(*served[-KEPT_APART:])
    others = seen.keys() - newest
    assert all(seen[old].rank < seen[new].rank for old in others for new in newest)
