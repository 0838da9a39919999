"""Learn: what is weak, once one is ready for it."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, first_resource, use_of_study
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, roadmap: RoadmapState) -> bool:
    return one.is_weak and one.is_answered and roadmap.is_ready(one)


RULE = Rule(
    id="learn-1",
    when="Your answers there fall short of Proficient, and nothing that it builds on is weak.",
    group=Group.STUDY,
    fits=_fits,
    use=use_of_study,
    resource=first_resource,
)
