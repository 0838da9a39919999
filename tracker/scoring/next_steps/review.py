"""Review: what was known and has faded."""

from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Group, Rule, first_resource, use_of_study
from tracker.scoring.next_steps.topic_state import TopicState


def _fits(one: TopicState, _roadmap: RoadmapState) -> bool:
    return one.is_faded


RULE = Rule(
    id="review-1",
    when="You most likely were Proficient when you last answered; only the time since makes that unsure.",
    group=Group.STUDY,
    fits=_fits,
    use=use_of_study,
    resource=first_resource,
)
