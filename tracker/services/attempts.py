"""Taking an assessment: start, answer, finish. An attempt past its time is finished by whoever meets it next."""

import logging
import math
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from tracker import metrics
from tracker.assessment.assembly import Placement, draw_form
from tracker.assessment.assignment import AssignedTerms
from tracker.assessment.attempt import MOST_CHANGES, MOST_EVENTS, REVIEW, Attempt, Event, Signal
from tracker.assessment.blueprint import Assessment
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer
from tracker.assessment.late_answer import LateAnswer
from tracker.assessment.marking import mark_attempt
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.served import ServedItem, serve
from tracker.assessment.time_ledger import TimeLedger
from tracker.errors import AttemptClosed, AttemptFull, BadInput, KeyReused, NotFound, StaleAnswer, TooFast, TrackerError
from tracker.services import (
    accommodations,
    adaptive,
    item_reviews,
    items,
    late_answers,
    met_items,
    outages,
    profiles,
    retakes,
)
from tracker.storage import attempts, documents
from tracker.storage.question_bank import get_bank

SEED_BITS = 32

log = logging.getLogger(__name__)


def start_attempt(
    assessment_slug: str,
    *,
    learner_id: int,
    now: datetime,
    seed: int | None = None,
    retake_after: timedelta = timedelta(),
    key: str = "",
) -> Attempt:
    """Start an attempt of one's own will, or go on with the one that is open.

    seed: of its form, which is drawn by chance without one. retake_after: the time that must have gone by since the
    last attempt ended. key: of the request, if it has one; the same key again gives the attempt that it began.
    Raises: NotFound, NotOpenYet, KeyReused.
    """
    assessment = get_bank().assessment(assessment_slug)
    if begun := attempts.find_by_key(learner_id, key) if key else None:
        if begun.events[0].key != key or begun.assessment_slug != assessment_slug:
            raise KeyReused
        return _closed_if_over(begun, now)
    open_attempt = find_open(assessment_slug, learner_id=learner_id, now=now)
    if open_attempt:
        return open_attempt
    if retake_after:
        retakes.check_open(assessment_slug, learner_id=learner_id, now=now, retake_after=retake_after)
    started = try_to_start(assessment, learner_id=learner_id, now=now, seed=seed, key=key)
    return started or start_attempt(
        assessment_slug, learner_id=learner_id, now=now, seed=seed, retake_after=retake_after, key=key
    )


def try_to_start(
    assessment: Assessment,
    *,
    learner_id: int,
    now: datetime,
    terms: AssignedTerms | None = None,
    seed: int | None = None,
    key: str = "",
) -> Attempt | None:
    """A new attempt, under the terms of an assignment if there are any; None when another request was first."""
    if seed is None:
        seed = secrets.randbits(SEED_BITS)
    attempt = _begun(assessment, learner_id=learner_id, now=now, terms=terms, seed=seed, key=key)
    items.keep_served(attempt.form)
    if not attempts.add(attempt):
        return None
    metrics.attempts_started.inc()
    return attempt


def find_open(
    assessment_slug: str, *, learner_id: int, now: datetime, assignment_id: str | None = None
) -> Attempt | None:
    """The attempt that a learner has open at an assessment, of their own will or under an assignment."""
    attempt = attempts.find_open(learner_id, assessment_slug, assignment_id=assignment_id)
    if attempt and not _closed_if_over(attempt, now).is_finished:
        return attempt
    return None


def get_attempt(attempt_id: str, *, learner_id: int, now: datetime) -> Attempt:
    """A learner's own attempt as it stands now. Raises: NotFound."""
    return _closed_if_over(attempts.get(attempt_id, learner_id=learner_id), now)


def list_attempts(learner_id: int, *, now: datetime) -> list[Attempt]:
    """A learner's attempts as they stand now, newest first."""
    return [_closed_if_over(attempt, now) for attempt in attempts.list_of(learner_id)]


def get_served_item(attempt: Attempt, position: int | None = None) -> ServedItem | None:
    """What the learner sees at a place of the form, the attempt's own unless told.

    None when nothing knows this version of the item any more.
    """
    at = attempt.position if position is None else position
    place = attempt.form[at]
    item = items.find_item(place.item_version)
    return serve(item, place, answer=attempt.answers.get(at, ())) if item else None


