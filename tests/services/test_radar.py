"""A learner's radar: every area in order, honest about what is not known."""

from datetime import timedelta

import pytest

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import NotFound
from tracker.services import bank, radar

AREAS = ["language", "frameworks", "databases", "apis", "tools"]
DAY = timedelta(days=1)


def test_before_any_answer_all_areas_are_there_and_none_has_a_level(cast: Cast) -> None:
    view = radar.get_radar(cast.ada, now=NOON)

    assert [skill.area.slug for skill in view.areas] == AREAS
    assert [skill.score.level for skill in view.areas] == [None] * 5
    assert [axis.vertex for axis in view.radar.axes] == [None] * 5
    assert view.overall.level is None
    assert [step.rule for step in view.steps] == ["start"]


def test_looking_at_a_radar_stores_nothing(cast: Cast) -> None:
    before = everything()

    radar.get_radar(cast.ada, now=NOON)
    radar.get_area_view("language", learner_id=cast.ada, now=NOON)

    assert everything() == before


def test_after_a_quiz_its_area_has_a_score_a_level_and_a_vertex_and_the_others_have_none(cast: Cast) -> None:
    take("databases", learner_id=cast.ada, now=NOON)

    view = radar.get_radar(cast.ada, now=NOON)

    known = {skill.area.slug: skill for skill in view.areas if skill.score.is_enough}
    assert set(known) == {"databases"}
    assert known["databases"].score.level is not None
    assert known["databases"].last_answered == NOON
    assert [axis.vertex is not None for axis in view.radar.axes] == [False, False, True, False, False]


def test_one_persons_answers_show_on_nobody_elses_radar(cast: Cast) -> None:
    empty = radar.get_radar(cast.omar, now=NOON)

    take("databases", learner_id=cast.ada, now=NOON)

    assert radar.get_radar(cast.omar, now=NOON) == empty


def test_next_steps_rest_on_answers_of_this_learner(cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    take("tools", learner_id=cast.omar, now=NOON, wrong=range(12))

    steps = radar.get_radar(cast.ada, now=NOON).steps

    records = [record for step in steps if step.evidence for record in step.evidence.records]
    assert records
    assert {record.attempt_id for record in records} == {attempt.id}
    assert {record.item_id for record in records} <= {place.item_id for place in attempt.form}


def test_the_same_evidence_gives_the_same_radar_and_steps(cast: Cast) -> None:
    take("placement", learner_id=cast.ada, now=NOON, wrong=range(0, 25, 3))

    assert radar.get_radar(cast.ada, now=NOON + DAY) == radar.get_radar(cast.ada, now=NOON + DAY)


def test_an_area_in_depth_shows_all_its_topics_in_order_with_what_was_answered(cast: Cast) -> None:
    take("frameworks", learner_id=cast.ada, now=NOON, wrong=[0, 1])

    view = radar.get_area_view("frameworks", learner_id=cast.ada, now=NOON)

    assert [skill.topic.id for skill in view.topics] == ["frameworks/django", "frameworks/flask", "frameworks/fastapi"]
    assert sum(skill.responses for skill in view.topics) == 12
    assert sum(skill.right for skill in view.topics) == 10
    assert {skill.last_answered for skill in view.topics} == {NOON}
    assert [point.finished_at for point in view.skill.history] == [NOON]


def test_a_topic_without_answers_has_no_level_and_no_standing(cast: Cast) -> None:
    view = radar.get_area_view("apis", learner_id=cast.ada, now=NOON)

    assert {(skill.score.level, skill.standing, skill.responses) for skill in view.topics} == {
        (None, "not enough evidence", 0)
    }


def test_an_unknown_area_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        radar.get_area_view("language/syntax", learner_id=cast.ada, now=NOON)


def test_the_drawing_follows_the_roadmaps_order(cast: Cast) -> None:
    view = radar.get_radar(cast.ada, now=NOON)

    assert [axis.name for axis in view.radar.axes] == [area.name for area in bank.get_roadmap().areas]
