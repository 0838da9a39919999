"""Cohorts: my list, the lead's matrix, and what a lead may do."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import cohorts
from tracker.services.cohorts import Review
from tracker.web.inputs import CohortInput, EmptyInput
from tracker.web.people import me

bp = Blueprint("cohorts", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/cohorts")
@login_required
def index() -> Page:
    """The cohorts that I lead or am in."""
    return render_template("cohorts/index.html", memberships=cohorts.list_memberships(me().id), form=CohortInput())


@bp.post("/cohorts")
@login_required
def add() -> Page:
    """Make a cohort and lead it."""
    sent = CohortInput()
    if not sent.validate_on_submit():
        page = render_template("cohorts/index.html", memberships=cohorts.list_memberships(me().id), form=sent)
        return page, 400
    cohort = cohorts.create_cohort(sent.name.data, lead_id=me().id, now=g.now)
    return redirect(url_for(".show", cohort_id=cohort.public_id))


@bp.get("/cohorts/<cohort_id>")
@login_required
def show(cohort_id: str) -> Page:
    """The matrix, for its lead; for a member, what the lead sees of them."""
    seen = cohorts.open_cohort(cohort_id, user_id=me().id, now=g.now)
    if isinstance(seen, Review):
        return render_template("cohorts/show.html", review=seen)
    return render_template("cohorts/member.html", mirror=seen)


@bp.get("/cohorts/<cohort_id>/results.csv")
@login_required
def export(cohort_id: str) -> Page:
    """The matrix as CSV."""
    table = cohorts.export_csv(cohort_id, lead_id=me().id, now=g.now)
    name = f"cohort-{g.now:%Y-%m-%d}.csv"
    return Response(
        "\ufeff" + table, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.post("/cohorts/<cohort_id>/invitations")
@login_required
def invite(cohort_id: str) -> Page:
    """Make an invitation link; it is shown once."""
    _check_form()
    token = cohorts.invite(cohort_id, lead_id=me().id, now=g.now)
    flash(url_for("invitations.show", token=token, _external=True), "invitation")
    return redirect(url_for(".show", cohort_id=cohort_id))


@bp.post("/cohorts/<cohort_id>/invitations/<invitation_id>/revoke")
@login_required
def revoke(cohort_id: str, invitation_id: str) -> Page:
    """Stop an invitation from working."""
    _check_form()
    cohorts.revoke_invitation(cohort_id, invitation_id=invitation_id, lead_id=me().id, now=g.now)
    flash("The link does not work any more.")
    return redirect(url_for(".show", cohort_id=cohort_id))


@bp.post("/cohorts/<cohort_id>/leave")
@login_required
def leave(cohort_id: str) -> Page:
    """Leave a cohort."""
    _check_form()
    cohorts.leave(cohort_id, user_id=me().id)
    flash("You have left the cohort. Its lead sees nothing of yours any more.")
    return redirect(url_for(".index"))


@bp.post("/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>/remove")
@login_required
def remove(cohort_id: str, member_id: int) -> Page:
    """Take a member out."""
    _check_form()
    cohorts.remove_member(cohort_id, member_id=member_id, lead_id=me().id)
    flash("The member was taken out of the cohort.")
    return redirect(url_for(".show", cohort_id=cohort_id))


def _check_form() -> None:
    sent = EmptyInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
