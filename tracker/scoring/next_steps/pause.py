"""Pause: when everything is known surely, when to come back."""

from datetime import datetime, timedelta

from tracker.scoring.drift import aged
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_steps.topic_state import SURE
from tracker.scoring.profile import Profile

ID = "pause-1"
WHEN = "You are surely Proficient everywhere; this is the first that time makes unsure, or the least sure."
HORIZON = timedelta(days=5 * 365)


def first_unsure(profile: Profile, topic_ids: list[str], now: datetime) -> tuple[str, datetime | None]:
    """Of these sure topics, at least one, the first that will not be sure any more, and the day from which it is not.

    Args: profile, as of now. Returns: without a day, the least sure topic, when none will be unsure within the horizon.
    """
    first, last = 0, HORIZON.days
    if not _unsure(profile, topic_ids, now + HORIZON):
        return min(topic_ids, key=lambda topic_id: _mastery(profile, topic_id)), None
    while last - first > 1:
        middle = (first + last) // 2
        if _unsure(profile, topic_ids, now + timedelta(days=middle)):
            last = middle
        else:
            first = middle
    due = now + timedelta(days=last)
    return _unsure(profile, topic_ids, due)[0], due


def _unsure(profile: Profile, topic_ids: list[str], at: datetime) -> list[str]:
    then = aged(profile, at)
    return [topic_id for topic_id in topic_ids if _mastery(then, topic_id) < SURE]


def _mastery(profile: Profile, topic_id: str) -> float:
    return profile.topic(topic_id).ability.chance_of(PROFICIENT_CUT)
