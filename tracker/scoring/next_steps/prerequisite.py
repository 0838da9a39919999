"""Prerequisite: what is weak and keeps something else waiting."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, first_resource, use_of_study
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, roadmap: RoadmapState) -> bool:
    return one.is_weak and roadmap.is_ready(one) and bool(roadmap.unlocks(one))


RULE = Rule(
    id="prerequisite-1",
    when="It is weak, and a topic that you are to learn or to practise builds on it.",
    group=Group.STUDY,
    fits=_fits,
    use=use_of_study,
    resource=first_resource,
)
