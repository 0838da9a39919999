"""Every rule of what to do next, and whether the steps make sense for people one meets."""

import random
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.scoring.builders import NOON, a_response, a_roadmap, an_attempt, responses
from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.irt import probability
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_steps import AnswerRecord, NextStep, next_steps
from tracker.scoring.next_steps.quiz import risk_drop

ROADMAP = a_roadmap()
TOPICS = [topic.id for topic in ROADMAP.topics]


def steps_after(*attempts: MarkedAttempt, idle_days: float = 0) -> tuple[NextStep, ...]:
    now = attempts[-1].finished_at + timedelta(days=idle_days) if attempts else NOON
    return next_steps(aged(fold(attempts), now), roadmap=ROADMAP, attempts=attempts, now=now)


def named(steps: tuple[NextStep, ...]) -> list[tuple[str, str]]:
    return [(step.kind, step.topic_id or "") for step in steps]


def everywhere(*, right: int, wrong: int = 0, besides: tuple[str, ...] = ()) -> list[Response]:
    """So many right and wrong answers in every topic but these."""
    return [one for topic in TOPICS if topic not in besides for one in responses(topic, right=right, wrong=wrong)]


def test_somebody_who_never_answered_starts_with_the_placement() -> None:
    assert steps_after() == (NextStep(rule="start-1"),)


def test_a_beginner_after_the_placement_learns_what_most_stands_on() -> None:
    """Two wrong answers in every topic: begin at the roots; there is nothing to measure yet."""
    steps = steps_after(an_attempt(*everywhere(right=0, wrong=2)))
    assert named(steps) == [("learn", "language/syntax"), ("learn", "databases/sqlite"), ("learn", "apis/json")]
    assert "frameworks/flask" in steps[0].unlocks
    assert all(step.evidence and step.evidence.mastery <= 0.20 for step in steps)


def test_somebody_strong_learns_their_one_weak_topic_first() -> None:
    weak = "databases/sqlalchemy"
    steps = steps_after(an_attempt(*everywhere(right=3, besides=(weak,)), *responses(weak, right=1, wrong=9)))
    assert named(steps)[0] == ("learn", weak)
    assert {rule for rule, _ in named(steps)[1:]} <= {"measure"}


def test_somebody_in_the_middle_is_only_asked_to_measure_what_is_still_unsure() -> None:
    sparse = steps_after(an_attempt(*everywhere(right=2, wrong=1)))
    assert {rule for rule, _ in named(sparse)} == {"measure"}
    assert len(sparse) == 3


def test_somebody_who_surely_mastered_everything_may_rest() -> None:
    (step,) = steps_after(an_attempt(*everywhere(right=12)))
    assert step.kind == "pause"
    assert step.evidence
    assert step.evidence.mastery >= 0.95


def test_a_topic_never_answered_is_measured_even_if_its_area_says_it_is_mastered() -> None:
    steps = steps_after(an_attempt(*everywhere(right=12, besides=("tools/github",))))
    assert named(steps) == [("measure", "tools/github")]
    assert steps[0].evidence
    assert steps[0].evidence.mastery >= 0.80
    assert steps[0].evidence.records == ()
    assert steps[0].evidence.mastery_when_answered is None


def test_a_topic_between_weak_and_mastered_is_measured_while_a_quiz_can_settle_it() -> None:
    besides = ("tools/pytest",)
    steps = steps_after(an_attempt(*everywhere(right=8, besides=besides), *responses("tools/pytest", right=3, wrong=6)))
    assert named(steps)[0] == ("measure", "tools/pytest")
    assert steps[0].evidence
    assert 0.20 < steps[0].evidence.mastery < 0.80


def test_a_topic_at_the_cut_itself_is_practised_with_further_reading() -> None:
    """Sixty answers put it right at the cut: asking more would settle nothing."""
    steps = steps_after(
        an_attempt(*everywhere(right=12, besides=("tools/pytest",)), *responses("tools/pytest", right=38, wrong=22))
    )
    assert named(steps)[0] == ("practise", "tools/pytest")
    assert steps[0].evidence
    assert steps[0].evidence.settling < 0.25
    assert steps[0].evidence.resource == ROADMAP.topic("tools/pytest").resources[1]