def submit_response(
    attempt_id: str,
    *,
    learner_id: int,
    seq: int,
    position: int,
    item_version: str,
    sent: Sequence[str],
    then: int | None,
    arrived_at: datetime,
    key: str = "",
) -> Attempt:
    """Save one answer durably and move to the place `then`; the same request again gives the same reply.

    then: `position` to stay; None in an adaptive attempt to go on, where the answers decide what follows: when nothing
    does, it is finished. key: the request's own; without one it is known by its seq and what it says.
    Raises: AttemptFull, BadInput, NotFound, AttemptClosed, StaleAnswer, TooFast, KeyReused; then nothing is changed.
    What comes after the end is refused, but kept as late.
    """
    _check_count(seq, most=MOST_CHANGES if then == position else MOST_EVENTS)
    answer = _read(items.find_item(item_version), sent)

    def save() -> Attempt | None:
        if then is None:
            following = position + 1
            given = Event(
                seq=seq + 1, type="answered", at=arrived_at, position=position, then=following, answer=answer, key=key
            )
            return _take_turn(attempt_id, given, learner_id=learner_id, item_version=item_version)
        return attempts.append_answer(
            attempt_id,
            learner_id=learner_id,
            seq=seq,
            item_version=item_version,
            position=position,
            answer=answer,
            then=then,
            arrived_at=arrived_at,
            key=key,
        )

    def has_it(attempt: Attempt) -> bool:
        known = attempt.find_event(key)
        if known and not known.is_answer(position, answer, then):
            raise KeyReused
        if known or attempt.is_repeat(seq, position=position, answer=answer, then=then):
            return True
        if attempt.finished_at:
            late = LateAnswer(
                seq=seq,
                position=position,
                item_version=item_version,
                answer=answer,
                key=key,
                arrived_at=arrived_at,
                late_by=arrived_at - attempt.finished_at,
            )
            raise AttemptClosed(attempt.finished_at, is_kept=late_answers.keep_late(attempt, late))
        return False

    attempt, is_new = _saved(save, has_it, attempt_id, learner_id=learner_id, seq=seq, now=arrived_at)
    metrics.answers.inc(is_new)
    return attempt


def move(attempt_id: str, *, learner_id: int, seq: int, then: int, arrived_at: datetime) -> Attempt:
    """Go to another place of an open attempt; the same request again gives the same reply.

    Raises: AttemptFull, BadInput, NotFound, AttemptClosed, StaleAnswer, TooFast; then nothing is changed.
    """
    _check_count(seq)
    save = partial(attempts.append_move, attempt_id, learner_id=learner_id, seq=seq, then=then, arrived_at=arrived_at)

    def has_it(attempt: Attempt) -> bool:
        return attempt.is_repeated_move(seq, then=then)

    return _saved(save, has_it, attempt_id, learner_id=learner_id, seq=seq, now=arrived_at)[0]


def flag(
    attempt_id: str, *, learner_id: int, seq: int, position: int, is_on: bool, then: int, arrived_at: datetime
) -> Attempt:
    """Mark a place of a fixed form to come back to, or no longer; the same request again gives the same reply.

    Raises: AttemptFull, BadInput, NotFound, AttemptClosed, StaleAnswer, TooFast; then nothing is changed.
    """
    _check_count(seq, most=MOST_CHANGES)
    save = partial(
        attempts.append_flag,
        attempt_id,
        learner_id=learner_id,
        seq=seq,
        position=position,
        is_on=is_on,
        then=then,
        arrived_at=arrived_at,
    )

    def has_it(attempt: Attempt) -> bool:
        return attempt.is_repeated_flag(seq, position=position, is_on=is_on)

    return _saved(save, has_it, attempt_id, learner_id=learner_id, seq=seq, now=arrived_at)[0]


def take_over(attempt_id: str, *, learner_id: int, arrived_at: datetime, key: str = "") -> Attempt:
    """Make the page that asks the newest one: what older pages still send is stale from now on.

    key: the page's own; the same request again gives the same reply, unless a newer page was opened since.
    Raises: AttemptFull, NotFound, AttemptClosed, StaleAnswer, TooFast; then nothing is changed.
    """
    attempt = get_attempt(attempt_id, learner_id=learner_id, now=arrived_at)
    if attempt.finished_at:
        raise AttemptClosed(attempt.finished_at)
    if known := attempt.find_event(key):
        if known != attempt.newest_opened:
            raise StaleAnswer(attempt.seq)
        return attempt
    _check_count(attempt.seq)
    wait = _wait(attempt, arrived_at)
    if wait:
        raise TooFast(wait)
    opened = attempts.append_opened(attempt, at=arrived_at, key=key)
    return opened or take_over(attempt_id, learner_id=learner_id, arrived_at=arrived_at, key=key)


