"""Calibration: what everybody's responses say of the items, from the log to a new revision of their parameters."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.assessment.response_log import ResponseLog
from tracker.errors import Conflict, NotFound, TrackerError
from tracker.scoring.calibration import Parameters
from tracker.scoring.calibration.areas import calibrate
from tracker.scoring.calibration.log import area_of, area_slugs, effortful, population_of, to_fit, walks_of
from tracker.services import audit, profiles
from tracker.storage import calibration_progress, item_parameters, responses
from tracker.storage.calibration_progress import Progress
from tracker.storage.question_bank import get_bank

METHOD = "1"  # of calibration: a change of it makes the same responses worth calibrating again
GOES_ON_WITHIN = timedelta(days=1)

OnArea = Callable[[str], None]
OnRead = Callable[[int], None]


class NothingNew(TrackerError):
    """The revision that counts was made from these very responses."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"Nothing is new: revision {revision} was made from these very responses.")


@dataclass(frozen=True, slots=True)
class Move:
    """What an item was known to be like, by an earlier revision or its author, and what it is like."""

    version: str
    before: Estimate | None
    after: Estimate

    @property
    def errors(self) -> float:
        """By how many of its errors of before the difficulty moved; 0 of an item that was not known before."""
        return abs(self.after.b - self.before.b) / self.before.b_error if self.before else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """An area's score of one learner as it is today by one revision, and as it would be by another."""

    learner_id: int
    area_slug: str
    before: int
    after: int

    @property
    def size(self) -> int:
        return abs(self.after - self.before)


def count_learners() -> int:
    """How many learners there are to read, at most."""
    return responses.last_learner_id()


def run(*, learners: int, now: datetime, on_read: OnRead, on_area: OnArea) -> ParameterSet:
    """Calibrate from the responses of so many learners and store a new revision; go on where the last run stopped.

    `on_read` is told how many more learners were read, `on_area` each area that is done.
    Raises: NotFound when there is no response, NothingNew, Conflict when another run is on its way.
    """
    with calibration_progress.alone():
        found = _calibrated(learners, now, on_read, on_area, is_kept=True)
        _add(found)
        calibration_progress.forget()
    audit.record("calibration.run", actor_id=None, subject=f"revision:{found.revision}", now=now)
    return found


def try_out(*, learners: int, now: datetime, on_read: OnRead, on_area: OnArea) -> ParameterSet:
    """The revision that `run` would store; nothing is stored. Raises: NotFound, NothingNew."""
    return _calibrated(learners, now, on_read, on_area, is_kept=False)


def revert(revision: int, *, now: datetime) -> ParameterSet:
    """Store a new revision that says the same as an older one; 0 is the authors' word. Raises: NotFound, Conflict."""
    with calibration_progress.alone():
        older = _get(revision)
        found = replace(older, revision=item_parameters.current().revision + 1, made_at=now)
        _add(found)
    audit.record(
        "calibration.reverted", actor_id=None, subject=f"revision:{found.revision}", now=now, reverted_to=revision
    )
    return found


def get_current() -> ParameterSet:
    """The revision that counts."""
    return item_parameters.current()


def list_moves(found: ParameterSet) -> list[Move]:
    """How each item answered moved from the revision before, the most surprising first; new ones at the end."""
    before = _get(found.revision - 1).estimates
    moves = [Move(version, before.get(version), estimate) for version, estimate in found.estimates.items()]
    return sorted(moves, key=lambda move: (move.before is None, -move.errors, move.version))


def list_changes(learner_ids: Sequence[int], found: ParameterSet, *, now: datetime) -> Iterator[list[Change]]:
    """For each learner, how today's scores of their areas would change by these parameters; nothing is stored."""
    known = item_parameters.current()
    for learner_id in learner_ids:
        before, after = (
            profiles.get_profile_at(learner_id, moment=now, known=parameters) for parameters in (known, found)
        )
        yield [
            Change(learner_id, area.slug, before.area(area.slug).score.value, area.score.value) for area in after.areas
        ]


