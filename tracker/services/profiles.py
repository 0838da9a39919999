"""Profiles: derived from finished attempts, kept so that nobody waits for them, repaired when they lag."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from tracker.assessment.response import MarkedAttempt
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.profile import REVISION, Profile, profile_from_dict
from tracker.storage import attempts, profiles
from tracker.storage.profiles import StoredProfile


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of a learner: the profile as of now and the attempts it rests on."""

    profile: Profile
    attempts: tuple[MarkedAttempt, ...]


def get_record(learner_id: int, *, now: datetime) -> Record:
    """A learner's record; a profile that lags behind the attempts is rebuilt first."""
    marked = attempts.list_marked(learner_id)
    stored = profiles.find(learner_id, revision=REVISION)
    if marked and (stored is None or stored.attempts != len(marked)):
        stored = _rebuild(learner_id, marked)
    return Record(profile=_as_of(now, stored), attempts=tuple(marked))


def list_profiles(learner_ids: Sequence[int], *, now: datetime) -> dict[int, Profile]:
    """These learners' profiles as of now, by learner, in one query; an empty one where nothing is known."""
    stored = profiles.list_of(learner_ids, revision=REVISION)
    return {learner_id: _as_of(now, stored.get(learner_id)) for learner_id in learner_ids}


def update_profile(learner_id: int) -> None:
    """Fold a learner's finished attempts anew; doing it again changes nothing."""
    marked = attempts.list_marked(learner_id)
    if marked:
        _rebuild(learner_id, marked)


def list_learner_ids() -> list[int]:
    """Ids of all who have finished an attempt."""
    return sorted(attempts.count_finished_by_learner())


def repair_profiles() -> int:
    """Fold anew only where a profile lags behind its attempts. Returns: how many did."""
    known = profiles.count_attempts_by_learner(revision=REVISION)
    lagging = [
        learner_id
        for learner_id, count in attempts.count_finished_by_learner().items()
        if known.get(learner_id) != count
    ]
    for learner_id in lagging:
        update_profile(learner_id)
    return len(lagging)


def _rebuild(learner_id: int, marked: list[MarkedAttempt]) -> StoredProfile:
    stored = StoredProfile(
        learner_id=learner_id,
        attempts=len(marked),
        revision=REVISION,
        values=asdict(fold(marked)),
        last_finished_at=marked[-1].finished_at,
    )
    profiles.put(stored)
    return stored


def _as_of(now: datetime, stored: StoredProfile | None) -> Profile:
    return aged(profile_from_dict(stored.values), now) if stored else Profile()