def note_signal(attempt_id: str, signal: Signal, *, learner_id: int) -> None:
    """Note what a page of an open attempt noticed; of a finished one, or when there are very many, nothing.

    Raises: NotFound.
    """
    if not attempts.add_signal(attempt_id, signal, learner_id=learner_id):
        attempts.get(attempt_id, learner_id=learner_id)


def finish_attempt(attempt_id: str, *, learner_id: int, seq: int, now: datetime) -> Attempt:
    """Finish an attempt at the learner's wish; finishing again changes nothing. Raises: NotFound, StaleAnswer."""
    attempt = get_attempt(attempt_id, learner_id=learner_id, now=now)
    if attempt.is_finished:
        return attempt
    if attempt.seq != seq:
        raise StaleAnswer(attempt.seq)
    finished = _try_to_finish(attempt, finished_at=min(now, attempt.deadline))
    return finished or finish_attempt(attempt_id, learner_id=learner_id, seq=seq, now=now)


def sweep(now: datetime) -> int:
    """Finish every attempt whose time is over and repair profiles that lag behind. Returns: how many were finished."""
    finished = sum(close_overdue(now, broken=set()))
    profiles.repair_profiles()
    return finished


def close_overdue(now: datetime, *, broken: set[str]) -> Iterator[bool]:
    """Finish every attempt whose time is over, one a step, which says whether it was.

    broken: ids to leave alone; an attempt that cannot be finished is logged and put among them.
    """
    for attempt_id in attempts.list_overdue_ids(now):
        if attempt_id not in broken:
            is_closed = _is_closed(attempt_id, now, broken)
            metrics.attempts_swept.inc(is_closed)
            yield is_closed


def _begun(
    assessment: Assessment, *, learner_id: int, now: datetime, terms: AssignedTerms | None, seed: int, key: str
) -> Attempt:
    """A new attempt with its form, an adaptive one's with the first item."""
    attempt = Attempt(
        id=uuid4().hex,
        learner_id=learner_id,
        assessment_slug=assessment.slug,
        assessment_name=assessment.name,
        form=(),
        seed=seed,
        started_at=now,
        time=_time(assessment, learner_id=learner_id, terms=terms),
        events=(Event(seq=1, type="started", at=now, position=REVIEW, then=0, key=key),),
        finished_at=None,
        responses=(),
        assignment=terms,
    )
    if assessment.is_adaptive:
        return adaptive.begun(attempt, assessment)
    bank = get_bank()
    form = draw_form(
        assessment,
        roadmap=bank.roadmap,
        live_by_topic=bank.live_by_topic,
        seen=met_items.list_met(learner_id, now=now),
        seed=seed,
    )
    return replace(attempt, form=form)


def _time(assessment: Assessment, *, learner_id: int, terms: AssignedTerms | None) -> TimeLedger:
    factor = accommodations.get_factor(learner_id)
    if terms is None:
        return TimeLedger(assessment.time_limit, factor)
    extra = timedelta(minutes=terms.extra_minutes)
    return TimeLedger(assessment.time_limit, factor, closes_at=terms.closes_at, extra=extra)


def _take_turn(attempt_id: str, given: Event, *, learner_id: int, item_version: str) -> Attempt | None:
    """Save an answer of an adaptive attempt together with what follows; None when it is not the answer waited for."""
    attempt = attempts.get_at(attempt_id, given.seq - 1, learner_id=learner_id)
    is_awaited = given.seq == attempt.seq + 1 and given.position == attempt.position and not attempt.is_finished
    if attempt.plan is None or not is_awaited or attempt.form[given.position].item_version != item_version:
        return None
    answered = replace(attempt, events=(*attempt.events, given))
    following = adaptive.follow(answered, attempt.plan, now=given.at)
    if following == "time" and outages.give_back(attempt, given.at):
        return _take_turn(attempt_id, given, learner_id=learner_id, item_version=item_version)
    if isinstance(following, Placement):
        items.keep_served([following])
        return attempts.append_turn(attempt, given, place=following, stopped_by=None)
    stopped = attempts.append_turn(attempt, replace(given, then=REVIEW), place=None, stopped_by=following)
    return _closed_if_over(stopped, given.at) if stopped else None


