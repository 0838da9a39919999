"""Taking an assessment: one item a page, each answer saved before the next is shown."""

from http import HTTPStatus

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.attempt import REVIEW, Attempt, Signal
from tracker.errors import BadInput
from tracker.formats.pdf import make_pdf
from tracker.services import attempts, credits, item_reports, results
from tracker.web.inputs import FinishInput, FlagInput, MoveInput, OpenInput, ResponseInput, SignalInput
from tracker.web.limits import PDF, limiter, whoever_asks
from tracker.web.people import me
from tracker.web.replies import clock_reply, is_fragment, remaining_seconds, wants_data

bp = Blueprint("attempts", __name__)

Page = str | Response


@bp.post("/assessments/<slug>/attempts")
@login_required
def start(slug: str) -> Page:
    """Start an attempt, or go on with the open one."""
    attempt = attempts.start_attempt(
        slug, learner_id=me().id, now=g.now, retake_after=current_app.config["RETAKE_AFTER"]
    )
    return redirect(url_for(".take", attempt_id=attempt.id))


@bp.get("/attempts/<attempt_id>")
@login_required
def take(attempt_id: str) -> Page:
    """The item to answer now or, after the last, the review."""
    attempt = attempts.get_attempt(attempt_id, learner_id=me().id, now=g.now)
    if is_fragment():
        return _shown(attempt)
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
        key=sent.key.data or "",
    )
    return _shown(attempt)


@bp.post("/attempts/<attempt_id>/opened")
@login_required
def open_page(attempt_id: str) -> Page:
    """Make the page that asks the newest one."""
    sent = OpenInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    attempt = attempts.take_over(attempt_id, learner_id=me().id, arrived_at=g.now, key=sent.key.data or "")
    return clock_reply(attempt)


@bp.get("/attempts/<attempt_id>/clock")
@login_required
def show_clock(attempt_id: str) -> Page:
    """Where the attempt is, and how much time it has."""
    return clock_reply(attempts.get_attempt(attempt_id, learner_id=me().id, now=g.now))


@bp.post("/attempts/<attempt_id>/flags")
@login_required
def flag(attempt_id: str) -> Page:
    """Mark a place to come back to, or no longer; an answer that was chosen there, or taken back, is saved with it."""
    sent = FlagInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    seq, position, chosen = sent.seq.data, sent.position.data, request.form.getlist("answer")
    if _is_to_save(attempt_id, sent, chosen):
        attempts.submit_response(
            attempt_id,
            learner_id=me().id,
            seq=seq,
            position=position,
            item_version=sent.item.data or "",
            sent=chosen,
            then=position,
            arrived_at=g.now,
        )
        seq += 1
    attempt = attempts.flag(
        attempt_id,
        learner_id=me().id,
        seq=seq,
        position=position,
        is_on=sent.is_on.data,
        then=position,
        arrived_at=g.now,
    )
    return _shown(attempt)


@bp.post("/attempts/<attempt_id>/signals")
@login_required
def note_signal(attempt_id: str) -> Page:
    """Note that the page was left, or that something was pasted."""
    sent = SignalInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    signal = Signal(type=sent.type.data, at=g.now, position=sent.position.data, seconds=sent.seconds.data)
    attempts.note_signal(attempt_id, signal, learner_id=me().id)
    return Response(status=HTTPStatus.NO_CONTENT)


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
    reports = item_reports.list_of_attempt(attempt_id, learner_id=me().id)
    return render_template(
        "attempts/result.html", result=found, reports=reports, time_lines=credits.list_time_lines(found.attempt)
    )


@bp.get("/attempts/<attempt_id>/result.pdf")
@login_required
@limiter.limit(PDF, key_func=whoever_asks)
def result_pdf(attempt_id: str) -> Page:
    """What an attempt gave, to keep or to print; while it is open, the attempt."""
    found = results.get_result(attempt_id, learner_id=me().id, now=g.now)
    if found is None:
        return redirect(url_for(".take", attempt_id=attempt_id))
    page = render_template(
        "attempts/paper.html", result=found, time_lines=credits.list_time_lines(found.attempt), name=me().name
    )
    name = f"skillmark-{found.attempt.assessment_slug}-{found.attempt.finished_at:%Y-%m-%d}.pdf"
    return Response(
        make_pdf(page),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _is_to_save(attempt_id: str, sent: FlagInput, chosen: list[str]) -> bool:
    """Whether a form's answer comes along: one was chosen, or what was saved there was taken back."""
    if any(chosen):
        return True
    if not sent.item.data:
        return False
    return sent.position.data in attempts.get_attempt(attempt_id, learner_id=me().id, now=g.now).answers


def _shown(attempt: Attempt) -> Page:
    """The attempt's place: a fragment where the page asks for one; a finished attempt is always a page of its own.

    To what asks for data, where the attempt is.
    """
    if not is_fragment():
        return clock_reply(attempt) if wants_data() else redirect(url_for(".take", attempt_id=attempt.id))
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
        remaining_seconds=remaining_seconds(attempt),
        time_lines=credits.list_time_lines(attempt),
    )
