"""Notes about a member: leads keep them, the person they are about downloads them."""

from flask import Blueprint, flash, g, redirect, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import notes
from tracker.web.cohort_inputs import NoteInput
from tracker.web.forms import check_form
from tracker.web.members import member_page
from tracker.web.people import me

bp = Blueprint("notes", __name__)

Page = str | tuple[str, int] | Response

ABOUT = "/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>/notes"


@bp.post(ABOUT)
@login_required
def add(cohort_id: str, member_id: int) -> Page:
    """Keep a note about a member."""
    sent = NoteInput()
    if not sent.validate_on_submit():
        return member_page(cohort_id, member_id, note=sent), 400
    notes.add_note(cohort_id, member_id=member_id, lead_id=me().id, text=sent.text.data, now=g.now)
    flash("The note is kept.")
    return _back(cohort_id, member_id)


@bp.post(f"{ABOUT}/<note_id>/remove")
@login_required
def remove(cohort_id: str, member_id: int, note_id: str) -> Page:
    """Delete my own note about a member."""
    check_form()
    notes.remove_note(cohort_id, note_id, member_id=member_id, lead_id=me().id)
    flash("The note is deleted.")
    return _back(cohort_id, member_id)


@bp.get("/account/notes.txt")
@login_required
def download() -> Page:
    """All notes about me, as text."""
    name = f"notes-{g.now:%Y-%m-%d}.txt"
    return Response(
        notes.write_out(me().id, now=g.now),
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _back(cohort_id: str, member_id: int) -> Response:
    return redirect(url_for("members.show", cohort_id=cohort_id, member_id=member_id, _anchor="notes-heading"))
