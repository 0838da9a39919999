"""Practise: what lies at the cut itself, where learning more settles more than asking more."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, further_resource, use_of_study
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, roadmap: RoadmapState) -> bool:
    return one.is_at_the_cut and roadmap.is_ready(one)


RULE = Rule(
    id="practise-1",
    when="You are so close to Proficient that one more quiz would hardly settle on which side.",
    group=Group.STUDY,
    fits=_fits,
    use=use_of_study,
    resource=further_resource,
)
