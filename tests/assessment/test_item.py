"""What an item says about itself."""

import pytest

from tests.builders import a_miss, a_number, a_text, an_item, an_option
from tracker.assessment.item_types import Answer, MultipleResponse, SingleChoice

CHOICE = SingleChoice(
    (
        an_option("copied", misconception="repetition-copies"),
        an_option("shared", is_key=True),
        an_option("column"),
    )
)


def test_an_items_path_says_its_area_and_topic() -> None:
    item = an_item("databases/django-orm/slow-loop")

    assert (item.area_slug, item.topic_id) == ("databases", "databases/django-orm")


@pytest.mark.parametrize(
    ("answer", "slugs"), [(("copied",), ("repetition-copies",)), (("shared",), ()), (("column",), ()), ((), ())]
)
def test_a_distractor_shows_the_misconception_its_author_named(answer: Answer, slugs: tuple[str, ...]) -> None:
    assert an_item(body=CHOICE).find_misconceptions(answer) == slugs


@pytest.mark.parametrize("answer", [("41",), ("41,0",)])
def test_a_foreseen_number_shows_its_misconception(answer: Answer) -> None:
    item = an_item(body=a_number(42, misses=(a_miss("41", misconception="off-by-one"), a_miss("40"))))

    assert item.find_misconceptions(answer) == ("off-by-one",)
    assert item.find_misconceptions(("40",)) == ()
    assert item.find_misconceptions(()) == ()


def test_a_foreseen_text_shows_its_misconception() -> None:
    item = an_item(body=a_text("none", misses=(a_miss("null", misconception="other-language"),)))

    assert item.find_misconceptions(("NULL",)) == ("other-language",)
    assert item.find_misconceptions(("none",)) == ()


def test_an_answer_can_show_several_misconceptions_each_named_once() -> None:
    wrong = [an_option(name, misconception=slug) for name, slug in (("b", "off-by-one"), ("c", "late"), ("d", "late"))]
    item = an_item(body=MultipleResponse((an_option("a", is_key=True), *wrong)))

    assert item.find_misconceptions(("a", "b", "c", "d")) == ("off-by-one", "late")
    assert item.misconceptions == {"off-by-one", "late"}


def test_all_misconceptions_that_an_item_can_show_are_known() -> None:
    number = a_number(42, misses=(a_miss("41", misconception="off-by-one"), a_miss("40")))

    assert an_item(body=CHOICE).misconceptions == {"repetition-copies"}
    assert an_item(body=number).misconceptions == {"off-by-one"}
    assert an_item().misconceptions == frozenset()
