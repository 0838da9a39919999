"""How an item does: its newest statistics, what calibrations made of it, and its review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.health_state import HealthState, judge_health
from tracker.assessment.item_review import ItemReview
from tracker.assessment.item_statistics import ItemStatistics
from tracker.assessment.parameters import Estimate
from tracker.storage import item_parameters, item_reviews, item_statistics


@dataclass(frozen=True, slots=True)
class ItemHealth:
    """Of one version of an item's file. older: whether the statistics there are, and not shown, are of another version.

    history: the newest estimates of its parameters, oldest first, each with when it was made.
    """

    statistics: ItemStatistics | None
    older: bool
    history: tuple[tuple[datetime, Estimate], ...]
    review: ItemReview | None

    @property
    def state(self) -> HealthState:
        rules = [finding.rule for finding in self.statistics.findings] if self.statistics else None
        return judge_health(rules, is_under_review=self.review is not None and self.review.is_open)


def get_health(item_id: str, version: str) -> ItemHealth:
    """How this version of an item's file does."""
    statistics = item_statistics.find(item_id)
    is_current = statistics is not None and statistics.version == version
    return ItemHealth(
        statistics=statistics if is_current else None,
        older=statistics is not None and not is_current,
        history=tuple(item_parameters.history(version)),
        review=item_reviews.find(version),
    )


def list_states() -> Mapping[str, HealthState]:
    """How the items do that have statistics or a review, by their files' versions: two queries for the whole bank."""
    rules, reviews = item_statistics.list_rules(), item_reviews.list_all()
    return {
        version: judge_health(
            rules.get(version), is_under_review=(review := reviews.get(version)) is not None and review.is_open
        )
        for version in rules.keys() | reviews.keys()
    }
