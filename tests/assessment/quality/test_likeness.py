"""Items that say nearly the same."""

from tests.assessment.quality.drafts import a_draft, choices
from tracker.assessment.quality.likeness import judge_likeness

STEM = "Which of these statements deletes every order of March, and leaves the others where they are?"


def test_two_items_with_other_words_are_not_alike() -> None:
    assert (
        list(judge_likeness([a_draft("a/b/one", stem=STEM), a_draft("a/b/two", stem="What does `git rebase` keep?")]))
        == []
    )


def test_two_items_that_differ_in_a_word_or_in_case_are_alike() -> None:
    one = a_draft("a/b/one", stem=STEM)
    other = a_draft("a/b/two", stem=STEM.replace("March", "april").upper())

    [finding] = judge_likeness([one, other])

    assert finding.where == "items/a/b/two.toml"
    assert finding.reason.endswith("% the same as items/a/b/one.toml")


def test_the_same_question_over_other_code_is_another_item() -> None:
    question = "What does this print?"
    one = a_draft(
        "a/b/one", stem=f"{question}\n\n~~~python\nprint([1, 2, 3][1:])\n~~~", choices=choices("[2, 3]", "[1]")
    )
    other = a_draft("a/b/two", stem=f"{question}\n\n~~~python\nprint({{}}.get('a', 0))\n~~~", choices=choices("0", "a"))

    assert list(judge_likeness([one, other])) == []


def test_drafts_without_three_words_are_alike_to_nothing() -> None:
    empty = choices()

    assert (
        list(judge_likeness([a_draft("a/b/one", stem="x", choices=empty), a_draft("a/b/two", stem="x", choices=empty)]))
        == []
    )
