"""A cohort's exports, for its leads: ask for one, find it in the list, download it, delete it."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import exports
from tracker.services.exports import State
from tracker.web.cohort_inputs import EXPORT_FORMATS, ExportInput
from tracker.web.forms import check_form
from tracker.web.limits import EXPORT, limiter, whoever_asks
from tracker.web.people import me

bp = Blueprint("exports", __name__, url_prefix="/cohorts/<cohort_id>/exports")

Page = str | Response


@bp.get("")
@login_required
def index(cohort_id: str) -> Page:
    """What was asked for, and the form for more."""
    shelf = exports.open_exports(cohort_id, lead_id=me().id)
    return render_template("exports/index.html", shelf=shelf, formats=EXPORT_FORMATS)


@bp.post("")
@login_required
@limiter.limit(EXPORT, key_func=whoever_asks)
def ask(cohort_id: str) -> Page:
    """Ask for a file; its download starts when it is small, otherwise it is made beside the web server."""
    sent = ExportInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    asked = exports.ask_for(cohort_id, sent.format.data, lead_id=me().id, now=g.now)
    if asked.state is State.READY:
        return redirect(url_for(".download", cohort_id=cohort_id, export_id=asked.export.public_id))
    if asked.state is State.WAITING:
        flash("Your export is in the list. It is made in the background; look again in a minute.")
    return redirect(url_for(".index", cohort_id=cohort_id))


@bp.get("/<export_id>")
@login_required
def download(cohort_id: str, export_id: str) -> Page:
    """An export's file."""
    file = exports.open_file(cohort_id, export_id, lead_id=me().id, now=g.now)
    return Response(
        file.content,
        mimetype=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@bp.post("/<export_id>/delete")
@login_required
def delete(cohort_id: str, export_id: str) -> Page:
    """Take an export away."""
    check_form()
    exports.delete(cohort_id, export_id, lead_id=me().id, now=g.now)
    flash("The export was deleted.")
    return redirect(url_for(".index", cohort_id=cohort_id))
