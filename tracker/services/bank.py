"""What can be taken and learned: the bank, as pages need it."""

from tracker.assessment.blueprint import Assessment
from tracker.assessment.roadmap import Roadmap
from tracker.storage.question_bank import get_bank


def get_roadmap() -> Roadmap:
    """The roadmap of the running app."""
    return get_bank().roadmap


def list_assessments() -> tuple[Assessment, ...]:
    """Everything that can be taken, the widest first."""
    return tuple(get_bank().assessments.values())


def get_assessment(slug: str) -> Assessment:
    """The assessment with this slug. Raises: NotFound."""
    return get_bank().assessment(slug)


def count_items() -> dict[str, int]:
    """How many items each topic has, by topic id; a family counts once."""
    return {topic_id: len(entries) for topic_id, entries in get_bank().live_by_topic.items()}