def _closed_if_over(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt, closed and scored exactly once if it is over: with what was saved, or credited, while we tried.

    Time that an outage took is given back before its end is judged.
    """
    ended_at = attempt.over_at(now)
    if ended_at is None:
        return attempt
    is_given_time = attempt.is_overdue(now) and outages.give_back(attempt, now)
    finished = None if is_given_time else _try_to_finish(attempt, finished_at=ended_at)
    return finished or _closed_if_over(attempts.get(attempt.id, learner_id=attempt.learner_id), now)


def _is_closed(attempt_id: str, now: datetime, broken: set[str]) -> bool:
    """Whether an attempt is over and closed; one that cannot be is logged, put among the broken, and left as it is."""
    try:
        return _closed_if_over(attempts.get_of_anybody(attempt_id), now).is_finished
    except Exception as error:
        if documents.is_away(error):
            raise
        log.exception("Attempt %s could not be finished", attempt_id)
        broken.add(attempt_id)
        return False


def _try_to_finish(attempt: Attempt, *, finished_at: datetime) -> Attempt | None:
    """Close and score an attempt as it was read; None when it has changed since, and then nothing is done to it.

    What ended before it is closed first, so that no score that was reported once changes afterwards.
    """
    for earlier_id in attempts.list_overdue_ids_of(attempt.learner_id, now=finished_at):
        _is_closed(earlier_id, finished_at, set())
    responses = mark_attempt(
        attempt,
        items.find_items(attempt.versions),
        ran_out=finished_at == attempt.deadline,
        flagged=item_reviews.list_unscored(attempt.versions),
    )
    marked = MarkedAttempt(attempt.id, finished_at, responses)
    profile, report = profiles.with_attempt(marked, learner_id=attempt.learner_id)
    finished = attempts.finish(attempt, finished_at=finished_at, responses=responses, report=report)
    if finished:
        metrics.attempts_finished.inc()
        profiles.keep(profile)
        if finished.plan:
            adaptive.count_exposure(finished, finished.plan)
    return finished


def _check_count(seq: int, *, most: int = MOST_EVENTS) -> None:
    if seq >= most:
        raise AttemptFull


def _saved(
    save: Callable[[], Attempt | None],
    has_it: Callable[[Attempt], bool],
    attempt_id: str,
    *,
    learner_id: int,
    seq: int,
    now: datetime,
) -> tuple[Attempt, bool]:
    """What a conditional update makes of an attempt, and whether it was this one and not the same request before it.

    It is tried until two tries in a row fail at the same attempt, so that what came in between, credited time or the
    same request beside it, refuses nothing that belongs there. has_it: whether an attempt has what is to be saved.
    Raises: AttemptClosed, StaleAnswer, TooFast, BadInput, and what `has_it` raises.
    """
    tried = None
    while True:
        saved = save()
        if saved:
            return saved, True
        attempt = get_attempt(attempt_id, learner_id=learner_id, now=now)
        if has_it(attempt):
            return attempt, False
        if attempt.seq != seq or attempt == tried or attempt.is_finished:
            raise _refusal(attempt, seq, now)
        tried = attempt


def _refusal(attempt: Attempt, seq: int, now: datetime) -> TrackerError:
    """Why a conditional update of this attempt, as it is now, did not match."""
    if attempt.finished_at:
        return AttemptClosed(attempt.finished_at)
    if attempt.seq != seq:
        return StaleAnswer(attempt.seq)
    wait = _wait(attempt, now)
    if wait:
        return TooFast(wait)
    return BadInput({"answer": ["This does not belong to the question of this page. Please reload it."]})


def _wait(attempt: Attempt, now: datetime) -> int:
    """For how many seconds an attempt takes no change, because it took so many a moment ago."""
    pace = attempts.get_pace()
    return math.ceil(pace.wait([event.at for event in attempt.events], now=now).total_seconds()) if pace else 0


def _read(item: Item | None, sent: Sequence[str]) -> Answer:
    """The answer in what was sent; a withdrawn item can only be left out. Raises: BadInput, NotFound."""
    if item is None:
        if any(sent):
            raise NotFound("This question was withdrawn while you were answering. It will not count; please go on.")
        return ()
    return items.read_answer(item, sent)
