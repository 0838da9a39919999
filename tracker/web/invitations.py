"""Joining a cohort by an invitation link."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import cohorts
from tracker.web.inputs import JoinInput
from tracker.web.people import me

bp = Blueprint("invitations", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/invitations/<token>")
def show(token: str) -> Page:
    """Which cohort invites, and what its lead will see; open to visitors, who sign up or in first."""
    cohort = cohorts.get_invited_cohort(token, now=g.now)
    return render_template("invitations/show.html", cohort=cohort, token=token, form=JoinInput())


@bp.post("/invitations/<token>/join")
@login_required
def join(token: str) -> Page:
    """Join the cohort."""
    sent = JoinInput()
    if not sent.validate_on_submit():
        cohort = cohorts.get_invited_cohort(token, now=g.now)
        return render_template("invitations/show.html", cohort=cohort, token=token, form=sent), 400
    cohort = cohorts.join(token, user_id=me().id, now=g.now)
    flash(f"You are in {cohort.name}.")
    return redirect(url_for("cohorts.show", cohort_id=cohort.public_id))