def test_what_is_mastered_but_not_surely_is_confirmed_last() -> None:
    besides = ("tools/git", "tools/github")
    steps = steps_after(an_attempt(*everywhere(right=12, besides=besides), *responses("tools/git", right=9, wrong=7)))
    assert named(steps) == [("measure", "tools/github"), ("confirm", "tools/git")]
    assert steps[1].evidence
    assert 0.80 <= steps[1].evidence.mastery < 0.95


def test_fifteen_right_answers_of_fifteen_still_lead_somewhere() -> None:
    for right in (1, 3, 15, 40):
        assert steps_after(an_attempt(*everywhere(right=right)))


def test_a_weak_topic_with_a_weak_prerequisite_waits_for_it() -> None:
    """REST is weak; JSON, which it builds on, too: JSON comes first and says what it unlocks; REST is not a step."""
    weak = ("apis/json", "apis/rest")
    steps = steps_after(
        an_attempt(
            *everywhere(right=9, besides=("apis/json", "apis/rest", "apis/drf")),
            *(one for topic in weak for one in responses(topic, right=0, wrong=6)),
        )
    )
    assert named(steps)[0] == ("learn", "apis/json")
    assert steps[0].unlocks == ("apis/rest",)
    assert "apis/rest" not in {topic for _, topic in named(steps)}


def test_a_weak_prerequisite_that_was_never_answered_comes_first_too() -> None:
    steps = steps_after(
        an_attempt(
            *everywhere(right=6, wrong=1, besides=("apis/json", "apis/rest", "apis/drf")),
            *responses("apis/rest", right=0, wrong=9),
        )
    )
    assert named(steps)[0] == ("prerequisite", "apis/json")
    assert steps[0].unlocks == ("apis/rest",)
    assert steps[0].evidence
    assert steps[0].evidence.mastery <= 0.20


def test_of_two_weak_prerequisites_the_least_mastered_is_first() -> None:
    """DRF builds on REST and on Django: it waits for whichever is further from the level, never for both."""
    weak = ("apis/rest", "frameworks/django")
    for worse, better in (weak, weak[::-1]):
        steps = steps_after(
            an_attempt(
                *everywhere(right=4, besides=(*weak, "apis/drf")),
                *responses(worse, right=0, wrong=16),
                *responses(better, right=1, wrong=8),
                *responses("apis/drf", right=0, wrong=6),
            )
        )
        unlocks = {step.evidence.topic_id: step.unlocks for step in steps if step.evidence}
        assert "apis/drf" in unlocks[worse]
        assert "apis/drf" not in unlocks[better]


def test_a_chain_of_weak_prerequisites_is_followed_to_its_beginning() -> None:
    """Syntax, OOP and Django are weak, each builds on the one before: syntax is the step, the others wait for it."""
    chain = ("language/syntax", "language/oop", "frameworks/django")
    wrong = [one for topic in chain for one in responses(topic, right=0, wrong=8)]
    steps = steps_after(an_attempt(*everywhere(right=6, besides=chain), *wrong))
    assert named(steps)[0] == ("learn", "language/syntax")
    assert set(steps[0].unlocks) == {"language/oop", "frameworks/django"}
    assert not {"language/oop", "frameworks/django"} & {topic for _, topic in named(steps)}


def test_what_was_mastered_and_has_faded_is_reviewed() -> None:
    attempt = an_attempt(*everywhere(right=12, besides=("tools/git",)), *responses("tools/git", right=9, wrong=7))
    assert named(steps_after(attempt)) == [("confirm", "tools/git")]
    steps = steps_after(attempt, idle_days=400)
    assert named(steps)[0] == ("review", "tools/git")
    evidence = steps[0].evidence
    assert evidence
    assert evidence.mastery < 0.80 <= (evidence.mastery_when_answered or 0)


def test_a_few_days_fade_nothing() -> None:
    """Just mastered, and three days later just not: that is no reason to read it all again."""
    attempt = an_attempt(*everywhere(right=6, besides=("tools/git",)), *responses("tools/git", right=7, wrong=5))
    fresh = [step for step in steps_after(attempt) if step.topic_id == "tools/git"]
    assert {step.kind for step in fresh} <= {"confirm", "measure", "practise"}
    for days in (1, 3, 7):
        assert "review" not in {step.kind for step in steps_after(attempt, idle_days=days)}


