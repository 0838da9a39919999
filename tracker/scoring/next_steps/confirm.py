"""Confirm: what is most likely known, but not surely."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, first_resource, use_of_quiz
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, _roadmap: RoadmapState) -> bool:
    return one.is_mastered and not one.is_sure


RULE = Rule(
    id="confirm-1",
    when="You most likely are Proficient, but less surely than 95 %.",
    group=Group.CONFIRM,
    fits=_fits,
    use=use_of_quiz,
    resource=first_resource,
)
