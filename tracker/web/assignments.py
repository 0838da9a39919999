"""Assignments: the lead's list and form, and what a member sees before the start."""

from collections.abc import Iterable

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from tracker.assessment.assignment import Release
from tracker.assessment.blueprint import Assessment
from tracker.errors import BadInput
from tracker.services import assignments, bank
from tracker.services.assignments import Led
from tracker.web.assessments import rules_page
from tracker.web.inputs import AssignmentInput, EmptyInput
from tracker.web.people import me

bp = Blueprint("assignments", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/cohorts/<cohort_id>/assignments")
@login_required
def index(cohort_id: str) -> Page:
    """A cohort's assignments, and the form for another."""
    return _index(cohort_id, _form())


@bp.post("/cohorts/<cohort_id>/assignments")
@login_required
def add(cohort_id: str) -> Page:
    """Assign something to all members."""
    sent = _form()
    if not sent.validate_on_submit():
        return _index(cohort_id, sent), 400
    try:
        made = assignments.make_assignment(
            cohort_id,
            lead_id=me().id,
            assessment_slug=sent.assessment.data,
            opens_at=sent.opens_at.data,
            closes_at=sent.closes_at.data,
            attempts_allowed=int(sent.attempts.data),
            release=Release(sent.release.data),
            now=g.now,
        )
    except BadInput as error:
        for name, messages in error.fields.items():
            sent[name].errors = messages
        return _index(cohort_id, sent), 400
    flash("It is assigned. This is what was agreed; withdraw it if anything is not as you meant it.")
    return redirect(url_for(".show", assignment_id=made.public_id))


@bp.get("/assignments/<assignment_id>")
@login_required
def show(assignment_id: str) -> Page:
    """What was set, for the cohort's lead; for a member, the rules before the start."""
    seen = assignments.open_assignment(assignment_id, user_id=me().id, now=g.now)
    if isinstance(seen, Led):
        return render_template("assignments/led.html", led=seen)
    return rules_page(seen.assessment, assigned=seen)


@bp.post("/assignments/<assignment_id>/attempts")
@login_required
def start(assignment_id: str) -> Page:
    """Start an attempt that is allowed, or go on with the open one."""
    _check_form()
    attempt = assignments.start_assigned(assignment_id, learner_id=me().id, now=g.now)
    return redirect(url_for("attempts.take", attempt_id=attempt.id))


@bp.post("/assignments/<assignment_id>/withdraw")
@login_required
def withdraw(assignment_id: str) -> Page:
    """Let nobody start it any more."""
    _check_form()
    withdrawn = assignments.withdraw(assignment_id, lead_id=me().id, now=g.now)
    flash("The assignment was withdrawn.")
    return redirect(url_for(".index", cohort_id=withdrawn.cohort.public_id))


def _index(cohort_id: str, form: AssignmentInput) -> str:
    overview = assignments.review(cohort_id, lead_id=me().id, now=g.now)
    return render_template("assignments/index.html", overview=overview, form=form, zone=me().zone)


def _form() -> AssignmentInput:
    """The form, with all that can be taken to choose from."""
    form = AssignmentInput()
    of_areas = [one for assessment, forms in bank.list_by_areas() for one in (assessment, *forms)]
    of_topics = [one for _area, quizzes in bank.list_topic_quizzes() for one in quizzes]
    form.assessment.choices = [
        *_choices("Several areas", (one for one in of_areas if one.is_wide)),
        *_choices("One area", (one for one in of_areas if not one.is_wide)),
        *_choices("One topic, adaptive", of_topics),
    ]
    return form


def _choices(group: str, assessments: Iterable[Assessment]) -> list[SelectChoice]:
    return [SelectChoice(one.slug, one.name, optgroup=group) for one in assessments]


def _check_form() -> None:
    sent = EmptyInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
