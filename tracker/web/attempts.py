"""Taking an assessment: one item a page, each answer saved before the next is shown."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.attempt import REVIEW, Attempt
from tracker.errors import BadInput
from tracker.services import attempts, results
from tracker.web.inputs import FinishInput, MoveInput, ResponseInput
from tracker.web.people import me

bp = Blueprint("attempts", __name__)

Page = str | Response


@bp.post("/assessments/<slug>/attempts")
@login_required
def start(slug: str) -> Page:
    """Start an attempt, or go on with the open one."""
    attempt = attempts.start_attempt(slug, learner_id=me().id, now=g.now)
    return redirect(url_for(".take", attempt_id=attempt.id))


@bp.get("/attempts/<attempt_id>")
@login_required
def take(attempt_id: str) -> Page:
    """The item to answer now or, after the last, the review."""
    attempt = attempts.get_attempt(attempt_id, learner_id=me().id, now=g.now)
    if attempt.is_finished:
        return redirect(url_for(".result", attempt_id=attempt.id))
    return _place("attempts/take.html", attempt)


@bp.post("/attempts/<attempt_id>/responses")
@login_required
def respond(attempt_id: str) -> Page:
    """Take one answer, then show the place that was asked for."""
    sent = ResponseInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    attempt = attempts.submit_response(
        attempt_id,
        learner_id=me().id,
        seq=sent.seq.data,
        position=sent.position.data,
        item_version=sent.item.data,
        sent=request.form.getlist("answer"),
        then=sent.then.data,
        arrived_at=g.now,
    )
    return _shown(attempt)


@bp.post("/attempts/<attempt_id>/moves")
@login_required
def move(attempt_id: str) -> Page:
    """Go to another place."""
    sent = MoveInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    attempt = attempts.move(attempt_id, learner_id=me().id, seq=sent.seq.data, then=sent.then.data, arrived_at=g.now)
    return _shown(attempt)


@bp.post("/attempts/<attempt_id>/finish")
@login_required
def finish(attempt_id: str) -> Page:
    """Finish an attempt for good."""
    sent = FinishInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    attempt = attempts.finish_attempt(attempt_id, learner_id=me().id, seq=sent.seq.data, now=g.now)
    return redirect(url_for(".result", attempt_id=attempt.id))


@bp.get("/attempts/<attempt_id>/result")
@login_required
def result(attempt_id: str) -> Page:
    """What an attempt gave; while it is open, the attempt."""
    found = results.get_result(attempt_id, learner_id=me().id, now=g.now)
    if found is None:
        return redirect(url_for(".take", attempt_id=attempt_id))
    return render_template("attempts/result.html", result=found)


def _shown(attempt: Attempt) -> Page:
    """The attempt's place: a fragment where the page asks for one; a finished attempt is always a page of its own."""
    if "HX-Request" not in request.headers:
        return redirect(url_for(".take", attempt_id=attempt.id))
    if attempt.is_finished:
        return Response(headers={"HX-Redirect": url_for(".result", attempt_id=attempt.id)})
    return Response(_place("attempts/_place.html", attempt), mimetype="text/html")


def _place(template: str, attempt: Attempt) -> str:
    """The attempt's place: an item or the review."""
    return render_template(
        template,
        attempt=attempt,
        item=None if attempt.position == REVIEW else attempts.get_served_item(attempt),
        is_review=attempt.position == REVIEW,
        remaining_seconds=max(0, int((attempt.deadline - g.now).total_seconds())),
    )