def test_what_other_answers_made_doubtful_is_not_called_faded() -> None:
    """Git was mastered; then the rest of its area went wrong: that is news, not time."""
    first = an_attempt(*everywhere(right=6), attempt_id="a1")
    others = [one for topic in ("tools/github", "tools/pytest") for one in responses(topic, right=0, wrong=20)]
    second = an_attempt(*others, attempt_id="a2", days=1)
    profile = fold([first, second]).topic("tools/git")
    assert profile.when_answered
    assert profile.when_answered.chance_of(PROFICIENT_CUT) >= 0.80 > profile.ability.chance_of(PROFICIENT_CUT)
    assert ("review", "tools/git") not in named(steps_after(first, second))


def test_the_pause_ends_on_the_day_that_the_first_topic_is_no_longer_sure() -> None:
    attempts = (an_attempt(*everywhere(right=12, besides=("tools/git",)), *responses("tools/git", right=11, wrong=6)),)
    (step,) = steps_after(*attempts)
    assert step.kind == "pause"
    assert step.due
    for days, unsure in ((-1, set()), (0, {step.topic_id})):
        then = aged(fold(attempts), step.due + timedelta(days=days))
        assert {topic for topic in TOPICS if then.topic(topic).ability.chance_of(PROFICIENT_CUT) < 0.95} == unsure
    assert [one.kind for one in steps_after(*attempts, idle_days=(step.due - NOON) / timedelta(days=1))] == ["confirm"]


def test_a_topic_answered_clearly_short_of_the_cut_is_learnt_before_it_is_proven_weak() -> None:
    """One of seven right, while all around it is: M is still above .20, but chance does not explain it."""
    topic = "language/oop"
    steps = steps_after(an_attempt(*everywhere(right=4, besides=(topic,)), *responses(topic, right=1, wrong=6)))
    assert named(steps)[0] == ("learn", topic)
    assert steps[0].evidence
    assert 0.20 < steps[0].evidence.mastery < 0.50


def test_nothing_is_called_weak_while_its_area_has_not_enough_evidence() -> None:
    steps = steps_after(an_attempt(*responses("tools/git", right=0, wrong=4)))
    assert {rule for rule, _ in named(steps)} == {"measure"}
    steps = steps_after(an_attempt(*responses("tools/git", right=0, wrong=5)))
    assert named(steps)[0] == ("learn", "tools/git")


def test_a_topic_answered_as_well_as_expected_is_not_called_weak_for_its_areas_sake() -> None:
    """Everything else in the area is wrong, this was right: the evidence disagrees, so it is measured."""
    others = ("databases/sqlite", "databases/django-orm")
    wrong = [one for topic in others for one in responses(topic, right=0, wrong=6)]
    steps = steps_after(
        an_attempt(
            *everywhere(right=12, besides=("databases/sqlite", "databases/sqlalchemy", "databases/django-orm")),
            *wrong,
            *responses("databases/sqlalchemy", right=2),
        )
    )
    assert ("measure", "databases/sqlalchemy") in named(steps)


def test_a_step_cites_everything_it_rests_on() -> None:
    first = an_attempt(*responses("language/oop", right=1, wrong=2), attempt_id="a1")
    second = an_attempt(*responses("language/oop", right=0, wrong=4), attempt_id="a2", days=2)
    rest = an_attempt(*everywhere(right=4, wrong=1, besides=("language/oop",)), attempt_id="a3", days=3)
    step = steps_after(first, second, rest)[0]
    profile = fold([first, second, rest])
    evidence = step.evidence
    assert evidence
    assert (step.kind, evidence.topic_id) == ("learn", "language/oop")
    assert (evidence.right, len(evidence.records)) == (1, 7)
    assert evidence.records[0] == AnswerRecord("a1", "language/oop/item-0", True, first.finished_at)
    assert evidence.records[-1] == AnswerRecord("a2", "language/oop/item-3", False, second.finished_at)
    answered = [*first.responses, *second.responses]
    assert evidence.expected_right == pytest.approx(probability(PROFICIENT_CUT, *item_parameters(answered)).sum())
    assert evidence.mastery == profile.topic("language/oop").ability.chance_of(PROFICIENT_CUT)
    assert evidence.score == profile.area("language").topic_score("language/oop")
    assert [one.topic_id for one in evidence.prerequisites] == ["language/syntax"]
    assert evidence.prerequisites[0].mastery == profile.topic("language/syntax").ability.chance_of(PROFICIENT_CUT)
    assert evidence.resource == ROADMAP.topic("language/oop").resources[0]


