"""The front page: what this is when signed out, one's own radar when signed in."""

from flask import Blueprint, g, render_template
from flask_login import current_user

from tracker.services import agreements, assigned, attempts, bank, practice, proofs, radar, specimen
from tracker.web.people import me

bp = Blueprint("home", __name__)

RECENT = 5


@bp.get("/")
def show() -> str:
    """Home or, for a visitor, the front page."""
    if not current_user.is_authenticated:
        return _front()
    taken = attempts.list_attempts(me().id, now=g.now)
    return render_template(
        "home/show.html",
        view=radar.get_radar(me().id, now=g.now),
        open_attempts=[attempt for attempt in taken if not attempt.is_finished],
        recent=[attempt for attempt in taken if attempt.is_finished][:RECENT],
        asking=agreements.list_asking(me().id),
        assigned_to_me=assigned.list_assigned(me().id, taken=taken, now=g.now),
        due_today=practice.count_due(me().id, now=g.now, zone=me().zone),
        assessments=bank.list_assessments(),
    )


def _front() -> str:
    shown = specimen.get_specimen()
    return render_template(
        "home/front.html",
        specimen=shown,
        proof=proofs.find_proof(shown.item.version),
        assessments=bank.list_assessments(),
    )
