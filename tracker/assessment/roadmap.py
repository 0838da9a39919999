"""The roadmap: areas, their topics, and which topic builds on which."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Resource:
    """A page of official documentation to learn from; `minutes` is an honest reading time."""

    title: str
    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `id` is `area/slug`; `prerequisites` are ids of topics it builds on."""

    id: str
    name: str
    description: str
    prerequisites: tuple[str, ...]
    resources: tuple[Resource, ...]

    @property
    def area_slug(self) -> str:
        return self.id.partition("/")[0]

    @property
    def slug(self) -> str:
        return self.id.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Area:
    """One of the roadmap's areas with its topics, in the order people should meet them."""

    slug: str
    name: str
    description: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Roadmap:
    """All areas, in the order the radar shows them."""

    areas: tuple[Area, ...]

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        return {topic.id: topic for area in self.areas for topic in area.topics}

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {area.slug: area for area in self.areas}

    @property
    def topics(self) -> Iterator[Topic]:
        """Every topic, area by area."""
        return iter(self._topics.values())

    def find_topic(self, topic_id: str) -> Topic | None:
        return self._topics.get(topic_id)

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id. Raises: KeyError."""
        return self._topics[topic_id]

    def area(self, slug: str) -> Area:
        """The area with this slug. Raises: KeyError."""
        return self._areas[slug]
