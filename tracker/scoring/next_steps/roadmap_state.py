"""What is known about every topic of the roadmap, and which of them wait for which."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.scoring.next_steps.topic_state import TopicState


@dataclass(frozen=True)
class RoadmapState:
    """Every topic, by id, in the roadmap's order."""

    topics: Mapping[str, TopicState]

    def wants_study(self, one: TopicState) -> bool:
        """Whether something is to be learnt or practised there, be it now or later."""
        return (one.is_weak and one.is_answered) or one.is_at_the_cut

    def is_ready(self, one: TopicState) -> bool:
        """Whether no prerequisite is weak."""
        return not self._weak_prerequisites(one)

    def readiness(self, one: TopicState) -> float:
        """The least chance among the prerequisites to be at least Proficient; 1 without any."""
        return min((self.topics[topic_id].mastery for topic_id in one.topic.prerequisites), default=1.0)

    def unlocks(self, one: TopicState) -> Sequence[str]:
        """The topics that want study and must wait for this one."""
        return self._waiting.get(one.topic.id, ())

    def standing_on(self, one: TopicState) -> int:
        """How many topics build on this one, directly or not, itself included."""
        return 1 + sum(one.topic.id in needs for needs in self._needs.values())

    @cached_property
    def _waiting(self) -> Mapping[str, Sequence[str]]:
        waiting = defaultdict(list)
        for topic_id, one in self.topics.items():
            first = self._first_to_learn(one) if self.wants_study(one) else one
            if first is not one:
                waiting[first.topic.id].append(topic_id)
        return waiting

    def _first_to_learn(self, one: TopicState) -> TopicState:
        """The topic itself or, while a prerequisite is weak, what is first to learn for the least mastered one."""
        weak = self._weak_prerequisites(one)
        return self._first_to_learn(min(weak, key=lambda other: other.mastery)) if weak else one

    def _weak_prerequisites(self, one: TopicState) -> list[TopicState]:
        prerequisites = [self.topics[topic_id] for topic_id in one.topic.prerequisites]
        return [other for other in prerequisites if other.is_weak]

    @cached_property
    def _needs(self) -> Mapping[str, set[str]]:
        """What each topic builds on, directly or not."""
        needs: dict[str, set[str]] = {}

        def needs_of(topic_id: str) -> set[str]:
            if topic_id not in needs:
                direct = self.topics[topic_id].topic.prerequisites
                needs[topic_id] = set(direct).union(*(needs_of(needed) for needed in direct))
            return needs[topic_id]

        return {topic_id: needs_of(topic_id) for topic_id in self.topics}
