"""Patterns over many items: where the key stands, and how long it is."""

from tests.assessment.quality.drafts import a_draft, choices
from tracker.assessment.quality.balance import judge_longest_keys, judge_positions
from tracker.assessment.quality.draft import Draft

FOUR = ("aaaa", "bbbb", "cccc", "dddd")


def drafts(*keys: int, texts: tuple[str, ...] = FOUR, topic: str = "language/syntax") -> list[Draft]:
    """A draft for each of these places of the key."""
    return [a_draft(f"{topic}/{n}-{key}", choices=choices(*texts, key=key)) for n, key in enumerate(keys)]


def test_keys_all_over_the_places_are_no_pattern() -> None:
    assert list(judge_positions(drafts(0, 1, 2, 3, 1, 2, 0, 3, 3))) == []


def test_keys_always_in_the_same_place_are_a_pattern() -> None:
    [finding] = judge_positions(drafts(0, 0, 0, 0, 0, 0, 0, 1))

    assert finding.where == "items/language/syntax"
    assert "place 1 to 4 this often: 7, 1, 0, 0 (chi-square 17.0)" in finding.reason


def test_topics_and_numbers_of_options_are_judged_apart() -> None:
    three = drafts(0, 0, 0, 0, texts=FOUR[:3])
    elsewhere = drafts(0, 0, 0, 0, topic="tools/git")

    assert list(judge_positions([*drafts(0, 0, 0, 0), *three, *elsewhere])) == []


def test_the_key_may_be_the_longest_of_four_in_35_of_100() -> None:
    longest, not_longest = ("aaaaaa", "bb", "cc", "dd"), ("a", "bb", "cc", "dd")
    allowed = drafts(*[0] * 7, texts=longest) + drafts(*[0] * 13, texts=not_longest, topic="tools/git")
    one_more = allowed + drafts(0, texts=longest, topic="apis/json")

    assert [finding for finding in judge_longest_keys(allowed) if finding.is_error] == []
    [finding] = [finding for finding in judge_longest_keys(one_more) if finding.is_error]
    assert finding.reason == "of four, the key is the longest in 38%, at most 35%"


def test_a_key_as_long_as_a_distractor_is_not_the_longest() -> None:
    assert list(judge_longest_keys(drafts(0, 0, 0, 0, 0))) == []


def test_a_topic_where_it_mostly_is_is_warned_of() -> None:
    elsewhere = drafts(*[0] * 20, topic="tools/git")
    here = drafts(*[0] * 6, texts=("aaaaaa", "bb", "cc", "dd"))

    [finding] = judge_longest_keys(elsewhere + here)

    assert finding.where == "items/language/syntax"
    assert not finding.is_error
