"""Joining a cohort by an invitation link."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from tracker.assessment.sees import Sees
from tracker.services import cohorts
from tracker.web.cohort_inputs import JoinInput
from tracker.web.people import me

bp = Blueprint("invitations", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/invitations/<token>")
def show(token: str) -> Page:
    """Which cohort invites, and what its leads will see; open to visitors, who sign up or in first."""
    return _page(token, JoinInput(formdata=None))


@bp.post("/invitations/<token>/join")
@login_required
def join(token: str) -> Page:
    """Join the cohort, or ask to."""
    sent = JoinInput()
    if not sent.validate_on_submit():
        return _page(token, sent), 400
    joined = cohorts.join(token, user_id=me().id, agreed_to=Sees(sent.sees.data), now=g.now)
    if joined.is_member:
        flash(f"You are in {joined.cohort.name}.")
        return redirect(url_for("cohorts.show", cohort_id=joined.cohort.public_id))
    flash(f"You have asked to join {joined.cohort.name}. Its leads see your name and address until they decide.")
    return redirect(url_for("cohorts.index"))


def _page(token: str, form: JoinInput) -> str:
    user_id = me().id if current_user.is_authenticated else None
    invited = cohorts.open_invitation(token, user_id=user_id, now=g.now)
    form.sees.data = invited.cohort.sees
    return render_template("invitations/show.html", invited=invited, cohort=invited.cohort, token=token, form=form)
