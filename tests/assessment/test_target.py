"""What a topic's target is when only its area has one, and what is wanted when nothing is set."""

from tests.scoring.builders import a_roadmap
from tracker.assessment.target import goals_of, wanted_levels


def test_a_topic_without_its_own_target_takes_its_areas() -> None:
    wanted = wanted_levels({"language": "Developing", "language/oop": "Expert", "tools/git": "Proficient"}, a_roadmap())

    assert wanted == {
        "language": "Developing",
        "language/syntax": "Developing",
        "language/data-structures": "Developing",
        "language/oop": "Expert",
        "tools/git": "Proficient",
    }


def test_without_targets_proficient_is_wanted_of_every_area() -> None:
    areas = ["language", "frameworks", "databases", "apis", "tools"]

    assert goals_of({}, a_roadmap()) == dict.fromkeys(areas, "Proficient")
    assert goals_of({"tools/git": "Expert"}, a_roadmap()) == {"tools/git": "Expert"}
