"""A learner's radar: every area in order, honest about what is not known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.parameters import ParameterSet, Population
from tracker.errors import NotFound
from tracker.scoring import grid
from tracker.services import bank, profiles, radar
from tracker.storage import item_parameters

AREAS = ["language", "frameworks", "databases", "apis", "tools"]
DAY = timedelta(days=1)


def test_before_any_answer_all_areas_are_there_and_none_has_a_level(cast: Cast) -> None:
    view = radar.get_radar(cast.ada, now=NOON)

    assert [skill.area.slug for skill in view.areas] == AREAS
    assert [skill.score.level for skill in view.areas] == [None] * 5
    assert [axis.vertex for axis in view.radar.axes] == [None] * 5
    assert view.overall.level is None
    assert [step.rule for step in view.steps.steps] == ["start-1"]


def test_looking_at_a_radar_stores_nothing(cast: Cast) -> None:
    before = everything()

    radar.get_radar(cast.ada, now=NOON)
    radar.get_area_view("language", learner_id=cast.ada, now=NOON)
    radar.get_topic_view("language", "syntax", learner_id=cast.ada, now=NOON)

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

    steps = radar.get_radar(cast.ada, now=NOON).steps.steps

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
    assert [seen.finished_at for seen in view.history.attempts] == [NOON]


def test_a_topic_without_answers_has_no_level_and_no_standing(cast: Cast) -> None:
    view = radar.get_area_view("apis", learner_id=cast.ada, now=NOON)

    assert {(skill.score.level, skill.standing, skill.responses) for skill in view.topics} == {
        (None, "not enough evidence", 0)
    }


def test_an_areas_history_shows_what_was_reported_and_what_is_seen_from_today(cast: Cast) -> None:
    for days, wrong in ((0, range(12)), (30, range(0, 12, 2)), (60, range(0))):
        take("tools", learner_id=cast.ada, now=NOON + days * DAY, wrong=wrong)

    view = radar.get_area_view("tools", learner_id=cast.ada, now=NOON + 61 * DAY)

    first, second, last = view.history.attempts
    assert first.smoothed.value > first.reported.value, "what came later says they could do more"
    assert last.smoothed == last.reported, "nothing came later"
    assert first.change
    assert first.change.improved > 0.8
    assert view.history.before == second
    assert last.change is None
    assert view.chart
    assert len(view.chart.dots) == 3


def test_what_is_idle_for_long_has_faded(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)

    soon = radar.get_area_view("tools", learner_id=cast.ada, now=NOON + DAY)
    late = radar.get_area_view("tools", learner_id=cast.ada, now=NOON + 300 * DAY)
    topic = next(skill.topic for skill in late.topics if skill.responses)
    late_topic = radar.get_topic_view("tools", topic.slug, learner_id=cast.ada, now=NOON + 300 * DAY)

    assert soon.history.faded is None
    assert late.history.faded
    assert (late.history.faded.at, late.history.faded.low) == (NOON, late.history.attempts[0].reported.low)
    assert late_topic.faded
    assert late_topic.faded.at == NOON


def test_people_are_compared_once_fifty_were_measured(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)
    assert radar.get_area_view("tools", learner_id=cast.ada, now=NOON).percentile is None

    few = Population(people=49, weights=tuple(grid.normalised(grid.log_normal(grid.COARSE, 0, 1)).tolist()))
    for revision, people in ((1, 49), (2, 50)):
        population = replace(few, people=people)
        item_parameters.add(ParameterSet(revision=revision, made_at=NOON, populations={"tools": population}))
        profiles.update_profile(cast.ada)
        percentile = radar.get_area_view("tools", learner_id=cast.ada, now=NOON).percentile
        assert (percentile.people if percentile else None) == (50 if people == 50 else None)


def test_a_topic_in_depth_shows_which_attempts_its_answers_came_from(cast: Cast) -> None:
    attempts = [take("tools", learner_id=cast.ada, now=NOON + days * DAY, wrong=[0, 5]) for days in (0, 1)]
    take("language", learner_id=cast.ada, now=NOON + 2 * DAY)
    skills = radar.get_area_view("tools", learner_id=cast.ada, now=NOON + 3 * DAY).topics

    for skill in skills:
        view = radar.get_topic_view("tools", skill.topic.slug, learner_id=cast.ada, now=NOON + 3 * DAY)
        assert view.skill == skill
        assert sum(one.responses for one in view.answers) == skill.responses
        assert sum(one.right for one in view.answers) == skill.right
        assert [one.attempt_id for one in view.answers] == [
            attempt.id
            for attempt in reversed(attempts)
            if any(response.topic_id == skill.topic.id for response in attempt.responses)
        ]


@pytest.mark.parametrize("path", [("tools", "unknown"), ("unknown", "git"), ("language", "git")])
def test_an_unknown_topic_is_not_found(cast: Cast, path: tuple[str, str]) -> None:
    with pytest.raises(NotFound):
        radar.get_topic_view(*path, learner_id=cast.ada, now=NOON)


def test_every_topic_of_the_bank_has_an_outlook(cast: Cast) -> None:
    take("placement", learner_id=cast.ada, now=NOON, wrong=range(0, 25, 2))
    for topic in bank.get_roadmap().topics:
        view = radar.get_topic_view(topic.area_slug, topic.slug, learner_id=cast.ada, now=NOON)
        assert view.outlook.answers
        assert view.skill.score.low <= view.outlook.low <= view.outlook.high <= view.skill.score.high


def test_an_unknown_area_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        radar.get_area_view("language/syntax", learner_id=cast.ada, now=NOON)


def test_the_drawing_follows_the_roadmaps_order(cast: Cast) -> None:
    view = radar.get_radar(cast.ada, now=NOON)

    assert [axis.name for axis in view.radar.axes] == [area.name for area in bank.get_roadmap().areas]
