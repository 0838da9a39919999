"""Finding one's way on the roadmap."""

import pytest

from tracker.assessment.roadmap import Area, Roadmap, Topic

SYNTAX = Topic(id="language/syntax", name="Syntax", description="It.", prerequisites=(), resources=())
OOP = Topic(id="language/oop", name="OOP", description="It.", prerequisites=("language/syntax",), resources=())
GIT = Topic(id="tools/git", name="Git", description="It.", prerequisites=(), resources=())
LANGUAGE = Area(slug="language", name="Language", description="It.", topics=(SYNTAX, OOP))
TOOLS = Area(slug="tools", name="Tools", description="It.", topics=(GIT,))
ROADMAP = Roadmap((LANGUAGE, TOOLS))


def test_topics_come_area_by_area_in_the_order_people_should_meet_them() -> None:
    assert list(ROADMAP.topics) == [SYNTAX, OOP, GIT]


def test_areas_and_topics_are_found_by_their_names() -> None:
    assert ROADMAP.area("tools") is TOOLS
    assert ROADMAP.topic("language/oop") is OOP
    assert ROADMAP.find_topic("language/oop") is OOP
    assert OOP.area_slug == "language"


def test_an_unknown_name_is_never_taken_for_another() -> None:
    assert ROADMAP.find_topic("tools/oop") is None
    with pytest.raises(KeyError):
        ROADMAP.topic("oop")
    with pytest.raises(KeyError):
        ROADMAP.area("language/syntax")
