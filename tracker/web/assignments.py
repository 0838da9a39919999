"""Assignments: the lead's list, form, preview and progress; what a member sees before the start."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from tracker.assessment.assignment import Release
from tracker.assessment.blueprint import Assessment
from tracker.errors import BadInput
from tracker.services import assignments, bank, practice, reminders
from tracker.services.assigned import AssignedPractice
from tracker.services.assignments import Led, Proposal, Terms
from tracker.web.assessments import rules_page
from tracker.web.cohort_inputs import EVERYBODY, SOME, USUAL_ANSWERS, AssignmentInput
from tracker.web.forms import check_form
from tracker.web.mails import told_of
from tracker.web.people import me

bp = Blueprint("assignments", __name__)

Page = str | tuple[str, int] | Response

CSRF = {"csrf_token"}
PRACTICE = "practice/"
"""Before the scope of practice, in what can be chosen."""


@bp.get("/cohorts/<cohort_id>/assignments")
@login_required
def index(cohort_id: str) -> Page:
    """A cohort's assignments, and the form for another: empty, about an assessment and members, or like another one."""
    return _index(cohort_id, _form(formdata=None, data=_filled_in()))


@bp.post("/cohorts/<cohort_id>/assignments/preview")
@login_required
def preview(cohort_id: str) -> Page:
    """What would be assigned, to be confirmed; or the form again, to change it."""
    sent = _form()
    if "change" in request.form:
        return _index(cohort_id, sent)
    if not sent.validate_on_submit():
        return _index(cohort_id, sent), 400
    try:
        proposal = assignments.propose(cohort_id, lead_id=me().id, now=g.now, **_terms(sent))
    except BadInput as error:
        return _refused(cohort_id, sent, error)
    return _preview(proposal, sent)


@bp.post("/cohorts/<cohort_id>/assignments")
@login_required
def add(cohort_id: str) -> Page:
    """Assign something to all members or to some."""
    sent = _form()
    if not sent.validate_on_submit():
        return _index(cohort_id, sent), 400
    try:
        made = assignments.make_assignment(cohort_id, lead_id=me().id, now=g.now, **_terms(sent))
    except BadInput as error:
        return _refused(cohort_id, sent, error)
    flash("It is assigned. This is what was agreed; withdraw it if anything is not as you meant it.")
    return redirect(url_for(".show", assignment_id=made.public_id))


@bp.get("/assignments/<assignment_id>")
@login_required
def show(assignment_id: str) -> Page:
    """How far it is, for the cohort's lead; for a member, the rules before the start, or their practice."""
    seen = assignments.open_assignment(assignment_id, user_id=me().id, now=g.now)
    if isinstance(seen, Led):
        return render_template("assignments/led.html", led=seen)
    if isinstance(seen, AssignedPractice):
        return render_template("assignments/practice.html", assigned=seen)
    return rules_page(seen.assessment, limit=seen.limit, assigned=seen)


@bp.post("/assignments/<assignment_id>/attempts")
@login_required
def start(assignment_id: str) -> Page:
    """Start an attempt that is allowed, or go on with the open one."""
    check_form()
    attempt = assignments.start_assigned(assignment_id, learner_id=me().id, now=g.now)
    return redirect(url_for("attempts.take", attempt_id=attempt.id))


@bp.post("/assignments/<assignment_id>/reminders")
@login_required
def remind(assignment_id: str) -> Page:
    """Write to those who have not finished."""
    check_form()
    reminded = reminders.remind(assignment_id, lead_id=me().id, now=g.now)
    flash(
        told_of(reminded.count, "reminder", cohort_id=reminded.cohort.public_id)
        if reminded.count
        else "Nobody was reminded: whoever has not finished got a reminder within the last day."
    )
    return redirect(url_for(".show", assignment_id=assignment_id))


