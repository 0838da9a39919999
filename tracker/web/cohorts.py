"""Cohorts: my list, and one as I see it."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import cohorts, join_requests
from tracker.services.matrix import MOST_SORTED, make_matrix
from tracker.services.members import Mirror
from tracker.services.sessions import Renewal
from tracker.web.entry import stay
from tracker.web.forms import check_form
from tracker.web.inputs import CohortInput
from tracker.web.matrix_address import address_of, matrix_form, wanted_of
from tracker.web.people import me, my_token

bp = Blueprint("cohorts", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/cohorts")
@login_required
def index() -> Page:
    """The cohorts that I lead, am in, or asked to join."""
    return _index(CohortInput(formdata=None))


@bp.post("/cohorts")
@login_required
def add() -> Page:
    """Make a cohort and lead it."""
    sent = CohortInput()
    if not sent.validate_on_submit():
        return _index(sent), 400
    renewal = Renewal(my_token())
    cohort = cohorts.create_cohort(sent.name.data, lead_id=me().id, now=g.now, renewal=renewal)
    stay(renewal)
    return redirect(url_for(".show", cohort_id=cohort.public_id))


@bp.get("/cohorts/<cohort_id>")
@login_required
def show(cohort_id: str) -> Page:
    """The matrix, for its leads; for a member, what the leads see of them."""
    seen = cohorts.open_cohort(cohort_id, user_id=me().id, now=g.now)
    if isinstance(seen, Mirror):
        return render_template("cohorts/member.html", mirror=seen)
    form = matrix_form()
    matrix = make_matrix(seen, wanted_of(form), g.now)
    return render_template(
        "cohorts/show.html", matrix=matrix, wanted=address_of(form), form=form, most_sorted=MOST_SORTED
    )


@bp.post("/cohorts/<cohort_id>/leave")
@login_required
def leave(cohort_id: str) -> Page:
    """Leave a cohort."""
    check_form()
    renewal = Renewal(my_token())
    cohorts.leave(cohort_id, user_id=me().id, now=g.now, renewal=renewal)
    stay(renewal)
    flash("You have left the cohort. Its leads see nothing of yours any more.")
    return redirect(url_for(".index"))


@bp.post("/cohorts/<cohort_id>/request/take-back")
@login_required
def take_back(cohort_id: str) -> Page:
    """Wait no more to be let in."""
    check_form()
    join_requests.take_back(cohort_id, user_id=me().id)
    flash("You do not wait any more, and the leads no longer see that you asked.")
    return redirect(url_for(".index"))


def _index(form: CohortInput) -> str:
    return render_template(
        "cohorts/index.html",
        memberships=cohorts.list_memberships(me().id),
        requests=join_requests.list_own(me().id),
        form=form,
    )
