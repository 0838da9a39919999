"""The roadmap by the API."""

from tests.web.api.client import Client
from tracker.services import bank


def test_the_roadmap_has_every_area_and_topic_with_what_it_builds_on(ada: Client) -> None:
    areas = ada.read("/roadmap")["areas"]

    topics = {topic["id"]: topic for area in areas for topic in area["topics"]}
    assert list(topics) == [topic.id for topic in bank.get_roadmap().topics]
    assert all(set(topic["prerequisites"]) <= topics.keys() for topic in topics.values())
    assert all(topic["resources"] for topic in topics.values())


def test_a_topic_names_the_quiz_that_measures_it(ada: Client) -> None:
    topic = ada.read("/roadmap/topics/language/syntax")
    assert topic["quiz"] == "topic-language-syntax"
    assert ada.read(f"/assessments/{topic['quiz']}")["topics"] == ["language/syntax"]
