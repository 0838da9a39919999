"""What practice can be asked for: what is due today, an area or a topic."""

from dataclasses import dataclass

from tracker.assessment.roadmap import Roadmap

DUE = "due"


@dataclass(frozen=True, slots=True)
class Scope:
    """Some topics to practise; `is_due_only` when nothing new is wanted."""

    slug: str
    name: str
    topic_ids: frozenset[str]
    is_due_only: bool = False


def topic_scope_slug(topic_id: str) -> str:
    """The slug of a topic's practice."""
    return f"topic-{topic_id.replace('/', '-')}"


def find_scope(roadmap: Roadmap, slug: str) -> Scope | None:
    """The scope with this slug: `due`, an area's slug, or a topic's as `topic_scope_slug` makes it."""
    if slug == DUE:
        return Scope(slug, "What is due today", frozenset(topic.id for topic in roadmap.topics), is_due_only=True)
    for area in roadmap.areas:
        if slug == area.slug:
            return Scope(slug, area.name, frozenset(topic.id for topic in area.topics))
        for topic in area.topics:
            if slug == topic_scope_slug(topic.id):
                return Scope(slug, topic.name, frozenset([topic.id]))
    return None
