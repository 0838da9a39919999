"""What a cohort covers, for its leads."""

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from tracker.services.coverage import review_coverage
from tracker.services.matrix import MOST_SORTED
from tracker.web.cohort_inputs import USUAL_HOLDERS, CoverageInput
from tracker.web.people import me

bp = Blueprint("coverage", __name__)


@bp.get("/cohorts/<cohort_id>/coverage")
@login_required
def show(cohort_id: str) -> str | tuple[str, int]:
    """How many hold what is wanted, and the steps that would bring enough of them there."""
    sent = CoverageInput(request.args)
    is_sound = sent.validate()
    holders = int(sent.holders.data) if is_sound else USUAL_HOLDERS
    found = review_coverage(cohort_id, lead_id=me().id, holders=holders, now=g.now)
    page = render_template("cohorts/coverage.html", coverage=found, form=sent, most_sorted=MOST_SORTED)
    return page if is_sound else (page, 400)
