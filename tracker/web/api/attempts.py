"""Taking an assessment by program, under the same rules as on the pages."""

from http import HTTPStatus

from flask import Blueprint, current_app, g, url_for

from tracker.assessment import attempt as taking
from tracker.assessment.attempt import REVIEW
from tracker.assessment.item_types import AskedOption, Blank
from tracker.assessment.served import ServedItem
from tracker.errors import AttemptClosed, AttemptOpen, NotFound
from tracker.services import attempts, results
from tracker.services.tokens import Scope
from tracker.web.api import schemas_attempts as schemas
from tracker.web.api.bearer import asker
from tracker.web.api.operation import Given, operation
from tracker.web.api.paging import PageQuery, some_of
from tracker.web.api.problems import PREFIX
from tracker.web.api.result import result_of
from tracker.web.api.schemas_result import Result
from tracker.web.replies import remaining_seconds

bp = Blueprint("api_attempts", __name__, url_prefix=PREFIX)

NO_ITEM = "All places were passed, so nothing is asked now. Finish the attempt, or ask for one of its places."
ONE_WAY = "An adaptive attempt shows only what it asks now."


@bp.post("/assessments/<slug>/attempts")
@operation(
    gives=schemas.Attempt,
    scope=Scope.ATTEMPTS_WRITE,
    has_key=True,
    created="The attempt that this key began",
    conflicts=("not-open",),
)
def start(slug: str, key: str) -> Given:
    """Start an attempt: 201 with the one that this key began, 200 with one that was open, which binds no key."""
    attempt = attempts.start_attempt(
        slug, learner_id=asker().id, now=g.now, retake_after=current_app.config["RETAKE_AFTER"], key=key
    )
    is_begun_so = attempt.events[0].key == key
    return Given(
        _attempt(attempt),
        status=HTTPStatus.CREATED if is_begun_so else HTTPStatus.OK,
        headers={"Location": url_for(".show", attempt_id=attempt.id)},
    )


@bp.get("/attempts")
@operation(gives=schemas.Attempts, scope=Scope.ATTEMPTS_READ, query=PageQuery)
def index(query: PageQuery) -> schemas.Attempts:
    """Your attempts, the newest first."""
    taken = attempts.list_attempts(asker().id, now=g.now)
    shown, following = some_of(taken, query, key=lambda attempt: attempt.id)
    return schemas.Attempts(attempts=[_attempt(attempt) for attempt in shown], next=following)


@bp.get("/attempts/<attempt_id>")
@operation(gives=schemas.Attempt, scope=Scope.ATTEMPTS_READ)
def show(attempt_id: str) -> schemas.Attempt:
    """One attempt as it stands now."""
    return _attempt(attempts.get_attempt(attempt_id, learner_id=asker().id, now=g.now))


@bp.get("/attempts/<attempt_id>/item")
@operation(gives=schemas.Place, scope=Scope.ATTEMPTS_READ, query=schemas.PlaceQuery, conflicts=("closed",))
def item(attempt_id: str, query: schemas.PlaceQuery) -> schemas.Place:
    """What is asked at the current place or, of a fixed form, at any."""
    attempt = attempts.get_attempt(attempt_id, learner_id=asker().id, now=g.now)
    if attempt.finished_at:
        raise AttemptClosed(attempt.finished_at)
    position = attempt.position if query.position is None else query.position
    if attempt.plan and position != attempt.position:
        raise NotFound(ONE_WAY)
    if position == REVIEW or position >= len(attempt.form):
        raise NotFound(NO_ITEM)
    return _place(attempt, position)


@bp.post("/attempts/<attempt_id>/answers")
@operation(
    gives=schemas.Attempt,
    scope=Scope.ATTEMPTS_WRITE,
    body=schemas.Answer,
    has_key=True,
    conflicts=("stale", "closed"),
)
def answer(attempt_id: str, key: str, body: schemas.Answer) -> schemas.Attempt:
    """Save one answer and go to the place `then`; the same key and answer again give the same reply."""
    return _attempt(
        attempts.submit_response(
            attempt_id,
            learner_id=asker().id,
            seq=body.seq,
            position=body.position,
            item_version=body.item_version,
            sent=body.answer,
            then=body.then,
            arrived_at=g.now,
            key=key,
        )
    )


@bp.post("/attempts/<attempt_id>/finish")
@operation(gives=schemas.Attempt, scope=Scope.ATTEMPTS_WRITE, body=schemas.Finish, conflicts=("stale",))
def finish(attempt_id: str, body: schemas.Finish) -> schemas.Attempt:
    """Finish an attempt for good; finishing again changes nothing."""
    return _attempt(attempts.finish_attempt(attempt_id, learner_id=asker().id, seq=body.seq, now=g.now))


@bp.get("/attempts/<attempt_id>/result")
@operation(gives=Result, scope=Scope.ATTEMPTS_READ, conflicts=("open",))
def result(attempt_id: str) -> Result:
    """What an attempt gave, once it is over; what was right, once its terms release that."""
    found = results.get_result(attempt_id, learner_id=asker().id, now=g.now)
    if found is None:
        raise AttemptOpen
    return result_of(found)


def _attempt(attempt: taking.Attempt) -> schemas.Attempt:
    return schemas.Attempt(
        id=attempt.id,
        assessment=attempt.assessment_slug,
        name=attempt.assessment_name,
        is_adaptive=attempt.plan is not None,
        is_assigned=attempt.assignment is not None,
        seq=attempt.seq,
        position=attempt.position,
        item_count=attempt.item_count,
        answered=sorted(attempt.answers),
        started_at=attempt.started_at,
        ends_at=attempt.deadline,
        now=g.now,
        remaining_seconds=0 if attempt.is_finished else remaining_seconds(attempt),
        finished_at=attempt.finished_at,
        ran_out=attempt.ran_out,
        stopped_by=attempt.stopped_by,
    )


def _place(attempt: taking.Attempt, position: int) -> schemas.Place:
    served = attempts.get_served_item(attempt, position)
    return schemas.Place(
        seq=attempt.seq,
        position=position,
        item_version=attempt.form[position].item_version,
        then=attempt.place_after(position),
        item=_item(served) if served else None,
    )


def _item(served: ServedItem) -> schemas.Item:
    asked = served.asked
    return schemas.Item(
        type=served.type,
        stem_html=served.stem,
        options=[_option(option) for option in asked.options],
        blanks=[_blank(blank) for blank in asked.blanks],
        unit=asked.unit,
        answer=list(served.sent),
    )


def _blank(blank: Blank) -> schemas.Blank:
    return schemas.Blank(label_html=blank.label, options=[_option(option) for option in blank.options])


def _option(option: AskedOption) -> schemas.Option:
    return schemas.Option(token=option.token, html=option.text, text=option.plain)
