"""How much of the roadmap the bank covers, and how well: what `flask bank stats` prints."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.assessment.quality.draft import Draft
from tracker.assessment.quality.finding import Finding

LEVELS = (1, 2, 3, 4, 5)
LEAST_IN_TOPIC = 12
LEAST_IN_BANK = 400
LEAST_EXECUTED = 0.6
LEAST_FAMILIES = 40
LEAST_FAMILY_TOPICS = 12
ALL_LEVELS_FROM = 10
"""A topic with this many items has some of every difficulty."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One topic's items, or the bank's; a family counts once. `executed`: how many have a proof that is run."""

    topic_id: str
    items: int
    families: int
    levels: Counter[int]
    types: Counter[str]
    executed: int

    @property
    def executed_share(self) -> float:
        return self.executed / self.items if self.items else 0.0


def cover(drafts: Sequence[Draft], topic_ids: Sequence[str]) -> tuple[Coverage, ...]:
    """The coverage of each topic, in the roadmap's order."""
    return tuple(
        count_items([draft for draft in drafts if draft.topic_id == topic_id], topic_id) for topic_id in topic_ids
    )


def count_items(drafts: Sequence[Draft], topic_id: str = "") -> Coverage:
    """The coverage of these items taken together."""
    return Coverage(
        topic_id=topic_id,
        items=len(drafts),
        families=sum(draft.is_family for draft in drafts),
        levels=Counter(draft.difficulty for draft in drafts),
        types=Counter(draft.type for draft in drafts),
        executed=sum(draft.proof.is_executed for draft in drafts),
    )


def judge_coverage(drafts: Sequence[Draft], topic_ids: Sequence[str]) -> Iterator[Finding]:
    """What the bank lacks to be measured with: items, levels, proofs, families."""
    for topic in cover(drafts, topic_ids):
        where = f"items/{topic.topic_id}"
        if topic.items < LEAST_IN_TOPIC:
            yield Finding(where, "items", f"{topic.items}, at least {LEAST_IN_TOPIC} needed")
        missing = [str(level) for level in LEVELS if not topic.levels[level]]
        if missing and topic.items >= ALL_LEVELS_FROM:
            yield Finding(where, "difficulty", f"no item of level {', '.join(missing)}")
    yield from _judge_whole(count_items(drafts), {draft.topic_id for draft in drafts if draft.is_family})


def _judge_whole(bank: Coverage, family_topics: set[str]) -> Iterator[Finding]:
    if bank.items < LEAST_IN_BANK:
        yield Finding("items", "items", f"{bank.items} in all, at least {LEAST_IN_BANK} needed")
    if bank.executed_share < LEAST_EXECUTED:
        reason = f"{bank.executed_share:.0%} of the proofs are run, at least {LEAST_EXECUTED:.0%} needed"
        yield Finding("items", "proof", reason)
    if bank.families < LEAST_FAMILIES or len(family_topics) < LEAST_FAMILY_TOPICS:
        reason = f"{bank.families} on {len(family_topics)} topics, at least {LEAST_FAMILIES} on {LEAST_FAMILY_TOPICS}"
        yield Finding("items", "family", f"{reason} needed")
