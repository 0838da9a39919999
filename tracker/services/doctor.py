"""Looking through both stores for what must not be: one sentence each, with what to do about it.

It may look while people work: what refers to something is read before what it refers to, and profiles may lag a moment
behind attempts.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from tracker.scoring.fold import fold
from tracker.scoring.packing import FORMAT, packed
from tracker.scoring.profile import REVISION, Profile, profile_from_dict
from tracker.services import audit_trail
from tracker.storage import (
    accounts,
    attempts,
    disk,
    erasures,
    exports,
    item_parameters,
    item_reports,
    profiles,
    shapes,
    soundness,
    sql,
    standings,
)
from tracker.storage.question_bank import get_bank
from tracker.storage.standings import StoredStanding

LEFT_BEHIND_AFTER = timedelta(hours=1)
FOLDED_WITHIN = timedelta(minutes=1)
"""Whose attempt ended so lately, their profile may lag: it is being folded, or the sweep does it."""

NEARLY = 1e-6
"""Another machine's arithmetic may differ by so much."""

SAME = 1e-9
"""A moment of today, in seconds, differs by two seconds at most."""

OnLearner = Callable[[], object]


def list_learners(*, sample: int | None = None) -> list[int]:
    """Whose profiles to look at: of everybody who has finished an attempt or has a profile, or of so many of them."""
    found = sorted({*attempts.count_finished_by_learner(), *profiles.list_learner_ids(), *standings.list_learner_ids()})
    return found if sample is None or sample >= len(found) else sorted(random.sample(found, sample))


def examine(*, learner_ids: Sequence[int], now: datetime, on_learner: OnLearner = lambda: None) -> Iterator[str]:
    """All that is wrong, one sentence each. learner_ids: whose profiles are folded anew and compared."""
    yield from _look_at_shape()
    yield from _look_at_documents()
    yield from _look_at_profiles(learner_ids, now, on_learner)
    yield from _look_at_trail()
    yield from _look_at_files(now)


def _look_at_shape() -> Iterator[str]:
    if not sql.is_newest():
        yield "The tables are not at the newest migration. Run `flask stores prepare`."
    for name in shapes.list_undeclared():
        yield f"The document store does not hold {name} to their shape. Run `flask stores prepare`."


def _look_at_documents() -> Iterator[str]:
    owners = soundness.list_learner_ids()
    late_ids = soundness.list_late_attempt_ids()
    found = soundness.read_attempts()
    yield from (f"{fault} Restore it from a backup." for fault in found.faults)
    yield from _look_at_owners(owners)
    for attempt_id in sorted(late_ids - found.ids):
        yield f"Late answers are kept of attempt {attempt_id}, which is not there. Restore it from a backup."
    for report_id, attempt_id in item_reports.list_attempt_ids().items():
        if attempt_id not in found.ids and not attempts.is_there(attempt_id):
            yield f"Report {report_id} is about attempt {attempt_id}, which is not there. Restore it from a backup."
    of_bank = {source.version for source in get_bank().sources.values()}
    for version in sorted(found.file_versions - soundness.list_source_versions() - of_bank):
        yield f"An item was served from file {version}, which nobody has. Restore item_sources from a backup."


def _look_at_owners(owners: dict[str, set[int]]) -> Iterator[str]:
    known = set(accounts.list_ids())
    erased = {erasure.user_id for erasure in erasures.list_all()}
    for name, learner_ids in owners.items():
        for learner_id in sorted(learner_ids - known):
            if learner_id in erased:
                yield f"{name} hold something of person {learner_id}, who was erased. Run `flask people erase --again`."
            else:
                yield f"{name} hold something of person {learner_id}, whom the tables do not know. Restore both stores."


def _look_at_profiles(learner_ids: Sequence[int], now: datetime, on_learner: OnLearner) -> Iterator[str]:
    for learner_id in learner_ids:
        fault = _fault_of_profile(learner_id, now)
        if fault:
            yield f"{fault} Run `flask profiles rebuild`."
        on_learner()


def _fault_of_profile(learner_id: int, now: datetime) -> str:
    """What is wrong with a learner's profile or standing, in a sentence; empty when nothing is."""
    marked = attempts.list_marked(learner_id)
    stored = profiles.find(learner_id, revision=REVISION)
    standing = standings.find(learner_id, revision=REVISION, format=FORMAT)
    if not marked:
        return f"Person {learner_id} has a profile, but has finished no attempt." if stored or standing else ""
    made_from = [kept.attempts if kept else 0 for kept in (stored, standing)]
    if made_from != [len(marked)] * 2 or stored is None or standing is None:
        is_folded_now = marked[-1].finished_at > now - FOLDED_WITHIN
        lags = f"Person {learner_id} has finished {len(marked)} attempts; profile and standing are of {made_from}."
        return "" if is_folded_now else lags
    kept = profile_from_dict(stored.values)
    if not _is_alike(asdict(kept), asdict(fold(marked, item_parameters.current()))):
        return f"The profile of person {learner_id} is not what their attempts add up to."
    return "" if _is_of(kept, standing) else f"The standing of person {learner_id} is not that of their profile."


def _is_of(profile: Profile, standing: StoredStanding) -> bool:
    """Whether a standing is this profile's, whose moments the document store has cut to milliseconds."""
    wanted = packed(profile)
    numbers, wanted_numbers = np.frombuffer(standing.numbers), np.frombuffer(wanted.numbers)
    return (
        standing.skills == wanted.skills
        and numbers.shape == wanted_numbers.shape
        and np.allclose(numbers, wanted_numbers, rtol=SAME, atol=SAME, equal_nan=True)
    )


def _is_alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, but for the last digits of their numbers."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NEARLY, abs_tol=NEARLY)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_alike(one[name], other[name]) for name in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    return bool(one == other)


def _look_at_trail() -> Iterator[str]:
    fault = audit_trail.verify().fault
    if fault:
        yield f"The audit trail is not sound: {fault} Find out who could write to the database."


def _look_at_files(now: datetime) -> Iterator[str]:
    for export_id in exports.list_lost():
        yield f"The file of export {export_id} is not there. Ask for it again; delete this one on the cohort's page."
    for draft in disk.list_drafts(before=now - LEFT_BEHIND_AFTER):
        yield f"{draft} was left half written by a crash. Delete it."
