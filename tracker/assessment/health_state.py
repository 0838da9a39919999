"""Whether an item measures as it should, by the newest statistics and what was decided."""

from collections.abc import Collection
from enum import StrEnum


class HealthState(StrEnum):
    """Unmeasured: nobody has answered it as it is now, or the statistics were not computed since."""

    UNDER_REVIEW = "review"
    FINDINGS = "findings"
    SOUND = "sound"
    UNMEASURED = "unmeasured"


def judge_health(rules: Collection[str] | None, *, is_under_review: bool) -> HealthState:
    """The state of an item that breaks these rules; None when it has no statistics."""
    if is_under_review:
        return HealthState.UNDER_REVIEW
    if rules is None:
        return HealthState.UNMEASURED
    return HealthState.FINDINGS if rules else HealthState.SOUND
