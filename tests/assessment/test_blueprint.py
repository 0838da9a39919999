"""What can be taken adaptively follows from the roadmap."""

from datetime import timedelta
from typing import get_args

from tests.storage.bank_files import REAL
from tracker.assessment.blueprint import Assessment, Kind, Length, adaptive_assessments, topic_assessment_slug
from tracker.assessment.roadmap import Area, Roadmap, Topic
from tracker.storage.question_bank import load_bank


def a_topic(topic_id: str) -> Topic:
    return Topic(topic_id, f"On {topic_id}", f"About {topic_id}.", (), ())


ROADMAP = Roadmap(
    (
        Area("language", "The language", "All of it.", (a_topic("language/syntax"), a_topic("language/oop"))),
        Area("tools", "The tools", "All of them.", (a_topic("tools/git"),)),
    )
)
LENGTHS: dict[Kind, Length] = {
    kind: Length(items, timedelta(minutes=2 * items)) for kind, items in zip(get_args(Kind), (25, 15, 8), strict=True)
}


def by_slug() -> dict[str, Assessment]:
    return {assessment.slug: assessment for assessment in adaptive_assessments(ROADMAP, LENGTHS)}


def test_there_is_one_over_all_areas_one_an_area_and_one_a_topic() -> None:
    assert list(by_slug()) == [
        "placement-adaptive",
        "language-adaptive",
        "tools-adaptive",
        "topic-language-syntax",
        "topic-language-oop",
        "topic-tools-git",
    ]
    assert all(assessment.is_adaptive for assessment in by_slug().values())


def test_each_is_as_long_as_its_kind() -> None:
    lengths = {slug: (one.item_count, one.minutes) for slug, one in by_slug().items()}
    assert lengths["placement-adaptive"] == (25, 50)
    assert lengths["tools-adaptive"] == (15, 30)
    assert lengths["topic-tools-git"] == (8, 16)


def test_it_covers_its_topics() -> None:
    covered = {slug: one.topic_ids(ROADMAP) for slug, one in by_slug().items()}
    assert covered["placement-adaptive"] == ("language/syntax", "language/oop", "tools/git")
    assert covered["language-adaptive"] == ("language/syntax", "language/oop")
    assert covered["topic-language-oop"] == ("language/oop",)


def test_a_topics_quiz_is_found_by_its_topic() -> None:
    assert by_slug()[topic_assessment_slug("tools/git")].topic_id == "tools/git"


def test_the_real_roadmap_gives_a_placement_five_areas_and_29_topics() -> None:
    adaptive = load_bank(REAL).adaptive
    assert len(adaptive) == 1 + 5 + 29
    assert (adaptive["placement-adaptive"].item_count, adaptive["placement-adaptive"].minutes) == (25, 35)
    assert (adaptive["databases-adaptive"].item_count, adaptive["databases-adaptive"].minutes) == (15, 20)
    assert (adaptive["topic-apis-rest"].item_count, adaptive["topic-apis-rest"].minutes) == (8, 12)