def test_of_two_equally_weak_topics_the_one_that_more_stands_on_comes_first() -> None:
    """Data structures come first in the roadmap, but frameworks stand on OOP."""
    weak = ("language/data-structures", "language/oop")
    wrong = [one for topic in weak for one in responses(topic, right=0, wrong=6)]
    steps = steps_after(an_attempt(*everywhere(right=4, besides=weak), *wrong))
    assert named(steps)[:2] == [("learn", "language/oop"), ("learn", "language/data-structures")]


def test_of_two_weak_topics_the_one_whose_prerequisites_are_met_comes_first() -> None:
    """Flask comes first in the roadmap, but its prerequisite, syntax, is less sure than FastAPI's, OOP."""
    weak = ("frameworks/flask", "frameworks/fastapi")
    wrong = [one for topic in weak for one in responses(topic, right=0, wrong=6)]
    besides = (*weak, "language/syntax")
    syntax = responses("language/syntax", right=2, wrong=2)
    steps = steps_after(an_attempt(*everywhere(right=4, besides=besides), *syntax, *wrong))
    assert named(steps)[:2] == [("learn", "frameworks/fastapi"), ("learn", "frameworks/flask")]


def test_of_two_weak_topics_the_one_further_below_the_cut_comes_first() -> None:
    """Both build on syntax and nothing stands on either; data structures come first in the roadmap, Flask is worse."""
    besides = ("language/data-structures", "frameworks/flask")
    steps = steps_after(
        an_attempt(
            *everywhere(right=4, besides=besides),
            *responses("language/data-structures", right=1, wrong=6),
            *responses("frameworks/flask", right=0, wrong=12),
        )
    )
    assert named(steps)[:2] == [("learn", "frameworks/flask"), ("learn", "language/data-structures")]


def test_what_a_quiz_tells_more_about_is_measured_first() -> None:
    attempt = an_attempt(*responses("tools/git", right=4, wrong=2), *responses("apis/json", right=1, wrong=1))
    steps = steps_after(attempt)
    profile = fold([attempt])
    assert {step.kind for step in steps} == {"measure"}
    assert steps[0].use == max(risk_drop(profile.topic(topic).ability) for topic in TOPICS)
    assert [step.use for step in steps] == sorted((step.use for step in steps), reverse=True)


def test_ties_go_to_what_the_roadmap_names_first() -> None:
    """After one answer in the last area all other areas are equally unknown."""
    steps = steps_after(an_attempt(a_response("tools/pytest", mark=0)))
    assert named(steps) == [
        ("measure", "language/syntax"),
        ("measure", "language/data-structures"),
        ("measure", "frameworks/django"),
    ]


@given(
    marks=st.lists(st.tuples(st.sampled_from(TOPICS), st.sampled_from([0.0, 0.5, 1.0])), max_size=60),
    idle_days=st.floats(0, 1000),
    seed=st.integers(0, 9),
)
@example(
    marks=[
        *[("language/syntax", 0.0)] * 3,
        *(("frameworks/django", 0.0), ("databases/sqlite", 0.0), ("databases/sqlite", 1.0)),
        *(("language/data-structures", 0.0), ("apis/json", 0.0), ("tools/git", 0.0)),
    ],
    idle_days=0.0,
    seed=0,
)
@settings(max_examples=60, deadline=None)
def test_steps_are_few_spread_reasoned_and_the_same_every_time(
    marks: list[tuple[str, float]], idle_days: float, seed: int
) -> None:
    answered = [a_response(topic, mark=mark) for topic, mark in marks]
    attempts = (an_attempt(*answered),)
    steps = steps_after(*attempts, idle_days=idle_days)
    assert len(steps) <= 3
    topics = [step.evidence.topic_id for step in steps if step.evidence]
    assert len(set(topics)) == len(topics)
    assert all(sum(topic.startswith(f"{area.slug}/") for topic in topics) <= 2 for area in ROADMAP.areas)
    if answered:
        assert all(step.evidence for step in steps)
        shuffled = random.Random(seed).sample(answered, len(answered))
        assert named(steps_after(an_attempt(*shuffled), idle_days=idle_days)) == named(steps)
