"""What can be taken: an assessment and the blueprint it must cover."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Assessment:
    """Something people can take. Its blueprint: `item_count` items, spread evenly over these areas and their topics."""

    slug: str
    name: str
    description: str
    area_slugs: tuple[str, ...]
    item_count: int
    time_limit: timedelta

    @property
    def minutes(self) -> int:
        return int(self.time_limit.total_seconds() // 60)
