"""A member of a cohort, for its lead: what is seen of them, extra time, and more time while an attempt is open."""

from uuid import uuid4

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import accommodations, members
from tracker.web.cohort_inputs import NoteInput
from tracker.web.inputs import CreditInput, MemberTimeInput
from tracker.web.moments import local
from tracker.web.people import me

bp = Blueprint("members", __name__, url_prefix="/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>")

Page = str | Response


@bp.get("")
@login_required
def show(cohort_id: str, member_id: int) -> Page:
    """What a lead sees of a member, and may set for them."""
    return member_page(cohort_id, member_id, note=NoteInput(formdata=None))


@bp.get("/attempts/<attempt_id>")
@login_required
def show_answers(cohort_id: str, member_id: int, attempt_id: str) -> Page:
    """What a member answered in one attempt, where they let it be seen."""
    sheet = members.open_answers(cohort_id, attempt_id, member_id=member_id, reader_id=me().id, now=g.now)
    return render_template("cohorts/answers.html", sheet=sheet)


@bp.post("/extra-time")
@login_required
def set_extra_time(cohort_id: str, member_id: int) -> Page:
    """Set a member's extra time."""
    sent = MemberTimeInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    members.set_extra_time(
        cohort_id,
        member_id=member_id,
        lead_id=me().id,
        percent=int(sent.percent.data),
        reason=sent.reason.data,
        now=g.now,
    )
    flash("The extra time is saved. It counts from the next attempt on.")
    return redirect(url_for(".show", cohort_id=cohort_id, member_id=member_id))


@bp.post("/attempts/<attempt_id>/credits")
@login_required
def give_time(cohort_id: str, member_id: int, attempt_id: str) -> Page:
    """Give a member's open attempt more time."""
    sent = CreditInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    credited = members.give_time(
        cohort_id,
        attempt_id,
        member_id=member_id,
        lead_id=me().id,
        minutes=sent.minutes.data,
        reason=sent.reason.data,
        credit_id=sent.credit.data,
        now=g.now,
    )
    flash(f"Time was added: {credited.name} now ends on {local(credited.ends_at)}.")
    return redirect(url_for(".show", cohort_id=cohort_id, member_id=member_id))


def member_page(cohort_id: str, member_id: int, *, note: NoteInput) -> str:
    """A member's page for their lead, with this form for a note."""
    member = members.open_member(cohort_id, member_id=member_id, lead_id=me().id, now=g.now)
    percent = accommodations.percent_of(member.person.accommodations)
    return render_template(
        "cohorts/person.html",
        member=member,
        note=note,
        extra_time=MemberTimeInput(formdata=None, data={"percent": str(percent)}),
        credits=[_credit_input(number) for number, _ in enumerate(member.person.open_attempts, 1)],
    )


def _credit_input(number: int) -> CreditInput:
    """A form of its own for one of several attempts on a page."""
    form = CreditInput(formdata=None, data={"credit": uuid4().hex})
    for field in form:
        field.id = field.label.field_id = f"{field.name}-{number}"
    return form
