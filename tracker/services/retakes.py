"""Taking an assessment again: only some time after the last attempt at it has ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.errors import NotOpenYet
from tracker.storage import attempts


def list_waiting(taken: Iterable[Attempt], *, now: datetime, retake_after: timedelta) -> dict[str, datetime]:
    """When each assessment opens to its learner again, by slug; those open now are absent."""
    last: dict[str, datetime] = {}
    for attempt in taken:
        if attempt.finished_at:
            slug = attempt.assessment_slug
            last[slug] = max(last.get(slug, attempt.finished_at), attempt.finished_at)
    return {slug: at + retake_after for slug, at in last.items() if now < at + retake_after}


def check_open(assessment_slug: str, *, learner_id: int, now: datetime, retake_after: timedelta) -> None:
    """Let only those pass who may start it now. Raises: NotOpenYet."""
    last = attempts.find_last_finish(learner_id, assessment_slug)
    if last and now < last + retake_after:
        raise NotOpenYet(
            "You took this only a short while ago, so it is not open to you yet. Your result stays as it is.",
            opens_at=last + retake_after,
        )
