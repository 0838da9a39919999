"""What a member lets the leads of their cohort see."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.sees import Sees
from tracker.services import agreements
from tracker.web.cohort_inputs import AgreementInput
from tracker.web.people import me

bp = Blueprint("agreements", __name__, url_prefix="/cohorts/<cohort_id>/agreement")

Page = str | tuple[str, int] | Response


@bp.get("")
@login_required
def show(cohort_id: str) -> Page:
    """What I agreed to, what is asked, and the choice."""
    agreement = agreements.open_agreement(cohort_id, member_id=me().id)
    form = AgreementInput(formdata=None, data={"agreed_to": agreement.seen, "may_mentor": agreement.may_mentor})
    return render_template("cohorts/agreement.html", agreement=agreement, form=form)


@bp.post("")
@login_required
def agree(cohort_id: str) -> Page:
    """Let the leads see that much."""
    sent = AgreementInput()
    if not sent.validate_on_submit():
        agreement = agreements.open_agreement(cohort_id, member_id=me().id)
        return render_template("cohorts/agreement.html", agreement=agreement, form=sent), 400
    agreements.agree(
        cohort_id,
        member_id=me().id,
        agreed_to=Sees(sent.agreed_to.data),
        may_mentor=sent.may_mentor.data,
        now=g.now,
    )
    flash("Saved. It counts from now on.")
    return redirect(url_for("cohorts.show", cohort_id=cohort_id))
