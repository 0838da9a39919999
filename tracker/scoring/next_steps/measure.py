"""Measure: what is not known yet."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, first_resource, use_of_quiz
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, _roadmap: RoadmapState) -> bool:
    return not one.is_answered or not (one.is_weak or one.is_mastered or one.is_at_the_cut)


RULE = Rule(
    id="measure-1",
    when="You were never asked, or your answers do not say yet whether you are Proficient.",
    group=Group.MEASURE,
    fits=_fits,
    use=use_of_quiz,
    resource=first_resource,
)
