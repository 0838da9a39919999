"""Profiles: derived from finished attempts, kept so that nobody waits for them, repaired when they lag."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from tracker.assessment.parameters import ParameterSet
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.score import Report
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold, report, states, updated
from tracker.scoring.packing import FORMAT, packed
from tracker.scoring.profile import REVISION, Profile, profile_from_dict
from tracker.storage import accounts, attempts, item_parameters, profiles, standings
from tracker.storage.profiles import StoredProfile
from tracker.storage.standings import StoredStanding


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of a learner: the profile as of now and the attempts it rests on."""

    profile: Profile
    attempts: tuple[MarkedAttempt, ...]


def get_record(learner_id: int, *, now: datetime) -> Record:
    """A learner's record; a profile that lags behind the attempts is rebuilt first."""
    return record_of(attempts.list_marked(learner_id), learner_id=learner_id, now=now)


def get_record_and_history(learner_id: int, *, now: datetime) -> tuple[Record, QuizHistory]:
    """A learner's record, and what their quizzes hold back, in one read of their attempts."""
    marked, history = attempts.get_past(learner_id, now=now)
    return record_of(marked, learner_id=learner_id, now=now), history


def record_of(marked: Sequence[MarkedAttempt], *, learner_id: int, now: datetime) -> Record:
    """The record of a learner whose finished attempts have been read already."""
    stored = profiles.find(learner_id, revision=REVISION)
    if marked and (stored is None or stored.attempts != len(marked)):
        stored = _rebuild(learner_id, marked, item_parameters.current())
    return Record(profile=_as_of(now, stored), attempts=tuple(marked))


def get_profile_at(learner_id: int, *, moment: datetime, known: ParameterSet) -> Profile:
    """A learner's profile as of a moment, by these parameters, from the attempts that had ended by then."""
    stored = profiles.find(learner_id, revision=REVISION)
    is_by_these = stored and stored.parameters == known.revision and stored.last_finished_at <= moment
    if stored and is_by_these and stored.attempts == attempts.count_finished(learner_id):
        return _as_of(moment, stored)
    ended = [attempt for attempt in attempts.list_marked(learner_id) if attempt.finished_at <= moment]
    return aged(fold(ended, known), moment)


def get_profile(learner_id: int, *, now: datetime) -> Profile:
    """A learner's kept profile as of now, without its moments; an empty one where nothing is known."""
    return _as_of(now, profiles.find_without_moments(learner_id, revision=REVISION))


def with_attempt(attempt: MarkedAttempt, *, learner_id: int) -> tuple[StoredProfile, Report]:
    """A learner's profile once this attempt has ended, and what to tell them then; nothing is stored."""
    known = item_parameters.current()
    stored = profiles.find(learner_id, revision=REVISION)
    if stored and _takes(stored, attempt, known) and stored.attempts == attempts.count_finished(learner_id):
        profile = updated(profile_from_dict(stored.values), attempt, known)
        return _stored(learner_id, profile, [attempt], stored.attempts + 1), report(profile, attempt)
    marked = sorted([*attempts.list_marked(learner_id), attempt], key=lambda one: (one.finished_at, one.attempt_id))
    _nothing, *after = states(marked, known)
    return _stored(learner_id, after[-1], marked, len(marked)), report(after[marked.index(attempt)], attempt)


def keep(stored: StoredProfile) -> None:
    """Store a profile and the standing it amounts to, unless one made from more is there already."""
    profiles.put(stored)
    standings.put(_standing(stored))


def update_profile(learner_id: int) -> None:
    """Fold a learner's finished attempts anew; doing it again changes nothing."""
    marked = attempts.list_marked(learner_id)
    if marked:
        _rebuild(learner_id, marked, item_parameters.current())


def list_learner_ids() -> list[int]:
    """Ids of all who have finished an attempt."""
    return sorted(attempts.count_finished_by_learner())


def list_lagging_ids() -> list[int]:
    """Ids of those whose profile or standing lags behind their attempts or the items' parameters."""
    parameters = item_parameters.current().revision
    folded = profiles.count_attempts_by_learner(revision=REVISION, parameters=parameters)
    kept = standings.count_attempts_by_learner(revision=REVISION, parameters=parameters, format=FORMAT)
    finished = attempts.count_finished_by_learner()
    return sorted(
        learner_id
        for learner_id, count in finished.items()
        if (folded.get(learner_id), kept.get(learner_id)) != (count, count)
    )


def list_learners_to_check(*, done_since: datetime | None) -> list[int]:
    """Ids of those whose profile may lag: an attempt of theirs ended after this moment; without one, everybody."""
    return attempts.list_learners_done_since(done_since) if done_since else accounts.list_ids()


def repair_profile(learner_id: int) -> None:
    """Fold a learner's attempts anew if their profile lags behind these, or behind the items' parameters."""
    finished = attempts.count_finished(learner_id)
    if not finished:
        return
    made_from = (finished, item_parameters.current().revision)
    stored = profiles.find(learner_id, revision=REVISION)
    if stored is None or (stored.attempts, stored.parameters) != made_from:
        update_profile(learner_id)
        return
    kept = standings.find(learner_id, revision=REVISION, format=FORMAT)
    if kept is None or (kept.attempts, kept.parameters) != made_from:
        standings.put(_standing(stored))


def repair_profiles() -> int:
    """Fold anew only where a profile lags behind. Returns: how many did."""
    lagging = list_lagging_ids()
    for learner_id in lagging:
        update_profile(learner_id)
    return len(lagging)


def _takes(stored: StoredProfile, attempt: MarkedAttempt, known: ParameterSet) -> bool:
    return stored.parameters == known.revision and stored.last_finished_at <= attempt.finished_at


def _rebuild(learner_id: int, marked: Sequence[MarkedAttempt], known: ParameterSet) -> StoredProfile:
    stored = _stored(learner_id, fold(marked, known), marked, len(marked))
    keep(stored)
    return stored


def _stored(learner_id: int, profile: Profile, marked: Sequence[MarkedAttempt], finished: int) -> StoredProfile:
    return StoredProfile(
        learner_id=learner_id,
        attempts=finished,
        revision=profile.revision,
        parameters=profile.parameters,
        values=asdict(profile),
        last_finished_at=marked[-1].finished_at,
    )


def _standing(stored: StoredProfile) -> StoredStanding:
    skills, numbers = packed(profile_from_dict({**stored.values, "moments": ()}))
    return StoredStanding(
        learner_id=stored.learner_id,
        attempts=stored.attempts,
        revision=stored.revision,
        parameters=stored.parameters,
        format=FORMAT,
        skills=skills,
        numbers=numbers,
    )


def _as_of(now: datetime, stored: StoredProfile | None) -> Profile:
    return aged(profile_from_dict(stored.values), now) if stored else Profile()