@bp.post("/assignments/<assignment_id>/withdraw")
@login_required
def withdraw(assignment_id: str) -> Page:
    """Let nobody start it any more."""
    check_form()
    withdrawn = assignments.withdraw(assignment_id, lead_id=me().id, now=g.now)
    flash("The assignment was withdrawn.")
    return redirect(url_for(".index", cohort_id=withdrawn.cohort.public_id))


def _index(cohort_id: str, form: AssignmentInput) -> str:
    overview = assignments.review(cohort_id, lead_id=me().id, now=g.now)
    return render_template("assignments/index.html", overview=overview, form=form, zone=me().zone)


def _preview(proposal: Proposal, form: AssignmentInput) -> str:
    return render_template(
        "assignments/preview.html",
        proposal=proposal,
        apart=proposal.deadlines_apart(me().zone),
        sent=[(name, value) for name, value in request.form.items(multi=True) if name in form.data.keys() - CSRF],
        zone=me().zone,
    )


def _refused(cohort_id: str, form: AssignmentInput, error: BadInput) -> Page:
    for name, messages in error.fields.items():
        form[name].errors = messages
    return _index(cohort_id, form), 400


def _form(**how: Any) -> AssignmentInput:
    """The form, with all that can be taken and practised to choose from."""
    form = AssignmentInput(**how)
    of_areas = [one for assessment, forms in bank.list_by_areas() for one in (assessment, *forms)]
    of_topics = [one for _area, quizzes in bank.list_topic_quizzes() for one in quizzes]
    form.assessment.choices = [
        *_choices("Several areas", (one for one in of_areas if one.is_wide)),
        *_choices("One area", (one for one in of_areas if not one.is_wide)),
        *_choices("One topic, adaptive", of_topics),
        *_practice_choices(),
    ]
    form.member.choices = []
    return form


def _choices(group: str, assessments: Iterable[Assessment]) -> list[SelectChoice]:
    return [SelectChoice(one.slug, one.name, optgroup=group) for one in assessments]


def _practice_choices() -> Iterable[SelectChoice]:
    for area in bank.get_roadmap().areas:
        yield SelectChoice(f"{PRACTICE}{area.slug}", f"{area.name}, all topics", optgroup=f"Practice: {area.name}")
        for topic in area.topics:
            slug = practice.scope_slug(topic.id)
            yield SelectChoice(f"{PRACTICE}{slug}", topic.name, optgroup=f"Practice: {area.name}")


def _terms(sent: AssignmentInput) -> Terms:
    """What was sent, as the services take it."""
    chosen = sent.assessment.data
    is_practice = chosen.startswith(PRACTICE)
    return Terms(
        assessment_slug=chosen.removeprefix(PRACTICE) if is_practice else chosen,
        practice_items=(sent.answers.data or 0) if is_practice else None,
        learner_ids=None if sent.chosen_who == EVERYBODY else frozenset(sent.member.data),
        opens_at=sent.opens_at.data,
        closes_at=sent.closes_at.data,
        attempts_allowed=int(sent.attempts.data),
        extra_minutes=sent.extra_minutes.data or 0,
        release=Release(sent.release.data),
    )


def _filled_in() -> dict[str, Any]:
    """What the address fills into the form: `copy` names an assignment; else `assessment` and `member`s."""
    if copied := request.args.get("copy"):
        return _like(assignments.get_terms(copied, lead_id=me().id))
    return {"assessment": request.args.get("assessment"), "member": request.args.getlist("member", type=int)}


def _like(terms: Terms) -> dict[str, Any]:
    """What fills the form in with these terms, without their window."""
    slug, answers, learner_ids = terms["assessment_slug"], terms.get("practice_items"), terms.get("learner_ids")
    return {
        "assessment": f"{PRACTICE}{slug}" if answers else slug,
        "who": EVERYBODY if learner_ids is None else SOME,
        "member": learner_ids or [],
        "attempts": str(terms["attempts_allowed"]),
        "extra_minutes": terms.get("extra_minutes", 0),
        "release": terms["release"].value,
        "answers": answers or USUAL_ANSWERS,
    }