def list_history(item_id: str) -> list[tuple[ParameterSet, Estimate | None]]:
    """What each revision says of an item as it is in the bank today. Raises: NotFound."""
    version = next((version for version, name in name_items().items() if name == item_id), None)
    if version is None:
        raise NotFound(f"There is no item {item_id} in the bank.")
    revisions = (item_parameters.get(revision) for revision in item_parameters.list_revisions())
    return [(parameters, parameters.estimates.get(version)) for parameters in revisions]


def name_items() -> dict[str, str]:
    """The ids of the bank's items, by the version of their files."""
    bank = get_bank()
    items = {item.version: item.id for item in bank.items.values()}
    return items | {family.version: family.id for family in bank.families.values()}


def _calibrated(learners: int, now: datetime, on_read: OnRead, on_area: OnArea, *, is_kept: bool) -> ParameterSet:
    known = item_parameters.current()
    progress = _find_progress(known, now) if is_kept else None
    until = progress.until if progress else now
    log = effortful(responses.read(until=until, last_learner_id=learners, on_read=on_read))
    log_hash = _hash(log)
    if not log.size:
        raise NotFound("There is nothing to calibrate from: nobody has finished an attempt yet.")
    if log_hash == known.log:
        raise NothingNew(known.revision)
    if progress is None or progress.log != log_hash:
        progress = Progress(until=until, log=log_hash, since=known.revision)
    for slug in area_slugs(log):
        if slug not in progress.done:
            progress = _with_area(progress, slug, log, known, is_kept=is_kept)
        on_area(slug)
    estimates = dict(known.estimates)
    for of_area in progress.done.values():
        estimates |= of_area
    walks = walks_of(log, estimates)
    return ParameterSet(
        revision=known.revision + 1,
        made_at=now,
        estimates=estimates,
        area_walk=walks.area,
        topic_walk=walks.topic,
        populations={slug: population_of(area_of(log, slug), log, estimates) for slug in area_slugs(log)},
        responses=log.size,
        log=log_hash,
    )


def _with_area(progress: Progress, slug: str, log: ResponseLog, known: ParameterSet, *, is_kept: bool) -> Progress:
    """The progress once one more area is done; how far it has come is kept after every step."""
    area = area_of(log, slug)

    def keep(_steps: int, _log_likelihood: float, at: Parameters) -> None:
        begun = {"slug": slug, "a": at.a.tolist(), "b": at.b.tolist(), "mean": at.mean, "sd": at.sd}
        calibration_progress.keep(replace(progress, begun=begun))

    found = calibrate(
        to_fit(area, log, known.estimates), start=_start(progress, slug), on_step=keep if is_kept else None
    )
    versions = [log.items[code].version for code in area.codes]
    estimates = {version: one for version, one in zip(versions, found, strict=True) if one.responses}
    done = dict(progress.done) | {slug: estimates}
    progress = replace(progress, done=done, begun=None)
    if is_kept:
        calibration_progress.keep(progress)
    return progress


def _start(progress: Progress, slug: str) -> Parameters | None:
    begun = progress.begun
    if begun is None or begun["slug"] != slug:
        return None
    return Parameters(np.array(begun["a"]), np.array(begun["b"]), mean=begun["mean"], sd=begun["sd"])


def _find_progress(known: ParameterSet, now: datetime) -> Progress | None:
    """How far the last run has come, if it was stopped lately and nothing was stored since it began."""
    progress = calibration_progress.find()
    is_fresh = progress and progress.since == known.revision and progress.until > now - GOES_ON_WITHIN
    return progress if is_fresh else None


def _add(found: ParameterSet) -> None:
    if not item_parameters.add(found):
        raise Conflict(f"Revision {found.revision} was stored by another calibration meanwhile. Run this again.")


def _get(revision: int) -> ParameterSet:
    try:
        return item_parameters.get(revision)
    except KeyError:
        raise NotFound(f"There is no revision {revision}.") from None


def _hash(log: ResponseLog) -> str:
    """What tells whether two logs are the same, and would be calibrated in the same way."""
    made = hashlib.sha256(METHOD.encode())
    made.update(repr(log.items).encode())
    for column in (log.learner_id, log.ended_at, log.attempt, log.item, log.right):
        made.update(np.ascontiguousarray(column).tobytes())
    return made.hexdigest()
