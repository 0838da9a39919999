"""Who looked at my results as a member of a cohort."""

from flask import Blueprint, render_template, request
from flask_login import login_required

from tracker.services import looks
from tracker.web.people import me

bp = Blueprint("looks", __name__)


@bp.get("/cohorts/<cohort_id>/looks")
@login_required
def index(cohort_id: str) -> str:
    """The log, newest first."""
    page = request.args.get("page", 1, type=int)
    return render_template("cohorts/looks.html", log=looks.open_log(cohort_id, user_id=me().id, page=page))
