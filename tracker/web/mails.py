"""The mails of a cohort, for its leads: what was sent, what waits, and why."""

from flask import Blueprint, g, render_template, request, url_for
from flask_login import login_required
from markupsafe import Markup

from tracker.services import mails
from tracker.web.people import me
from tracker.web.row_ids import row_id

bp = Blueprint("mails", __name__)


@bp.get("/cohorts/<cohort_id>/mails")
@login_required
def index(cohort_id: str) -> str:
    """A cohort's mails, newest first; `before` goes on from one of them."""
    queue = mails.list_mails(cohort_id, lead_id=me().id, now=g.now, before=request.args.get("before", type=row_id))
    return render_template("mails/index.html", queue=queue)


def told_of(count: int, noun: str, *, cohort_id: str) -> str:
    """That so many mails were queued: on the way or, where none leaves this machine, to be passed on."""
    queued = f"1 {noun} is" if count == 1 else f"{count} {noun}s are"
    if mails.leaves_machine():
        return f"{queued} on the way."
    them = "it" if count == 1 else "them"
    page = url_for("mails.index", cohort_id=cohort_id)
    return Markup('{} written, not sent: no mail leaves this machine. <a href="{}">Pass {} on from Mails</a>.').format(
        queued, page, them
    )
