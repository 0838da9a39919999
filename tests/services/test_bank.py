"""What pages ask of the bank."""

import pytest
from flask import Flask

from tracker.errors import NotFound
from tracker.services import bank
from tracker.storage.question_bank import get_bank


def test_everything_that_can_be_taken_is_listed_the_widest_first(app: Flask) -> None:
    listed = bank.list_assessments()

    assert listed[0].slug == "placement"
    assert [len(assessment.area_slugs) for assessment in listed] == [5, 1, 1, 1, 1, 1]
    assert all(assessment.minutes >= assessment.item_count for assessment in listed)


def test_an_assessment_is_found_by_its_slug_or_not_at_all(app: Flask) -> None:
    assert bank.get_assessment("tools").name == "Essential Tools"
    with pytest.raises(NotFound):
        bank.get_assessment("nothing")


def test_there_are_items_on_every_topic_of_the_roadmap(app: Flask) -> None:
    by_topic = get_bank().live_by_topic

    assert set(by_topic) == {topic.id for topic in bank.get_roadmap().topics}
    assert min(map(len, by_topic.values())) >= 3
