"""What can be taken: an assessment and the blueprint it must cover."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tracker.assessment.roadmap import Roadmap

Kind = Literal["placement", "area", "topic"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Something people can take. Its blueprint: `item_count` items, spread evenly over these areas and their topics.

    An adaptive one has at most so many, chosen one by one; a topic's quiz covers nothing else of its area.
    """

    slug: str
    name: str
    description: str
    area_slugs: tuple[str, ...]
    item_count: int
    time_limit: timedelta
    is_adaptive: bool = False
    topic_id: str | None = None

    @property
    def minutes(self) -> int:
        return int(self.time_limit.total_seconds() // 60)

    @property
    def is_wide(self) -> bool:
        """Whether it covers several areas."""
        return len(self.area_slugs) > 1

    def topic_ids(self, roadmap: Roadmap) -> tuple[str, ...]:
        """The topics it covers."""
        if self.topic_id:
            return (self.topic_id,)
        return tuple(topic.id for slug in self.area_slugs for topic in roadmap.area(slug).topics)


@dataclass(frozen=True, slots=True)
class Length:
    """How long an assessment may become."""

    item_count: int
    time_limit: timedelta


def adaptive_assessments(roadmap: Roadmap, lengths: Mapping[Kind, Length]) -> Iterator[Assessment]:
    """The adaptive assessments of a roadmap, the widest first: all areas, each area, each topic."""
    yield _adaptive(
        lengths["placement"],
        slug="placement-adaptive",
        name="Adaptive placement",
        description="All areas, each question chosen by your answers so far.",
        area_slugs=tuple(area.slug for area in roadmap.areas),
    )
    for area in roadmap.areas:
        yield _adaptive(
            lengths["area"],
            slug=f"{area.slug}-adaptive",
            name=f"{area.name}, adaptive",
            description=area.description,
            area_slugs=(area.slug,),
        )
    for topic in roadmap.topics:
        yield _adaptive(
            lengths["topic"],
            slug=topic_assessment_slug(topic.id),
            name=topic.name,
            description=topic.description,
            area_slugs=(topic.area_slug,),
            topic_id=topic.id,
        )


def topic_assessment_slug(topic_id: str) -> str:
    """The slug of a topic's quiz."""
    return f"topic-{topic_id.replace('/', '-')}"


def _adaptive(
    length: Length,
    *,
    slug: str,
    name: str,
    description: str,
    area_slugs: tuple[str, ...],
    topic_id: str | None = None,
) -> Assessment:
    return Assessment(
        slug=slug,
        name=name,
        description=description,
        area_slugs=area_slugs,
        item_count=length.item_count,
        time_limit=length.time_limit,
        is_adaptive=True,
        topic_id=topic_id,
    )
