"""The mails of a cohort, for its leads: what was sent, what waits, and why."""

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from tracker.services import mails
from tracker.web.people import me

bp = Blueprint("mails", __name__)

HIGHEST_ID = 2**31 - 1


@bp.get("/cohorts/<cohort_id>/mails")
@login_required
def index(cohort_id: str) -> str:
    """A cohort's mails, newest first; `before` goes on from one of them."""
    queue = mails.list_mails(cohort_id, lead_id=me().id, now=g.now, before=request.args.get("before", type=_row_id))
    return render_template("mails/index.html", queue=queue)


def _row_id(text: str) -> int:
    """A number that a row may have. Raises: ValueError."""
    number = int(text)
    if not 0 < number <= HIGHEST_ID:
        raise ValueError(text)
    return number
